"""`changes --follow`: what changes, as it happens, nothing lost while nobody listens."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from iracing_sync.database import connect
from iracing_sync.follow import Follower

pytestmark = pytest.mark.xdist_group("follow")

RUN = "INSERT INTO iracing.sync_run (run_id, started_at, arguments, version, status) VALUES (%s, now(), '{}', '1', %s)"
CHANGE = """
INSERT INTO iracing.schedule_change (run_id, at, field, old, new, phase, severity, sentence)
VALUES (%s, now(), 'name', '"old"', to_jsonb(%s::text), 'current', 'high', 'Its name')
"""
TELL = "SELECT pg_notify('iracing_schedule_change', '{}')"


class Writer:
    """Writes changes as a run does, without one."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql", 1), autocommit=True)

    def begin(self, status: str = "ok") -> str:
        run_id = str(uuid4())
        self._connection.execute(RUN, (run_id, status))
        return run_id

    def change(self, run_id: str, *names: str) -> None:
        for name in names:
            self._connection.execute(CHANGE, (run_id, name))
        self._connection.execute(TELL)

    def end(self, run_id: str) -> None:
        self._connection.execute("UPDATE iracing.sync_run SET status = 'ok' WHERE run_id = %s", (run_id,))
        self._connection.execute(TELL)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def writer(database_url: str) -> Iterator[Writer]:
    writer = Writer(database_url)
    yield writer
    writer.close()


@pytest.fixture
def read(database_url: str) -> Iterator[Callable[..., list[tuple[int, int]]]]:
    """Read on, as a program does that is started now and then; return from which change to which."""
    engine = connect(database_url, "iracing")

    def read(name: str | None = None, **options: int | None) -> list[tuple[int, int]]:
        read: list[tuple[int, int]] = []
        Follower(engine, lambda _, after, up_to: read.append((after, up_to)), name=name, **options).follow(wakings=1)
        return read

    yield read
    engine.dispose()


def test_nothing_is_lost_while_nobody_listens_and_each_comes_once_in_order(writer, read) -> None:
    assert read("league") == []
    run_id = writer.begin()
    writer.change(run_id, *map(str, range(100)))

    assert read("league") == [(number, number + 1) for number in range(100)]
    assert read("league") == []
    assert read("another", after=98, at_once=10) == [(98, 100)]


def test_what_could_not_be_handled_comes_again(writer, database_url) -> None:
    engine = connect(database_url, "iracing")
    writer.change(writer.begin(), "1", "2", "3")
    seen: list[int] = []

    def refuse_the_second(_connection, _after: int, up_to: int) -> None:
        seen.append(up_to)
        if seen == [1, 2]:
            raise ValueError("no")

    reader = Follower(engine, refuse_the_second, name="league", after=0)
    with pytest.raises(ValueError, match="no"):
        reader.read_on()
    Follower(engine, refuse_the_second, name="league").read_on()
    engine.dispose()

    assert seen == [1, 2, 2, 3]


def test_changes_of_a_run_that_goes_on_wait_for_its_end(writer, read) -> None:
    run_id = writer.begin("running")
    writer.change(run_id, "not yet")
    assert read(after=0) == []

    writer.end(run_id)
    assert read(after=0) == [(0, 1)]


def lines_of(followed: subprocess.Popen[str], number: int) -> list[str]:
    assert followed.stdout is not None
    return [followed.stdout.readline() for _ in range(number)]


def test_lines_come_as_runs_end_and_a_named_reader_goes_on_where_it_stopped(started, writer) -> None:
    writer.change(writer.begin(), "of before")
    followed = started("changes", "--follow", "--reader", "bot", "--since", "1h", "--json")
    assert [json.loads(line)["new"] for line in lines_of(followed, 1)] == ["of before"]
    writer.change(writer.begin(), "one", "two")
    assert [json.loads(line)["new"] for line in lines_of(followed, 2)] == ["one", "two"]
    followed.terminate()
    assert followed.wait(10) == 143

    writer.change(writer.begin(), "while away")
    followed = started("changes", "--follow", "--reader", "bot")
    first, _, third = lines_of(followed, 3)
    followed.terminate()
    followed.wait(10)
    assert "Its name  [current, high]" in third
    assert datetime.now(UTC).strftime("%Y-%m-%d") in first


def test_a_real_run_wakes_and_tells_of_its_own_changes_only(command, started, synthetic, ask) -> None:
    synthetic.at = datetime(2025, 5, 14, 9, tzinfo=UTC)
    assert command("run", "--at", "2025-05-14T09:00").returncode == 0
    followed = started("changes", "--follow", "--json")
    assert followed.stderr is not None
    assert "waiting for changes" in followed.stderr.readline()
    synthetic.at = datetime(2025, 6, 12, 9, tzinfo=UTC)
    assert command("run", "--at", "2025-06-12T09:00", "--refresh").returncode == 0

    written = [row[0] for row in ask("SELECT change_id FROM schedule_change ORDER BY change_id")]
    assert written
    assert [json.loads(line)["change_id"] for line in lines_of(followed, len(written))] == written
    followed.terminate()


@pytest.mark.parametrize("options", [["--reader", "x"], ["--follow", "--csv"], ["--follow", "--mark-read"]])
def test_what_does_not_go_together_is_said(command, options) -> None:
    refused = command("changes", *options)

    assert refused.returncode == 2
    assert "--follow" in refused.stderr


@pytest.mark.parametrize("name", ["", " "])
def test_a_reader_without_a_name_is_refused_for_nothing_could_be_kept(command, writer, name) -> None:
    refused = command("changes", "--follow", "--reader", name)

    assert refused.returncode == 2
    assert "a reader needs a name" in refused.stderr
