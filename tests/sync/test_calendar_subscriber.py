"""A subscriber that reads the calendar after each recorded night."""

from datetime import UTC, datetime
from pathlib import Path

from icalendar import Calendar
from nights import Nights, nights

from conftest import own_database
from iracing_sync.calendar_text import calendar_bytes
from iracing_sync.queries.calendar import CalendarFilter, read_rounds
from iracing_sync.simulator import ReplayWorld

NIGHTS = [datetime(2023, 12, 26, 18, 17, 39, tzinfo=UTC), datetime(2023, 12, 27, 18, 11, 55, tzinfo=UTC)]


def calendar(opened: Nights, at: datetime) -> bytes:
    with opened.engine.begin() as connection:
        return calendar_bytes(read_rounds(connection, CalendarFilter(at)), of_sessions=False)


def sequences(content: bytes) -> dict[str, int]:
    events = Calendar.from_ical(content).walk("VEVENT")
    found = {str(event["UID"]): event["SEQUENCE"] for event in events}
    assert len(found) == len(events)
    return found


def test_a_subscriber_sees_the_rounds_that_changed_and_loses_none(
    server_url: str, migrated: str, recordings: Path, tmp_path: Path
) -> None:
    first, second = NIGHTS
    with own_database(server_url, migrated) as url, nights(ReplayWorld(recordings), url, tmp_path) as opened:
        opened.run(first, refresh=True)
        before = calendar(opened, first)
        assert calendar(opened, first) == before
        opened.run(second, refresh=True)
        after = calendar(opened, first)
        changed = {f"{s}-{w}@iracing-sync" for s, w in opened.rows(CHANGED)}

    old, new = sequences(before), sequences(after)
    assert old.keys() <= new.keys()
    assert {uid for uid in old if new[uid] != old[uid]} == changed & old.keys()


CHANGED = "SELECT season_id, race_week_num FROM event WHERE last_changed_at > first_seen_at"
