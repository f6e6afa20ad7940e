"""How a result is shown: drawn for a person at a terminal, plain lines elsewhere, one object for programs."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iracing_sync.result import Result
    from iracing_sync.sync.plan import Step


@contextmanager
def progress_on(wanted: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Draw a progress bar on a terminal, nothing elsewhere."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("seasons", total=None)
        yield lambda what, done, every: progress.update(task, description=what, completed=done, total=every)


def show_result(result: Result, *, as_json: bool, drawing: bool, dry_run: bool) -> None:
    """Print the result to standard output."""
    if as_json:
        print_json(result.as_dict())
    elif drawing and sys.stdout.isatty():
        draw_table(result)
        typer.echo(summary(result, dry_run=dry_run))
    else:
        for line in table_lines(result):
            typer.echo(line)
        typer.echo(summary(result, dry_run=dry_run))


def table_lines(result: Result) -> Iterator[str]:
    """Yield one line for each table that has rows."""
    for table, counts in result.tables.items():
        if any(counts.as_dict().values()):
            said = ", ".join(f"{number} {name}" for name, number in renamed(counts.as_dict()).items())
            yield f"{table}: {said}"


def renamed(counts: dict[str, int]) -> dict[str, int]:
    """Call inserted rows created, as people do."""
    return {"created" if name == "inserted" else name: number for name, number in counts.items()}


def draw_table(result: Result) -> None:
    """Draw the counts of each table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("table", *renamed(next(iter(result.tables.values())).as_dict()))
    for name, counts in result.tables.items():
        table.add_row(name, *(str(number) for number in counts.as_dict().values()))
    Console().print(table)


def summary(result: Result, *, dry_run: bool) -> str:
    """Return the last line: how it went, in seasons and calls."""
    said = (
        f"{result.status}: {result.seasons_seen} seasons seen, {result.seasons_changed} changed, "
        f"{result.seasons_failed} failed; {schedule_changes(result)}"
        f"{result.api_calls} API calls, {result.cache_hits} cache hits"
    )
    return f"{said} (dry run: nothing was written)" if dry_run else said


def schedule_changes(result: Result) -> str:
    """Say how many changes of schedules there were, nothing where there were none."""
    said = ", ".join(f"{number} {phase}" for phase, number in result.changes.items() if number)
    return f"changes: {said}; " if said else ""


def show_plan(steps: Sequence[Step], *, as_json: bool) -> None:
    """Print the documents that a run would want, and how many calls that makes."""
    calls = sum(not step.is_cached for step in steps)
    if as_json:
        print_json({"calls": calls, "cached": len(steps) - calls, "documents": [step_object(step) for step in steps]})
        return
    for step in steps:
        typer.echo(f"{'cache' if step.is_cached else 'call ':<5}  {step.name}  ({step.why})")
    typer.echo(
        f"{calls} calls, {len(steps) - calls} documents from the cache; one more for a catalogue that lacks an id"
    )


def step_object(step: Step) -> dict[str, Any]:
    """Return one document of a plan as JSON shows it."""
    return {"endpoint": step.endpoint, "params": dict(step.params), "why": step.why, "cached": step.is_cached}


def print_json(value: Any) -> None:
    """Print one JSON object on standard output."""
    import orjson

    typer.echo(orjson.dumps(value, default=str).decode())
