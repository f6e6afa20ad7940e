"""What a running simulator remembers: the world's moment, tokens, links, calls and the rate limit."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from iracing_sync.simulator.faults import Faults
from iracing_sync.simulator.links import LinkStore
from iracing_sync.simulator.tokens import TokenOffice
from iracing_sync.simulator.world import World

WINDOW = timedelta(seconds=60)


@dataclass
class RateLimit:
    """So many answers in a window that begins with the first of them."""

    limit: int
    clock: Callable[[], datetime]
    used: int = 0
    resets_at: datetime | None = None

    def count(self) -> bool:
        """Count a call and say whether it is still allowed."""
        now = self.clock()
        if self.resets_at is None or now >= self.resets_at:
            self.used, self.resets_at = 0, now + WINDOW
        self.used += 1
        return self.used <= self.limit

    def headers(self) -> dict[str, str]:
        """Return what iRacing tells with every answer; the reset is in epoch seconds."""
        resets_at = self.resets_at or self.clock() + WINDOW
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(max(self.limit - self.used, 0)),
            "x-ratelimit-reset": str(int(resets_at.timestamp()) + 1),
        }


@dataclass
class AccessCalls:
    """What became of the requests to OAuth; `burnt` are refreshes with an unknown or used token."""

    logins: int = 0
    refreshes: int = 0
    burnt: int = 0
    revocations: int = 0
    most_tokens_at_once: int = 0
    tokens_now: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the counters as `/simulator/calls` shows them."""
        return {name: count for name, count in vars(self).items() if name != "tokens_now"}

    def reset(self) -> None:
        """Count from nought again."""
        self.logins = self.refreshes = self.burnt = self.revocations = self.most_tokens_at_once = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count a token request while it is in progress."""
        self.tokens_now += 1
        self.most_tokens_at_once = max(self.most_tokens_at_once, self.tokens_now)
        try:
            yield
        finally:
            self.tokens_now -= 1

    def granted(self, grant_type: str | None) -> None:
        """Count tokens that were granted."""
        if grant_type == "refresh_token":
            self.refreshes += 1
        else:
            self.logins += 1


@dataclass
class Calls:
    """How often the simulator was asked."""

    data: int = 0
    links: int = 0
    tokens: int = 0
    by_endpoint: Counter[str] = field(default_factory=Counter)
    access: AccessCalls = field(default_factory=AccessCalls)

    def as_json(self) -> dict[str, Any]:
        """Return the counters as `/simulator/calls` shows them."""
        counts = {"data": self.data, "links": self.links, "tokens": self.tokens}
        return {**counts, **self.access.as_json(), "by_endpoint": dict(self.by_endpoint)}

    def reset(self) -> None:
        """Count from nought again."""
        self.data = self.links = self.tokens = 0
        self.by_endpoint.clear()
        self.access.reset()


@dataclass
class State:
    """Everything that the routes share."""

    world: World
    faults: Faults
    clock: Callable[[], datetime]
    tokens: TokenOffice
    links: LinkStore
    rate_limit: RateLimit
    chunk_endpoints: frozenset[str] = frozenset()
    chunk_size: int = 10
    at: datetime | None = None
    calls: Calls = field(default_factory=Calls)

    def moment(self) -> datetime:
        """Return the world's moment, which is now unless someone moved it."""
        return self.at or self.clock()
