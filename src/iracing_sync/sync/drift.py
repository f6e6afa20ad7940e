"""Fields that this version does not know, that are gone, or that hold what they should not: noticed and said once."""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import literal_column
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.changes.compared import path_of_field
from iracing_sync.changes.facts import Everywhere
from iracing_sync.changes.known_paths import KNOWN, NEEDED
from iracing_sync.changes.shapes import Shape, release, shape_of
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, GuardRefused, MappingError
from iracing_sync.fetch.endpoints import SEASONS
from iracing_sync.mappers.json_object import JsonObject, Misfit, excerpt
from iracing_sync.sync.run import Begin, Run
from iracing_sync.sync.stored import StoredSeason, stored_shapes
from iracing_sync.tables.own import SCHEMA_DRIFT

log = logging.getLogger(__name__)

SAID = {
    "unknown": "is unknown to this version",
    "vanished": "is gone",
    "appeared": "is new in every object",
}

Mapped = TypeVar("Mapped")

PLACE = re.compile(r"\[\d+\]")


def note_drift(run: Run, document: Document) -> Shape | None:
    """Compare a document with what this version knows, and return its shape, None where it is no JSON: reported.

    What is unknown or gone is written down, and said where it is new; raises GuardRefused where it is to stop the run.
    """
    try:
        shape = shape_of(document.content)
    except DocumentError as error:
        run.result.skip(error)
        return None
    drift = drift_of(document.endpoint, shape)
    if drift and run.options.on_drift == "fail":
        raise GuardRefused(f"{document.endpoint}: {drift_in_words(drift)}; nothing of it was written (--on-drift fail)")
    if fresh := write_drift(run.begin, document.endpoint, drift, run.clock()):
        run.result.warn(f"{document.endpoint}: {drift_in_words({path: drift[path] for path in fresh})}")
    return shape


def sift(run: Run, endpoint: str, mapped: Iterable[Mapped | Misfit | MappingError]) -> list[Mapped]:
    """Report what is at fault among mapped things, note what was left out of the others, and return those."""
    misfits: list[Misfit] = []
    others: list[Mapped | MappingError] = []
    for one in mapped:
        if isinstance(one, Misfit):
            misfits.append(one)
        else:
            others.append(one)
    note_misfits(run, endpoint, misfits)
    return run.result.sift(others)


def note_left_out(run: Run, read: Iterable[JsonObject]) -> None:
    """Note what was left out of objects while they were mapped."""
    found: dict[str, list[Misfit]] = defaultdict(list)
    for one in read:
        if one.misfits:
            found[one.document.partition("?")[0]] += one.misfits
            one.misfits.clear()  # others that are in the same object share them
    for endpoint, misfits in found.items():
        note_misfits(run, endpoint, misfits)


def note_misfits(run: Run, endpoint: str, misfits: Iterable[Misfit]) -> None:
    """Write down where values were left out for not being of their type, and say each path once."""
    first: dict[str, Misfit] = {}
    for one in misfits:
        first.setdefault(PLACE.sub("[]", one.path), one)
    for path in write_drift(run.begin, endpoint, dict.fromkeys(first, "misfit"), run.clock()):
        one = first[path]
        run.result.warn(f"{endpoint}: {one.path}: expected {one.what}, not {excerpt(one.value)}: left out")


def note_everywhere(run: Run, found: Iterable[Everywhere], rounds: int) -> None:
    """Write down what has changed in the same way in most rounds, and say it; it is no change of a schedule."""
    for one in found:
        path = path_of_field(one.field, one.item)
        write_drift(run.begin, SEASONS, {path: "everywhere"}, run.clock())
        run.result.warn(
            f"{SEASONS}: {path}: {excerpt(one.new)} instead of {excerpt(one.old)} in {one.rounds} of {rounds} rounds: "
            "that is iRacing's way of telling it, and no change of a schedule"
        )


def drift_of(endpoint: str, shape: Shape) -> dict[str, str]:
    """Return the unknown paths, of nested ones only the outermost, and the needed ones that are nowhere."""
    if endpoint not in KNOWN:
        return {}
    unknown = shape.paths.keys() - KNOWN[endpoint]
    inner = {path for path in unknown if parent_of(path).removesuffix("[]") in unknown}
    objects = {parent_of(path) for path in shape.paths}
    gone = {path for path in NEEDED[endpoint] - shape.paths.keys() if parent_of(path) in objects}
    return dict.fromkeys(sorted(unknown - inner), "unknown") | dict.fromkeys(sorted(gone), "vanished")


def parent_of(path: str) -> str:
    """Return the path of the object that has a key."""
    return path.rpartition(".")[0]


def drift_in_words(drift: Mapping[str, str]) -> str:
    """Write drift in one line, a few paths of each kind."""
    kinds: dict[str, list[str]] = {}
    for path, kind in drift.items():
        kinds.setdefault(kind, []).append(path)
    return "; ".join(f"{first_few(paths)} {SAID[kind]}" for kind, paths in kinds.items())


def first_few(paths: list[str], most: int = 5) -> str:
    """Write the first paths and how many more there are."""
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(paths[:most]) + more


def write_drift(begin: Begin, endpoint: str, drift: Mapping[str, str], at: datetime) -> list[str]:
    """Write drift into schema_drift and return the paths that were not there before."""
    if not drift:
        return []
    rows = [
        {"endpoint": endpoint, "path": path, "kind": kind, "first_seen_at": at, "last_seen_at": at}
        for path, kind in drift.items()
    ]
    statement = insert(SCHEMA_DRIFT).values(rows)
    upsert: Any = statement.on_conflict_do_update(
        index_elements=["endpoint", "path"], set_={"last_seen_at": at, "kind": statement.excluded.kind}
    ).returning(SCHEMA_DRIFT.c.path, literal_column("(xmax = 0)"))
    with begin() as connection:
        return [path for path, is_new in connection.execute(upsert) if is_new]


def note_releases(
    begin: Begin, stored: Iterable[StoredSeason], shape: Shape, at: datetime
) -> dict[str, Collection[str]]:
    """Return, by the shape in which seasons are stored, what a release of the API has brought or taken since.

    It is written down, but no reason to warn: what this version does not know of it has been said already.
    """
    with begin() as connection:
        old = stored_shapes(connection, {season.shape_id for season in stored if season.shape_id} - {shape.shape_id})
    found = {shape_id: release(Shape(paths), shape) for shape_id, paths in old.items()}
    drift: dict[str, Any] = {path: "appeared" for one in found.values() for path in one.appeared}
    drift |= {path: "vanished" for one in found.values() for path in one.vanished}
    if fresh := write_drift(begin, SEASONS, drift, at):
        log.info("a release of the API: %s", drift_in_words({path: drift[path] for path in fresh}))
    return {shape_id: one.paths for shape_id, one in found.items()}
