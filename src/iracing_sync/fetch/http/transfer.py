"""One request, and its body within bounds: of size, and of the time that a document may take."""

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import httpx

from iracing_sync.errors import ApiUnavailable, DocumentError
from iracing_sync.fetch.http.retries import SpoiltError, transport_fault

LONGEST_SILENCE_SECONDS = 30.0
PIECE_BYTES = 1024 * 1024
GZIP = 16 + zlib.MAX_WBITS
GZIP_MAGIC = b"\x1f\x8b"
OF_THE_BODY = ("content-encoding", "content-length", "transfer-encoding")
"""The headers that no longer hold when a body is unpacked."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a document may be, unpacked, and how long all requests for it may take together."""

    max_bytes: int = 64 * 1024 * 1024
    seconds: float = 120


class Transfer:
    """The requests for one document; the time between them does not count."""

    def __init__(
        self, name: str, http: httpx.Client, bounds: Bounds, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._http = http
        self._bounds = bounds
        self._clock = clock
        self._seconds_left = bounds.seconds

    def get(
        self, url: httpx.URL | str, params: Mapping[str, int] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Return an answer with its whole body, unpacked.

        Raises PassingError where another try may help, ApiUnavailable where the time is up, DocumentError for a body
        that is too large.
        """
        begun = self._clock()
        ends_at = begun + self._seconds_left
        timeout = httpx.Timeout(min(LONGEST_SILENCE_SECONDS, max(self._seconds_left, 0.001)))
        try:
            with self._http.stream("GET", url, params=params, headers=headers, timeout=timeout) as response:
                body = b"".join(self._within_size(unpack(response, self._within_time(response, ends_at))))
        except httpx.TransportError as error:
            if self._clock() >= ends_at:
                raise self._too_slow() from error
            raise transport_fault(error) from error
        finally:
            self._seconds_left -= self._clock() - begun
        kept = {name: value for name, value in response.headers.items() if name not in OF_THE_BODY}
        return httpx.Response(response.status_code, headers=kept, content=body, request=response.request)

    def _within_time(self, response: httpx.Response, ends_at: float) -> Iterator[bytes]:
        for piece in response.iter_raw():
            if self._clock() >= ends_at:
                raise self._too_slow()
            yield piece

    def _within_size(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > self._bounds.max_bytes:
                most = self._bounds.max_bytes // 1024 // 1024
                raise DocumentError(f"{self.name}: larger than the {most} MB of IRACING_MAX_DOCUMENT_MB: not loaded")
            yield piece

    def _too_slow(self) -> ApiUnavailable:
        seconds = self._bounds.seconds
        return ApiUnavailable(f"{self.name}: not here after the {seconds:g} s of IRACING_TIMEOUT; try again later")


def unpack(response: httpx.Response, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a body as it was before it was packed, in pieces of a megabyte at most.

    Raises SpoiltError for a body that is packed in an unknown way, or not as it says.
    """
    host = response.request.url.host
    match response.headers.get("content-encoding", "identity"):
        case "identity":
            yield from gunzipped_or_plain(host, pieces)
        case "gzip":
            yield from gunzip(host, pieces)
        case other:
            raise SpoiltError(f"a body from {host} is packed as {other[:20]}, which was not asked for")


def gunzipped_or_plain(host: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a body of which no header says how it is packed: gzip tells by its first bytes."""
    first = next(pieces, b"")
    every = chain([first], pieces)
    yield from gunzip(host, every) if first.startswith(GZIP_MAGIC) else every


def gunzip(host: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what a gzip body holds; raises SpoiltError where it is none, or ends too early."""
    packed = zlib.decompressobj(GZIP)
    try:
        for piece in pieces:
            yield packed.decompress(piece, PIECE_BYTES)
            while packed.unconsumed_tail:
                yield packed.decompress(packed.unconsumed_tail, PIECE_BYTES)
    except zlib.error as error:
        raise SpoiltError(f"a body from {host} is not the gzip that it says") from error
    if not packed.eof:
        raise SpoiltError(f"a body from {host} ends in the middle")
