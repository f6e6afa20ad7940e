"""The canonical form of a season: the same schedule has the same form, whatever iRacing shuffles or counts."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from iracing_sync.changes.older_shape import CLASS_IDS, in_older_shape
from iracing_sync.tables.ignored import Ignore, ignored_keys

VERSION = 2
"""Of the canonical form. Another one re-baselines every season that is seen, and reports nothing."""

SORTED = (
    ("track_types", "comes in any order"),
    ("schedules", "race_week_num says which round it is"),
    ("schedules[].car_restrictions", "comes in any order"),
    ("schedules[].race_week_cars", "comes in any order"),
    ("schedules[].race_time_descriptors[].session_times", "instants, in any order"),
)
WITHOUT_QUERY = (("schedules[].weather.weather_url", "signed anew at every fetch; the path is stable"),)
"""Paths of which only a part matters, and why. Besides, null, [] and {} count as left out, and 5.0 as 5."""


@dataclass(slots=True)
class Rules:
    """What becomes of the values of an object, and by key the rules for what is in them."""

    left_out: set[str] = field(default_factory=set)
    sorted: set[str] = field(default_factory=set)
    stripped: set[str] = field(default_factory=set)
    inner: "dict[str, Rules]" = field(default_factory=dict)


def rule_tree() -> Rules:
    """Return the rules for a season."""
    tree = Rules()
    for key in ignored_keys("series/seasons", Ignore.HASH):
        rules_around(tree, key.path).left_out.add(last_key(key.path))
    for path, _ in SORTED:
        rules_around(tree, path).sorted.add(last_key(path))
    for path, _ in WITHOUT_QUERY:
        rules_around(tree, path).stripped.add(last_key(path))
    return tree


def rules_around(tree: Rules, path: str) -> Rules:
    """Return the rules for the object in which a path ends."""
    for step in path.split(".")[:-1]:
        tree = tree.inner.setdefault(step.removesuffix("[]"), Rules())
    return tree


def last_key(path: str) -> str:
    """Return the key with which a path ends."""
    return path.rpartition(".")[2]


TREE = rule_tree()
NO_RULES = Rules()

LARGEST_EXACT = 2**53
"""Up to here a fraction and a whole number are the same number."""

PLAIN = frozenset({str, int, bool})
"""The types of values that are canonical as they are."""

SCALAR = PLAIN | {float, type(None)}
"""The types of values that hold no others."""


class Hashes(NamedTuple):
    """What a season is recognised by."""

    schedule: str
    settings: str


def season_hashes(season: Mapping[str, Any], rounds: Sequence[Any], members: Mapping[int, Sequence[int]]) -> Hashes:
    """Hash a season as iRacing sent it: its rounds with their classes and cars, and all the rest.

    `members` are the car ids of each car class: a class that gains a car changes what one may drive. What only
    documents since 2025-12 say of rounds belongs to the rest, so that the same schedule in either shape has one hash.
    """
    shaped = [in_older_shape(round_) for round_ in rounds]
    older = [round_ for round_, _ in shaped]
    newer = {str(place): rest for place, (_, rest) in enumerate(shaped) if rest}
    settings = canonical({key: value for key, value in season.items() if key != "schedules"}, TREE)
    schedule = canonical({"schedules": older}, TREE)
    classes = [season.get("car_class_ids"), *(round_.get(CLASS_IDS) for round_ in older if isinstance(round_, dict))]
    named = {one for ids in classes if isinstance(ids, list) for one in ids if isinstance(one, int)}
    cars = {str(one): sorted(members.get(one, ())) for one in named}
    rest = [settings, canonical(newer, NO_RULES)] if newer else settings
    return Hashes(digest([schedule, season.get("car_class_ids"), cars]), digest(rest))


def canonical(value: Any, rules: Rules) -> Any:
    """Return a value less what never matters, in an order of our own; None where nothing is left.

    Most objects and lists are canonical as they are, which is told without looking at each value by itself.
    """
    if value.__class__ is dict:
        return canonical_object(value, rules) or None
    if value.__class__ is list:
        return (value if PLAIN.issuperset(map(type, value)) else [canonical(item, rules) for item in value]) or None
    return number(value) if value.__class__ is float else value


def number(value: float) -> float:
    """Return a number, without its fraction where that is none."""
    return int(value) if value.is_integer() and abs(value) < LARGEST_EXACT else value


def canonical_object(value: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
    """Return an object by its rules, without what is empty."""
    if rules is NO_RULES:
        kinds = set(map(type, value.values()))
        if kinds <= PLAIN:
            return value
        if kinds <= SCALAR:
            return {
                key: number(item) if item.__class__ is float else item
                for key, item in value.items()
                if item is not None
            }
    left_out = rules.left_out
    kept: dict[str, Any] = {}
    for key, item in value.items():
        if key in left_out or item is None:
            continue
        if item.__class__ in PLAIN:
            kept[key] = item
        elif (reduced := canonical(item, rules.inner.get(key, NO_RULES))) is not None:
            kept[key] = in_order(reduced) if key in rules.sorted else reduced
    for key in rules.stripped & kept.keys():
        if isinstance(kept[key], str):
            kept[key] = kept[key].partition("?")[0]
    return kept


def in_order(value: Any) -> Any:
    """Sort a list by what is written of its items, which then need not be written again."""
    if not isinstance(value, list):
        return value
    return [orjson.Fragment(written) for written in sorted(map(sorted_json, value))]


def sorted_json(value: Any) -> bytes:
    """Write a value the same way whatever the order of its keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> str:
    """Hash a canonical value."""
    return hashlib.blake2b(sorted_json(value), digest_size=16).hexdigest()
