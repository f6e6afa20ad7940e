"""The plan of calls: which documents a run asks for, and which of them it has already."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, inspect, select

from iracing_sync.cache import DocumentSource, Settled, never
from iracing_sync.documents import Document, document_name
from iracing_sync.errors import DocumentError
from iracing_sync.mappers.fields import instant
from iracing_sync.own_tables import PAST_QUARTER
from iracing_sync.quarters import Quarter, past_quarters, quarter_at
from iracing_sync.sync.options import Options

log = logging.getLogger(__name__)

ACTIVE, SERIES, LIST = "series/seasons", "series/get", "season/list"
CATALOGUES = ("series/assets", "track/get", "car/get", "carclass/get")

AFTER_LAST_ROUND = timedelta(days=14)
"""How long after its last round began a season is over for certain."""


class Step(NamedTuple):
    """One document that a run wants."""

    endpoint: str
    params: tuple[tuple[str, int], ...]
    why: str
    is_cached: bool

    @property
    def name(self) -> str:
        """Return what a person calls the document."""
        return document_name(self.endpoint, dict(self.params))


def planned(engine: Engine, options: Options, source: DocumentSource, at: datetime) -> list[Step]:
    """Return the documents that a run would want at an instant; a schema that is not there yet has nothing stored."""
    if not options.history:
        return active_steps(options, source, at)
    with engine.begin() as connection:
        return history_steps(connection, options, source, at)


def active_steps(options: Options, source: DocumentSource, at: datetime) -> list[Step]:
    """Return the documents of a run for what is active, or for one quarter.

    The quarter that runs at this moment includes the year-long seasons, which only the list of the active has.
    """
    steps = []
    if options.tag:
        steps.append(step(source, ACTIVE, "the seasons that began in the quarter", options.tag.params))
    if options.tag is None or options.tag == quarter_at(at):
        steps.append(step(source, ACTIVE, "the active seasons with their schedules"))
    steps.append(step(source, SERIES, "the series that are listed"))
    return steps + [step(source, catalogue, "a catalogue, kept seven times as long") for catalogue in CATALOGUES]


def history_steps(connection: Connection, options: Options, source: DocumentSource, at: datetime) -> list[Step]:
    """Return the documents of a run over the past quarters, the newest first."""
    steps = [step(source, SERIES, "the series that are listed")]
    steps += [step(source, catalogue, "a catalogue, kept seven times as long") for catalogue in CATALOGUES]
    for quarter in missing_quarters(connection, options, at):
        steps.append(step(source, ACTIVE, f"the seasons that began in {quarter.name}", quarter.params))
        if options.verify:
            steps.append(step(source, LIST, f"whether {quarter.name} is complete", quarter.params))
    return steps


def step(source: DocumentSource, endpoint: str, why: str, params: Mapping[str, int] | None = None) -> Step:
    """Plan one document."""
    is_cached = source.is_fresh(endpoint, params or {}, settled=settled_for(params))
    return Step(endpoint, tuple((params or {}).items()), why, is_cached)


def missing_quarters(connection: Connection, options: Options, at: datetime) -> Iterator[Quarter]:
    """Yield the past quarters that are not stored for ever, the newest first; all of them for a refresh."""
    columns = select(PAST_QUARTER.c.season_year, PAST_QUARTER.c.season_quarter).where(PAST_QUARTER.c.is_over)
    asks_all = options.refresh or not inspect(connection).has_table(PAST_QUARTER.name)
    stored = set() if asks_all else {Quarter(*row) for row in connection.execute(columns)}
    return (quarter for quarter in past_quarters(at, options.since) if quarter not in stored)


def announce(options: Options, steps: Sequence[Step]) -> None:
    """Say what is going to be asked."""
    calls = [step for step in steps if not step.is_cached]
    shown = ", ".join(step.name for step in calls[:5]) + (" …" if len(calls) > 5 else "")
    log.info(
        "plan: %d calls%s; %d documents from the cache",
        len(calls),
        f" ({shown})" if calls else "",
        len(steps) - len(calls),
    )
    if options.max_calls is not None and options.max_calls < len(calls):
        log.warning("--max-calls %d allows only the first of them; the next run goes on", options.max_calls)


def settled_for(params: Mapping[str, int] | None) -> Settled:
    """Return what tells whether a document will never change: only those of a quarter may be over."""
    if not params or "season_quarter" not in params:
        return never
    quarter = Quarter(params["season_year"], params["season_quarter"])
    return lambda document: is_over(quarter, replace(document))  # a copy, that those fetched ahead stay undecoded


def is_over(quarter: Quarter, document: Document) -> bool:
    """Tell whether a quarter's document was fetched after the last round of every season in it.

    The light list tells of no rounds: there the year must have ended, in which a year-long season may run.
    """
    try:
        content = document.content
    except DocumentError:
        return False
    seasons = content if isinstance(content, list) else []
    starts = [round_["start_date"] for season in seasons for round_ in rounds_of(season)]
    last = max(map(instant, starts)) + AFTER_LAST_ROUND if starts else Quarter(quarter.year, 4).ends_at
    return document.fetched_at > max(last, quarter.ends_at) and not any(is_active(season) for season in seasons)


def rounds_of(season: Any) -> list[dict[str, Any]]:
    """Return the rounds of a season, of those that say when they start."""
    rounds = season.get("schedules") if isinstance(season, dict) else None
    return [round_ for round_ in rounds or () if isinstance(round_, dict) and isinstance(round_.get("start_date"), str)]


def is_active(season: Any) -> bool:
    """Tell whether iRacing calls a season active."""
    return isinstance(season, dict) and season.get("active") is True
