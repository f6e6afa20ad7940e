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
STATUSES = {"invalid_client": 403, "access_denied": 401, "temporarily_unavailable": 503, "server_error": 500}


class GrantRefused(Exception):
    """A token is refused, with OAuth's word for the reason."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.status = STATUSES.get(error, 400)

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
    """The one client and the one member whom the simulator knows."""

    client_id: str = "demo-client"
    client_secret: str = "demo-secret"  # noqa: S105, an invented one
    username: str = "demo@example.com"
    password: str = "demo-password"  # noqa: S105, an invented one


def masked(secret: str, name: str) -> str:
    """Return a secret as it travels: hashed with the client id or user name that it belongs to."""
    digest = hashlib.sha256((secret + name.strip().lower()).encode()).digest()
    return base64.b64encode(digest).decode()


@dataclass
class TokenOffice:
    """Grants tokens and knows which of them are alive."""

    account: Account
    clock: Callable[[], datetime]
    lifetime: timedelta
    _access: dict[str, datetime] = field(default_factory=dict)
    _refresh: dict[str, datetime] = field(default_factory=dict)

    def grant(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Return the answer to a token request; raises GrantRefused."""
        self._check_client(form)
        match form.get("grant_type"):
            case "password_limited":
                self._check_member(form)
            case "refresh_token":
                self._use_up(form.get("refresh_token", ""))
            case other:
                raise GrantRefused("invalid_request", f"grant_type {other} is not supported")
        return self._issue()

    def is_live(self, token: str) -> bool:
        """Say whether an access token is known and has not ended."""
        ends_at = self._access.get(token)
        return ends_at is not None and self.clock() < ends_at

    def revoke_all(self) -> None:
        """End every token, as when iRacing restarts."""
        self._access.clear()
        self._refresh.clear()

    def _check_client(self, form: Mapping[str, str]) -> None:
        known = self.account
        if form.get("client_id", "").strip().lower() != known.client_id.lower():
            raise GrantRefused("invalid_client", "the client is not known")
        if form.get("client_secret") != masked(known.client_secret, known.client_id):
            raise GrantRefused("invalid_client", "the client secret is wrong or not masked")

    def _check_member(self, form: Mapping[str, str]) -> None:
        known = self.account
        if form.get("scope", SCOPE) != SCOPE:
            raise GrantRefused("invalid_scope", "the scope is not known")
        if form.get("username", "").strip().lower() != known.username.lower():
            raise GrantRefused("invalid_grant", "the member is not known")
        if form.get("password") != masked(known.password, known.username):
            raise GrantRefused("invalid_grant", "the password is wrong or not masked")

    def _use_up(self, refresh_token: str) -> None:
        ends_at = self._refresh.pop(refresh_token, None)
        if ends_at is None or self.clock() >= ends_at:
            raise GrantRefused("invalid_grant", "the refresh token is unknown, used or too old")

    def _issue(self) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._access[access] = self.clock() + self.lifetime
        self._refresh[refresh] = self.clock() + REFRESH_LIFETIME
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(self.lifetime.total_seconds()),
            "refresh_token": refresh,
            "refresh_token_expires_in": int(REFRESH_LIFETIME.total_seconds()),
            "scope": SCOPE,
        }
