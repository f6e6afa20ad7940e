"""How much memory an export takes, of the whole history beside one quarter of it.

python benchmarks/export.py [--since YEAR]
"""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from measured import Measured, Place, measure
from wide_world import fill, history, nightly

from iracing_sync.embedded import embedded_postgres
from iracing_sync.quarters import quarter_at

SINCE = 2008
OURS = [sys.executable, "-m", "iracing_sync"]
FORMATS = ("csv", "json", "ndjson", "parquet")
RELATIONS = ("event_schedule", "event_car")


def main() -> None:
    """Load everything, export it, and print seconds, megabytes of the file and the peak of memory."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--since", type=int, default=SINCE)
    since = options.parse_args().since
    with (
        tempfile.TemporaryDirectory(prefix="iracing-sync-bench-") as name,
        embedded_postgres(Path(name) / "server") as url,
    ):
        place = Place(url, "bench", Path(name))
        at = datetime.now(UTC)
        fill(place.folder / "cache", history(at, since))
        fill(place.folder / "cache", nightly(at))
        measure([*OURS, "run", "--offline", "--json", "--history", "--since", str(since)], place)
        print("| | one quarter | whole history | ratio of memory |\n| --- | --- | --- | --- |")
        for relation, kind in product(RELATIONS, FORMATS):
            print(line(place, kind, relation, quarter_at(at).year - 1), flush=True)


def line(place: Place, kind: str, relation: str, year: int) -> str:
    """Return what a format takes."""
    part, part_size = exported(place, kind, relation, "--year", str(year), "--quarter", "2")
    whole, whole_size = exported(place, kind, relation)
    both = ((part, part_size), (whole, whole_size))
    told = [f"{one.peak_mb:.0f} MB ({size:.1f} MB in {one.seconds:.1f} s)" for one, size in both]
    return f"| {kind} {relation} | {' | '.join(told)} | {whole.peak_mb / part.peak_mb:.2f} |"


def exported(place: Place, kind: str, relation: str, *options: str) -> tuple[Measured, float]:
    """Export into a file; return what it took, and the size of the file in MB."""
    out = place.folder / "exported"
    measured = measure([*OURS, "export", kind, relation, "--out", str(out), *options], place)
    return measured, out.stat().st_size / 1e6


if __name__ == "__main__":
    main()
