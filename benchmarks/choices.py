"""Choices that rest on a measurement: what decodes JSON, and whether rows travel as text or binary."""

import gc
import gzip
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import orjson
from documents import records_of
from measured import HERE, Place
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import JSONB, dialect

from iracing_sync.database import connect
from iracing_sync.json_text import to_json
from iracing_sync.loader.copy_rows import copy_rows
from iracing_sync.loader.rows import rows_by_table
from iracing_sync.loader.staging import alike_rows, empty_staging, staging_of
from iracing_sync.tables.mirrored import mirrored_tables
from iracing_sync.tables.rows import Row

TURNS = 7

Form = Callable[[Connection, Table, list[Row]], None]

DECODERS: dict[str, Callable[[bytes], Any]] = {
    "orjson": orjson.loads,
    "msgspec": msgspec.json.decode,
    "json": json.loads,
}


def decoding(place: Place) -> Iterator[str]:
    """Yield a table of decoders: over the recordings of the real service, or the nightly set where there are none."""
    recordings = Path(os.environ.get("IRACING_RECORDINGS") or HERE.parent / "../shared/recordings")
    bodies = [gzip.decompress(path.read_bytes()) for path in sorted(recordings.glob("*.json.gz"))]
    what = f"{len(bodies)} recorded documents" if bodies else "the nightly set, as there are no recordings"
    bodies = bodies or [path.read_bytes() for path in sorted((place.folder / "files").glob("*.json"))]
    yield "\n## Decoding\n"
    yield f"Of {what}, {sum(map(len, bodies)) / 1e6:.1f} MB.\n"
    yield from compared({name: decoder(decode, bodies) for name, decode in DECODERS.items()})


def decoder(decode: Callable[[bytes], Any], bodies: Sequence[bytes]) -> Callable[[], Any]:
    """Return what decodes every document and throws it away."""
    return lambda: [len(decode(body)) for body in bodies]


def copying(place: Place) -> Iterator[str]:
    """Yield a table of the two forms of COPY: the rows of the nightly set into temporary tables."""
    by_table = rows_by_table(record for records in records_of(place.folder / "files") for record in records)
    engine = connect(place.url, place.schema)
    tables = [(table, by_table[table.name]) for table in mirrored_tables() if table.name in by_table]
    yield "\n## COPY, text or binary\n"
    yield f"{sum(len(rows) for _, rows in tables):,} rows of the nightly set, formed and sent.\n"
    with engine.begin() as connection:
        yield from compared(
            {
                "text": lambda: [sent(connection, table, rows, text) for table, rows in tables],
                "binary": lambda: [sent(connection, table, rows, binary) for table, rows in tables],
            }
        )
    engine.dispose()


def compared(ways: dict[str, Callable[[], Any]]) -> Iterator[str]:
    """Yield a table of ways to do the same, each done in turn, with ratios to the first."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    gc.disable()  # as a run does
    for _ in range(TURNS):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begun)
    gc.enable()
    base = median(next(iter(seconds.values())))
    yield f"| | seconds, median of {TURNS} | to the first |\n| --- | --- | --- |"
    for name, found in seconds.items():
        yield f"| {name} | {median(found):.3f} | {median(found) / base:.2f} |"


def sent(connection: Connection, table: Table, rows: list[Row], form: Form) -> None:
    """Send rows into the empty_staging temporary table."""
    connection.exec_driver_sql(empty_staging(table))
    for alike in alike_rows(rows).values():
        form(connection, table, alike)


def text(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Send rows as our loader does."""
    copy_rows(connection, table, staging_of(table).name, rows, {})


def binary(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Send rows in binary form, as psycopg's documentation describes it."""
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY {staging_of(table).name} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types([type_name(table, name) for name in names])
        objects = [isinstance(table.c[name].type, JSONB) for name in names]
        for row in rows:
            copy.write_row(values_of(row, objects) if any(objects) else list(row.values()))


def type_name(table: Table, name: str) -> str:
    """Return the type of a column as PostgreSQL writes it."""
    return table.c[name].type.compile(dialect=dialect()).lower()  # type: ignore[no-untyped-call]


def values_of(row: Row, objects: Sequence[bool]) -> list[Any]:
    """Return the values of a row, objects as psycopg takes them."""
    return [
        Jsonb(value, dumps=to_json) if is_object and value is not None else value
        for value, is_object in zip(row.values(), objects, strict=True)
    ]
