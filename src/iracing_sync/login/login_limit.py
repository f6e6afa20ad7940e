"""The full logins of the last hour, remembered between runs: iRacing allows about twelve."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson

from iracing_sync.errors import ApiUnavailable
from iracing_sync.folders import unwritable
from iracing_sync.private_files import write_private

log = logging.getLogger(__name__)

LOGINS_PER_HOUR = 12
HOUR_SECONDS = 3600.0


class Logins:
    """A private file of the moments (epoch seconds) at which each owner logged in, refused logins included."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock

    def require_room(self, owner: str) -> None:
        """Raise ApiUnavailable where the last hour has seen as many logins as iRacing allows."""
        recent = self._recent().get(owner, [])
        if len(recent) >= LOGINS_PER_HOUR:
            free_at = datetime.fromtimestamp(sorted(recent)[-LOGINS_PER_HOUR] + HOUR_SECONDS, UTC)
            raise ApiUnavailable(
                f"{len(recent)} full logins within an hour, and iRacing allows about {LOGINS_PER_HOUR}: "
                f"the next one is possible at {free_at:%H:%M:%S} UTC"
            )

    def note(self, owner: str) -> None:
        """Count a login that is about to be tried; call it under the lock of the tokens."""
        self.require_room(owner)
        recent = self._recent()
        recent[owner] = [*recent.get(owner, []), self._clock()]
        try:
            write_private(self._path, orjson.dumps(recent))
        except OSError as error:
            raise unwritable(self._path, error) from error

    def _recent(self) -> dict[str, list[float]]:
        """Return what the file tells of the last hour; a clock that was put back may have left later moments."""
        now = self._clock()
        try:
            content = orjson.loads(self._path.read_bytes())
            noted = {str(owner): [float(at) for at in moments] for owner, moments in content.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError):
            log.warning("%s does not hold the logins of the last hour: taken for empty", self._path)
            return {}
        kept = {owner: [at for at in moments if abs(now - at) < HOUR_SECONDS] for owner, moments in noted.items()}
        return {owner: moments for owner, moments in kept.items() if moments}
