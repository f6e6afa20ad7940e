"""One fact, one change: what differs in the same way in several rounds of a season is said once, with its rounds."""

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from iracing_sync.changes.phases import CURRENT, FUTURE, PAST, Phase
from iracing_sync.tables.base import Severity

BY_ITEM = frozenset({"weather", "settings", "setups", "restrictions"})
"""Fields whose values are objects that hold only what differs: each of their items is a fact by itself."""


class Difference(NamedTuple):
    """One field that differs."""

    field: str
    old: Any
    new: Any
    severity: Severity


class OfRound(NamedTuple):
    """A difference of one round, and where that round stands."""

    number: int
    phase: Phase
    difference: Difference


class Fact(NamedTuple):
    """A difference, the rounds in which it is the same, and where the most urgent of them stands.

    Where the rounds differ in what was or is, `old` and `new` are those of the first.
    """

    rounds: tuple[int, ...]
    phase: Phase
    difference: Difference


def facts(found: Iterable[OfRound]) -> list[Fact]:
    """Merge the differences of the rounds of one season, in the order of their first rounds."""
    rounds: dict[Hashable, list[OfRound]] = defaultdict(list)
    items: dict[Hashable, list[OfRound]] = defaultdict(list)
    for one in found:
        whole = whole_restriction(one.difference)
        if one.difference.field in BY_ITEM and whole is None:
            for item in each_item(one):
                items[key_of(item.difference)].append(item)
        else:
            rounds[whole or key_of(one.difference)].append(one)
    merged = [merge(alike) for alike in rounds.values()] + together(map(merge, items.values()))
    return sorted(merged, key=lambda fact: fact.rounds)


def shift_of(difference: Difference) -> timedelta | None:
    """Return by how much an instant moves, None where one side is unknown."""
    if not (difference.old and difference.new):
        return None
    return datetime.fromisoformat(difference.new) - datetime.fromisoformat(difference.old)


def key_of(difference: Difference) -> Hashable:
    """Return by what two differences are the same: by how much rounds move, by the cars that come and go, else by all.

    Sessions are seen in their week, for each round has days of its own.
    """
    field, old, new, severity = difference
    if field in ("starts_at", "ends_at") and (shift := shift_of(difference)) is not None:
        return field, severity, shift
    if field == "times":
        return field, severity, repr([in_their_week(one, severity) for one in (old, new)])
    if field in ("cars", "car_class_ids") and set(old) != set(new):
        return field, frozenset(old) - frozenset(new), frozenset(new) - frozenset(old)
    return field, severity, orjson.dumps([old, new], option=orjson.OPT_SORT_KEYS)


def in_their_week(times: Sequence[Mapping[str, Any]], severity: Severity) -> list[Any]:
    """Return the times of sessions by weekday and hour, where only their length differs that alone."""
    if severity == "low":
        return sorted(str(one.get("session_minutes")) for one in times)
    return sorted(
        repr({**one, "starts_on": None, "session_times": [weekday_and_hour(at) for at in one.get("session_times", ())]})
        for one in times
    )


def weekday_and_hour(at: str) -> str:
    """Return an instant of any week."""
    return f"{datetime.fromisoformat(at):%a %H:%M}"


def whole_restriction(difference: Difference) -> Hashable:
    """Return as what a change of restrictions counts where all of a round's come or go, else None."""
    if difference.field != "restrictions" or (difference.old and difference.new):
        return None
    return "restrictions", "come" if difference.new else "go"


def each_item(one: OfRound) -> Iterator[OfRound]:
    """Yield each item of a difference between objects as a difference of its own."""
    field, old, new, severity = one.difference
    for key in sorted({*(old or {}), *(new or {})}):
        before, after = ({key: side[key]} if key in (side or {}) else {} for side in (old, new))
        yield one._replace(difference=Difference(field, before, after, severity))


def merge(alike: Sequence[OfRound]) -> Fact:
    """Return one fact for differences that are the same."""
    first = min(alike, key=lambda one: one.number)
    return Fact(tuple(sorted({one.number for one in alike})), urgent(one.phase for one in alike), first.difference)


def urgent(phases: Iterable[Phase]) -> Phase:
    """Return where the most urgent of some rounds stands: on now, to come, or over."""
    there = set(phases)
    return next(phase for phase in (CURRENT, FUTURE, PAST) if phase in there)


def together(found: Iterable[Fact]) -> list[Fact]:
    """Put the items together that differ in the very same rounds."""
    alike: dict[Hashable, list[Fact]] = defaultdict(list)
    for fact in found:
        alike[fact.rounds, fact.phase, fact.difference.field].append(fact)
    return [one[0]._replace(difference=joined([fact.difference for fact in one])) for one in alike.values()]


def joined(differences: Sequence[Difference]) -> Difference:
    """Return one difference between objects that holds the items of several."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for one in differences:
        old |= one.old
        new |= one.new
    return differences[0]._replace(old=old, new=new)


class Everywhere(NamedTuple):
    """A field, or an item of one, that is changed in the same way in many rounds of a document."""

    field: str
    item: str | None
    old: Any
    new: Any
    rounds: int


def same_everywhere(changes: Iterable[Mapping[str, Any]], least: int) -> dict[Hashable, Everywhere]:
    """Return what is the same in at least so many rounds, given the changes of a document.

    That is a release of the API or a rule for all of iRacing, and no change of a schedule.
    """
    found: dict[Hashable, Everywhere] = {}
    for change in changes:
        for one in parts_of(change):
            field, old, new, _ = one.difference
            item = next(iter({**(old or {}), **(new or {})})) if field in BY_ITEM else None
            known = found.get(key := key_of(one.difference))
            before = known.rounds if known else 0
            found[key] = Everywhere(field, item, old, new, before + len(change["rounds"]))
    return {key: one for key, one in found.items() if one.rounds >= least}


def parts_of(change: Mapping[str, Any]) -> list[OfRound]:
    """Return the items of a change, or the change as its only one."""
    whole = OfRound(0, PAST, Difference(change["field"], change["old"], change["new"], change["severity"]))
    return list(each_item(whole)) if change["field"] in BY_ITEM else [whole]


def without_items(change: Mapping[str, Any], gone: Container[Hashable]) -> dict[str, Any] | None:
    """Return a change without the items that are everywhere the same, None where nothing is left of it."""
    left = [one.difference for one in parts_of(change) if key_of(one.difference) not in gone]
    if not left:
        return None
    kept = joined(left) if change["field"] in BY_ITEM else left[0]
    return {**change, "old": kept.old, "new": kept.new}
