"""The coming quarter is here the night it is published, and as long as it is not, nobody hears of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from nights import Nights, nights
from remembered import RememberedWorld

from iracing_sync.ledger.journal import CallJournal
from iracing_sync.quarters import Quarter
from iracing_sync.sync import Options
from iracing_sync.sync.plan import Step, plan_of_run

COMING = Quarter(2025, 4)
BEGINS = COMING.starts_at


def before(days: float) -> datetime:
    return BEGINS - timedelta(days=days) + timedelta(hours=5)


WEEK_9, WEEK_10 = before(30), before(28)
NAMED, IN_PART, WHOLE = before(24), before(17), before(7)


class PartedWorld(RememberedWorld):
    """Publishes in parts; the seasons of a quarter may be called active before it begins, or be absent altogether."""

    is_absent = False
    is_active_ahead = False

    def __init__(self, **assumptions: Any) -> None:
        super().__init__(coming="in_parts", **assumptions)

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        if self.is_absent and "season_year" in params:
            raise LookupError("no such quarter")
        told = super().answer(endpoint, params, at)
        if self.is_active_ahead and endpoint == "series/seasons" and params:
            told = [{**season, "active": True} for season in told]
        return told


@pytest.fixture
def world() -> PartedWorld:
    return PartedWorld()


@pytest.fixture
def opened(world, database_url, tmp_path):
    with nights(world, database_url, tmp_path) as found:
        yield found


def calls(opened: Nights) -> dict[str, int]:
    """Return what was asked since the last look, catalogues and the question for the present quarter aside."""
    asked = dict(opened.simulator.calls["by_endpoint"])
    opened.simulator.reset_calls()
    return {endpoint: count for endpoint, count in asked.items() if endpoint not in KEPT_A_WEEK}


def ahead(opened: Nights) -> tuple[int, int]:
    """Return how many seasons of the coming quarter are stored, and how many of them with rounds."""
    tagged = "(season_year, season_quarter) = (:year, :number)"
    [counts] = opened.rows(
        f"SELECT count(*), count(*) FILTER (WHERE NOT is_stub) FROM season WHERE {tagged}", **COMING._asdict()
    )
    return counts[0], counts[1]


def in_order(result: Any) -> bool:
    return (result.exit_code, result.warnings) == (0, [])


KEPT_A_WEEK = {"lookup/current_season", "track/get", "car/get", "carclass/get", "series/assets"}
USUAL = {"series/seasons": 1, "series/get": 1}
WITH_COMING = {"series/seasons": 2, "series/get": 1, "season/list": 1}


def test_it_is_asked_for_from_the_tenth_week_on(opened) -> None:
    opened.run(WEEK_9)
    calls(opened)

    assert in_order(opened.run(WEEK_9 + timedelta(hours=22)))
    assert calls(opened) == USUAL
    assert in_order(opened.run(WEEK_10))
    assert calls(opened) == WITH_COMING
    assert ahead(opened) == (0, 0)


@pytest.mark.parametrize("is_absent", [False, True])
def test_as_long_as_it_is_not_published_a_night_is_as_any_other(opened, world, is_absent) -> None:
    world.is_absent = is_absent
    opened.run(WEEK_9)

    result = opened.run(WEEK_10)

    assert in_order(result)
    assert "named" not in result.as_dict()["seasons"]
    assert opened.rows("SELECT * FROM past_quarter") == []


def test_what_is_named_is_a_header_until_its_schedule_is_there(opened) -> None:
    opened.run(WEEK_10)
    calls(opened)

    assert in_order(opened.run(NAMED))
    named, stored = ahead(opened)
    assert (named > 25, stored) == (True, 0)
    assert calls(opened) == {**WITH_COMING, "series/season_schedule": named}

    assert in_order(opened.run(IN_PART))
    [(listed,)] = opened.rows("SELECT count(*) FROM season WHERE season_quarter = 4 AND season_id % 2 = 0")
    [(unlisted,)] = opened.rows("SELECT count(*) FROM season WHERE season_quarter = 4 AND season_id % 4 = 1")
    assert ahead(opened) == (named, listed + unlisted)
    assert calls(opened) == {**WITH_COMING, "series/season_schedule": named - listed}

    assert in_order(opened.run(IN_PART + timedelta(days=1)))
    assert calls(opened) == {**WITH_COMING, "series/season_schedule": named - listed - unlisted}

    assert opened.run(WHOLE).exit_code == 0  # a week 13 warns of its short lists
    assert ahead(opened) == (named, named)
    assert calls(opened) == WITH_COMING


def test_each_season_is_told_once_the_night_its_schedule_is_there(opened) -> None:
    told = "SELECT season_id, phase, sentence FROM schedule_change WHERE field = 'season' AND run_id = :run"
    opened.run(WEEK_10)
    named, part, whole = (opened.run(at) for at in (NAMED, IN_PART, WHOLE))

    assert opened.rows(told, run=named.run_id) == []
    first, second = (opened.rows(told, run=run.run_id) for run in (part, whole))
    assert len(first) > len(second) > 0
    assert len({season_id for season_id, *_ in first + second}) == len(first + second)
    [(stored,)] = opened.rows("SELECT count(*) FROM season WHERE NOT is_stub AND season_quarter = 4")
    assert len([one for one in first + second if one[1] == "future"]) == stored
    assert all(sentence.startswith("2025 Season ") for _, _, sentence in first + second)


def test_once_it_is_whole_a_night_writes_nothing_of_it_and_costs_its_two_lists_until_it_begins(opened) -> None:
    opened.run(WHOLE)
    seasons = ahead(opened)
    seen = "SELECT count(*) FROM season WHERE season_quarter = 4 AND last_changed_run_id = :run"
    calls(opened)

    for day in (6, 3, 1):
        result = opened.run(before(day))
        assert result.exit_code == 0
        assert opened.rows(seen, run=result.run_id) == [(0,)]
        assert calls(opened) == WITH_COMING
    opened.run(BEGINS + timedelta(hours=5))
    assert calls(opened) == USUAL
    assert ahead(opened) == seasons


def test_the_same_documents_again_are_not_even_read(opened) -> None:
    first = opened.run(IN_PART)
    calls(opened)

    again = opened.run(IN_PART + timedelta(hours=1))

    assert calls(opened) == {}
    assert again.seasons_changed == 0
    assert again.seasons_seen == first.seasons_seen
    assert "named" not in again.as_dict()["seasons"]


def test_only_the_series_asked_for_are_loaded(opened) -> None:
    opened.run(IN_PART, series=frozenset({101}))

    assert opened.rows("SELECT DISTINCT series_id FROM season") == [(101,)]
    assert ahead(opened)[0] == 1


def test_no_complete_takes_the_list_alone(opened) -> None:
    assert in_order(opened.run(IN_PART, complete=False))

    assert calls(opened).keys().isdisjoint({"season/list", "series/season_schedule"})
    named, stored = ahead(opened)
    assert named == stored > 0


def test_a_run_for_a_quarter_or_the_past_does_not_ask_for_it(opened) -> None:
    opened.run(IN_PART, quarters=(Quarter(2025, 2),))
    opened.run(IN_PART, history=True, since=2025)

    assert ahead(opened) == (0, 0)


def test_what_iracing_lists_as_active_alone_is_made_whole_by_single_schedules(database_url, tmp_path) -> None:
    with nights(PartedWorld(past="active"), database_url, tmp_path) as opened:
        assert in_order(opened.run(WHOLE - timedelta(days=1)))
        result = opened.run(WHOLE)
        named, stored = ahead(opened)

    assert result.exit_code == 0
    assert named == stored > 25


@pytest.mark.parametrize("is_active_ahead", [False, True])
def test_nothing_is_concluded_of_the_present_list_from_it(opened, world, is_active_ahead) -> None:
    world.is_active_ahead = is_active_ahead
    for day in (24, 17, 16, 10):
        opened.run(before(day))
    world.is_absent = True
    opened.run(before(8))

    assert opened.rows("SELECT * FROM season WHERE missing_since IS NOT NULL OR status = 'withdrawn'") == []
    assert opened.rows("SELECT * FROM series WHERE missing_since IS NOT NULL") == []
    assert opened.rows("SELECT * FROM schedule_change WHERE field IN ('missing_since', 'retired_at', 'status')") == []


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_budget_that_ends_with_the_coming_quarter_has_brought_the_present_one_first(opened, most) -> None:
    opened.run(WEEK_10)
    calls(opened)

    result = opened.run(NAMED, max_calls=3 + most)

    assert result.exit_code == 5
    assert sum(calls(opened).values()) <= 3 + most
    assert opened.rows("SELECT listings IS NOT NULL FROM sync_run ORDER BY started_at DESC LIMIT 1") == [(True,)]
    assert opened.run(NAMED + timedelta(minutes=5)).exit_code == 0
    assert ahead(opened)[0] > 25


def test_a_fault_of_its_lists_leaves_the_present_quarter_alone(opened) -> None:
    opened.run(WEEK_10)
    opened.simulator.faults.set([{"endpoint": "season/list", "kind": "status:500"}])

    result = opened.run(NAMED)

    assert result.exit_code == 5
    assert opened.rows("SELECT listings IS NOT NULL FROM sync_run ORDER BY started_at DESC LIMIT 1") == [(True,)]


def test_the_plan_shows_its_lists_and_then_what_they_lack(opened) -> None:
    opened.run(WEEK_10)
    before_it = plan(opened, NAMED)
    opened.run(NAMED, max_calls=6)
    lists_at_hand = plan(opened, NAMED)

    asked = [step.name for step in before_it if not step.is_cached]
    coming = "season_quarter=4&season_year=2025"
    assert asked[-2:] == [f"season/list?{coming}", f"series/seasons?{coming}"]
    lacking = [step for step in lists_at_hand if not step.is_cached]
    assert {step.endpoint for step in lacking} == {"series/season_schedule"}
    calls(opened)
    assert opened.run(NAMED).api_calls == len(lacking) > 20


def plan(opened: Nights, at: datetime) -> list[Step]:
    opened.at = at
    with CallJournal(opened.folder) as ledger:
        return plan_of_run(opened.engine, Options(), opened.source(ledger), at).steps
