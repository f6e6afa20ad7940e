"""How results are shown: drawn for a person at a terminal, plain lines elsewhere, one object for programs."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from iracing_sync.cli.lines import say, write
from iracing_sync.plain_text import how_many
from iracing_sync.result import Result
from iracing_sync.terminal import in_colour

STATUS_COLOURS = {"ok": "green", "partial": "yellow", "failed": "red"}


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Draw a progress bar on a terminal, nothing elsewhere."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda _what, _done, _all: None
        return
    from iracing_sync.cli.drawing import draw_progress  # rich takes 0.1 s to import

    with draw_progress() as progress:
        task = progress.add_task("beginning", total=None)
        yield lambda what, done, every: progress.update(task, description=what, completed=done, total=every)


def show_result(result: Result, *, drawing: bool, dry_run: bool) -> None:
    """Print what a run did to standard output, nothing where it came to nothing."""
    rows = table_counts(result)
    if rows and drawing and sys.stdout.isatty():
        from iracing_sync.cli.drawing import draw_counts  # rich takes 0.1 s to import

        draw_counts(rows)
    else:
        for line in table_lines(rows):
            say(line)
    if rows or result.api_calls or not result.ended_by:
        said = summary(result, dry_run=dry_run)
        write(said.replace(result.status, in_colour(result.status, STATUS_COLOURS[result.status], sys.stdout), 1))


def show_next_steps(result: Result, *, dry_run: bool) -> None:
    """Say in two lines what one could do next."""
    if result.exit_code:
        first = ("iracing-sync status", "what was at fault")
    elif dry_run:
        first = ("iracing-sync run", "the same, written")
    else:
        first = ("iracing-sync changes", "what changed in the last seven days")
    for title, (command, what) in (("next:", first), ("", ("iracing-sync schedule", "the rounds of this quarter"))):
        say(f"{title:<6}{command:<23}{what}")


def table_counts(result: Result) -> dict[str, dict[str, int]]:
    """Return the counts of each table that has rows, in words."""
    return words_of_counts({table: counts.as_dict() for table, counts in result.tables.items()})


def words_of_counts(tables: Mapping[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Return counts by table in words, those aside in which there is nothing."""
    counts = {table: counts_in_words(of_table) for table, of_table in tables.items()}
    return {table: words for table, words in counts.items() if any(words.values())}


def table_lines(rows: dict[str, dict[str, int]]) -> Iterator[str]:
    """Yield one line for each table."""
    for table, words in rows.items():
        yield f"{table}: {', '.join(f'{number} {name}' for name, number in words.items())}"


def counts_in_words(counts: dict[str, int]) -> dict[str, int]:
    """Call inserted rows created, as people do."""
    return {"created" if name == "inserted" else name: number for name, number in counts.items()}


def summary(result: Result, *, dry_run: bool) -> str:
    """Return the last line: how it went, in seasons and calls."""
    said = (
        f"{result.status}: {whole_seasons(result)}"
        f"{how_many(result.seasons_seen, 'season')} seen, {result.seasons_changed} changed, "
        f"{result.seasons_failed} failed; {schedule_changes(result)}"
        f"{how_many(result.api_calls, 'API call')}, {how_many(result.cache_hits, 'cache hit')}"
    )
    return f"{said} (dry run: nothing was written)" if dry_run else said


def whole_seasons(result: Result) -> str:
    """Say how many of the seasons of the quarters are stored, nothing where they were not compared."""
    if result.seasons_named is None:
        return ""
    far = " of the quarters asked for so far" if result.ended_by else ""
    return f"{result.seasons_stored} of {result.seasons_named} seasons{far}; "


def schedule_changes(result: Result) -> str:
    """Say how many changes of schedules there were, nothing where there were none."""
    said = ", ".join(f"{number} {phase}" for phase, number in result.changes.items() if number)
    return f"changes: {said}; " if said else ""


def print_json(value: Any) -> None:
    """Print one JSON object on standard output."""
    write(orjson.dumps(value, default=str).decode())
