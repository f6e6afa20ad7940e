"""The changes on from where a reader stopped: those of runs that are over, in their order, each once.

While a run goes on it may still take a change back. One run at a time writes changes, so none comes before one that
was read.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.tables.own import CHANGE_READER, SCHEDULE_CHANGE, SYNC_RUN

CHANGE, READER = SCHEDULE_CHANGE.c, CHANGE_READER.c


def is_final() -> ColumnElement[bool]:
    """Return what holds of a change that nothing takes back any more: its run is over."""
    return CHANGE.run_id.not_in(select(SYNC_RUN.c.run_id).where(SYNC_RUN.c.status == "running"))


def last_change(connection: Connection, before: datetime | None = None) -> int:
    """Return the number of the last change that is final, or of the last before a moment; 0 where there is none."""
    is_meant = is_final() if before is None else CHANGE.at < before
    return connection.scalar(select(func.max(CHANGE.change_id)).where(is_meant)) or 0


def end_of_unread(connection: Connection, after: int, most: int) -> int | None:
    """Return the last of the next changes after one, `most` of them at once; None where there is none yet."""
    unread = select(CHANGE.change_id).where(CHANGE.change_id > after, is_final())
    some = unread.order_by(CHANGE.change_id).limit(most).subquery()
    end = connection.scalar(select(func.max(some.c.change_id)))
    return None if end is None else int(end)


def hold_place(connection: Connection, name: str, first: int) -> int:
    """Return the last change that a reader of this name has read; one that never read begins after `first`.

    Until the end of the transaction nobody else reads under this name.
    """
    connection.execute(insert(CHANGE_READER).values(name=name, change_id=first).on_conflict_do_nothing())
    return int(connection.execute(select(READER.change_id).where(READER.name == name).with_for_update()).scalar_one())


def move_place(connection: Connection, name: str, change_id: int) -> None:
    """Write down how far a reader has read."""
    moved = {"change_id": change_id, "read_at": func.now()}
    connection.execute(update(CHANGE_READER).where(READER.name == name).values(**moved))
