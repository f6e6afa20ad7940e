"""Ours and what people would use instead, side by side: whole processes in turn, into empty tables and once more.

    python benchmarks/side_by_side.py [--turns 3] [--write docs/benchmarks.md]

Prints medians in seconds, ratios to ours, rows written, bytes of write-ahead log and peak memory.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import floors
import psycopg
from choices import copying, decoding
from documents import write_files
from measured import HERE, Measured, Place, measure
from wide_world import fill, history, nightly

from iracing_sync.database import connect
from iracing_sync.embedded import embedded_postgres
from iracing_sync.schema import upgrade

Command = Callable[[Place], list[str]]
Pairs = dict[str, list[tuple[Measured, Measured]]]

OURS, COPY = "iracing-sync", "floor: psql \\copy of the finished rows"
DJANGO, DLT = "Django, update_or_create", "dlt, merge"
SINCE = 2008
AN_HOUR = timedelta(hours=1)
GROWN_SINCE = (2022, 2017, SINCE)
"""Of one, two and four times as many quarters."""

INTRODUCTION = """# Benchmarks

`make bench` writes this page: whole processes, in turn, from the same documents into an embedded PostgreSQL, into
tables with the same keys. The documents are those of the simulator's synthetic world, told several times with other
ids until there are as many seasons as iRacing has. Every contestant maps with our mappers; what differs is the
loading. dlt and the Singer target write into tables that they made themselves, as their documentation recommends.

