"""`demo`: the main job against iRacing's stand-in."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import Engine

from iracing_sync.app.database import open_database
from iracing_sync.app.documents import open_ledger, open_source
from iracing_sync.cli.output import say, summary, table_lines
from iracing_sync.queries.schedule import current_week
from iracing_sync.result import Result
from iracing_sync.settings import OwnSettings, Settings
from iracing_sync.simulator import Simulator, SyntheticWorld
from iracing_sync.sync.lifecycle import sync
from iracing_sync.sync.options import Options

app = typer.Typer(rich_markup_mode=None, add_completion=False)

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)


@app.command()
def demo() -> None:
    """Run the main job on an embedded PostgreSQL against the simulator and show the result."""
    with (
        tempfile.TemporaryDirectory(prefix="iracing-sync-demo-") as folder,
        Simulator(SyntheticWorld(), at=AT) as simulator,
    ):
        settings = demo_settings(Path(folder), simulator)
        with open_database(settings) as engine:
            for title in ("First run", "Second run, from the cache"):
                result = run_once(settings, engine)
                say(f"{title}: {summary(result, dry_run=False)}")
                for line in table_lines(result) if result.seasons_changed else ():
                    say(f"  {line}")
            show_week(engine)


def demo_settings(folder: Path, simulator: Simulator) -> Settings:
    """Return settings that touch nothing of the user's own."""
    given: dict[str, Any] = {
        name.removeprefix("IRACING_").lower(): value for name, value in simulator.environment().items()
    }
    return OwnSettings(data_dir=folder / "data", cache_dir=folder / "cache", api_rps=100, **given)


def run_once(settings: Settings, engine: Engine) -> Result:
    """Do what `run` does."""
    with open_ledger(settings, engine) as ledger, open_source(settings, engine, ledger) as source:
        return sync(Options(), source, engine, settings.schema_name, ledger)


def show_week(engine: Engine) -> None:
    """Print the first rounds of the week."""
    say("")
    say(f"This week's rounds ({AT:%Y-%m-%d}), the first ten of week_schedule:")
    with engine.begin() as connection:
        rounds = current_week(connection, AT, 10)
    for series, track, config, week in rounds:
        say(f"  week {week + 1:>2}  {series:<36} {track}{f' - {config}' if config else ''}")
