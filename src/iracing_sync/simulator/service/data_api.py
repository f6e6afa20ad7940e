"""`/data`: the token and the parameters are checked, and the document is laid behind a link."""

import secrets
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from iracing_sync.simulator.service.broken_bodies import broken_body
from iracing_sync.simulator.service.failures import abort_connection, api_refusal, fault_answer
from iracing_sync.simulator.service.faults import (
    ANSWER_KINDS,
    CONTENT_KINDS,
    DIRECT_KINDS,
    FOREIGN_KINDS,
    LOST_KINDS,
    SLOW_KINDS,
    edit_document,
)
from iracing_sync.simulator.service.link_store import chunk_bodies, presigned_path
from iracing_sync.simulator.service.state import State

REQUIRED: dict[str, frozenset[str]] = {
    "series/season_schedule": frozenset({"season_id"}),
    "series/past_seasons": frozenset({"series_id"}),
    "season/list": frozenset({"season_year", "season_quarter"}),
}


async def answer_data(request: Request) -> Response:
    """Answer a call of the Data API."""
    state: State = request.app.state.simulator
    endpoint = request.path_params["endpoint"].strip("/")
    state.calls.data += 1
    state.calls.by_endpoint[endpoint] += 1
    with state.calls.at_once.count_one():
        fault = await fault_answer(request, endpoint, ANSWER_KINDS | SLOW_KINDS)
        answer = fault or _call_refusal(state, request, endpoint) or _document_answer(state, request, endpoint)
        state.calls.count_status(answer.status_code)
        return await abort_connection(request) if state.faults.take(endpoint, LOST_KINDS) else answer


def _call_refusal(state: State, request: Request, endpoint: str) -> Response | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not state.tokens.is_live(token):
        return api_refusal(401)
    if not state.rate_limit.admit():
        return api_refusal(429, state.rate_limit.headers())
    if not REQUIRED.get(endpoint, frozenset()) <= request.query_params.keys():
        return api_refusal(400, state.rate_limit.headers())
    return None


def _document_answer(state: State, request: Request, endpoint: str) -> Response:
    try:
        document = _document(state, request, endpoint)
    except LookupError:
        return api_refusal(404, state.rate_limit.headers())
    except ValueError:
        return api_refusal(400, state.rate_limit.headers())
    answer = _hand_out(state, request, endpoint, document)
    answer.headers.update(state.rate_limit.headers())
    return answer


def _document(state: State, request: Request, endpoint: str) -> Any:
    document = state.world.answer(endpoint, dict(request.query_params), state.world_moment())
    faults = state.faults.take_all(endpoint, CONTENT_KINDS)
    if faults:
        # A world may hand out what it keeps, and an edit must not change that.
        document = orjson.loads(orjson.dumps(document))
    for fault in faults:
        document = edit_document(document, fault)
    return document


def _hand_out(state: State, request: Request, endpoint: str, document: Any) -> Response:
    origin = str(request.base_url)
    if endpoint.startswith("constants/"):
        fault = state.faults.take(endpoint, DIRECT_KINDS)
        return broken_body(request, orjson.dumps(document), fault) if fault else JSONResponse(document)
    if endpoint in state.chunk_endpoints and isinstance(document, list):
        return JSONResponse(_store_chunks(state, origin, endpoint, document))
    key = secrets.token_hex(16)
    expires_at = state.links.put(endpoint, orjson.dumps(document), key)
    foreign = state.faults.take(endpoint, FOREIGN_KINDS)
    link = foreign.details["link"] if foreign else origin + presigned_path(key, state.links.lifetime)
    return JSONResponse({"link": link, "expires": expires_at.isoformat().replace("+00:00", "Z")})


def _store_chunks(state: State, origin: str, endpoint: str, rows: list[Any]) -> dict[str, Any]:
    stem = secrets.token_hex(16)
    names = []
    for number, piece in enumerate(chunk_bodies(rows, state.chunk_size)):
        names.append(f"{stem}_{number}.json")
        state.links.put(endpoint, piece, f"chunks/{names[-1]}")
    info = {
        "chunk_size": state.chunk_size,
        "num_chunks": len(names),
        "rows": len(rows),
        "base_download_url": f"{origin}s3/chunks/",
        "chunk_file_names": names,
    }
    return {"type": endpoint.replace("/", "_"), "data": {"success": True, "chunk_info": info}}
