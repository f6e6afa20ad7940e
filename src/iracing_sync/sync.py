"""The pipeline: plan the documents, then fetch, map and load each."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from iracing_sync import __version__
from iracing_sync.api.ledger import Call
from iracing_sync.cache import DocumentSource
from iracing_sync.database import first_line, prepare, run_lock
from iracing_sync.documents import Document
from iracing_sync.errors import DatabaseError, DocumentError, MappingError, SyncError
from iracing_sync.loader import load
from iracing_sync.mappers.cars import map_car_classes, map_cars
from iracing_sync.mappers.fields import Fields
from iracing_sync.mappers.named import named_ids
from iracing_sync.mappers.seasons import Members, listed_seasons, map_season, schedule_rounds
from iracing_sync.mappers.series import map_logos, map_series
from iracing_sync.mappers.tracks import map_tracks
from iracing_sync.records import MIRRORED, ApiCallLog, CarClass, CarClassMember, Record, SimCar, SimLayout, SyncRun
from iracing_sync.result import Counts, Result

log = logging.getLogger(__name__)

Begin = Callable[[], AbstractContextManager[Connection]]
Progress = Callable[[int, int], None]

CATALOGUES: Mapping[str, tuple[str, Callable[[Document], Iterator[Record]]]] = {
    "sim_layout": ("track/get", map_tracks),
    "sim_car": ("car/get", map_cars),
    "car_class": ("carclass/get", map_car_classes),
}
"""By the table that a catalogue explains: its endpoint and its mapper."""

KEYS: Mapping[str, Any] = {
    "sim_layout": SimLayout.track_id,
    "sim_car": SimCar.car_id,
    "car_class": CarClass.car_class_id,
}


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for; without year and quarter, what is active now."""

    year: int | None = None
    quarter: int | None = None
    series: frozenset[int] = field(default_factory=frozenset)
    refresh: bool = False
    offline: bool = False
    dry_run: bool = False

    @property
    def season_params(self) -> dict[str, int]:
        """Return the parameters of `series/seasons`."""
        if self.year is None or self.quarter is None:
            return {}
        return {"season_year": self.year, "season_quarter": self.quarter}

    def wants(self, series_id: object) -> bool:
        """Tell whether a series is among those asked for."""
        return not self.series or series_id in self.series


def sync(
    options: Options,
    source: DocumentSource,
    engine: Engine,
    schema: str,
    calls: list[Call],
    progress: Progress = lambda _done, _all: None,
) -> Result:
    """Bring the database up to date and return what was done; an error that ends the run is in the result."""
    run = Run(options, source, calls, progress)
    try:
        with run_lock(engine, schema), transactions(engine, dry_run=options.dry_run) as begin:
            run.start(begin, schema)
            try:
                run.work(begin)
            except SyncError as error:
                run.stopped(error)
            except DBAPIError as error:
                run.stopped(DatabaseError(f"PostgreSQL refuses: {first_line(error)}"))
            finally:
                run.finish(begin)
    except SyncError as error:
        run.stopped(error)
    except DBAPIError as error:
        run.stopped(DatabaseError(f"the database failed: {first_line(error)}"))
    return run.result


@contextmanager
def transactions(engine: Engine, *, dry_run: bool) -> Iterator[Begin]:
    """Give a function that begins a transaction; in a dry run all of them are rolled back together at the end."""
    if not dry_run:
        yield engine.begin
        return
    with engine.connect() as connection, connection.begin() as outer:

        @contextmanager
        def savepoint() -> Iterator[Connection]:
            with connection.begin_nested():
                yield connection

        try:
            yield savepoint
        finally:
            outer.rollback()


