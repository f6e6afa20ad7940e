"""Which quarter is the present one is what iRacing says, asked seldom; where it does not answer, the calendar."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nights import Nights, nights
from remembered import RememberedWorld

from iracing_sync.quarters import Quarter

MIDST = datetime(2025, 7, 15, 5, 17, tzinfo=UTC)
LAST_WEEKS = Quarter(2025, 4).starts_at - timedelta(days=13)
NIGHT = timedelta(days=1)
ENDPOINT = "lookup/current_season"


class TellingWorld(RememberedWorld):
    """Says of the present quarter what it is told to say."""

    said: Any = None

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        told = super().answer(endpoint, params, at)
        return self.said if endpoint == ENDPOINT and self.said is not None else told

    def say(self, quarter: Quarter) -> None:
        numbers = {"year": quarter.year, "quarter": quarter.number}
        self.said = [
            {"tag": tag, "lookups": [{"lookup_type": tag, "lookup_values": [{"value": str(number)}]}]}
            for tag, number in numbers.items()
        ]


@pytest.fixture
def world() -> TellingWorld:
    return TellingWorld()


@pytest.fixture
def opened(world, database_url, tmp_path):
    with nights(world, database_url, tmp_path) as found:
        yield found


def asked(opened: Nights, endpoint: str = ENDPOINT) -> int:
    return int(opened.simulator.calls["by_endpoint"].get(endpoint, 0))


def test_in_mid_quarter_it_is_asked_for_once_a_week(opened) -> None:
    for night in range(15):
        assert opened.run(MIDST + night * NIGHT).exit_code == 0

    assert asked(opened) == 3


def test_about_a_quarters_end_it_is_asked_for_once_a_day(opened) -> None:
    for hours in range(0, 72, 12):
        opened.run(LAST_WEEKS + timedelta(hours=hours))

    assert asked(opened) == 3


@pytest.mark.parametrize("fault", [["status:404"], ["status:500"], ["status:403"], ["status:503"], ["error"]])
def test_where_it_is_not_answered_no_call_is_repeated_and_nothing_is_said(opened, world, fault) -> None:
    if fault == ["error"]:
        world.said = {"error": "Not Found"}
    else:
        opened.simulator.faults.set([{"endpoint": ENDPOINT, "kind": kind} for kind in fault])
    for night in range(3):
        result = opened.run(MIDST + night * NIGHT)
        assert (result.exit_code, result.warnings) == (0, [])

    assert asked(opened) == 1
    opened.run(MIDST + 7 * NIGHT)
    assert asked(opened) == 2


@pytest.mark.parametrize("said", [[], "quarter", [{"tag": "quarter", "lookups": [{"lookup_values": [{"value": 9}]}]}]])
def test_nonsense_is_no_answer(opened, world, said) -> None:
    world.said = said
    result = opened.run(LAST_WEEKS)

    assert (result.exit_code, result.warnings) == (0, [])
    assert asked(opened, "season/list") == 1  # by the calendar the quarter is in its twelfth week


def test_iracing_is_believed_where_it_begins_a_quarter_on_another_day(opened, world) -> None:
    world.say(Quarter(2025, 4))
    opened.run(LAST_WEEKS)
    assert asked(opened, "season/list") == 0

    world.say(Quarter(2025, 3))
    opened.run(Quarter(2025, 4).starts_at + 2 * NIGHT)
    assert asked(opened, "season/list") == 1


def test_a_quarter_far_from_the_calendar_is_not_believed_and_nothing_concluded(opened, world) -> None:
    world.say(Quarter(2024, 1))
    assert opened.run(LAST_WEEKS).exit_code == 0

    assert asked(opened, "season/list") == 0


def test_it_is_not_asked_for_where_only_quarters_long_past_are(opened) -> None:
    opened.run(LAST_WEEKS, quarters=(Quarter(2024, 1),))
    assert asked(opened) == 0

    opened.run(LAST_WEEKS, quarters=(Quarter(2025, 3),))
    assert asked(opened) == 1


def test_the_past_ends_where_iracing_says(opened, world) -> None:
    world.say(Quarter(2025, 4))
    opened.run(LAST_WEEKS, history=True, since=2025, complete=False)

    assert (2025, 3) in opened.rows("SELECT DISTINCT season_year, season_quarter FROM season")


def test_a_budget_that_does_for_the_active_still_ends_well(opened) -> None:
    opened.run(MIDST)
    result = opened.run(MIDST + 8 * NIGHT, max_calls=6)

    assert (result.exit_code, result.warnings) == (0, [])
    assert asked(opened) == 1


def test_offline_asks_nothing(opened) -> None:
    opened.run(MIDST)
    assert opened.run(MIDST + 8 * NIGHT, offline=True).exit_code == 0
    assert asked(opened) == 1
