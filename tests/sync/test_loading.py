"""How many seasons are loaded at once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from nights import nights
from remembered import RememberedWorld

from iracing_sync.errors import Interrupted, LoadError
from iracing_sync.result import Counts, Result, Written
from iracing_sync.sync.loading import LEAST, MOST, Loading
from iracing_sync.sync.season_writes import MappedSeason
from iracing_sync.sync.writer import Writer


def a_season(season_id: int = 7) -> MappedSeason:
    return MappedSeason(season_id, [], {}, None)


def a_result() -> Result:
    return Result(None, {"season": Counts()})  # type: ignore[arg-type]


def noting(sizes: list[int], goes_on: Event) -> Callable[[Sequence[MappedSeason]], list[Any]]:
    """Return what notes how large each batch is, as soon as `goes_on` is set."""

    def write(seasons: Sequence[MappedSeason]) -> list[Any]:
        assert goes_on.wait(10)
        sizes.append(len(seasons))
        return []

    return write


def test_a_batch_is_what_was_mapped_while_the_one_before_was_written() -> None:
    sizes: list[int] = []
    goes_on = Event()
    with Writer() as writer:
        loading = Loading(writer, noting(sizes, goes_on), a_result())
        for _ in range(LEAST + MOST + 5):
            loading.add(a_season())
        goes_on.set()
        loading.finish()

    assert sizes == [LEAST, MOST, 5]


def test_a_season_that_postgresql_refuses_is_counted_and_the_others_too() -> None:
    result = a_result()
    with Writer() as writer:
        loading = Loading(writer, lambda _seasons: [Written(season_ids={1}), LoadError("season 2: too long")], result)
        loading.add(a_season())

        assert loading.finish() == 1

    assert (result.seasons_changed, result.seasons_failed) == (1, 1)
    assert result.warnings == ["season 2: too long"]


def test_an_interrupted_run_has_stored_and_counted_what_it_has_seen(database_url, tmp_path) -> None:
    def interrupt(_what: str, done: int, _all: int) -> None:
        if done == LEAST + 3:
            raise Interrupted("interrupted by SIGINT")

    with nights(RememberedWorld(), database_url, tmp_path) as night:
        said = night.run(datetime(2025, 9, 24, 9, tzinfo=UTC), progress=interrupt).as_dict()

        assert said["exit_code"] == 130
        assert said["seasons"] == {"seen": LEAST + 3, "changed": LEAST + 3, "unchanged": 0, "failed": 0}
        assert night.rows("SELECT count(*) FROM season") == [(LEAST + 3,)]


@pytest.mark.parametrize("added", [0, 1])
def test_finishing_twice_writes_nothing_twice(added) -> None:
    sizes: list[int] = []
    goes_on = Event()
    goes_on.set()
    with Writer() as writer:
        loading = Loading(writer, noting(sizes, goes_on), a_result())
        for _ in range(added):
            loading.add(a_season())
        loading.finish()
        loading.finish()

    assert sizes == [1] * added
