"""A calendar as RFC 5545 writes it: the same rows give the same bytes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, vDuration

from iracing_sync.plain_text import layout_name, plain_text
from iracing_sync.queries.calendar import CalendarRow

REFRESH = timedelta(hours=12)
"""How often a calendar that subscribes should look again; a run is made once a night."""


def calendar_bytes(rows: Iterable[CalendarRow], *, of_sessions: bool, alarm: timedelta | None = None) -> bytes:
    """Write rounds as events of whole days, or sessions at their time; what is cancelled is a round in both."""
    calendar = new_calendar("iRacing sessions" if of_sessions else "iRacing rounds")
    for row in rows:
        is_round = row.is_cancelled or not of_sessions
        event = round_event(row) if is_round else session_event(row)
        if alarm is not None and not row.is_cancelled:
            event.add_component(alarm_before(alarm, event))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def new_calendar(name: str) -> Calendar:
    """Return a calendar without events; icalendar's own would have a UID by chance and stamps of now."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//iracing-sync//calendar//EN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    return calendar


def round_event(row: CalendarRow) -> Event:
    """Return a round as the days on which its sessions start; nobody is busy for all of them."""
    event = common_event(row, uid=f"{row.season_id}-{row.race_week_num}@iracing-sync")
    event.add("DTSTART", row.starts_at.astimezone(UTC).date())
    event.add("DTEND", day_after(row.ends_at))
    event.add("TRANSP", "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    return event


def session_event(row: CalendarRow) -> Event:
    """Return a session, which is known by its kind and its start, in whatever order iRacing lists them."""
    starts_at = row.starts_at.astimezone(UTC)
    kind = "super" if row.is_super_session else "race"
    slot = f"{row.season_id}-{row.race_week_num}-{kind}-{starts_at:%Y%m%dT%H%M%SZ}"
    event = common_event(row, uid=f"{slot}@iracing-sync")
    event.add("DTSTART", starts_at)
    event.add("DTEND", row.ends_at.astimezone(UTC))
    event.add("TRANSP", "OPAQUE")
    return event


def common_event(row: CalendarRow, uid: str) -> Event:
    """Return what is told of a round and of its sessions."""
    changed_at = row.last_changed_at.astimezone(UTC).replace(microsecond=0)
    track = plain_text(layout_name(row.track_name, row.config_name))
    event = Event()
    event.add("UID", uid)
    event.add("DTSTAMP", changed_at)
    event.add("LAST-MODIFIED", changed_at)
    event.add("SEQUENCE", row.times_changed)
    event.add("STATUS", "CANCELLED" if row.is_cancelled else "CONFIRMED")
    said = f"{plain_text(row.series_name)}, week {row.race_week_num + 1}: {track}"
    event.add("SUMMARY", f"Cancelled: {said}" if row.is_cancelled else said)
    event.add("LOCATION", track)
    event.add("DESCRIPTION", "\n".join(description(row)))
    return event


def description(row: CalendarRow) -> Iterable[str]:
    """Yield what else is known of a round."""
    yield plain_text(row.season_name)
    if row.race_laps:
        yield f"Race: {row.race_laps} laps"
    if row.race_minutes:
        yield f"Race: {row.race_minutes} minutes"


def day_after(at: datetime) -> date:
    """Return the first day on which an event of whole days is over."""
    return at.astimezone(UTC).date() + timedelta(days=1)


def alarm_before(lead: timedelta, event: Any) -> Alarm:
    """Return an alarm so long before an event."""
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", str(event["SUMMARY"]))
    alarm.add("TRIGGER", -lead)
    return alarm
