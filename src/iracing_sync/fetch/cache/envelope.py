"""A cached document: one line of JSON that says what it is, then the body, compressed with a checksum over both."""

import zlib
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from iracing_sync.documents import Document, Params, document_name
from iracing_sync.fetch.expected import fault_in, unreadable_in

UNREADABLE = (zlib.error, ValueError, KeyError, TypeError)

HEADER_MOST = 4096


class Header(NamedTuple):
    """What an entry says of its document; `body_bytes` is the size of the body, not compressed."""

    endpoint: str
    params: Params
    fetched_at: datetime
    body_bytes: int

    @property
    def name(self) -> str:
        """Return what a person calls the document."""
        return document_name(self.endpoint, self.params)


def pack(key: str, document: Document) -> bytes:
    """Write a document as the envelope for a key."""
    header = {
        "key": key,
        "endpoint": document.endpoint,
        "params": dict(document.params),
        "fetched_at": document.fetched_at.isoformat(),
        "body_bytes": len(document.body),
        "is_checked": True,
        "is_spoilt": bool(unreadable_in(document)),
    }
    return zlib.compress(orjson.dumps(header) + b"\n" + document.body)


def unpack(key: str, envelope: bytes) -> Document:
    """Read the envelope of a key; raises one of UNREADABLE where it is none, another's, or not as it was written.

    What was cached before answers were checked may be an error of iRacing's in a document's place: it is refused, too.
    """
    line, newline, body = decompress(envelope).partition(b"\n")
    header = header_in(key, line + newline)
    document = Document(
        header["endpoint"],
        dict(header["params"]),
        body,
        instant_in(header),
        from_cache=True,
        is_spoilt=header.get("is_spoilt") is True,
    )
    if not header.get("is_checked") and (fault := fault_in(document.endpoint, orjson.loads(body))):
        raise ValueError(fault)
    return document


def header_of(key: str, envelope: bytes) -> Header:
    """Read only how an envelope begins, which says nothing of its end; raises one of UNREADABLE."""
    line, newline, _ = zlib.decompressobj().decompress(envelope, HEADER_MOST).partition(b"\n")
    header = header_in(key, line + newline)
    return Header(header["endpoint"], dict(header["params"]), instant_in(header), int(header["body_bytes"]))


def header_in(key: str, line: bytes) -> dict[str, Any]:
    """Decode the header of a key."""
    header = orjson.loads(line)
    if not line.endswith(b"\n") or not isinstance(header, dict):
        raise ValueError("no envelope")
    if (said := header["key"]) != key:
        raise ValueError(f"it is that of {said}")
    return header


def instant_in(header: dict[str, Any]) -> datetime:
    """Return when a document was fetched; raises ValueError where the time zone is missing."""
    fetched_at = datetime.fromisoformat(header["fetched_at"])
    if fetched_at.tzinfo is None:
        raise ValueError("no envelope")
    return fetched_at


def decompress(envelope: bytes) -> bytes:
    """Decompress a whole stream and nothing but one, as `zlib.decompress` does not; raises zlib.error for others."""
    stream = zlib.decompressobj()
    content = stream.decompress(envelope)
    if not stream.eof:
        raise zlib.error("cut short")
    if stream.unused_data:
        raise zlib.error("more than was written")
    return content
