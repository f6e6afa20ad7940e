"""Where a result goes: standard output, or a file that is whole whenever somebody reads it."""

import os
import tempfile
from pathlib import Path

from iracing_sync.cli.for_all import GIVEN
from iracing_sync.errors import SettingsError


def put_file(path: Path, content: bytes) -> bool:
    """Put content into a file, written aside and renamed; not touched where it holds the same: then false.

    Its mode is what the user's umask gives. What is no plain file, such as /dev/stdout, is written to.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        elif target.is_file() and target.read_bytes() == content:
            return False
        else:
            replace_file(target, content)
    except OSError as error:
        raise SettingsError(f"--out {path}: {error.strerror}") from error
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Write a file aside and rename it."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o666 & ~GIVEN.get("umask", 0o077))
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
