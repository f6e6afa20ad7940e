"""A process that makes calls with several threads, as an account's tools do: `caller.py` and its order as JSON."""

import json
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from clocks import CompressedClock, StandingClock

from iracing_sync.database import connect
from iracing_sync.fetch.http.client import ApiClient, http_client
from iracing_sync.ledger.call import Call
from iracing_sync.login.access import Access, Credentials
from iracing_sync.login.token_file import TokenFile
from iracing_sync.rate_limit.pace import Keeper
from iracing_sync.rate_limit.shared import SharedKeeper

ENDPOINT = "constants/divisions"
THREADS = 4


def make_calls(
    environment: dict[str, str], tokens: Path, calls: int, clock: CompressedClock | StandingClock, keeper: Keeper
) -> None:
    """Make so many calls with four threads."""
    names = ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD")
    credentials = Credentials(*(environment[f"IRACING_{name}"] for name in names))
    with http_client() as http:
        access = Access(environment["IRACING_OAUTH_URL"], credentials, TokenFile(tokens), http, clock=clock.now)
        client = ApiClient(
            environment["IRACING_API_URL"],
            access,
            keeper=keeper,
            ledger=unheard,
            http=http,
            sleep=clock.sleep,
            clock=clock.now,
        )
        in_threads(lambda: [client.fetch(ENDPOINT) for _ in range(calls // THREADS)], clock)


def unheard(_call: Call) -> None:
    """Take down nothing."""


def in_threads(work: Callable[[], Any], clock: CompressedClock | StandingClock) -> None:
    """Do the work in each of four threads; an error of one of them is raised here."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            if isinstance(clock, StandingClock):
                clock.leave()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error


def call_from_order() -> None:
    """Make the calls that the command line orders, within the allowance in the database; print when they begin."""
    order = json.loads(sys.argv[1])
    clock = CompressedClock(*order["clock"])
    engine = connect(order["database_url"], "iracing")
    with closing(SharedKeeper(engine, "the account")) as keeper:
        print(clock.now(), flush=True)
        make_calls(order["environment"], Path(order["tokens"]), order["calls"], clock, keeper)
    engine.dispose()


if __name__ == "__main__":
    call_from_order()