class Run:
    """One run: what it was asked, where documents come from, and what it did so far."""

    def __init__(self, options: Options, source: DocumentSource, calls: list[Call], progress: Progress) -> None:
        self.options = options
        self.source = source
        self.calls = calls
        self.progress = progress
        self.result = Result(uuid4(), {record.__tablename__: Counts() for record in MIRRORED})

    def start(self, begin: Begin, schema: str) -> None:
        """Migrate an empty schema and write down that the run began."""
        with begin() as connection:
            prepare(connection, schema)
        with begin() as connection:
            connection.execute(
                insert(SyncRun).values(
                    run_id=self.result.run_id,
                    started_at=datetime.now(UTC),
                    arguments=asdict(self.options) | {"series": sorted(self.options.series)},
                    version=__version__,
                    status="running",
                )
            )

    def work(self, begin: Begin) -> None:
        """Fetch, map and load: catalogues, series, seasons; the list of seasons says what they must explain."""
        seasons = self.fetched("series/seasons", self.options.season_params)
        listed = self.seasons_of(seasons) if seasons else []
        named = named_ids(seasons.content()) if seasons else {}
        for table in CATALOGUES:
            self.sync_catalogue(begin, table, named.get(table, set()))
        self.sync_series(begin, listed)
        if seasons:
            self.sync_seasons(begin, seasons, listed)

    def fetched(
        self, endpoint: str, params: Mapping[str, int] | None = None, *, fresh: bool = False
    ) -> Document | None:
        """Return a document, None where it is at fault: reported, and the run goes on."""
        with self.skipping():
            return self.source.document(endpoint, params or {}, fresh=fresh)
        return None

    @contextmanager
    def skipping(self) -> Iterator[None]:
        """Report a document or season that is at fault and go on."""
        try:
            yield
        except DocumentError as error:
            log.warning("skipped: %s", error)
            self.result.failed(str(error))

    def sync_catalogue(self, begin: Begin, table: str, named: set[int]) -> None:
        """Load the catalogue that explains a table, asked for anew where the cached one lacks an id that is named.

        An id that the database holds is no reason to ask, even as a stub: it was looked up when it came.
        """
        endpoint, mapper = CATALOGUES[table]
        document = self.fetched(endpoint)
        if document and document.from_cache and not self.options.offline:
            unknown = named - explained(document, mapper, table)
            if unknown and unknown - self.stored(begin, table):
                log.info("%s does not know %s: asking again", endpoint, sorted(unknown))
                document = self.fetched(endpoint, fresh=True) or document
        if document:
            with self.skipping():
                self.load(begin, mapper(document))

    def stored(self, begin: Begin, table: str) -> set[int]:
        """Return the ids that the database holds, stubs among them."""
        with begin() as connection:
            return set(connection.scalars(select(KEYS[table])))

    def sync_series(self, begin: Begin, seasons: Iterable[Fields]) -> None:
        """Fetch, map and load the series, with logos and with what their seasons say."""
        document, assets = self.fetched("series/get"), self.fetched("series/assets")
        logos = None
        if assets:
            with self.skipping():
                logos = map_logos(assets)
        if document:
            with self.skipping():
                series = map_series(document, logos=logos, official=official(seasons))
                self.load(begin, (one for one in series if self.options.wants(one.series_id)))

    def seasons_of(self, document: Document) -> list[Fields]:
        """Return the listed seasons of the series asked for."""
        with self.skipping():
            return [season for season in listed_seasons(document) if self.options.wants(season.raw("series_id"))]
        return []

    def sync_seasons(self, begin: Begin, document: Document, seasons: list[Fields]) -> None:
        """Map and load each season in a transaction of its own."""
        with begin() as connection:
            members = class_members(connection)
        for number, season in enumerate(seasons, 1):
            self.result.seasons_seen += 1
            failed = len(self.result.warnings)
            with self.skipping():
                rounds = [] if season.raw("schedules") else self.schedule_of(season)
                records = map_season(season, members=members, fetched_at=document.fetched_at, rounds=rounds)
                done = self.load(begin, records)
                self.result.seasons_changed += any(counts.written for counts in done.values())
            self.result.seasons_failed += len(self.result.warnings) - failed
            self.progress(number, len(seasons))

    def schedule_of(self, season: Fields) -> list[Fields]:
        """Fetch the rounds of a season that is listed without them."""
        document = self.source.document("series/season_schedule", {"season_id": season.whole("season_id")})
        return schedule_rounds(document)

    def load(self, begin: Begin, records: Iterable[Record]) -> dict[str, Counts]:
        """Load records that are mapped to their end, in one transaction, and count."""
        mapped = list(records)
        with begin() as connection:
            done = load(connection, mapped, self.result.run_id)
        self.result.add(done)
        return done

    def stopped(self, error: SyncError) -> None:
        """Note what ended the run."""
        log.error("%s", error)
        self.result.warnings.append(str(error))
        self.result.exit_code = error.exit_code

    def finish(self, begin: Begin) -> None:
        """Write the ledger and how the run ended."""
        self.result.cache_hits = sum(call.cached == "hit" for call in self.calls)
        self.result.api_calls = len(self.calls) - self.result.cache_hits
        result = self.result
        with begin() as connection:
            if self.calls:
                rows = [asdict(call) | {"params": dict(call.params), "run_id": result.run_id} for call in self.calls]
                connection.execute(insert(ApiCallLog), rows)
            connection.execute(
                update(SyncRun)
                .where(SyncRun.run_id == result.run_id)
                .values(
                    finished_at=func.clock_timestamp(),
                    status=result.status,
                    exit_code=result.exit_code,
                    counters=result.as_dict(),
                    warnings=result.warnings,
                )
            )


def explained(document: Document, mapper: Callable[[Document], Iterator[Record]], table: str) -> set[int]:
    """Return the ids that a catalogue explains; none where its mapper refuses it, which loading then reports."""
    try:
        records = list(mapper(document))
    except DocumentError:
        return set()
    own = [record for record in records if record.__tablename__ == table and not getattr(record, "is_stub", False)]
    return {getattr(record, KEYS[table].key) for record in own}


def class_members(connection: Connection) -> Members:
    """Return the car ids of each class."""
    members: dict[int, list[int]] = defaultdict(list)
    columns = select(CarClassMember.car_class_id, CarClassMember.car_id).order_by(CarClassMember.car_id)
    for car_class_id, car_id in connection.execute(columns):
        members[car_class_id].append(car_id)
    return members


def official(seasons: Iterable[Fields]) -> dict[int, bool]:
    """Return of each series whether one of its listed seasons is official; a season at fault says nothing."""
    said: dict[int, bool] = {}
    for season in seasons:
        try:
            series_id, is_official = season.whole("series_id"), season.flag("official")
        except MappingError:
            continue
        said[series_id] = said.get(series_id, False) or is_official
    return said
