"""Seasons into the tables, with what changed in them; one that PostgreSQL refuses is found and left out alone."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.changes.canonical import VERSION
from iracing_sync.changes.differences import Change, season_changes
from iracing_sync.changes.phases import PAST, WITHDRAWN, phase
from iracing_sync.changes.shapes import Shape
from iracing_sync.errors import LoadError
from iracing_sync.loader.changed_rounds import note_changed_rounds
from iracing_sync.loader.halves import write_in_halves
from iracing_sync.loader.load import load
from iracing_sync.loader.rows import rows_by_table
from iracing_sync.loader.upsert import update_volatile
from iracing_sync.result import Written
from iracing_sync.sync.change_log import write_changes
from iracing_sync.sync.kept_rows import StoredRows, Unread, with_what_stays
from iracing_sync.sync.run import Run
from iracing_sync.sync.stored import StoredSeason, rows_by_season
from iracing_sync.tables.base import Record
from iracing_sync.tables.events import Event
from iracing_sync.tables.own import DOCUMENT_SHAPE
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season

SEASON_TABLE: Table = Season.__table__  # type: ignore[assignment] # a declarative class has a Table


@dataclass(frozen=True)
class Comparison:
    """What the seasons of a document are compared with; `released` is by the shape in which they are stored.

    That a season is new is told once the active ones were all loaded before. `kept` are the tables of which the
    document holds so little that what is stored stays.
    """

    fetched_at: datetime
    shape: Shape
    stored: Mapping[int, StoredSeason]
    members: Mapping[int, Sequence[int]]
    released: Mapping[str, Collection[str]]
    tells_new_seasons: bool
    kept: frozenset[str]


class MappedSeason(NamedTuple):
    """A season on its way to the tables; `stored` is None for one that is new, `unread` what in it cannot be read.

    One that `is_known` says what it said before: what is written of it makes good what the tables have lost.

    `volatile` are the columns that are brought up to date though their change is none of the row.
    """

    season_id: int
    records: list[Record]
    volatile: Row
    stored: StoredSeason | None
    unread: Sequence[Unread] = ()
    is_known: bool = False


def write_seasons(run: Run, seasons: Sequence[MappedSeason], comparison: Comparison) -> list[Written | LoadError]:
    """Load seasons in one transaction; where one cannot be loaded, halve them until it stands alone."""

    def write(some: Sequence[MappedSeason]) -> Written:
        with run.begin() as connection:
            return write_together(connection, run, some, comparison)

    return write_in_halves(seasons, write, lambda season: f"season {season.season_id}")


def write_together(
    connection: Connection, run: Run, seasons: Sequence[MappedSeason], comparison: Comparison
) -> Written:
    """Load seasons and write down, in the same transaction, how they differ from what was stored."""
    result, at = run.result, run.clock()
    known = [season for season in seasons if season.stored]
    old = rows_by_season(connection, [season.season_id for season in known])
    kept = [with_stored(season, old, comparison, at) for season in seasons]
    shape = insert(DOCUMENT_SHAPE).values(shape_id=comparison.shape.shape_id, paths=dict(comparison.shape.paths))
    connection.execute(shape.on_conflict_do_nothing())
    written = load(connection, chain.from_iterable(season.records for season in kept), result.run_id)
    back = [season.season_id for season in known if season.stored and season.stored.status == WITHDRAWN]
    if back:  # what of them was written is counted
        back_again = Event.season_id.in_(back) & Event.event_id.not_in(written.event_ids) & (Event.ends_at > at)
        note_changed_rounds(connection, back_again, result.run_id)
    update_volatile(connection, SEASON_TABLE, [season.volatile for season in known])
    changes = [change for season in kept for change in changes_of(season, old, comparison, at)]
    write_changes(connection, result, changes, at, run.options.grace)
    return written


def with_stored(
    season: MappedSeason, old: Mapping[int, StoredRows], comparison: Comparison, at: datetime
) -> MappedSeason:
    """Return a season with what stays of its stored rows."""
    if season.stored is None:
        return season
    stays = with_what_stays(season.records, old[season.season_id], comparison.kept, season.unread, at)
    return season._replace(records=stays)


def changes_of(
    mapped: MappedSeason, old: Mapping[int, StoredRows], comparison: Comparison, at: datetime
) -> Iterator[Change]:
    """Yield how a season differs from what was stored; another canonical form only sets a new baseline."""
    stored, new = mapped.stored, rows_by_table(mapped.records)
    [season] = new["season"]
    stands = phase(season["starts_at"], season["ends_at"], at)
    if stored is None or stored.is_stub:
        if comparison.tells_new_seasons and stands != PAST and not season["is_stub"]:
            yield first_appearance(season, new["event"], stands)
        return
    if mapped.is_known or stored.schedule_hash_version != VERSION:
        return
    if stored.status == WITHDRAWN and season["active"]:
        yield Change(
            season["series_id"], season["season_id"], (), "status", WITHDRAWN, season["status"], stands, "high"
        )
    released = comparison.released.get(stored.shape_id or "", ())
    yield from season_changes(old[mapped.season_id], new, released, at, comparison.members)


def first_appearance(season: Row, events: Sequence[Row], stands: str) -> Change:
    """Return that a season is there for the first time with its rounds, and what a person would like to know of it."""
    rounds = sorted(events, key=lambda event: event["race_week_num"])
    about = {
        "series_id": season["series_id"],
        "season_year": season["season_year"],
        "season_quarter": season["season_quarter"],
        "starts_at": rounds[0]["starts_at"].isoformat(),
        "last_starts_at": rounds[-1]["starts_at"].isoformat(),
        "track_ids": [event["track_id"] for event in rounds],
    }
    return Change(season["series_id"], season["season_id"], (), "season", None, "added", stands, "medium", about)
