"""What an answer of `/data` means when it is not the one hoped for."""

import math
from datetime import UTC, datetime
from typing import Any

import httpx

from iracing_sync.error_bodies import error_fields
from iracing_sync.errors import AccessRefused, ApiUnavailable, DocumentError, NothingFound
from iracing_sync.rate_limit.allowance import number

LONGEST_REASON = 300
HOUR_SECONDS = 3600


def require_success(name: str, response: httpx.Response) -> None:
    """Raise AccessRefused for 401 and 403, NothingFound for 404, DocumentError for whatever else is no answer."""
    if response.status_code == 200:
        return
    if response.status_code == 401:
        raise AccessRefused(f"{name}: iRacing refuses a new token, too; log in again with `iracing-sync auth login`")
    if response.status_code == 403:
        message = f"{name}: iRacing refuses access ({reason(response)}); check the scope and state of the OAuth client"
        raise AccessRefused(message)
    if response.has_redirect_location:
        host = response.request.url.host
        raise DocumentError(f"{name}: {host} sends us elsewhere, where the token must not go; check IRACING_API_URL")
    kind = NothingFound if response.status_code == 404 else DocumentError
    raise kind(f"{name}: iRacing answered HTTP {response.status_code} ({reason(response)})")


def is_maintenance(response: httpx.Response) -> bool:
    """Tell whether iRacing is closed for hours, as on a patch day: no try within minutes would help."""
    return response.status_code == 503 and "site maintenance" in response.text.lower()


def maintenance_in(content: Any) -> str | None:
    """Return iRacing's word that it is closed, where that stands in a document's place."""
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, str) and "maintenance" in error.lower() else None


def maintenance_error(response: httpx.Response, now: float, words: str) -> ApiUnavailable:
    """Say that iRacing is closed, and from which full hour on to try again: what it asks for, or an hour at least."""
    wait = number(response.headers, "retry-after") or HOUR_SECONDS
    hour = math.ceil((now + wait) / HOUR_SECONDS) * HOUR_SECONDS
    at = datetime.fromtimestamp(hour, UTC)
    return ApiUnavailable(f"iRacing is in maintenance ({words}); try again at {at:%H:%M} UTC")


def reason(response: httpx.Response) -> str:
    """Return iRacing's own words from the body of an error, or the name of the status where it has none."""
    fields = error_fields(response)
    words = [fields[key] for key in ("error", "message", "error_description", "note") if fields.get(key)]
    return "; ".join(words)[:LONGEST_REASON] or response.reason_phrase
