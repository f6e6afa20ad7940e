"""What is written down of every answer asked of `/data`: never a token, never a presigned query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt to get an answer of `/data`, or one document found in the cache.

    `cached` is `hit` (no call was made), `miss`, or `refresh` (the cache was bypassed). `http_status` is null where
    no answer came; `size_bytes` is that of the answer itself, which may be no more than a link, or of the cached body.
    """

    at: datetime
    endpoint: str
    params: Mapping[str, int]
    http_status: int | None
    attempt: int
    cached: str
    duration_ms: int
    size_bytes: int | None
    rate_limit_remaining: int | None


Ledger = Callable[[Call], None]
