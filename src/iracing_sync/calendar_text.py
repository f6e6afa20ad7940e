"""A calendar as RFC 5545 writes it: the same rows give the same bytes."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration

from iracing_sync.plain_text import layout_name, one_line, plain_text
from iracing_sync.queries.calendar import CalendarRow

REFRESH = timedelta(hours=12)
"""How often a calendar that subscribes should look again; a run is made once a night."""


def calendar_bytes(
    rows: Iterable[CalendarRow], *, of_sessions: bool, alarm: timedelta | None = None
) -> Iterator[bytes]:
    """Yield a calendar in parts: rounds as events of whole days, sessions at their time."""
    end = b"END:VCALENDAR\r\n"
    yield new_calendar("iRacing sessions" if of_sessions else "iRacing rounds").to_ical().removesuffix(end)
    templates: dict[tuple[int, int], str] = {}
    for row in rows:
        if row.slot is None:
            yield with_alarm(round_event(row), row, alarm).to_ical()
            continue
        key = (row.season_id, row.race_week_num)
        if key not in templates:
            templates[key] = template(with_alarm(session_event(row), row, alarm))
        yield session_text(templates[key], row)
    yield end


def template(event: Event) -> str:
    """Return the text of a session with room for what differs in the others of its round.

    A quarter has 120,000 sessions, and icalendar takes a millisecond to write one.
    """
    text = event.to_ical().decode().replace("%", "%%")
    return re.sub(r"^(UID|DTSTART|DTEND):[^\r]*", r"\1:%(\1)s", text, flags=re.MULTILINE)


def session_text(text: str, row: CalendarRow) -> bytes:
    """Write a session into the template of its round."""
    starts, ends = (f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (row.starts_at, row.ends_at))
    return (text % {"UID": uid(row), "DTSTART": starts, "DTEND": ends}).encode()


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
    event = common_event(row)
    event.add("DTSTART", row.starts_at.astimezone(UTC).date())
    event.add("DTEND", day_after(row.ends_at))
    event.add("TRANSP", "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    return event


def session_event(row: CalendarRow) -> Event:
    """Return a session at its time."""
    event = common_event(row)
    event.add("DTSTART", row.starts_at.astimezone(UTC))
    event.add("DTEND", row.ends_at.astimezone(UTC))
    event.add("TRANSP", "OPAQUE")
    return event


def uid(row: CalendarRow) -> str:
    """Return what an event is known by, whenever it takes place: season and week, of a session also its slot."""
    slot = "" if row.slot is None else f"-{row.slot}"
    return f"{row.season_id}-{row.race_week_num}{slot}@iracing-sync"


def common_event(row: CalendarRow) -> Event:
    """Return what is told of a round and of its sessions."""
    changed_at = row.last_changed_at.astimezone(UTC).replace(microsecond=0)
    track = plain_text(layout_name(row.track_name, row.config_name))
    said = f"{plain_text(one_line(row.series_name))}, week {row.race_week_num + 1}: {track}"
    event = Event()
    event.add("UID", uid(row))
    event.add("DTSTAMP", changed_at)
    event.add("LAST-MODIFIED", changed_at)
    event.add("SEQUENCE", row.times_changed)
    event.add("STATUS", "CANCELLED" if row.is_cancelled else "CONFIRMED")
    event.add("SUMMARY", f"Cancelled: {said}" if row.is_cancelled else said)
    event.add("LOCATION", track)
    event.add("DESCRIPTION", "\n".join(description(row)))
    return event


def description(row: CalendarRow) -> Iterable[str]:
    """Yield what else is known of a round."""
    yield plain_text(one_line(row.season_name))
    if row.race_laps:
        yield f"Race: {row.race_laps} laps"
    if row.race_minutes:
        yield f"Race: {row.race_minutes} minutes"


def day_after(at: datetime) -> date:
    """Return the first day on which an event of whole days is over."""
    return at.astimezone(UTC).date() + timedelta(days=1)


def with_alarm(event: Event, row: CalendarRow, lead: timedelta | None) -> Event:
    """Return an event that reminds so long before, of what is cancelled aside."""
    if lead is not None and not row.is_cancelled:
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", str(event["SUMMARY"]))
        alarm.add("TRIGGER", -lead)
        event.add_component(alarm)
    return event
