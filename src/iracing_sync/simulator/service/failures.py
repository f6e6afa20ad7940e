"""Answers that are no documents: refusals, failures, and connections that end too early."""

import asyncio
import math
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from iracing_sync.simulator.service.faults import Fault
from iracing_sync.simulator.service.state import State

DROP = "iracing_sync.drop"
"""The key in the ASGI scope under which the server leaves a function that closes the connection."""

BODIES: dict[int, dict[str, Any]] = {
    400: {"error": "Bad Request"},
    401: {"error": "Unauthorized"},
    404: {"error": "Not Found"},
    429: {"error": "Too Many Requests"},
    503: {"error": "Site Maintenance", "note": "The simulated service is being patched"},
}


def api_refusal(status: int, headers: dict[str, str] | None = None) -> Response:
    """Return the answer of the Data API for a status other than 200."""
    return JSONResponse(BODIES.get(status, {"error": "Server Error"}), status_code=status, headers=headers)


def s3_refusal(status: int, code: str, message: str) -> Response:
    """Return an error as S3 writes it."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(xml, status_code=status, media_type="application/xml")


def expired_link_refusal() -> Response:
    """Return what S3 answers for a link that is unknown or too old."""
    return s3_refusal(403, "AccessDenied", "Request has expired")


async def fault_answer(request: Request, endpoint: str, kinds: Iterable[str]) -> Response | None:
    """Return the answer that a fault gives in place of the true one, or None where all goes well."""
    state: State = request.app.state.simulator
    for delay in state.faults.take_all(endpoint, {"slow"} & set(kinds)):
        await asyncio.sleep(float(delay.argument or 1))
    fault = state.faults.take(endpoint, set(kinds) - {"slow"})
    return await _failure_answer(request, fault) if fault else None


async def _failure_answer(request: Request, fault: Fault) -> Response:
    match fault.kind:
        case "drop":
            return await abort_connection(request)
        case "hang":
            return await stay_silent(request)
        case "redirect":
            return redirect(request, fault)
        case "unauthorized":
            return api_refusal(401)
    return status_answer(request, fault)


def status_answer(request: Request, fault: Fault) -> Response:
    """Return the status that is ordered, with the body and headers that the fault may give."""
    status, details = int(fault.argument or 500), fault.details
    headers = _spent_limit_headers(request, details) if status == 429 else {}
    headers = {**headers, **details.get("headers", {})}
    if "text" in details:
        return PlainTextResponse(details["text"], status_code=status, headers=headers)
    if "body" in details:
        return JSONResponse(details["body"], status_code=status, headers=headers)
    return api_refusal(status, headers)


def _spent_limit_headers(request: Request, details: Mapping[str, Any]) -> dict[str, str]:
    state: State = request.app.state.simulator
    resets_at = state.clock().timestamp() + details.get("reset", 1)
    return {
        "x-ratelimit-limit": "240",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(math.ceil(resets_at)),
    }


def redirect(request: Request, fault: Fault) -> Response:
    """Send the client to where the fault says, or back to where it is."""
    return RedirectResponse(fault.details.get("location", str(request.url)), status_code=302)


async def abort_connection(request: Request) -> Response:
    """Reset the connection; what is returned then reaches no one."""
    if DROP not in request.scope:
        raise ConnectionError("only a real server can drop a connection")
    request.scope[DROP]()
    await asyncio.sleep(0.01)
    return Response()


async def stay_silent(request: Request) -> Response:
    """Say nothing for as long as the client stays."""
    while not await request.is_disconnected():
        await asyncio.sleep(0.02)
    return Response()
