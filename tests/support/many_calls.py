"""Many calls within a rate limit, by fast clocks: of one process with four threads, and of four such processes."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import caller
from clocks import CompressedClock, StandingClock

from iracing_sync.rate_limit.pace import OwnKeeper
from iracing_sync.simulator import Simulator, SyntheticWorld

LIMIT, WINDOW_SECONDS, RESERVE = 240, 60, 0.1
PROCESSES = 4


class Made(NamedTuple):
    """What the simulator counted, and how long it took by the clock of the calls."""

    seen: dict[str, Any]
    seconds: float

    @property
    def part(self) -> float:
        """Return which part of the allowance, the reserve aside, was used."""
        return float(self.seen["data"]) * WINDOW_SECONDS / (LIMIT - LIMIT * RESERVE) / self.seconds


def by_one_process(style: str, calls: int, tokens: Path) -> Made:
    """Make the calls with four threads and a clock that stands while one of them works."""
    clock = StandingClock(caller.THREADS)
    with Simulator(SyntheticWorld(), rate_limit=LIMIT, rate_style=style, clock=clock.instant) as simulator:
        begun = clock.now()
        caller.make_calls(simulator.environment(), tokens, calls, clock, OwnKeeper())
        return Made(simulator.calls, clock.now() - begun)


def by_four_processes(calls: int, tokens: Path, database_url: str, *, speed: float) -> Made:
    """Let four processes make the calls with what the migrated database knows of their allowance."""
    clock = CompressedClock(speed, time.time())
    with Simulator(SyntheticWorld(), rate_limit=LIMIT, clock=clock.instant) as simulator:
        order = {
            "environment": simulator.environment(),
            "clock": clock,
            "tokens": str(tokens),
            "database_url": database_url,
            "calls": calls // PROCESSES,
        }
        command = [sys.executable, caller.__file__, json.dumps(order)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running = [subprocess.Popen(command, **pipes, text=True) for _ in range(PROCESSES)]
        ended = [process.communicate(timeout=300) for process in running]
        assert [process.returncode for process in running] == [0] * PROCESSES, ended
        begun = min(float(shown) for shown, _ in ended)
        return Made(simulator.calls, clock.now() - begun)
