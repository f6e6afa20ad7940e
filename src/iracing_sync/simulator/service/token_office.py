"""OAuth as iRacing does it: masked secrets, short-lived access tokens, refresh tokens that work once."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

SCOPE = "iracing.auth"
REFRESH_LIFETIME = timedelta(days=7)
CODE_LIFETIME = timedelta(minutes=5)
HOUR = timedelta(hours=1)
STATUSES = {
    "invalid_client": 403,
    "access_denied": 401,
    "temporarily_unavailable": 503,
    "server_error": 500,
    "invalid_token": 401,
}


class GrantRefused(Exception):
    """A token is refused, with OAuth's word for the reason; `retry_after` in seconds."""

    def __init__(self, error: str, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.error = error
        self.status = 429 if retry_after is not None else STATUSES.get(error, 400)
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}

    def body(self) -> dict[str, Any]:
        """Return the JSON that iRacing answers."""
        return {
            "status": self.status,
            "status_reason": "Refused",
            "error": self.error,
            "error_description": str(self),
            "error_uri": f"https://oauth.iracing.com/oauth2/book/errors.html#{self.error}",
        }


@dataclass(frozen=True)
class Account:
    """The one client and the one member whom the simulator knows; a public client has an empty secret."""

    client_id: str = "demo-client"
    client_secret: str = "demo-secret"  # noqa: S105, an invented one
    username: str = "demo@example.com"
    password: str = "demo-password"  # noqa: S105, an invented one
    redirect_uri: str = "http://127.0.0.1:8912/callback"


def masked_secret(secret: str, name: str) -> str:
    """Return a secret as it travels: hashed with the client id or user name that it belongs to."""
    digest = hashlib.sha256((secret + name.strip().lower()).encode()).digest()
    return base64.b64encode(digest).decode()


def challenge(verifier: str) -> str:
    """Return the challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Code:
    """What a person in the browser agreed to; good for one grant."""

    challenge: str
    redirect_uri: str
    ends_at: datetime


@dataclass
class TokenOffice:
    """Grants tokens and knows which of them are alive; each belongs to the session of one login.

    `granted` holds every token and code that was ever handed out.
    """

    account: Account
    clock: Callable[[], datetime]
    lifetime: timedelta
    logins_per_hour: int | None = None
    granted: list[str] = field(default_factory=list)
    _access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _refresh: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _codes: dict[str, Code] = field(default_factory=dict)
    _logins: list[datetime] = field(default_factory=list)

    def grant(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Return the answer to a token request; raises GrantRefused."""
        self._check_client(form)
        match form.get("grant_type"):
            case "refresh_token":
                return self._issue_tokens(self._use_refresh_token(form.get("refresh_token", "")))
            case "password_limited":
                self._count_login()
                self._check_member(form)
            case "authorization_code":
                self._count_login()
                self._use_code(form)
            case other:
                raise GrantRefused("invalid_request", f"grant_type {other} is not supported")
        return self._issue_tokens(secrets.token_hex(8))

    def issue_code(self, query: Mapping[str, str]) -> str:
        """Return a code, as when the person agrees; raises GrantRefused for what iRacing tells the client."""
        if query.get("response_type") != "code":
            raise GrantRefused("unsupported_response_type", "only code is supported")
        if query.get("code_challenge_method") != "S256" or len(query.get("code_challenge", "")) != 43:
            raise GrantRefused("invalid_request", "a challenge of S256 is needed")
        if query.get("scope", SCOPE) != SCOPE:
            raise GrantRefused("invalid_scope", "the scope is not known")
        code = secrets.token_urlsafe(24)
        ends_at = self.clock() + CODE_LIFETIME
        self.granted.append(code)
        self._codes[code] = Code(query["code_challenge"], query["redirect_uri"], ends_at)
        return code

    def is_registered(self, query: Mapping[str, str]) -> bool:
        """Say whether client and redirect URI are the registered ones, without which no one is sent anywhere."""
        client, place = query.get("client_id", ""), query.get("redirect_uri")
        return client.lower() == self.account.client_id.lower() and place == self.account.redirect_uri

    def is_live(self, token: str) -> bool:
        """Say whether an access token is known and has not ended."""
        session = self._access.get(token)
        return session is not None and self.clock() < session[1]

    def revoke(self, token: str) -> None:
        """End the session of a live access token; raises GrantRefused for others."""
        if not self.is_live(token):
            raise GrantRefused("invalid_token", "the access token is unknown or has ended")
        ended, _ = self._access[token]
        for kept in (self._access, self._refresh):
            for other in [name for name, (session, _) in kept.items() if session == ended]:
                del kept[other]

    def revoke_all(self) -> None:
        """End every token, as when iRacing restarts."""
        self._access.clear()
        self._refresh.clear()

    def _check_client(self, form: Mapping[str, str]) -> None:
        known = self.account
        if form.get("client_id", "").strip().lower() != known.client_id.lower():
            raise GrantRefused("invalid_client", "the client is not known")
        wanted = masked_secret(known.client_secret, known.client_id) if known.client_secret else None
        if form.get("client_secret") != wanted:
            raise GrantRefused("invalid_client", "the client secret is wrong or not masked")

    def _check_member(self, form: Mapping[str, str]) -> None:
        known = self.account
        if form.get("scope", SCOPE) != SCOPE:
            raise GrantRefused("invalid_scope", "the scope is not known")
        if form.get("username", "").strip().lower() != known.username.lower():
            raise GrantRefused("invalid_grant", "the member is not known")
        if form.get("password") != masked_secret(known.password, known.username):
            raise GrantRefused("invalid_grant", "the password is wrong or not masked")

    def _count_login(self) -> None:
        now = self.clock()
        self._logins = [at for at in self._logins if now - at < HOUR]
        if self.logins_per_hour is not None and len(self._logins) >= self.logins_per_hour:
            seconds = int((self._logins[0] + HOUR - now).total_seconds()) + 1
            raise GrantRefused("too_many_requests", "too many logins within an hour", retry_after=seconds)
        self._logins.append(now)

    def _use_code(self, form: Mapping[str, str]) -> None:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or self.clock() >= code.ends_at:
            raise GrantRefused("invalid_grant", "the code is unknown, used or too old")
        if form.get("redirect_uri") != code.redirect_uri:
            raise GrantRefused("invalid_grant", "the redirect URI is another than that of the code")
        if challenge(form.get("code_verifier", "")) != code.challenge:
            raise GrantRefused("invalid_grant", "the verifier does not fit the challenge")

    def _use_refresh_token(self, refresh_token: str) -> str:
        session, ends_at = self._refresh.pop(refresh_token, (None, None))
        if session is None or ends_at is None or self.clock() >= ends_at:
            raise GrantRefused("invalid_grant", "the refresh token is unknown, used or too old")
        return session

    def _issue_tokens(self, session: str) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.granted += (access, refresh)
        self._access[access] = (session, self.clock() + self.lifetime)
        self._refresh[refresh] = (session, self.clock() + REFRESH_LIFETIME)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(self.lifetime.total_seconds()),
            "refresh_token": refresh,
            "refresh_token_expires_in": int(REFRESH_LIFETIME.total_seconds()),
            "scope": SCOPE,
        }
