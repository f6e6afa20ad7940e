"""The rate limit: so many answers in a window, which stands still or slides along with the clock."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class RateLimit:
    """So many answers in a window.

    A `fixed` window begins with the first of them and ends as a whole; in a `sliding` one each is forgotten when it is
    as old as the window is long.
    """

    limit: int
    clock: Callable[[], datetime]
    window: timedelta = timedelta(seconds=60)
    style: str = "fixed"
    _answer_times: deque[datetime] = field(default_factory=deque)

    def admit(self) -> bool:
        """Count a call and say whether it is still allowed."""
        now = self.clock()
        self._forget(now)
        if len(self._answer_times) >= self.limit:
            return False
        self._answer_times.append(now)
        return True

    def headers(self) -> dict[str, str]:
        """Return what iRacing tells with every answer; the reset is in epoch seconds."""
        resets_at = (self._answer_times[0] if self._answer_times else self.clock()) + self.window
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.limit - len(self._answer_times)),
            "x-ratelimit-reset": str(math.ceil(resets_at.timestamp())),
        }

    def _forget(self, now: datetime) -> None:
        if self.style == "fixed":
            if self._answer_times and now >= self._answer_times[0] + self.window:
                self._answer_times.clear()
            return
        while self._answer_times and now >= self._answer_times[0] + self.window:
            self._answer_times.popleft()
