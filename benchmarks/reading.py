"""What readers ask of the tables, with the whole history loaded: how long it takes, and the plan of each.

python benchmarks/reading.py [--write docs/reading.md]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from measured import Place, measure
from side_by_side import SINCE, empty_staging, machine, ours
from wide_world import fill, history, nightly

from iracing_sync.embedded import embedded_postgres

TURNS = 5

QUERIES = {
    "The rounds that run now": "SELECT * FROM current_event",
    "The rounds of this week": "SELECT * FROM week_schedule",
    "The rounds of the same week of a year ago": "SELECT * FROM week_schedule(now() - interval '1 year')",
    "The sessions of the next 24 hours": "SELECT * FROM upcoming_sessions(now(), now() + interval '24 hours')",
    "The schedule of a series, since it began": (
        "SELECT * FROM event_schedule WHERE series_id = (SELECT min(series_id) FROM season) ORDER BY starts_at"
    ),
    "The rounds at a track": "SELECT * FROM event_schedule WHERE track_id = (SELECT min(track_id) FROM event)",
    "The rounds for a car": (
        "SELECT s.* FROM event_car c JOIN event_schedule s USING (season_id, race_week_num) "
        "WHERE c.car_id = (SELECT min(car_id) FROM event_car)"
    ),
    "The dirt oval rounds of a year": (
        "SELECT * FROM event_schedule WHERE category = 'dirt_oval' AND season_year = extract(year FROM now()) - 1"
    ),
}

COMMANDS = {
    "What is raced this week": ["schedule"],
    "A quarter of last year, as a grid": [
        "schedule",
        "--grid",
        "--year",
        str(datetime.now(UTC).year - 1),
        "--quarter",
        "2",
    ],
    "One season whole": ["series", "{series}"],
    "Where a track is raced": ["track", "{track}"],
    "Where a car is raced": ["car", "{car}"],
    "What starts in the next six hours": ["sessions"],
    "What a series needs": ["content", "--series", "{series}"],
    "What changed": ["changes"],
    "The runs": ["runs"],
    "How things stand": ["status"],
}
"""Commands, with the ids that are asked for."""

IDS = """
SELECT (SELECT series_id FROM season WHERE active ORDER BY season_id LIMIT 1)::text,
       (SELECT track_id FROM event ORDER BY starts_at DESC LIMIT 1)::text,
       (SELECT car_id FROM event_car ORDER BY season_id DESC LIMIT 1)::text
"""

GOAL_SECONDS = 0.6

INTRODUCTION = """# Reading

What the views cost with the whole history loaded; `make bench` writes this page. Milliseconds are the median of five
executions as `EXPLAIN (ANALYZE, BUFFERS)` tells them, after a first one that is not counted. Seconds of a command are
the median of five whole processes, Python's start included, on a server that is up."""


def main() -> None:
    """Load everything, ask, and write the page."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--write", type=Path, help="write the page here, too")
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="iracing-sync-bench-"))
    try:
        with embedded_postgres(folder / "server") as url, empty_staging(Place(url, "bench", folder)) as place:
            load(place)
            page = "\n".join(report(place)) + "\n"
    finally:
        shutil.rmtree(folder)
    print(page)
    if chosen.write:
        chosen.write.write_text(page)


def load(place: Place) -> None:
    """Load the past and what is active now."""
    at = datetime.now(UTC)
    fill(place.folder / "cache", history(at, SINCE))
    fill(place.folder / "cache", nightly(at))
    measure(ours("--history", "--since", str(SINCE))(place), place)
    measure(ours()(place), place)


def report(place: Place) -> Iterator[str]:
    """Yield the page."""
    with psycopg.connect(place.plain_url, autocommit=True) as connection:
        connection.execute(f"SET search_path = {place.schema}")
        connection.execute("ANALYZE")
        [events] = connection.execute("SELECT count(*) FROM event").fetchone() or (0,)
        found = {title: asked(connection, query) for title, query in QUERIES.items()}
        ids = dict(zip(("series", "track", "car"), connection.execute(IDS).fetchone() or (), strict=True))
    commands = {title: timed([word.format(**ids) for word in words], place) for title, words in COMMANDS.items()}
    yield f"{INTRODUCTION}\n\n{events:,} rounds. {machine(place)}\n\n| | rows | ms |\n| --- | --- | --- |"
    for title, (milliseconds, rows, _) in found.items():
        yield f"| {title} | {rows:,} | {milliseconds:.1f} |"
    yield f"\n| command | s | goal {GOAL_SECONDS} |\n| --- | --- | --- |"
    for title, seconds in commands.items():
        words = " ".join(COMMANDS[title]).format(series="ID", track="ID", car="ID")
        yield f"| {title}: `{words}` | {seconds:.2f} | {'reached' if seconds <= GOAL_SECONDS else 'missed'} |"
    for title, (_, _, plan) in found.items():
        yield f"\n## {title}\n\n```sql\n{QUERIES[title]}\n```\n\n```text\n{plan}\n```"


def timed(words: list[str], place: Place) -> float:
    """Return the median of the seconds that a command takes."""
    given = {"IRACING_DATABASE_URL": place.url, "IRACING_SCHEMA": place.schema, "IRACING_ENV_FILE": ""}
    folders = {"IRACING_DATA_DIR": str(place.folder / "data"), "IRACING_CACHE_DIR": str(place.folder / "cache")}
    command = [sys.executable, "-m", "iracing_sync", *words]
    seconds = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        subprocess.run(command, env=os.environ | given | folders, capture_output=True, check=True)  # noqa: S603
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


def asked(connection: psycopg.Connection, query: str) -> tuple[float, int, str]:
    """Return the milliseconds of a query, how many rows it gives, and its plan."""
    rows = len(connection.execute(query).fetchall())
    plans = [explained(connection, query) for _ in range(TURNS)]
    return median(milliseconds for milliseconds, _ in plans), rows, plans[-1][1]


def explained(connection: psycopg.Connection, query: str) -> tuple[float, str]:
    """Return how long a query took, planning included, and its plan."""
    lines = [line for (line,) in connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}")]
    times = [
        float(line.split(":")[1].removesuffix(" ms")) for line in lines if line.endswith(" ms") and "Time:" in line
    ]
    return sum(times), "\n".join(lines)


if __name__ == "__main__":
    main()
