"""What a running simulator remembers: the world's moment, tokens, links, calls and the rate limit."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iracing_sync.simulator.service.faults import Faults
from iracing_sync.simulator.service.link_store import LinkStore
from iracing_sync.simulator.service.rate_limit import RateLimit
from iracing_sync.simulator.service.token_office import TokenOffice
from iracing_sync.simulator.world import World


@dataclass
class AtOnce:
    """How many requests are being answered, and how many were at most."""

    now: int = 0
    most: int = 0

    @contextmanager
    def count_one(self) -> Iterator[None]:
        """Count a request while it is in progress."""
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            yield
        finally:
            self.now -= 1


@dataclass
class AccessCalls:
    """What became of the requests to OAuth; `burnt` are refreshes with an unknown or used token."""

    logins: int = 0
    refreshes: int = 0
    burnt: int = 0
    revocations: int = 0
    at_once: AtOnce = field(default_factory=AtOnce)

    def as_json(self) -> dict[str, int]:
        """Return the counters as `/simulator/calls` shows them."""
        counts = {name: count for name, count in vars(self).items() if name != "at_once"}
        return {**counts, "most_tokens_at_once": self.at_once.most}

    def reset(self) -> None:
        """Count from nought again."""
        self.logins = self.refreshes = self.burnt = self.revocations = self.at_once.most = 0

    def count_grant(self, grant_type: str | None) -> None:
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
    refused: int = 0
    unauthorized: int = 0
    at_once: AtOnce = field(default_factory=AtOnce)
    by_endpoint: Counter[str] = field(default_factory=Counter)
    access: AccessCalls = field(default_factory=AccessCalls)

    def as_json(self) -> dict[str, Any]:
        """Return the counters as `/simulator/calls` shows them."""
        counts = {name: count for name, count in vars(self).items() if isinstance(count, int)}
        return {
            **counts,
            "most_at_once": self.at_once.most,
            **self.access.as_json(),
            "by_endpoint": dict(self.by_endpoint),
        }

    def count_status(self, status: int) -> None:
        """Count an answer of `/data` if its status refuses."""
        self.refused += status == 429
        self.unauthorized += status == 401

    def reset(self) -> None:
        """Count from nought again."""
        self.data = self.links = self.tokens = self.refused = self.unauthorized = self.at_once.most = 0
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

    def world_moment(self) -> datetime:
        """Return the world's moment, which is now unless someone moved it."""
        return self.at or self.clock()
