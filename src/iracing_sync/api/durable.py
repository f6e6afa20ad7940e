"""Small private files that survive a power cut: the old content or the new, never a part."""

import os
import tempfile
from pathlib import Path

from iracing_sync.locks import make_private_folder


def write_private(path: Path, content: bytes) -> None:
    """Put `content` (mode 0600, folder 0700) in the place of what was there; on disk when this returns."""
    make_private_folder(path.parent)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
