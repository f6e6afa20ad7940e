"""Seasons: the unchanged are recognised by their hashes, the others mapped and handed over to be loaded."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from iracing_sync.changes.baseline import baseline_of
from iracing_sync.changes.canonical import season_hashes
from iracing_sync.changes.older_shape import objects_in
from iracing_sync.changes.phases import WITHDRAWN, season_status
from iracing_sync.errors import SyncError
from iracing_sync.fetch.endpoints import SEASON_SCHEDULE
from iracing_sync.loader.upsert import update_volatile
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.seasons import map_season, schedule_rounds
from iracing_sync.result import Result
from iracing_sync.sync.change_log import withdraw_what_is_everywhere
from iracing_sync.sync.check import Listing, ids_of
from iracing_sync.sync.drift import note_everywhere, note_left_out, note_releases
from iracing_sync.sync.kept_rows import unread_in
from iracing_sync.sync.loading import Loading
from iracing_sync.sync.quarter_documents import is_finished
from iracing_sync.sync.run import Begin, Run
from iracing_sync.sync.season_writes import SEASON_TABLE, Comparison, MappedSeason, write_seasons
from iracing_sync.sync.stored import (
    StoredSeason,
    class_members,
    has_loaded_lists,
    row_counts_of_seasons,
    seasons_with_rounds,
    stored_seasons,
)
from iracing_sync.sync.unchanged import is_stored_as_it_is
from iracing_sync.tables.base import Record
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season

EVERYWHERE = 0.5
"""What changes in the same way in so many of a document's rounds is a release of the API, or a rule for all."""

LEAST_SEASONS = 10
"""Of fewer seasons it cannot be told."""


def load_seasons(run: Run, listings: Iterable[Listing]) -> int:
    """Bring the seasons of documents up to date, and return how many of them failed."""
    failed = 0
    for listing in listings:
        known = known_rounds(run.begin, listing)
        failed += start_loading(run, listing).finish()
        if any(run.result.changes.values()) and len(known) >= LEAST_SEASONS:
            note_everywhere(run, withdraw_what_is_everywhere(run, round(EVERYWHERE * sum(known))), sum(known))
    return failed


def known_rounds(begin: Begin, listing: Listing) -> list[int]:
    """Return how many rounds each season of a document has that is stored with its own, and so can be compared."""
    with begin() as connection:
        stored = seasons_with_rounds(connection, ids_of(listing.seasons))
    known = [season.as_sent() for season in listing.seasons if ids_of([season]) & stored]
    return [len(objects_in(season.get("schedules"))) for season in known]


def start_loading(run: Run, listing: Listing) -> Loading:
    """Map what is not stored as it is, and load it, some seasons at a time; the loading of the last ones goes on."""
    comparison = comparison_for(run.begin, listing, run.clock())
    loading = Loading(run.writer, lambda seasons: write_seasons(run, seasons, comparison), run.result)
    unchanged: list[Row] = []
    fetched: list[JsonObject] = []
    try:
        for number, season in enumerate(listing.seasons, 1):
            try:
                rounds = [] if season.objects("schedules") else fetch_rounds(run, season)
                fetched += rounds
                step = unchanged_or_mapped(season, rounds, comparison)
            except Exception as error:  # whatever a season holds, it fails alone
                run.skip_alone(season, error)
                loading.failed += 1
            else:
                loading.add(step) if isinstance(step, MappedSeason) else unchanged.append(step)
            run.result.seasons_seen += 1
            if not run.options.history:
                run.progress("loading seasons", number, len(listing.seasons))
    except SyncError:
        loading.finish()  # whatever ends the run early, what is mapped is loaded
        raise
    loading.send()
    note_left_out(run, [*listing.seasons, *fetched])
    confirm_unchanged(run.begin, run.result, unchanged)
    return loading


