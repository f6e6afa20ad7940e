"""Envelopes: what was cut short, altered or written for another key is found out."""

import zlib
from datetime import UTC, datetime

import pytest

from iracing_sync.documents import Document
from iracing_sync.fetch.cache.envelope import UNREADABLE, header_of, pack, unpack

NOON = datetime(2025, 9, 9, 12, tzinfo=UTC)
LARGE = b"[" + b",".join(b'"%032x"' % (number**9) for number in range(20_000)) + b"]"


def a_document(body: bytes) -> Document:
    return Document("series/get", {}, body, NOON)


ENVELOPE = pack("key", a_document(b'[{"series_id": 228, "series_name": "Cragside Cup"}]'))


@pytest.mark.parametrize("length", range(len(ENVELOPE)))
def test_a_truncated_envelope_is_found_out(length) -> None:
    with pytest.raises(UNREADABLE):
        unpack("key", ENVELOPE[:length])


@pytest.mark.parametrize("more", [b"\0", b"garbage", ENVELOPE])
def test_an_envelope_with_something_behind_it_is_found_out(more) -> None:
    with pytest.raises(zlib.error, match="more than was written"):
        unpack("key", ENVELOPE + more)


def test_no_altered_byte_yields_another_document() -> None:
    for place in range(len(ENVELOPE)):
        for flipped in range(1, 256):
            altered = bytearray(ENVELOPE)
            altered[place] ^= flipped
            try:
                found = unpack("key", bytes(altered))
            except UNREADABLE:
                continue
            assert found == unpack("key", ENVELOPE)  # two bits of the header say how hard zlib tried


@pytest.mark.parametrize("header", [b"[]", b"228", b'{"endpoint": "series/get"}', b'{"key": "key", "params": 1}'])
def test_an_envelope_with_another_header_is_found_out(header) -> None:
    for reading in (unpack, header_of):
        with pytest.raises(UNREADABLE):
            reading("key", zlib.compress(header + b"\n[]"))


def test_of_an_envelope_the_header_alone_can_be_read() -> None:
    header = header_of("key", pack("key", a_document(LARGE))[:500])

    assert header == ("series/get", {}, NOON, len(LARGE))
