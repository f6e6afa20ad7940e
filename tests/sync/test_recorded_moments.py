"""The recordings in order: what iRacing's noise makes of the schedules (nothing), and what really changed."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nights import Nights, nights
from recorded_moments import recorded_moments, seasons_at

from conftest import REPOSITORY, own_database
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.result import Result
from iracing_sync.simulator import ReplayWorld

pytestmark = pytest.mark.xdist_group("recorded-moments")

WEEK_13 = datetime(2025, 9, 9, 12, tzinfo=UTC)
SCHEDULE = ("series", "season", "event", "event_time", "event_class", "event_car", "car_restriction")


class Step(NamedTuple):
    moment: datetime
    result: Result
    objects_differing: int
    changes: list[dict[str, Any]]

    def written(self) -> int:
        return sum(self.result.tables[table].written for table in SCHEDULE)


class Replayed(NamedTuple):
    steps: list[Step]
    nights: Nights
    later: list[Step]

    def week_13(self) -> Step:
        """Return the step two years later, made once."""
        if not self.later:
            result = self.nights.run(WEEK_13, refresh=True)
            self.later.append(Step(WEEK_13, result, 0, changes_of(self.nights, result)))
        return self.later[0]

    def at(self, day: str) -> Step:
        [step] = [step for step in self.steps if step.moment.isoformat().startswith(day)]
        return step


def changes_of(opened: Nights, result: Result) -> list[dict[str, Any]]:
    with opened.engine.begin() as connection:
        return read_changes(connection, ChangeFilter(run_id=result.run_id))


def steps_of(opened: Nights, recordings: Path) -> Iterator[Step]:
    before: dict[int, Any] = {}
    for moment in recorded_moments(recordings):
        seasons = seasons_at(recordings, moment)
        result = opened.run(moment, refresh=True)
        differing = sum(seasons[one] != before[one] for one in seasons.keys() & before.keys())
        yield Step(moment, result, differing, changes_of(opened, result))
        before = seasons


@pytest.fixture(scope="module")
def replayed(server_url, recordings, tmp_path_factory) -> Iterator[Replayed]:
    with (
        own_database(server_url) as url,
        nights(ReplayWorld(recordings), url, tmp_path_factory.mktemp("replay")) as opened,
    ):
        yield Replayed(list(steps_of(opened, recordings)), opened, [])


def test_the_table_of_the_thirteen_moments(replayed, capsys) -> None:
    with capsys.disabled():
        print("\nmoment             seen  differing  changed  rows written  past/current/future")
        for step in replayed.steps:
            result, phases = step.result, "/".join(map(str, step.result.changes.values()))
            print(
                f"{step.moment:%Y-%m-%d %H:%M}  {result.seasons_seen:>5}  {step.objects_differing:>9}  "
                f"{result.seasons_changed:>7}  {step.written():>12}  {phases:>19}"
            )

    assert len(replayed.steps) == 13
    assert {(step.result.exit_code, tuple(step.result.warnings)) for step in replayed.steps} == {(0, ())}


def test_from_christmas_to_the_second_of_january_nothing_changes_and_nothing_is_written(replayed) -> None:
    quiet = [step for step in replayed.steps if step.moment > datetime(2023, 12, 25, 18, tzinfo=UTC)]

    assert len(quiet) == 8
    assert all(79 <= step.objects_differing <= 120 for step in quiet)
    assert [(step.written(), step.changes, step.result.seasons_changed) for step in quiet] == [(0, [], 0)] * 8


def test_the_current_week_follows_the_calendar_without_a_change(replayed) -> None:
    changed_since = "SELECT count(*) FROM season WHERE last_changed_at > first_seen_at AND season_id = 4666"

    assert replayed.nights.rows("SELECT race_week FROM season WHERE season_id = 4666") == [(3,)]
    assert replayed.nights.rows(changed_since) == [(0,)]


def test_every_change_of_november_is_listed_once(replayed) -> None:
    step = replayed.at("2023-12-02T12:57")
    found = Counter((change["season_id"], change["field"]) for change in step.changes)
    weeks = {
        season_id: {number for c in step.changes if c["season_id"] == season_id for number in c["rounds"]}
        for season_id, _ in found
    }

    assert step.result.changes == {"past": 26, "current": 1, "future": 0}
    assert weeks == {
        4454: {11},  # the race is one lap shorter
        4458: {0, 1, 2, 3},  # weekend rounds get the start on which they were really held
        4459: {2, 3, 4},
        **{
            season_id: {10} for season_id in (4487, 4505, 4506, 4507, 4508)
        },  # a super session took the place of the weekday ones
        4465: {10},  # eight days of sessions become seven
    }
    assert found[4454, "race_laps"] == found[4465, "times"] == 1
    assert found[4458, "starts_at"] == found[4459, "starts_at"] == 1
    assert set(found.values()) == {1}
    assert {change["phase"] for change in step.changes if change["season_id"] != 4454} == {"past"}


def test_a_change_reads_as_a_sentence(replayed) -> None:
    sentences = {c["sentence"] for c in replayed.at("2023-12-02T12:57").changes if c["season_id"] == 4454}

    assert sentences == {"Week 12: 3 laps instead of 4 laps"}


def test_no_sentence_is_long(replayed) -> None:
    assert max(len(c["sentence"]) for step in replayed.steps for c in step.changes) <= 120


def test_a_release_of_the_api_is_drift_and_no_change(replayed) -> None:
    step = replayed.at("2023-12-25T17:53")
    appeared = replayed.nights.rows("SELECT path FROM schema_drift WHERE kind = 'appeared' ORDER BY 1")

    assert ("$[].car_switching",) in appeared
    assert ("$[].schedules[].race_week_cars",) in appeared
    assert sentences_of(4552, step) == [
        "Weeks 7–13: humidity 45 % instead of 55 %",
        "Week 8: 196 laps instead of 167 laps",
    ]
    assert sentences_of(4551, step)[0] == "Week 8: 196 laps instead of 167 laps"
    assert {one["field"] for one in step.changes if one["season_id"] == 4551} == {"race_laps", "setups"}
    new = {one["season_id"] for one in step.changes if one["field"] == "season"}
    assert {one["season_id"] for one in step.changes} == new | {4551, 4552}
    assert len(new) == 118
    assert replayed.nights.rows("SELECT settings->'car_switching' FROM season WHERE season_id = 4552") == [(False,)]


def sentences_of(season_id: int, step: Step) -> list[str]:
    return [one["sentence"] for one in step.changes if one["season_id"] == season_id]


def test_a_week_13_two_years_later_retires_nothing(replayed) -> None:
    before = replayed.nights.rows("SELECT count(*) FROM season WHERE season_id < 5000")

    result = replayed.week_13().result

    [warning] = result.warnings
    assert warning.startswith("shrink guard: series/seasons lists 35, the last good one listed 121")
    changed = "SELECT DISTINCT field FROM schedule_change WHERE run_id = :run_id"
    assert replayed.nights.rows(changed, run_id=result.run_id) == [("season",)]  # those of the two years between
    assert replayed.nights.rows("SELECT count(*) FROM season WHERE season_id < 5000") == before
    assert replayed.nights.rows("SELECT DISTINCT status, active FROM season WHERE season_id < 5000") == [
        ("ended", False)
    ]
    assert replayed.nights.rows("SELECT count(*) FROM series WHERE retired_at IS NOT NULL OR NOT active") == [(0,)]


def test_a_strict_run_refuses_the_shrunken_list_and_writes_nothing(replayed) -> None:
    replayed.nights.rows("UPDATE sync_run SET listings = NULL WHERE started_at > '2025-01-01' RETURNING 1")
    before = replayed.nights.rows("SELECT count(*), max(last_changed_at) FROM season")

    result = replayed.nights.run(WEEK_13, refresh=True, strict=True)

    assert result.exit_code == 8
    assert "nothing was written (--strict)" in result.warnings[0]
    assert replayed.nights.rows("SELECT count(*), max(last_changed_at) FROM season") == before


PAGE = REPOSITORY / "docs/recorded-changes.md"

INTRODUCTION = """# What changed in fourteen recorded documents

Each `series/seasons` that was recorded, run at its own moment (`run --at`) after the one before it: every change that
is reported, as `changes --all` shows it. `IRACING_WRITE_DOCS=1 pytest tests/sync/test_recorded_moments.py` writes this
page anew where the recordings are at hand.
"""


def page_of(steps: list[Step]) -> Iterator[str]:
    """Yield the page, seasons that are new folded."""
    yield INTRODUCTION
    for step in steps:
        yield f"## {step.moment:%Y-%m-%d %H:%M}\n"
        new = [one for one in step.changes if one["field"] == "season"]
        others = [one for one in step.changes if one not in new]
        yield from (f"- {one['season_name'].strip()}: {one['sentence']} ({one['phase']})" for one in others)
        if new:
            yield f"\n<details><summary>{len(new)} new seasons</summary>\n"
            yield from (f"- {one['sentence']}" for one in new)
            yield "\n</details>"
        yield "" if step.changes else "Nothing.\n"


def test_the_page_of_recorded_changes_is_what_the_recordings_give(replayed) -> None:
    written = "\n".join(page_of([*replayed.steps, replayed.week_13()]))
    if os.environ.get("IRACING_WRITE_DOCS"):
        PAGE.write_text(written)

    assert PAGE.read_text() == written
