"""All tables that mirror iRacing's, parents first, and what they are to each other."""

from functools import cache

from sqlalchemy import Table

from iracing_sync.result import MIRRORED_TABLES
from iracing_sync.tables.base import Base, Record
from iracing_sync.tables.cars import CarClass, CarClassMember, SimCar
from iracing_sync.tables.events import CarRestriction, Event, EventCar, EventClass, EventSession, EventTime
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series
from iracing_sync.tables.tracks import SimLayout, SimTrack

RECORDS: tuple[type[Record], ...] = (
    *(Series, Season, Event, EventTime, EventSession, EventClass, EventCar, CarRestriction),
    *(SimTrack, SimLayout, SimCar, CarClass, CarClassMember),
)


METADATA = Base.metadata
"""Of all tables, the tool's own among them."""


@cache
def mirrored_tables() -> list[Table]:
    """Return the tables of records, parents first."""
    return [table for table in Base.metadata.sorted_tables if table.name in MIRRORED_TABLES]


@cache
def owner_of(table: Table) -> Table | None:
    """Return the table whose rows own sets of this one's."""
    name = record_of(table).__set_of__
    return Base.metadata.tables[name] if name else None


@cache
def record_of(table: Table) -> type[Record]:
    """Return the class of a table's records."""
    [record] = [record for record in RECORDS if record.__table__ is table]
    return record
