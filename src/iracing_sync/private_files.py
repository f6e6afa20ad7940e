"""Files that nobody else may read, always whole, and the locks between processes."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def take_lock(path: Path, *, exclusive: bool = True, wait: bool = True) -> int:
    """Lock a file and return its descriptor; closing that gives the lock back, as does the end of its holder.

    The file itself stays: removing it would let two processes lock two files of one name. Raises BlockingIOError
    where the lock is held and `wait` is false.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file, waiting for whoever holds it."""
    descriptor = take_lock(path)
    try:
        yield
    finally:
        os.close(descriptor)


def is_free(path: Path) -> bool:
    """Tell whether no process holds the lock of a file."""
    try:
        os.close(take_lock(path, wait=False))
    except BlockingIOError:
        return False
    return True


def write_private(path: Path, content: bytes) -> None:
    """Put `content` (mode 0600) in the place of what was there; on disk when this returns.

    Whoever reads sees the old content or the new, never a part, whatever ends us.
    """
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
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a renaming in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
