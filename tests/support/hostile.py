"""Documents with one thing in them that nobody would send: any JSON, and some that is hardly any, in any place."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

import orjson
from hypothesis import strategies as st

from iracing_sync.simulator import World

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
"""Of any characters: NUL, controls, half characters."""

LIMITS = (2**31 - 1, 2**31, -(2**31) - 1, 2**40, 2**63 - 1, 2**63, 2**64, 10**40, -1, 0, 99999999)
NUMBERS = ("12.0", "12.5", "1e308", "-1e308", "5e-324", "1e-400", "0.1", "-0.0", "100000000000000000000.5")
TEXTS = (
    *("9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-02-30", "infinity", "24:00:00"),
    *("", "12", "true", "\x00", "a\x00b", "\x1b]0;name\x07", "\u202egnp", "\ud800", "\udc00\ud800", "x" * 20_000),
)
NO_UTF8 = (b'"\xff\xfe"', b'"ab\xc3"', b'"\xed\xa0\x80"')


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def nested_objects(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


VALUES = st.one_of(
    st.sampled_from([b"null", b"true", b"false", b"{}", b"[]", b"[null]", b"[{}]", b"[[]]"]),
    st.sampled_from(LIMITS).map(lambda number: str(number).encode()),
    st.sampled_from(NUMBERS).map(str.encode),
    st.sampled_from(TEXTS).map(lambda text: json.dumps(text).encode()),
    st.sampled_from(NO_UTF8),
    st.sampled_from([30, 250, 500, 900]).map(nested),
    st.sampled_from([30, 250, 500, 900]).map(nested_objects),
    st.lists(st.sampled_from(LIMITS), max_size=4).map(lambda numbers: json.dumps(numbers).encode()),
    ANY_TEXT.map(lambda text: json.dumps(text).encode()),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
)
"""JSON as bytes."""

KEYS = st.one_of(ANY_TEXT, st.sampled_from(["a\x00b", "\ud800", "k" * 5000, "a.b", "[]", ""]))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where something stands in a value, the value itself first."""
    yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(item, (*path, key))


@st.composite
def spoilt(draw: Any, entry: dict[str, Any]) -> orjson.Fragment:
    """Draw an object of which one place holds something else, or one object an entry more."""
    raw = draw(VALUES)
    path = draw(st.sampled_from(list(places(entry))))
    around = deepcopy(entry)
    inner: Any = around
    for step in path:
        inner = inner[step]
    if isinstance(inner, dict) and inner and draw(st.booleans()):
        key = json.dumps(draw(st.one_of(KEYS, st.sampled_from(sorted(inner))))).encode()
        raw = orjson.dumps(inner)[:-1] + b"," + key + b":" + raw + b"}"
    return orjson.Fragment(orjson.dumps(with_instead(around, path, orjson.Fragment(raw))))


def with_instead(value: Any, path: tuple[Any, ...], instead: Any) -> Any:
    """Return a value with something else in one place."""
    if not path:
        return instead
    value[path[0]] = with_instead(value[path[0]], path[1:], instead)
    return value


class SpoiltWorld:
    """Another world, of which each list is short, and one holds what was put there."""

    def __init__(self, world: World, at: datetime, most: int = 5) -> None:
        self._world = world
        self._at = at
        self._most = most
        self.instead: dict[str, list[Any]] = {}

    def list(self, endpoint: str) -> list[Any]:
        """Return the entries of a document as they are in the world."""
        content = self._world.answer(endpoint, {}, self._at)
        return deepcopy(content[: self._most])

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        if endpoint in self.instead:
            return self.instead[endpoint]
        content = self._world.answer(endpoint, params, at)
        return content[: self._most] if isinstance(content, list) else content
