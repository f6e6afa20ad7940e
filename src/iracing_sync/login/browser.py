"""A login in the browser: authorization code with PKCE, brought back to a port of this machine."""

import base64
import hashlib
import hmac
import queue
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from iracing_sync.errors import AccessRefused, SettingsError
from iracing_sync.login.token_endpoint import SCOPE

PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>iracing-sync</title><p>{}</p></html>\n'
DONE = "You are logged in. This window can be closed."


@dataclass(frozen=True, slots=True)
class BrowserLogin:
    """What one login must bring back (`state`) and prove (`verifier`)."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    def address(self, oauth_url: str, client_id: str, redirect_uri: str) -> str:
        """Return the page at which a person logs in."""
        query = {
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "code_challenge": challenge(self.verifier),
            "code_challenge_method": "S256",
            "state": self.state,
            "scope": SCOPE,
        }
        return f"{oauth_url.rstrip('/')}/authorize?{urlencode(query)}"

    def code(self, query: str) -> str:
        """Return the code in the query of a callback; raises AccessRefused."""
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        if not hmac.compare_digest(fields.get("state", "").encode(), self.state.encode()):
            raise AccessRefused("the browser brought back another state than it was sent with: nothing was accepted")
        if "error" in fields:
            words = ": ".join(filter(None, [fields["error"], fields.get("error_description", "")]))
            raise AccessRefused(f"iRacing refuses the login ({words})")
        if not fields.get("code"):
            raise AccessRefused("the browser brought back no code")
        return fields["code"]


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636).

    >>> challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Listener(ThreadingTCPServer):
    """Waits at the redirect URI for the one callback of an login."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, redirect_uri: str, login: BrowserLogin) -> None:
        place = urlsplit(redirect_uri)
        host = "::1" if place.hostname == "::1" else "127.0.0.1"
        self.address_family = socket.AF_INET6 if host == "::1" else socket.AF_INET
        self.path = place.path or "/"
        self.login = login
        self.answers: queue.Queue[str | AccessRefused] = queue.Queue()
        super().__init__((host, place.port or 0), Callback)

    def wait(self, seconds: float) -> str:
        """Return the code; raises AccessRefused for a refusal, and where no one comes in time."""
        try:
            answer = self.answers.get(timeout=seconds)
        except queue.Empty:
            raise AccessRefused(f"no one logged in within {seconds:g} seconds: nothing was changed") from None
        if isinstance(answer, AccessRefused):
            raise answer
        return answer


class Callback(BaseHTTPRequestHandler):
    """Reads the callback and shows a page; says nothing in any log, for the code is in the address."""

    server: Listener
    timeout = 10

    def do_GET(self) -> None:
        """Take the callback; other paths are not found."""
        place = urlsplit(self.path)
        if place.path != self.server.path:
            self._show(404, "There is nothing here.")
            return
        try:
            answer: str | AccessRefused = self.server.login.code(place.query)
        except AccessRefused as error:
            answer = error
        self._show(400 if isinstance(answer, AccessRefused) else 200, _words(answer))
        self.server.answers.put(answer)  # after the page: it ends the waiting, and soon the process

    def _show(self, status: int, words: str) -> None:
        page = PAGE.format(escape(words)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _words(answer: str | AccessRefused) -> str:
    return f"Not logged in: {answer}." if isinstance(answer, AccessRefused) else DONE


@contextmanager
def listen_for_callback(redirect_uri: str, login: BrowserLogin) -> Iterator[Listener]:
    """Listen for the callback; raises SettingsError where the port is taken."""
    try:
        listener = Listener(redirect_uri, login)
    except OSError as error:
        message = (
            f"IRACING_REDIRECT_URI: nothing can listen at {redirect_uri} ({error.strerror}); is another login open?"
        )
        raise SettingsError(message) from None
    with listener:
        threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield listener
        finally:
            listener.shutdown()
