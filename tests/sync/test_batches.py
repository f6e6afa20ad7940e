"""How many seasons are loaded at once."""

from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import count
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from iracing_sync.errors import Interrupted
from iracing_sync.result import Result
from iracing_sync.simulator import SyntheticWorld
from iracing_sync.sync import batches, seasons
from iracing_sync.sync.batches import LEAST, MOST, Loading
from iracing_sync.sync.writer import Writer
from nights import nights


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


def test_an_interrupted_run_has_stored_and_counted_what_it_has_seen(monkeypatch, database_url, tmp_path) -> None:
    mapped, calls = seasons.mapped_season, count()

    def mapped_until(*arguments: Any) -> Any:
        if next(calls) == LEAST + 3:
            raise Interrupted("interrupted by SIGINT")
        return mapped(*arguments)

    monkeypatch.setattr(seasons, "mapped_season", mapped_until)
    with nights(SyntheticWorld(), database_url, tmp_path) as night:
        said = night.run(datetime(2025, 9, 24, 9, tzinfo=UTC)).as_dict()

        assert said["exit_code"] == 130
        assert said["seasons"] == {"seen": LEAST + 3, "changed": LEAST + 3, "unchanged": 0, "failed": 0}
        assert night.rows("SELECT count(*) FROM season") == [(LEAST + 3,)]
