"""Presigned links: where documents lie for a quarter of an hour, as on S3."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson


@dataclass(frozen=True)
class StoredDocument:
    """A document that waits to be fetched."""

    endpoint: str
    body: bytes
    expires_at: datetime


@dataclass
class LinkStore:
    """Keeps documents until their links expire."""

    clock: Callable[[], datetime]
    lifetime: timedelta
    _stored: dict[str, StoredDocument] = field(default_factory=dict)

    def put(self, endpoint: str, body: bytes, key: str) -> datetime:
        """Keep a document and return when its link expires."""
        now = self.clock()
        for old in [name for name, stored in self._stored.items() if stored.expires_at <= now]:
            del self._stored[old]
        self._stored[key] = StoredDocument(endpoint, body, now + self.lifetime)
        return now + self.lifetime

    def get(self, key: str) -> StoredDocument | None:
        """Return a document, or None where its link is unknown or has expired."""
        stored = self._stored.get(key)
        return stored if stored and self.clock() < stored.expires_at else None


def presigned_path(key: str, lifetime: timedelta) -> str:
    """Return path and query of a link; the signature is another one each time."""
    return f"s3/{key}?X-Amz-Expires={int(lifetime.total_seconds())}&X-Amz-Signature={secrets.token_hex(32)}"


def chunk_bodies(rows: list[object], size: int) -> list[bytes]:
    """Cut a list into encoded pieces of at most `size` rows."""
    return [orjson.dumps(rows[first : first + size]) for first in range(0, len(rows), size)]
