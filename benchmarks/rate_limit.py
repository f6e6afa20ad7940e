"""Which part of an account's allowance many calls use: the goals are 95 % and, where the window slides, 90 %.

python benchmarks/rate_limit.py

It measures the machine, too: four processes on a busy one use less. That no call is refused is for the tests.
"""

import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from many_calls import Made, by_four_processes, by_one_process

from iracing_sync.database import connect
from iracing_sync.embedded import embedded_postgres
from iracing_sync.schema import upgrade

SPEED = 30
"""So many times as fast as the world's is the clock of the four processes."""


def main() -> None:
    """Make the calls and print what part was used."""
    with tempfile.TemporaryDirectory(prefix="iracing-sync-bench-") as place:
        folder = Path(place)
        show("one process, fixed window", by_one_process("fixed", 10_000, folder / "fixed.json"), 0.95)
        show("one process, sliding window", by_one_process("sliding", 2_400, folder / "sliding.json"), 0.9)
        with embedded_postgres(folder) as url:
            engine = connect(url, "iracing")
            with engine.begin() as connection:
                upgrade(connection, "iracing")
            engine.dispose()
            made = by_four_processes(2_400, folder / "shared.json", url, speed=SPEED)
        show("four processes", made, 0.95)


def show(name: str, made: Made, goal: float) -> None:
    """Print a line."""
    verdict = "reached" if made.part >= goal else "missed"
    print(f"{name}: {made.part:.1%} of the allowance, goal {goal:.0%} {verdict}; {made.seen['refused']} refused")


if __name__ == "__main__":
    main()
