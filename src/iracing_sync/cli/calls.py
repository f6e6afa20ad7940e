"""`calls`: what was asked of iRacing."""

from collections.abc import Iterator
from uuid import UUID

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, AT, SINCE, since_when
from iracing_sync.cli.output import print_json
from iracing_sync.cli.start import start
from iracing_sync.documents import document_name
from iracing_sync.errors import SettingsError
from iracing_sync.plain_text import bytes_in_words, how_many
from iracing_sync.queries.calls import CallFilter, read_call_summary, read_calls
from iracing_sync.tables.rows import Row
from iracing_sync.whole_numbers import LARGEST

app = new_app()


@app.command()
def calls(
    since: str = SINCE,
    endpoint: str | None = typer.Option(None, metavar="NAME", help="Only this endpoint, such as series/seasons."),
    run: str | None = typer.Option(None, metavar="ID", help="Only the calls of one run."),
    summary: bool = typer.Option(False, "--summary", help="One line for each endpoint."),
    limit: int = typer.Option(100, min=1, max=LARGEST, metavar="N", help="The latest N calls; the summary counts all."),
    at: str | None = AT,
    as_json: bool = AS_JSON,
) -> None:
    """Show what was asked of iRacing, and what came from the cache."""
    settings = start(at=at)
    wanted = CallFilter(since_when(since, settings.clock()), endpoint, None if run is None else run_id(run))
    with open_tables(settings) as connection:
        found = read_call_summary(connection, wanted) if summary else read_calls(connection, wanted, limit)
    if as_json:
        print_json({"endpoints" if summary else "calls": found})
        return
    for line in summary_lines(found) if summary else call_lines(found):
        say(line)


def call_lines(found: list[Row]) -> Iterator[str]:
    """Yield a line for each call."""
    for row in found:
        outcome = "cached" if row["cached"] == "hit" else row["http_status"] or "no answer"
        size = "" if row["size_bytes"] is None else bytes_in_words(row["size_bytes"])
        error = f"  {row['error']}" if row["error"] else ""
        name = document_name(row["endpoint"], row["params"])
        yield f"{row['at']:%Y-%m-%d %H:%M:%S}  {outcome!s:>9}  {row['duration_ms']:>6} ms  {size:>8}  {name}{error}"
    yield how_many(len(found), "call")


def summary_lines(found: list[Row]) -> Iterator[str]:
    """Yield a table of the endpoints, which a terminal of 80 columns holds."""
    columns = ("asked", "from_cache", "failed", "median_ms", "p95_ms", "lowest_remaining")
    titles = ("endpoint", "asked", "cached", "failed", "median", "p95", "left", "size")
    rows = [
        (row["endpoint"], *(number_or_dash(row[column]) for column in columns), bytes_in_words(row["size_bytes"]))
        for row in found
    ]
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for endpoint, *numbers in (titles, *rows):
        yield "  ".join([endpoint.ljust(widths[0]), *map(str.rjust, numbers, widths[1:])])
    yield "median and p95 in milliseconds; left: the lowest that the rate limit left"


def number_or_dash(value: int | None) -> str:
    """Write a number, or that there is none."""
    return "-" if value is None else f"{value:,}"


def run_id(text: str) -> UUID:
    """Read the id of a run; raises SettingsError where it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise SettingsError(f"--run {text}: not the id of a run") from None
