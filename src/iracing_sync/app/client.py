"""The way to iRacing."""

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Engine

from iracing_sync.app.access import credentials_of, open_access
from iracing_sync.fetch.http.client import ApiClient, http_client
from iracing_sync.fetch.http.transfer import Bounds
from iracing_sync.ledger.call import Ledger
from iracing_sync.rate_limit.shared import SharedKeeper
from iracing_sync.settings import Settings


@contextmanager
def open_client(
    settings: Settings, engine: Engine, ledger: Ledger, max_calls: int | None = None, longest_wait: float = math.inf
) -> Iterator[ApiClient]:
    """Give the way to iRacing, at the pace of the account."""
    with http_client() as http:
        access = open_access(settings, credentials_of(settings), http, engine)
        with closing(SharedKeeper(engine, access.owner)) as keeper:
            yield ApiClient(
                settings.api_url,
                access,
                requests_per_second=settings.api_rps,
                reserve=settings.api_reserve_pct / 100,
                bounds=Bounds(settings.max_document_mb * 1024 * 1024, settings.timeout),
                keeper=keeper,
                ledger=ledger,
                http=http,
                max_calls=max_calls,
                dated_by=settings.clock,
                longest_wait=longest_wait,
            )
