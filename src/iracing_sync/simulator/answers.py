"""Answers that are no documents: refusals, failures, and connections that end too early."""

import asyncio
import secrets
import time
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from iracing_sync.simulator.faults import Fault
from iracing_sync.simulator.state import State

DROP = "iracing_sync.drop"
"""The key in the ASGI scope under which the server leaves a function that closes the connection."""

BODIES: dict[int, dict[str, Any]] = {
    400: {"error": "Bad Request"},
    401: {"error": "Unauthorized"},
    404: {"error": "Not Found"},
    429: {"error": "Too Many Requests"},
    503: {"error": "Site Maintenance", "note": "The simulated service is being patched"},
}


def refusal(status: int, headers: dict[str, str] | None = None) -> Response:
    """Return the answer of the Data API for a status other than 200."""
    return JSONResponse(BODIES.get(status, {"error": "Server Error"}), status_code=status, headers=headers)


def s3_refusal(status: int, code: str, message: str) -> Response:
    """Return an error as S3 writes it."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(xml, status_code=status, media_type="application/xml")


def expired_link() -> Response:
    """Return what S3 answers for a link that is unknown or too old."""
    return s3_refusal(403, "AccessDenied", "Request has expired")


async def struck(request: Request, endpoint: str, kinds: Iterable[str]) -> Response | None:
    """Return the answer that a fault gives in place of the true one, or None where all goes well."""
    state: State = request.app.state.simulator
    for fault in state.faults.take_all(endpoint, {"slow"} & set(kinds)):
        await asyncio.sleep(float(fault.argument or 1))
    fault_or_none = state.faults.take(endpoint, set(kinds) - {"slow"})
    return await _failure(request, fault_or_none) if fault_or_none else None


async def _failure(request: Request, fault: Fault) -> Response:
    if fault.kind == "drop":
        return await _dropped(request)
    if fault.kind == "unauthorized":
        return refusal(401)
    status = int(fault.argument or 500)
    return refusal(status, _exhausted() if status == 429 else None)


def _exhausted() -> dict[str, str]:
    return {"x-ratelimit-limit": "240", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 1)}


async def _dropped(request: Request) -> Response:
    """Close the connection; what is returned then reaches no one."""
    if DROP not in request.scope:
        raise ConnectionError("only a real server can drop a connection")
    request.scope[DROP]()
    await asyncio.sleep(0.01)
    return Response()


def spoilt(body: bytes, fault: Fault) -> Response:
    """Return a document as a fault of transport leaves it."""
    match fault.kind:
        case "cut":
            return Response(body[: len(body) // 2], media_type="application/json")
        case "html":
            return HTMLResponse("<!doctype html><title>Gateway</title><h1>Please stand by</h1>")
        case "garbage_gzip":
            noise = b"\x1f\x8b\x08\x00" + secrets.token_bytes(200)
            return Response(noise, media_type="application/json", headers={"content-encoding": "gzip"})
        case _:
            return ShortBody(body, media_type="application/json")


class ShortBody(Response):
    """A body that ends before the length that its headers promise."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002, ASGI's signature
        """Send half of the body, then leave, upon which the server closes the connection."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
