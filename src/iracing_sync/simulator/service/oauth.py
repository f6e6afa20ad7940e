"""The routes of OAuth: tokens, the page at which a person agrees, and the end of a session."""

from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from iracing_sync.simulator.service.failures import abort_connection, fault_answer
from iracing_sync.simulator.service.faults import ANSWER_KINDS, LOST_KINDS, SLOW_KINDS
from iracing_sync.simulator.service.state import State
from iracing_sync.simulator.service.token_office import GrantRefused

DENIED = 403
"""The status to order at `oauth2/authorize` for a person who says no."""


async def answer_token(request: Request) -> Response:
    """Answer a token request; faults reach it only by the name `oauth2/token`."""
    state: State = request.app.state.simulator
    state.calls.tokens += 1
    with state.calls.access.at_once.count_one():
        fault = await fault_answer(request, "oauth2/token", ANSWER_KINDS | SLOW_KINDS)
        answer = fault or _grant_tokens(state, dict(parse_qsl((await request.body()).decode())))
        return await abort_connection(request) if state.faults.take("oauth2/token", LOST_KINDS) else answer


def _grant_tokens(state: State, form: dict[str, str]) -> Response:
    grant_type = form.get("grant_type")
    try:
        answer = state.tokens.grant(form)
    except GrantRefused as refused:
        state.calls.access.burnt += grant_type == "refresh_token" and refused.error == "invalid_grant"
        return oauth_refusal(refused)
    state.calls.access.count_grant(grant_type)
    return JSONResponse(answer)


async def answer_authorize(request: Request) -> Response:
    """Agree at once and send the browser back; a fault `status:403` is a person who says no."""
    state: State = request.app.state.simulator
    query = dict(request.query_params)
    fault = await fault_answer(request, "oauth2/authorize", ANSWER_KINDS | SLOW_KINDS)
    if fault is not None and fault.status_code != DENIED:
        return fault
    if not state.tokens.is_registered(query):
        return oauth_refusal(GrantRefused("invalid_request", "the client or its redirect URI is not registered"))
    if fault is not None:
        return redirect_to_client(query, {"error": "access_denied", "error_description": "the member said no"})
    try:
        return redirect_to_client(query, {"code": state.tokens.issue_code(query)})
    except GrantRefused as refused:
        return redirect_to_client(query, {"error": refused.error, "error_description": str(refused)})


async def answer_revoke(request: Request) -> Response:
    """End the session of the token that asks for it."""
    state: State = request.app.state.simulator
    fault = await fault_answer(request, "oauth2/revoke/current", ANSWER_KINDS | SLOW_KINDS)
    if fault is not None:
        return fault
    _, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        state.tokens.revoke(token)
    except GrantRefused as refused:
        return oauth_refusal(refused)
    state.calls.access.revocations += 1
    return Response()


def redirect_to_client(query: dict[str, str], fields: dict[str, str]) -> Response:
    """Send the browser to the client, with the state that it came with."""
    told = {**fields, **({"state": query["state"]} if "state" in query else {})}
    return RedirectResponse(f"{query['redirect_uri']}?{urlencode(told)}", status_code=302)


def oauth_refusal(refused: GrantRefused) -> Response:
    """Answer in the words of OAuth."""
    return JSONResponse(refused.body(), status_code=refused.status, headers=refused.headers)
