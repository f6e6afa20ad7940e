"""How long a list was, and when one that has shrunk is believed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

SHRUNK = 0.7
"""A list with a smaller share of what the last good one had is not believed."""

LEAST_RUNS = 3
"""So many runs in a row must have seen it as short, this one among them, before it is."""

LONGEST_GAP = timedelta(days=8)
"""Between them: whoever looks again after a longer time may see another week 13."""


class ListLength(NamedTuple):
    """How long a list was, how long when it was last believed, since when it is not, and how many runs saw it so."""

    fetched_at: datetime
    items: int
    good_items: int
    shrunk_since: datetime | None
    short_runs: int = 0

    @classmethod
    def from_json(cls, length: Mapping[str, Any]) -> "ListLength":
        """Read what `as_json` wrote; an older version did not count runs."""
        since = length["shrunk_since"]
        return cls(
            datetime.fromisoformat(length["fetched_at"]),
            length["items"],
            length["good_items"],
            datetime.fromisoformat(since) if since else None,
            length.get("short_runs", 1 if since else 0),
        )

    def as_json(self) -> dict[str, Any]:
        """Return what a run keeps."""
        since = self.shrunk_since
        instants = {"fetched_at": self.fetched_at.isoformat(), "shrunk_since": since.isoformat() if since else None}
        return self._asdict() | instants

    def allows(self, items: int, at: datetime, grace: timedelta) -> bool:
        """Tell whether a list is long enough, or has been as short for longer than the grace period; none is never."""
        return items >= SHRUNK * self.good_items or (items > 0 and self.stays_short(at, grace))

    def stays_short(self, at: datetime, grace: timedelta) -> bool:
        """Tell whether runs without a gap have seen the list as short as it is for longer than the grace period."""
        since = self.shrunk_since if at - self.fetched_at <= LONGEST_GAP else None
        return since is not None and at - since >= grace and self.short_runs + 1 >= LEAST_RUNS

    def after_short_list(self, items: int, at: datetime) -> "ListLength":
        """Return what to compare with after a list that is not believed."""
        if self.shrunk_since is None or at - self.fetched_at > LONGEST_GAP:
            return ListLength(at, items, self.good_items, at, 1)
        return ListLength(at, items, self.good_items, self.shrunk_since, self.short_runs + 1)
