"""The shape of a document: which JSON paths occur in it, and which of them all of its objects share."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

PERSONAL = frozenset({"allowed_season_members", "cust_id", "elig", "eligible", "has_mpr"})
"""About people: no part of a shape."""

OPAQUE = frozenset({"paint_rules"})
"""Not looked into: keyed by part."""

CLOSED = PERSONAL | OPAQUE

CONTAINERS = (dict, list)

USUAL = 0.5
"""The share of objects that must have a path for it to be usual."""


class Shape(NamedTuple):
    """Each path that occurs, and whether at least half of the objects that could have it do."""

    paths: Mapping[str, bool]

    @property
    def shape_id(self) -> str:
        """Return a hash of the paths."""
        return hashlib.blake2b(orjson.dumps(self.paths, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()

    def usual(self) -> set[str]:
        """Return the paths that at least half of their objects have."""
        return {path for path, is_usual in self.paths.items() if is_usual}


class Release(NamedTuple):
    """What came into or went from all objects of a document at once: a release of the API, no change of schedules."""

    appeared: frozenset[str]
    vanished: frozenset[str]

    @property
    def paths(self) -> frozenset[str]:
        """Return both."""
        return self.appeared | self.vanished


NO_RELEASE = Release(frozenset(), frozenset())


def shape_of(content: Any) -> Shape:
    """Return the shape of a document; `[]` in a path stands for any item of a list."""
    paths: Counter[str] = Counter()
    objects: Counter[str] = Counter()
    count_paths([content], "$", paths, objects)
    return Shape({path: count >= USUAL * objects[path.rpartition(".")[0]] for path, count in sorted(paths.items())})


def count_paths(values: Sequence[Any], path: str, paths: Counter[str], objects: Counter[str]) -> None:
    """Count the keys of the objects among values that stand at one path, and of all that is in them."""
    found = [value for value in values if value.__class__ is dict]
    keys: Counter[str] = Counter()
    for names, count in Counter(map(tuple, found)).items():
        keys.update(dict.fromkeys(names, count))
    objects[path] += len(found)
    paths.update({f"{path}.{key}": count for key, count in keys.items() if key not in PERSONAL})
    for key in keys.keys() - CLOSED:
        inside = [item for value in found if (item := value.get(key)).__class__ in CONTAINERS and item]
        if inside:
            count_paths(inside, f"{path}.{key}", paths, objects)
    items = [item for value in values if value.__class__ is list for item in value]
    if items:
        count_paths(items, f"{path}[]", paths, objects)


def release(old: Shape, new: Shape) -> Release:
    """Return what is usual now and did not occur before, and the other way round.

    A key does not count where its object itself was nowhere: a list that is empty in one document tells nothing of
    the keys of its items.
    """
    return Release(frozenset(usual_only_in(new, old)), frozenset(usual_only_in(old, new)))


def usual_only_in(one: Shape, other: Shape) -> set[str]:
    """Return the usual paths of one shape that the other lacks although it has the object, or for want of that."""
    objects = {path.rpartition(".")[0] for path in other.paths}
    lacking: set[str] = set()
    for path in sorted(one.usual() - other.paths.keys(), key=len):
        parent = path.rpartition(".")[0]
        if parent in objects or parent.removesuffix("[]") in lacking:
            lacking.add(path)
    return lacking
