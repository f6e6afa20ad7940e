"""The simulator as an ASGI application: OAuth, the Data API, its links, and switches for tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from iracing_sync.simulator.service.data_api import answer_data
from iracing_sync.simulator.service.faults import Faults
from iracing_sync.simulator.service.link_store import LinkStore
from iracing_sync.simulator.service.oauth import answer_authorize, answer_revoke, answer_token
from iracing_sync.simulator.service.rate_limit import RateLimit
from iracing_sync.simulator.service.s3 import answer_link
from iracing_sync.simulator.service.state import State
from iracing_sync.simulator.service.token_office import Account, TokenOffice
from iracing_sync.simulator.world import World


def now_utc() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


def create_app(
    world: World,
    *,
    faults: Faults,
    clock: Callable[[], datetime] = now_utc,
    client_id: str = Account.client_id,
    client_secret: str = Account.client_secret,
    username: str = Account.username,
    password: str = Account.password,
    redirect_uri: str = Account.redirect_uri,
    logins_per_hour: int | None = None,
    token_lifetime: int = 600,
    link_lifetime: int = 900,
    rate_limit: int = 240,
    rate_window: int = 60,
    rate_style: str = "fixed",
    chunk_endpoints: frozenset[str] = frozenset(),
    chunk_size: int = 10,
    at: datetime | None = None,
) -> Starlette:
    """Build the application; lifetimes and `rate_window` are in seconds.

    `rate_limit` counts calls in a window, `fixed` or `sliding`. `clock` rules tokens, links and the rate limit; `at` is
    the world's moment, None for that of the clock.
    """
    account = Account(client_id, client_secret, username, password, redirect_uri)
    state = State(
        world=world,
        faults=faults,
        clock=clock,
        tokens=TokenOffice(account, clock, timedelta(seconds=token_lifetime), logins_per_hour),
        links=LinkStore(clock, timedelta(seconds=link_lifetime)),
        rate_limit=RateLimit(rate_limit, clock, timedelta(seconds=rate_window), rate_style),
        chunk_endpoints=chunk_endpoints,
        chunk_size=chunk_size,
        at=at,
    )
    app = Starlette(routes=_routes())
    app.state.simulator = state
    return app


def _routes() -> list[Route]:
    return [
        Route("/oauth2/token", answer_token, methods=["POST"]),
        Route("/oauth2/authorize", answer_authorize),
        Route("/oauth2/revoke/current", answer_revoke, methods=["POST"]),
        Route("/data/{endpoint:path}", answer_data),
        Route("/s3/{key:path}", answer_link),
        Route("/simulator/calls", show_calls),
        Route("/simulator/faults", set_faults, methods=["POST"]),
        Route("/simulator/at", move_world, methods=["POST"]),
    ]


async def show_calls(request: Request) -> Response:
    """Answer how often the simulator was asked."""
    state: State = request.app.state.simulator
    return JSONResponse(state.calls.as_json())


async def set_faults(request: Request) -> Response:
    """Add one fault, or replace all by a list of them."""
    state: State = request.app.state.simulator
    try:
        state.faults.set(orjson.loads(await request.body()))
    except (ValueError, KeyError, TypeError) as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    return JSONResponse({"pending": len(state.faults.pending)})


async def move_world(request: Request) -> Response:
    """Move the world's moment; null lets it follow the clock again."""
    state: State = request.app.state.simulator
    try:
        at = orjson.loads(await request.body())["at"]
        state.at = None if at is None else parse_moment(at)
    except (ValueError, KeyError, TypeError) as error:
        return JSONResponse({"error": f"no moment: {error}"}, status_code=400)
    return JSONResponse({"at": state.world_moment().isoformat()})


def parse_moment(text: str) -> datetime:
    """Read an ISO moment; one without a zone is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
