"""The command line: called in this process, which is left as it was found, or started as a process of its own."""

import gc
import io
import logging
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from iracing_sync.cli import main

Completed = subprocess.CompletedProcess[str]

OF_THE_LOG = ("httpx", "httpcore", "alembic")
"""The libraries whose level the command line sets."""


def environment_of(database_url: str, folder: Path) -> dict[str, str]:
    """Return an environment in which the command line works on a database and keeps all else in a folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "IRACING_DATABASE_URL": database_url,
        "IRACING_DATA_DIR": str(folder / "data"),
        "IRACING_CACHE_DIR": str(folder / "cache"),
    }


def call(arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Completed:
    """Call the command line in this process with its own environment, folder and streams."""
    shown, said = stream(), stream()
    with ExitStack() as own:
        own.enter_context(patch.dict(os.environ, environment, clear=True))
        own.enter_context(patch.object(sys, "argv", ["iracing-sync", *arguments]))
        own.enter_context(patch.object(sys, "stdin", stream()))
        own.enter_context(chdir(folder))
        own.enter_context(redirect_stdout(shown))
        own.enter_context(redirect_stderr(said))
        for kept in (kept_signals, kept_garbage_collection, kept_log, kept_threads, kept_umask):
            own.enter_context(kept())
        code = exit_code()
    return subprocess.CompletedProcess(list(arguments), code, text_of(shown), text_of(said))


def exit_code() -> int:
    """Return the code with which the process would end; as there, an unforeseen error is printed."""
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def stream() -> io.TextIOWrapper:
    """Return what is neither a terminal nor a file."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def text_of(written: io.TextIOWrapper) -> str:
    """Return what was written to a stream."""
    buffer = written.detach()
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


@contextmanager
def kept_signals() -> Iterator[None]:
    """Put the handlers of signals back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def kept_garbage_collection() -> Iterator[None]:
    """Put the thresholds back and let everything be collected again."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@contextmanager
def kept_umask() -> Iterator[None]:
    """Put back with which modes files are made."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@contextmanager
def kept_log() -> Iterator[None]:
    """Put the handlers of the log and the levels back; pytest's own must not be closed in between."""
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in OF_THE_LOG)]
    handlers, levels = root.handlers[:], [logger.level for logger in loggers]
    root.handlers[:] = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@contextmanager
def kept_threads() -> Iterator[None]:
    """Wait for the threads that the command began: none may outlive it."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith("AnyIO"):  # of the simulator, which lives on
            continue
        thread.join(5)
        assert not thread.is_alive(), thread


def start(
    arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path, **options: Any
) -> subprocess.Popen[str]:
    """Start the command line as a process of its own, without a terminal, which hears signals as if it had one."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-m", "iracing_sync", *arguments]
    given = {**pipes, "preexec_fn": hear_interrupts, **options}
    return subprocess.Popen(command, env=environment, cwd=folder, text=True, **given)


def hear_interrupts() -> None:
    """Undo that whoever runs the tests in the background ignores them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
