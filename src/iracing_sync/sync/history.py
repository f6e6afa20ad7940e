"""The past: every quarter that is not yet stored, the newest first, each checked against iRacing's own list."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, NothingFound
from iracing_sync.fetch.endpoints import CATALOGUES, PAST_SEASONS, SEASON_LIST, SEASON_SCHEDULE, SEASONS, SERIES
from iracing_sync.fetch.endpoints import SERIES_ASSETS as ASSETS
from iracing_sync.fetch.prefetch import Wish
from iracing_sync.loader.load import load
from iracing_sync.mappers.json_object import JsonObject, integral
from iracing_sync.mappers.seasons import listed_seasons, map_past_season, past_series
from iracing_sync.mappers.series import map_past_series, series_stub
from iracing_sync.quarters import Quarter
from iracing_sync.result import Result, Written
from iracing_sync.sync.catalogues import fetch_catalogue, load_catalogues
from iracing_sync.sync.check import Listing, ids_of, wanted_seasons
from iracing_sync.sync.drift import note_drift, note_left_out
from iracing_sync.sync.loading import Loading
from iracing_sync.sync.plan import announce, history_steps
from iracing_sync.sync.quarter_documents import has_seasons, is_over, settled_for
from iracing_sync.sync.run import Begin, Run
from iracing_sync.sync.seasons import fetch_rounds, start_loading
from iracing_sync.sync.series import load_series
from iracing_sync.sync.stored import class_members, seasons_with_rounds
from iracing_sync.sync.stored_quarters import (
    empty_quarters,
    missing_quarters,
    remember_quarter,
    settle_empty_quarters,
)
from iracing_sync.sync.unchanged import forget_documents
from iracing_sync.tables.base import Record

log = logging.getLogger(__name__)

BARE_QUARTERS = 3
"""So many quarters running without schedules, and the others are asked for season by season."""


@dataclass
class Past:
    """What a run over the past has learnt.

    `askable` are the catalogues that iRacing may still be asked for, `bare` counts the quarters running that came
    without schedules, `is_plain` tells whether the last one came with them, `series` are the histories asked for so
    far, and `empty` the quarters of which no season is listed.
    """

    askable: frozenset[str]
    bare: int = 0
    is_plain: bool = False
    series: dict[int, JsonObject | None] = field(default_factory=dict)
    empty: list[Quarter] = field(default_factory=list)

    @property
    def asks_by_season(self) -> bool:
        """Tell whether iRacing has shown that it gives no schedules by quarter."""
        return self.bare >= BARE_QUARTERS


@dataclass(frozen=True)
class UnderWay:
    """A quarter whose seasons are mapped and may still be on their way into the tables.

    `light` is iRacing's own list of it, and `ids` are the seasons that it should have. It lacks rounds where some of
    them came without.
    """

    quarter: Quarter
    light: Document | None
    loading: Loading | None
    ids: set[int]
    lacks_rounds: bool
    is_over: bool
    failed: int


def sync_history(run: Run) -> None:
    """Bring every past quarter into the database that is not there yet, the newest first.

    A quarter is mapped while the one before it is loaded, which takes a quarter off the time.
    """
    with run.begin() as connection:
        announce(run.options, history_steps(connection, run.options, run.documents.source, run.clock()))
        quarters = missing_quarters(connection, run.options, run.clock())
    forget_documents(run.begin)
    past = Past(load_ground(run))
    under_way: UnderWay | None = None
    with_list = run.options.verify
    fetched_ahead = run.documents.through(quarters, lambda one: wishes(one, past, with_list=with_list))
    try:
        for number, quarter in enumerate(fetched_ahead, 1):
            earlier, under_way = under_way, begin_quarter(run, quarter, past)
            if earlier:
                finish_quarter(run, earlier, past)
            if under_way and under_way.lacks_rounds:  # they are asked for before the next quarter's turn
                whole, under_way = under_way, None
                finish_quarter(run, whole, past)
            run.progress(f"quarters, now {quarter.name}", number, len(quarters))
    finally:
        if under_way:
            finish_quarter(run, under_way, past)
        doubtful = settle_empty(run, past.empty)
    for quarter in doubtful:
        run.result.skip(NothingFound(f"iRacing lists no season of {quarter.name}, which proves nothing: ask again"))


def settle_empty(run: Run, empty: Sequence[Quarter]) -> list[Quarter]:
    """Note which empty quarters lie before iRacing's first, and return the others."""
    if run.options.series:
        return []
    with run.begin() as connection:
        settle_empty_quarters(connection)
        settled = empty_quarters(connection)
    return [quarter for quarter in empty if quarter not in settled]


