"""iRacing's OAuth endpoints: one request each, and what a refusal means."""

import base64
import hashlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson

from iracing_sync.error_bodies import error_fields
from iracing_sync.errors import AccessRefused, ApiUnavailable

log = logging.getLogger(__name__)

SCOPE = "iracing.auth"
USER_ADVICE = "check IRACING_USERNAME and IRACING_PASSWORD, and that this user is registered for the client"

ADVICE = {
    "access_denied": USER_ADVICE,
    "invalid_client": "check IRACING_CLIENT_ID and IRACING_CLIENT_SECRET; a client unused for 180 days is disabled",
    "invalid_scope": f"ask iRacing to allow this client the scope {SCOPE}",
}
GRANT_ADVICE = {
    "password_limited": USER_ADVICE,
    "authorization_code": "the code has ended or was used: run `iracing-sync auth login --browser` again",
}


class RefreshRefusedError(Exception):
    """The refresh token has been used or has ended: only a full login helps."""


def mask(secret: str, identifier: str) -> str:
    """Mask a secret as iRacing wants it: the client's with the client id, the password with the username."""
    digest = hashlib.sha256(f"{secret}{identifier.strip().lower()}".encode()).digest()
    return base64.b64encode(digest).decode("ascii")


class TokenEndpoint:
    """Asks for tokens in the name of one client; `client_secret` is empty for a public one."""

    def __init__(self, oauth_url: str, client_id: str, client_secret: str, http: httpx.Client) -> None:
        self._url = oauth_url.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._http = http

    def by_password(self, username: str, password: str) -> dict[str, Any]:
        """Log in with the password; like the others raises AccessRefused or ApiUnavailable."""
        form = {"username": username, "password": mask(password, username), "scope": SCOPE}
        return self._ask_for_tokens("password_limited", form)

    def by_code(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        """Log in with what the browser brought back."""
        form = {"code": code, "code_verifier": verifier, "redirect_uri": redirect_uri}
        return self._ask_for_tokens("authorization_code", form)

    def by_refresh(self, refresh_token: str) -> dict[str, Any]:
        """Use up a refresh token; raises RefreshRefusedError where it is no longer good."""
        return self._ask_for_tokens("refresh_token", {"refresh_token": refresh_token})

    def revoke(self, access_token: str) -> None:
        """End the session of an access token."""
        response = self._post("revoke/current", headers={"Authorization": f"Bearer {access_token}"})
        if not response.is_success:
            raise refusal(response, "revocation")

    def _ask_for_tokens(self, grant_type: str, form: Mapping[str, str]) -> dict[str, Any]:
        log.debug("asking for tokens: %s", grant_type)
        response = self._post("token", data={"grant_type": grant_type, **form, **self._client_fields()})
        if response.status_code != 200:
            raise refusal(response, grant_type)
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict):
            raise no_tokens()
        return answer

    def _client_fields(self) -> dict[str, str]:
        secret = {"client_secret": mask(self._client_secret, self._client_id)} if self._client_secret else {}
        return {"client_id": self._client_id, **secret}

    def _post(self, path: str, **request: Any) -> httpx.Response:
        try:
            return self._http.post(f"{self._url}/{path}", **request)
        except httpx.RequestError as error:
            message = f"no answer from iRacing's token endpoint ({type(error).__name__}); try again later"
            raise ApiUnavailable(message) from error


def no_tokens() -> ApiUnavailable:
    """Return the error for an answer that should hold tokens; it quotes nothing."""
    return ApiUnavailable("iRacing's token endpoint answered without tokens; try again later")


def refusal(response: httpx.Response, grant_type: str) -> Exception:
    """Say what the token endpoint has against us, and what to do about it."""
    fields = error_fields(response)
    error = fields.get("error") or f"HTTP {response.status_code}"
    words = ": ".join(filter(None, [error, fields.get("error_description", "")]))
    if response.is_server_error or response.status_code == 429:
        return ApiUnavailable(f"iRacing's token endpoint is not available ({words}); try again {when(response)}")
    if grant_type == "refresh_token" and error == "invalid_grant":
        return RefreshRefusedError()
    refused = grant_type if grant_type == "revocation" else "login"
    return AccessRefused(f"iRacing refuses the {refused} ({words}); {advice(error, grant_type)}")


def advice(error: str, grant_type: str) -> str:
    """Return what a person can do about an OAuth error."""
    if error == "unauthorized_client":
        return f"ask iRacing to allow this client the grant {grant_type}"
    if error == "invalid_grant" and grant_type in GRANT_ADVICE:
        return GRANT_ADVICE[grant_type]
    return ADVICE.get(error, "check IRACING_OAUTH_URL and the IRACING_ credentials")


def when(response: httpx.Response) -> str:
    """Return when to try again: `Retry-After` names seconds or a date, or is missing."""
    wanted = response.headers.get("retry-after", "").strip()
    try:
        at = datetime.now(UTC) + timedelta(seconds=int(wanted)) if wanted.isdigit() else parsedate_to_datetime(wanted)
    except (ValueError, OverflowError):
        return "later"
    return f"after {at:%Y-%m-%d %H:%M:%S} UTC"
