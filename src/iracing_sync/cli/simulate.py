"""`simulate` and `demo`: iRacing's stand-in, and the main job against it."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]

DEMO_AT = datetime(2025, 5, 14, 9, tzinfo=UTC)


def simulate(
    port: int = typer.Option(8765, min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one."),
    world: str = typer.Option("synthetic", help="`synthetic`, or a folder of recordings to replay."),
    at: datetime | None = typer.Option(
        None, help="The world's moment, in UTC. Default: the clock.", show_default=False
    ),
) -> None:
    """Serve a stand-in for iRacing on this machine, until interrupted."""
    import gc

    from iracing_sync.simulator import Simulator, world_from

    gc.enable()  # a server has time for it, and no end
    moment = None if at is None else at.replace(tzinfo=UTC)
    with Simulator(world_from(world), port=port, at=moment) as simulator:
        typer.echo("# the simulator serves until Ctrl-C; for a client:", err=True)
        for name, value in simulator.environment().items():
            typer.echo(f"export {name}={value}")
        with suppress(KeyboardInterrupt):
            simulator.wait()


def demo() -> None:
    """Run the main job on an embedded PostgreSQL against the simulator and show the result."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="iracing-sync-demo-") as folder:
        show_demo(Path(folder))


def show_demo(folder: Path) -> None:
    """Sync twice and print what came of it."""
    from iracing_sync.cli.opened import opened_database, opened_ledger, opened_source
    from iracing_sync.cli.shown import summary, table_lines
    from iracing_sync.reading import current_week
    from iracing_sync.settings import OwnSettings
    from iracing_sync.simulator import Simulator, SyntheticWorld
    from iracing_sync.sync import Options, sync

    with Simulator(SyntheticWorld(), at=DEMO_AT) as simulator:
        given: dict[str, Any] = simulator.environment()
        given = {name.removeprefix("IRACING_").lower(): value for name, value in given.items()}
        settings = OwnSettings(
            data_dir=folder / "data",
            cache_dir=folder / "cache",
            api_rps=100,
            **given,
        )
        with opened_database(settings) as engine:
            for title in ("First run", "Second run, from the cache"):
                with (
                    opened_ledger(settings, engine) as ledger,
                    opened_source(settings, engine, ledger) as source,
                ):
                    result = sync(Options(), source, engine, settings.schema_name, ledger)
                typer.echo(f"{title}: {summary(result, dry_run=False)}")
                for line in table_lines(result) if result.seasons_changed else ():
                    typer.echo(f"  {line}")
            typer.echo(f"\nThis week's rounds ({DEMO_AT:%Y-%m-%d}), the first ten of week_schedule:")
            with engine.begin() as connection:
                rounds = current_week(connection, DEMO_AT, 10)
            for series, track, config, week in rounds:
                typer.echo(f"  week {week + 1:>2}  {series:<36} {track}{f' - {config}' if config else ''}")
