"""The one thread that loads: PostgreSQL works on what is mapped while the next is decoded, hashed and mapped."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Does one piece of work after the other, in a thread of its own, until it is left."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._last: Future[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is being done or waiting."""
        return self._last is None or self._last.done()

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Take a piece of work, and return what will hold its result or what it raised."""
        future = self._thread.submit(work, *args, **kwargs)
        self._last = future
        return future
