"""The objects that a document lists, each mapped by itself: what one of them holds costs none of the others."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError, one_line
from iracing_sync.mappers.json_object import JsonObject, Misfit, excerpt
from iracing_sync.whole_numbers import integral

Mapped = TypeVar("Mapped")


def objects_in(document: Document, key: str | None = None) -> list[JsonObject]:
    """Return the objects of a document that is a list, or that holds one under `key`; what is no object is left out.

    Raises MappingError where there is no list.
    """
    return [entry for entry in entries_in(document, key) if isinstance(entry, JsonObject)]


def entries_in(document: Document, key: str | None = None) -> list[JsonObject | MappingError]:
    """Return the objects of a document, and in the place of what is none in its list what is wrong with it."""
    content, around, name = document.content, None, ""
    if key is not None and isinstance(content, dict):
        around, name, content = JsonObject(document.name, content), key, content.get(key)
    if not isinstance(content, list):
        where = f"$.{name}" if name else "$"
        raise MappingError(f"{document.name}: {where}: expected a list, not {excerpt(content)}")
    return [entry(document.name, item, around, name, place) for place, item in enumerate(content)]


def entry(document: str, item: Any, around: JsonObject | None, key: str, place: int) -> JsonObject | MappingError:
    """Return one object of a list, or what is wrong with it; each has misfits of its own."""
    try:
        found = JsonObject(document, item, around, key, place)
    except MappingError as error:
        return error
    found.misfits = []
    return found


def each_once(document: Document, id_key: str, key: str | None = None) -> Iterator[JsonObject | MappingError]:
    """Yield the objects of a document's list, and in the place of what is none what is wrong with it.

    What is listed twice comes once; where it differs, it is at fault: it is not known which of the two is true.
    """
    entries = entries_in(document, key)
    by_id: dict[int, list[JsonObject]] = defaultdict(list)
    for one in entries:
        if (number := id_of(one, id_key)) is not None and isinstance(one, JsonObject):
            by_id[number].append(one)
    for one in entries:
        if (number := id_of(one, id_key)) is None or isinstance(one, MappingError):
            yield one
        elif one is by_id[number][0]:
            is_clear = all(other.as_sent() == one.as_sent() for other in by_id[number])
            yield one if is_clear else one.error(id_key, f"{number} is listed more than once, with different contents")


def id_of(one: JsonObject | MappingError, id_key: str) -> int | None:
    """Return the id of an object, None where it has none."""
    return integral(one.as_sent().get(id_key)) if isinstance(one, JsonObject) else None


def map_each(
    document: Document, map_one: Callable[[JsonObject], Iterable[Mapped]], id_key: str
) -> Iterator[Mapped | Misfit | MappingError]:
    """Map each object of a list by itself: where one is at fault, yield what is wrong with it and go on."""
    for one in each_once(document, id_key):
        if isinstance(one, MappingError):
            yield one
        else:
            yield from map_alone(one, map_one)


def map_alone(
    one: JsonObject, map_one: Callable[[JsonObject], Iterable[Mapped]]
) -> list[Mapped | Misfit] | list[MappingError]:
    """Map one object to its end and tell what was left out of it, or return what is wrong with it."""
    try:
        mapped: list[Mapped | Misfit] = list(map_one(one))
        return mapped + one.misfits
    except MappingError as error:
        return [error]
    except Exception as error:  # whatever it holds, it fails alone
        return [fault_of(one, error)]


def fault_of(one: JsonObject, error: Exception) -> MappingError:
    """Say of an object that something in it cannot be mapped, though nothing in particular is wrong with a key."""
    return MappingError(f"{one.document}: {one.path}: {type(error).__name__}: {one_line(error)}")
