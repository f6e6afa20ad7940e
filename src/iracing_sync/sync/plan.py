"""The plan of calls: which documents a run asks for, and which of them it has already."""

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, inspect

from iracing_sync.documents import NO_PARAMS, Document, document_name
from iracing_sync.fetch.cache.document_cache import Settled, never
from iracing_sync.fetch.endpoints import (
    CATALOGUES,
    CURRENT_SEASON,
    PAST_SEASONS,
    SEASON_LIST,
    SEASON_SCHEDULE,
    SEASONS,
    SERIES,
)
from iracing_sync.fetch.source import DocumentSource
from iracing_sync.plain_text import how_many
from iracing_sync.quarters import Quarter
from iracing_sync.sync.coverage import Coverage, remembered_coverage
from iracing_sync.sync.options import Options
from iracing_sync.sync.present_quarter import Present, is_present_due, kept_current_season, kept_present
from iracing_sync.sync.quarter_documents import (
    has_seasons,
    is_finished,
    numbers_of_seasons,
    settled_for,
    tells_of,
)
from iracing_sync.sync.stored_quarters import missing_quarters

log = logging.getLogger(__name__)


class Step(NamedTuple):
    """One document that a run wants."""

    endpoint: str
    params: tuple[tuple[str, int], ...]
    why: str
    is_cached: bool

    @classmethod
    def of(cls, endpoint: str, params: Mapping[str, int], why: str, cached: Document | None) -> "Step":
        """Plan a document, which is in the cache or not."""
        return cls(endpoint, tuple(params.items()), why, cached is not None)

    @property
    def quarter(self) -> Quarter | None:
        """Return the quarter that it is about."""
        params = dict(self.params)
        return Quarter(params["season_year"], params["season_quarter"]) if "season_quarter" in params else None

    @property
    def name(self) -> str:
        """Return what a person calls the document."""
        return document_name(self.endpoint, dict(self.params))


class Plan(NamedTuple):
    """The documents that a run wants, and how many calls more the seasons cost that lists may lack."""

    steps: list[Step]
    least_more: int = 0
    most_more: int = 0

    @property
    def lacking(self) -> int:
        """Return how many documents are not in the cache: the calls, where there is a way to iRacing."""
        return sum(not step.is_cached for step in self.steps)


def plan_of_run(engine: Engine, options: Options, source: DocumentSource, at: datetime) -> Plan:
    """Return what a run would want at an instant; a schema that is not there yet has nothing stored."""
    with engine.begin() as connection:
        coverage = remembered_coverage(connection, at)
        present = kept_present(source, at)
        first = present_steps(connection, options, source, at)
        if options.history:
            plan = history_plan(connection, options, source, coverage, present.quarter)
            return plan._replace(steps=first + plan.steps)
        steps = active_steps(options, source, present.quarter) + first + coming_steps(options, source, present)
        plan = with_lacking(connection, options, source, steps, coverage, options.quarters)
        return plan._replace(steps=plan.steps + steps_of_lacking_ahead(connection, options, source, coverage, present))


def present_steps(connection: Connection, options: Options, source: DocumentSource, at: datetime) -> list[Step]:
    """Return the question for the present quarter, if it is due or its answer is kept."""
    kept = kept_current_season(source, at)
    is_due = is_present_due(connection, options, source, at)
    why = "which quarter is the present one"
    return [Step.of(CURRENT_SEASON, NO_PARAMS, why, None if is_due else kept)] if is_due or kept else []


def coming_steps(options: Options, source: DocumentSource, present: Present) -> list[Step]:
    """Return the documents of the coming quarter, which may be empty, for a run over what is active."""
    if options.quarters or present.coming is None:
        return []
    steps = quarter_steps(options, source, present.coming, may_be_empty=True)
    return [step for step in steps if step.is_cached] if source.offline else steps


def steps_of_lacking_ahead(
    connection: Connection, options: Options, source: DocumentSource, coverage: Coverage, present: Present
) -> list[Step]:
    """Return the schedules that the list of the coming quarter lacks, where both of its lists are at hand."""
    if options.quarters or present.coming is None or not options.complete or source.offline:
        return []
    lacking = lacking_seasons(connection, options, source, present.coming, coverage) or {}
    return schedule_steps(source, present.coming, lacking)


def active_steps(options: Options, source: DocumentSource, present: Quarter) -> list[Step]:
    """Return the documents of a run for what is active, or for some quarters.

    The quarter that runs at this moment includes the year-long seasons, which only the list of the active has.
    """
    steps = [one for quarter in options.quarters for one in quarter_steps(options, source, quarter)]
    if not options.quarters or present in options.quarters:
        steps.append(step(source, SEASONS, "the active seasons with their schedules"))
    return steps + ground_steps(source)


def history_plan(
    connection: Connection, options: Options, source: DocumentSource, coverage: Coverage, present: Quarter
) -> Plan:
    """Return the documents of a run over the past quarters, the newest first."""
    quarters = missing_quarters(connection, options, present)
    steps = ground_steps(source)
    for quarter in quarters:
        by_season = options.complete and coverage.asks_by_season
        steps += quarter_steps(options, source, quarter, by_season=by_season)
    return with_lacking(connection, options, source, steps, coverage, quarters)


