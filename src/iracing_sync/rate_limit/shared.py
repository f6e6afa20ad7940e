"""The allowance of an account, shared through the database by all processes and machines that use it."""

import logging
import threading
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from iracing_sync.rate_limit.allowance import Allowance
from iracing_sync.rate_limit.pace import Change, Outcome, OwnKeeper
from iracing_sync.tables.own import API_ALLOWANCE

log = logging.getLogger(__name__)

INSTANTS = ("next_at", "blocked_until", "resets_at", "counted_from")
COLUMNS = [API_ALLOWANCE.c[field.name] for field in fields(Allowance)]


class SharedKeeper:
    """Keeps an allowance in its row of the database; in this process alone where the database fails."""

    def __init__(self, engine: Engine, account: str) -> None:
        self._engine = engine
        self._account = account
        self._own = OwnKeeper()
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._is_shared = True

    def change(self, change: Change[Outcome]) -> Outcome:
        """Change it under the lock of its row."""
        with self._lock:
            if self._is_shared:
                try:
                    return self._change(change)
                except SQLAlchemyError as error:
                    self._go_alone(error)
            return self._own.change(change)

    def blocked_until(self) -> float:
        """Return until when the account is refused."""
        return self.change(lambda allowance: (allowance.blocked_until, allowance))

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _change(self, change: Change[Outcome]) -> Outcome:
        self._connection = self._connection or self._engine.connect()
        with self._connection.begin():
            found = self._locked_row(self._connection)
            outcome, changed = change(found)
            if changed is not found:
                self._connection.execute(
                    update(API_ALLOWANCE).where(API_ALLOWANCE.c.account == self._account).values(row_of(changed))
                )
        self._own.allowance = changed
        return outcome

    def _locked_row(self, connection: Connection) -> Allowance:
        row_wanted = select(*COLUMNS).where(API_ALLOWANCE.c.account == self._account).with_for_update()
        row = connection.execute(row_wanted).one_or_none()
        if row is None:
            first = insert(API_ALLOWANCE).values(account=self._account, **row_of(Allowance()))
            connection.execute(first.on_conflict_do_nothing())
            row = connection.execute(row_wanted).one()
        return allowance_of(row._asdict())

    def _go_alone(self, error: SQLAlchemyError) -> None:
        log.info("the pace is that of this process alone: %s", type(error).__name__)
        self._is_shared = False
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection = None


def allowance_of(row: dict[str, Any]) -> Allowance:
    """Return an allowance from its row."""
    return Allowance(**row | {name: row[name].timestamp() for name in INSTANTS})


def row_of(allowance: Allowance) -> dict[str, Any]:
    """Return an allowance as its row holds it."""
    values = asdict(allowance)
    return values | {name: datetime.fromtimestamp(values[name], UTC) for name in INSTANTS}
