"""A quarter made whole, whoever asks: what its list lacks is put together season by season, and the outcome noted."""

import logging
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from iracing_sync.changes.differences import Change
from iracing_sync.changes.phases import PAST, phase
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, NothingFound
from iracing_sync.fetch.endpoints import PAST_SEASONS, SEASON_LIST, SEASON_SCHEDULE, SEASONS
from iracing_sync.fetch.expected import unreadable_in
from iracing_sync.fetch.prefetch import Wish
from iracing_sync.loader.load import load
from iracing_sync.loader.rows import rows_by_table
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.seasons import Members, listed_seasons, map_past_season, past_series
from iracing_sync.mappers.series import map_past_series, series_stub
from iracing_sync.quarters import Quarter
from iracing_sync.result import Written
from iracing_sync.sync.change_log import write_changes
from iracing_sync.sync.check import ids_of, wanted_seasons
from iracing_sync.sync.drift import note_drift, note_left_out
from iracing_sync.sync.options import Options
from iracing_sync.sync.plan import calls_in_words
from iracing_sync.sync.quarter_documents import AFTER_LAST_ROUND, is_finished, tells_of
from iracing_sync.sync.run import Run
from iracing_sync.sync.season_writes import first_appearance
from iracing_sync.sync.seasons import fetch_rounds_if_any
from iracing_sync.sync.stored import (
    class_members,
    has_loaded_lists,
    last_round_start,
    row_counts_of_seasons,
    seasons_with_rounds,
)
from iracing_sync.sync.stored_quarters import remember_quarter
from iracing_sync.tables.base import Record
from iracing_sync.whole_numbers import integral

log = logging.getLogger(__name__)

Histories = dict[int, bytes | None]
"""What `series/past_seasons` says of the series asked for so far, compressed: decoded, all of them take 200 MB."""

Wishes = Callable[[], Sequence[Wish]]


@dataclass(frozen=True)
class Told:
    """What iRacing told of a quarter.

    `light` is its own list of it, None where it was not asked for or is at fault, and `ids` are the seasons that the
    quarter should have. `listed` are those that any document with schedules holds, and `full` those that the quarter's
    own holds with their rounds, None where it was not asked for. `is_active` where one of them runs. `unreadable` is
    how much of the list that names them cannot be read: nobody knows of which seasons.
    """

    quarter: Quarter
    light: Document | None
    ids: frozenset[int]
    listed: frozenset[int]
    full: frozenset[int] | None
    is_active: bool
    fetched_at: datetime
    unreadable: int


def told_of(
    options: Options, quarter: Quarter, document: Document, light: Document | None, listed: Iterable[int] = ()
) -> Told:
    """Return what was told of a quarter: in `document` with schedules, unless that is the light list itself.

    `listed` are seasons that other documents hold.
    """
    seasons = wanted_of(options, document)
    asked = document.endpoint == SEASONS
    return Told(
        quarter,
        light,
        ids=frozenset(ids_of(wanted_of(options, light) if light else seasons)),
        listed=frozenset({*listed, *(ids_of(seasons) if asked else ())}),
        full=frozenset(ids_of(season for season in seasons if season.raw("schedules"))) if asked else None,
        is_active=any(season.raw("active") is True for season in seasons),
        fetched_at=document.fetched_at,
        unreadable=0 if options.series else unreadable_in(light or document),
    )


def wanted_of(options: Options, document: Document) -> list[JsonObject]:
    """Return the wanted seasons of a list, none where it is at fault, which was reported already."""
    with suppress(DocumentError):
        return [season for season in listed_seasons(document) if options.wants(season.raw("series_id"))]
    return []


def complete_quarters(
    run: Run, documents: Sequence[Document], listed: Collection[int], *, failed: int
) -> list[Quarter]:
    """Get what the quarters asked for lack, and note them; return those of which iRacing knows no season.

    `failed` is how much of the run was at fault before.
    """
    histories: Histories = {}
    empty = []
    for quarter in run.options.quarters:
        of_quarter = {document.endpoint: document for document in documents if document.params == quarter.params}
        light = of_quarter.get(SEASON_LIST)
        if document := of_quarter.get(SEASONS, light):
            told = told_of(run.options, quarter, document, light, listed)
            complete_quarter(run, told, histories, failed=failed)
            empty += [] if told.ids or run.options.series else [quarter]
    return empty


