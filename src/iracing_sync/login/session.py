"""What a person may know of the tokens: whose they are and until when, never the tokens themselves."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from iracing_sync.login.access import HOW_TO_GET_A_CLIENT, Credentials
from iracing_sync.login.token_file import Tokens

IDLE_DAYS = 180
"""After so many days without use iRacing disables a client."""

WARN_DAYS = 30
DAY_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Session:
    """A login as `auth status` shows it; live while one of its tokens is."""

    is_live: bool
    client_id: str | None
    username: str | None
    scope: str | None
    granted_by: str | None
    access_token_ends_at: datetime | None
    refresh_token_ends_at: datetime | None
    last_used_at: datetime | None
    days_until_disabled: int | None
    missing: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        shown = asdict(self)
        return {"logged_in": shown.pop("is_live"), **shown}

    def lines(self) -> list[str]:
        """Return what is known, a line for each fact."""
        days = self.days_until_disabled
        facts = {
            "client": self.client_id,
            "user": self.username,
            "scope": self.scope,
            "granted by": self.granted_by,
            "access token ends": moment(self.access_token_ends_at),
            "refresh token ends": moment(self.refresh_token_ends_at),
            "client last used": moment(self.last_used_at),
            "disabled if unused for": None if days is None else f"{days} days",
        }
        return [f"{name + ':':<24}{fact}" for name, fact in facts.items() if fact]

    def lack(self) -> str:
        """Say what is needed where no one is logged in."""
        ended = "the login has ended" if self.access_token_ends_at else "not logged in"
        if not self.missing:
            return f"{ended}; all credentials are set: the next run or `iracing-sync auth login` logs in"
        return f"{ended}; not set: {', '.join(self.missing)}. {HOW_TO_GET_A_CLIENT}"


def session_of(tokens: Tokens | None, who: Credentials, now: float) -> Session:
    """Return what the tokens and the credentials tell at `now`, in epoch seconds."""
    used_at = tokens.issued_at if tokens else None
    return Session(
        is_live=bool(tokens and (now < tokens.expires_at or tokens.can_refresh(now))),
        client_id=(tokens and tokens.client_id) or who.client_id or None,
        username=who.username or None,
        scope=tokens.scope if tokens else None,
        granted_by=tokens.granted_by if tokens else None,
        access_token_ends_at=instant(tokens.expires_at if tokens else None),
        refresh_token_ends_at=instant(tokens.refresh_until if tokens and tokens.refresh_token else None),
        last_used_at=instant(used_at),
        days_until_disabled=None if used_at is None else max(0, int(IDLE_DAYS - (now - used_at) / DAY_SECONDS)),
        missing=tuple(who.missing()),
    )


def instant(seconds: float | None) -> datetime | None:
    """Return epoch seconds as an instant, to the second."""
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def moment(at: datetime | None) -> str | None:
    """Write an instant for a person."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else None
