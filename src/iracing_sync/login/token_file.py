"""The tokens between two runs: a private file, always whole."""

import logging
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from iracing_sync.errors import SettingsError
from iracing_sync.folders import DATA_DIR, claim_folder, unwritable
from iracing_sync.private_files import file_lock, write_private

log = logging.getLogger(__name__)

MARGIN_SECONDS = 60.0
REFRESH_LIFE_SECONDS = 7 * 86400.0
"""How long a refresh token lives where iRacing does not say."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token and the one that refreshes it; instants are epoch seconds.

    `granted_by` is "password" or "browser", whatever was refreshed since.
    """

    access_token: str = field(repr=False)
    renew_at: float
    expires_at: float
    refresh_token: str | None = field(repr=False)
    refresh_until: float
    scope: str | None
    issued_at: float
    granted_by: str
    client_id: str

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any], now: float, *, granted_by: str, client_id: str) -> "Tokens":
        """Read an answer of the token endpoint that came at `now`; raises KeyError, TypeError or ValueError.

        They are to be renewed a minute before they end; a tenth of their life before, where that is shorter.
        """
        life = float(answer["expires_in"])
        refresh_life = float(answer.get("refresh_token_expires_in") or REFRESH_LIFE_SECONDS)
        return cls(
            access_token=_text(answer["access_token"]),
            renew_at=now + life - min(MARGIN_SECONDS, life / 10),
            expires_at=now + life,
            refresh_token=_text_or_none(answer.get("refresh_token") or None),
            refresh_until=now + refresh_life,
            scope=_text_or_none(answer.get("scope") or None),
            issued_at=now,
            granted_by=granted_by,
            client_id=client_id,
        )

    @classmethod
    def from_file(cls, given: Mapping[str, Any]) -> "Tokens":
        """Read what was written; raises KeyError, TypeError or ValueError where that is no longer whole."""
        return cls(
            access_token=_text(given["access_token"]),
            renew_at=float(given["renew_at"]),
            expires_at=float(given["expires_at"]),
            refresh_token=_text_or_none(given["refresh_token"]),
            refresh_until=float(given["refresh_until"]),
            scope=_text_or_none(given["scope"]),
            issued_at=float(given["issued_at"]),
            granted_by=_text(given["granted_by"]),
            client_id=_text(given["client_id"]),
        )

    def can_refresh(self, now: float) -> bool:
        """Tell whether the refresh token is there and has not ended."""
        return bool(self.refresh_token) and now < self.refresh_until


class TokenFile:
    """The file that holds the tokens of one owner (mode 0600, in a folder of ours)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the tokens against every other process and thread that wants to replace them."""
        try:
            claim_folder(self.path.parent, DATA_DIR)
        except OSError as error:
            raise SettingsError(f"the folder of the tokens is unusable: {error}") from error
        with file_lock(self.path.with_name(f"{self.path.name}.lock")):
            yield

    def read(self, owner: str) -> Tokens | None:
        """Return the tokens written for `owner`; null for anyone else's, and for a file that makes no sense.

        Raises SettingsError where others own the file.
        """
        try:
            content = orjson.loads(self._content())
            return Tokens.from_file(content["tokens"]) if content["owner"] == owner else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("%s does not hold tokens: ignored", self.path)
            return None

    def write(self, owner: str, tokens: Tokens) -> None:
        """Put the tokens in the place of the former ones; whoever reads sees the old or the new, never a part."""
        try:
            write_private(self.path, orjson.dumps({"owner": owner, "tokens": asdict(tokens)}))
        except OSError as error:
            raise unwritable(self.path, error) from error

    def _content(self) -> bytes:
        """Read the file, shut to others from then on; no link is followed, for what it leads to is not ours."""
        with os.fdopen(os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            found = os.fstat(file.fileno())
            if found.st_uid != os.geteuid():
                raise SettingsError(
                    f"{self.path} belongs to another user (uid {found.st_uid}): remove it and log in again"
                )
            if found.st_mode & 0o077:
                self._shut(file.fileno(), stat.S_IMODE(found.st_mode))
            return file.read()

    def _shut(self, descriptor: int, mode: int) -> None:
        try:
            os.fchmod(descriptor, 0o600)
        except OSError as error:
            raise SettingsError(f"{self.path} is open to others (mode {mode:04o}): {error.strerror}") from error
        log.warning(
            "%s was open to others (mode %04o): its mode is now 0600; log in again if others use this machine",
            self.path,
            mode,
        )

    def clear(self) -> None:
        """Forget the tokens."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise SettingsError(f"the tokens cannot be deleted: {error}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)
