"""The simulator as a server on the loopback interface."""

import socket
import threading
import time
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from iracing_sync.errors import SettingsError
from iracing_sync.simulator.service.app import create_app
from iracing_sync.simulator.service.failures import DROP
from iracing_sync.simulator.service.faults import Faults
from iracing_sync.simulator.service.state import State
from iracing_sync.simulator.service.token_office import masked_secret
from iracing_sync.simulator.world import World

HOST = "127.0.0.1"
START_SECONDS = 10


class Simulator:
    """A simulated iRacing that runs in a thread of its own for as long as the context lasts.

    `options` are those of `create_app`; port 0 takes a free one.
    """

    def __init__(
        self, world: World, *, port: int = 0, at: datetime | None = None, faults: Faults | None = None, **options: Any
    ) -> None:
        self.faults = faults if faults is not None else Faults()
        app = create_app(world, faults=self.faults, at=at, **options)
        self._state: State = app.state.simulator
        self._socket = _listening_socket(port)
        self._server = uvicorn.Server(_quiet_config(app))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self.api_url = self.url
        self.oauth_url = f"{self.url}/oauth2"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Serve; returns when the first request can be answered."""
        self._thread.start()
        gives_up_at = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > gives_up_at or not self._thread.is_alive():
                raise SettingsError(f"the simulator did not start on {self.url}")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """End the server and wait for it."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def wait(self) -> None:
        """Block for as long as the simulator serves."""
        self._thread.join()

    @property
    def at(self) -> datetime | None:
        """The world's moment; None follows the real clock."""
        return self._state.at

    @at.setter
    def at(self, moment: datetime | None) -> None:
        self._state.at = moment

    @property
    def calls(self) -> dict[str, Any]:
        """How often it was asked, as at `/simulator/calls`."""
        return self._state.calls.as_json()

    def reset_calls(self) -> None:
        """Count from nought again."""
        self._state.calls.reset()

    def expire_tokens(self) -> None:
        """End every token at once."""
        self._state.tokens.revoke_all()

    def secrets(self) -> list[str]:
        """Return what must be seen nowhere: secret and password, as they are and masked, and every token and code."""
        account = self._state.tokens.account
        pairs = ((account.client_secret, account.client_id), (account.password, account.username))
        plain = [secret for secret, _ in pairs]
        return [*plain, *(masked_secret(*pair) for pair in pairs), *self._state.tokens.granted]

    def environment(self) -> dict[str, str]:
        """Return the settings with which a client finds and enters this simulator."""
        account = self._state.tokens.account
        return {
            "IRACING_API_URL": self.api_url,
            "IRACING_OAUTH_URL": self.oauth_url,
            "IRACING_CLIENT_ID": account.client_id,
            "IRACING_CLIENT_SECRET": account.client_secret,
            "IRACING_USERNAME": account.username,
            "IRACING_PASSWORD": account.password,
            "IRACING_REDIRECT_URI": account.redirect_uri,
        }


def _quiet_config(app: ASGIApp) -> uvicorn.Config:
    """Return settings for a quiet server: no logs, no websockets, no lifespan."""
    return uvicorn.Config(
        _app_with_drop(app),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
    )


def _app_with_drop(app: ASGIApp) -> ASGIApp:
    """Leave a function in the scope that closes the connection, which ASGI itself has no word for."""

    async def with_drop(scope: Scope, receive: Receive, send: Send) -> None:
        exchange: Any = getattr(send, "__self__", None)
        if exchange is not None:
            scope[DROP] = exchange.transport.abort
        await app(scope, receive, send)

    return with_drop


def _listening_socket(port: int) -> socket.socket:
    # with its protocol named, for else asyncio leaves Nagle's delay on
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise SettingsError(f"port {port} of {HOST} cannot be used: {error}") from error
    return listening
