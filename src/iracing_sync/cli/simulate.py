"""`simulate`: a stand-in for iRacing."""

from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum

import typer

from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON
from iracing_sync.cli.output import print_json
from iracing_sync.extras import require_extra

app = new_app()


class Past(StrEnum):
    """What `series/seasons` tells of a quarter; of the real one nobody knows for certain."""

    COMPLETE = "complete"
    ACTIVE = "active"
    PARTIAL = "partial"
    WITHOUT_SCHEDULES = "without_schedules"


class Coming(StrEnum):
    """How the next quarter is published; of the real one nobody knows for certain."""

    AT_ONCE = "at_once"
    IN_PARTS = "in_parts"


@app.command()
def simulate(
    port: int = typer.Option(8765, min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one."),
    world: str = typer.Option("synthetic", help="`synthetic`, or a folder of recordings to replay."),
    past: Past = typer.Option(Past.COMPLETE, help="What the synthetic world lists of a quarter."),
    coming: Coming = typer.Option(Coming.AT_ONCE, help="How the synthetic world publishes the next quarter."),
    at: datetime | None = typer.Option(
        None, help="The world's moment, in UTC. Default: the clock.", show_default=False
    ),
    as_json: bool = AS_JSON,
) -> None:
    """Serve a stand-in for iRacing on this machine, until interrupted."""
    require_extra("simulator")
    from iracing_sync.simulator import Simulator, world_from

    moment = None if at is None else at.replace(tzinfo=UTC)
    with Simulator(world_from(world, past=past.value, coming=coming.value), port=port, at=moment) as simulator:
        say("# the simulator serves until Ctrl-C; for a client:", err=True)
        if as_json:
            print_json({"environment": simulator.environment()})
        else:
            for name, value in simulator.environment().items():
                say(f"export {name}={value}")
        with suppress(KeyboardInterrupt):
            simulator.wait()
