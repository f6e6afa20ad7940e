"""A cached document: one line of JSON that says what it is, then the body, compressed with a checksum over both."""

import zlib
from datetime import datetime

import orjson

from iracing_sync.documents import Document

UNREADABLE = (zlib.error, ValueError, KeyError, TypeError)


def packed(document: Document) -> bytes:
    """Write a document as an envelope."""
    header = {
        "endpoint": document.endpoint,
        "params": dict(document.params),
        "fetched_at": document.fetched_at.isoformat(),
    }
    return zlib.compress(orjson.dumps(header) + b"\n" + document.body)


def unpacked(envelope: bytes) -> Document:
    """Read an envelope; raises one of UNREADABLE where it is none, or not as it was written."""
    line, newline, body = inflated(envelope).partition(b"\n")
    header = orjson.loads(line)
    fetched_at = datetime.fromisoformat(header["fetched_at"])
    if not newline or fetched_at.tzinfo is None:
        raise ValueError("no envelope")
    return Document(header["endpoint"], dict(header["params"]), body, fetched_at, from_cache=True)


def inflated(envelope: bytes) -> bytes:
    """Decompress a whole stream and nothing but one, as `zlib.decompress` does not; raises zlib.error for others."""
    stream = zlib.decompressobj()
    content = stream.decompress(envelope)
    if not stream.eof:
        raise zlib.error("cut short")
    if stream.unused_data:
        raise zlib.error("more than was written")
    return content