def complete_quarter(run: Run, told: Told, histories: Histories, *, failed: int, afterwards: Wishes = list) -> None:
    """Get what a quarter lacks, and note how much of it is stored; `afterwards` is what will be wanted next."""
    if told.light and run.options.complete:
        failed += load_lacking(run, told, told.light, histories, afterwards)
    note_quarter(run, told, failed=failed)


def load_lacking(run: Run, told: Told, light: Document, histories: Histories, afterwards: Wishes = list) -> int:
    """Get the seasons that are in iRacing's own list of a quarter but not stored; return how many were at fault."""
    wanted = wanted_seasons(run.options, run.result, light)
    named = [one for one in wanted or () if integral(one.raw("season_id")) and integral(one.raw("series_id"))]
    with run.begin() as connection:
        stored = seasons_with_rounds(connection, ids_of(named))
        members = class_members(connection)
    confirm_stored(run, stored - told.listed)
    lacking = [season for season in named if not ids_of([season]) <= stored]
    announce_lacking(run, told.quarter, lacking, len(named), histories)
    failed = int(wanted is None)
    each = run.documents.through(lacking, lambda one: wishes_of(one, told.quarter, histories), afterwards)
    for number, season in enumerate(each, 1):
        try:
            written = load_lacking_season(run, season, told, histories, members)
        except Exception as error:  # whatever a season holds, it fails alone
            run.skip_alone(season, error)
            failed += 1
            count_season(run, season, told, failed=1)
        else:
            count_season(run, season, told, changed=len(written.season_ids))
        run.progress(f"seasons of {told.quarter.name}", number, len(lacking))
    return failed


def announce_lacking(
    run: Run, quarter: Quarter, lacking: Sequence[JsonObject], named: int, histories: Histories
) -> None:
    """Say how many seasons are going to be asked for by themselves."""
    if not lacking:
        return
    series = {season.whole("series_id") for season in lacking} - histories.keys()
    log.info(
        "%s: of %d seasons %d are to be asked for one by one: at most %s",
        quarter.name,
        named,
        len(lacking),
        calls_in_words(len(lacking) + len(series), run.options),
    )


def confirm_stored(run: Run, season_ids: Collection[int]) -> None:
    """Count the seasons that are not listed and stored already."""
    with run.begin() as connection:
        run.result.confirm(row_counts_of_seasons(connection, list(season_ids)))
    run.result.seasons_seen += len(season_ids)


def count_season(run: Run, season: JsonObject, told: Told, *, changed: int = 0, failed: int = 0) -> None:
    """Count a season that was asked for by itself, unless it was counted where it is listed."""
    if not ids_of([season]) <= told.listed:
        run.result.seasons_seen += 1
        run.result.seasons_changed += changed
        run.result.seasons_failed += failed


def wishes_of(season: JsonObject, quarter: Quarter, histories: Histories) -> list[Wish]:
    """Return the documents from which a season of a list is put together."""
    return wishes_of_season(season.whole("season_id"), season.whole("series_id"), quarter, histories)


def wishes_of_season(season_id: int, series_id: int, quarter: Quarter, histories: Histories) -> list[Wish]:
    """Return the documents from which a season is put together."""
    history = Wish(PAST_SEASONS, {"series_id": series_id}, tells_of(season_id, quarter))
    schedule = Wish(SEASON_SCHEDULE, {"season_id": season_id}, is_finished)
    return [schedule] if series_id in histories else [history, schedule]


def load_lacking_season(run: Run, season: JsonObject, told: Told, histories: Histories, members: Members) -> Written:
    """Get one season from the history of its series and from its own schedule."""
    season_id, series_id = season.whole("season_id"), season.whole("series_id")
    series = history_of(run, season, told.quarter, histories)
    found = [one for one in series.objects("seasons") if one.raw("season_id") == season_id] if series else []
    rounds = fetch_rounds_if_any(run, season)
    written = load_records(
        run,
        [
            map_past_series(series) if series else series_stub(series_id, season.maybe_text("series_name")),
            *map_past_season(
                found[0] if found else season,
                series_id=series_id,
                members=members,
                fetched_at=told.fetched_at,
                rounds=rounds,
            ),
        ],
    )
    note_left_out(run, [season, *rounds, *([series] if series else [])])
    return written


