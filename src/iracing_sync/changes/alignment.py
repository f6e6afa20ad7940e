"""Which round of a stored schedule is which of the new one: a week that is put in moves all that follow."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from iracing_sync.tables.rows import Row

CLEARLY = 2
"""So many more rounds must be the same by their order than by their number: two that are swapped have moved."""


class Pair(NamedTuple):
    """The numbers that one round has in the old and in the new schedule, None where it is not in one of them."""

    old: int | None
    new: int | None

    @property
    def number(self) -> int:
        """Return the number under which people know the round."""
        return self.new if self.new is not None else self.old  # type: ignore[return-value] # one of them is there

    @property
    def is_moved(self) -> bool:
        """Tell whether the round has another number than it had."""
        return None not in self and self.old != self.new


def pairs(old: Mapping[int, Row], new: Mapping[int, Row]) -> list[Pair]:
    """Pair the rounds of two schedules, given the events by number, in the order of the new one.

    They are paired by number, unless their tracks tell that weeks were put in or taken out.

    >>> old, new = ({n: {"track_id": track} for n, track in enumerate(tracks)} for tracks in ("abc", "axbc"))
    >>> [tuple(one) for one in pairs(old, new)]
    [(0, 0), (None, 1), (1, 2), (2, 3)]
    """
    by_number = [Pair(n if n in old else None, n if n in new else None) for n in sorted(old.keys() | new.keys())]
    if len(old) == len(new):
        return by_number
    by_order = list(pairs_by_order(old, new))
    return by_order if same(by_order, old, new) >= same(by_number, old, new) + CLEARLY else by_number


def pairs_by_order(old: Mapping[int, Row], new: Mapping[int, Row]) -> Iterator[Pair]:
    """Pair rounds in the order of their tracks."""
    before, after = sorted(old), sorted(new)
    tracks_before, tracks_after = ([rounds[number]["track_id"] for number in sorted(rounds)] for rounds in (old, new))
    for what, i, i_end, j, j_end in SequenceMatcher(None, tracks_before, tracks_after, autojunk=False).get_opcodes():
        both = min(i_end - i, j_end - j) if what in ("equal", "replace") else 0
        yield from (Pair(before[i + k], after[j + k]) for k in range(both))
        yield from (Pair(before[k], None) for k in range(i + both, i_end))
        yield from (Pair(None, after[k]) for k in range(j + both, j_end))


def same(found: list[Pair], old: Mapping[int, Row], new: Mapping[int, Row]) -> int:
    """Count the pairs that are on the same track."""
    return sum(
        old[one.old]["track_id"] == new[one.new]["track_id"]
        for one in found
        if one.old is not None and one.new is not None
    )
