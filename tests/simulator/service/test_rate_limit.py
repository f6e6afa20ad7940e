"""Windows that stand still, and windows that slide."""

from datetime import timedelta

import pytest
from clocks import StandingClock

from iracing_sync.simulator.service.rate_limit import RateLimit


def admissions(limit: RateLimit, clock: StandingClock, seconds: list[float]) -> list[bool]:
    admitted = []
    for wait in seconds:
        if wait:
            clock.sleep(wait)
        admitted.append(limit.admit())
    return admitted


@pytest.mark.parametrize(
    ("style", "admitted"),
    [("fixed", [True, True, False, True, True, False]), ("sliding", [True, True, False, True, False, True])],
)
def test_a_window_stands_still_or_slides(style, admitted) -> None:
    clock = StandingClock(1)
    limit = RateLimit(2, clock.instant, timedelta(seconds=10), style)

    # at 0, 6, 6, 11, 11 and 16 seconds
    assert admissions(limit, clock, [0, 6, 0, 5, 0, 5]) == admitted


def test_the_reset_of_a_sliding_window_is_when_its_oldest_call_leaves() -> None:
    clock = StandingClock(1)
    limit = RateLimit(2, clock.instant, timedelta(seconds=10), "sliding")
    admissions(limit, clock, [0, 4])
    begun = clock.now() - 4

    assert limit.headers() == {
        "x-ratelimit-limit": "2",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(begun) + 10),
    }
