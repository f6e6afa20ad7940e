"""The command line: options in, one call, lines out; one module a command, named after it."""

import gc
import logging
import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from iracing_sync import __version__
from iracing_sync.cli.for_all import DEBUG, ENV_FILE, GIVEN, QUIET, VERBOSE, finish
from iracing_sync.cli.lines import say, write
from iracing_sync.errors import CLOSED_PIPE, Interrupted, OutputError, SettingsError, SyncError, UnforeseenError
from iracing_sync.signals import SIGNALS

log = logging.getLogger(__name__)

COMMANDS = {
    "run": "Fetch, map and load series, seasons and schedules.",
    "plan": "Show what `run` with the same options would ask iRacing for, and ask nothing.",
    "changes": "Show what changed in the schedules.",
    "schedule": "Show what is raced this week, or in a quarter.",
    "export": "Write the schedules for other programs.",
    "report": "Write a quarter as a page that a browser opens without any network.",
    "publish": "Write a static site: pages, calendars, feeds and data.",
    "series": "Show one season of a series whole: its rounds, cars, restrictions and changes.",
    "track": "Show the rounds at a track.",
    "car": "Show the rounds with a car.",
    "sessions": "Show which races start in the next hours.",
    "content": "Show which tracks and cars some series need, and the cheapest way to enough weeks.",
    "verify": "Compare a quarter with iRacing's own list of it, one call.",
    "calls": "Show what was asked of iRacing, and what came from the cache.",
    "status": "Show the last run, the last good one and what is stored.",
    "runs": "Show what each run was asked, how it ended and what it did.",
    "jobs": "Show what workers have to do, what failed of it, and let that be done again.",
    "simulate": "Serve a stand-in for iRacing on this machine, until interrupted.",
    "demo": "Run the main job on an embedded PostgreSQL against the simulator and show the result.",
    "auth": "Log in at iRacing and out again.",
    "db": "Look into the database, keep an embedded one up, migrate and check.",
    "cache": "Show and clear the cache on disk.",
}
"""What each module of this folder does, in the order in which people read of it."""


class Commands(TyperGroup):
    """The commands, each imported when it is called: all of them would take half a second of `--help`."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment] # their names, of which the nearest is told

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's own signature
        """Return their names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Import a command."""
        return finish(get_command(import_module(f"{__name__}.{cmd_name}").app)) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    name="iracing-sync",
    cls=Commands,
    help="Keep iRacing's series, seasons and schedules in PostgreSQL.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        say(__version__)
        from iracing_sync.cli.versions import versions  # it asks what is installed

        for line in versions():
            say(line)
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(  # noqa: ARG001 - its callback does it
        False, "--version", help="Show the version and exit.", is_eager=True, callback=show_version
    ),
    env_file: str | None = ENV_FILE,  # noqa: ARG001 - kept by callback
    quiet: bool = QUIET,  # noqa: ARG001
    verbose: bool = VERBOSE,  # noqa: ARG001
    debug: bool = DEBUG,  # noqa: ARG001
) -> None:
    """Keep iRacing's series, seasons and schedules in PostgreSQL."""
    SIGNALS.begin_work()


def main() -> None:
    """Run the command line; every error is one line on standard error and its exit code."""
    # What documents hold has no cycles: looking for some at Python's own pace takes a fifth of the time.
    gc.set_threshold(1_000_000)
    SIGNALS.listen()
    GIVEN.clear()
    GIVEN["umask"] = os.umask(0o077)  # what we write is for our user alone, also in a folder that others can read
    try:
        code = app(standalone_mode=False)
        if code and (interruption := SIGNALS.interruption()):
            end(interruption)
        sys.exit(code)
    except typer.Abort:  # nobody answers a question
        sys.exit(Interrupted.exit_code)
    except typer.TyperException as error:
        if error.message.startswith("Usage:"):  # nothing was asked for
            write(error.message, err=True)
            sys.exit(SettingsError.exit_code)
        end(usage_error(error))
    except OutputError as error:
        if error.exit_code != CLOSED_PIPE:  # after `head`, a command ends as any other would
            say(f"iracing-sync: {error}", err=True)
        sys.exit(error.exit_code)
    except SyncError as error:
        end(error)
    except Exception as error:
        if interruption := SIGNALS.interruption():  # what fails after a signal fails because of it
            end(interruption)
        log.debug("where it happened:", exc_info=error)
        end(UnforeseenError("the command broke off", error))
    finally:
        gc.freeze()  # else all of it would be searched once more as the process ends


def end(error: SyncError) -> NoReturn:
    """Say why the command ends, and end it."""
    from iracing_sync.cli.ending import say_end  # it takes the time that `--help` saves

    say_end(error, as_json="--json" in sys.argv)
    sys.exit(error.exit_code)


def usage_error(error: typer.TyperException) -> SyncError:
    """Return what is wrong about the words of the command line, in ours."""
    from iracing_sync.cli.usage import in_our_words  # as above

    return in_our_words(error)
