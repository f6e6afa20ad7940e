"""What each endpoint gives: by this a document is told from an error, a page, or half an answer."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.fetch.endpoints import (
    CAR_CLASSES,
    CARS,
    PAST_SEASONS,
    SEASON_LIST,
    SEASON_SCHEDULE,
    SEASONS,
    SERIES,
    SERIES_ASSETS,
    STATS_SERIES,
    TRACKS,
)
from iracing_sync.json_text import to_json

LEAST_SHARE = 0.5
"""So many of the items must be what is expected: a few that are not fail alone."""


SHORTEST = 200
"""No list with something in it has fewer bytes."""


class Expected(NamedTuple):
    """Where the items of a document stand, and the number that each of them has.

    `places` are the keys under which they may stand; an empty one is the document itself.
    """

    places: tuple[str, ...]
    key: str


EXPECTED: Mapping[str, Expected] = {
    SEASONS: Expected(("", "seasons"), "season_id"),
    SEASON_LIST: Expected(("seasons",), "season_id"),
    SEASON_SCHEDULE: Expected(("schedules",), "race_week_num"),
    PAST_SEASONS: Expected(("series.seasons",), "season_id"),
    SERIES: Expected(("",), "series_id"),
    SERIES_ASSETS: Expected(("*",), "series_id"),
    STATS_SERIES: Expected(("", "series"), "series_id"),
    TRACKS: Expected(("",), "track_id"),
    CARS: Expected(("",), "car_id"),
    CAR_CLASSES: Expected(("",), "car_class_id"),
}


def fault_in(endpoint: str, content: Any) -> str | None:
    """Say why something is no document of an endpoint, None where it is one.

    >>> fault_in("series/get", {"error": "Not Found"})
    'iRacing sent an error (Not Found) in place of a list of objects with series_id (at $)'
    """
    if endpoint not in EXPECTED:
        return None if isinstance(content, list | dict) and not error_in(content) else sent(content, "a document")
    wanted = f"a list of objects with {EXPECTED[endpoint].key}"
    items = items_in(endpoint, content)
    if items is None:
        return sent(content, wanted)
    return sent(content, wanted) if unreadable_among(endpoint, items) > (1 - LEAST_SHARE) * len(items) else None


def unreadable_in(document: Document) -> int:
    """Count the items of a document that are not what its endpoint gives: of them nobody knows what they stand for.

    So nothing may be concluded from what such a document lacks, and it is not kept. Raises DocumentError for no JSON.
    """
    if document.endpoint not in EXPECTED:
        return 0
    return unreadable_among(document.endpoint, items_in(document.endpoint, document.content) or [])


def unreadable_among(endpoint: str, items: Iterable[Any]) -> int:
    """Count what is no object with the number that each item of an endpoint has."""
    key = EXPECTED[endpoint].key
    return sum(not (isinstance(item, dict) and is_number(item.get(key))) for item in items)


def proves_nothing(document: Document) -> bool:
    """Tell whether a list of everything is empty: iRacing has failed, and will have something the next time."""
    if document.params or document.endpoint not in EXPECTED or len(document.body) > SHORTEST:
        return False
    with suppress(DocumentError):
        return not items_in(document.endpoint, document.without_content().content)
    return False


def items_in(endpoint: str, content: Any) -> list[Any] | None:
    """Return the items of a document, None where it holds no list of them."""
    places = EXPECTED[endpoint].places
    return next((found for place in places if (found := items_at(content, place)) is not None), None)


def items_at(content: Any, place: str) -> list[Any] | None:
    """Return the list that stands under dotted keys, None where there is none; `*` are the values of an object."""
    if place == "*":
        return list(content.values()) if isinstance(content, dict) and not error_in(content) else None
    for step in place.split(".") if place else ():
        content = content.get(step) if isinstance(content, dict) else None
    return content if isinstance(content, list) else None


def is_number(value: Any) -> bool:
    """Tell whether a value is a number as iRacing counts; 12.0 is one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def error_in(content: Any) -> str | None:
    """Return iRacing's own word for what went wrong."""
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, str) else None


def sent(content: Any, wanted: str) -> str:
    """Say what came in place of what."""
    if error := error_in(content):
        what = f"an error ({error[:100]})"
    elif isinstance(content, list):
        what = f"a list of {len(content)} other things"
    elif isinstance(content, dict):
        what = f"an object with {', '.join(sorted(content)[:5]) or 'nothing in it'}"
    else:
        what = to_json(content)[:60]
    return f"iRacing sent {what} in place of {wanted} (at $)"
