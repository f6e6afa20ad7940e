"""Rows as reading commands show them."""

from typing import Any

from sqlalchemy import CursorResult

from iracing_sync.tables.rows import Row


def plain_rows(found: CursorResult[Any]) -> list[Row]:
    """Return what was found as plain dicts; SQLAlchemy's names of columns are of a kind of str that is no JSON key."""
    names = list(map(str, found.keys()))
    return [dict(zip(names, row, strict=True)) for row in found]
