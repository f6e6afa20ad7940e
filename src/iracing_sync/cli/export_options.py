"""The options that all kinds of export share, and what is said of a file."""

from pathlib import Path

import typer

from iracing_sync.cli.lines import say
from iracing_sync.cli.output import print_json
from iracing_sync.errors import SettingsError
from iracing_sync.plain_text import how_many

CATEGORY = typer.Option(None, help="Only this category.")
OUT = typer.Option(None, metavar="FILE", help="Write this file, where it differs.")


def require_file(out: Path | None, *, as_json: bool) -> None:
    """Raise SettingsError where two things were to go to standard output."""
    if as_json and out is None:
        raise SettingsError("--json tells what was written into a file: --out FILE")


def tell_of_file(out: Path | None, events: int | None, *, is_written: bool, as_json: bool) -> None:
    """Say what was written, and whether it was there before; nothing where it went to standard output."""
    if out is None:
        return
    if as_json:
        print_json({"file": str(out), **({} if events is None else {"events": events}), "written": is_written})
        return
    held = ["as before" if not is_written else "written"] if events is None else [how_many(events, "event")]
    if events is not None and not is_written:
        held.append("as before")
    say(f"{out}: {', '.join(held)}")