def wishes(quarter: Quarter, past: Past, *, with_list: bool) -> list[Wish]:
    """Return the documents of a quarter, once iRacing has shown that it gives schedules by quarter."""
    if not past.is_plain:
        return []
    settled = settled_for(quarter.params)
    compared = [Wish(SEASON_LIST, quarter.params, settled)] if with_list else []
    return [Wish(SEASONS, quarter.params, settled), *compared]


def load_ground(run: Run) -> frozenset[str]:
    """Load series and catalogues, on which every quarter stands; return which may be asked for once more."""
    series = run.fetch(SERIES)
    if series and note_drift(run, series):
        load_series(run, series, fetch_catalogue(run, ASSETS), [])
    catalogues = {endpoint: document for endpoint in CATALOGUES if (document := fetch_catalogue(run, endpoint))}
    load_catalogues(run, catalogues, naming=None, askable=())
    return frozenset(endpoint for endpoint, document in catalogues.items() if document.from_cache)


def begin_quarter(run: Run, quarter: Quarter, past: Past) -> UnderWay | None:
    """Fetch a quarter and map its seasons; None where nothing of it can be had."""
    asks_list = not past.asks_by_season
    compares = run.options.verify or past.asks_by_season
    light = run.fetch_of_quarter(SEASON_LIST, quarter) if compares else None
    document = run.fetch_of_quarter(SEASONS, quarter, may_be_empty=has_seasons(light)) if asks_list else None
    if not (compares or has_seasons(document)):
        light = run.fetch_of_quarter(SEASON_LIST, quarter)
    main = document if has_seasons(document) else light or document
    if main is None:
        return None
    if not has_seasons(main):
        past.empty.append(quarter)
    failed = (asks_list and document is None) + (compares and light is None)
    loading = None
    if document:
        loading, at_fault = load_seasons_of_quarter(run, document, past)
        failed += at_fault
        learn(run.result, past, quarter, document, light)
    ids = season_ids(light or document)
    lacks_rounds = loading is None or not ids <= ids_with_rounds(document)
    return UnderWay(quarter, light, loading, ids, lacks_rounds, is_over(quarter, main), failed)


def load_seasons_of_quarter(run: Run, document: Document, past: Past) -> tuple[Loading | None, int]:
    """Begin to load the seasons that a quarter's document lists; return how much was at fault before: reported."""
    shape = note_drift(run, document)
    if shape is None:
        return None, 1
    explained = load_catalogues(run, {}, naming=document.content, askable=past.askable)
    past.askable = explained.askable
    seasons = wanted_seasons(run.options, run.result, document)
    loading = start_loading(run, Listing(document, shape, seasons or []))
    return loading, explained.failed + (seasons is None)


def learn(result: Result, past: Past, quarter: Quarter, document: Document, light: Document | None) -> None:
    """Note whether a quarter came with schedules; after three without, the plan changes."""
    has_schedules = bool(ids_with_rounds(document))
    is_empty = not season_ids(light or document)
    past.bare = past.bare if is_empty else 0 if has_schedules else past.bare + 1
    past.is_plain = has_schedules
    if past.asks_by_season:
        result.warn(
            f"{BARE_QUARTERS} quarters running, up to {quarter.name}, came without schedules: "
            "the earlier ones are asked for season by season, which costs a call for each"
        )


def season_ids(document: Document | None) -> set[int]:
    """Return the ids that a list of seasons holds."""
    return ids_of(all_seasons(document))


def ids_with_rounds(document: Document | None) -> set[int]:
    """Return the ids of the seasons that are listed with their rounds."""
    return ids_of(season for season in all_seasons(document) if season.raw("schedules"))


def all_seasons(document: Document | None) -> list[JsonObject]:
    """Return the seasons of a list, none where it is at fault, which was reported already."""
    with suppress(DocumentError):
        return listed_seasons(document) if document else []
    return []


