"""The past: every quarter that is not yet stored, the newest first, each checked against iRacing's own list."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.dialects.postgresql import insert

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.loader import load
from iracing_sync.mappers.fields import Fields
from iracing_sync.mappers.seasons import listed_seasons, map_past_season, past_series
from iracing_sync.mappers.series import map_past_series, series_stub
from iracing_sync.own_tables import PAST_QUARTER
from iracing_sync.quarters import Quarter
from iracing_sync.records import Record
from iracing_sync.result import Written
from iracing_sync.stored import class_members, with_schedule
from iracing_sync.sync.ahead import Wish
from iracing_sync.sync.batches import Loading
from iracing_sync.sync.catalogues import examined_catalogue, explain
from iracing_sync.sync.drift import examine
from iracing_sync.sync.plan import (
    ACTIVE,
    CATALOGUES,
    LIST,
    SERIES,
    announce,
    history_steps,
    is_over,
    missing_quarters,
    settled_for,
)
from iracing_sync.sync.recognised import forget
from iracing_sync.sync.run import Run
from iracing_sync.sync.seasons import ids_of, schedule_of, sync_seasons, wanted_seasons
from iracing_sync.sync.series import sync_series

log = logging.getLogger(__name__)

BARE_QUARTERS = 3
"""So many quarters running without schedules, and the others are asked for season by season."""


@dataclass
class Past:
    """What a run over the past has learnt of iRacing's ways.

    `bare` counts the quarters running that came without schedules, `is_plain` tells whether the last one came with
    them, and `series` are the histories asked for so far.
    """

    bare: int = 0
    is_plain: bool = False
    series: dict[int, Fields | None] = field(default_factory=dict)

    @property
    def asks_by_season(self) -> bool:
        """Tell whether iRacing has shown that it gives no schedules by quarter."""
        return self.bare >= BARE_QUARTERS


def sync_history(run: Run) -> None:
    """Bring every past quarter into the database that is not there yet, the newest first."""
    with run.begin() as connection:
        announce(run.options, history_steps(connection, run.options, run.source, run.clock()))
        quarters = list(missing_quarters(connection, run.options, run.clock()))
    forget(run)
    sync_ground(run)
    past = Past()
    under_way: list[Iterator[None]] = []
    try:
        for number, quarter in enumerate(run.ahead.through(quarters, lambda quarter: wishes(run, quarter, past)), 1):
            under_way.append(sync_quarter(run, quarter, past))
            next(under_way[-1], None)
            end(under_way[:-1])
            del under_way[:-1]
            run.progress(f"quarters, now {quarter.name}", number, len(quarters))
    finally:
        end(under_way)


def end(quarters: Iterable[Iterator[None]]) -> None:
    """Bring quarters to their end."""
    for quarter in quarters:
        for _ in quarter:
            pass


def wishes(run: Run, quarter: Quarter, past: Past) -> list[Wish]:
    """Return the documents of a quarter, once iRacing has shown that it gives schedules by quarter."""
    if not past.is_plain:
        return []
    settled = settled_for(quarter.params)
    return [Wish(ACTIVE, quarter.params, settled)] + [Wish(LIST, quarter.params, settled)] * run.options.verify


def sync_ground(run: Run) -> None:
    """Load series and catalogues, on which every quarter stands."""
    series = run.fetched(SERIES)
    if series and examine(run, series):
        sync_series(run, series, examined_catalogue(run, "series/assets"), [])
    catalogues = {endpoint: examined_catalogue(run, endpoint) for endpoint in CATALOGUES}
    explain(run, None, {endpoint: document for endpoint, document in catalogues.items() if document})


def sync_quarter(run: Run, quarter: Quarter, past: Past) -> Iterator[None]:
    """Bring one past quarter into the database and note that it is there.

    Yields once where its seasons are mapped and still being loaded, so that the next quarter may be mapped meanwhile.
    """
    failures = run.result.failures
    document = None if past.asks_by_season else in_quarter(run, ACTIVE, quarter)
    light = in_quarter(run, LIST, quarter) if run.options.verify or past.asks_by_season else None
    main = document or light
    if main is None:
        return
    loading = sync_tagged(run, document) if document else None
    if document:
        learn(run, past, quarter, document, light)
    ids = season_ids(light or document)
    failed = run.result.failures - failures
    quarter_is_over = not failed and is_over(quarter, main)
    if loading and ids <= ids_with_rounds(document):  # else there is more to be asked before the next quarter's turn
        del document, main  # of the quarters under way only one is held
        yield
    failures = run.result.failures
    if loading:
        loading.finish()
    if light:
        mend(run, light, past)
    if not failed and run.result.failures == failures:
        note_quarter(run, quarter, ids, is_over=quarter_is_over, is_compared=light is not None)
    log.info("%s: %d seasons", quarter.name, len(ids))


def in_quarter(run: Run, endpoint: str, quarter: Quarter) -> Document | None:
    """Return a document of one quarter; one fetched after the quarter's end is never asked for again."""
    return run.fetched(endpoint, quarter.params, settled=settled_for(quarter.params))


