"""Columns that fit a terminal: what matters least is left out first, long names are cut, and nothing wraps."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

GAP = "  "


class Column(NamedTuple):
    """A column; `least` is how narrow it may become, 0 where it must be whole, and `tail` how much of its end is kept.

    Where the room is short the columns of the highest `rank` go first; those of rank 0 always stay.
    """

    key: str
    title: str
    least: int = 0
    rank: int = 0
    is_right: bool = False
    tail: int = 0


def column_lines(
    columns: Sequence[Column], rows: Sequence[Mapping[str, str]], width: int | None, *, indent: str = ""
) -> Iterator[str]:
    """Yield a line of titles and one a row, none wider than `width`, or each as wide as it is.

    >>> rows = [{"week": "1", "track": "Okayama Full Course"}]
    >>> list(column_lines([Column("week", "week", is_right=True), Column("track", "track", 8)], rows, 14))
    ['week  track', '   1  Okayama…']
    """
    if not rows:
        return
    room = None if width is None else width - len(indent)
    kept = columns_that_fit(columns, rows, room)
    widths = widths_that_fit(kept, rows, room)
    yield indent + in_line(kept, {column.key: column.title for column in kept}, widths)
    for row in rows:
        yield indent + in_line(kept, row, widths)


def lines_under(
    headings: Sequence[tuple[Hashable, str]],
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, str]],
    width: int | None,
    *,
    indent: str = "",
) -> Iterator[str]:
    """Yield the lines of rows, each heading before the first of the neighbours that have it: a key and its text.

    >>> rows = [{"week": "1"}, {"week": "2"}, {"week": "1"}]
    >>> headings = [(1, "oval"), (1, "oval"), (5, "road")]
    >>> list(lines_under(headings, [Column("week", "week")], rows, None, indent=" "))
    [' week', 'oval', ' 1', ' 2', 'road', ' 1']
    """
    lines = column_lines(columns, rows, width, indent=indent)
    yield from islice(lines, 1)
    for heading, under_it in groupby(zip(headings, lines, strict=True), key=itemgetter(0)):
        yield heading[1]
        yield from (line for _, line in under_it)


def natural(column: Column, rows: Sequence[Mapping[str, str]]) -> int:
    """Return how wide a column would be."""
    return max(len(column.title), *(len(row[column.key]) for row in rows))


def narrowest(column: Column, rows: Sequence[Mapping[str, str]]) -> int:
    """Return how narrow a column may become."""
    return min(column.least or natural(column, rows), natural(column, rows))


def columns_that_fit(
    columns: Sequence[Column], rows: Sequence[Mapping[str, str]], width: int | None
) -> Sequence[Column]:
    """Return the columns for which there is room, and in which something is said."""
    kept = [column for column in columns if column.rank == 0 or any(row[column.key] for row in rows)]
    while width is not None and in_all([narrowest(column, rows) for column in kept]) > width:
        last = max(kept, key=lambda column: column.rank)
        if last.rank == 0:
            break
        kept.remove(last)
    return kept


def widths_that_fit(columns: Sequence[Column], rows: Sequence[Mapping[str, str]], width: int | None) -> list[int]:
    """Return how wide each column is: the widest of those that may be cut gives way first."""
    widths = [natural(column, rows) for column in columns]
    while width is not None and in_all(widths) > width:
        room = [
            (widths[index], index) for index, column in enumerate(columns) if widths[index] > narrowest(column, rows)
        ]
        if not room:
            break
        widths[max(room)[1]] -= 1
    return widths


def in_all(widths: Sequence[int]) -> int:
    """Return how wide columns are together."""
    return sum(widths) + len(GAP) * (len(widths) - 1)


def in_line(columns: Sequence[Column], row: Mapping[str, str], widths: Sequence[int]) -> str:
    """Write one row."""
    cells = []
    for column, width in zip(columns, widths, strict=True):
        cell = cell_text(row[column.key], width, column.tail)
        cells.append(cell.rjust(width) if column.is_right else cell.ljust(width))
    return GAP.join(cells).rstrip()


def cell_text(text: str, width: int, tail: int = 0) -> str:
    """Cut a text that is too long, in its middle where its end matters.

    >>> cell_text("Modified Weekly Series - Fixed", 16, 6)
    'Modified… Fixed'
    """
    if len(text) <= width:
        return text
    end = text[len(text) - tail :]
    return f"{text[: width - 1 - tail].rstrip()}…{end}"
