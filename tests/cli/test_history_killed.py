"""A run over the whole past that is killed again and again ends like one that nobody disturbed."""

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from mirrored_rows import mirrored_rows
from remembered import RememberedWorld
from results import done

from conftest import own_database
from iracing_sync.quarters import FIRST_YEAR
from iracing_sync.simulator import Simulator

PARALLEL = 2
"""So many documents are under way at a time: what a kill may lose."""

THIS_YEAR = datetime.now(UTC).year


@pytest.fixture
def world(environment) -> Iterator[Simulator]:
    with Simulator(RememberedWorld(), rate_limit=10**6) as simulator:
        environment |= simulator.environment()
        yield simulator


@pytest.mark.empty_database
@pytest.mark.parametrize(
    ("years", "kills"),
    [(2, 4), pytest.param(THIS_YEAR - FIRST_YEAR, 10, marks=[pytest.mark.proof, pytest.mark.endurance])],
)
def test_killed_at_several_moments_and_resumed_it_ends_the_same_to_the_row(
    world, command, started, environment, database_url, server_url, tmp_path, years, kills
) -> None:
    environment["IRACING_API_PARALLEL"] = str(PARALLEL)
    history = ("run", "--history", "--since", str(THIS_YEAR - years), "--json")
    with own_database(server_url) as undisturbed:
        environment |= {"IRACING_DATABASE_URL": undisturbed, "IRACING_CACHE_DIR": str(tmp_path / "undisturbed")}
        result = done(command(*history))
        expected = mirrored_rows(undisturbed)
    quarters = world.calls["by_endpoint"]["season/list"]
    assert result["api_calls"] == 2 * quarters + 6
    assert world.calls["by_endpoint"]["series/seasons"] == quarters >= 4 * years
    world.reset_calls()

    environment |= {"IRACING_DATABASE_URL": database_url, "IRACING_CACHE_DIR": str(tmp_path / "killed")}
    dice = random.Random(1)  # noqa: S311 - guards nothing
    for _ in range(kills):
        running = started(*history)
        wait_for_calls(world, running, world.calls["data"] + dice.randrange(2 * quarters // kills))
        time.sleep(dice.uniform(0, 0.5))
        assert running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()

    done(command(*history))

    assert mirrored_rows(database_url) == expected
    asked = world.calls["by_endpoint"]
    assert asked["series/seasons"] + asked["season/list"] <= 2 * quarters + kills * PARALLEL


def wait_for_calls(world: Simulator, running: subprocess.Popen[str], number: int) -> None:
    """Wait until so many documents were asked for."""
    while world.calls["data"] < number:
        assert running.poll() is None
        time.sleep(0.005)
