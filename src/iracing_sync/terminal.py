"""What a terminal can show: colours, unless its person wants none."""

import os
from typing import TextIO

CODES = {"red": 31, "green": 32, "yellow": 33, "dim": 2}


def in_colour(text: str, colour: str | None, stream: TextIO) -> str:
    """Return a text in a colour, as it is where there is none or the stream shows none."""
    return f"\x1b[{CODES[colour]}m{text}\x1b[0m" if colour and has_colours(stream) else text


def has_colours(stream: TextIO) -> bool:
    """Tell whether a stream shows colours, and may (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
