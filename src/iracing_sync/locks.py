"""Locks between processes, which the kernel frees when their holder ends, however it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def take_lock(path: Path, *, exclusive: bool = True, wait: bool = True) -> int:
    """Lock a file and return its descriptor; closing that gives the lock back.

    The file itself stays: removing it would let two processes lock two files of one name. Raises BlockingIOError
    where the lock is held and `wait` is false.
    """
    import fcntl  # absent outside POSIX, where importing us must still work

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def locked(path: Path) -> Iterator[None]:
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


def make_private_folder(folder: Path) -> None:
    """Make a folder that nobody else can enter, and shut it where it was open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
