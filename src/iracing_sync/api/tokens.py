"""The tokens between two runs: a private file, always whole."""

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from iracing_sync.errors import SettingsError
from iracing_sync.locks import locked, make_private_folder

logger = logging.getLogger(__name__)

MARGIN_SECONDS = 60.0
REFRESH_LIFE_SECONDS = 7 * 86400.0
"""How long a refresh token lives where iRacing does not say."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token and the one that refreshes it; instants are epoch seconds."""

    access_token: str = field(repr=False)
    renew_at: float
    expires_at: float
    refresh_token: str | None = field(repr=False)
    refresh_until: float

    @classmethod
    def issued(cls, answer: Mapping[str, Any], now: float) -> "Tokens":
        """Read an answer of the token endpoint that came at `now`; raises KeyError, TypeError or ValueError.

        They are to be renewed a minute before they end; a tenth of their life before, where that is shorter.
        """
        life = float(answer["expires_in"])
        refresh_life = float(answer.get("refresh_token_expires_in") or REFRESH_LIFE_SECONDS)
        return cls(
            access_token=_text(answer["access_token"]),
            renew_at=now + life - min(MARGIN_SECONDS, life / 10),
            expires_at=now + life,
            refresh_token=answer.get("refresh_token"),
            refresh_until=now + refresh_life,
        )


class TokenStore:
    """The file that holds the tokens of one owner (mode 0600, in a folder of mode 0700)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the tokens against every other process that wants to replace them."""
        try:
            make_private_folder(self.path.parent)
        except OSError as error:
            raise SettingsError(f"the folder of the tokens is unusable: {error}") from error
        with locked(self.path.with_name(f"{self.path.name}.lock")):
            yield

    def read(self, owner: str) -> Tokens | None:
        """Return the tokens written for `owner`; null for anyone else's, and for a file that makes no sense."""
        try:
            content = orjson.loads(self.path.read_bytes())
            return Tokens(**content["tokens"]) if content["owner"] == owner else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            logger.warning("%s does not hold tokens: ignored", self.path)
            return None

    def write(self, owner: str, tokens: Tokens) -> None:
        """Put the tokens in the place of the former ones; whoever reads sees the old or the new, never a part."""
        try:
            make_private_folder(self.path.parent)
            self._replace(orjson.dumps({"owner": owner, "tokens": asdict(tokens)}))
        except OSError as error:
            raise SettingsError(f"the tokens cannot be kept: {error}") from error

    def clear(self) -> None:
        """Forget the tokens."""
        self.path.unlink(missing_ok=True)

    def _replace(self, content: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self.path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value
