"""Thousands of calls within a rate limit, by fast clocks: of one process, and of four that share an account."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from caller import THREADS, make_calls
from clocks import CompressedClock, StandingClock

from iracing_sync.database import connect
from iracing_sync.rate_limit.pace import OwnKeeper
from iracing_sync.schema import upgrade
from iracing_sync.simulator import Simulator, SyntheticWorld

LIMIT, WINDOW_SECONDS, RESERVE = 240, 60, 0.1
SHARED_CALLS = int(os.environ.get("IRACING_LIMIT_CALLS", "2400"))

SPEEDS = (30, 10)
"""A machine that is too busy for the first gets the second."""


def used(calls: int, seconds: float) -> float:
    """Return which part of the allowance, the reserve aside, was used."""
    return calls * WINDOW_SECONDS / (LIMIT - LIMIT * RESERVE) / seconds


@pytest.mark.parametrize(("style", "calls", "least"), [("fixed", 10_000, 0.95), ("sliding", 2_400, 0.9)])
def test_thousands_of_calls_of_four_threads_are_never_refused_and_use_the_allowance(
    style, calls, least, tmp_path
) -> None:
    clock = StandingClock(THREADS)
    with Simulator(SyntheticWorld(), rate_limit=LIMIT, rate_style=style, clock=clock.instant) as simulator:
        begun = clock.now()
        make_calls(simulator.environment(), tmp_path / "token.json", calls, clock, OwnKeeper())
        seen, part = simulator.calls, used(calls, clock.now() - begun)

    print(f"{style}: {seen}, {part:.1%} of the allowance used")
    assert (seen["data"], seen["refused"]) == (calls, 0)
    assert part >= least


def test_four_processes_share_one_allowance_and_its_tokens(database_url, tmp_path) -> None:
    engine = connect(database_url, "iracing")
    with engine.begin() as connection:
        upgrade(connection, "iracing")
    engine.dispose()

    for speed in SPEEDS:
        seen, part = shared(speed, tmp_path / f"{speed}.json", database_url)
        print(f"{seen}, {part:.1%} of the allowance used at speed {speed}")
        assert (seen["data"], seen["refused"]) == (SHARED_CALLS, 0)
        assert (seen["logins"], seen["burnt"], seen["most_tokens_at_once"]) == (1, 0, 1)
        if part >= 0.95:
            return
    pytest.fail("the allowance is not used")


def shared(speed: float, tokens: Path, database_url: str) -> tuple[dict[str, Any], float]:
    """Let four processes make the calls, and return what the simulator counted and the part of the allowance used."""
    clock = CompressedClock(speed, time.time())
    with Simulator(SyntheticWorld(), rate_limit=LIMIT, clock=clock.instant) as simulator:
        order = {
            "environment": simulator.environment(),
            "clock": clock,
            "tokens": str(tokens),
            "database_url": database_url,
            "calls": SHARED_CALLS // 4,
        }
        command = [sys.executable, str(Path(__file__).parents[1] / "support" / "caller.py"), json.dumps(order)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running = [subprocess.Popen(command, **pipes, text=True) for _ in range(4)]
        ended = [process.communicate(timeout=300) for process in running]
        assert [process.returncode for process in running] == [0] * 4, ended
        begun = min(float(shown) for shown, _ in ended)
        return simulator.calls, used(SHARED_CALLS, clock.now() - begun)
