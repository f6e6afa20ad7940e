"""Waiting for what PostgreSQL tells (NOTIFY), on a session of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine

from iracing_sync.errors import DatabaseError

Wait = Callable[[], None]


@contextmanager
def listening(engine: Engine, channel: str, seconds: float) -> Iterator[Wait]:
    """Give what waits until something is told on a channel, or for so many seconds.

    Raises DatabaseError where the session is lost.
    """
    lent = engine.raw_connection()
    own: Any = lent.driver_connection
    lent.detach()

    def wait() -> None:
        for _ in own.notifies(timeout=seconds, stop_after=1):
            pass

    try:
        own.autocommit = True
        own.execute(f"LISTEN {channel}")
        yield wait
    except psycopg.OperationalError as error:
        said = str(error).strip().partition("\n")[0]
        raise DatabaseError(f"the session that listens is lost: {said}") from error
    finally:
        own.close()
