"""The shape of a document: which JSON paths occur in it, and which of them all of its objects share."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from iracing_sync.tables.ignored import PERSONAL

OPAQUE = frozenset({"paint_rules"})
"""Not looked into: keyed by part."""

CLOSED = PERSONAL | OPAQUE

CONTAINERS = frozenset({dict, list})

DEEPEST = 20
"""So deep is looked into a document; iRacing's are eight deep."""

LONGEST_KEY = 100
"""A longer key is cut short: it is nothing that iRacing would name a field."""

OF_TWO_KINDS = re.compile(r"_time_descriptors\[\]\.")
"""What is in these objects depends on whether they repeat: that many or none have a key says nothing of a release."""

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


def shape_of(content: Any) -> Shape:
    """Return the shape of a document; `[]` in a path stands for any item of a list."""
    paths: Counter[str] = Counter()
    objects: Counter[str] = Counter()
    count_paths([content], "$", paths, objects)
    return Shape({path: count >= USUAL * objects[path.rpartition(".")[0]] for path, count in sorted(paths.items())})


def count_paths(
    values: Sequence[Any], path: str, paths: Counter[str], objects: Counter[str], depth: int = DEEPEST
) -> None:
    """Count the keys of the objects among values that stand at one path, and of all that is in them."""
    found = [value for value in values if value.__class__ is dict]
    objects[path] += len(found)
    inside: dict[str, list[Any]] = defaultdict(list)
    for keys, alike in by_keys(found).items():
        paths.update({f"{path}.{plain_key(key)}": len(alike) for key in keys if key not in PERSONAL})
        for key, column in zip(keys, zip(*map(dict.values, alike), strict=True), strict=True):
            if key not in CLOSED and not CONTAINERS.isdisjoint(map(type, column)):
                inside[key] += [item for item in column if item.__class__ in CONTAINERS and item]
    for key, items in inside.items():
        if items and depth:
            count_paths(items, f"{path}.{key}", paths, objects, depth - 1)
    items = [item for value in values if value.__class__ is list for item in value]
    if items and depth:
        count_paths(items, f"{path}[]", paths, objects, depth - 1)


def plain_key(key: str) -> str:
    """Return a key as PostgreSQL can hold it in a path."""
    return key[:LONGEST_KEY].replace("\0", "")


def by_keys(objects: Sequence[Any]) -> Mapping[tuple[str, ...], list[Any]]:
    """Put objects together that have the same keys in the same order: those of one release mostly have."""
    found: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for one in objects:
        found[tuple(one)].append(one)
    return found


def release(old: Shape, new: Shape) -> Release:
    """Return what is usual now and was not before, and the other way round: documents are mixed while it rolls out.

    A key does not count where its object itself was nowhere: a list that is empty in one document tells nothing of
    the keys of its items.
    """
    return Release(frozenset(usual_only_in(new, old)), frozenset(usual_only_in(old, new)))


def usual_only_in(one: Shape, other: Shape) -> set[str]:
    """Return the paths usual in one shape alone, though the other has the object, or lacks it for the same reason."""
    objects = {path.rpartition(".")[0] for path in other.paths}
    lacking: set[str] = set()
    told = {path for path in one.usual() - other.usual() if not OF_TWO_KINDS.search(path)}
    for path in sorted(told, key=len):
        parent = path.rpartition(".")[0]
        if parent in objects or parent.removesuffix("[]") in lacking:
            lacking.add(path)
    return lacking
