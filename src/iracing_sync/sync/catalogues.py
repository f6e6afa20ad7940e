"""Catalogues: layouts, cars and classes, asked for anew at most once a run for ids that they do not explain."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection

from iracing_sync.changes.differences import Change
from iracing_sync.changes.phases import CURRENT
from iracing_sync.documents import Document
from iracing_sync.errors import AccessRefused, ApiUnavailable, CallBudgetSpent, DocumentError, LoadError, MappingError
from iracing_sync.fetch.endpoints import CAR_CLASSES, CARS, TRACKS
from iracing_sync.loader.halves import write_in_halves
from iracing_sync.loader.load import load
from iracing_sync.mappers.cars import map_car_classes, map_cars
from iracing_sync.mappers.json_object import Misfit
from iracing_sync.mappers.named_ids import named_ids
from iracing_sync.mappers.tracks import map_tracks
from iracing_sync.result import Written
from iracing_sync.sync.change_log import write_changes
from iracing_sync.sync.drift import note_drift, sift
from iracing_sync.sync.run import Begin, Run
from iracing_sync.sync.stored import KEYS, class_members, classes_in_use, stored_ids
from iracing_sync.sync.unchanged import remember_catalogue, rows_of_loaded_catalogue
from iracing_sync.tables.base import Record
from iracing_sync.tables.cars import CarClassMember
from iracing_sync.tables.mirrored import owner_of

log = logging.getLogger(__name__)

Mapper = Callable[[Document], Iterator[Record | Misfit | MappingError]]

EXPLAINED_BY: Mapping[str, tuple[str, Mapper]] = {
    "sim_layout": (TRACKS, map_tracks),
    "sim_car": (CARS, map_cars),
    "car_class": (CAR_CLASSES, map_car_classes),
}
"""By the table that a catalogue explains: its endpoint and its mapper."""


class Explained(NamedTuple):
    """Which catalogues may still be asked for once more in this run, and how many were at fault: reported."""

    askable: frozenset[str]
    failed: int


def load_catalogues(
    run: Run, catalogues: Mapping[str, Document], *, naming: Any, askable: Collection[str]
) -> Explained:
    """Load each catalogue, fetched anew where it lacks an id that `naming` names and the database has not either.

    iRacing is asked for each at most once a run, and only for the `askable`. An id that the database holds is no reason
    to ask, even as a stub: it was looked up when it came.
    """
    left = frozenset() if run.options.offline else frozenset(askable)
    named = named_ids(naming) if left else {}
    failed = 0
    for table, (endpoint, mapper) in EXPLAINED_BY.items():
        document = catalogues.get(endpoint)
        unknown = named[table] - ids_in_database(run.begin, table) if endpoint in left else set()
        if unknown and (unknown := unknown - explained_ids(document, mapper, table)):
            log.info("%s does not know %s: asking again", endpoint, sorted(unknown))
            left -= {endpoint}
            newer = fetch_newer(run, endpoint)
            failed += newer is None
            document = newer or document
        if document:
            failed += not load_catalogue(run, document, mapper)
    return Explained(left, failed)


def fetch_catalogue(run: Run, endpoint: str, *, fresh: bool = False) -> Document | None:
    """Fetch a catalogue and look at it; None where it is at fault: reported."""
    document = run.fetch(endpoint, fresh=fresh)
    return document if document and note_drift(run, document) else None


def fetch_newer(run: Run, endpoint: str) -> Document | None:
    """Fetch a catalogue that is at hand anew; where that is refused, what it lacks stays a stub and the run goes on."""
    try:
        return fetch_catalogue(run, endpoint, fresh=True)
    except CallBudgetSpent:
        raise
    except (AccessRefused, ApiUnavailable) as error:
        run.result.skip(error)
        return None


def load_catalogue(run: Run, document: Document, mapper: Mapper) -> bool:
    """Load a catalogue, unless it is the one that was loaded last; false where something of it is at fault: reported.

    `--refresh` loads it all the same.
    """
    try:
        rows = None if run.options.refresh else rows_if_loaded(run, document)
        if rows is not None:
            run.result.confirm(rows)
            return True
        mapped = list(mapper(document))
    except DocumentError as error:
        run.result.skip(error)
        return False
    is_whole = not any(isinstance(one, MappingError) for one in mapped)
    records = sift(run, document.endpoint, mapped)
    outcomes = run.writer.submit(write_catalogue, run, document, records, is_whole).result()
    return run.result.settle(outcomes) == 0 and is_whole


def rows_if_loaded(run: Run, document: Document) -> dict[str, int] | None:
    """Return how many rows of each table a catalogue holds that was loaded last."""
    with run.begin() as connection:
        return rows_of_loaded_catalogue(connection, document)


def write_catalogue(
    run: Run, document: Document, records: Sequence[Record], is_whole: bool
) -> list[Written | LoadError]:
    """Load the records of a catalogue in one transaction; what PostgreSQL refuses of it is left out alone.

    Only a catalogue without a fault is remembered: what is to be said of others is said at every run.
    """
    sets = with_their_own(records)

    def write(some: Sequence[Sequence[Record]]) -> Written:
        with run.begin() as connection:
            changes = class_changes(connection, chain.from_iterable(some), run.clock())
            written = load(connection, chain.from_iterable(some), run.result.run_id)
            write_changes(connection, run.result, changes, run.clock())
            if is_whole and len(some) == len(sets):
                remember_catalogue(connection, document, written.rows, run.clock())
            return written

    return write_in_halves(sets, write, lambda one: f"{document.name}: {name_of(one[0])}")


def class_changes(connection: Connection, records: Iterable[Record], at: datetime) -> list[Change]:
    """Return which classes of rounds that are not over gain or lose cars: one change, in however many rounds."""
    after: dict[int, list[int]] = defaultdict(list)
    for record in records:
        if isinstance(record, CarClassMember):
            after[record.car_class_id].append(record.car_id)
    before = class_members(connection) if after else {}
    differing = [one for one in sorted(after) if before.get(one) and set(before[one]) != set(after[one])]
    in_use = classes_in_use(connection, at) if differing else set()
    return [
        Change(None, None, (), "class_cars", members(one, before[one]), members(one, after[one]), CURRENT, "high")
        for one in differing
        if one in in_use
    ]


def members(car_class_id: int, car_ids: Iterable[int]) -> dict[str, Any]:
    """Return who is in a class, as a change keeps it."""
    return {"car_class_id": car_class_id, "car_ids": sorted(car_ids)}


def with_their_own(records: Iterable[Record]) -> list[list[Record]]:
    """Put each record together with those of its own set that follow it: a class without its cars would lose them."""
    sets: list[list[Record]] = []
    for record in records:
        if sets and owner_of(record.__table__) is not None:
            sets[-1].append(record)
        else:
            sets.append([record])
    return sets


def name_of(record: Record) -> str:
    """Return what a person calls a row: its table and its key."""
    return " ".join([record.__tablename__, *(str(getattr(record, key.name)) for key in record.__table__.primary_key)])


def ids_in_database(begin: Begin, table: str) -> set[int]:
    """Return the ids that the database holds, stubs among them."""
    with begin() as connection:
        return stored_ids(connection, table)


def explained_ids(document: Document | None, mapper: Mapper, table: str) -> set[int]:
    """Return the ids that a catalogue explains; none where its mapper refuses it, which loading then reports."""
    try:
        mapped = list(mapper(document)) if document else []
    except DocumentError:
        return set()
    own = [one for one in mapped if isinstance(one, Record) and one.__tablename__ == table]
    return {getattr(one, KEYS[table].key) for one in own if not getattr(one, "is_stub", False)}
