"""Mapped seasons, compared and loaded many at a time; one that PostgreSQL refuses is found and left out alone."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.changes.canonical import VERSION, Hashes
from iracing_sync.changes.differences import Change, phase, season_changes
from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.errors import LoadError
from iracing_sync.loader import load, rows_by_table, update_quietly
from iracing_sync.records import DocumentShape, Record, Season
from iracing_sync.result import Written
from iracing_sync.stored import Row, StoredSeason, rows_by_season
from iracing_sync.sync.past_cars import with_past_cars
from iracing_sync.sync.run import Run

SEASON_TABLE = Season.__table__


@dataclass
class Listed:
    """The seasons of one document, and what is stored of them. `released` is by the shape they are stored in."""

    document: Document
    shape: Shape
    stored: Mapping[int, StoredSeason]
    members: Mapping[int, Sequence[int]]
    released: Mapping[str, Collection[str]]
    unchanged: list[Row] = field(default_factory=list)


class Mapped(NamedTuple):
    """A season on its way to the tables: its records, its volatile columns, and by what it is recognised next time."""

    season_id: int
    records: list[Record]
    volatile: Row
    hashes: Hashes
    known: StoredSeason | None


def write_seasons(run: Run, seasons: Sequence[Mapped], listed: Listed) -> None:
    """Load seasons in one transaction; where PostgreSQL refuses one, halve them until it stands alone."""
    if not seasons:
        return
    try:
        with run.begin() as connection:
            written = write(run, connection, seasons, listed)
    except LoadError as error:
        if len(seasons) == 1:
            raise LoadError(f"season {seasons[0].season_id}: {error}") from error
        half = len(seasons) // 2
        for part in (seasons[:half], seasons[half:]):
            with run.skipping():
                write_seasons(run, part, listed)
        return
    run.result.add(written)
    run.result.seasons_changed += len(written.season_ids)


def write(run: Run, connection: Connection, seasons: Sequence[Mapped], listed: Listed) -> Written:
    """Load seasons and write down, in the same transaction, how they differ from what was stored."""
    old = rows_by_season(connection, [season.season_id for season in seasons if season.known])
    now = run.clock()
    kept = [season._replace(records=with_past_cars(season.records, old[season.season_id], now)) for season in seasons]
    written = load(connection, (record for season in kept for record in season.records), run.result.run_id)
    shape = insert(DocumentShape).values(shape_id=listed.shape.shape_id, paths=dict(listed.shape.paths))
    connection.execute(shape.on_conflict_do_nothing())
    update_quietly(connection, SEASON_TABLE, [season.volatile | baseline(season, listed.shape) for season in kept])  # type: ignore[arg-type]
    run.record(connection, [change for season in kept for change in changes(run, season, old, listed)])
    return written


def baseline(season: Mapped, shape: Shape) -> Row:
    """Return by what a season is recognised next time."""
    return {
        "schedule_hash": season.hashes.schedule,
        "settings_hash": season.hashes.settings,
        "schedule_hash_version": VERSION,
        "shape_id": shape.shape_id,
    }


def changes(
    run: Run, mapped: Mapped, old: Mapping[int, Mapping[str, Sequence[Row]]], listed: Listed
) -> Iterator[Change]:
    """Yield how a season differs from what was stored; another canonical form only sets a new baseline."""
    known = mapped.known
    if known is None or known.schedule_hash_version != VERSION:
        return
    new = rows_by_table(mapped.records)
    [season] = new["season"]
    if known.status == "withdrawn" and season["active"]:
        at = phase(season["starts_at"], season["ends_at"], run.clock())
        yield Change(
            season["series_id"], season["season_id"], None, "status", "withdrawn", season["status"], at, "high"
        )
    yield from season_changes(old[mapped.season_id], new, listed.released.get(known.shape_id or "", ()), run.clock())
