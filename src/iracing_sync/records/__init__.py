"""One typed class per table: the record is the table's definition."""

from sqlalchemy.orm import configure_mappers

from iracing_sync.records.base import UNSAID, Base, Record
from iracing_sync.records.cars import CarClass, CarClassMember, SimCar
from iracing_sync.records.events import CarRestriction, Event, EventCar, EventClass, EventTime
from iracing_sync.records.seasons import Season
from iracing_sync.records.series import Series
from iracing_sync.records.tracks import SimLayout, SimTrack

__all__ = [
    "UNSAID",
    "Base",
    "CarClass",
    "CarClassMember",
    "CarRestriction",
    "Event",
    "EventCar",
    "EventClass",
    "EventTime",
    "Record",
    "Season",
    "Series",
    "SimCar",
    "SimLayout",
    "SimTrack",
]

configure_mappers()  # else the first statement would, and a record could not be read before it
