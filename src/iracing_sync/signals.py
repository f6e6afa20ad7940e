"""What the system asks of this process: to end, in order, with one line and the exit code that tells by what.

Signals are the process's own and can come at any moment, so what was heard is kept here, once for the process.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from iracing_sync.errors import Interrupted

EXIT_CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 143}


class Signals:
    """Before the work begins a signal ends the process at once, for nothing is open; then it raises Interrupted."""

    def __init__(self) -> None:
        self.heard: str | None = None
        self._has_begun = False
        self._listeners: list[Callable[[], None]] = []

    def listen(self) -> None:
        """Hear signals from now on."""
        self.heard, self._has_begun = None, False
        for name in EXIT_CODES:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._hear)

    def begin_work(self) -> None:
        """Say that from now on there is something to leave in order."""
        self._has_begun = True

    @contextmanager
    def heeded_by(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call a listener as soon as a signal is heard."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def interruption(self) -> Interrupted | None:
        """Return what was heard as an error, None where nothing was."""
        return Interrupted(f"interrupted by {self.heard}", EXIT_CODES[self.heard]) if self.heard else None

    def _hear(self, number: int, _frame: object) -> None:
        self.heard = signal.Signals(number).name
        if not self._has_begun:
            print(f"iracing-sync: interrupted by {self.heard}", file=sys.stderr, flush=True)
            os._exit(EXIT_CODES[self.heard])
        for listener in self._listeners:
            listener()
        raise Interrupted(f"interrupted by {self.heard}", EXIT_CODES[self.heard])


SIGNALS = Signals()
