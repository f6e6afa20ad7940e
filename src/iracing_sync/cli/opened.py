"""What the commands open: the database, the cache, the way to iRacing, the log."""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx import Client
    from sqlalchemy import Connection, Engine

    from iracing_sync.api.client import ApiClient
    from iracing_sync.api.ledger import Ledger
    from iracing_sync.api.oauth import Access, Credentials
    from iracing_sync.cache import DocumentSource
    from iracing_sync.ledger import CallLedger
    from iracing_sync.settings import Settings


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger and message."""
        import orjson

        line = {"at": self.formatTime(record), "level": record.levelname, "logger": record.name}
        return orjson.dumps(line | {"message": record.getMessage()}).decode()


def start_log(settings: Settings) -> None:
    """Send the log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for library in ("httpx", "httpcore", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)  # httpx logs presigned links


@contextmanager
def opened_database(settings: Settings) -> Iterator[Engine]:
    """Give an engine for IRACING_DATABASE_URL, or for the embedded PostgreSQL while it is needed."""
    from iracing_sync.database import connect

    if settings.database_url:
        engine = connect(settings.database_url, settings.schema_name)
        yield engine
        engine.dispose()
        return
    from iracing_sync.embedded import embedded_postgres, psql_command

    with embedded_postgres(settings.data_dir) as url:
        logging.getLogger(__name__).info("embedded PostgreSQL, until this command ends: %s", psql_command(url))
        engine = connect(url, settings.schema_name)
        yield engine
        engine.dispose()


@contextmanager
def opened_reading() -> Iterator[Connection]:
    """Give a connection to the migrated tables, for a command that only reads; raises DatabaseError for others."""
    from iracing_sync.database import require
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    with opened_database(settings) as engine, engine.begin() as connection:
        require(connection, settings.schema_name)
        yield connection


def opened_access(settings: Settings, http: Client, engine: Engine | None = None) -> Access:
    """Give the way to iRacing's tokens; `engine` adds a lock that other machines respect."""
    return access_for(credentials_of(settings), settings, http, engine)


def access_for(who: Credentials, settings: Settings, http: Client, engine: Engine | None = None) -> Access:
    """Give the tokens of these credentials."""
    from iracing_sync.api.oauth import Access, owner
    from iracing_sync.api.tokens import TokenStore
    from iracing_sync.database import account_lock

    def guard() -> AbstractContextManager[None]:
        return account_lock(engine, owner(settings.oauth_url, who)) if engine else nullcontext()

    return Access(settings.oauth_url, who, TokenStore(settings.data_dir / "token.json"), http, guard=guard)


def credentials_of(settings: Settings) -> Credentials:
    """Return who logs in: what is set, else what an earlier login left in the system's keyring."""
    from iracing_sync.api.oauth import Credentials
    from iracing_sync.secret_sources import from_keyring, has_keyring

    known = {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret and settings.client_secret.get_secret_value(),
        "username": settings.username,
        "password": settings.password and settings.password.get_secret_value(),
    }
    kept = from_keyring() if not all(known.values()) and has_keyring(settings.data_dir) else {}
    return Credentials(**{name: value or kept.get(name, "") for name, value in known.items()})


@contextmanager
def shared_database(settings: Settings) -> Iterator[Engine | None]:
    """Give an engine for IRACING_DATABASE_URL, null where there is none or it cannot be reached."""
    from iracing_sync.database import connect
    from iracing_sync.errors import DatabaseError

    engine = None
    try:
        engine = connect(settings.database_url, settings.schema_name) if settings.database_url else None
    except DatabaseError as error:
        logging.getLogger(__name__).info("the tokens are locked on this machine only: %s", error)
    try:
        yield engine
    finally:
        if engine:
            engine.dispose()


@contextmanager
def opened_ledger(settings: Settings, engine: Engine, *, dry_run: bool = False) -> Iterator[CallLedger]:
    """Give the ledger of calls, and write it into the database at the end; a dry run's waits on disk."""
    from datetime import timedelta

    from iracing_sync.ledger import CallLedger

    with CallLedger(settings.data_dir / "ledger") as ledger:
        try:
            yield ledger
        finally:
            if not dry_run:
                ledger.deliver(engine, timedelta(days=settings.ledger_days))


@contextmanager
def opened_source(
    settings: Settings,
    engine: Engine,
    ledger: Ledger,
    *,
    refresh: bool = False,
    offline: bool = False,
    max_calls: int | None = None,
) -> Iterator[DocumentSource]:
    """Give the documents: from the cache, else from iRacing, unless `offline`."""
    from iracing_sync.cache import DocumentCache, DocumentSource

    size_limit = settings.cache_max_mb * 1024 * 1024
    with (
        nullcontext() if offline else opened_client(settings, engine, ledger, max_calls) as client,
        closing(DocumentCache(settings.cache_dir, size_limit=size_limit, required=offline)) as cache,
    ):
        yield DocumentSource(
            cache,
            client,
            ttl=settings.cache_ttl,
            refresh=refresh,
            offline=offline,
            ledger=ledger,
        )


@contextmanager
def opened_client(settings: Settings, engine: Engine, ledger: Ledger, max_calls: int | None) -> Iterator[ApiClient]:
    """Give the way to iRacing, at the pace of the account."""
    from iracing_sync.allowances import SharedKeeper
    from iracing_sync.api.client import ApiClient, http_client
    from iracing_sync.api.transfer import Bounds

    with http_client() as http:
        access = opened_access(settings, http, engine)
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
            )
