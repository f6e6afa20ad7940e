"""Changes of the schedule as a signal, read on from a place that is kept in the database: nothing is lost meanwhile."""

from django.dispatch import Signal
from sqlalchemy import Connection

from iracing_sync.contrib.django.connection import open_alias
from iracing_sync.contrib.django.models import ScheduleChange
from iracing_sync.contrib.django.options import database
from iracing_sync.follow import Follower

schedule_changed = Signal()
"""Sent for each change of the schedule, once and in order, when its run is over: `change` is a ScheduleChange.

What a receiver raises ends the sending; the same change comes again next time.
"""

READER = "django"


def send_changes(reader: str = READER, *, once: bool = False) -> None:
    """Send `schedule_changed` for what the reader of this name has not seen, then go on as changes come, or end.

    A new reader begins with what comes from then on. Two at once under one name take turns. Raises DatabaseError where
    the database goes.
    """

    def send(_connection: Connection, after: int, up_to: int) -> None:
        unseen = ScheduleChange.objects.using(database()).filter(change_id__gt=after, change_id__lte=up_to)
        for change in unseen.order_by("change_id"):
            schedule_changed.send(sender=ScheduleChange, change=change)

    with open_alias(database()) as engine:
        Follower(engine, send, name=reader).follow(wakings=1 if once else None)