def sync_tagged(run: Run, document: Document) -> Loading | None:
    """Load the seasons that a quarter's document lists, None where it is no JSON."""
    if shape := examine(run, document):
        explain(run, document.content, {})
        return sync_seasons(run, document, wanted_seasons(run, document), shape)
    return None


def learn(run: Run, past: Past, quarter: Quarter, document: Document, light: Document | None) -> None:
    """Note whether a quarter came with schedules; after three without, the plan changes."""
    has_schedules = any(season.raw("schedules") for season in all_seasons(document))
    is_empty = not season_ids(light or document)
    past.bare = past.bare if is_empty else 0 if has_schedules else past.bare + 1
    past.is_plain = has_schedules
    if past.asks_by_season:
        run.warn(
            f"{BARE_QUARTERS} quarters running, up to {quarter.name}, came without schedules: "
            "the earlier ones are asked for season by season, which costs a call for each"
        )


def season_ids(document: Document | None) -> set[int]:
    """Return the ids that a list of seasons holds."""
    return ids_of(all_seasons(document))


def ids_with_rounds(document: Document | None) -> set[int]:
    """Return the ids of the seasons that are listed with their rounds."""
    return ids_of(season for season in all_seasons(document) if season.raw("schedules"))


def all_seasons(document: Document | None) -> list[Fields]:
    """Return the seasons of a list, none where it is at fault, which was reported already."""
    with suppress(DocumentError):
        return listed_seasons(document) if document else []
    return []


def mend(run: Run, light: Document, past: Past) -> None:
    """Get the schedules that are in iRacing's own list of the quarter but not in the database."""
    examine(run, light)
    listed = [season for season in wanted_seasons(run, light) if isinstance(season.raw("season_id"), int)]
    ids = {season.whole("season_id") for season in listed}
    lacking = ids - stored_with_schedule(run, ids)
    torn = [season for season in listed if season.whole("season_id") in lacking]
    for season in run.ahead.through(torn, lambda season: wishes_to_mend(season, past)):
        with run.skipping():
            mend_season(run, season, past, light)


def wishes_to_mend(season: Fields, past: Past) -> list[Wish]:
    """Return the documents from which a season is mended."""
    season_id, series_id = season.whole("season_id"), season.whole("series_id")
    history = [] if series_id in past.series else [Wish("series/past_seasons", {"series_id": series_id})]
    return [*history, Wish("series/season_schedule", {"season_id": season_id})]


def mend_season(run: Run, season: Fields, past: Past, light: Document) -> None:
    """Get one season from the history of its series and from its own schedule."""
    season_id, series_id = season.whole("season_id"), season.whole("series_id")
    series = history_of(run, series_id, past)
    found = [one for one in series.objects("seasons") if one.raw("season_id") == season_id] if series else []
    rounds = schedule_of(run, season)
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


def history_of(run: Run, series_id: int, past: Past) -> Fields | None:
    """Return `series/past_seasons` of a series, asked for once a run."""
    if series_id not in past.series:
        document = run.optional("series/past_seasons", {"series_id": series_id})
        past.series[series_id] = past_series(document) if document and examine(run, document) else None
    return past.series[series_id]


def stored_with_schedule(run: Run, ids: set[int]) -> set[int]:
    """Return those seasons whose rounds are stored."""
    with run.begin() as connection:
        return with_schedule(connection, ids)


def note_quarter(run: Run, quarter: Quarter, ids: set[int], *, is_over: bool, is_compared: bool) -> None:
    """Write down that a quarter is stored, unless only some series of it were asked for."""
    if run.options.series:
        return
    stored = stored_with_schedule(run, ids)
    lacking = len(ids - stored)
    if lacking:
        run.warn(f"{quarter.name}: iRacing has no schedule for {lacking} of {len(ids)} seasons")
    values = {
        "loaded_at": run.clock(),
        "seasons": len(stored),
        "lacking": lacking if is_compared else None,
        "is_over": is_over,
    }
    statement = insert(PAST_QUARTER).values(**quarter.params, **values)
    with run.begin() as connection:
        connection.execute(
            statement.on_conflict_do_update(index_elements=["season_year", "season_quarter"], set_=values)
        )
