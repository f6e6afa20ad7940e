"""What a calendar says, and that others read it as it was meant."""

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
        *(datetime(2025, 5, 13, tzinfo=UTC), datetime(2025, 5, 19, 23, 45, tzinfo=UTC), False, False, 3, CHANGED),
    )
    return row._replace(**said)


def written(*rows: CalendarRow, **options: Any) -> bytes:
    return calendar_bytes(rows, **{"of_sessions": False, **options})


def lines(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").splitlines()


def test_a_round_is_days_on_which_nobody_is_busy() -> None:
    said = lines(written(a_row()))

    assert {"DTSTART;VALUE=DATE:20250513", "DTEND;VALUE=DATE:20250520", "TRANSP:TRANSPARENT"} <= set(said)
    assert {"X-MICROSOFT-CDO-BUSYSTATUS:FREE", "SEQUENCE:3", "UID:7-2@iracing-sync", "STATUS:CONFIRMED"} <= set(said)
    assert {"DTSTAMP:20250501T053001Z", "LAST-MODIFIED:20250501T053001Z"} <= set(said)


def test_a_session_is_an_opaque_event_in_utc_known_by_its_slot() -> None:
    said = lines(written(a_row(ends_at=datetime(2025, 5, 13, 1, tzinfo=UTC)), of_sessions=True))

    assert {"DTSTART:20250513T000000Z", "DTEND:20250513T010000Z", "TRANSP:OPAQUE"} <= set(said)
    assert "UID:7-2-race-20250513T000000Z@iracing-sync" in said


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
    assert str(event["SUMMARY"]) == f"{plain_text(series)}, week 3: {plain_text(one_line(track))}"
    assert vobject.readOne(content.decode()).vevent.location.value == plain_text(one_line(track))


@pytest.mark.parametrize("of_sessions", [False, True])
def test_three_parsers_read_the_same(of_sessions) -> None:
    rows = [a_row(race_week_num=number, series_name="Señor's; cup, \\ 東京 " * 5) for number in range(3)]
    content = written(*rows, of_sessions=of_sessions, alarm=timedelta(minutes=15)).decode()

    theirs = [
        (event.uid, event.summary, event.dtstart, event.dtend, event.sequence)
        for event in IcsCalendarStream.calendar_from_ics(content).events
    ]
    others = [
        (event.uid.value, event.summary.value, event.dtstart.value, event.dtend.value, int(event.sequence.value))
        for event in vobject.readOne(content).vevent_list
    ]
    ours = [
        (str(event["UID"]), str(event["SUMMARY"]), event.start, event.end, event["SEQUENCE"])
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]
    assert ours == theirs == others
    assert len({uid for uid, *_ in ours}) == 3
    assert of_sessions or ours[0][3] == date(2025, 5, 20)
