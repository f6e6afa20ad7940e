"""Whole numbers as our tables hold them."""

from typing import Any

LARGEST = 2**31 - 1
"""The largest number that a column of whole numbers holds; so large is nothing that iRacing counts."""


def integral(value: Any) -> int | None:
    """Return a whole number that a column can hold, None for all else; iRacing has written 12.0 for 12.

    >>> integral(12.0), integral(12.5), integral(True), integral(2**40)
    (12, None, None, None)
    """
    if value.__class__ is float and value.is_integer():
        value = int(value)
    return value if value.__class__ is int and -LARGEST <= value <= LARGEST else None
