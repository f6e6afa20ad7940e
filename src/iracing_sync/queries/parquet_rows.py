"""The rows of a table or view as Parquet, with types that other programs know."""

import io
from collections.abc import Generator, Iterator
from typing import Any

import pyarrow as pa
from psycopg.sql import SQL, Composed, Identifier
from pyarrow import parquet
from sqlalchemy import Connection

from iracing_sync.queries.exported_rows import RowFilter, chosen_rows, psycopg_connection
from iracing_sync.queries.relations import Relation

BATCH = 2_000
"""How many rows are in memory at once, and in a row group."""

TYPES = {
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double precision": pa.float64(),
    "numeric": pa.float64(),
    "boolean": pa.bool_(),
    "text": pa.string(),
    "date": pa.date32(),
    "time without time zone": pa.time64("us"),
    "timestamp without time zone": pa.timestamp("us"),
    "timestamp with time zone": pa.timestamp("us", tz="UTC"),
}
CAST = {"numeric": "double precision"}
"""What PostgreSQL makes of a type that Arrow holds otherwise; of any type that is not known, text."""


def parquet_parts(connection: Connection, relation: Relation, wanted: RowFilter) -> Generator[bytes]:
    """Yield the rows as a Parquet file."""
    schema = pa.schema([(name, arrow_type(kind)) for name, kind in relation.types.items()])
    columns = SQL(", ").join(typed(name, kind) for name, kind in relation.types.items())
    sink = Sink()
    with parquet.ParquetWriter(sink, schema) as writer:
        for rows in batches(connection, chosen_rows(relation, wanted, columns), wanted):
            arrays = [
                pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield sink.taken()
    yield sink.taken()


def arrow_type(kind: str) -> pa.DataType:
    """Return Arrow's type for one of PostgreSQL's; what it has none for, such as JSON, is text."""
    if kind.endswith("[]"):
        return pa.list_(arrow_type(kind.removesuffix("[]")))
    return TYPES.get(kind, pa.string())


def typed(name: str, kind: str) -> Composed:
    """Return a column as a type of which Arrow has one."""
    one = kind.removesuffix("[]")
    into = CAST.get(one, one if one in TYPES else "text") + kind[len(one) :]
    return SQL("{0}::{1} AS {0}").format(Identifier(name), SQL(into))


def batches(connection: Connection, query: Composed, wanted: RowFilter) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a query in batches, from a cursor on the server."""
    with psycopg_connection(connection).cursor("exported") as cursor:
        cursor.execute(query, wanted.values())
        while rows := cursor.fetchmany(BATCH):
            yield rows


class Sink(io.RawIOBase):
    """A file whose bytes are taken away as they come."""

    def __init__(self) -> None:
        self._written = bytearray()
        self._before = 0

    def writable(self) -> bool:
        """Tell that it is written to."""
        return True

    def write(self, content: Any) -> int:
        """Take bytes."""
        self._written += content
        return len(content)

    def tell(self) -> int:
        """Return how many bytes came in all."""
        return self._before + len(self._written)

    def taken(self) -> bytes:
        """Return what came since, and forget it."""
        taken = bytes(self._written)
        self._before += len(taken)
        self._written.clear()
        return taken
