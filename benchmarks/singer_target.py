"""A Singer tap that tells the rows to `target-postgres`, which upserts them by key into a schema of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from documents import records_of
from sqlalchemy import ARRAY, Column, Table, make_url
from sqlalchemy.dialects.postgresql import JSONB

from iracing_sync.loader.rows import rows_by_table
from iracing_sync.tables.mirrored import mirrored_tables

TARGET = Path(__file__).parents[1] / "build" / "singer" / "bin" / "target-postgres"
OWN = ("first_seen_at", "last_changed_at", "last_changed_run_id")
TYPES: dict[type, str] = {int: "integer", bool: "boolean", Decimal: "number"}


def main() -> None:
    """Start the target and tell it every row of every document."""
    url, schema, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    config = folder.parent / "singer.json"
    parts = make_url(url)
    host, port = parts.query.get("host", parts.host), parts.query.get("port", parts.port)
    address = f"postgresql+psycopg2://{parts.username}:none@/{parts.database}?host={host}&port={port}"
    config.write_text(json.dumps({"sqlalchemy_url": address, "default_target_schema": f"{schema}_singer"}))
    with subprocess.Popen([TARGET, "--config", str(config)], stdin=subprocess.PIPE, text=True) as target:  # noqa: S603
        if target.stdin is not None:
            target.stdin.writelines(message + "\n" for message in messages(folder))
            target.stdin.close()
    sys.exit(target.returncode)


def messages(folder: Path) -> Iterator[str]:
    """Yield a schema for each table, then its rows."""
    by_table = rows_by_table(record for records in records_of(folder) for record in records)
    for table in mirrored_tables():
        if table.name in by_table:
            yield line(schema_of(table))
            for row in by_table[table.name]:
                yield line({"type": "RECORD", "stream": table.name, "record": row})


def line(message: dict[str, Any]) -> str:
    """Write a message; numbers stay numbers, instants become text."""
    return json.dumps(message, default=lambda value: float(value) if isinstance(value, Decimal) else str(value))


def schema_of(table: Table) -> dict[str, Any]:
    """Return the message that announces a table."""
    said = [column for column in table.columns if column.name not in OWN]
    schema = {"type": "object", "properties": {column.name: type_of(column) for column in said}}
    keys = [column.name for column in table.primary_key]
    return {"type": "SCHEMA", "stream": table.name, "key_properties": keys, "schema": schema}


def type_of(column: Column[Any]) -> dict[str, Any]:
    """Return what JSON Schema says of a column."""
    if isinstance(column.type, ARRAY):
        return {"type": ["array", "null"], "items": {}}
    if isinstance(column.type, JSONB):
        return {"type": ["object", "array", "null"]}
    return {"type": [TYPES.get(column.type.python_type, "string"), "null"]}


if __name__ == "__main__":
    main()
