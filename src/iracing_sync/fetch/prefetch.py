"""Fetching ahead: the documents that come next are asked for while the present one is loaded.

A few are under way at a time and each is held only until it is wanted, so that memory does not grow with their number.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import NamedTuple, TypeVar

from iracing_sync.documents import NO_PARAMS, Document
from iracing_sync.fetch.cache.document_cache import Settled, never
from iracing_sync.fetch.source import DocumentSource

Item = TypeVar("Item")
Key = tuple[str, tuple[tuple[str, int], ...]]


class Wish(NamedTuple):
    """A document that will be wanted."""

    endpoint: str
    params: Mapping[str, int]
    settled: Settled = never

    @property
    def key(self) -> Key:
        """Return what tells it from others."""
        return self.endpoint, tuple(sorted(self.params.items()))


class Prefetch:
    """Documents of a source, at most `width` of them under way at a time.

    Each walk through items holds as many for itself: what an outer one has at hand takes no room from an inner one.
    """

    def __init__(self, source: DocumentSource, width: int) -> None:
        self.source = source
        self._width = width
        self._coming: dict[Key, Future[Document]] = {}

    def document(
        self, endpoint: str, params: Mapping[str, int] = NO_PARAMS, *, fresh: bool = False, settled: Settled = never
    ) -> Document:
        """Return a document as the source does, or raise what it raised."""
        coming = self._coming.pop(Wish(endpoint, params).key, None)
        if coming is not None and not fresh:
            return coming.result()
        return self.source.document(endpoint, params, fresh=fresh, settled=settled)

    def through(
        self,
        items: Sequence[Item],
        wishes: Callable[[Item], Sequence[Wish]],
        afterwards: Callable[[], Sequence[Wish]] = list,
    ) -> Iterator[Item]:
        """Yield each item, while what is wished for it and for those behind it is fetched ahead.

        Where the items come to their end, so is what is wished for `afterwards`, which is asked for once.
        """
        own: set[Key] = set()
        later: Sequence[Wish] | None = None
        for index, item in enumerate(items):
            wanted = wishes(item)
            if later is None and index + self._width >= len(items):
                later = afterwards()
            near = (wish for one in items[index + 1 : index + self._width] for wish in wishes(one))
            for wish in [*wanted, *near, *(later or ())]:
                own &= self._coming.keys()
                if len(own) < self._width and self._fetch(wish):
                    own.add(wish.key)
            yield item
            for wish in wanted:
                self._coming.pop(wish.key, None)

    def _fetch(self, wish: Wish) -> bool:
        """Fetch a document in a thread, if there is room; one that a killed process need not wait for."""
        under_way = sum(not coming.done() for coming in self._coming.values())
        if self._width < 2 or wish.key in self._coming or under_way >= self._width:
            return False
        coming: Future[Document] = Future()

        def fetch() -> None:
            try:
                document = self.source.document(wish.endpoint, wish.params, settled=wish.settled)
                coming.set_result(document.without_content())
            except BaseException as error:  # raised again by whoever wants the document
                coming.set_exception(error)
            finally:
                self.source.leave_thread()

        self._coming[wish.key] = coming
        threading.Thread(target=fetch, daemon=True, name=wish.endpoint).start()
        return True
