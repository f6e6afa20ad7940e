"""Access to the Data API: iRacing's OAuth 2, with tokens kept between runs.

Full logins are limited to a few an hour and a refresh token works once, so the tokens are on disk and only one process
at a time asks for new ones.
"""

import base64
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import orjson

from iracing_sync.api.answers import error_fields
from iracing_sync.api.tokens import Tokens, TokenStore
from iracing_sync.errors import AccessRefused, ApiUnavailable

__all__ = ["Access", "Credentials", "TokenStore", "Tokens", "mask"]

logger = logging.getLogger(__name__)

SCOPE = "iracing.auth"

ADVICE = {
    "invalid_grant": "check IRACING_USERNAME and IRACING_PASSWORD, and that this user is registered for the client",
    "access_denied": "check IRACING_USERNAME and IRACING_PASSWORD, and that this user is registered for the client",
    "invalid_client": "check IRACING_CLIENT_ID and IRACING_CLIENT_SECRET; a client unused for 180 days is disabled",
    "unauthorized_client": "ask iRacing to allow this client the grant password_limited",
    "invalid_scope": f"ask iRacing to allow this client the scope {SCOPE}",
}


def mask(secret: str, identifier: str) -> str:
    """Mask a secret as iRacing wants it: the client's with the client id, the password with the username."""
    digest = hashlib.sha256(f"{secret}{identifier.strip().lower()}".encode()).digest()
    return base64.b64encode(digest).decode("ascii")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs in, and through which client; empty where a setting is missing."""

    client_id: str
    client_secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)

    def missing(self) -> list[str]:
        """Return the settings without which no login is possible."""
        names = ("client_id", "client_secret", "username", "password")
        return [f"IRACING_{name.upper()}" for name in names if not getattr(self, name)]


class RefreshRefusedError(Exception):
    """The refresh token has been used or has ended: only a full login helps."""


class Access:
    """A live access token whenever one is asked for; `clock` gives epoch seconds."""

    def __init__(
        self,
        oauth_url: str,
        credentials: Credentials,
        store: TokenStore,
        http: httpx.Client,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token_url = f"{oauth_url.rstrip('/')}/token"
        self._credentials = credentials
        self._store = store
        self._http = http
        self._clock = clock
        self.owner = owner(oauth_url, credentials)

    def bearer(self) -> str:
        """Return a live access token, refreshed or logged in for where none is stored.

        Raises AccessRefused, or ApiUnavailable where the token endpoint does not answer.
        """
        tokens = self.stored()
        if tokens and self._clock() < tokens.renew_at:
            return tokens.access_token
        with self._store.lock():
            tokens = self.stored()  # another process may have been faster
            if tokens and self._clock() < tokens.renew_at:
                return tokens.access_token
            return self._replace(tokens).access_token

    def renew(self, rejected: str) -> str:
        """Return another token than the one that the API answered with 401."""
        with self._store.lock():
            tokens = self.stored()
            if tokens and tokens.access_token != rejected and self._clock() < tokens.renew_at:
                return tokens.access_token
            return self._replace(tokens).access_token

    def login(self) -> Tokens:
        """Log in with the password whatever is stored."""
        with self._store.lock():
            return self._login()

    def stored(self) -> Tokens | None:
        """Return the tokens on disk, live or not; those of another client, user or service do not count."""
        return self._store.read(self.owner)

    def _replace(self, tokens: Tokens | None) -> Tokens:
        if tokens is None or not tokens.refresh_token or self._clock() >= tokens.refresh_until:
            return self._login()
        try:
            return self._refresh(tokens.refresh_token)
        except RefreshRefusedError:
            logger.info("the refresh token is no longer good: logging in")
            return self._login()

    def _refresh(self, refresh_token: str) -> Tokens:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        response = self._post({**form, **self._client_fields()})
        if response.status_code == 400 and error_fields(response).get("error") == "invalid_grant":
            raise RefreshRefusedError
        return self._keep(response)

    def _login(self) -> Tokens:
        who = self._credentials
        if missing := who.missing():
            raise AccessRefused(f"a login at iRacing is needed, but not set: {', '.join(missing)}")
        form = {"grant_type": "password_limited", "username": who.username, "scope": SCOPE}
        form["password"] = mask(who.password, who.username)
        return self._keep(self._post({**form, **self._client_fields()}))

    def _client_fields(self) -> dict[str, str]:
        client_id, secret = self._credentials.client_id, self._credentials.client_secret
        masked = {"client_secret": mask(secret, client_id)} if secret else {}
        return {"client_id": client_id, **masked}

    def _post(self, form: dict[str, str]) -> httpx.Response:
        logger.debug("asking for tokens: %s", form["grant_type"])
        try:
            return self._http.post(self._token_url, data=form)
        except httpx.RequestError as error:
            message = f"no answer from iRacing's token endpoint ({type(error).__name__}); try again later"
            raise ApiUnavailable(message) from error

    def _keep(self, response: httpx.Response) -> Tokens:
        if response.status_code != 200:
            raise refusal(response)
        try:
            tokens = Tokens.issued(orjson.loads(response.content), self._clock())
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):  # would quote tokens, so it is no cause
            raise ApiUnavailable("iRacing's token endpoint answered without tokens; try again later") from None
        self._store.write(self.owner, tokens)
        return tokens


def owner(oauth_url: str, credentials: Credentials) -> str:
    """Return a fingerprint of what tokens are good for: service, client and user."""
    parts = [oauth_url.rstrip("/"), credentials.client_id, credentials.username.strip().lower()]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def refusal(response: httpx.Response) -> AccessRefused | ApiUnavailable:
    """Say what the token endpoint has against us, and what to do about it."""
    fields = error_fields(response)
    error = fields.get("error") or f"HTTP {response.status_code}"
    words = ": ".join(filter(None, [error, fields.get("error_description", "")]))
    if response.is_server_error or response.status_code == 429:
        return ApiUnavailable(f"iRacing's token endpoint is not available ({words}); try again later")
    advice = ADVICE.get(error, "check IRACING_OAUTH_URL and the IRACING_ credentials")
    return AccessRefused(f"iRacing refuses the login ({words}); {advice}")
