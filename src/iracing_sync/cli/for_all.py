"""What holds for every command: the options that all take, before or after its name, and how its help reads."""

from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from iracing_sync.whole_numbers import LARGEST

GIVEN: dict[str, Any] = {}
"""The options for all that were given, and the umask: of this process, which runs one command."""


def keep(param: typer.CallbackParam, value: Any) -> Any:
    """Keep an option until the command begins, wherever it was given."""
    if value:
        GIVEN[str(param.name)] = value
    return value


def is_quiet() -> bool:
    """Tell whether nothing is to be said where all is well."""
    return bool(GIVEN.get("quiet"))


def is_verbose() -> bool:
    """Tell whether all is to be said."""
    return bool(GIVEN.get("verbose") or GIVEN.get("debug"))


def for_all(*names: str, help: str) -> Any:  # noqa: A002 - typer's own word
    """Return an option for all."""
    return typer.Option(False, *names, help=help, callback=keep, expose_value=False)


ENV_FILE = typer.Option(
    None, metavar="FILE", help="Read this file of settings instead of any .env.", callback=keep, expose_value=False
)
QUIET = for_all("--quiet", "-q", help="Say nothing where all is well.")
VERBOSE = for_all("--verbose", "-v", help="Log more: every document, every question.")
DEBUG = for_all("--debug", help="Log as much, and where an error comes from.")


def new_app(help: str | None = None) -> typer.Typer:  # noqa: A002
    """Return what one command is made of, or with `help` a group of them."""
    return typer.Typer(help=help, no_args_is_help=help is not None, rich_markup_mode=None, add_completion=False)


bearer = new_app()


@bearer.command()
def bear(env_file: str | None = ENV_FILE, quiet: bool = QUIET, verbose: bool = VERBOSE, debug: bool = DEBUG) -> None:
    """Bear the options for all."""


def finish(command: Any) -> Any:
    """Return a command, with those below it, that takes the options for all and whose help reads like all others."""
    if isinstance(command, TyperGroup):
        for one in command.commands.values():
            finish(one)
    if not isinstance(command, TyperGroup) or command.invoke_without_command:
        command.params += get_command(bearer).params
    for param in command.params:
        put_into_words(param)
    return command


def put_into_words(param: Any) -> None:
    """Describe what an option takes as a person would: not as <int range> and x>=1."""
    if param.metavar is None and not getattr(param, "is_flag", True):
        choices = param.type_descriptor.choices
        param.metavar = "|".join(one.value for one in choices) if choices else param.name.upper()
    least, most = getattr(param, "min", None), getattr(param, "max", None)
    if most is not None and most < LARGEST:
        param.help = f"{param.help.rstrip('.')}; {least:g} to {most:g}."
    param.min = param.max = None  # of the help only: what is given is checked all the same
