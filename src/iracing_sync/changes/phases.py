"""Where a round or a season stands at an instant."""

from datetime import datetime
from typing import Literal

Phase = Literal["past", "current", "future"]

PAST: Phase = "past"
CURRENT: Phase = "current"
FUTURE: Phase = "future"

Status = Literal["upcoming", "running", "ended", "withdrawn"]

UPCOMING: Status = "upcoming"
RUNNING: Status = "running"
ENDED: Status = "ended"
WITHDRAWN: Status = "withdrawn"


def phase(starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> Phase:
    """Say where a round or season stands to someone who reads of a change."""
    if ends_at is not None and ends_at <= at:
        return PAST
    return FUTURE if starts_at is not None and starts_at > at else CURRENT


def season_status(
    starts_at: datetime | None, ends_at: datetime | None, at: datetime, *, stays_withdrawn: bool = False
) -> Status | None:
    """Say where a season stands; None where its dates are unknown.

    A withdrawn one stays so until it is active again, whatever the calendar says.
    """
    if stays_withdrawn:
        return WITHDRAWN
    if starts_at is None or ends_at is None:
        return None
    if at < starts_at:
        return UPCOMING
    return RUNNING if at < ends_at else ENDED
