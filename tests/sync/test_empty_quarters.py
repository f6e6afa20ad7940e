"""An empty list proves nothing: iRacing has answered with one for quarters that are full."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nights import Nights, nights
from remembered import RememberedWorld

from iracing_sync.quarters import FIRST_YEAR, Quarter

AUTUMN = datetime(2025, 9, 24, 9, tzinfo=UTC)
LATER = timedelta(days=400)
HOLE = Quarter(2024, 3)
LISTS = ("series/seasons", "season/list")


class HoledWorld(RememberedWorld):
    """Answers with empty lists for some quarters; its series may have begun later than they did."""

    holes: frozenset[Quarter] = frozenset()
    empty: tuple[str, ...] = LISTS
    first = Quarter(FIRST_YEAR, 1)

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        told = super().answer(endpoint, params, at)
        if endpoint == "series/get":
            for series in told:
                series["first_season"] = max(self.first, quarter_of(series["first_season"])).params
        is_hole = "season_year" in params and quarter_of(params) in self.holes
        if not (is_hole and endpoint in self.empty):
            return told
        return [] if endpoint == "series/seasons" else {**told, "seasons": []}


def quarter_of(params: Mapping[str, Any]) -> Quarter:
    return Quarter(int(params["season_year"]), int(params["season_quarter"]))


@pytest.fixture
def world() -> HoledWorld:
    return HoledWorld()


@pytest.fixture
def past(world, database_url, tmp_path):
    with nights(world, database_url, tmp_path) as opened:
        yield opened


def noted(past: Nights, quarter: Quarter) -> list[tuple[Any, ...]]:
    query = "SELECT seasons > 0, is_over FROM past_quarter WHERE (season_year, season_quarter) = (:year, :number)"
    return past.rows(query, **quarter._asdict())


def tagged(past: Nights, quarter: Quarter) -> int:
    query = "SELECT count(*) FROM season WHERE (season_year, season_quarter) = (:year, :number)"
    [(number,)] = past.rows(query, **quarter._asdict())
    return int(number)


def named_in_calls(past: Nights, since: datetime) -> set[str]:
    asked = "SELECT params FROM api_call_log WHERE at >= :since AND params ? 'season_year'"
    return {quarter_of(params).name for (params,) in past.rows(asked, since=since)}


def test_a_hole_between_two_filled_quarters_is_said_and_asked_for_again(past, world) -> None:
    world.holes = frozenset({HOLE})
    result = past.run(AUTUMN, history=True, since=2024)
    assert result.exit_code == 3
    assert result.warnings == ["iRacing lists no season of 2024 S3, which proves nothing: ask again"]
    assert noted(past, HOLE) == [(False, False)]

    world.holes = frozenset()
    again = past.run(AUTUMN + timedelta(minutes=5), history=True, since=2024)

    assert (again.exit_code, again.warnings) == (0, [])
    assert noted(past, HOLE) == [(True, True)]
    assert tagged(past, HOLE) > 20


@pytest.mark.parametrize("after", [timedelta(minutes=5), LATER])
def test_what_an_empty_answer_has_left_behind_in_table_and_cache_is_mended(past, world, after) -> None:
    world.holes = frozenset({HOLE})
    past.run(AUTUMN, history=True, since=2024)
    past.rows("UPDATE past_quarter SET is_over = true, lacking = 0 WHERE seasons = 0 RETURNING 1")
    world.holes = frozenset()

    result = past.run(AUTUMN + after, history=True, since=2024)

    assert (result.exit_code, result.warnings) == (0, [])
    assert noted(past, HOLE) == [(True, True)]
    assert tagged(past, HOLE) > 20


@pytest.mark.parametrize("after", [timedelta(minutes=5), LATER])
def test_a_run_for_the_quarter_asks_anew_where_the_cache_says_that_it_is_empty(past, world, after) -> None:
    world.holes = frozenset({HOLE})
    assert past.run(AUTUMN, quarters=(HOLE,)).exit_code == 3
    world.holes = frozenset()

    assert past.run(AUTUMN + after, quarters=(HOLE,)).exit_code == 0
    assert tagged(past, HOLE) > 20


def test_an_empty_list_beside_a_full_one_is_completed_and_never_asked_for_again(past, world) -> None:
    world.holes, world.empty = frozenset({HOLE}), ("series/seasons",)
    result = past.run(AUTUMN, history=True, since=2024)
    assert (result.exit_code, result.warnings) == (0, [])
    assert noted(past, HOLE) == [(True, True)]
    assert past.rows("SELECT count(*) FROM season WHERE is_stub") == [(0,)]

    past.run(AUTUMN + LATER, history=True, since=2024)

    assert "2024 S3" not in named_in_calls(past, AUTUMN + LATER)


def test_where_only_the_list_is_wanted_an_empty_one_is_compared_and_said(past, world) -> None:
    world.holes, world.empty = frozenset({HOLE}), ("series/seasons",)
    for _ in range(2):
        result = past.run(AUTUMN, history=True, since=2024, complete=False)
        assert result.exit_code == 3
        assert result.warnings == ["2024 S3: iRacing's list has no schedule for 28 of 28 seasons"]

    assert past.run(AUTUMN, history=True, since=2024).exit_code == 0
    assert noted(past, HOLE) == [(True, True)]


EARLY = datetime(2010, 1, 13, 9, tzinfo=UTC)
BEFORE_THE_FIRST = [Quarter(2008, 1), Quarter(2008, 2)]


def test_quarters_before_the_first_are_noted_for_ever(past, world) -> None:
    world.holes, world.first = frozenset(BEFORE_THE_FIRST), Quarter(2008, 3)
    result = past.run(EARLY, history=True)
    assert (result.exit_code, result.warnings) == (0, [])
    assert [noted(past, quarter) for quarter in BEFORE_THE_FIRST] == [[(False, True)]] * 2
    past.simulator.reset_calls()

    assert past.run(EARLY + LATER, history=True, since=2008).exit_code == 0

    assert not {"2008 S1", "2008 S2"} & named_in_calls(past, EARLY + LATER)


def test_they_are_not_where_a_series_says_that_it_is_as_old(past, world) -> None:
    world.holes = frozenset(BEFORE_THE_FIRST)

    result = past.run(EARLY, history=True)

    assert (result.exit_code, len(result.warnings)) == (3, 2)
    assert [noted(past, quarter) for quarter in BEFORE_THE_FIRST] == [[(False, False)]] * 2


def test_they_are_not_where_a_season_of_theirs_is_stored(past, world) -> None:
    past.run(datetime(2008, 2, 1, tzinfo=UTC))
    world.holes, world.first = frozenset(BEFORE_THE_FIRST), Quarter(2008, 3)

    assert past.run(EARLY, history=True).exit_code == 3


def test_an_iracing_that_answers_with_nothing_at_all_is_not_believed(past, world) -> None:
    world.holes, world.first = (
        frozenset(Quarter(year, n) for year in (2008, 2009) for n in (1, 2, 3, 4)),
        Quarter(2010, 1),
    )

    result = past.run(EARLY, history=True)
    world.holes = frozenset()
    again = past.run(EARLY + timedelta(minutes=5), history=True)

    assert (result.exit_code, len(result.warnings)) == (3, 8)
    assert again.exit_code == 0
    assert past.rows("SELECT count(*) FROM past_quarter WHERE is_over AND seasons = 0") == [(0,)]


def test_a_small_budget_of_calls_gets_to_the_first_quarter_all_the_same(past, world) -> None:
    world.holes, world.first = frozenset(BEFORE_THE_FIRST), Quarter(2008, 3)
    codes = []
    while not codes or codes[-1] == 5:
        codes.append(past.run(EARLY, history=True, max_calls=3).exit_code)
        assert len(codes) < 15

    assert codes[-1] == 0
    assert [noted(past, quarter) for quarter in BEFORE_THE_FIRST] == [[(False, True)]] * 2
