"""Where a result goes: standard output, or a file that is whole whenever somebody reads it."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from filecmp import cmp
from pathlib import Path

from iracing_sync.cli.for_all import GIVEN
from iracing_sync.cli.lines import write_bytes
from iracing_sync.errors import SettingsError

PART = 1 << 16
"""How many bytes are written to standard output at once."""


def put_out(path: Path | None, parts: Iterable[bytes]) -> bool:
    """Put what comes in parts into a file, or on standard output; false where the file held the same already."""
    if path is not None:
        return put_file(path, parts)
    for part in large_parts(parts):
        write_bytes(part)
    return True


def large_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in fewer parts."""
    gathered = bytearray()
    for part in parts:
        gathered += part
        if len(gathered) >= PART:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


def put_file(path: Path, parts: Iterable[bytes]) -> bool:
    """Put what comes in parts into a file, written aside and renamed; not touched where it holds the same: then false.

    Its mode is what the user's umask gives. What is no plain file, such as /dev/stdout, is written to.
    """
    try:
        target = path.resolve()
        if target.is_file() or not target.exists():
            return replace_file(target, parts)
        with target.open("wb") as file:
            file.writelines(parts)
    except OSError as error:
        raise SettingsError(f"--out {path}: {error.strerror}") from error
    return True


def replace_file(path: Path, parts: Iterable[bytes]) -> bool:
    """Write a file aside and rename it, unless it held the same already: then false."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(parts)
            os.fchmod(file.fileno(), 0o666 & ~GIVEN.get("umask", 0o077))
        if path.is_file() and cmp(aside, path, shallow=False):
            return False
        aside.replace(path)
        return True
    finally:
        aside.unlink(missing_ok=True)
