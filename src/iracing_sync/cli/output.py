"""How results are shown: drawn for a person at a terminal, plain lines elsewhere, one object for programs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import typer

from iracing_sync.plain_text import plain_text
from iracing_sync.result import Result


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Draw a progress bar on a terminal, nothing elsewhere."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda _what, _done, _all: None
        return
    from iracing_sync.cli.drawing import draw_progress  # rich takes 0.1 s to import

    with draw_progress() as progress:
        task = progress.add_task("seasons", total=None)
        yield lambda what, done, every: progress.update(task, description=what, completed=done, total=every)


def say(line: str, *, err: bool = False) -> None:
    """Print one line for people."""
    typer.echo(plain_text(line), err=err)


def show_result(result: Result, *, as_json: bool, drawing: bool, dry_run: bool) -> None:
    """Print the result to standard output."""
    if as_json:
        print_json(result.as_dict())
    elif drawing and sys.stdout.isatty():
        from iracing_sync.cli.drawing import draw_counts  # rich takes 0.1 s to import

        draw_counts({table: counts_in_words(counts.as_dict()) for table, counts in result.tables.items()})
        say(summary(result, dry_run=dry_run))
    else:
        for line in table_lines(result):
            say(line)
        say(summary(result, dry_run=dry_run))


def table_lines(result: Result) -> Iterator[str]:
    """Yield one line for each table that has rows."""
    for table, counts in result.tables.items():
        if any(counts.as_dict().values()):
            said = ", ".join(f"{number} {name}" for name, number in counts_in_words(counts.as_dict()).items())
            yield f"{table}: {said}"


def counts_in_words(counts: dict[str, int]) -> dict[str, int]:
    """Call inserted rows created, as people do."""
    return {"created" if name == "inserted" else name: number for name, number in counts.items()}


def summary(result: Result, *, dry_run: bool) -> str:
    """Return the last line: how it went, in seasons and calls."""
    said = (
        f"{result.status}: {whole_seasons(result)}"
        f"{result.seasons_seen} seasons seen, {result.seasons_changed} changed, "
        f"{result.seasons_failed} failed; {schedule_changes(result)}"
        f"{result.api_calls} API calls, {result.cache_hits} cache hits"
    )
    return f"{said} (dry run: nothing was written)" if dry_run else said


def whole_seasons(result: Result) -> str:
    """Say how many of the seasons of the quarters are stored, nothing where they were not compared."""
    return "" if result.seasons_named is None else f"{result.seasons_stored} of {result.seasons_named} seasons; "


def schedule_changes(result: Result) -> str:
    """Say how many changes of schedules there were, nothing where there were none."""
    said = ", ".join(f"{number} {phase}" for phase, number in result.changes.items() if number)
    return f"changes: {said}; " if said else ""


def print_json(value: Any) -> None:
    """Print one JSON object on standard output."""
    typer.echo(orjson.dumps(value, default=str).decode())
