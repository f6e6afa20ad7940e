"""How often a round has changed, counted in its own row: what a calendar calls its sequence."""

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, update

from iracing_sync.tables.events import Event


def note_changed_rounds(connection: Connection, which: ColumnElement[bool], run_id: UUID | None) -> None:
    """Count one more change of rounds of which something was written; those that came in this transaction are new."""
    known = Event.first_seen_at < func.now()
    counted = {"times_changed": Event.times_changed + 1, "last_changed_at": func.now(), "last_changed_run_id": run_id}
    connection.execute(update(Event).where(which, known).values(counted))
