"""`export ics`, on the tables of a few rounds."""

import json
import os
import re

import pytest
from builders import a_round, a_season, a_series, mapped
from sqlalchemy import text

from iracing_sync.database import connect
from iracing_sync.loader.load import load

AT = ("--at", "2025-05-14T09:00")
LAST = {"session_times": ["2025-05-27T18:00:00Z"], "repeating": False, "session_minutes": 60}


@pytest.fixture
def tables(database_url):
    engine = connect(database_url, "iracing")
    season = a_season([a_round(), a_round(1, start_date="2025-05-27", race_time_descriptors=[LAST])])
    with engine.begin() as connection:
        load(connection, [a_series(name="GT3 Harbour Cup - Fixed"), *mapped(season)])
    yield engine
    engine.dispose()


def uids(content: str) -> list[str]:
    return re.findall(r"^UID:(.*)@iracing-sync\r?$", content, re.MULTILINE)


def test_rounds_and_sessions_are_written_with_uids_of_their_own(tables, command) -> None:
    rounds, sessions = command("export", "ics", *AT), command("export", "ics", "--sessions", *AT)

    assert uids(rounds.stdout) == ["7-0", "7-1"], rounds.stderr
    assert uids(sessions.stdout) == [
        "7-0-0-0-0",
        "7-1-0-0-0",
    ]


EVENING = {"repeating": True, "session_minutes": 30, "start_date": "2025-05-13", "repeat_minutes": 60}


def test_a_session_that_moves_keeps_its_uid(tables, command) -> None:
    shown = []
    for first, days in (("21:00:00", [3, 1]), ("21:30:00", [1, 4])):
        times = {**EVENING, "first_session_time": first, "day_offset": days}
        with tables.begin() as connection:
            load(connection, mapped(a_season([a_round(race_time_descriptors=[times])])))
        shown.append(command("export", "ics", "--sessions", *AT).stdout)

    before, after = ([uid for uid in uids(one) if uid.startswith("7-0")] for one in shown)
    assert before == after == [f"7-0-0-{day}-{number}" for day in (0, 1) for number in range(3)]
    assert "DTSTART:20250517T233000Z" in shown[1]
    assert "SEQUENCE:2" in shown[1]


@pytest.mark.parametrize("name", ["gt3 fixed", "3", "HARBOUR"])
def test_a_series_is_meant_by_part_of_its_name_or_its_id(tables, command, name) -> None:
    assert command("export", "ics", "--series", name, *AT).stdout.count("BEGIN:VEVENT") == 2


def test_a_name_that_is_none_is_told_the_nearest(tables, command) -> None:
    ended = command("export", "ics", "--series", "harbor cup", "--json", "--out", "a.ics")

    assert ended.returncode == 2
    assert "GT3 Harbour Cup - Fixed (3)" in json.loads(ended.stdout)["message"]


def test_a_file_is_not_touched_where_nothing_changed(tables, command, tmp_path) -> None:
    command("export", "ics", "--out", "rounds.ics", *AT)
    before = (tmp_path / "rounds.ics").stat()
    again = command("export", "ics", "--out", "rounds.ics", *AT)

    after = (tmp_path / "rounds.ics").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert again.stdout == "rounds.ics: 2 events, as before\n"
    assert [path.name for path in tmp_path.glob("*.ics*")] == ["rounds.ics"]


def test_a_file_has_the_mode_that_the_umask_of_the_user_gives(tables, command, tmp_path) -> None:
    before = os.umask(0o027)
    try:
        command("export", "ics", "--out", "rounds.ics", *AT)
    finally:
        os.umask(before)

    assert (tmp_path / "rounds.ics").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("at", "events"), [("2025-05-27T12:00", 2), ("2025-06-05", 0)])
def test_a_removed_round_stays_cancelled_until_its_window_is_over(tables, command, at, events) -> None:
    with tables.begin() as connection:
        load(connection, mapped(a_season([a_round()], start_date="2025-03-11T00:00:00Z")))
        connection.execute(text("UPDATE season SET ends_at = '2025-05-30Z'"))

    shown = command("export", "ics", "--at", at).stdout
    assert shown.count("BEGIN:VEVENT") == events
    assert shown.count("STATUS:CANCELLED") == min(events, 1)


def test_an_alarm_that_is_none_is_refused(command) -> None:
    assert command("export", "ics", "--alarm", "soon").returncode == 2
