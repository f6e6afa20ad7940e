"""How a result is shown: drawn for a person at a terminal, plain lines elsewhere, one object for programs."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iracing_sync.result import Result


@contextmanager
def progress_on(wanted: bool) -> Iterator[Callable[[int, int], None]]:
    """Draw a progress bar of the seasons on a terminal, nothing elsewhere."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("seasons", total=None)
        yield lambda done, every: progress.update(task, completed=done, total=every)


def show_result(result: Result, *, as_json: bool, drawing: bool, dry_run: bool) -> None:
    """Print the result to standard output."""
    if as_json:
        import orjson

        typer.echo(orjson.dumps(result.as_dict()).decode())
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
        f"{result.seasons_failed} failed; {result.api_calls} API calls, {result.cache_hits} cache hits"
    )
    return f"{said} (dry run: nothing was written)" if dry_run else said
