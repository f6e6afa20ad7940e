"""Many things in one transaction; where PostgreSQL refuses one of them, it is found by halving and left out alone."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from iracing_sync.errors import LoadError, SyncError, one_line
from iracing_sync.result import Written

Item = TypeVar("Item")


def write_in_halves(
    items: Sequence[Item], write: Callable[[Sequence[Item]], Written], name_of: Callable[[Item], str]
) -> list[Written | LoadError]:
    """Write items, each call of `write` in a transaction of its own, and return what became of them.

    Whatever is in an item that cannot be written is its own fault; a failing database is raised.
    """
    try:
        return [write(items)]
    except LoadError as error:
        problem = error
    except (SyncError, DBAPIError):
        raise
    except Exception as error:  # a value that Python, psycopg or JSON cannot write
        problem = LoadError(f"{type(error).__name__}: {one_line(error)}")
    if len(items) == 1:
        return [LoadError(f"{name_of(items[0])}: {problem}")]
    half = len(items) // 2
    return [*write_in_halves(items[:half], write, name_of), *write_in_halves(items[half:], write, name_of)]
