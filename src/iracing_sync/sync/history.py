"""The past: every quarter that is not yet stored, the newest first, each checked against iRacing's own list."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from iracing_sync.documents import Document
from iracing_sync.errors import NothingFound, SettingsError
from iracing_sync.fetch.endpoints import CATALOGUES, SEASON_LIST, SEASONS, SERIES
from iracing_sync.fetch.endpoints import SERIES_ASSETS as ASSETS
from iracing_sync.fetch.prefetch import Wish
from iracing_sync.quarters import Quarter
from iracing_sync.sync.catalogues import fetch_catalogue, load_catalogues
from iracing_sync.sync.check import Listing, wanted_seasons
from iracing_sync.sync.completion import Histories, Told, complete_quarter, told_of, wishes_of_season
from iracing_sync.sync.coverage import ENOUGH, Coverage, Lesson, remembered_coverage
from iracing_sync.sync.drift import note_drift
from iracing_sync.sync.loading import Loading
from iracing_sync.sync.options import Options
from iracing_sync.sync.plan import announce, history_plan, in_all, lacking_seasons
from iracing_sync.sync.present_quarter import ask_present
from iracing_sync.sync.quarter_documents import has_seasons, settled_for
from iracing_sync.sync.run import Run
from iracing_sync.sync.seasons import start_loading
from iracing_sync.sync.series import load_series
from iracing_sync.sync.stored_quarters import empty_quarters, missing_quarters, settle_empty_quarters
from iracing_sync.sync.unchanged import forget_documents

log = logging.getLogger(__name__)


@dataclass
class Past:
    """What a run over the past has learnt.

    `coverage` tells how much of a quarter iRacing lists. `askable` are the catalogues that it may still be asked for,
    `histories` those of the series asked for so far, and `empty` the quarters of which no season is listed.
    """

    coverage: Coverage
    askable: frozenset[str] = frozenset()
    histories: Histories = field(default_factory=dict)
    empty: list[Quarter] = field(default_factory=list)


@dataclass(frozen=True)
class UnderWay:
    """A quarter whose seasons are mapped and may still be on their way into the tables."""

    told: Told
    loading: Loading | None
    failed: int

    @property
    def lacks_rounds(self) -> bool:
        """Tell whether some of its seasons came without rounds."""
        return self.loading is None or not self.told.ids <= (self.told.full or frozenset())


def sync_history(run: Run) -> None:
    """Bring every past quarter into the database that is not there yet, the newest first.

    A quarter is mapped while the one before it is loaded, which takes a quarter off the time.
    """
    present = ask_present(run).quarter
    if run.options.since > present.year:
        raise SettingsError(
            f"--since {run.options.since}: that season year has not begun; the present one is {present.year}"
        )
    with run.begin() as connection:
        past = Past(remembered_coverage(connection, run.clock()))
        quarters = missing_quarters(connection, run.options, present)
        plan = history_plan(connection, run.options, run.documents.source, past.coverage, present)
    announce(run.options, plan)
    log.info("%s; in all %s", past.coverage.in_words(), in_all(plan, run.options))
    forget_documents(run.begin)
    past.askable = load_ground(run)
    under_way: UnderWay | None = None
    fetched_ahead = run.documents.through(quarters, lambda one: wishes(run.options, one, past))
    try:
        for number, quarter in enumerate(fetched_ahead, 1):
            earlier, under_way = under_way, begin_quarter(run, quarter, past)
            if earlier:
                finish_quarter(run, earlier, past)
            if under_way and under_way.lacks_rounds:  # they are asked for before the next quarter's turn
                whole, under_way = under_way, None
                finish_quarter(run, whole, past, quarters[number : number + 1])
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


def wishes(options: Options, quarter: Quarter, past: Past) -> list[Wish]:
    """Return the documents of a quarter that are wanted for certain."""
    settled = settled_for(quarter.params)
    light = [Wish(SEASON_LIST, quarter.params, settled)] if options.complete else []
    return [*light, *([Wish(SEASONS, quarter.params, settled)] if past.coverage.lists_schedules else [])]


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
    compares = run.options.complete
    by_season = compares and past.coverage.asks_by_season
    light = run.fetch_of_quarter(SEASON_LIST, quarter) if compares else None
    failed = int(compares and (light is None or note_drift(run, light) is None))
    document = None if by_season else run.fetch_of_quarter(SEASONS, quarter, may_be_empty=has_seasons(light))
    failed += document is None and not by_season
    if not (compares or has_seasons(document)):  # whether it is empty only the other list can tell
        light = run.fetch_of_quarter(SEASON_LIST, quarter)
    main = document or light
    if main is None:
        return None
    if not (has_seasons(document) or has_seasons(light)):
        past.empty.append(quarter)
    told = told_of(run.options, quarter, main, light)
    loading = None
    if document:
        loading, at_fault = load_seasons_of_quarter(run, document, past)
        failed += at_fault
        learn(run, past, told)
    return UnderWay(told, loading, failed)


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


def learn(run: Run, past: Past, told: Told) -> None:
    """Note how much of a quarter came with schedules; after three without, the plan changes."""
    if run.options.series or told.full is None or told.light is None:
        return
    knew = past.coverage.asks_by_season
    past.coverage.learn(Lesson(len(told.ids), len(told.full & told.ids)))
    if past.coverage.asks_by_season and not knew:
        run.result.warn(
            f"{ENOUGH} quarters running, up to {told.quarter.name}, came without schedules: "
            "the earlier ones are asked for season by season, which costs a call for each"
        )


def finish_quarter(run: Run, under_way: UnderWay, past: Past, following: Sequence[Quarter] = ()) -> None:
    """Wait until a quarter is loaded, get what it lacks, and note that it is there.

    So that iRacing is asked all the time, the first seasons that those `following` lack are asked for towards its end.
    """
    failed = under_way.failed + (under_way.loading.finish() if under_way.loading else 0)
    complete_quarter(
        run,
        under_way.told,
        past.histories,
        failed=failed,
        afterwards=lambda: [wish for quarter in following for wish in first_wishes(run, quarter, past)],
    )


def first_wishes(run: Run, quarter: Quarter, past: Past) -> list[Wish]:
    """Return what the seasons are put together from that a quarter's list lacks, as far as its lists are at hand."""
    with run.begin() as connection:
        lacking = lacking_seasons(connection, run.options, run.documents.source, quarter, past.coverage) or {}
    each = (wishes_of_season(*ids, quarter, past.histories) for ids in islice(lacking.items(), run.options.width))
    return [wish for wishes in each for wish in wishes]
