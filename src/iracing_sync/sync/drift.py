"""Fields that this version does not know, and fields that are gone: noticed, kept, said once."""

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import literal_column
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.changes.known import KNOWN, NEEDED
from iracing_sync.changes.shapes import Shape, release, shape_of
from iracing_sync.documents import Document
from iracing_sync.errors import GuardRefused
from iracing_sync.own_tables import SCHEMA_DRIFT
from iracing_sync.stored import StoredSeason, shapes
from iracing_sync.sync.run import Run

log = logging.getLogger(__name__)

SAID = {
    "unknown": "is unknown to this version",
    "vanished": "is gone",
    "appeared": "is new in every object",
}


def examine(run: Run, document: Document) -> Shape | None:
    """Compare a document with what this version knows, and return its shape, None where it is no JSON.

    Raises GuardRefused where drift is to stop the run.
    """
    with run.skipping():
        shape = shape_of(document.content)
        note_drift(run, document.endpoint, drift_of(document.endpoint, shape))
        return shape
    return None


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


def note_drift(run: Run, endpoint: str, drift: Mapping[str, str]) -> None:
    """Write drift down and warn of what is new; raises GuardRefused where drift is to stop the run."""
    if drift and run.options.on_drift == "fail":
        raise GuardRefused(f"{endpoint}: {described(drift)}; nothing of it was written (--on-drift fail)")
    if fresh := written_down(run, endpoint, drift):
        run.warn(f"{endpoint}: {described({path: drift[path] for path in fresh})}")


def described(drift: Mapping[str, str]) -> str:
    """Write drift in one line, a few paths of each kind."""
    kinds: dict[str, list[str]] = {}
    for path, kind in drift.items():
        kinds.setdefault(kind, []).append(path)
    return "; ".join(f"{some(paths)} {SAID[kind]}" for kind, paths in kinds.items())


def some(paths: list[str], most: int = 5) -> str:
    """Write the first paths and how many more there are."""
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(paths[:most]) + more


def written_down(run: Run, endpoint: str, drift: Mapping[str, str]) -> list[str]:
    """Write drift into schema_drift and return the paths that were not there before."""
    if not drift:
        return []
    at = run.clock()
    rows = [
        {"endpoint": endpoint, "path": path, "kind": kind, "first_seen_at": at, "last_seen_at": at}
        for path, kind in drift.items()
    ]
    statement = insert(SCHEMA_DRIFT).values(rows)
    upsert: Any = statement.on_conflict_do_update(
        index_elements=["endpoint", "path"], set_={"last_seen_at": at, "kind": statement.excluded.kind}
    ).returning(SCHEMA_DRIFT.c.path, literal_column("(xmax = 0)"))
    with run.begin() as connection:
        return [path for path, is_new in connection.execute(upsert) if is_new]


def releases(run: Run, stored: Iterable[StoredSeason], shape: Shape) -> dict[str, Collection[str]]:
    """Return, by the shape in which seasons are stored, what a release of the API has brought or taken since.

    It is written down, but no reason to warn: what this version does not know of it has been said already.
    """
    with run.begin() as connection:
        old = shapes(connection, {season.shape_id for season in stored if season.shape_id} - {shape.shape_id})
    found = {shape_id: release(Shape(paths), shape) for shape_id, paths in old.items()}
    drift: dict[str, Any] = {path: "appeared" for one in found.values() for path in one.appeared}
    drift |= {path: "vanished" for one in found.values() for path in one.vanished}
    if fresh := written_down(run, "series/seasons", drift):
        log.info("a release of the API: %s", described({path: drift[path] for path in fresh}))
    return {shape_id: one.paths for shape_id, one in found.items()}
