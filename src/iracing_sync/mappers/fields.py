"""One JSON object of a document, read by name: every error knows its JSON path."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError

T = TypeVar("T")


class Fields:
    """A JSON object that remembers where it stands and which of its keys were read.

    `whole(key)` and its kind want the key and its type; `maybe_whole(key)` and its kind give None for a key that is
    null or left out. A wrong type raises MappingError, naming document and path.
    """

    __slots__ = ("_data", "_path", "_seen", "document")

    def __init__(self, document: str, data: Any, path: str = "$") -> None:
        self.document = document
        self._path = path
        self._data = data if type(data) is dict else self._expect(data, dict, "an object", path)
        self._seen: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def as_sent(self) -> dict[str, Any]:
        """Return the object as iRacing sent it; reading it so counts for no key."""
        return self._data

    def error(self, key: str, problem: str) -> MappingError:
        """Say what is wrong with one key."""
        return MappingError(f"{self.document}: {self._path}.{key} {problem}")

    def _expect(self, value: Any, kind: type[T] | tuple[type, ...], what: str, path: str) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise MappingError(f"{self.document}: {path}: expected {what}, not {shown(value)}")
        return value

    def _maybe(self, key: str) -> Any:
        self._seen.add(key)
        return self._data.get(key)

    def _read(self, key: str, kind: type[T] | tuple[type, ...], what: str) -> Any:
        self._seen.add(key)
        value = self._data.get(key)
        if type(value) is kind:
            return value
        if key not in self._data:
            raise MappingError(f"{self.document}: {self._path}.{key} is missing")
        return self._expect(value, kind, what, f"{self._path}.{key}")

    def _maybe_read(self, key: str, kind: type[T], what: str) -> Any:
        self._seen.add(key)
        value = self._data.get(key)
        return value if value is None or type(value) is kind else self._expect(value, kind, what, f"{self._path}.{key}")

    def whole(self, key: str) -> int:
        """Read a whole number."""
        return self._read(key, int, "a whole number")  # type: ignore[no-any-return]

    def maybe_whole(self, key: str) -> int | None:
        """Read a whole number that may be left out."""
        return self._maybe_read(key, int, "a whole number")  # type: ignore[no-any-return]

    def positive(self, key: str) -> int | None:
        """Read a whole number for which iRacing writes 0 or -1 where there is none."""
        value = self.maybe_whole(key)
        return value if value is not None and value > 0 else None

    def maybe_number(self, key: str) -> Decimal | None:
        """Read a number that may be fractional."""
        value = self._maybe(key)
        if value is None or type(value) is int:
            return value if value is None else Decimal(value)
        return Decimal(str(self._read(key, (int, float), "a number")))

    def text(self, key: str) -> str:
        """Read a text."""
        return self._read(key, str, "a text")  # type: ignore[no-any-return]

    def maybe_text(self, key: str) -> str | None:
        """Read a text; the empty one is none."""
        return self._maybe_read(key, str, "a text") or None

    def flag(self, key: str) -> bool:
        """Read a boolean."""
        return self._read(key, bool, "true or false")  # type: ignore[no-any-return]

    def maybe_flag(self, key: str) -> bool | None:
        """Read a boolean that may be left out."""
        return self._maybe_read(key, bool, "true or false")  # type: ignore[no-any-return]

    def instant(self, key: str) -> datetime:
        """Read an instant such as 2025-09-09T00:00:00Z, or a date as its midnight, in UTC."""
        return self._parsed(key, instant, "an instant in ISO 8601")  # type: ignore[no-any-return]

    def maybe_instant(self, key: str) -> datetime | None:
        """Read an instant that may be left out."""
        return None if self._maybe(key) is None else self.instant(key)

    def maybe_local_time(self, key: str) -> datetime | None:
        """Read a date and time without zone."""
        return None if self._maybe(key) is None else self._parsed(key, datetime.fromisoformat, "a date and time")

    def maybe_day(self, key: str) -> date | None:
        """Read a date such as 2025-09-09."""
        return None if self._maybe(key) is None else self._parsed(key, date.fromisoformat, "a date")

    def maybe_clock(self, key: str) -> time | None:
        """Read a time of day such as 00:45:00."""
        return None if self._maybe(key) is None else self._parsed(key, time.fromisoformat, "a time of day")

    def _parsed(self, key: str, parse: Any, what: str) -> Any:
        value = self.text(key)
        try:
            return parse(value)
        except ValueError:
            raise MappingError(f"{self.document}: {self._path}.{key}: expected {what}, not {shown(value)}") from None

    def wholes(self, key: str) -> list[int]:
        """Read a list of whole numbers."""
        values = self._read(key, list, "a list")
        if all(type(value) is int for value in values):
            return values  # type: ignore[no-any-return]
        return [self._expect(v, int, "a whole number", f"{self._path}.{key}[{i}]") for i, v in enumerate(values)]

    def instants(self, key: str) -> list[datetime]:
        """Read a list of instants."""
        values = self._read(key, list, "a list")
        try:
            return [instant(value) for value in values]
        except (TypeError, ValueError):
            raise self.error(key, f"holds something that is no instant: {shown(values)}") from None

    def object(self, key: str) -> "Fields":
        """Read an object."""
        return Fields(self.document, self._read(key, dict, "an object"), f"{self._path}.{key}")

    def maybe_object(self, key: str) -> "Fields | None":
        """Read an object that may be left out."""
        return None if self._maybe(key) is None else self.object(key)

    def objects(self, key: str) -> "list[Fields]":
        """Read a list of objects; none where the key is left out."""
        return [] if self._maybe(key) is None else list(objects(self.document, self._data[key], f"{self._path}.{key}"))

    def raw(self, key: str) -> Any:
        """Read a value as iRacing sent it, None where it is left out."""
        return self._maybe(key)

    def rest(self, left_out: Collection[str] = ()) -> dict[str, Any]:
        """Return what was not read so far, under iRacing's names, sorted, less what is left out."""
        return {key: self._data[key] for key in sorted(self._data) if key not in self._seen and key not in left_out}


def shown(value: Any) -> str:
    """Write a value short enough for a message."""
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}..."


def instant(value: str) -> datetime:
    """Read an instant, or a date as its midnight, in UTC.

    >>> instant("2025-09-09").isoformat()
    '2025-09-09T00:00:00+00:00'
    """
    read = datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def objects(document: str, data: Any, path: str = "$") -> Iterator[Fields]:
    """Yield each object of a list."""
    if not isinstance(data, list):
        raise MappingError(f"{document}: {path}: expected a list, not {shown(data)}")
    for number, item in enumerate(data):
        yield Fields(document, item, f"{path}[{number}]")


def listed(document: Document, key: str | None = None) -> list[Fields]:
    """Return the objects of a document that is a list, or that holds one under `key`."""
    content = document.content
    if key is not None and isinstance(content, dict):
        return Fields(document.name, content).objects(key)
    return list(objects(document.name, content))
