"""What changed in the schedules, with a sentence for each change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from iracing_sync.changes.compared import WEIGHTS
from iracing_sync.changes.phases import CURRENT, FUTURE, PAST
from iracing_sync.changes.sentences import BACK, Names, full_sentence, sentence
from iracing_sync.names import names_of_ids
from iracing_sync.queries.quarter_filter import QuarterFilter
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.events import Event
from iracing_sync.tables.own import SCHEDULE_CHANGE
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series

CHANGE = SCHEDULE_CHANGE.c


class ChangeFilter(NamedTuple):
    """Which changes to read; `severity` is the least one.

    Seen from `at`, later ones are not there yet, and it is judged then which rounds are over; without it, where they
    stood when they changed. `in_full` has every sentence as long as it needs to be. `after` and `up_to` are numbers
    of changes.
    """

    at: datetime | None = None
    since: datetime | None = None
    run_id: UUID | None = None
    phases: Collection[str] = ()
    severity: str = "low"
    series: Collection[int] = ()
    quarter: QuarterFilter | None = None
    in_full: bool = False
    after: int | None = None
    up_to: int | None = None


def read_changes(connection: Connection, wanted: ChangeFilter) -> list[Row]:
    """Return changes, newest first, with the names of series and season and with a sentence each."""
    rows = plain_rows(connection.execute(changes_query(wanted)))
    if not wanted.in_full and all(row["sentence"] for row in rows):
        return rows
    names = names_of_ids(connection)
    new_ids = [row["season_id"] for row in rows if row["field"] == "season" and wanted.in_full]
    about = seasons_in_short(connection, new_ids) if new_ids else {}
    return [row | {"sentence": in_words(row, names, wanted, about)} for row in rows]


def seasons_in_short(connection: Connection, season_ids: Sequence[int]) -> dict[int, Row]:
    """Return of seasons what the sentence of a new one tells."""
    starts, tracks = Event.starts_at, aggregate_order_by(Event.track_id, Event.race_week_num)
    query = (
        select(
            *(Season.season_id, Season.series_id, Season.season_year, Season.season_quarter),
            *(func.min(starts).label("starts_at"), func.max(starts).label("last_starts_at")),
            func.array_agg(tracks).label("track_ids"),
        )
        .join(Event, Event.season_id == Season.season_id)
        .where(Season.season_id.in_(season_ids), starts.is_not(None))
        .group_by(Season.season_id)
    )
    return {
        row["season_id"]: row | {key: row[key].isoformat() for key in ("starts_at", "last_starts_at")}
        for row in plain_rows(connection.execute(query))
    }


def in_words(row: Row, names: Names, wanted: ChangeFilter, about: Mapping[int, Row]) -> str:
    """Return the sentence of a change, with all that it holds where that is wanted, and of one that has none."""
    if not wanted.in_full:
        return str(row["sentence"] or sentence(row, names))
    if row["field"] == "season":
        known = about.get(row["season_id"])
        return full_sentence(row | {"about": known}, names) if known else str(row["sentence"])
    _, back, since = str(row["sentence"] or "").partition(BACK)
    return f"{full_sentence(row, names)}{back}{since}"


def changes_query(wanted: ChangeFilter) -> Any:
    """Select the wanted changes."""
    stands = CHANGE.phase if wanted.at is None else phase_at(wanted.at)
    query: Any = (
        select(
            *(CHANGE.change_id, CHANGE.at, CHANGE.series_id, Series.name.label("series_name"), CHANGE.season_id),
            *(Season.name.label("season_name"), CHANGE.race_week_num, CHANGE.rounds, CHANGE.field, CHANGE.old),
            *(CHANGE.new, stands.label("phase"), CHANGE.severity, CHANGE.sentence, CHANGE.run_id),
        )
        .outerjoin(Series, Series.series_id == CHANGE.series_id)
        .outerjoin(Season, Season.season_id == CHANGE.season_id)
        .order_by(CHANGE.at.desc(), Series.name.nulls_first(), CHANGE.season_id, CHANGE.race_week_num, CHANGE.change_id)
    )
    weighty = CHANGE.severity.in_(WEIGHTS[: WEIGHTS.index(wanted.severity) + 1])
    return query.where(weighty, *conditions(wanted, stands))


def conditions(wanted: ChangeFilter, stands: ColumnElement[str]) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of a change besides its severity, given where its rounds stand."""
    if wanted.at:
        yield CHANGE.at <= wanted.at
    if wanted.since:
        yield CHANGE.at >= wanted.since
    if wanted.run_id:
        yield CHANGE.run_id == wanted.run_id
    if wanted.after is not None:
        yield CHANGE.change_id > wanted.after
    if wanted.up_to is not None:
        yield CHANGE.change_id <= wanted.up_to
    if wanted.phases:
        yield stands.in_(wanted.phases)
    if wanted.series:
        yield CHANGE.series_id.in_(wanted.series)
    if wanted.quarter:
        yield wanted.quarter.condition()


def phase_at(at: datetime) -> ColumnElement[str]:
    """Return where the rounds of a change stand at an instant, else its season; a series is always on."""
    rounds = (
        select(
            case(
                (func.bool_or(and_(Event.starts_at <= at, Event.ends_at > at)), CURRENT),
                (func.bool_or(Event.starts_at > at), FUTURE),
                else_=PAST,
            )
        )
        .where(Event.season_id == CHANGE.season_id, Event.race_week_num == func.any(CHANGE.rounds))
        .scalar_subquery()
    )
    season = case((Season.ends_at <= at, PAST), (Season.starts_at > at, FUTURE), else_=CURRENT)
    return case((func.cardinality(CHANGE.rounds) > 0, rounds), else_=season)
