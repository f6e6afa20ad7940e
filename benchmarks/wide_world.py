"""The set that is measured: several synthetic worlds side by side, so that the numbers are those of the real service.

One world lists some 29 seasons, the real one some 150, and 6,000 since 2008. Here the same world is told several times,
each time with other ids.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from iracing_sync.documents import Document
from iracing_sync.fetch.cache.document_cache import DocumentCache
from iracing_sync.fetch.endpoints import cache_key
from iracing_sync.quarters import past_quarters, quarter_at
from iracing_sync.simulator import SyntheticWorld

SERIES_APART, SEASONS_APART = 1_000, 1_000_000
NIGHTLY_COPIES, HISTORY_COPIES = 5, 4
CATALOGUES = ("series/assets", "track/get", "car/get", "carclass/get")


def nightly(at: datetime, copies: int = NIGHTLY_COPIES) -> Iterator[Document]:
    """Yield the documents of a nightly run."""
    world = SyntheticWorld()
    for endpoint in ("series/get", "series/seasons"):
        yield told(endpoint, {}, apart(world.answer(endpoint, {}, at), copies), at)
    for endpoint in CATALOGUES:
        yield told(endpoint, {}, world.answer(endpoint, {}, at), at)


def history(at: datetime, since: int) -> Iterator[Document]:
    """Yield the documents of a run over the past, which begins with those that it stands on."""
    yield from (document for document in nightly(at, HISTORY_COPIES) if document.endpoint != "series/seasons")
    world = SyntheticWorld()
    for quarter in past_quarters(quarter_at(at), since):
        asked = {name: str(value) for name, value in quarter.params.items()}
        for endpoint in ("series/seasons", "season/list"):
            yield told(endpoint, quarter.params, apart(world.answer(endpoint, asked, at), HISTORY_COPIES), at)


def told(endpoint: str, params: Any, content: Any, at: datetime) -> Document:
    """Return a document as if it had been fetched at a moment."""
    return Document(endpoint, params, orjson.dumps(content), at)


def apart(listed: Any, copies: int) -> Any:
    """Return a list told several times over, each time with other series and seasons."""
    if isinstance(listed, dict):
        return {**listed, "seasons": apart(listed["seasons"], copies)}
    return [moved(item, number) for number in range(copies) for item in listed]


APART = {"series_id": SERIES_APART, "season_id": SEASONS_APART}


def moved(item: Any, number: int) -> Any:
    """Give a series or season, and all that it holds, other ids."""
    if isinstance(item, list):
        return [moved(one, number) for one in item]
    if isinstance(item, dict):
        return {
            name: value + number * APART[name] if name in APART else moved(value, number)
            for name, value in item.items()
        }
    return item


class WideWorld:
    """The synthetic world several times side by side, of which the simulator answers."""

    def __init__(self, copies: int, **assumptions: Any) -> None:
        self._world = SyntheticWorld(**assumptions)
        self._copies = copies

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return the document of all copies; one about a series or a season is that of its copy."""
        for name in APART.keys() & params.keys():
            number, own = divmod(int(params[name]), APART[name])
            return moved(self._world.answer(endpoint, {**params, name: str(own)}, at), number)
        answer = self._world.answer(endpoint, params, at)
        return apart(answer, self._copies) if endpoint in ("series/get", "series/seasons", "season/list") else answer


def fill(folder: Path, documents: Iterator[Document]) -> int:
    """Put documents into a cache folder and return how many bytes of JSON they are."""
    cache, size = DocumentCache(folder), 0
    for document in documents:
        key = cache_key(document.endpoint, document.params)
        cache.cache_or_fetch(key, 0, lambda document=document: document, refresh=True)
        size += len(document.body)
    cache.close()
    return size
