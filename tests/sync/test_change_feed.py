"""The change feed over several runs: what is back, what is everywhere the same, what is new, from when one looks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nights import Nights, nights
from remembered import RememberedWorld

from conftest import own_database
from iracing_sync.queries.changes import ChangeFilter, read_changes

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
SEASONS = "series/seasons"


class Edited:
    """A world whose seasons are changed at will."""

    def __init__(self) -> None:
        self.world = RememberedWorld()
        self.edit: Any = lambda seasons: seasons

    def answer(self, endpoint: str, params: Any, _at: datetime) -> Any:
        answer = self.world.answer(endpoint, params, AT)
        return self.edit(answer) if endpoint == SEASONS and not params else answer


@pytest.fixture
def world() -> Edited:
    return Edited()


@pytest.fixture
def runs(world, server_url: str, migrated: str, tmp_path) -> Iterator[Nights]:
    with own_database(server_url, migrated) as url, nights(world, url, tmp_path) as opened:
        yield opened


def told(runs: Nights, **wanted: Any) -> list[tuple[str, str, str]]:
    with runs.engine.begin() as connection:
        found = read_changes(connection, ChangeFilter(**wanted))
    return [(one["sentence"], one["phase"], one["severity"]) for one in found]


def with_laps(number: int, laps: int) -> Any:
    """Return an edit of one round of a season that runs for the quarter."""

    def edit(seasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
        rounds = next(one["schedules"] for one in seasons if len(one["schedules"]) == 12)
        rounds[number] |= {"race_lap_limit": laps, "race_time_limit": None}
        return seasons

    return edit


def test_what_is_as_it_was_within_the_grace_period_is_back(runs, world) -> None:
    world.edit = with_laps(10, 20)
    runs.run(AT)
    for hours, laps in ((1, 25), (2, 20), (1000, 25)):
        world.edit = with_laps(10, laps)
        runs.run(AT + timedelta(hours=hours), refresh=True)

    assert [sentence for sentence, *_ in told(runs)] == [
        "Week 11: 25 laps instead of 20 laps",
        "Week 11: 20 laps instead of 25 laps: back as it was before 2025-05-14",
        "Week 11: 25 laps instead of 20 laps",
    ]


def test_the_same_change_in_most_rounds_is_drift_and_a_warning_and_the_others_stay(runs, world) -> None:
    runs.run(AT)

    def everywhere(seasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for season in seasons:
            for one in season["schedules"]:
                one["restart_type"] = "Triple-file"
                one["weather"] = {**one["weather"], "allow_fog": True}
        return with_laps(10, 99)(seasons)

    world.edit = everywhere
    result = runs.run(AT + timedelta(hours=1), refresh=True)

    assert result.exit_code == 0
    [restart, fog] = sorted(result.warnings)
    assert "$[].schedules[].restart_type: 'Triple-file' instead of 'Double-file Back' in" in restart
    assert "no change of a schedule" in fog
    assert runs.rows("SELECT path FROM schema_drift WHERE kind = 'everywhere' ORDER BY 1") == [
        ("$[].schedules[].restart_type",),
        ("$[].schedules[].weather.allow_fog",),
    ]
    fields = [field for (field,) in runs.rows("SELECT field FROM schedule_change ORDER BY 1")]
    assert fields == ["race_laps"]
    assert sum(result.changes.values()) == 1
    assert runs.run(AT + timedelta(hours=2), refresh=True).warnings == []


def test_a_first_run_tells_of_no_season_and_a_later_one_of_each_that_comes(runs, world) -> None:
    world.edit = lambda seasons: seasons[:-1]
    runs.run(AT)
    assert told(runs) == []

    world.edit = lambda seasons: seasons
    runs.run(AT + timedelta(hours=1), refresh=True)

    [(sentence, phase, severity)] = told(runs)
    [(series, year, quarter)] = runs.rows(
        "SELECT r.name, season_year, season_quarter FROM schedule_change c JOIN season USING (season_id) "
        "JOIN series r ON r.series_id = c.series_id WHERE c.field = 'season' AND c.new = '\"added\"'"
    )
    assert sentence.startswith(f"{year} Season {quarter} of {series} is out: ")
    assert (phase, severity) == ("current", "medium")
    assert len(sentence) <= 120


def test_it_is_judged_at_the_moment_of_reading_which_rounds_are_over(runs, world) -> None:
    runs.run(AT)
    world.edit = with_laps(10, 99)
    runs.run(AT + timedelta(hours=1), refresh=True)
    [(starts_at, ends_at)] = runs.rows(
        "SELECT starts_at, ends_at FROM event JOIN schedule_change USING (season_id, race_week_num)"
    )

    for at, phase in ((AT + timedelta(hours=2), "future"), (starts_at, "current"), (ends_at, "past")):
        assert [stands for _, stands, _ in told(runs, at=at)] == [phase]
        assert told(runs, at=at, phases=(phase,)) != []
    assert told(runs, at=AT) == []
