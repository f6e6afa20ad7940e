"""How fast the API may be asked: evenly spaced, and not at all before an exhausted rate limit is reset."""

import logging
import random
from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 900.0
"""A reset further away than this is taken for a clock that goes wrong."""


class Pace:
    """The earliest moment of the next call.

    `clock` gives epoch seconds, as `x-ratelimit-reset` does.
    """

    def __init__(self, requests_per_second: float, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._spacing = 1 / requests_per_second
        self._sleep = sleep
        self._clock = clock
        self._next_at = 0.0

    def wait(self) -> None:
        """Sleep until the next call is due, and set the one after it."""
        wait = min(self._next_at - self._clock(), LONGEST_WAIT_SECONDS)
        if wait > 0:
            self._sleep(wait)
        self._next_at = self._clock() + self._spacing

    def heed(self, headers: Mapping[str, str]) -> None:
        """Put the next call off until the reset where the answer says that no call remains."""
        if remaining(headers) == 0 and (reset := _number(headers, "x-ratelimit-reset")) is not None:
            self._put_off(reset)

    def back_off(self, headers: Mapping[str, str], refusals: int) -> None:
        """Put the next call off after a 429: until the reset, and ever longer from one refusal to the next."""
        reset = _number(headers, "x-ratelimit-reset") or 0
        self._put_off(max(reset, self._clock() + 2.0 ** (refusals - 2)))

    def _put_off(self, until: float) -> None:
        jitter = random.uniform(0.05, 1)  # noqa: S311 - spreads clients, guards nothing
        self._next_at = max(self._next_at, until + jitter)
        logger.info("rate limit used up: the next call is in %.1f s", self._next_at - self._clock())


def remaining(headers: Mapping[str, str]) -> int | None:
    """Return how many calls the rate limit still allows, where the answer says so (links do not)."""
    return _number(headers, "x-ratelimit-remaining")


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isascii() and value.isdigit() else None
