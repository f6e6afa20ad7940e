"""The same documents once more: nothing is decoded, and the result is the one that decoding them would give."""

from pathlib import Path

import pytest
from results import done, written

CHILDREN = ("car_restriction", "event_class", "event_car", "event_time")

SAID = "the documents are those that were loaded last"


@pytest.fixture
def both_ways(command):
    """Run once recognised and once not, by an option that changes nothing here; returns both results."""

    def run(*arguments: str):
        recognised = command("run", "--json", *arguments)
        read = command("run", "--json", "--strict", *arguments)
        assert SAID in recognised.stderr
        assert SAID not in read.stderr
        return done(recognised), done(read)

    return run


def same(result, other) -> bool:
    return {**result, "run_id": None} == {**other, "run_id": None}


@pytest.mark.parametrize("arguments", [(), ("--year", "2025", "--quarter", "2"), ("--offline",)])
def test_documents_loaded_last_are_recognised_and_counted_as_if_they_were_read(
    synthetic, command, both_ways, arguments
) -> None:
    first = command("run", "--json", *(one for one in arguments if one != "--offline"))
    assert SAID not in first.stderr
    done(command("run", "--json", *arguments))

    recognised, read = both_ways(*arguments)

    assert written(recognised) == 0
    assert recognised["seasons"]["seen"] == done(first)["seasons"]["seen"] > 10
    assert same(recognised, read)


def test_a_recorded_day_is_recognised_with_its_stubs(replay, command, both_ways) -> None:
    done(command("run", "--json"))

    assert same(*both_ways())


def test_a_damaged_document_is_no_longer_the_same(synthetic, command, environment) -> None:
    done(command("run", "--json"))
    for entry in Path(environment["IRACING_CACHE_DIR"]).rglob("*.val"):
        entry.write_bytes(b"no document")

    again = command("run", "--json")

    assert SAID not in again.stderr
    assert written(done(again)) == 0


def test_rows_deleted_by_hand_are_noticed_and_brought_back(synthetic, command, ask) -> None:
    done(command("run", "--json"))
    [(rounds,)] = ask("SELECT count(*) FROM event")
    children = ", ".join(f"of_{table} AS (DELETE FROM {table})" for table in (*CHILDREN, "event"))
    ask(f"WITH {children} DELETE FROM season RETURNING 1")

    again = command("run", "--json")

    assert SAID not in again.stderr
    assert done(again)["tables"]["event"]["inserted"] == rounds
    assert ask("SELECT count(*) FROM event") == [(rounds,)]


@pytest.mark.parametrize("between", [("--year", "2025", "--quarter", "1"), ("--history", "--since", "2025")])
def test_another_run_in_between_makes_the_documents_read_again(synthetic, command, between) -> None:
    done(command("run", "--json"))
    assert command("run", "--json", *between).returncode in (0, 3)  # of quarters to come the world lists nothing

    after, once_more = command("run", "--json"), command("run", "--json")

    assert SAID not in after.stderr
    assert SAID in once_more.stderr
    assert done(after)["seasons"] == done(once_more)["seasons"]


def test_what_failed_is_said_at_every_run(synthetic, command) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": ["0", "season_id"], "value": "none"}])

    first, second = command("run", "--json"), command("run", "--json")

    assert done(first, 3)["warnings"] == done(second, 3)["warnings"] != []


def test_a_season_listed_without_rounds_is_read_every_time(synthetic, command) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": ["0", "schedules"], "delete": True}])
    done(command("run", "--json"))

    again = command("run", "--json")

    assert SAID not in again.stderr
    assert done(again)["cache_hits"] == 7
