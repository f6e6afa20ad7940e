"""The allowance in the database: one for all who use the account, and no reason to stop where it is not there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import Engine, text

from iracing_sync.database import connect
from iracing_sync.rate_limit.allowance import Allowance, Terms, Told, grant, with_news, with_refusal
from iracing_sync.rate_limit.shared import SharedKeeper

NOW = 1_700_000_000.0
TERMS = Terms(0.25, 0.1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url, "iracing")
    yield engine
    engine.dispose()


def test_two_processes_see_one_allowance(engine) -> None:
    with closing(SharedKeeper(engine, "me")) as one, closing(SharedKeeper(engine, "me")) as other:
        one.change(lambda allowance: (None, with_news(allowance, Told(240, 200, NOW + 60))))
        one.change(lambda allowance: (None, with_refusal(allowance, NOW + 9.5)))

        assert other.blocked_until() == NOW + 9.5
        found = other.change(lambda allowance: (allowance, allowance))

    assert found == Allowance(
        call_limit=240,
        resets_at=NOW + 60,
        used=0,
        others=40,
        blocked_until=NOW + 9.5,
        next_at=0.0,
        counted_from=0.0,
        window_seconds=0.0,
    )


def test_another_account_has_an_allowance_of_its_own(engine) -> None:
    with closing(SharedKeeper(engine, "me")) as one, closing(SharedKeeper(engine, "you")) as other:
        one.change(lambda allowance: (None, with_refusal(allowance, NOW)))

        assert other.blocked_until() == 0


def test_no_moment_is_granted_twice(engine) -> None:
    keepers = [SharedKeeper(engine, "me") for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        moments = list(
            pool.map(lambda n: keepers[n % 4].change(lambda allowance: grant(allowance, NOW, TERMS)), range(40))
        )
    for keeper in keepers:
        keeper.close()

    assert sorted(moments) == [NOW + 0.25 * number for number in range(40)]


@pytest.mark.empty_database
def test_without_its_table_a_process_goes_on_alone(engine) -> None:
    with closing(SharedKeeper(engine, "me")) as keeper:
        moments = [keeper.change(lambda allowance: grant(allowance, NOW, TERMS)) for _ in range(3)]

    assert moments == [NOW, NOW + 0.25, NOW + 0.5]


def test_where_the_database_goes_away_a_process_goes_on_with_what_it_knows(engine) -> None:
    with closing(SharedKeeper(engine, "me")) as keeper:
        keeper.change(lambda allowance: grant(allowance, NOW, TERMS))
        with engine.begin() as connection:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))

        assert keeper.change(lambda allowance: grant(allowance, NOW, TERMS)) == NOW + 0.25
