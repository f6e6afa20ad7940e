"""A subscriber that reads the calendar after each of the thirteen recorded nights."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nights import Nights, nights
from recorded_moments import recorded_moments, seasons_at

from conftest import own_database
from iracing_sync.calendar_text import calendar_bytes
from iracing_sync.queries.calendar import CalendarFilter, CalendarRow, read_rounds, read_sessions
from iracing_sync.simulator import ReplayWorld

pytestmark = pytest.mark.xdist_group("calendar-subscriber")

Events = dict[str, str]

ROUNDS = """
SELECT e.season_id || '-' || e.race_week_num || '@iracing-sync',
       jsonb_build_array(to_jsonb(e) - '{times_changed,last_changed_at,last_changed_run_id,event_id}'::text[],
                         s.status = 'withdrawn' AND e.ends_at > :at, """
PARTS = ("event_time", "event_session", "event_class", "event_car", "car_restriction")
OWN = "'{first_seen_at,last_changed_at,last_changed_run_id}'::text[]"
PART = (
    "(SELECT jsonb_agg(to_jsonb(p) - {own} ORDER BY (to_jsonb(p) - {own})::text) FROM {table} p "
    "WHERE p.season_id = e.season_id AND p.race_week_num = e.race_week_num)"
)
ROUNDS += ", ".join(PART.format(own=OWN, table=table) for table in PARTS)
ROUNDS += ") FROM event e JOIN season s USING (season_id)"
"""Each round with all that belongs to it, but for what counts and dates its changes."""


class Night(NamedTuple):
    moment: datetime
    rounds: dict[str, Any]
    calendar: bytes
    sessions: bytes

    def events(self) -> Events:
        return events_of(self.calendar)


def events_of(content: bytes) -> Events:
    """Return the text of each event by its UID."""
    texts = content.decode().split("BEGIN:VEVENT")[1:]
    found = {value(text, "UID"): text.partition("END:VCALENDAR")[0] for text in texts}
    assert len(found) == len(texts)
    return found


def value(text: str, name: str) -> str:
    [found] = re.findall(rf"^{name}:(.*)\r$", text, re.MULTILINE)
    return str(found)


SEEN_FROM = datetime.fromisoformat("2023-11-21T19:03:40Z")
CHANGED_SERIES = {228, 260, 481, 482}


def night(opened: Nights, moment: datetime) -> Night:
    """Run, and read the calendars as of the first moment, at which no round of theirs was over."""
    opened.run(moment, refresh=True)
    with opened.engine.begin() as connection:
        rounds = read_rounds(connection, CalendarFilter(SEEN_FROM))
        sessions = read_sessions(connection, CalendarFilter(SEEN_FROM, CHANGED_SERIES))
    return Night(
        moment,
        dict(opened.rows(ROUNDS, at=moment)),
        calendar(tuple(rounds), of_sessions=False),
        calendar(tuple(sessions), of_sessions=True),
    )


@cache
def calendar(rows: tuple[CalendarRow, ...], *, of_sessions: bool) -> bytes:
    """Return a calendar, written once for the same rows, which takes a second or two."""
    return b"".join(calendar_bytes(rows, of_sessions=of_sessions))


@pytest.fixture(scope="module")
def played(server_url: str, migrated: str, recordings: Path, tmp_path_factory: Any) -> Iterator[list[Night]]:
    folder = tmp_path_factory.mktemp("calendars")
    with own_database(server_url, migrated) as url, nights(ReplayWorld(recordings), url, folder) as opened:
        yield [night(opened, moment) for moment in recorded_moments(recordings)]


def pairs(played: list[Night]) -> Iterator[tuple[Night, Night]]:
    return pairwise(played)


def differing(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    return {uid for uid in old.keys() & new.keys() if old[uid] != new[uid]}


def test_twenty_four_events_change_in_thirteen_nights(played) -> None:
    counts = [len(differing(before.events(), after.events())) for before, after in pairs(played)]

    assert counts == [0, 14, 0, 10, *[0] * 8]


def test_the_events_that_change_are_the_rounds_that_changed(played) -> None:
    for before, after in pairs(played):
        old, new = before.events(), after.events()
        changed = differing(before.rounds, after.rounds) & old.keys()
        assert differing(old, new) == changed, after.moment
        assert {uid for uid in old if int(value(new[uid], "SEQUENCE")) > int(value(old[uid], "SEQUENCE"))} == changed
        assert {uid for uid in old if value(new[uid], "DTSTAMP") > value(old[uid], "DTSTAMP")} == changed


def test_no_event_is_lost_and_the_new_ones_are_new_rounds(played) -> None:
    for before, after in pairs(played):
        old, new = before.events(), after.events()
        assert old.keys() <= new.keys(), after.moment
        assert new.keys() - old.keys() == after.rounds.keys() - before.rounds.keys()


def test_the_calendar_has_the_same_bytes_where_no_round_changed(played) -> None:
    quiet = [(a, b) for a, b in pairs(played) if a.rounds == b.rounds]

    assert len(quiet) >= 8
    assert all((a.calendar, a.sessions) == (b.calendar, b.sessions) for a, b in quiet)


TOLD = ("race_lap_limit", "race_time_limit", "start_date")


def recorded_rounds(recordings: Path, moment: datetime) -> dict[str, Any]:
    """Return of each recorded round what nobody could call noise: where, when and how long."""
    return {
        f"{season_id}-{one['race_week_num']}@iracing-sync": (one["track"]["track_id"], *(one.get(key) for key in TOLD))
        for season_id, season in seasons_at(recordings, moment).items()
        for one in season["schedules"]
    }


def test_what_the_recorded_documents_say_otherwise_is_told_to_the_subscriber(played, recordings) -> None:
    told = set()
    for before, after in pairs(played):
        said = differing(recorded_rounds(recordings, before.moment), recorded_rounds(recordings, after.moment))
        assert said <= differing(before.events(), after.events()), after.moment
        told |= said

    assert told


def test_sessions_keep_their_uids_and_change_with_their_round(played) -> None:
    changed = set()
    for before, after in pairs(played):
        old, new = events_of(before.sessions), events_of(after.sessions)
        moved = {"-".join(uid.split("-")[:2]) + "@iracing-sync" for uid in differing(old, new)}
        assert moved == differing(before.rounds, after.rounds) & {
            "-".join(uid.split("-")[:2]) + "@iracing-sync" for uid in old.keys() & new.keys()
        }
        changed |= moved

    assert changed
