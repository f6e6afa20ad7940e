"""What is written down of every answer asked of `/data`: never a token, never a presigned query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt to get an answer of `/data`, or one document found in the cache.

    `cached` is `hit` (no call was made), `miss`, or `refresh` (the cache was bypassed). `http_status` is null where
    no answer came. `duration_ms` and `size_bytes` are of the answer and the document behind its link, unpacked.
    `error` says why no document came of it.
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
    error: str | None = None
    entry_id: UUID = field(default_factory=uuid4)


Ledger = Callable[[Call], None]
