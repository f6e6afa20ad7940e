"""One typed class per table: the record is the table's definition."""

from sqlalchemy.orm import configure_mappers

from iracing_sync.records.base import UNSAID, Base, Record
from iracing_sync.records.cars import CarClass, CarClassMember, SimCar
from iracing_sync.records.events import CarRestriction, Event, EventCar, EventClass, EventTime
from iracing_sync.records.runs import (
    ApiAllowance,
    ApiCallLog,
    DocumentShape,
    LoadedCatalogue,
    LoadedDocuments,
    PastQuarter,
    ScheduleChange,
    SchemaDrift,
    SyncRun,
)
from iracing_sync.records.seasons import Season
from iracing_sync.records.series import Series
from iracing_sync.records.tracks import SimLayout, SimTrack

__all__ = [
    "MIRRORED",
    "UNSAID",
    "ApiAllowance",
    "ApiCallLog",
    "Base",
    "CarClass",
    "CarClassMember",
    "CarRestriction",
    "DocumentShape",
    "Event",
    "EventCar",
    "EventClass",
    "EventTime",
    "LoadedCatalogue",
    "LoadedDocuments",
    "PastQuarter",
    "Record",
    "ScheduleChange",
    "SchemaDrift",
    "Season",
    "Series",
    "SimCar",
    "SimLayout",
    "SimTrack",
    "SyncRun",
]

configure_mappers()  # else the first statement would, and a record could not be read before it

MIRRORED: tuple[type[Record], ...] = (
    Series,
    Season,
    Event,
    EventTime,
    EventClass,
    EventCar,
    CarRestriction,
    SimTrack,
    SimLayout,
    SimCar,
    CarClass,
    CarClassMember,
)
"""What mirrors iRacing's, in the order in which people read of it."""