Decoding, mapping and starting Python are within the seconds of all but psql's. Rows and log are those of the whole
server, the ledger and the run's own rows included. Peak memory is that of the process itself, not of PostgreSQL and
not of the program that the Singer tap starts."""


def ours(*options: str) -> Command:
    """Return our own run from the filled cache."""
    return lambda _place: [sys.executable, "-m", "iracing_sync", "run", "--offline", "--json", *options]


def script(name: str) -> Command:
    """Return a contestant that is a script in this folder."""
    return lambda place: [sys.executable, str(HERE / name), place.url, place.schema, str(place.folder / "files")]


NIGHTLY: dict[str, Command] = {
    OURS: ours(),
    DJANGO: script("django_rows.py"),
    "SQLAlchemy ORM, get or create": script("orm_rows.py"),
    "SQLAlchemy Core, ON CONFLICT DO UPDATE": script("core_upsert.py"),
    DLT: script("dlt_merge.py"),
    "Singer, target-postgres": script("singer_target.py"),
    "floor: start of the interpreter": floors.start,
    "floor: decoding": floors.parse,
}
HISTORY: dict[str, Command] = {OURS: ours("--history", "--since", str(SINCE))}


@contextmanager
def empty_staging(place: Place) -> Iterator[Place]:
    """Give a schema with our tables and nothing in them."""
    engine = connect(place.url, place.schema)
    with engine.begin() as connection:
        upgrade(connection, place.schema)
    engine.dispose()
    yield place
    with psycopg.connect(place.plain_url, autocommit=True) as connection:
        for suffix in ("", "_dlt", "_dlt_staging", "_singer"):
            connection.execute(f"DROP SCHEMA IF EXISTS {place.schema}{suffix} CASCADE")
    shutil.rmtree(place.folder / "data", ignore_errors=True)


def compare(contestants: dict[str, Command], place: Place, turns: int) -> Pairs:
    """Let the contestants run in turn, each into empty tables and then once more; the copied rows are ours."""
    found: Pairs = {name: [] for name in [*contestants, COPY]}
    for turn in range(turns):
        for name, command in contestants.items():
            with empty_staging(place) as one:
                found[name].append((measure(command(one), one), measure(command(one), one)))
                if name == OURS and turn == 0:
                    floors.write_rows(one)
        with empty_staging(place) as one:
            copied = measure(floors.copy(one), one)
            found[COPY].append((copied, copied))
    return found


def table_of(found: Pairs, number: int) -> Iterator[str]:
    """Yield the lines of one table in Markdown: 0 is into empty tables, 1 is once more."""
    yield "| | seconds | to ours | rows written | MB of log | peak MB |\n| --- | --- | --- | --- | --- | --- |"
    base = median(pair[number].seconds for pair in found[OURS])
    for name, pairs in found.items():
        measured = [pair[number] for pair in pairs]
        seconds = median(one.seconds for one in measured)
        rows, log = (median(getattr(one.written, what) for one in measured) for what in ("rows", "wal_bytes"))
        peak = max(one.peak_mb for one in measured)
        yield f"| {name} | {seconds:.2f} | {seconds / base:.2f} | {rows:,.0f} | {log / 1e6:.2f} | {peak:.0f} |"


def told(title: str, found: Pairs) -> Iterator[str]:
    """Yield both tables of a set."""
    for number, what in enumerate(("into empty tables", "once more, unchanged")):
        yield f"\n## {title}, {what}\n"
        yield from table_of(found, number)


def other_counters(place: Place, earlier: datetime, later: datetime, turns: int) -> Iterator[str]:
    """Yield what a night costs ours that finds other bytes, though no schedule has changed: as it is with iRacing."""
    measured = []
    for _ in range(turns):
        fill(place.folder / "cache", nightly(earlier))
        with empty_staging(place) as one:
            measure(ours()(one), one)
            fill(place.folder / "cache", nightly(later))
            measured.append(measure(ours()(one), one))
    seconds = median(one.seconds for one in measured)
    rows, log = (max(getattr(one.written, what) for one in measured) for what in ("mirrored", "wal_bytes"))
    yield "\n## Nightly, once more, an hour later: other counters, the same schedules\n"
    yield f"{seconds:.2f} seconds, {rows} rows of iRacing's written, {log / 1e6:.2f} MB of log,"
    yield f"{max(one.peak_mb for one in measured):.0f} MB of memory at the most."


def goals(night: Pairs, past: Pairs, grown: Sequence[Measured]) -> Iterator[str]:
    """Yield each goal, and what was measured."""

    def seconds(found: Pairs, name: str, number: int) -> float:
        return median(pair[number].seconds for pair in found[name])

    def ratio(found: Pairs, name: str, other: str, number: int) -> float:
        return seconds(found, name, number) / seconds(found, other, number)

    again = [pair[1].written for pair in night[OURS]]
    peaks = [one.peak_mb for found in (night, past) for pair in found[OURS] for one in pair]
    yield "\n## Goals\n"
    yield "| | goal | measured |\n| --- | --- | --- |"
    yield f"| nightly, empty: dlt to ours | ≥ 3 | {ratio(night, DLT, OURS, 0):.2f} |"
    yield f"| nightly, empty: update_or_create to ours | ≥ 15 | {ratio(night, DJANGO, OURS, 0):.2f} |"
    yield f"| nightly, unchanged: dlt to ours | ≥ 5 | {ratio(night, DLT, OURS, 1):.2f} |"
    yield f"| nightly, unchanged: update_or_create to ours | ≥ 25 | {ratio(night, DJANGO, OURS, 1):.2f} |"
    yield f"| nightly, unchanged: rows of iRacing's written | 0 | {max(one.mirrored for one in again)} |"
    yield f"| nightly, unchanged: kB of log | < 100 | {max(one.wal_bytes for one in again) / 1e3:.0f} |"
    yield f"| history, empty: ours to \\copy | ≤ 2 | {ratio(past, OURS, COPY, 0):.2f} |"
    yield f"| history, unchanged: ours to \\copy | ≤ 0.5 | {ratio(past, OURS, COPY, 1):.2f} |"
    yield f"| peak memory of ours, MB | < 150 | {max(peaks):.0f} |"
    yield f"| peak memory, four times the history to one | 0.85 to 1.15 | {grown[-1].peak_mb / grown[0].peak_mb:.2f} |"


def growth(place: Place, grown: list[Measured]) -> Iterator[str]:
    """Yield what the history costs as it grows: of one, two and four times as many documents."""
    yield "\n## As the history grows\n"
    yield "| since | quarters | seasons | seconds | ms a season | peak MB |\n| --- | --- | --- | --- | --- | --- |"
    for since in GROWN_SINCE:
        with empty_staging(place) as empty:
            done = measure(ours("--history", "--since", str(since))(empty), empty)
            [seasons] = rows(empty, f"SELECT count(*) FROM {empty.schema}.season")
            [quarters] = rows(empty, f"SELECT count(*) FROM {empty.schema}.past_quarter")
        each = 1000 * done.seconds / seasons
        grown.append(done)
        yield f"| {since} | {quarters} | {seasons:,} | {done.seconds:.2f} | {each:.2f} | {done.peak_mb:.0f} |"


def rows(place: Place, query: str) -> tuple[Any, ...]:
    """Return the first row of a query."""
    with psycopg.connect(place.plain_url) as connection:
        return connection.execute(query).fetchone() or ()


def machine(place: Place) -> str:
    """Return the machine and the versions."""
    packages = ("sqlalchemy", "psycopg", "orjson", "msgspec", "django", "dlt")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    [server] = rows(place, "SHOW server_version")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {memory:.0f} GiB; PostgreSQL {server}, Python {python}, {versions}."


def report(place: Place, turns: int) -> Iterator[str]:
    """Yield the page, line by line, as it is measured."""
    at = datetime.now(UTC)
    yield f"{INTRODUCTION}\n\n{machine(place)} Medians of {turns} turns.\n"
    night, past = place._replace(folder=place.folder / "nightly"), place._replace(folder=place.folder / "history")
    documents = list(nightly(at - AN_HOUR))
    write_files(night.folder / "files", documents)
    yield f"The nightly set is {fill(night.folder / 'cache', iter(documents)) / 1e6:.0f} MB of JSON,"
    yield f"the history since {SINCE} {fill(past.folder / 'cache', history(at, SINCE)) / 1e6:.0f} MB."
    by_night, by_past = compare(NIGHTLY, night, turns), compare(HISTORY, past, turns)
    grown: list[Measured] = []
    later = [
        *other_counters(night, at - AN_HOUR, at, turns),
        *told("History", by_past),
        *growth(past, grown),
        *decoding(night),
    ]
    with empty_staging(night):
        later += copying(night)
    yield from goals(by_night, by_past, grown)
    yield from told("Nightly", by_night)
    yield from later


def main() -> None:
    """Measure all and write the page."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--write", type=Path, help="write the page here, too")
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="iracing-sync-bench-"))
    lines = []
    try:
        with embedded_postgres(folder / "server") as url:
            for line in report(Place(url, "bench", folder), chosen.turns):
                print(line, flush=True)
                lines.append(line)
    finally:
        shutil.rmtree(folder)
    if chosen.write:
        chosen.write.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
