"""The signal `schedule_changed`: each change once, in order, also of when nobody listened."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

RUN = (
    "INSERT INTO iracing.sync_run (run_id, started_at, arguments, version, status) VALUES (%s, now(), '{}', '1', 'ok')"
)
CHANGES = """
INSERT INTO iracing.schedule_change (run_id, at, field, phase, severity, sentence)
SELECT %s, now(), 'class_cars', 'current', 'high', number::text FROM generate_series(1, %s) AS number
"""


@pytest.fixture
def change(project: None) -> Iterator[Any]:
    """Write so many changes as a run does that is over, and take them away in the end."""
    from django.db import connection

    run_id = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(RUN, [run_id])
        yield lambda number: cursor.execute(CHANGES, [run_id, number])
        cursor.execute("DELETE FROM iracing.schedule_change")
        cursor.execute("DELETE FROM iracing.sync_run")
        cursor.execute("DELETE FROM iracing.change_reader")


@pytest.fixture
def seen(project: None) -> Iterator[list[str]]:
    from iracing_sync.contrib.django.signals import schedule_changed

    seen: list[str] = []

    def note(change: Any, **_: Any) -> None:
        seen.append(change.sentence)

    schedule_changed.connect(note)
    yield seen
    schedule_changed.disconnect(note)


def test_a_hundred_changes_of_when_nobody_listened_come_once_each_and_in_order(change, seen) -> None:
    from django.core.management import call_command

    call_command("send_iracing_changes", once=True)
    change(100)
    assert seen == []

    call_command("send_iracing_changes", once=True)
    assert seen == [str(number) for number in range(1, 101)]

    call_command("send_iracing_changes", once=True)
    assert len(seen) == 100


def test_what_a_receiver_refuses_comes_again(change, seen) -> None:
    from iracing_sync.contrib.django.signals import schedule_changed, send_changes

    def refuse_the_second(change: Any, **_: Any) -> None:
        if len(seen) == 2:
            raise ValueError(change.sentence)

    schedule_changed.connect(refuse_the_second)
    send_changes("league", once=True)
    change(3)
    with pytest.raises(ValueError, match="2"):
        send_changes("league", once=True)
    schedule_changed.disconnect(refuse_the_second)
    send_changes("league", once=True)

    assert seen == ["1", "2", "2", "3"]
