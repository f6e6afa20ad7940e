"""A question to `/data` and the attempts at it, each of which becomes one line of the ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from iracing_sync.documents import Params
from iracing_sync.fetch.http.transfer import Transfer
from iracing_sync.ledger.call import Call, Ledger
from iracing_sync.rate_limit.allowance import number

LONGEST_ERROR = 300


@dataclass(slots=True)
class Attempt:
    """What is known of an attempt so far; `begun` is in epoch seconds."""

    number: int
    begun: float
    http_status: int | None = None
    size_bytes: int | None = None
    rate_limit_remaining: int | None = None
    error: str | None = None

    def heed(self, response: httpx.Response) -> None:
        """Note an answer."""
        self.http_status = response.status_code
        self.size_bytes = len(response.content)
        self.rate_limit_remaining = number(response.headers, "x-ratelimit-remaining")
        if response.status_code != 200:
            self.error = f"HTTP {response.status_code}"


@dataclass(slots=True)
class Question:
    """What is asked of `/data`; `cached` is what the ledger says of the way here, `tries` how often it may be asked."""

    endpoint: str
    params: Params
    cached: str
    transfer: Transfer
    tries: int
    attempts: int = 0

    @contextmanager
    def attempt(self, ledger: Ledger, clock: Callable[[], float]) -> Iterator[Attempt]:
        """Give an attempt, and tell the ledger of it however it ends."""
        self.attempts += 1
        attempt = Attempt(self.attempts, clock())
        try:
            yield attempt
        except Exception as error:
            attempt.error = str(error)[:LONGEST_ERROR]
            raise
        finally:
            ledger(self.call(attempt, clock()))

    def call(self, attempt: Attempt, now: float) -> Call:
        """Return an attempt as the ledger holds it."""
        return Call(
            at=datetime.fromtimestamp(attempt.begun, UTC),
            endpoint=self.endpoint,
            params=self.params,
            http_status=attempt.http_status,
            attempt=attempt.number,
            cached=self.cached,
            duration_ms=max(0, round((now - attempt.begun) * 1000)),
            size_bytes=attempt.size_bytes,
            rate_limit_remaining=attempt.rate_limit_remaining,
            error=attempt.error,
        )
