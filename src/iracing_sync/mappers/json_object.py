"""One JSON object of a document, read by name: every error knows its JSON path."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from iracing_sync.errors import MappingError
from iracing_sync.mappers.values import (
    INSTANT,
    decimal,
    local_time,
    maybe_near_instant,
    meaning_of,
    near_day,
    near_instant,
)
from iracing_sync.whole_numbers import LARGEST, integral

Parsed = TypeVar("Parsed")


class Misfit(NamedTuple):
    """A value that was left out because it is not what it should be; `path` is its JSON path."""

    path: str
    what: str
    value: Any

    @property
    def is_fraction(self) -> bool:
        """Tell whether it is a number in parts where whole ones are counted: iRacing means it, and null is stored."""
        return isinstance(self.value, float) and not self.value.is_integer()


def first_step(path: str) -> str:
    """Return the key with which a path begins.

    >>> first_step("race_time_descriptors[0].day_offset[0]"), first_step("weather.temp_units")
    ('race_time_descriptors', 'weather')
    """
    return path.partition(".")[0].partition("[")[0]


class JsonObject:
    """A JSON object that remembers where it stands and which of its keys were read.

    `whole(key)` and its kind want the key and its type: they raise MappingError, naming document and path.
    `maybe_whole(key)` and its kind give None for a key that is null, left out, or not of its type: then it is among the
    `misfits`, for a trifle costs no season. A document holds a million values, so each kind tells the usual case by
    itself.
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

    def with_values(self, values: dict[str, Any]) -> "JsonObject":
        """Return the object as if it said some more, at the same place."""
        if not values:
            return self
        fuller = JsonObject(self.document, self._data | values, self._around, self._key, self._place)
        fuller.misfits = self.misfits
        return fuller

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
            raise self._required(key, whole_words(value))
        return number

    def maybe_whole(self, key: str) -> int | None:
        """Read a whole number that may be left out."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None or (value.__class__ is int and -LARGEST <= value <= LARGEST):
            return value
        number = integral(value)
        if number is None:
            self._leave_out(key, whole_words(value), value)
        return number

    def maybe_within(self, key: str, lowest: int, highest: int) -> int | None:
        """Read a whole number that may be left out; one beyond what it can be is none."""
        value = self.maybe_whole(key)
        if value is None or lowest <= value <= highest:
            return value
        self._leave_out(key, f"a whole number from {lowest} to {highest}", value)
        return None

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

    def maybe_percent(self, key: str) -> Decimal | None:
        """Read a part of 100, which may be fractional."""
        value = self.maybe_number(key)
        if value is None or 0 <= value <= 100:  # what a percentage is
            return value
        self._leave_out(key, "a percentage", self._data[key])
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
        at = maybe_near_instant(value)
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
        found = meaning_of(parse, value)
        if found is None:
            self._leave_out(key, what, value)
        return found

    def wholes(self, key: str) -> list[int]:
        """Read a list of whole numbers."""
        self._seen.add(key)
        values = self._data.get(key)
        if values.__class__ is not list:
            raise self._required(key, "a list")
        return self._read_each(key, values, integral, "a whole number")

    def maybe_wholes(self, key: str) -> list[int] | None:
        """Read a list of whole numbers that may be left out; what is none in it is left out, too."""
        values = self._maybe_list(key)
        return None if values is None else self._read_each(key, values, integral, "a whole number")

    def maybe_wholes_below(self, key: str, limit: int) -> list[int] | None:
        """Read a list of whole numbers from 0 to below a limit that may be left out, what is none in it, too."""
        values = self._maybe_list(key)
        below = range(limit)

        def whole_below(value: Any) -> int | None:
            number = integral(value)
            return number if number is not None and number in below else None

        what = f"a whole number from 0 to {limit - 1}"
        return None if values is None else self._read_each(key, values, whole_below, what)

    def maybe_instants(self, key: str) -> list[datetime] | None:
        """Read a list of instants that may be left out; what is none in it is left out, too."""
        values = self._maybe_list(key)
        return None if values is None else self._read_each(key, values, maybe_near_instant, INSTANT)

    def _maybe_list(self, key: str) -> list[Any] | None:
        """Read a list that may be left out."""
        values: list[Any] | None = self.raw(key)
        if values.__class__ is list:
            return values
        self._leave_out(key, "a list", values)
        return None

    def _read_each(
        self, key: str, values: Iterable[Any], read: Callable[[Any], Parsed | None], what: str
    ) -> list[Parsed]:
        """Read the values of a list; those that are not what they should be are left out."""
        found = []
        for place, value in enumerate(values):
            if (one := read(value)) is not None:
                found.append(one)
            else:
                self._leave_out(f"{key}[{place}]", what, value)
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
        found = []
        for place, item in enumerate(self._maybe_list(key) or ()):
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


def whole_words(value: Any) -> str:
    """Say what a whole number is, also to one who gave one that is too large."""
    is_whole = isinstance(value, int | float) and float(value).is_integer()
    return f"a whole number of at most {LARGEST}" if is_whole else "a whole number"


def excerpt(value: Any) -> str:
    """Write a value short enough for a message."""
    written = repr(value) if not isinstance(value, list | dict) else repr(value)[:200]
    return written if len(written) <= 60 else f"{written[:57]}..."
