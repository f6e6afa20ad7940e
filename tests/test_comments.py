"""What the database says of itself."""

import pytest
from sqlalchemy import Connection, text

from iracing_sync.schema import differences, upgrade
from iracing_sync.tables.views import VIEWS

SILENT = """
SELECT c.relname || coalesce('.' || a.attname, '')
FROM pg_class c
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0 AND NOT a.attisdropped
LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum
WHERE c.relnamespace = 'iracing'::regnamespace AND c.relkind IN ('r', 'v') AND d.description IS NULL
UNION ALL
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'iracing'::regnamespace AND c.relkind IN ('r', 'v') AND obj_description(c.oid) IS NULL
UNION ALL
SELECT p.proname FROM pg_proc p
WHERE p.pronamespace = 'iracing'::regnamespace AND obj_description(p.oid) IS NULL
"""

VIEW_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
WHERE a.attrelid = to_regclass('iracing.' || :name) AND a.attnum > 0 ORDER BY a.attnum
"""


def comment_on(tables: Connection, table: str, column: str) -> str | None:
    found = text(
        "SELECT col_description(to_regclass(:table), attnum) FROM pg_attribute WHERE attrelid = "
        "to_regclass(:table) AND attname = :column"
    )
    return tables.scalar(found, {"table": f"iracing.{table}", "column": column})


def test_every_table_view_column_and_function_bears_a_comment(tables) -> None:
    assert tables.scalars(text(SILENT)).all() == []


def test_a_comment_tells_what_it_is_its_unit_and_where_iracing_has_it(tables) -> None:
    assert comment_on(tables, "sim_layout", "length_km") == (
        "kilometres a lap; iRacing gives miles (track/get: track_config_length)"
    )
    assert comment_on(tables, "event_time", "is_repeating") == (
        "true for a pattern of days and minutes, false for set times "
        "(series/seasons: schedules[].race_time_descriptors[].repeating)"
    )


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_the_columns_that_it_is_said_to_have(tables, name) -> None:
    dialect = tables.dialect
    said = [(column.name, column.type.compile(dialect).lower()) for column in VIEWS[name].c]

    assert [tuple(row) for row in tables.execute(text(VIEW_COLUMNS), {"name": name})] == said


def test_a_missing_comment_is_said_and_written_by_the_next_upgrade_and_those_of_others_stay(tables) -> None:
    tables.execute(text("ALTER TABLE event ADD COLUMN league text"))
    tables.execute(text("COMMENT ON COLUMN event.league IS 'ours'"))
    tables.execute(text("COMMENT ON COLUMN event.track_id IS NULL"))
    tables.execute(text("COMMENT ON VIEW current_event IS NULL"))

    assert differences(tables, "iracing") == [
        "the comment of view current_event is missing: `iracing-sync db upgrade` writes it",
        "the comment of column event.track_id is missing: `iracing-sync db upgrade` writes it",
    ]

    upgrade(tables, "iracing")
    assert differences(tables, "iracing") == []
    assert comment_on(tables, "event", "league") == "ours"
