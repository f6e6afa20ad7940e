"""The rows of a table or view that are exported, as text by PostgreSQL's own COPY."""

from collections.abc import Collection, Generator
from datetime import datetime
from typing import Any, NamedTuple, cast

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier
from sqlalchemy import Connection

from iracing_sync.errors import SettingsError
from iracing_sync.quarters import Quarter
from iracing_sync.queries.relations import Relation

SEEN_AT = {
    "week_schedule": SQL("week_schedule(%(at)s)"),
    "current_event": SQL("current_event(%(at)s)"),
    "upcoming_session": SQL("upcoming_sessions(%(at)s, 'infinity')"),
}
"""The views of the present moment, each as it is at another one."""


class RowFilter(NamedTuple):
    """Which rows are wanted: of these series, of this category, of seasons that run in a quarter, seen at a moment."""

    series: Collection[int] = ()
    category: str | None = None
    quarter: Quarter | None = None
    at: datetime | None = None

    def values(self) -> dict[str, Any]:
        """Return the parameters of the query."""
        begins, ends = (self.quarter.starts_at, self.quarter.ends_at) if self.quarter else (None, None)
        return {
            "series": sorted(self.series),
            "category": self.category,
            "begins": begins,
            "ends": ends,
            "at": self.at,
        }


CONDITIONS = {
    "--series": (
        ("series_id", "series_id = ANY(%(series)s)"),
        ("season_id", "season_id IN (SELECT season_id FROM season WHERE series_id = ANY(%(series)s))"),
    ),
    "--category": (
        ("category", "category = %(category)s"),
        (
            "race_week_num",
            "(season_id, race_week_num) IN (SELECT season_id, race_week_num FROM event WHERE category = %(category)s)",
        ),
        ("series_id", "series_id IN (SELECT series_id FROM series WHERE category = %(category)s)"),
        (
            "season_id",
            "season_id IN (SELECT s.season_id FROM season s JOIN series USING (series_id) "  # noqa: ISC004 - one text
            "WHERE category = %(category)s)",
        ),
    ),
    "--year": (
        (
            "season_id",
            "season_id IN (SELECT season_id FROM season WHERE starts_at < %(ends)s AND ends_at > %(begins)s)",
        ),
    ),
}
"""For each option, the column by which rows are told, and how; the first column that a table has counts."""


def chosen_rows(relation: Relation, wanted: RowFilter, columns: Composable) -> Composed:
    """Return the query of the rows; raises SettingsError where a table lacks what the filter is about."""
    if wanted.at is not None and relation.name not in SEEN_AT:
        raise SettingsError(f"{relation.name} is the same at any moment: --at is for {', '.join(SEEN_AT)}")
    source = SEEN_AT[relation.name] if wanted.at is not None else Identifier(relation.name)
    given = {"--series": wanted.series, "--category": wanted.category, "--year": wanted.quarter}
    conditions = [SQL(condition(relation, option)) for option, value in given.items() if value]
    where = SQL(" WHERE ") + SQL(" AND ").join(conditions) if conditions else SQL("")
    order = SQL(", ").join(map(Identifier, relation.order))
    ordered = SQL(" ORDER BY ") + order if relation.order else SQL("")
    return SQL("SELECT {} FROM {} AS exported").format(columns, source) + where + ordered


def condition(relation: Relation, option: str) -> Any:
    """Return how an option tells the rows of a table; raises SettingsError where it cannot."""
    for column, told in CONDITIONS[option]:
        if column in relation.types:
            return told
    raise SettingsError(f"{relation.name} cannot be told by {option}: it has no {CONDITIONS[option][-1][0]}")


TEXTS = ("text", "character varying", "character", "name")


def cell(name: str, kind: str) -> Composed:
    """Return a column as a spreadsheet may read it: a text that it would reckon with begins with an apostrophe."""
    column = Identifier(name)
    if kind not in TEXTS:
        return Composed([column])
    return SQL("CASE WHEN {0} ~ '^[-=+@\\t\\r]' THEN '''' || {0} ELSE {0} END AS {0}").format(column)


def csv_parts(connection: Connection, relation: Relation, wanted: RowFilter, *, raw: bool) -> Generator[bytes]:
    """Yield the rows as CSV with a header; `raw` leaves texts that a spreadsheet takes for formulas."""
    cells = [Composed([Identifier(name)]) if raw else cell(name, kind) for name, kind in relation.types.items()]
    query = chosen_rows(relation, wanted, SQL(", ").join(cells))
    yield from copied(connection, SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query), wanted)


ONE_OBJECT_A_LINE = SQL(
    "COPY (SELECT row_to_json(o) FROM ({}) AS o) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
)
"""JSON holds no control characters, so that nothing is quoted or escaped a second time."""


def ndjson_parts(connection: Connection, relation: Relation, wanted: RowFilter) -> Generator[bytes]:
    """Yield the rows as objects, one a line."""
    query = chosen_rows(relation, wanted, SQL("*"))
    yield from copied(connection, ONE_OBJECT_A_LINE.format(query), wanted)


def json_parts(connection: Connection, relation: Relation, wanted: RowFilter) -> Generator[bytes]:
    """Yield the rows as one array of objects."""
    before = b"[\n"
    for line in ndjson_parts(connection, relation, wanted):
        yield before + line.removesuffix(b"\n")
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def copied(connection: Connection, statement: Composed, wanted: RowFilter) -> Generator[bytes]:
    """Yield what PostgreSQL copies out, in each part a row."""
    with psycopg_connection(connection).cursor() as cursor, cursor.copy(statement, wanted.values()) as copy:
        for part in copy:
            yield bytes(part)


def psycopg_connection(connection: Connection) -> "psycopg.Connection[Any]":
    """Return the connection of psycopg below one of SQLAlchemy."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
