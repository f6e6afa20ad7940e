"""How many seasons are loaded at once."""

from contextlib import nullcontext
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from iracing_sync.errors import Interrupted
from iracing_sync.result import Result
from iracing_sync.sync import batches
from iracing_sync.sync.batches import LEAST, MOST, Loading
from iracing_sync.sync.writer import Writer


@pytest.fixture
def sizes(monkeypatch) -> list[int]:
    """Return how large the batches are; each is written as soon as `goes_on` is set."""
    written: list[int] = []

    def write(run: Any, seasons: list[Any], _listed: Any) -> list[Any]:
        assert run.goes_on.wait(10)
        written.append(len(seasons))
        return []

    monkeypatch.setattr(batches, "write_seasons", write)
    return written


def a_run(writer: Writer) -> Any:
    return SimpleNamespace(writer=writer, goes_on=Event(), result=Result(None, {}), skipping=nullcontext)  # type: ignore[arg-type]


def interrupt(loading: Loading) -> None:
    with loading.mapping():
        loading.add(None)  # type: ignore[arg-type]
        raise Interrupted("interrupted by SIGINT")


def test_a_batch_is_what_was_mapped_while_the_one_before_was_written(sizes) -> None:
    with Writer() as writer:
        run = a_run(writer)
        loading = Loading(run, None)  # type: ignore[arg-type]
        with loading.mapping():
            for _ in range(LEAST + MOST + 5):
                loading.add(None)  # type: ignore[arg-type]
            run.goes_on.set()
        loading.finish()

    assert sizes == [LEAST, MOST, 5]


def test_what_was_mapped_before_an_interruption_is_written(sizes) -> None:
    with Writer() as writer:
        run = a_run(writer)
        run.goes_on.set()
        loading = Loading(run, None)  # type: ignore[arg-type]
        with pytest.raises(Interrupted):
            interrupt(loading)
        assert sizes == [1]
