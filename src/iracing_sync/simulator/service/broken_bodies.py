"""Bodies that do not arrive as they should: too short, too long, too slow, or not what they say."""

import asyncio
import secrets
import zlib
from collections.abc import AsyncIterator, Iterator

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from iracing_sync.simulator.service.failures import abort_connection
from iracing_sync.simulator.service.faults import Fault

MB = 1024 * 1024
GZIP = 16 + zlib.MAX_WBITS
JSON = "application/json"


def broken_body(request: Request, body: bytes, fault: Fault) -> Response:
    """Return a document as a fault of transport leaves it."""
    match fault.kind:
        case "cut":
            return Response(body[: len(body) // 2], media_type=JSON)
        case "html":
            return HTMLResponse("<!doctype html><title>Gateway</title><h1>Please stand by</h1>")
        case "garbage_gzip":
            noise = b"\x1f\x8b\x08\x00" + secrets.token_bytes(200)
            return Response(noise, media_type=JSON, headers={"content-encoding": "gzip"})
        case "big_body":
            return big_body(int(fault.argument), is_packed=bool(fault.details.get("gzip")))
        case "trickle":
            headers = {"content-length": str(len(body))}
            return StreamingResponse(trickle(body, float(fault.argument or 1)), media_type=JSON, headers=headers)
        case "drop_late":
            return HalfBody(body, request)
        case _:
            return HalfBody(body)


class HalfBody(Response):
    """A body that ends before the promised length; the connection is closed, or reset where its request is given."""

    def __init__(self, body: bytes, request: Request | None = None) -> None:
        super().__init__(body, media_type=JSON)
        self._request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002, ASGI's signature
        """Send half of the body and leave, upon which the server closes the connection."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        if self._request is not None:
            await asyncio.sleep(0.05)
            await abort_connection(self._request)


async def trickle(body: bytes, seconds: float) -> AsyncIterator[bytes]:
    """Yield a body byte by byte."""
    for byte in body:
        yield bytes([byte])
        await asyncio.sleep(seconds)


def big_body(megabytes: int, *, is_packed: bool) -> Response:
    """Return a JSON document of that size, packed to next to nothing if wanted."""
    pieces = large_json(megabytes)
    headers = {"content-encoding": "gzip"} if is_packed else {}
    return StreamingResponse(gzip_pieces(pieces) if is_packed else pieces, media_type=JSON, headers=headers)


def large_json(megabytes: int) -> Iterator[bytes]:
    """Yield a JSON array of one long text."""
    yield b'["'
    for _ in range(megabytes):
        yield b"x" * MB
    yield b'"]'


def gzip_pieces(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces as gzip."""
    packer = zlib.compressobj(wbits=GZIP)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()
