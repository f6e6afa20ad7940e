"""Access to the Data API: iRacing's OAuth 2, with tokens kept between runs.

Full logins are limited to a few an hour and a refresh token works once, so the tokens are on disk and only one process
at a time asks for new ones.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from iracing_sync.errors import AccessRefused, SyncError
from iracing_sync.login.login_limit import Logins
from iracing_sync.login.token_endpoint import RefreshRefusedError, TokenEndpoint, no_tokens
from iracing_sync.login.token_file import TokenFile, Tokens

log = logging.getLogger(__name__)

PASSWORD, BROWSER = "password", "browser"
HOW_TO_GET_A_CLIENT = (
    "iRacing registers a client on request from the account's e-mail address: "
    "https://oauth.iracing.com/oauth2/book/client_registration.html; "
    "`iracing-sync auth login --browser` works without username and password"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs in, and through which client; empty where a setting is missing."""

    client_id: str
    client_secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)

    def missing(self) -> list[str]:
        """Return the settings without which no login with the password is possible."""
        names = ("client_id", "client_secret", "username", "password")
        return [f"IRACING_{name.upper()}" for name in names if not getattr(self, name)]


class Access:
    """A live access token whenever one is asked for; threads may share it.

    `clock` gives epoch seconds; `guard` is a lock beside that of the file, for machines that share an account. One
    full login is all that it makes until another is allowed.
    """

    def __init__(
        self,
        oauth_url: str,
        credentials: Credentials,
        store: TokenFile,
        http: httpx.Client,
        clock: Callable[[], float] = time.time,
        guard: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._credentials = credentials
        self._store = store
        self._clock = clock
        self._guard = guard
        self.owner = owner_of_tokens(oauth_url, credentials)
        self._endpoint = TokenEndpoint(oauth_url, credentials.client_id, credentials.client_secret, http)
        self._logins = Logins(store.path.with_name("logins.json"), clock)
        self._has_logged_in = False

    def bearer(self) -> str:
        """Return a live access token, as `live_tokens` does."""
        return self.live_tokens().access_token

    def live_tokens(self, good_for: float = 0) -> Tokens:
        """Return tokens of which the one for access is good for so many seconds more, if iRacing's live that long.

        They are refreshed or logged in for where there are none on disk. Raises AccessRefused, or ApiUnavailable where
        the token endpoint does not answer.
        """

        def is_good(tokens: Tokens) -> bool:
            return self._clock() < min(tokens.renew_at, tokens.expires_at - good_for)

        tokens = self.tokens_on_disk()
        if tokens and is_good(tokens):
            return tokens
        with self._lock():
            tokens = self.tokens_on_disk()  # another process may have been faster
            return tokens if tokens and is_good(tokens) else self._replace(tokens)

    def renew(self, rejected: str) -> str:
        """Return another token than the one that the API answered with 401."""
        with self._lock():
            tokens = self.tokens_on_disk()
            if tokens and tokens.access_token != rejected and self._clock() < tokens.renew_at:
                return tokens.access_token
            return self._replace(tokens).access_token

    def allow_login(self) -> None:
        """Begin another run, or another job of a worker: it may need a full login of its own."""
        self._has_logged_in = False

    def login(self) -> Tokens:
        """Log in with the password whatever is on disk."""
        with self._lock():
            return self._login()

    def login_with_code(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Log in with what the browser brought back, whatever is on disk."""
        with self._lock():
            self._count_login()
            return self._keep(self._endpoint.by_code(code, verifier, redirect_uri), BROWSER)

    def require_login_room(self) -> None:
        """Raise ApiUnavailable where iRacing would refuse one more login within this hour."""
        self._logins.require_room(self.owner)

    def logout(self) -> bool:
        """Revoke the session at iRacing and delete the tokens; false where there were none.

        A failing revocation is a warning: the tokens are deleted anyway.
        """
        with self._lock():
            tokens = self.tokens_on_disk()
            if tokens is None:
                return False
            try:
                self._revoke(tokens)
            except (SyncError, RefreshRefusedError) as error:
                reason = str(error) or "the session had ended"
                log.warning("not revoked at iRacing, deleted here only: %s", reason)
            self._store.clear()
            return True

    def tokens_on_disk(self) -> Tokens | None:
        """Return the tokens on disk, live or not; those of another client, user or service do not count."""
        return self._store.read(self.owner)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with self._store.lock(), self._guard():
            yield

    def _replace(self, tokens: Tokens | None) -> Tokens:
        if tokens is None:
            return self._login()
        if tokens.can_refresh(self._clock()):
            try:
                return self._refresh(tokens)
            except RefreshRefusedError:
                log.info("the refresh token is no longer good: a full login is needed")
        if tokens.granted_by == BROWSER and not self._credentials.password:
            raise AccessRefused("the login of the browser has ended: run `iracing-sync auth login --browser`")
        return self._login()

    def _refresh(self, tokens: Tokens) -> Tokens:
        return self._keep(self._endpoint.by_refresh(tokens.refresh_token or ""), tokens.granted_by)

    def _login(self) -> Tokens:
        who = self._credentials
        if missing := who.missing():
            message = f"a login at iRacing is needed, but not set: {', '.join(missing)}. {HOW_TO_GET_A_CLIENT}"
            raise AccessRefused(message)
        self._count_login()
        return self._keep(self._endpoint.by_password(who.username, who.password), PASSWORD)

    def _count_login(self) -> None:
        """Remember a full login before it is tried: the answer may be lost, the limit counts all the same."""
        if self._has_logged_in:
            raise AccessRefused("iRacing refuses the tokens of a login just made, and one login is all a run may make")
        self._logins.note(self.owner)
        self._has_logged_in = True

    def _keep(self, answer: Mapping[str, Any], granted_by: str) -> Tokens:
        """Write new tokens down before anyone uses them: the refresh token before them is already burnt."""
        client_id = self._credentials.client_id
        try:
            tokens = Tokens.from_answer(answer, self._clock(), granted_by=granted_by, client_id=client_id)
        except (KeyError, TypeError, ValueError):  # would quote tokens, so it is no cause
            raise no_tokens() from None
        self._store.write(self.owner, tokens)
        return tokens

    def _revoke(self, tokens: Tokens) -> None:
        now = self._clock()
        if now >= tokens.renew_at and tokens.can_refresh(now):
            tokens = self._refresh(tokens)
        self._endpoint.revoke(tokens.access_token)


def owner_of_tokens(oauth_url: str, credentials: Credentials) -> str:
    """Return a fingerprint of what tokens are good for: service, client and user."""
    parts = [oauth_url.rstrip("/"), credentials.client_id, credentials.username.strip().lower()]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
