"""Clocks that run faster than the world's."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple


class CompressedClock(NamedTuple):
    """So many of its seconds pass in one of the world's; the same in every process that is given its beginning."""

    speed: float
    began_at: float

    def now(self) -> float:
        return self.began_at + (time.time() - self.began_at) * self.speed

    def instant(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


class StandingClock:
    """Time passes only while all of its sleepers sleep, and then at once."""

    def __init__(self, sleepers: int) -> None:
        self._now = 1_000_000.0
        self._awake = sleepers
        self._wakes: list[float] = []
        self._changed = threading.Condition()

    def now(self) -> float:
        with self._changed:
            return self._now

    def instant(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def sleep(self, seconds: float) -> None:
        with self._changed:
            wake = self._now + seconds
            with self._resting(wake):
                self._changed.wait_for(lambda: self._now >= wake)

    def leave(self) -> None:
        """Wait no more for one of the sleepers."""
        with self._changed:
            self._awake -= 1
            self._pass()

    @contextmanager
    def _resting(self, wake: float) -> Iterator[None]:
        self._wakes.append(wake)
        self._awake -= 1
        self._pass()
        yield
        self._wakes.remove(wake)
        self._awake += 1

    def _pass(self) -> None:
        if self._awake == 0 and self._wakes:
            self._now = max(self._now, min(self._wakes))
            self._changed.notify_all()
