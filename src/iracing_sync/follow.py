"""Changes as they happen: whoever follows them is woken by PostgreSQL, and reads on from where it stopped.

The message that wakes (`NOTIFY`) only hints: what was missed, because nobody listened or a pooler does not pass it on,
is found by looking again.
"""

from collections.abc import Callable
from itertools import count

from sqlalchemy import Connection, Engine

from iracing_sync.errors import SettingsError
from iracing_sync.listening import listening
from iracing_sync.queries.unread_changes import end_of_unread, hold_place, last_change, move_place
from iracing_sync.tables.own import CHANGES_CHANNEL

LOOK_AGAIN_SECONDS = 60

Handle = Callable[[Connection, int, int], None]
"""Does what is to be done about the changes after one number, up to another."""


class Follower:
    """Hands over changes as they happen, each once and in order, `at_once` of them in a transaction.

    One with a `name` keeps its place in the database and goes on there; what was handed over is read once `handle`
    has returned and its transaction is committed. One that is new begins after the change `after`, else with what
    comes from now on. Raises SettingsError for a name that is blank.
    """

    def __init__(
        self, engine: Engine, handle: Handle, *, name: str | None = None, after: int | None = None, at_once: int = 1
    ) -> None:
        if name is not None and not name.strip():
            raise SettingsError("a reader needs a name that is not blank, for its place to be kept")
        self._engine, self._handle, self._name, self._at_once = engine, handle, name, at_once
        with engine.begin() as connection:
            first = last_change(connection) if after is None else after
            self._place = hold_place(connection, name, first) if name else first

    def follow(self, wakings: int | None = None) -> None:
        """Hand over all that comes, for ever or for so many wakings; raises DatabaseError where the database goes."""
        with listening(self._engine, CHANGES_CHANNEL, LOOK_AGAIN_SECONDS) as wait:
            self.read_on()
            for _ in count() if wakings is None else range(wakings - 1):
                wait()
                self.read_on()

    def read_on(self) -> None:
        """Hand over what has not been read."""
        while self._has_read_some():
            pass

    def _has_read_some(self) -> bool:
        with self._engine.begin() as connection:
            place = hold_place(connection, self._name, self._place) if self._name else self._place
            end = end_of_unread(connection, place, self._at_once)
            if end is None:
                return False
            self._handle(connection, place, end)
            if self._name:
                move_place(connection, self._name, end)
        self._place = end
        return True
