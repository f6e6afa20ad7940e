"""When the sessions of a round start, what they are, and when the last of them is over."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from iracing_sync.changes.older_shape import UNLIMITED_LAPS
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.tables.events import QUALIFY, RACE, EventSession, EventTime

WEEK = timedelta(days=7)

MOST_DAYS = 3660
"""A schedule tells of days up to a year ahead; the function upcoming_sessions reckons with them."""

DAY_MINUTES = 24 * 60

MOST_MINUTES = 366 * DAY_MINUTES
"""A session is shorter than a year, though set times may span a whole event."""


def map_times(round_: JsonObject, season_id: int, number: int) -> Iterator[EventTime]:
    """Yield when the races start, then when qualifying apart from them does (2025-12 on); 2022 tells of neither."""
    found = [
        *((RACE, one) for one in round_.maybe_objects("race_time_descriptors")),
        *((QUALIFY, one) for one in round_.maybe_objects("qual_time_descriptors")),
    ]
    for ordinal, (kind, times) in enumerate(found):
        sessions = times.maybe_instants("session_times")
        yield EventTime(
            season_id=season_id,
            race_week_num=number,
            ordinal=ordinal,
            kind=kind,
            is_repeating=times.flag("repeating"),
            is_super_session=times.maybe_flag("super_session") or False,
            session_minutes=times.maybe_within("session_minutes", 0, MOST_MINUTES),
            starts_on=times.maybe_day("start_date"),
            day_offsets=times.maybe_wholes_below("day_offset", MOST_DAYS),
            first_session_at=times.maybe_clock("first_session_time"),
            repeat_minutes=times.positive("repeat_minutes"),
            end_offset_minutes=times.maybe_within("end_offset_minutes", 0, DAY_MINUTES),
            session_times=sessions if sessions is None else sorted(sessions),
        )


def map_sessions(round_: JsonObject, season_id: int, number: int) -> Iterator[EventSession]:
    """Yield the sessions of a round (2025-12 on)."""
    for ordinal, session in enumerate(round_.maybe_objects("event_sessions")):
        laps = session.positive("laps")
        is_without_laps = session.maybe_flag("unlimited_laps") or laps == UNLIMITED_LAPS
        minutes = session.positive("minutes")
        yield EventSession(
            season_id=season_id,
            race_week_num=number,
            ordinal=ordinal,
            session_type=session.maybe_whole("type"),
            name=session.maybe_text("type_name"),
            laps=None if is_without_laps else laps,
            minutes=None if session.maybe_flag("unlimited_time") else minutes,
            start_offset=session.maybe_whole("start_time_offset"),
        )


def round_ends_at(week_ends_at: datetime | None, starts_at: datetime, times: Sequence[EventTime]) -> datetime:
    """Return when the last session of a round is over, never before iRacing's own end of the week.

    That end (`week_end_time`, 2025 on) is mostly when the last session starts. Where nothing is said of times (2022),
    a round ends after a week.
    """
    ends = [end for one in times if (end := last_session_ends_at(one))]
    if week_ends_at:
        ends.append(week_ends_at)
    return max(starts_at, max(ends, default=starts_at + WEEK))


def last_session_ends_at(times: EventTime) -> datetime | None:
    """Return when the last session of a descriptor is over, None where it tells of none."""
    length = timedelta(minutes=times.session_minutes or 0)
    if not times.is_repeating:
        return max(times.session_times) + length if times.session_times else None
    if times.starts_on is None:
        return None
    midnight = datetime.combine(times.starts_on, time(), UTC) + timedelta(days=max(times.day_offsets or [6]))
    if times.first_session_at is None:
        return midnight + timedelta(days=1)
    return midnight + last_start(times.first_session_at, times.repeat_minutes, times.end_offset_minutes) + length


def last_start(first: time, repeat_minutes: int | None, end_offset_minutes: int | None) -> timedelta:
    """Return when the last session of a day starts, from midnight.

    An end before the first session is one of the next day: else there would be none at all.

    >>> str(last_start(time(0, 15), 30, None)), str(last_start(time(18), 60, 120))
    ('23:45:00', '1 day, 2:00:00')
    """
    begin = timedelta(hours=first.hour, minutes=first.minute, seconds=first.second)
    if repeat_minutes is None:
        return begin
    end = timedelta(minutes=DAY_MINUTES - 1 if end_offset_minutes is None else end_offset_minutes)
    room = end - begin if end >= begin else end + timedelta(days=1) - begin
    return begin + room // timedelta(minutes=repeat_minutes) * timedelta(minutes=repeat_minutes)
