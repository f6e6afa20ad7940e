"""Lines for people and for pipes."""

import os
import shutil
import sys
import textwrap

import typer

from iracing_sync.cli.for_all import is_quiet
from iracing_sync.errors import OutputError
from iracing_sync.plain_text import plain_text
from iracing_sync.terminal import in_colour


def say(line: str, *, err: bool = False, colour: str | None = None) -> None:
    """Print one line for people; on standard output none where all is well and they want to hear nothing then."""
    if is_quiet() and not err:
        return
    stream = sys.stderr if err else sys.stdout
    text = plain_text(line)
    for part in screen_lines(text, shutil.get_terminal_size().columns) if stream.isatty() else [text]:
        write(in_colour(part, colour, stream), err=err)


def screen_lines(line: str, width: int) -> list[str]:
    """Fold a line that is wider than the terminal, at its spaces and further in.

    >>> screen_lines("  Week 12: 3 laps instead of 4", 20)
    ['  Week 12: 3 laps', '      instead of 4']
    """
    if len(line) <= width:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def write_bytes(content: bytes) -> None:
    """Put bytes on standard output as they are; raises OutputError where nobody takes them."""
    write(content, newline=False)


def write(text: str | bytes, *, err: bool = False, newline: bool = True) -> None:
    """Print a line; raises OutputError where nobody takes it. Where that is so of errors, nobody can be told."""
    try:
        typer.echo(text, err=err, nl=newline, color=True)  # whether colours are shown is decided by then
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (sys.stderr if err else sys.stdout).fileno())  # else Python complains once more at its end
        os.close(nowhere)
        if not err:
            raise OutputError(error) from None
