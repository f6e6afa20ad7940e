"""Seasons: the unchanged are recognised by their hashes, the others mapped, compared and loaded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from iracing_sync.changes.canonical import VERSION, Hashes, season_hashes
from iracing_sync.changes.differences import Change, phase, season_changes
from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.loader import load, rows_by_table, update_quietly
from iracing_sync.mappers.fields import Fields
from iracing_sync.mappers.seasons import listed_seasons, map_season, schedule_rounds, status
from iracing_sync.records import DocumentShape, Event, EventCar, EventClass, Record, Season
from iracing_sync.stored import Row, StoredSeason, class_members, rows_of_seasons, season_rows, stored_seasons
from iracing_sync.sync.drift import releases
from iracing_sync.sync.run import Run

SCHEDULE = "series/season_schedule"

CAR = ("season_id", "race_week_num", "car_id", "known_from")

SEASON_TABLE = Season.__table__


@dataclass
class Listed:
    """The seasons of one document, and what is stored of them. `released` is by the shape they are stored in."""

    document: Document
    shape: Shape
    stored: Mapping[int, StoredSeason]
    members: Mapping[int, Sequence[int]]
    released: Mapping[str, Collection[str]]
    unchanged: list[Row] = field(default_factory=list)


def wanted_seasons(run: Run, document: Document) -> list[Fields]:
    """Return the seasons of a document that belong to the series asked for."""
    with run.skipping():
        return [season for season in listed_seasons(document) if run.options.wants(season.raw("series_id"))]
    return []


def sync_seasons(run: Run, document: Document, seasons: Sequence[Fields], shape: Shape) -> int:
    """Bring the seasons of a document up to date, each in a transaction of its own, and return how many failed."""
    ids = [season_id for season in seasons if isinstance(season_id := season.raw("season_id"), int)]
    with run.begin() as connection:
        stored, members = stored_seasons(connection, ids), class_members(connection)
    listed = Listed(document, shape, stored, members, releases(run, stored.values(), shape))
    failed = 0
    for number, season in enumerate(seasons, 1):
        failures = run.result.failures
        with run.skipping():
            sync_season(run, season, listed)
        failed += run.result.failures > failures
        if not run.options.history:
            run.progress("seasons", number, len(seasons))
    confirm_unchanged(run, listed.unchanged)
    run.result.seasons_seen += len(seasons)
    run.result.seasons_failed += failed
    return failed


def sync_season(run: Run, season: Fields, listed: Listed) -> None:
    """Bring one season up to date; one without rounds gets them from its own schedule."""
    rounds = [] if season.raw("schedules") else schedule_of(run, season)
    sent = season.raw("schedules") or [round_.as_sent() for round_ in rounds]
    known = listed.stored.get(season.whole("season_id"))
    hashes = season_hashes(season.as_sent(), sent, listed.members)
    if known and is_recognised(known, hashes, season):
        listed.unchanged.append(volatile(season, known, known.starts_at, known.ends_at, listed.document.fetched_at))
        return
    records = list(map_season(season, members=listed.members, fetched_at=listed.document.fetched_at, rounds=rounds))
    write_season(run, season, records, known, hashes, listed)


def is_recognised(known: StoredSeason, hashes: Hashes, season: Fields) -> bool:
    """Tell whether a season is stored as it is; one that comes back after it was withdrawn is not."""
    same = (known.schedule_hash, known.settings_hash, known.schedule_hash_version) == (*hashes, VERSION)
    return same and not is_back(known, season)


def is_back(known: StoredSeason, season: Fields) -> bool:
    """Tell whether a withdrawn season is active again."""
    return known.status == "withdrawn" and season.flag("active")


def write_season(
    run: Run, season: Fields, records: list[Record], known: StoredSeason | None, hashes: Hashes, listed: Listed
) -> None:
    """Load a season and write down, in the same transaction, how it differs from what was stored."""
    [record] = [record for record in records if isinstance(record, Season)]
    quiet = volatile(season, known, record.starts_at, record.ends_at, listed.document.fetched_at)
    with run.begin() as connection:
        old = season_rows(connection, record.season_id) if known else {}
        records = with_past_cars(records, old, run.clock())
        done = load(connection, records, run.result.run_id)
        connection.execute(
            insert(DocumentShape)
            .values(shape_id=listed.shape.shape_id, paths=dict(listed.shape.paths))
            .on_conflict_do_nothing()
        )
        update_quietly(connection, SEASON_TABLE, [quiet | baseline(hashes, listed.shape)])  # type: ignore[arg-type]
        run.record(connection, list(changes(run, records, old, known, listed)))
    run.result.add(done)
    run.result.seasons_changed += any(counts.written for counts in done.values())


def baseline(hashes: Hashes, shape: Shape) -> Row:
    """Return by what the season is recognised next time."""
    return {
        "schedule_hash": hashes.schedule,
        "settings_hash": hashes.settings,
        "schedule_hash_version": VERSION,
        "shape_id": shape.shape_id,
    }


def changes(
    run: Run, records: Iterable[Record], old: Mapping[str, Sequence[Row]], known: StoredSeason | None, listed: Listed
) -> Iterable[Change]:
    """Yield how a season differs from what was stored; another canonical form only sets a new baseline."""
    if known is None or known.schedule_hash_version != VERSION:
        return
    new = rows_by_table(records)
    [season] = new["season"]
    if known.status == "withdrawn" and season["active"]:
        at = phase(season["starts_at"], season["ends_at"], run.clock())
        yield Change(
            season["series_id"], season["season_id"], None, "status", "withdrawn", season["status"], at, "high"
        )
    yield from season_changes(old, new, listed.released.get(known.shape_id or "", ()), run.clock())


def volatile(
    season: Fields, known: StoredSeason | None, starts_at: datetime | None, ends_at: datetime | None, at: datetime
) -> Row:
    """Return what of a season follows the calendar; a withdrawn one stays so until it is active again."""
    active = season.flag("active")
    stays = known if known and not active else None
    return {
        "season_id": season.whole("season_id"),
        "active": active,
        "complete": season.maybe_flag("complete"),
        "race_week": season.maybe_whole("race_week"),
        "status": "withdrawn" if stays and stays.status == "withdrawn" else status(starts_at, ends_at, at),
        "missing_since": stays.missing_since if stays else None,
    }


def confirm_unchanged(run: Run, rows: Sequence[Row]) -> None:
    """Bring the volatile columns of unchanged seasons up to date and count their rows."""
    if not rows:
        return
    with run.begin() as connection:
        update_quietly(connection, SEASON_TABLE, rows)  # type: ignore[arg-type]
        counts = rows_of_seasons(connection, [row["season_id"] for row in rows])
    for table, number in counts.items():
        run.result.tables[table].unchanged += number


def schedule_of(run: Run, season: Fields) -> list[Fields]:
    """Fetch the rounds of a season that is listed without them; in the past some may be lost to iRacing itself."""
    params = {"season_id": season.whole("season_id")}
    if not run.options.history:
        return schedule_rounds(run.ahead.document(SCHEDULE, params))
    document = run.optional(SCHEDULE, params)
    return schedule_rounds(document) if document else []


def with_past_cars(records: list[Record], old: Mapping[str, Sequence[Row]], now: datetime) -> list[Record]:
    """Leave the cars of past rounds as they were: a class that gains a car today changes no round already run.

    That holds where the cars are those of the classes, and the classes are the same.
    """
    past = {one.race_week_num for one in records if isinstance(one, Event) and one.ends_at and one.ends_at <= now}
    before = classes_by_round((row["race_week_num"], row["car_class_id"]) for row in old.get("event_class", ()))
    after = classes_by_round((one.race_week_num, one.car_class_id) for one in records if isinstance(one, EventClass))
    cars = [row for row in old.get("event_car", ()) if row["known_from"] != "week_cars"]
    kept = {row["race_week_num"] for row in cars} & {number for number in past if before[number] == after[number]}
    frozen = [EventCar(**{name: row[name] for name in CAR}) for row in cars if row["race_week_num"] in kept]
    return [one for one in records if not (isinstance(one, EventCar) and is_of_classes(one, kept))] + frozen


def is_of_classes(car: EventCar, rounds: Collection[int]) -> bool:
    """Tell whether a car may be driven in one of the rounds because of its class."""
    return car.race_week_num in rounds and car.known_from != "week_cars"


def classes_by_round(pairs: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    """Return the class ids by race_week_num."""
    found: dict[int, set[int]] = defaultdict(set)
    for number, car_class_id in pairs:
        found[number].add(car_class_id)
    return found
