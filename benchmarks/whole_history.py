"""The whole history season by season: how much longer than the rate limit alone it takes, and how memory goes.

python benchmarks/whole_history.py [--since YEAR] [--speed TIMES]

iRacing is simulated as one that lists of a quarter only what is active, so that nearly every season costs a call of its
own. Its clock runs `--speed` times as fast: 240 calls a minute and 0.7 s for an answer become as many times more and
less. The simulator and the database share the machine with the run, which is why a fast clock shows less.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
from wide_world import HISTORY_COPIES, WideWorld

from iracing_sync.embedded import embedded_postgres
from iracing_sync.simulator import Simulator

CALLS_A_SECOND = 4
LATENCY_SECONDS = 0.7
GOAL = 1.1


def main() -> None:
    """Load the history and print how long it took beside the limit alone, and the peak of memory."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--since", type=int, default=2008)
    options.add_argument("--speed", type=float, default=4)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="iracing-sync-bench-") as place:
        folder = Path(place)
        with embedded_postgres(folder / "server") as url:
            world = WideWorld(HISTORY_COPIES, past="active")
            with Simulator(world, at=datetime(2026, 5, 14, 9, tzinfo=UTC), rate_limit=10**7) as simulator:
                delay = LATENCY_SECONDS / chosen.speed
                simulator.faults.set([{"endpoint": "*", "kind": f"slow:{delay}"}])
                given = simulator.environment() | {
                    "IRACING_DATABASE_URL": url,
                    "IRACING_DATA_DIR": str(folder / "data"),
                    "IRACING_CACHE_DIR": str(folder / "cache"),
                    "IRACING_API_RPS": str(CALLS_A_SECOND * chosen.speed),
                    "IRACING_API_RESERVE_PCT": "0",
                }
                show(*run(given, chosen.since), chosen.speed)


def run(given: dict[str, str], since: int) -> tuple[float, dict[str, object], float]:
    """Run the main job over the past; return seconds, what it said, and the peak of its memory in MB."""
    command = [sys.executable, "-m", "iracing_sync", "run", "--history", "--since", str(since), "--json", "--headless"]
    begun = time.perf_counter()
    ended = subprocess.run(command, env=os.environ | given, capture_output=True, check=False)  # noqa: S603
    seconds = time.perf_counter() - begun
    if not ended.stdout:
        raise SystemExit(ended.stderr.decode())
    return seconds, orjson.loads(ended.stdout), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def show(seconds: float, said: dict[str, object], peak_mb: float, speed: float) -> None:
    """Print what was measured."""
    calls = int(str(said["api_calls"]))
    alone = calls / (CALLS_A_SECOND * speed)
    ratio = seconds / alone
    print(f"exit {said['exit_code']}, {said['seasons']}")
    print(f"{calls:,} calls in {seconds:.0f} s; the limit alone: {alone:.0f} s; {ratio:.2f} times")
    print(f"goal {GOAL}: {'reached' if ratio <= GOAL else 'missed'}; peak of memory {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
