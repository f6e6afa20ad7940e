"""Series that are variants of one: raced on the same rounds, or called alike."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from iracing_sync.quarters import week_start
from iracing_sync.tables.rows import Row


def same_rounds(seasons: Iterable[Sequence[Row]]) -> list[list[Sequence[Row]]]:
    """Put the seasons together, each as its rounds, that are at the same tracks in the same weeks."""
    found: dict[tuple[object, ...], list[Sequence[Row]]] = defaultdict(list)
    for rounds in seasons:
        found[tuple(place_and_week(row) for row in rounds)].append(rounds)
    return list(found.values())


def place_and_week(row: Row) -> tuple[object, ...]:
    """Return where and in which of iRacing's weeks a round begins; some variants begin on another day of it."""
    return row["race_week_num"], row["track_id"], row["starts_at"] and week_start(row["starts_at"])


def first_words(name: str) -> str:
    """Return by what two series are variants of one: their first two words."""
    return " ".join(name.split()[:2]).casefold().rstrip("-,:")


def with_variants(names: Sequence[str]) -> str:
    """Write what several series have in common, and then in what they differ.

    >>> with_variants(["Tour - Americas", "Tour - Asia Pacific"]), with_variants(["Mazda Cup", "Mazda Cup - Fixed"])
    ('Tour - Americas, Asia Pacific', 'Mazda Cup, Fixed')
    """
    if len(names) == 1:
        return names[0]
    words = [name.split() for name in names]
    common = [alike[0] for alike in takewhile(lambda alike: len(set(alike)) == 1, zip(*words, strict=False))]
    tails = [" ".join(one[len(common) :]).strip(" -") for one in words]
    if not all(tails):  # one is called as the others begin
        return ", ".join([" ".join(common), *filter(None, tails)])
    return f"{' '.join(common)} {', '.join(tails)}"
