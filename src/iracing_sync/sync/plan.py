"""The plan of calls: which documents a run asks for, and which of them it has already."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from iracing_sync.documents import document_name
from iracing_sync.fetch.endpoints import CATALOGUES, SEASON_LIST, SEASONS, SERIES
from iracing_sync.fetch.source import DocumentSource
from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.sync.options import Options
from iracing_sync.sync.quarter_documents import settled_for
from iracing_sync.sync.stored_quarters import missing_quarters

log = logging.getLogger(__name__)


class Step(NamedTuple):
    """One document that a run wants."""

    endpoint: str
    params: tuple[tuple[str, int], ...]
    why: str
    is_cached: bool

    @property
    def quarter(self) -> Quarter | None:
        """Return the quarter that it is about."""
        params = dict(self.params)
        return Quarter(params["season_year"], params["season_quarter"]) if "season_quarter" in params else None

    @property
    def name(self) -> str:
        """Return what a person calls the document."""
        return document_name(self.endpoint, dict(self.params))


def planned_steps(engine: Engine, options: Options, source: DocumentSource, at: datetime) -> list[Step]:
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
        steps.append(step(source, SEASONS, "the seasons that began in the quarter", options.tag.params))
    if options.tag is None or options.tag == quarter_at(at):
        steps.append(step(source, SEASONS, "the active seasons with their schedules"))
    return steps + ground_steps(source)


def history_steps(connection: Connection, options: Options, source: DocumentSource, at: datetime) -> list[Step]:
    """Return the documents of a run over the past quarters, the newest first."""
    steps = ground_steps(source)
    for quarter in missing_quarters(connection, options, at):
        steps.append(step(source, SEASONS, f"the seasons that began in {quarter.name}", quarter.params))
        if options.verify:
            steps.append(step(source, SEASON_LIST, f"whether {quarter.name} is complete", quarter.params))
    return steps


def ground_steps(source: DocumentSource) -> list[Step]:
    """Return the documents on which every season stands."""
    series = step(source, SERIES, "the series that are listed")
    return [series, *(step(source, catalogue, "a catalogue, kept seven times as long") for catalogue in CATALOGUES)]


def step(source: DocumentSource, endpoint: str, why: str, params: Mapping[str, int] | None = None) -> Step:
    """Plan one document."""
    is_cached = source.is_fresh(endpoint, params or {}, settled=settled_for(params))
    return Step(endpoint, tuple((params or {}).items()), why, is_cached)


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
