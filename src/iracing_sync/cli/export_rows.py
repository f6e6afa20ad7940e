"""`export csv|json|ndjson|parquet`: the rows of a table or view."""

import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import typer
from sqlalchemy import Connection

from iracing_sync.app.database import open_tables
from iracing_sync.cli.export_options import CATEGORY, OUT, require_file, tell_of_file
from iracing_sync.cli.options import AS_JSON, AT
from iracing_sync.cli.out_file import put_out
from iracing_sync.cli.quarter_options import QUARTER, YEAR, quarter_asked_for
from iracing_sync.cli.reading import SERIES_NAMES, Category
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.extras import require_extra
from iracing_sync.queries.exported_rows import RowFilter, csv_parts, json_parts, ndjson_parts
from iracing_sync.queries.matching_names import series_ids
from iracing_sync.queries.relations import Relation, relation_named

FORMATS = {
    "csv": "Write the rows of a table or view as CSV.",
    "json": "Write the rows of a table or view as one JSON array.",
    "ndjson": "Write the rows of a table or view as JSON objects, one a line.",
    "parquet": "Write the rows of a table or view as Parquet.",
}


def rows(
    context: typer.Context,
    relation: str = typer.Argument(metavar="TABLE_OR_VIEW", help="Such as event_schedule: docs/tables.md has them."),
    series: list[str] | None = SERIES_NAMES,
    category: Category | None = CATEGORY,
    year: int | None = YEAR,
    quarter: str | None = QUARTER,
    raw: bool = typer.Option(False, "--raw", help="CSV: leave texts that a spreadsheet takes for formulas."),
    at: str | None = AT,
    out: Path | None = OUT,
    as_json: bool = AS_JSON,
) -> None:
    """Write the rows of a table or view."""
    kind = str(context.info_name)
    if raw and kind != "csv":
        raise SettingsError("--raw is for csv")
    if kind == "parquet":
        require_extra("parquet")
    require_file(out, as_json=as_json)
    if kind == "parquet" and out is None and sys.stdout.isatty():
        raise SettingsError("Parquet is nothing to read: say --out FILE, or send it to a program")
    of_quarter = quarter_asked_for(year, quarter)
    settings = start(at=at)
    with open_tables(settings) as connection:
        wanted = RowFilter(
            series_ids(connection, series or ()),
            category.value if category else None,
            of_quarter,
            settings.clock() if at else None,
        )
        # closed before the connection is: a COPY that nobody reads to its end would wait for ever
        with closing(parts(kind, connection, relation_named(connection, relation), wanted, raw=raw)) as content:
            is_written = put_out(out, content)
    tell_of_file(out, None, is_written=is_written, as_json=as_json)


def parts(kind: str, connection: Connection, relation: Relation, wanted: RowFilter, *, raw: bool) -> Generator[bytes]:
    """Return the rows in a format, in parts."""
    match kind:
        case "csv":
            return csv_parts(connection, relation, wanted, raw=raw)
        case "parquet":
            from iracing_sync.queries.parquet_rows import parquet_parts  # pyarrow takes 200 ms

            return parquet_parts(connection, relation, wanted)
        case "ndjson":
            return ndjson_parts(connection, relation, wanted)
        case _:
            return json_parts(connection, relation, wanted)
