"""`jobs`: what workers have to do, what failed of it, and letting that be done again."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import typer

from iracing_sync.app.database import open_database, open_tables
from iracing_sync.cli.columns import Column, column_lines
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON
from iracing_sync.cli.output import print_json
from iracing_sync.cli.reading import TZ, Zone, terminal_width
from iracing_sync.cli.start import start
from iracing_sync.database import require
from iracing_sync.errors import SettingsError
from iracing_sync.jobs.broker import open_publisher, sender_of
from iracing_sync.jobs.rows import requeue_jobs
from iracing_sync.plain_text import how_many
from iracing_sync.queries.jobs import count_jobs, read_jobs
from iracing_sync.tables.rows import Row
from iracing_sync.whole_numbers import LARGEST

app = new_app()

LIMIT = typer.Option(20, min=1, max=LARGEST, metavar="N", help="No more than N.")
COLUMNS = (
    Column("key", "job", 20),
    Column("state", "state"),
    Column("attempt", "tries", is_right=True),
    Column("calls", "calls", rank=2, is_right=True),
    Column("at", "at", rank=1),
    Column("error", "error", 12),
)


@app.callback(invoke_without_command=True)
def jobs(context: typer.Context, limit: int = LIMIT, tz: str | None = TZ, as_json: bool = AS_JSON) -> None:
    """Show what workers have to do and what became of it: what waits first, then the latest."""
    if not context.invoked_subcommand:
        show(None, limit, Zone(tz), as_json=as_json, lines=table_lines)


@app.command()
def failed(limit: int = LIMIT, tz: str | None = TZ, as_json: bool = AS_JSON) -> None:
    """Show the jobs that failed for good, and why."""
    show(["failed"], limit, Zone(tz), as_json=as_json, lines=lines_in_full)


@app.command()
def requeue(
    key: list[str] | None = typer.Argument(None, metavar="[JOB]...", help="Which; without: all that failed."),
    as_json: bool = AS_JSON,
) -> None:
    """Let failed jobs be done again."""
    settings = start()
    with open_database(settings, reading=True) as engine:
        publish = open_publisher(sender_of(settings), engine)
        with engine.begin() as connection:
            require(connection, settings.schema_name)
            keys = requeue_jobs(connection, key or None)
            if unknown := set(key or ()) - set(keys):
                raise SettingsError(f"no failed job is called {min(unknown)!r}: `iracing-sync jobs failed` lists them")
        if keys:
            publish(keys)
    if as_json:
        print_json({"requeued": keys})
    else:
        say(f"{how_many(len(keys), 'job')} requeued")


def show(
    states: Sequence[str] | None,
    most: int,
    zone: Zone,
    *,
    as_json: bool,
    lines: Callable[[list[dict[str, str]]], Iterable[str]],
) -> None:
    """Print jobs, and how many there are."""
    settings = start()
    with open_tables(settings) as connection:
        found, counts = read_jobs(connection, states, most), count_jobs(connection)
    if as_json:
        print_json({"jobs": found, "counts": counts})
        return
    for line in lines([cells(row, zone) for row in found]):
        say(line)
    say(", ".join(f"{number} {state}" for state, number in counts.items()))


def table_lines(jobs: list[dict[str, str]]) -> Iterable[str]:
    """Return a line a job."""
    return column_lines(COLUMNS, jobs, terminal_width())


def lines_in_full(jobs: list[dict[str, str]]) -> Iterator[str]:
    """Yield each job with the whole of its error."""
    for job in jobs:
        yield f"{job['key']}, at {job['at']}, tries: {job['attempt']}"
        yield f"    {job['error']}"


def cells(job: Row, zone: Zone) -> dict[str, str]:
    """Return what is shown of a job."""
    return {
        "key": str(job["key"]),
        "state": "at work" if job["is_held"] else str(job["state"]),
        "attempt": str(job["attempt"]),
        "calls": str(job["calls"]),
        "at": zone.minute(job["finished_at"] or job["put_at"]),
        "error": str(job["error"] or ""),
    }
