"""How fast the API may be asked: evenly spaced, within what an account has left, by every thread and process of it."""

import logging
import math
import random
import threading
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from iracing_sync.errors import CallLater
from iracing_sync.rate_limit.allowance import (
    LONGEST_WAIT_SECONDS,
    Allowance,
    Terms,
    grant,
    number,
    reset_at,
    told_by,
    with_news,
    with_refusal,
)

log = logging.getLogger(__name__)

Outcome = TypeVar("Outcome")
Change = Callable[[Allowance], tuple[Outcome, Allowance]]


class Keeper(Protocol):
    """Keeps the one allowance of an account."""

    def change(self, change: Change[Outcome]) -> Outcome:
        """Put a new allowance in the place of the old, while nobody else does, and return what comes of it."""

    def blocked_until(self) -> float:
        """Return until when the account is refused."""


class OwnKeeper:
    """The allowance of a process that shares its account with no other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.allowance = Allowance()

    def change(self, change: Change[Outcome]) -> Outcome:
        """Change it under a lock between threads."""
        with self._lock:
            outcome, self.allowance = change(self.allowance)
            return outcome

    def blocked_until(self) -> float:
        """Return until when the account is refused."""
        return self.allowance.blocked_until


class Pace:
    """The moment of every call; `reserve` is the part of each window that is left to others, from 0 to 1.

    `clock` gives epoch seconds. Whoever would wait for longer than `longest_wait` seconds is told so, and takes no call
    from the others. Threads may share it.
    """

    def __init__(
        self,
        requests_per_second: float,
        reserve: float,
        keeper: Keeper,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        longest_wait: float = math.inf,
    ) -> None:
        self._longest_wait = longest_wait
        self._terms = Terms(1 / requests_per_second, reserve)
        self._keeper = keeper
        self._sleep = sleep
        self._clock = clock
        self._heeded: Allowance = Allowance()

    def wait(self) -> None:
        """Sleep until a call is due; again where the account was refused in the meantime.

        Raises CallLater where that is too long.
        """
        while True:
            at = self._keeper.change(self._grant)
            wait = at - self._clock()
            if wait > self._longest_wait:
                raise CallLater(wait)
            if wait <= 0:
                return
            if wait > 5:
                log.info("the rate limit of the account leaves no call for %.0f s", wait)
            self._sleep(wait)
            if self._keeper.blocked_until() <= self._clock():
                return

    def heed(self, headers: Mapping[str, str]) -> None:
        """Take in what an answer tells of the rate limit, where that is news."""
        told = told_by(headers, self._clock())
        if told is None or with_news(self._heeded, told) is self._heeded:
            return

        def heed(allowance: Allowance) -> tuple[Allowance, Allowance]:
            changed = with_news(allowance, told)
            return changed, changed

        self._heeded = self._keeper.change(heed)

    def back_off(self, headers: Mapping[str, str], refusals: int) -> None:
        """Put every call off after a 429: until the reset, and ever longer from one refusal to the next."""
        now = self._clock()
        reset = number(headers, "x-ratelimit-reset")
        wait = min(number(headers, "retry-after") or 0, LONGEST_WAIT_SECONDS)
        ends_at = now + wait if reset is None else reset_at(reset, now)
        jitter = random.uniform(0.05, 1)  # noqa: S311 - spreads clients, guards nothing
        until = max(ends_at, now + 2.0 ** (refusals - 2)) + jitter
        self._keeper.change(lambda allowance: (None, with_refusal(allowance, until)))
        log.info("the rate limit refuses: the next call is in %.1f s", until - now)

    def _grant(self, allowance: Allowance) -> tuple[float, Allowance]:
        now = self._clock()
        at, left = grant(allowance, now, self._terms)
        if at - now > self._longest_wait:
            return at, allowance
        self._heeded = left
        return at, left
