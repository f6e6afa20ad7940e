"""The command line: options in, one call, result out. Modules are imported when their command runs."""

import typer

from iracing_sync.cli.auth import app as auth
from iracing_sync.cli.cache import app as cache
from iracing_sync.cli.calls import calls
from iracing_sync.cli.db import app as db
from iracing_sync.cli.reading import changes, schedule
from iracing_sync.cli.run import plan, run
from iracing_sync.cli.simulate import demo, simulate
from iracing_sync.cli.status import status
from iracing_sync.cli.verify import verify

app = typer.Typer(
    name="iracing-sync",
    help="Keep iRacing's series, seasons and schedules in PostgreSQL.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(run)
app.command()(plan)
app.command()(changes)
app.command()(schedule)
app.command()(verify)
app.command()(calls)
app.command()(status)
app.command()(simulate)
app.command()(demo)
app.add_typer(auth, name="auth")
app.add_typer(db, name="db")
app.add_typer(cache, name="cache")


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", help="Show the version and exit.", is_eager=True),
) -> None:
    """Keep iRacing's series, seasons and schedules in PostgreSQL."""
    if version:
        from iracing_sync import __version__

        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; every foreseeable error is one line on standard error and its exit code."""
    import gc
    import signal
    import sys

    from iracing_sync.errors import Interrupted, SyncError

    gc.disable()  # imports, documents and records hold no cycles: searching them takes a fifth of the time

    def interrupt(number: int, _frame: object) -> None:
        raise Interrupted(f"interrupted by {signal.Signals(number).name}")

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        app(standalone_mode=True)
    except SyncError as error:
        typer.echo(f"iracing-sync: {error}", err=True)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if isinstance(end.__context__, typer.Abort):
            sys.exit(Interrupted.exit_code)
        raise
    finally:
        gc.freeze()  # else all of it would be searched once more as the process ends
