"""Changes in the order in which a person reads them: the weightiest first, and new seasons last and in few words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from iracing_sync.changes.compared import WEIGHTS
from iracing_sync.plain_text import how_many, one_line
from iracing_sync.tables.rows import Row

MOST_NEW = 5
"""So many new seasons are told one by one."""


def nothing(_change: Row) -> str:
    """Say nothing of a change beside its sentence."""
    return ""


def digest(
    changes: Iterable[Row], tail: Callable[[Row], str] = nothing, most_new: int | None = MOST_NEW
) -> Iterator[str]:
    """Yield a line for each season or series, and one for each of its changes, with what `tail` says of it.

    Of new seasons no more than `most_new` are told, and how many there are.
    """
    every = list(changes)
    for name, rows in by_season(one for one in every if one["field"] != "season"):
        yield name
        yield from (f"  {row['sentence']}{tail(row)}" for row in rows)
    yield from new_season_lines([one for one in every if one["field"] == "season"], tail, most_new)


def by_season(changes: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Return the changes under the names of their seasons, those first in which something weighty changes."""
    seasons: dict[str, list[Row]] = defaultdict(list)
    for row in changes:
        seasons[one_line(row["season_name"] or row["series_name"] or "Car classes")].append(row)
    weighed = [(name, sorted(rows, key=weight)) for name, rows in seasons.items()]
    return sorted(weighed, key=lambda season: weight(season[1][0]))


def weight(change: Row) -> int:
    """Return where a change stands among others, the weightiest at 0."""
    return WEIGHTS.index(change["severity"])


def new_season_lines(rows: Sequence[Row], tail: Callable[[Row], str], most: int | None) -> Iterator[str]:
    """Yield how many seasons are new, and the first of them."""
    if not rows:
        return
    yield how_many(len(rows), "new season")
    yield from (f"  {row['sentence']}{tail(row)}" for row in rows[:most])
    if most is not None and len(rows) > most:
        yield f"  … and {len(rows) - most} more"
