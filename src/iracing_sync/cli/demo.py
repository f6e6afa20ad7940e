"""`demo`: the main job against iRacing's stand-in."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import typer

from iracing_sync.app.database import open_database
from iracing_sync.app.run import run_once
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON
from iracing_sync.cli.out_file import put_out
from iracing_sync.cli.output import print_json, summary, table_counts, table_lines
from iracing_sync.cli.start import start_own
from iracing_sync.extras import require_extra
from iracing_sync.plain_text import layout_name
from iracing_sync.quarters import quarter_at
from iracing_sync.queries.report import Page, read_page
from iracing_sync.queries.schedule import RoundOfWeek, current_week
from iracing_sync.result import Result
from iracing_sync.settings import OwnSettings, Settings
from iracing_sync.sync.options import Options

if TYPE_CHECKING:
    from iracing_sync.simulator import Simulator

app = new_app()

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
TITLES = ("First run", "Second run, from the cache")


@app.command()
def demo(
    page: Path | None = typer.Option(None, metavar="FILE", help="Write the page of the season, too."),
    as_json: bool = AS_JSON,
) -> None:
    """Run the main job on an embedded PostgreSQL against the simulator and show the result."""
    require_extra("embedded")
    from iracing_sync.simulator import Simulator, SyntheticWorld

    with (
        tempfile.TemporaryDirectory(prefix="iracing-sync-demo-") as folder,
        Simulator(SyntheticWorld(), at=AT) as simulator,
    ):
        settings = demo_settings(Path(folder), simulator)
        start_own(settings)
        with open_database(settings) as engine:
            results = []
            for title in TITLES:
                results.append(run_once(settings, engine, Options(), uuid4()))
                if not as_json:
                    show_run(title, results[-1])
            with engine.begin() as connection:
                rounds = current_week(connection, AT, 10)
                season = read_page(connection, quarter_at(AT), AT) if page else None
    if as_json:
        print_json({"runs": [result.as_dict() for result in results], "week": [one._asdict() for one in rounds]})
    else:
        show_week(rounds)
    if page and season:
        write_page(page, season, as_json=as_json)


def write_page(path: Path, season: Page, *, as_json: bool) -> None:
    """Write the page of a season, and say how to open it."""
    from iracing_sync.report.page_object import page_object
    from iracing_sync.report.render import page_bytes  # Jinja2 takes 60 ms that a demo without a page need not

    put_out(path, page_bytes(page_object(season._replace(read_at=AT), AT, None)))
    if not as_json:
        say("")
        say(f"The season as a page: open {path} in a browser")


def demo_settings(folder: Path, simulator: Simulator) -> Settings:
    """Return settings that touch nothing of the user's own."""
    given: dict[str, Any] = {
        name.removeprefix("IRACING_").lower(): value for name, value in simulator.environment().items()
    }
    return OwnSettings(data_dir=folder / "data", cache_dir=folder / "cache", api_rps=100, log_level="WARNING", **given)


def show_run(title: str, result: Result) -> None:
    """Print what a run did."""
    say(f"{title}: {summary(result, dry_run=False)}")
    for line in table_lines(table_counts(result)) if result.seasons_changed else ():
        say(f"  {line}")


def show_week(rounds: list[RoundOfWeek]) -> None:
    """Print the first rounds of the week."""
    say("")
    say(f"The rounds that run on {AT:%Y-%m-%d}, the first ten of current_event:")
    for one in rounds:
        layout = layout_name(one.track_name, one.config_name)
        say(f"  week {one.race_week_num + 1:>2}  {one.series_name:<36} {layout}")
