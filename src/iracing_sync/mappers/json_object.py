"""One JSON object of a document, read by name: every error knows its JSON path."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError
from iracing_sync.instants import instant


class JsonObject:
    """A JSON object that remembers where it stands and which of its keys were read.

    `whole(key)` and its kind want the key and its type; `maybe_whole(key)` and its kind give None for a key that is
    null or left out. A wrong type raises MappingError, naming document and path. A document holds a million values, so
    each kind tells the usual case by itself and leaves the others to `_expect`.
    """

    __slots__ = ("_around", "_data", "_key", "_place", "_seen", "document")

    def __init__(
        self, document: str, data: Any, around: "JsonObject | None" = None, key: str = "", place: int | None = None
    ) -> None:
        self.document = document
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

    def _expect(self, key: str, value: Any, kind: type | tuple[type, ...], what: str) -> Any:
        """Return a value of an unusual but right type; raises MappingError for a wrong type or a missing key."""
        if key not in self._data:
            raise self.error(key, "is missing")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise MappingError(f"{self.document}: {self.path}.{key}: expected {what}, not {excerpt(value)}")
        return value

    def whole(self, key: str) -> int:
        """Read a whole number."""
        self._seen.add(key)
        value = self._data.get(key)
        if value.__class__ is int:
            return value
        return self._expect(key, value, int, "a whole number")  # type: ignore[no-any-return]

    def maybe_whole(self, key: str) -> int | None:
        """Read a whole number that may be left out."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None or value.__class__ is int:
            return value
        return self._expect(key, value, int, "a whole number")  # type: ignore[no-any-return]

    def positive(self, key: str) -> int | None:
        """Read a whole number for which iRacing writes 0 or -1 where there is none."""
        value = self.maybe_whole(key)
        return value if value is not None and value > 0 else None

    def maybe_number(self, key: str) -> Decimal | None:
        """Read a number that may be fractional."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None:
            return None
        if value.__class__ is not int and value.__class__ is not float:
            self._expect(key, value, (int, float), "a number")
        return decimal(value)

    def text(self, key: str) -> str:
        """Read a text."""
        self._seen.add(key)
        value = self._data.get(key)
        if value.__class__ is str:
            return value
        return self._expect(key, value, str, "a text")  # type: ignore[no-any-return]

    def maybe_text(self, key: str) -> str | None:
        """Read a text; the empty one is none."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None or value.__class__ is str:
            return value or None
        return self._expect(key, value, str, "a text")  # type: ignore[no-any-return]

    def flag(self, key: str) -> bool:
        """Read a boolean."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is True or value is False:
            return value
        return self._expect(key, value, bool, "true or false")  # type: ignore[no-any-return]

    def maybe_flag(self, key: str) -> bool | None:
        """Read a boolean that may be left out."""
        self._seen.add(key)
        value = self._data.get(key)
        if value is None or value is True or value is False:
            return value
        return self._expect(key, value, bool, "true or false")  # type: ignore[no-any-return]

    def instant(self, key: str) -> datetime:
        """Read an instant such as 2025-09-09T00:00:00Z, or a date as its midnight, in UTC."""
        return self._parse(key, instant, "an instant in ISO 8601")  # type: ignore[no-any-return]

    def maybe_instant(self, key: str) -> datetime | None:
        """Read an instant that may be left out."""
        return None if self.raw(key) is None else self.instant(key)

    def maybe_local_time(self, key: str) -> datetime | None:
        """Read a date and time without zone."""
        return None if self.raw(key) is None else self._parse(key, datetime.fromisoformat, "a date and time")

    def maybe_day(self, key: str) -> date | None:
        """Read a date such as 2025-09-09."""
        return None if self.raw(key) is None else self._parse(key, date.fromisoformat, "a date")

    def maybe_clock(self, key: str) -> time | None:
        """Read a time of day such as 00:45:00."""
        return None if self.raw(key) is None else self._parse(key, time.fromisoformat, "a time of day")

    def _parse(self, key: str, parse: Any, what: str) -> Any:
        value = self.text(key)
        try:
            return parse(value)
        except ValueError:
            raise MappingError(f"{self.document}: {self.path}.{key}: expected {what}, not {excerpt(value)}") from None

    def _list(self, key: str) -> list[Any]:
        self._seen.add(key)
        value = self._data.get(key)
        return value if value.__class__ is list else self._expect(key, value, list, "a list")

    def wholes(self, key: str) -> list[int]:
        """Read a list of whole numbers."""
        values = self._list(key)
        return [value if value.__class__ is int else self._whole_at(key, i, value) for i, value in enumerate(values)]

    def _whole_at(self, key: str, place: int, value: Any) -> int:
        raise MappingError(
            f"{self.document}: {self.path}.{key}[{place}]: expected a whole number, not {excerpt(value)}"
        )

    def instants(self, key: str) -> list[datetime]:
        """Read a list of instants."""
        values = self._list(key)
        try:
            return [instant(value) for value in values]
        except (TypeError, ValueError):
            raise self.error(key, f"holds something that is no instant: {excerpt(values)}") from None

    def object(self, key: str) -> "JsonObject":
        """Read an object."""
        self._seen.add(key)
        if key not in self._data:
            raise self.error(key, "is missing")
        return JsonObject(self.document, self._data[key], self, key)

    def maybe_object(self, key: str) -> "JsonObject | None":
        """Read an object that may be left out."""
        return None if self.raw(key) is None else self.object(key)

    def objects(self, key: str) -> "list[JsonObject]":
        """Read a list of objects; none where the key is left out."""
        return [] if self.raw(key) is None else objects(self.document, self._list(key), self, key)

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
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}..."


@lru_cache(maxsize=1024, typed=True)
def decimal(value: float) -> Decimal:
    """Return a number as it is written."""
    return Decimal(str(value))


def objects(document: str, values: list[Any], around: JsonObject | None = None, key: str = "") -> list[JsonObject]:
    """Return the objects of a list, which stands under a key of the object around it."""
    return [JsonObject(document, item, around, key, place) for place, item in enumerate(values)]


def objects_in(document: Document, key: str | None = None) -> list[JsonObject]:
    """Return the objects of a document that is a list, or that holds one under `key`."""
    content = document.content
    if key is not None and isinstance(content, dict):
        return JsonObject(document.name, content).objects(key)
    if not isinstance(content, list):
        raise MappingError(f"{document.name}: $: expected a list, not {excerpt(content)}")
    return objects(document.name, content)
