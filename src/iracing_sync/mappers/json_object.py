"""One JSON object of a document, read by name: every error knows its JSON path."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError, one_line
from iracing_sync.instants import instant

Mapped = TypeVar("Mapped")
Parsed = TypeVar("Parsed")
Day = TypeVar("Day", date, datetime)

LARGEST = 2**31 - 1
"""The largest number that a column of whole numbers holds; so large is nothing that iRacing counts."""

YEARS = range(1970, 2200)
"""iRacing began in 2008; with a date far from now neither Python nor PostgreSQL can reckon."""

INSTANT = "an instant in ISO 8601, of the years 1970 to 2199"


class Misfit(NamedTuple):
    """A value that was left out because it is not what it should be; `path` is its JSON path."""

    path: str
    what: str
    value: Any


class JsonObject:
    """A JSON object that remembers where it stands and which of its keys were read.

    `whole(key)` and its kind want the key and its type: they raise MappingError, naming document and path.
    `maybe_whole(key)` and its kind give None for a key that is null, left out, or not of its type: then it is among the
    `misfits`, for a trifle costs no season. A document holds a million values, so each kind tells the usual case by
    itself and leaves the others to `_unusual`.
    """

    __slots__ = ("_around", "_data", "_key", "_place", "_seen", "document", "misfits")

    def __init__(
        self, document: str, data: Any, around: "JsonObject | None" = None, key: str = "", place: int | None = None
    ) -> None:
        self.document = document
        self.misfits: list[Misfit] = [] if around is None else around.misfits
        self._around = around
        self._key = key
        self._place = place
        self._seen: set[str] = set()
        self._data: dict[str, Any] = data
        if data.__class__ is not dict:
            raise MappingError(f"{document}: {self.path}: expected an object, not {excerpt(data)}")

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    @property
    def path(self) -> str:
        """Return the JSON path of the object, as in `$[3].schedules[0]`."""
        around = "$" if self._around is None else f"{self._around.path}.{self._key}"
        return around if self._place is None else f"{around}[{self._place}]"

    def as_sent(self) -> dict[str, Any]:
        """Return the object as iRacing sent it; reading it so counts for no key."""
        return self._data

    def error(self, key: str, problem: str) -> MappingError:
        """Say what is wrong with one key."""
        return MappingError(f"{self.document}: {self.path}.{key} {problem}")

    def misfit(self, key: str, what: str, value: Any) -> MappingError:
        """Say that a value is not what it should be."""
        return MappingError(f"{self.document}: {self.path}.{key}: expected {what}, not {excerpt(value)}")

    def _leave_out(self, key: str, what: str, value: Any) -> None:
        """Note a value that is left out because it is not what it should be; null says nothing."""
        if value is not None:
            self.misfits.append(Misfit(f"{self.path}.{key}", what, value))

    def _required(self, key: str, what: str) -> MappingError:
        """Say what is wrong with a key that must be there."""
        return self.misfit(key, what, self._data[key]) if key in self._data else self.error(key, "is missing")

    def whole(self, key: str) -> int:
        """Read a whole number."""
        self._seen.add(key)
        value = self._data.get(key)
        if value.__class__ is int and -LARGEST <= value <= LARGEST:
            return value
        number = integral(value)
        if number is None:
            raise self._required(key, "a whole number")
        return number

    def maybe_whole(self, key: str) -> int | None:
        """Read a whole number that may be left out."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None or (value.__class__ is int and -LARGEST <= value <= LARGEST):
            return value
        number = integral(value)
        if number is None:
            self._leave_out(key, "a whole number", value)
        return number

    def positive(self, key: str) -> int | None:
        """Read a whole number for which iRacing writes 0 or -1 where there is none."""
        value = self.maybe_whole(key)
        return value if value is not None and value > 0 else None

    def maybe_number(self, key: str) -> Decimal | None:
        """Read a number that may be fractional."""
        self._seen.add(key)
        value = self._data.get(key)
        if value.__class__ is int or value.__class__ is float:
            return decimal(value)
        self._leave_out(key, "a number", value)
        return None

    def text(self, key: str) -> str:
        """Read a text."""
        self._seen.add(key)
        value = self._data.get(key)
        if value.__class__ is str:
            return value
        raise self._required(key, "a text")

    def maybe_text(self, key: str) -> str | None:
        """Read a text; the empty one is none."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None or value.__class__ is str:
            return value or None
        self._leave_out(key, "a text", value)
        return None

    def flag(self, key: str) -> bool:
        """Read a boolean."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is True or value is False:
            return value
        raise self._required(key, "true or false")

    def maybe_flag(self, key: str) -> bool | None:
        """Read a boolean that may be left out."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None or value is True or value is False:
            return value
        self._leave_out(key, "true or false", value)
        return None

    def instant(self, key: str) -> datetime:
        """Read an instant such as 2025-09-09T00:00:00Z, or a date as its midnight, in UTC."""
        value = self.text(key)
        at = parsed(near_instant, value)
        if at is None:
            raise self.misfit(key, INSTANT, value)
        return at

    def maybe_instant(self, key: str) -> datetime | None:
        """Read an instant that may be left out."""
        return self._parse(key, near_instant, INSTANT)

    def maybe_local_time(self, key: str) -> datetime | None:
        """Read a date and time without zone."""
        return self._parse(key, local_time, "a date and time without zone")

    def maybe_day(self, key: str) -> date | None:
        """Read a date such as 2025-09-09."""
        return self._parse(key, near_day, "a date")

    def maybe_clock(self, key: str) -> time | None:
        """Read a time of day such as 00:45:00."""
        return self._parse(key, time.fromisoformat, "a time of day")

    def _parse(self, key: str, parse: Callable[[str], Parsed], what: str) -> Parsed | None:
        self._seen.add(key)
        value = self._data.get(key)
        found = parsed(parse, value)
        if found is None:
            self._leave_out(key, what, value)
        return found

    def wholes(self, key: str) -> list[int]:
        """Read a list of whole numbers."""
        self._seen.add(key)
        values = self._data.get(key)
        if values.__class__ is not list:
            raise self._required(key, "a list")
        return list(self._wholes_in(key, values))

    def maybe_wholes(self, key: str) -> list[int] | None:
        """Read a list of whole numbers that may be left out; what is none in it is left out, too."""
        self._seen.add(key)
        values = self._data.get(key)
        if values.__class__ is not list:
            self._leave_out(key, "a list", values)
            return None
        return list(self._wholes_in(key, values))

    def _wholes_in(self, key: str, values: list[Any]) -> Iterator[int]:
        for place, value in enumerate(values):
            number = integral(value)
            if number is None:
                self._leave_out(f"{key}[{place}]", "a whole number", value)
            else:
                yield number

    def maybe_instants(self, key: str) -> list[datetime] | None:
        """Read a list of instants that may be left out; what is none in it is left out, too."""
        self._seen.add(key)
        values = self._data.get(key)
        if values.__class__ is not list:
            self._leave_out(key, "a list", values)
            return None
        found = []
        for place, value in enumerate(values):
            if (at := parsed(near_instant, value)) is not None:
                found.append(at)
            else:
                self._leave_out(f"{key}[{place}]", INSTANT, value)
        return found

    def object(self, key: str) -> "JsonObject":
        """Read an object."""
        self._seen.add(key)
        if key not in self._data:
            raise self.error(key, "is missing")
        return JsonObject(self.document, self._data[key], self, key)

    def maybe_object(self, key: str) -> "JsonObject | None":
        """Read an object that may be left out."""
        value = self.raw(key)
        if value.__class__ is dict:
            return JsonObject(self.document, value, self, key)
        self._leave_out(key, "an object", value)
        return None

    def objects(self, key: str) -> "list[JsonObject]":
        """Read a list of objects, each of which counts; none where the key is left out."""
        values = self.raw(key)
        if values is None:
            return []
        if values.__class__ is not list:
            raise self.misfit(key, "a list", values)
        return [JsonObject(self.document, item, self, key, place) for place, item in enumerate(values)]

    def maybe_objects(self, key: str) -> "list[JsonObject]":
        """Read a list of objects that may be left out; what is none in it is left out, too."""
        values = self.raw(key)
        if values.__class__ is not list:
            self._leave_out(key, "a list", values)
            return []
        found = []
        for place, item in enumerate(values):
            if item.__class__ is dict:
                found.append(JsonObject(self.document, item, self, key, place))
            else:
                self._leave_out(f"{key}[{place}]", "an object", item)
        return found

    def raw(self, key: str) -> Any:
        """Read a value as iRacing sent it, None where it is left out."""
        self._seen.add(key)
        return self._data.get(key)

    def rest(self, left_out: Collection[str] = ()) -> dict[str, Any]:
        """Return what was not read so far, under iRacing's names, sorted, less what is left out."""
        unread = self._data.keys() - self._seen
        return {key: self._data[key] for key in sorted(unread) if key not in left_out} if unread else {}


