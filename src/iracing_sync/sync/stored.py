"""What the database holds of seasons and catalogues, as a run needs it before it writes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, exists, func, select, tuple_

from iracing_sync.tables.cars import CarClass, CarClassMember, SimCar
from iracing_sync.tables.events import CarRestriction, Event, EventCar, EventClass, EventSession, EventTime
from iracing_sync.tables.own import DOCUMENT_SHAPE, SYNC_RUN
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series
from iracing_sync.tables.tracks import SimLayout

SEASON_TABLES: tuple[Table, ...] = tuple(
    record.__table__  # type: ignore[misc] # a declarative class has a Table
    for record in (Season, Event, EventTime, EventSession, EventClass, EventCar, CarRestriction)
)
"""What belongs to a season, itself included."""

KEYS: Mapping[str, Any] = {
    "sim_layout": SimLayout.track_id,
    "sim_car": SimCar.car_id,
    "car_class": CarClass.car_class_id,
}
"""The key of each table that a catalogue explains."""


class StoredSeason(NamedTuple):
    """By what a stored season is recognised, how it stood, and how many rounds of it are there."""

    series_id: int
    starts_at: datetime | None
    ends_at: datetime | None
    status: str | None
    missing_since: datetime | None
    is_stub: bool
    schedule_hash: str | None
    settings_hash: str | None
    schedule_hash_version: int | None
    shape_id: str | None
    rounds: int


def stored_seasons(connection: Connection, season_ids: Collection[int]) -> dict[int, StoredSeason]:
    """Return those seasons that are stored."""
    rounds = select(func.count()).where(Event.season_id == Season.season_id, Event.removed_at.is_(None))
    columns = [getattr(Season, name) for name in StoredSeason._fields if name != "rounds"]
    wanted = select(Season.season_id, *columns, rounds.scalar_subquery()).where(Season.season_id.in_(season_ids))
    rows = connection.execute(wanted)
    return {season_id: StoredSeason(*row) for season_id, *row in rows}


def rows_by_season(connection: Connection, season_ids: Sequence[int]) -> dict[int, dict[str, list[Row]]]:
    """Return the rows of some seasons by table."""
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: {table.name: [] for table in SEASON_TABLES})
    for table in SEASON_TABLES if season_ids else ():
        rows = connection.execute(select(table).where(table.c.season_id == func.any(list(season_ids))))
        for row in rows.mappings():
            found[row["season_id"]][table.name].append(dict(row))
    return found


def row_counts_of_seasons(connection: Connection, season_ids: Sequence[int]) -> dict[str, int]:
    """Count the rows of some seasons by table, rounds that were removed aside."""
    counts = {}
    for table in SEASON_TABLES:
        query = select(func.count()).select_from(table).where(table.c.season_id == func.any(list(season_ids)))
        if "removed_at" in table.c:
            query = query.where(table.c.removed_at.is_(None))
        counts[table.name] = connection.execute(query).scalar_one()
    return counts


def stored_series(connection: Connection) -> dict[int, Row]:
    """Return all series."""
    rows = connection.execute(select(Series.__table__)).mappings()
    return {row["series_id"]: dict(row) for row in rows}


def stored_shapes(connection: Connection, shape_ids: Collection[str]) -> dict[str, Mapping[str, bool]]:
    """Return the paths of some document shapes."""
    columns = select(DOCUMENT_SHAPE.c.shape_id, DOCUMENT_SHAPE.c.paths).where(DOCUMENT_SHAPE.c.shape_id.in_(shape_ids))
    return {row.shape_id: row.paths for row in connection.execute(columns)}


def stored_ids(connection: Connection, table: str) -> set[int]:
    """Return the ids of layouts, cars or classes, stubs among them."""
    return set(connection.scalars(select(KEYS[table])))


def has_loaded_lists(connection: Connection) -> bool:
    """Tell whether a run has loaded all that was active."""
    return bool(connection.scalar(select(exists().where(SYNC_RUN.c.listings.is_not(None)))))


def classes_in_use(connection: Connection, at: datetime) -> set[int]:
    """Return the classes of rounds that are not over."""
    rounds = select(Event.season_id, Event.race_week_num).where(Event.ends_at > at, Event.removed_at.is_(None))
    key = tuple_(EventClass.season_id, EventClass.race_week_num)
    return set(connection.scalars(select(EventClass.car_class_id).where(key.in_(rounds)).distinct()))


def class_members(connection: Connection) -> dict[int, list[int]]:
    """Return the car ids of each class."""
    members: dict[int, list[int]] = defaultdict(list)
    columns = select(CarClassMember.car_class_id, CarClassMember.car_id).order_by(CarClassMember.car_id)
    for car_class_id, car_id in connection.execute(columns):
        members[car_class_id].append(car_id)
    return members


def last_round_start(connection: Connection, season_ids: Collection[int]) -> datetime | None:
    """Return when the last round of some seasons begins."""
    return connection.scalar(select(func.max(Event.starts_at)).where(Event.season_id.in_(season_ids)))


def seasons_with_rounds(connection: Connection, season_ids: Collection[int]) -> set[int]:
    """Return those seasons that are stored with their rounds, and not only as stubs."""
    full = select(Event.season_id).where(Event.season_id.in_(season_ids), ~Event.is_stub).distinct()
    return set(connection.scalars(full))
