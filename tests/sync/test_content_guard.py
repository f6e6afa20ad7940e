"""A list that is long enough and hollow: nothing of what it lacks is taken away."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nights import Nights, nights
from remembered import RememberedWorld

from conftest import own_database

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
SEASONS = "series/seasons"
QUIET = {"past": 0, "current": 0, "future": 0}
TABLES = ("event", "event_time", "event_class", "event_car", "car_restriction")
COUNTS = " UNION ALL ".join(f"SELECT '{table}', count(*), min(xmin::text) FROM {table}" for table in TABLES)
ENDS = "SELECT season_id, race_week_num, ends_at, removed_at FROM event ORDER BY 1, 2"

Edit = Callable[[dict[str, Any]], dict[str, Any]]


class Hollow:
    """A world in which every season is told in another way."""

    def __init__(self) -> None:
        self.world = RememberedWorld()
        self.edit: Edit = lambda season: season

    def answer(self, endpoint: str, params: Any, _at: datetime) -> Any:
        answer = self.world.answer(endpoint, params, AT)
        return [self.edit(season) for season in answer] if endpoint == SEASONS and not params else answer


def without(key: str) -> Edit:
    """Return an edit that empties a list of each round."""
    return lambda season: {**season, "schedules": [{**one, key: []} for one in season["schedules"]]}


def half_of_the_rounds(season: dict[str, Any]) -> dict[str, Any]:
    return {**season, "schedules": season["schedules"][: len(season["schedules"]) // 2]}


def without_classes(season: dict[str, Any]) -> dict[str, Any]:
    rounds = [{**one, "race_week_car_class_ids": [], "race_week_cars": []} for one in season["schedules"]]
    return {**season, "car_class_ids": [], "schedules": rounds}


@pytest.fixture
def world() -> Hollow:
    return Hollow()


@pytest.fixture
def runs(world, server_url: str, migrated: str, tmp_path) -> Iterator[Nights]:
    with own_database(server_url, migrated) as url, nights(world, url, tmp_path) as opened:
        opened.run(AT)
        yield opened


@pytest.mark.parametrize(
    ("edit", "kinds"),
    [
        (without("race_time_descriptors"), ["times"]),
        (without("car_restrictions"), ["restrictions"]),
        (half_of_the_rounds, ["rounds", "times", "classes", "cars", "restrictions"]),
        (without_classes, ["classes", "cars"]),
    ],
)
def test_what_a_document_holds_too_little_of_is_not_taken_away(runs, world, edit, kinds) -> None:
    before, ends = runs.rows(COUNTS), runs.rows(ENDS)
    world.edit = edit

    hollow = runs.run(AT + timedelta(hours=1), refresh=True)

    said = [warning for warning in hollow.warnings if warning.startswith("shrink guard: series/seasons holds")]
    assert [warning.partition(" are taken away")[0].rpartition("no ")[2] for warning in said] == kinds
    assert (hollow.exit_code, hollow.changes) == (0, QUIET)
    assert [row[:2] for row in runs.rows(COUNTS)] == [row[:2] for row in before]
    assert runs.rows(ENDS) == ends

    world.edit = lambda season: season
    mended = runs.run(AT + timedelta(hours=2), refresh=True)
    assert (mended.exit_code, mended.changes, mended.warnings) == (0, QUIET, [])
    assert runs.rows(ENDS) == ends


def test_a_strict_run_refuses_a_hollow_document_and_writes_nothing(runs, world) -> None:
    before = runs.rows(COUNTS)
    world.edit = without("race_time_descriptors")

    result = runs.run(AT + timedelta(hours=1), refresh=True, strict=True)

    assert result.exit_code == 8
    assert "no times are taken away, and nothing was written (--strict)" in result.warnings[-1]
    assert runs.rows(COUNTS) == before


def test_a_few_that_go_are_taken_away(runs, world) -> None:
    world.edit = lambda season: without("car_restrictions")(season) if season["season_id"] % 5 == 0 else season

    result = runs.run(AT + timedelta(hours=1), refresh=True)

    assert result.warnings == []
    assert result.tables["car_restriction"].removed > 0


def test_what_stays_so_for_the_grace_period_is_believed_unless_it_is_nothing_at_all(runs, world) -> None:
    counted = "SELECT count(*) FROM car_restriction"
    [(all_of_them,)] = runs.rows(counted)
    world.edit = lambda season: without("car_restrictions")(season) if season["season_id"] % 3 else season

    days = [day for day in range(1, 24) if runs.run(AT + timedelta(days=day), refresh=True).warnings]

    assert days == list(range(1, 22))
    [(left,)] = runs.rows(counted)
    assert 0 < left < all_of_them / 2
    world.edit = without("car_restrictions")
    assert all(runs.run(AT + timedelta(days=day), refresh=True).warnings for day in (30, 36, 42, 48))
    assert runs.rows(counted) == [(left,)]


def test_a_short_list_seen_again_after_a_long_time_is_not_believed(runs, world) -> None:
    world.edit = without("car_restrictions")

    assert [bool(runs.run(AT + timedelta(days=day), refresh=True).warnings) for day in (1, 91, 92)] == [True] * 3
