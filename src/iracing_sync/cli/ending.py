"""How a command ends that is no success: in one line, and for programs in one object."""

import sys
from typing import NoReturn

from iracing_sync.app.log import log_as_json
from iracing_sync.cli.lines import say
from iracing_sync.cli.output import print_json
from iracing_sync.errors import SyncError


def say_end(error: SyncError, *, as_json: bool) -> None:
    """Say why a command ends that has shown nothing."""
    if as_json:
        print_json(error.as_dict())
    say_error(error)


def leave(error: SyncError) -> NoReturn:
    """End a command that has printed what it found, and say why that is no success."""
    say_error(error)
    sys.exit(error.exit_code)


def say_error(error: SyncError) -> None:
    """Say on standard error why a command ends, and on a terminal what one could type next."""
    if log_as_json(error):
        return
    say(f"iracing-sync: {error}", err=True, colour="red")
    if sys.stderr.isatty() and error.next not in str(error):
        say(f"next: {error.next}", err=True)
