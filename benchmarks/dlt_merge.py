"""dlt with `write_disposition="merge"`: its default strategy, delete and insert, in a dataset of its own."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}

import dlt
from documents import records_of
from sqlalchemy import ARRAY, Table, make_url
from sqlalchemy.dialects.postgresql import JSONB

from iracing_sync.loader.rows import rows_by_table
from iracing_sync.tables.mirrored import mirrored_tables


def main() -> None:
    """Merge the rows of all documents in one load, as a pipeline of dlt does."""
    url, schema, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    by_table = rows_by_table(record for records in records_of(folder) for record in records)
    pipeline = dlt.pipeline(
        "benchmark",
        pipelines_dir=str(folder.parent / "data" / "dlt"),
        destination=dlt.destinations.postgres(credentials_of(url)),
        dataset_name=f"{schema}_dlt",
    )
    pipeline.run([resource_of(table, by_table.get(table.name, [])) for table in mirrored_tables()])


def credentials_of(url: str) -> str:
    """Return the URL of the database as libpq and dlt take it."""
    parts = make_url(url)
    host, port = parts.query.get("host", parts.host), parts.query.get("port", parts.port)
    return f"postgresql://{parts.username}:{parts.password or 'none'}@localhost:{port}/{parts.database}?host={host}"


def resource_of(table: Table, rows: list[dict[str, Any]]) -> Any:
    """Return a resource with the key of the table; lists and objects stay in one column."""
    nested = [column.name for column in table.columns if isinstance(column.type, ARRAY | JSONB)]

    def said() -> Iterator[list[dict[str, Any]]]:
        yield rows  # a page at a time, as dlt's guide to performance asks for

    return dlt.resource(
        said,
        name=table.name,
        write_disposition="merge",
        primary_key=[column.name for column in table.primary_key],
        columns={name: {"data_type": "json"} for name in nested},
    )


if __name__ == "__main__":
    main()