def excerpt(value: Any) -> str:
    """Write a value short enough for a message."""
    written = repr(value) if not isinstance(value, list | dict) else repr(value)[:200]
    return written if len(written) <= 60 else f"{written[:57]}..."


def integral(value: Any) -> int | None:
    """Return a whole number that a column can hold, None for all else; iRacing has written 12.0 for 12.

    >>> integral(12.0), integral(12.5), integral(True), integral(2**40)
    (12, None, None, None)
    """
    if value.__class__ is float and value.is_integer():
        value = int(value)
    return value if value.__class__ is int and -LARGEST <= value <= LARGEST else None


def parsed(parse: Callable[[str], Parsed], value: Any) -> Parsed | None:
    """Return what a text means, None where it means nothing."""
    try:
        return parse(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def near(day: Day) -> Day:
    """Return a date or instant; raises ValueError where it is far from now."""
    if day.year not in YEARS:
        raise ValueError
    return day


def near_instant(value: str) -> datetime:
    """Read an instant."""
    return near(instant(value))


def near_day(value: str) -> date:
    """Read a date."""
    return near(date.fromisoformat(value))


def local_time(value: str) -> datetime:
    """Read a date and time; a zone is dropped, for none is meant."""
    return near(datetime.fromisoformat(value)).replace(tzinfo=None)


@lru_cache(maxsize=1024, typed=True)
def decimal(value: float) -> Decimal:
    """Return a number as it is written."""
    return Decimal(str(value))


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