def quarter_steps(
    options: Options,
    source: DocumentSource,
    quarter: Quarter,
    *,
    by_season: bool = False,
    may_be_empty: bool = False,
) -> list[Step]:
    """Return the documents of one quarter: iRacing's own list of it first, by which an empty one is judged."""
    light = cached_of_quarter(source, SEASON_LIST, quarter, may_be_empty=may_be_empty) if options.complete else None
    steps = []
    if options.complete:
        steps.append(Step.of(SEASON_LIST, quarter.params, "which seasons the quarter has", light))
    if not by_season:
        full = cached_of_quarter(source, SEASONS, quarter, may_be_empty=may_be_empty or light is not None)
        steps.append(Step.of(SEASONS, quarter.params, "the seasons of the quarter", full))
    return steps


def cached_of_quarter(
    source: DocumentSource, endpoint: str, quarter: Quarter, *, may_be_empty: bool = False
) -> Document | None:
    """Return a document of a quarter if it would come from the cache."""
    settled = settled_for(quarter.params, may_be_empty=may_be_empty)
    document = source.document_in_cache(endpoint, quarter.params, settled=settled)
    return document if may_be_empty or has_seasons(document) else None


def with_lacking(
    connection: Connection,
    options: Options,
    source: DocumentSource,
    steps: list[Step],
    coverage: Coverage,
    quarters: Sequence[Quarter],
) -> Plan:
    """Add what the seasons cost that the lists lack: each where both lists are at hand, else by what is learnt."""
    if not options.complete or source.offline:
        return Plan(steps)
    lacking = {quarter: lacking_seasons(connection, options, source, quarter, coverage) for quarter in quarters}
    known = {quarter: seasons for quarter, seasons in lacking.items() if seasons is not None}
    found = [one for quarter, seasons in known.items() for one in season_steps(source, quarter, seasons)]
    return Plan(steps + list(dict.fromkeys(found)), *coverage.calls_for(len(quarters) - len(known)))


def lacking_seasons(
    connection: Connection, options: Options, source: DocumentSource, quarter: Quarter, coverage: Coverage
) -> dict[int, int] | None:
    """Return the seasons with their series that a quarter's list lacks; None while its documents are not at hand."""
    light = cached_of_quarter(source, SEASON_LIST, quarter)
    if light is None:
        return None
    full = cached_of_quarter(source, SEASONS, quarter, may_be_empty=True)
    if full is None and not (options.history and coverage.asks_by_season):
        return None
    listed = numbers_of_seasons(full, with_rounds=True) if full else {}
    unlisted = {season_id: of for season_id, of in numbers_of_seasons(light).items() if season_id not in listed}
    wanted = {season_id: series_id for season_id, series_id in unlisted.items() if options.wants(series_id)}
    if wanted and inspect(connection).has_table("event"):
        from iracing_sync.sync.stored import seasons_with_rounds  # it loads the tables, which a night need not

        stored = seasons_with_rounds(connection, wanted)
        return {season_id: series_id for season_id, series_id in wanted.items() if season_id not in stored}
    return wanted


def season_steps(source: DocumentSource, quarter: Quarter, seasons: Mapping[int, int]) -> list[Step]:
    """Return the documents from which the seasons are put together that a list lacks."""
    histories = {
        series_id: step(
            source,
            PAST_SEASONS,
            "the classes of seasons that the list lacks",
            {"series_id": series_id},
            tells_of(season_id, quarter),
        )
        for season_id, series_id in seasons.items()
    }
    return [*histories.values(), *schedule_steps(source, quarter, seasons)]


def schedule_steps(source: DocumentSource, quarter: Quarter, season_ids: Iterable[int]) -> list[Step]:
    """Return the schedules of seasons that a list lacks."""
    why = f"a season that the list of {quarter.name} lacks"
    return [step(source, SEASON_SCHEDULE, why, {"season_id": one}, is_finished) for one in season_ids]


def ground_steps(source: DocumentSource) -> list[Step]:
    """Return the documents on which every season stands."""
    series = step(source, SERIES, "the series that are listed")
    return [series, *(step(source, catalogue, "a catalogue, kept seven times as long") for catalogue in CATALOGUES)]


def step(
    source: DocumentSource, endpoint: str, why: str, params: Mapping[str, int] = NO_PARAMS, settled: Settled = never
) -> Step:
    """Plan one document."""
    return Step.of(endpoint, params, why, source.document_in_cache(endpoint, params, settled=settled))


def announce(options: Options, plan: Plan) -> None:
    """Say what is going to be asked."""
    calls = [step for step in plan.steps if not step.is_cached]
    shown = ", ".join(step.name for step in calls[:5]) + (" …" if len(calls) > 5 else "")
    cached = how_many(len(plan.steps) - len(calls), "document")
    if options.offline:
        log.info("plan: %s from the cache%s", cached, f"; not in it: {shown}" if calls else "")
        return
    log.info("plan: %s%s; %s from the cache", how_many(len(calls), "call"), f" ({shown})" if calls else "", cached)
    if options.max_calls is not None and options.max_calls < len(calls):
        log.warning("--max-calls %d allows only the first of them; the next run goes on", options.max_calls)


def in_all(plan: Plan, options: Options) -> str:
    """Say how many calls a plan makes and about how long they take, with those for what the lists may lack."""
    least, most = plan.lacking + plan.least_more, plan.lacking + plan.most_more
    said = calls_in_words(most, options)
    return (
        f"about {said}"
        if least == most
        else f"between {how_many(least, 'call')}, if the lists are whole, and about {said}"
    )


def calls_in_words(calls: int, options: Options) -> str:
    """Write how many calls there are and about how long they take."""
    return f"{how_many(calls, 'call')}, {minutes(calls, options)} min at {options.calls_a_minute:.0f} a minute"


def minutes(calls: int, options: Options) -> int:
    """Return about how many minutes calls take."""
    return math.ceil(calls / options.calls_a_minute)
