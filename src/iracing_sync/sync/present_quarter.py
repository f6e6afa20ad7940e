"""Which quarter is the present one: iRacing says so, asked now and then; where it does not, the calendar does."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, inspect, select

from iracing_sync.documents import Document
from iracing_sync.errors import AccessRefused, ApiUnavailable, CallBudgetSpent, DocumentError
from iracing_sync.fetch.cache.document_cache import is_young
from iracing_sync.fetch.endpoints import CURRENT_SEASON
from iracing_sync.fetch.source import DocumentSource
from iracing_sync.mappers.current_season import map_current_season
from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Run
from iracing_sync.tables.own import API_CALL_LOG

log = logging.getLogger(__name__)

LAST_WEEKS = 12
"""From this week of a quarter on, and in the first of the next, iRacing may begin the new one on any day."""

ANNOUNCED_FROM = 10
"""From this week of a quarter on iRacing may publish the next one."""

A_DAY, A_WEEK = timedelta(hours=21.6), timedelta(days=7)
"""How long an answer holds: near a quarter's end, for a job that starts some seconds early every day, and otherwise."""


@dataclass(frozen=True)
class Present:
    """An instant, and which quarter iRacing has told for it, None where it told none.

    `is_unasked` where the budget of calls did not do for the question: then it does for none that follows.
    """

    at: datetime
    told: Quarter | None
    is_unasked: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Tell whether calendar and iRacing are too far apart for a start that was moved: a clock is wrong."""
        return self.told is not None and not self.told.is_next_to(quarter_at(self.at))

    @property
    def quarter(self) -> Quarter:
        """Return the present quarter."""
        return quarter_at(self.at) if self.told is None or self.is_doubtful else self.told

    @property
    def coming(self) -> Quarter | None:
        """Return the next quarter, None as long as nothing of it is to be expected."""
        if self.is_unasked or self.is_doubtful or self.quarter.week_at(self.at) < ANNOUNCED_FROM:
            return None
        return self.quarter.before_or_after(1)


def ask_present(run: Run) -> Present:
    """Return the present quarter, for which iRacing is asked if that is due; whatever it answers, the run goes on."""
    at, source = run.clock(), run.documents.source
    with run.begin() as connection:
        is_due = is_present_due(connection, run.options, source, at)
    try:
        document = ask_current_season(source) if is_due else kept_current_season(source, at)
    except CallBudgetSpent:
        return Present(at, None, is_unasked=True)
    return Present(at, map_current_season(document) if document else None)


def ask_current_season(source: DocumentSource) -> Document | None:
    """Ask iRacing once, None where it does not answer; raises CallBudgetSpent where it may not be asked."""
    try:
        return source.document_at_one_try(CURRENT_SEASON)
    except CallBudgetSpent:
        raise
    except (DocumentError, ApiUnavailable, AccessRefused) as error:
        log.info("the present quarter is that of the calendar: %s", error)
        return None


def kept_present(source: DocumentSource, at: datetime) -> Present:
    """Return the present quarter as far as it is known without asking."""
    document = kept_current_season(source, at)
    return Present(at, map_current_season(document) if document else None)


def kept_current_season(source: DocumentSource, at: datetime) -> Document | None:
    """Return what iRacing said, if that still holds."""
    holds = holds_for(at).total_seconds()
    document = source.document_in_cache(CURRENT_SEASON, settled=lambda one: is_young(one.fetched_at, holds, at))
    return document if document and is_young(document.fetched_at, holds, at) else None


def is_present_due(connection: Connection, options: Options, source: DocumentSource, at: datetime) -> bool:
    """Tell whether iRacing is to be asked: where it matters, and not again while its answer holds, or its silence."""
    if source.offline or not needs_present(options, at):
        return False
    return options.refresh or not (kept_current_season(source, at) or has_asked_in_vain(connection, at))


def needs_present(options: Options, at: datetime) -> bool:
    """Tell whether something hangs on it: not for quarters that are long over."""
    return not options.quarters or any(quarter.is_next_to(quarter_at(at)) for quarter in options.quarters)


def has_asked_in_vain(connection: Connection, at: datetime) -> bool:
    """Tell by the ledger whether iRacing has been asked lately and has not answered."""
    if not inspect(connection).has_table(API_CALL_LOG.name):
        return False
    lately = (API_CALL_LOG.c.at > at - holds_for(at)) & (API_CALL_LOG.c.at <= at)
    in_vain = (API_CALL_LOG.c.endpoint == CURRENT_SEASON) & API_CALL_LOG.c.error.is_not(None)
    return connection.scalar(select(API_CALL_LOG.c.call_id).where(lately, in_vain).limit(1)) is not None


def holds_for(at: datetime) -> timedelta:
    """Return how long an answer holds."""
    week = quarter_at(at).week_at(at)
    return A_DAY if week >= LAST_WEEKS or week == 1 else A_WEEK