def load_records(run: Run, records: Sequence[Record]) -> Written:
    """Load the records of a season in one transaction, count, and write down that it is there for the first time."""

    def write() -> Written:
        with run.begin() as connection:
            changes = appearances(connection, records, run.clock())
            written = load(connection, records, run.result.run_id)
            write_changes(connection, run.result, changes, run.clock())
            return written

    written = run.writer.submit(write).result()
    run.result.add(written)
    return written


def appearances(connection: Connection, records: Sequence[Record], at: datetime) -> list[Change]:
    """Return that a season that is not over is there for the first time with its rounds, unless all of them are new."""
    rows = rows_by_table(records)
    [season] = rows["season"]
    stands = phase(season["starts_at"], season["ends_at"], at)
    if season["is_stub"] or stands == PAST or not has_loaded_lists(connection):
        return []
    is_known = bool(seasons_with_rounds(connection, [season["season_id"]]))
    return [] if is_known else [first_appearance(season, rows["event"], stands)]


def history_of(run: Run, season: JsonObject, quarter: Quarter, histories: Histories) -> JsonObject | None:
    """Return `series/past_seasons` of a season's series, asked for once a run.

    It tells the classes of a season: None where iRacing has none, and it raises DocumentError where it is at fault, for
    without them a season is not whole.
    """
    season_id, series_id = season.whole("season_id"), season.whole("series_id")
    if series_id not in histories:
        settled = tells_of(season_id, quarter)
        try:
            document = run.documents.document(PAST_SEASONS, {"series_id": series_id}, settled=settled)
        except NothingFound:
            histories[series_id] = None
            return None
        if unreadable_in(document):
            raise DocumentError(f"{document.name}: something in its list of seasons cannot be read")
        note_drift(run, document)
        histories[series_id] = zlib.compress(document.body, 1)
    kept = histories[series_id]
    if kept is None:
        return None
    return past_series(Document(PAST_SEASONS, {"series_id": series_id}, zlib.decompress(kept), run.clock()))


def note_quarter(run: Run, told: Told, *, failed: int) -> None:
    """Say how much of a quarter is stored, and write it down, unless only some series of it were asked for."""
    ids, named = told.ids, len(told.ids) + told.unreadable
    failed += told.unreadable
    with run.begin() as connection:
        stored = seasons_with_rounds(connection, ids)
    if told.light:
        run.result.compare(named=named, stored=len(stored))
    if lacking := named - len(stored):
        why = why_lacking(run.options, failed)
        run.result.skip(NothingFound(f"{told.quarter.name}: {why} {lacking} of {named} seasons"))
    log.info("%s: %d of %d seasons", told.quarter.name, len(stored), named)
    if failed or run.options.series or run.clock() < told.quarter.ends_at:
        return
    with run.begin() as connection:
        remember_quarter(
            connection,
            told.quarter,
            stored=len(stored),
            lacking=lacking if told.light else None,
            listed=None if told.full is None else len(told.full & ids),
            is_over=never_changes(connection, told, lacking=lacking) and (run.options.complete or not lacking),
            at=run.clock(),
        )


def why_lacking(options: Options, failed: int) -> str:
    """Say why seasons are not stored with their schedules."""
    if failed:
        return "no schedule is stored of"
    return "iRacing has no schedule for" if options.complete else "iRacing's list has no schedule for"


def never_changes(connection: Connection, told: Told, *, lacking: int) -> bool:
    """Tell whether a quarter was told after the last round of every season in it, so that it will never change.

    Where the rounds of a season are not known the year must have ended, in which a year-long one may run.
    """
    if told.is_active or not told.ids:
        return False
    last = last_round_start(connection, told.ids)
    ends = [told.quarter.ends_at, *([last + AFTER_LAST_ROUND] if last else [])]
    if lacking or last is None:
        ends.append(Quarter(told.quarter.year, 4).ends_at)
    return told.fetched_at > max(ends)