def finish_quarter(run: Run, under_way: UnderWay, past: Past) -> None:
    """Wait until a quarter is loaded, get what it lacks, and note that it is there."""
    failed = under_way.failed + (under_way.loading.finish() if under_way.loading else 0)
    if under_way.light:
        failed += load_lacking(run, under_way.light, past)
    if not failed:
        note_quarter(run, under_way)
    log.info("%s: %d seasons", under_way.quarter.name, len(under_way.ids))


def load_lacking(run: Run, light: Document, past: Past) -> int:
    """Get the schedules that are in iRacing's own list of the quarter but not stored; return how much was at fault."""
    shape = note_drift(run, light)
    wanted = wanted_seasons(run.options, run.result, light)
    failed = (shape is None) + (wanted is None)
    listed = [one for one in wanted or () if integral(one.raw("season_id")) and integral(one.raw("series_id"))]
    ids = {season.whole("season_id") for season in listed}
    lacking_ids = ids - stored_with_rounds(run.begin, ids)
    lacking = [season for season in listed if season.whole("season_id") in lacking_ids]
    for season in run.documents.through(lacking, lambda one: wishes_of_season(one, past)):
        try:
            load_lacking_season(run, season, past, light)
        except Exception as error:  # whatever a season holds, it fails alone
            run.skip_alone(season, error)
            failed += 1
    return failed


def wishes_of_season(season: JsonObject, past: Past) -> list[Wish]:
    """Return the documents from which a season is put together."""
    season_id, series_id = season.whole("season_id"), season.whole("series_id")
    history = [] if series_id in past.series else [Wish(PAST_SEASONS, {"series_id": series_id})]
    return [*history, Wish(SEASON_SCHEDULE, {"season_id": season_id})]


def load_lacking_season(run: Run, season: JsonObject, past: Past, light: Document) -> None:
    """Get one season from the history of its series and from its own schedule."""
    season_id, series_id = season.whole("season_id"), season.whole("series_id")
    series = history_of(run, series_id, past)
    found = [one for one in series.objects("seasons") if one.raw("season_id") == season_id] if series else []
    rounds = fetch_rounds(run, season)
    with run.begin() as connection:
        members = class_members(connection)
    written = load_records(
        run,
        [
            map_past_series(series) if series else series_stub(series_id, season.maybe_text("series_name")),
            *map_past_season(
                found[0] if found else season,
                series_id=series_id,
                members=members,
                fetched_at=light.fetched_at,
                rounds=rounds,
            ),
        ],
    )
    note_left_out(run, [season, *rounds, *([series] if series else [])])
    run.result.seasons_seen += 1
    run.result.seasons_changed += len(written.season_ids)


def load_records(run: Run, records: Sequence[Record]) -> Written:
    """Load records in one transaction, and count."""

    def write() -> Written:
        with run.begin() as connection:
            return load(connection, records, run.result.run_id)

    written = run.writer.submit(write).result()
    run.result.add(written)
    return written


def history_of(run: Run, series_id: int, past: Past) -> JsonObject | None:
    """Return `series/past_seasons` of a series, asked for once a run."""
    if series_id not in past.series:
        document = run.fetch_if_possible(PAST_SEASONS, {"series_id": series_id})
        past.series[series_id] = past_series(document) if document and note_drift(run, document) else None
    return past.series[series_id]


def stored_with_rounds(begin: Begin, ids: set[int]) -> set[int]:
    """Return those seasons whose rounds are stored."""
    with begin() as connection:
        return seasons_with_rounds(connection, ids)


def note_quarter(run: Run, under_way: UnderWay) -> None:
    """Write down that a quarter is stored, unless only some series of it were asked for."""
    if run.options.series:
        return
    quarter, ids = under_way.quarter, under_way.ids
    stored = stored_with_rounds(run.begin, ids)
    lacking = len(ids - stored)
    if lacking:
        run.result.warn(f"{quarter.name}: iRacing has no schedule for {lacking} of {len(ids)} seasons")
    with run.begin() as connection:
        remember_quarter(
            connection,
            quarter,
            stored=len(stored),
            lacking=lacking if under_way.light else None,
            is_over=under_way.is_over,
            at=run.clock(),
        )
