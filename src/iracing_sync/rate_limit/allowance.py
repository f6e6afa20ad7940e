"""What an account may still ask of the API: how the answers' headers and our own calls lead to the next call's moment.

iRacing counts answers in windows and tells with each of them how many remain and when the window ends. It is not known
whether a window stands still or slides along: both work here. Instants are epoch seconds, as `x-ratelimit-reset` is.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

SAME_WINDOW_SECONDS = 1.5
"""Two resets that are no further apart than this are one: they are told in whole seconds."""

LONGEST_WAIT_SECONDS = 900.0
"""A reset further away than this is taken for a clock that goes wrong."""


USUAL_WINDOW_SECONDS = 60
"""How long a window is where nothing sensible is told of its end."""

MILLISECONDS_FROM = 10**11
"""Epoch seconds reach this number in the year 5138."""


class Told(NamedTuple):
    """What the headers of an answer tell of the window."""

    limit: int
    remaining: int
    resets_at: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is known of the window.

    `next_at` is when the next call is due and `blocked_until` when a refusal ends. The window has `call_limit` answers
    and ends at `resets_at`. Of them `used` are for our own calls since `counted_from`, answered or not, and `others`
    for what else the account is used for. `window_seconds` is how long a window is, as far as was seen.
    """

    next_at: float = 0.0
    blocked_until: float = 0.0
    call_limit: int | None = None
    resets_at: float = 0.0
    used: int = 0
    others: int = 0
    counted_from: float = 0.0
    window_seconds: float = 0.0


class Terms(NamedTuple):
    """How an account may be used: the least time between two calls, and what part of a window is not ours."""

    spacing_seconds: float
    reserve: float


def grant(allowance: Allowance, now: float, terms: Terms) -> tuple[float, Allowance]:
    """Return when the next call may be made, and what is left then.

    What remains of a window, less the reserve, is spread evenly over the rest of it.
    """
    at = min(max(now, allowance.next_at, allowance.blocked_until), now + LONGEST_WAIT_SECONDS)
    allowance = window_at(allowance, at)
    if (spare := spare_calls(allowance, at, terms)) is not None and spare < 1:
        at = min(max(at, allowance.resets_at), now + LONGEST_WAIT_SECONDS)
        allowance, spare = window_at(allowance, at), None
    window = max(allowance.window_seconds, allowance.resets_at - at)
    spread = (allowance.resets_at - at) / spare if spare else usual_spacing(allowance, terms)
    spacing = max(terms.spacing_seconds, spread)
    return at, replace(allowance, next_at=at + spacing, used=allowance.used + 1, window_seconds=window)


def usual_spacing(allowance: Allowance, terms: Terms) -> float:
    """Return the pace at which a whole window would be used up, for when nothing is known of the present one."""
    ours = (allowance.call_limit or 0) * (1 - terms.reserve)
    return min(allowance.window_seconds, LONGEST_WAIT_SECONDS) / ours if ours else 0.0


def window_at(allowance: Allowance, at: float) -> Allowance:
    """Begin to count anew where a call falls behind the end of the window; where the next one ends is not known yet."""
    if at < allowance.resets_at or allowance.counted_from >= allowance.resets_at:
        return allowance
    return replace(allowance, used=0, others=0, counted_from=at)


def spare_calls(allowance: Allowance, at: float, terms: Terms) -> int | None:
    """Return how many calls the window has for us, null where it is over or nothing was told of it."""
    if allowance.call_limit is None or at >= allowance.resets_at:
        return None
    reserved = math.ceil(allowance.call_limit * terms.reserve)
    return allowance.call_limit - allowance.used - allowance.others - reserved


def with_news(allowance: Allowance, told: Told) -> Allowance:
    """Take in what an answer tells; one of an earlier window, or of our own calls only, tells nothing new."""
    ahead = told.resets_at - allowance.resets_at
    if ahead < -SAME_WINDOW_SECONDS:
        return allowance
    if ahead > SAME_WINDOW_SECONDS:
        is_counted = allowance.counted_from >= allowance.resets_at
        used = allowance.used if is_counted else 0
        allowance = replace(allowance, call_limit=told.limit, resets_at=told.resets_at, used=used, others=0)
    others = told.limit - told.remaining - allowance.used
    return replace(allowance, others=others) if others > allowance.others else allowance


def with_refusal(allowance: Allowance, until: float) -> Allowance:
    """Take in that nothing more is answered before an instant."""
    return replace(allowance, blocked_until=max(allowance.blocked_until, until))


def told_by(headers: Mapping[str, str], now: float) -> Told | None:
    """Read the headers of an answer, of which links have none; without a limit it is what remains at first."""
    limit, left, reset = (number(headers, f"x-ratelimit-{name}") for name in ("limit", "remaining", "reset"))
    return None if left is None or reset is None else Told(limit or left, left, reset_at(reset, now))


def reset_at(told: int, now: float) -> float:
    """Return when a window ends by what a header tells; some clocks tell milliseconds, some go wrong by years.

    >>> reset_at(1_750_000_030_000, now=1_750_000_000)
    1750000030.0
    >>> reset_at(4_000_000_000, now=1_750_000_000)
    1750000060
    """
    at = told / 1000 if told > MILLISECONDS_FROM else told
    return at if abs(at - now) <= LONGEST_WAIT_SECONDS else now + USUAL_WINDOW_SECONDS


def number(headers: Mapping[str, str], name: str) -> int | None:
    """Return a header that is a whole number of a sensible length."""
    value = headers.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
