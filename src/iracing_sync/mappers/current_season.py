"""The present quarter, as `lookup/current_season` tells it."""

import re
from collections.abc import Iterator
from typing import Any

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from iracing_sync.whole_numbers import integral

ONE_NUMBER = re.compile(r"\D*(\d+)\D*")
"""A number alone or with a word, as in `Q4`."""


def map_current_season(document: Document) -> Quarter | None:
    """Return the quarter that is told, None where nothing or more than one thing can be read out of the document.

    No recording shows the inner shape of it: so the values are taken from wherever they stand under their tag, and the
    tag may also be the type of a lookup.
    """
    try:
        content = document.content
    except DocumentError:
        return None
    years = numbers_under("year", content, range(FIRST_YEAR, LAST_YEAR + 1))
    quarters = numbers_under("quarter", content, range(1, 5))
    return Quarter(years.pop(), quarters.pop()) if len(years) == len(quarters) == 1 else None


def numbers_under(word: str, content: Any, plausible: range) -> set[int]:
    """Return the plausible numbers among the values under a tag or a type that holds a word."""
    numbers = map(number_in, values_under(word, content))
    return {number for number in numbers if number is not None and number in plausible}


def values_under(word: str, content: Any, *, is_meant: bool = False) -> Iterator[Any]:
    """Yield each `value` under a tag or a type that holds a word."""
    if isinstance(content, list):
        for one in content:
            yield from values_under(word, one, is_meant=is_meant)
    elif isinstance(content, dict):
        named = [name for key in ("tag", "lookup_type") if isinstance(name := content.get(key), str)]
        is_meant = is_meant or any(word in name.lower() for name in named)
        if is_meant and "value" in content:
            yield content["value"]
        for inner in content.values():
            yield from values_under(word, inner, is_meant=is_meant)


def number_in(value: Any) -> int | None:
    """Read a number, or the only one in a text."""
    read = ONE_NUMBER.fullmatch(value) if isinstance(value, str) else None
    return integral(int(read[1]) if read and len(read[1]) < 10 else value)