def comparison_for(begin: Begin, listing: Listing, at: datetime) -> Comparison:
    """Read what the seasons of a document are compared with."""
    with begin() as connection:
        stored, members = stored_seasons(connection, ids_of(listing.seasons)), class_members(connection)
        has_lists = has_loaded_lists(connection)
    released = note_releases(begin, stored.values(), listing.shape, at)
    return Comparison(listing.document.fetched_at, listing.shape, stored, members, released, has_lists, listing.kept)


def fetch_rounds(run: Run, season: JsonObject) -> list[JsonObject]:
    """Fetch the rounds of a season that is listed without them; of a past one they may be lost to iRacing itself."""
    if run.options.asks_what_lacks:
        return fetch_rounds_if_any(run, season)
    return schedule_rounds(run.documents.document(SEASON_SCHEDULE, {"season_id": season.whole("season_id")}))


def fetch_rounds_if_any(run: Run, season: JsonObject) -> list[JsonObject]:
    """Fetch the rounds of a season that may have none: lost to iRacing itself, or not published yet."""
    params = {"season_id": season.whole("season_id")}
    document = run.fetch_if_possible(SEASON_SCHEDULE, params, settled=is_finished)
    return schedule_rounds(document) if document else []


def unchanged_or_mapped(season: JsonObject, rounds: Sequence[JsonObject], comparison: Comparison) -> Row | MappedSeason:
    """Return the volatile columns of a season that is stored as it is, and any other mapped.

    `rounds` stand in for the season's own where it lists none.
    """
    season_id, at = season.whole("season_id"), comparison.fetched_at
    sent = season.raw("schedules") or [round_.as_sent() for round_ in rounds]
    hashes = season_hashes(season.as_sent(), sent, comparison.members)
    stored = comparison.stored.get(season_id)
    is_known = bool(stored and is_stored_as_it_is(stored, hashes) and not is_back(stored, season))
    if stored and is_known and stored.rounds == len(sent):
        return volatile_columns(season, stored, stored.starts_at, stored.ends_at, at)
    baseline = baseline_of(hashes, comparison.shape.shape_id)
    mapped = map_season(season, members=comparison.members, fetched_at=at, rounds=rounds, baseline=baseline)
    records = list(mapped)
    unread = unread_in([*season.misfits, *(rounds[0].misfits if rounds else ())], season.path, sent)
    if comparison.kept or unread:  # what is stored is not what the document says: it is to be looked at again
        baseline = baseline._replace(schedule_hash=None)
    header = header_in(records)
    volatile = volatile_columns(season, stored, header.starts_at, header.ends_at, at)
    return MappedSeason(season_id, records, volatile | baseline._asdict(), stored, unread, is_known)


def header_in(records: Iterable[Record]) -> Season:
    """Return the season among its records."""
    [header] = [record for record in records if record.__class__ is Season]
    return header


def is_back(stored: StoredSeason, season: JsonObject) -> bool:
    """Tell whether a withdrawn season is active again."""
    return stored.status == WITHDRAWN and season.flag("active")


def volatile_columns(
    season: JsonObject, stored: StoredSeason | None, starts_at: datetime | None, ends_at: datetime | None, at: datetime
) -> Row:
    """Return what of a season follows the calendar; one that is not active stays missing or withdrawn."""
    active = season.flag("active")
    stays = stored if stored and not active else None
    is_withdrawn = stays is not None and stays.status == WITHDRAWN
    return {
        "season_id": season.whole("season_id"),
        "active": active,
        "complete": season.maybe_flag("complete"),
        "race_week": season.maybe_whole("race_week"),
        "status": season_status(starts_at, ends_at, at, stays_withdrawn=is_withdrawn),
        "missing_since": stays.missing_since if stays else None,
    }


def confirm_unchanged(begin: Begin, result: Result, rows: Sequence[Row]) -> None:
    """Bring the volatile columns of unchanged seasons up to date and count their rows."""
    if not rows:
        return
    with begin() as connection:
        update_volatile(connection, SEASON_TABLE, rows)
        counts = row_counts_of_seasons(connection, [row["season_id"] for row in rows])
    result.confirm(counts)
