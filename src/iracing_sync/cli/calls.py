"""`calls`: what was asked of iRacing."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import typer

from iracing_sync.app.access import credentials_of
from iracing_sync.app.database import open_tables
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT, SINCE, since_when
from iracing_sync.cli.output import print_json
from iracing_sync.cli.reading import TZ, Zone, print_csv
from iracing_sync.cli.start import start
from iracing_sync.documents import document_name
from iracing_sync.errors import SettingsError
from iracing_sync.login.access import owner_of_tokens
from iracing_sync.plain_text import bytes_in_words, how_many
from iracing_sync.queries.allowance import read_allowance
from iracing_sync.queries.calls import CallFilter, read_call_summary, read_calls
from iracing_sync.rate_limit.allowance import Allowance, Terms, spare_calls
from iracing_sync.settings import Settings
from iracing_sync.tables.rows import Row
from iracing_sync.whole_numbers import LARGEST

app = new_app()


@app.command()
def calls(
    since: str = SINCE,
    endpoint: str | None = typer.Option(None, metavar="NAME", help="Only this endpoint, such as series/seasons."),
    run: str | None = typer.Option(None, metavar="ID", help="Only the calls of one run."),
    summary: bool = typer.Option(False, "--summary", help="One line for each endpoint."),
    left: bool = typer.Option(False, "--left", help="What the account may still ask, as far as iRacing has told."),
    limit: int = typer.Option(100, min=1, max=LARGEST, metavar="N", help="The latest N calls; the summary counts all."),
    at: str | None = AT,
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show what was asked of iRacing, and what came from the cache."""
    settings, zone = start(at=at), Zone(tz)
    if left and (summary or endpoint or run):
        raise SettingsError("--left is of the account: leave out --summary, --endpoint and --run")
    if left:
        show_left(settings, as_json=as_json)
        return
    wanted = CallFilter(since_when(since, settings.clock()), endpoint, None if run is None else run_id(run))
    with open_tables(settings) as connection:
        found = read_call_summary(connection, wanted) if summary else read_calls(connection, wanted, limit)
    if as_json:
        print_json({"endpoints" if summary else "calls": found})
        return
    if as_csv:
        print_csv(found, list(found[0]) if found else ())
        return
    for line in summary_lines(found) if summary else call_lines(found, zone):
        say(line)


def show_left(settings: Settings, *, as_json: bool) -> None:
    """Print what an account may still ask."""
    with open_tables(settings) as connection:
        found = read_allowance(connection, owner_of_tokens(settings.oauth_url, credentials_of(settings)))
    now = settings.clock()
    told = allowance_object(found, now, settings.api_reserve_pct) if found and found.call_limit else None
    if as_json:
        print_json({"left": told})
    else:
        say(left_in_words(told) if told else "nothing is known yet of what this account may ask: iracing-sync run")


def allowance_object(allowance: Allowance, at: datetime, reserve_pct: float) -> dict[str, Any]:
    """Return what may still be asked as JSON shows it; `left` is null where the window is over."""
    terms = Terms(0, reserve_pct / 100)
    blocked_until = datetime.fromtimestamp(allowance.blocked_until, UTC)
    return {
        "limit": allowance.call_limit,
        "used": allowance.used + allowance.others,
        "reserve_pct": reserve_pct,
        "left": spare_calls(allowance, at.timestamp(), terms),
        "resets_at": datetime.fromtimestamp(allowance.resets_at, UTC),
        "blocked_until": blocked_until if blocked_until > at else None,
    }


def left_in_words(told: Mapping[str, Any]) -> str:
    """Write what may still be asked in a line."""
    if told["blocked_until"]:
        return f"none until {told['blocked_until']:%H:%M:%S} UTC: iRacing has refused the account for a while (429)"
    every = f"{told['limit']:,} calls a window"
    if told["left"] is None:
        return f"all of {every}, less {told['reserve_pct']:g} % for other tools: the last window is over"
    ends = f"until {told['resets_at']:%H:%M:%S} UTC"
    return f"{max(0, told['left'])} calls {ends}, of {every}; {told['used']} are used, {told['reserve_pct']:g} % kept"


def call_lines(found: list[Row], zone: Zone) -> Iterator[str]:
    """Yield a line for each call."""
    for row in found:
        outcome = "cached" if row["cached"] == "hit" else row["http_status"] or "no answer"
        size = "" if row["size_bytes"] is None else bytes_in_words(row["size_bytes"])
        error = f"  {row['error']}" if row["error"] else ""
        name = document_name(row["endpoint"], row["params"])
        when = f"{zone.local(row['at']):%Y-%m-%d %H:%M:%S}"
        yield f"{when}  {outcome!s:>9}  {row['duration_ms']:>6} ms  {size:>8}  {name}{error}"
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
