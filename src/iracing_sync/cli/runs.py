"""`runs`: what each run was asked, how it ended and what it did."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.changes.digest import digest
from iracing_sync.cli.columns import Column, column_lines
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT, since_when
from iracing_sync.cli.output import print_json, table_lines, words_of_counts
from iracing_sync.cli.reading import TZ, Zone, print_csv, terminal_width
from iracing_sync.cli.start import start
from iracing_sync.plain_text import how_many
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.queries.runs import RUN, RunFilter, count_of, read_run, read_runs
from iracing_sync.result import MIRRORED_TABLES
from iracing_sync.tables.rows import Row
from iracing_sync.whole_numbers import LARGEST

app = new_app()

KINDS = ("inserted", "updated", "unchanged", "removed")
"""In the order of `run`; a column of JSON keeps none."""

COLUMNS = (
    Column("run", "run"),
    Column("at", "began"),
    Column("took", "took", is_right=True),
    Column("status", "status"),
    Column("exit", "exit", is_right=True),
    Column("changed", "changed", is_right=True),
    Column("changes", "changes", rank=1, is_right=True),
    Column("calls", "calls", rank=2, is_right=True),
    Column("warnings", "warn", rank=3, is_right=True),
    Column("asked", "asked", 8, rank=4),
)


@app.callback(invoke_without_command=True)
def runs(
    context: typer.Context,
    failed: bool = typer.Option(False, "--failed", help="Only runs that did not end well."),
    since: str | None = typer.Option(None, help="Only since 12h, 7d, 4w ago, or since a date such as 2025-05-01."),
    limit: int = typer.Option(20, min=1, max=LARGEST, metavar="N", help="The latest N."),
    at: str | None = AT,
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show the runs, the newest first; `runs show ID` tells all of one."""
    if context.invoked_subcommand:
        return
    settings, zone = start(at=at), Zone(tz)
    begin = since_when(since, settings.clock()) if since else None
    wanted = RunFilter(begin, settings.at, failed, limit)
    with open_tables(settings) as connection:
        found = read_runs(connection, settings.schema_name, wanted)
    if as_json:
        print_json({"runs": found})
    elif as_csv:
        print_csv(found, RUN)
    else:
        for line in column_lines(COLUMNS, [run_cells(row, zone) for row in found], terminal_width()):
            say(line)
        say(how_many(len(found), "run"))


@app.command()
def show(
    run_id: str = typer.Argument("last", metavar="ID", help="The id of a run, its beginning, or last."),
    at: str | None = AT,
    tz: str | None = TZ,
    as_json: bool = AS_JSON,
) -> None:
    """Show all that is known of one run."""
    settings, zone = start(at=at), Zone(tz)
    with open_tables(settings) as connection:
        found = read_run(connection, settings.schema_name, run_id, settings.at)
        changes = read_changes(connection, ChangeFilter(run_id=UUID(found["run_id"])))
    if as_json:
        print_json(found | {"schedule_changes": changes})
        return
    for line in (*run_lines(found, zone), *(f"  {line}" for line in digest(changes))):
        say(line)


def run_cells(run: Row, zone: Zone) -> dict[str, str]:
    """Return a run as people read it."""
    changes = count_of(run, "changes") or {}
    return {
        "run": run["run_id"][:8],
        "at": moment(run["started_at"], zone),
        "took": took(run["seconds"]),
        "status": run["status"],
        "exit": "" if run["exit_code"] is None else str(run["exit_code"]),
        "changed": changed_of_seen(count_of(run, "seasons") or {}),
        "changes": number(sum(changes.values()) or None),
        "calls": number(count_of(run, "api_calls")),
        "warnings": number(len(run["warnings"]) or None),
        "asked": " ".join(words_asked(run["arguments"])),
    }


def changed_of_seen(seasons: Mapping[str, int]) -> str:
    """Write how many of the seasons that were seen had changed."""
    return f"{seasons['changed']} of {seasons['seen']}" if seasons else ""


def run_lines(run: Row, zone: Zone) -> Iterator[str]:
    """Yield all that is known of a run."""
    exit_code = "" if run["exit_code"] is None else f", exit {run['exit_code']}"
    yield f"run {run['run_id']}, iracing-sync {run['version']}"
    yield f"{moment(run['started_at'], zone)}, {took(run['seconds']) or 'no end'}: {run['status']}{exit_code}"
    yield f"asked: {' '.join(words_asked(run['arguments'])) or 'what is active'}"
    if run["counters"]:
        calls, hits = (
            how_many(count_of(run, key) or 0, unit)
            for key, unit in (("api_calls", "API call"), ("cache_hits", "cache hit"))
        )
        yield f"{calls}, {hits}"
        for name in ("seasons", "changes"):
            told = count_of(run, name) or {}
            yield f"{name}: {', '.join(f'{value} {key}' for key, value in told.items())}"
        tables = count_of(run, "tables") or {}
        in_order = {name: {kind: tables[name][kind] for kind in KINDS} for name in MIRRORED_TABLES if name in tables}
        yield from table_lines(words_of_counts(in_order))
    yield from (f"warning: {warning}" for warning in run["warnings"])
    yield f"its calls: iracing-sync calls --run {run['run_id']}"


def words_asked(arguments: Mapping[str, Any]) -> Iterator[str]:
    """Yield the options that a run was given, as one would type them."""
    yield from (f"--quarter {name.replace(' S', 'Q')}" for name in arguments.get("quarters") or ())
    yield from (f"--series {number}" for number in arguments.get("series") or ())
    for name in ("history", "refresh", "offline", "strict"):
        if arguments.get(name):
            yield f"--{name}"
    if arguments.get("history"):
        yield f"--since {arguments.get('since')}"
    if arguments.get("max_calls") is not None:
        yield f"--max-calls {arguments['max_calls']}"
    if arguments.get("complete") is False:
        yield "--no-complete"
    if arguments.get("on_drift") == "fail":
        yield "--on-drift fail"


def moment(at: datetime, zone: Zone) -> str:
    """Write an instant to the minute."""
    return f"{zone.local(at):%Y-%m-%d %H:%M}"


def took(seconds: float | None) -> str:
    """Write how long something took, nothing where that is not known.

    >>> took(8.04), took(754)
    ('8.0 s', '12 min 34 s')
    """
    if seconds is None:
        return ""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"


def number(value: int | None) -> str:
    """Write a number, nothing where there is none."""
    return "" if value is None else f"{value:,}"
