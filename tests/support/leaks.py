"""Where a secret could have got to: what commands print, their folders, and the database."""

import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg

from iracing_sync.simulator import Simulator

SIGNATURE = re.compile(r"X-Amz-\w+=|Signature=|presigned", re.IGNORECASE)
TOKEN_FILE = "token.json"


def leaks(simulator: Simulator, places: Iterable[tuple[str, str]]) -> list[str]:
    """Return what is seen where it should not be."""
    return [
        f"{place}: {found}"
        for place, text in places
        for found in (
            *(secret for secret in simulator.secrets() if secret in text),
            *SIGNATURE.findall(text),
        )
    ]


def in_folder(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what each file holds, unpacked where it is packed; not the one file that is there to hold tokens."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != TOKEN_FILE:
            content = path.read_bytes()
            yield str(path), content.decode("latin-1")
            for number, unpacked in enumerate(unpacked_parts(content)):
                yield f"{path}, packed part {number}", unpacked.decode("latin-1")


def unpacked_parts(content: bytes) -> Iterator[bytes]:
    """Yield every document that is packed somewhere in a file, such as the cache's database."""
    for begin in re.finditer(rb"x\x9c", content):
        try:
            yield zlib.decompressobj().decompress(content[begin.start() :])
        except zlib.error:
            continue


def in_database(url: str) -> Iterator[tuple[str, str]]:
    """Yield every row of every table as text."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'iracing'"
        ).fetchall()
        for schema, table in tables:
            for (row,) in connection.execute(f'SELECT t::text FROM "{schema}"."{table}" t'):
                yield table, row
