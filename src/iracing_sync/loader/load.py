"""Records into tables: what is new is copied straight in, all else compared on the way."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from iracing_sync.loader.changed_rounds import note_changed_rounds
from iracing_sync.loader.copy_rows import copy_rows, load_error
from iracing_sync.loader.new_or_known import RowsByTable, new_and_known
from iracing_sync.loader.rows import rows_by_table
from iracing_sync.loader.staging import alike_rows, stage
from iracing_sync.loader.upsert import removal, upsert_statement
from iracing_sync.result import Counts, Written
from iracing_sync.tables.base import Record
from iracing_sync.tables.events import Event
from iracing_sync.tables.mirrored import mirrored_tables, owner_of
from iracing_sync.tables.rows import Row


def load(connection: Connection, records: Iterable[Record], run_id: UUID | None = None) -> Written:
    """Write records, parents first, and take away what is no longer in their sets.

    What is new meets nothing in the tables: it is copied straight in. All else takes the way through temporary tables.
    Raises LoadError where PostgreSQL refuses a row; the transaction is then the caller's to roll back.
    """
    written = Written()
    try:
        new, known = new_and_known(connection, rows_by_table(records))
        for table in mirrored_tables():
            if table.name in new:
                copy_new(connection, table, new[table.name], run_id, written)
            if table.name in known or is_owned_set(table, known):
                upsert(connection, table, known.get(table.name, []), run_id, written)
        for table in mirrored_tables():
            if is_owned_set(table, known):
                remove_absent(connection, table, run_id, written)
        if written.event_ids:
            note_changed_rounds(connection, Event.event_id.in_(written.event_ids), run_id)
    except DBAPIError as error:
        raise load_error(error.orig) from error
    return written


def is_owned_set(table: Table, by_table: RowsByTable) -> bool:
    """Tell whether a table holds sets of which an owner came in full."""
    owner = owner_of(table)
    return owner is not None and any(not row.get("is_stub") for row in by_table.get(owner.name, ()))


def copy_new(connection: Connection, table: Table, rows: Sequence[Row], run_id: UUID | None, written: Written) -> None:
    """Insert rows whose keys cannot be there, and count them."""
    run = {"last_changed_run_id": str(run_id) if run_id else None}
    for (_, is_stub), alike in alike_rows(rows).items():
        copy_rows(connection, table, table.name, alike, run)
        written.counts[table.name].inserted += len(alike)
        written.rows[table.name] += 0 if is_stub else len(alike)
    if "season_id" in table.c:
        written.season_ids.update(row["season_id"] for row in rows)


def upsert(connection: Connection, table: Table, rows: Sequence[Row], run_id: UUID | None, written: Written) -> None:
    """Insert what is new, update what differs, and count both."""
    for batch in stage(connection, table, rows):
        statement = upsert_statement(table, batch.names, is_stub=batch.is_stub)
        inserted, done, season_ids, event_ids = connection.execute(
            statement, {"batch": batch.number, "run_id": run_id}
        ).one()
        own = 0 if batch.is_stub else batch.size  # a stub that gives way is no row of the document's
        written.counts[table.name].add(Counts(inserted, done - inserted, max(0, own - done)))
        written.rows[table.name] += own
        written.season_ids.update(season_ids or ())
        written.event_ids.update(event_ids or ())


def remove_absent(connection: Connection, table: Table, run_id: UUID | None, written: Written) -> None:
    """Take away the rows of a set whose owner came in full, but they did not.

    A round is marked as removed; what belongs to a round or a class is deleted.
    """
    owner = owner_of(table)
    if owner is None:
        return
    run = {"run_id": run_id} if "removed_at" in table.c else {}
    gone = connection.execute(removal(table, owner), run).all()
    if gone:
        written.counts[table.name].removed += len(gone)
        written.season_ids.update(season_id for season_id, _ in gone if season_id is not None)
        written.event_ids.update(event_id for _, event_id in gone if event_id is not None)
