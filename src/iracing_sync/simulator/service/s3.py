"""`/s3`: documents behind their links, as S3 hands them out."""

import gzip

from starlette.requests import Request
from starlette.responses import Response

from iracing_sync.simulator.service.broken_bodies import broken_body
from iracing_sync.simulator.service.failures import expired_link_refusal, redirect, s3_refusal, stay_silent
from iracing_sync.simulator.service.faults import LINK_KINDS
from iracing_sync.simulator.service.state import State


async def answer_link(request: Request) -> Response:
    """Answer a link; like S3 it refuses a request that carries an Authorization header."""
    state: State = request.app.state.simulator
    state.calls.links += 1
    if "authorization" in request.headers:
        return s3_refusal(400, "InvalidArgument", "Only one auth mechanism allowed")
    stored = state.links.get(request.path_params["key"])
    if stored is None:
        return expired_link_refusal()
    fault = state.faults.take(stored.endpoint, LINK_KINDS)
    if fault is None:
        return _body_answer(request, stored.body)
    match fault.kind:
        case "expired_link":
            return expired_link_refusal()
        case "link_status":
            return s3_refusal(int(fault.argument or 500), "InternalError", "We encountered an internal error")
        case "link_redirect":
            return redirect(request, fault)
        case "link_hang":
            return await stay_silent(request)
    return broken_body(request, stored.body, fault)


def _body_answer(request: Request, body: bytes) -> Response:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(body, media_type="application/json")
    packed = gzip.compress(body, compresslevel=1)
    return Response(packed, media_type="application/json", headers={"content-encoding": "gzip"})
