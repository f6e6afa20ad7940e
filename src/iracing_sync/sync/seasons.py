"""Seasons: the unchanged are recognised by their hashes, the others mapped, compared and loaded."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from iracing_sync.changes.canonical import VERSION, Hashes, season_hashes
from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.loader import update_quietly
from iracing_sync.mappers.fields import Fields
from iracing_sync.mappers.seasons import listed_seasons, map_season, schedule_rounds, status
from iracing_sync.records import Season
from iracing_sync.stored import Row, StoredSeason, class_members, rows_of_seasons, stored_seasons
from iracing_sync.sync.batches import SEASON_TABLE, Listed, Loading, Mapped, baseline
from iracing_sync.sync.drift import releases
from iracing_sync.sync.run import Run

SCHEDULE = "series/season_schedule"


def wanted_seasons(run: Run, document: Document) -> list[Fields]:
    """Return the seasons of a document that belong to the series asked for."""
    with run.skipping():
        return [season for season in listed_seasons(document) if run.options.wants(season.raw("series_id"))]
    return []


def ids_of(seasons: Iterable[Fields]) -> set[int]:
    """Return the ids of seasons, of those at fault none."""
    return {season_id for season in seasons if isinstance(season_id := season.raw("season_id"), int)}


def sync_seasons(run: Run, document: Document, seasons: Sequence[Fields], shape: Shape) -> Loading:
    """Bring the seasons of a document up to date, some of them at a time; the loading of the last ones goes on."""
    listed = look_up(run, document, seasons, shape)
    loading = Loading(run, listed)
    with loading.mapping():
        for number, season in enumerate(seasons, 1):
            mapped = mapped_season(run, season, listed)
            run.result.seasons_seen += 1
            if mapped:
                loading.add(mapped)
            if not run.options.history:
                run.progress("seasons", number, len(seasons))
    confirm_unchanged(run, listed.unchanged)
    return loading


def look_up(run: Run, document: Document, seasons: Iterable[Fields], shape: Shape) -> Listed:
    """Read what is stored of the seasons of a document."""
    with run.begin() as connection:
        stored, members = stored_seasons(connection, ids_of(seasons)), class_members(connection)
    return Listed(document.fetched_at, shape, stored, members, releases(run, stored.values(), shape))


def mapped_season(run: Run, season: Fields, listed: Listed) -> Mapped | None:
    """Map a season, unless it is stored as it is or at fault; one without rounds gets them from its own schedule."""
    with run.skipping():
        rounds = [] if season.raw("schedules") else schedule_of(run, season)
        sent = season.raw("schedules") or [round_.as_sent() for round_ in rounds]
        season_id, at = season.whole("season_id"), listed.fetched_at
        known = listed.stored.get(season_id)
        hashes = season_hashes(season.as_sent(), sent, listed.members)
        if known and is_recognised(known, hashes, season):
            listed.unchanged.append(volatile(season, known, known.starts_at, known.ends_at, at))
            return None
        records = list(map_season(season, members=listed.members, fetched_at=at, rounds=rounds))
        [header] = [vars(record) for record in records if record.__class__ is Season]
        if known is None:
            header.update(baseline(hashes, listed.shape))  # written at once with the season itself
        passing = volatile(season, known, header["starts_at"], header["ends_at"], at)
        return Mapped(season_id, records, passing, hashes, known)
    return None


def is_recognised(known: StoredSeason, hashes: Hashes, season: Fields) -> bool:
    """Tell whether a season is stored as it is; one that comes back after it was withdrawn is not."""
    same = (known.schedule_hash, known.settings_hash, known.schedule_hash_version) == (*hashes, VERSION)
    return same and not is_back(known, season)


def is_back(known: StoredSeason, season: Fields) -> bool:
    """Tell whether a withdrawn season is active again."""
    return known.status == "withdrawn" and season.flag("active")


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
    run.result.confirm(counts)


def schedule_of(run: Run, season: Fields) -> list[Fields]:
    """Fetch the rounds of a season that is listed without them; in the past some may be lost to iRacing itself."""
    params = {"season_id": season.whole("season_id")}
    if not run.options.history:
        return schedule_rounds(run.ahead.document(SCHEDULE, params))
    document = run.optional(SCHEDULE, params)
    return schedule_rounds(document) if document else []
