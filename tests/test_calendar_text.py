"""What a calendar says, and that others read it as it was meant."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from iracing_sync.calendar_text import calendar_bytes
from iracing_sync.plain_text import one_line, plain_text
from iracing_sync.queries.calendar import CalendarRow

CHANGED = datetime(2025, 5, 1, 5, 30, 1, 999, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=120)


def a_row(**said: Any) -> CalendarRow:
    row = CalendarRow(
        *(7, 2, "Harbour Cup", "Harbour Cup - 2025 Season 2", "Harbour Ring", "Short", 30, None, "oval"),
        *(datetime(2025, 5, 13, tzinfo=UTC), datetime(2025, 5, 19, 23, 45, tzinfo=UTC), False, 3, CHANGED),
    )
    return row._replace(**said)


def written(*rows: CalendarRow, **options: Any) -> bytes:
    return b"".join(calendar_bytes(rows, **{"of_sessions": False, **options}))


def lines(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").splitlines()


def test_a_round_is_days_on_which_nobody_is_busy() -> None:
    said = lines(written(a_row()))

    assert {"DTSTART;VALUE=DATE:20250513", "DTEND;VALUE=DATE:20250520", "TRANSP:TRANSPARENT"} <= set(said)
    assert {"X-MICROSOFT-CDO-BUSYSTATUS:FREE", "SEQUENCE:3", "UID:7-2@iracing-sync", "STATUS:CONFIRMED"} <= set(said)
    assert {"DTSTAMP:20250501T053001Z", "LAST-MODIFIED:20250501T053001Z"} <= set(said)


def test_a_session_is_an_opaque_event_in_utc_known_by_its_slot() -> None:
    said = lines(written(a_row(slot="0-1-4", ends_at=datetime(2025, 5, 13, 1, tzinfo=UTC)), of_sessions=True))

    assert {"DTSTART:20250513T000000Z", "DTEND:20250513T010000Z", "TRANSP:OPAQUE"} <= set(said)
    assert "UID:7-2-0-1-4@iracing-sync" in said


@pytest.mark.parametrize("of_sessions", [False, True])
def test_what_is_cancelled_says_so_and_reminds_of_nothing(of_sessions) -> None:
    said = lines(written(a_row(is_cancelled=True), of_sessions=of_sessions, alarm=timedelta(minutes=15)))

    assert {"STATUS:CANCELLED", "SUMMARY:Cancelled: Harbour Cup\\, week 3: Harbour Ring - Short"} <= set(said)
    assert "BEGIN:VALARM" not in said


def test_the_calendar_says_when_to_look_again_and_invents_nothing() -> None:
    said = lines(written())

    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"} <= set(said)
    assert not any(line.startswith(("UID", "DTSTAMP", "LAST-MODIFIED")) for line in said)


def test_an_alarm_comes_as_long_before_as_was_asked_for() -> None:
    assert "TRIGGER:-PT15M" in lines(written(a_row(), alarm=timedelta(minutes=15)))


@given(TEXTS, TEXTS)
def test_whatever_the_names_are_lines_are_short_and_names_come_back(series, track) -> None:
    content = written(a_row(series_name=series, track_name=track, config_name=None))

    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["LOCATION"]) == plain_text(one_line(track))
    assert str(event["SUMMARY"]) == f"{plain_text(one_line(series))}, week 3: {plain_text(one_line(track))}"
    assert vobject.readOne(content.decode()).vevent.location.value == plain_text(one_line(track))


Said = dict[str, Any]
TEXT_FIELDS = ("uid", "summary", "description", "location", "status", "transp")
TIME_FIELDS = ("dtstart", "dtend", "dtstamp", "last_modified")


def read_by_icalendar(content: str) -> Iterator[Said]:
    for event in Calendar.from_ical(content).walk("VEVENT"):
        texts = {name: str(event[name]) for name in TEXT_FIELDS}
        times = {name: event[name.replace("_", "-")].dt for name in TIME_FIELDS}
        alarms = [(str(one["action"]), str(one["description"]), one["trigger"].dt) for one in event.walk("VALARM")]
        yield texts | times | {"sequence": event["sequence"], "alarms": alarms}


def read_by_vobject(content: str) -> Iterator[Said]:
    for event in vobject.readOne(content).vevent_list:
        said = {name: getattr(event, name).value for name in (*TEXT_FIELDS, *TIME_FIELDS)}
        alarms = [
            (one.action.value, one.description.value, one.trigger.value) for one in event.contents.get("valarm", ())
        ]
        yield said | {"sequence": int(event.sequence.value), "alarms": alarms}


def read_by_ical(content: str) -> Iterator[Said]:
    for event in IcsCalendarStream.calendar_from_ics(content).events:
        said = {name: getattr(event, name) for name in ("uid", "summary", "description", "location", *TIME_FIELDS)}
        status = event.status.value if event.status else None
        alarms = [(str(one.action), one.description, one.trigger) for one in event.alarm]
        own = {"status": status, "transp": event.transparency, "sequence": event.sequence}
        yield said | own | {"alarms": alarms}


def read_by_ical_js(content: str) -> Iterator[Said]:
    """Read with ical.js, where node knows it: NODE_PATH, or a folder above that has it."""
    asked = [shutil.which("node") or "node", "-e", ICAL_JS]
    ran = subprocess.run(asked, input=content, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.skip(f"ical.js cannot be loaded: {ran.stderr.strip()[-200:]}")
    for event in json.loads(ran.stdout):
        times = {name: instant_or_day(event[name]) for name in TIME_FIELDS}
        alarms = [(action, said, timedelta(seconds=seconds)) for action, said, seconds in event["alarms"]]
        yield event | times | {"alarms": alarms}


def instant_or_day(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


ICAL_JS = """
const loaded = require("ical.js"), ICAL = loaded.default || loaded
const calendar = new ICAL.Component(ICAL.parse(require("fs").readFileSync(0, "utf8")))
const alarm = (one) => ["action", "description", "trigger"].map((name) => one.getFirstPropertyValue(name))
console.log(JSON.stringify(calendar.getAllSubcomponents("vevent").map((event) => {
  const value = (name) => event.getFirstPropertyValue(name)
  const said = Object.fromEntries(["uid", "summary", "description", "location", "status", "transp", "sequence"]
    .map((name) => [name, value(name)]))
  for (const name of ["dtstart", "dtend", "dtstamp", "last-modified"])
    said[name.replace("-", "_")] = String(value(name))
  said.alarms = event.getAllSubcomponents("valarm").map(alarm).map(([a, d, t]) => [a, d, t.toSeconds()])
  return said
})))
"""

READERS = (read_by_vobject, read_by_ical, read_by_ical_js)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@pytest.mark.parametrize("of_sessions", [False, True])
def test_another_parser_reads_the_same_in_every_field(of_sessions, read) -> None:
    names = {"series_name": "Señor's; cup, \\ 100 % 東京 " * 5}
    slot = "0-0-1" if of_sessions else None
    rows = [a_row(race_week_num=number, slot=slot, **names) for number in range(3)]
    rows.append(a_row(is_cancelled=True, race_week_num=4, race_laps=None, race_minutes=45))
    content = written(*rows, of_sessions=of_sessions, alarm=timedelta(minutes=15)).decode()

    ours, theirs = list(read_by_icalendar(content)), list(read(content))
    assert ours == theirs
    assert len({one["uid"] for one in ours}) == 4
    assert [len(one["alarms"]) for one in ours] == [1, 1, 1, 0]
    assert ours[0]["summary"].startswith(names["series_name"].strip())


@pytest.mark.parametrize("of_sessions", [False, True])
def test_every_stamp_is_in_utc_or_a_day(of_sessions) -> None:
    content = written(a_row(slot="0-0-1" if of_sessions else None), of_sessions=of_sessions)

    stamps = [line for line in lines(content) if line.startswith(("DT", "LAST-MODIFIED"))]
    assert len(stamps) == 4
    assert all(re.fullmatch(r"[A-Z-]+(:\d{8}T\d{6}Z|;VALUE=DATE:\d{8})", line) for line in stamps)
