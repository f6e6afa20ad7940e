"""Who is told of a run over apprise: of changes, of new seasons, of failures; and nobody of a secret."""

import json
from typing import Any

import pytest
from results import done

LATER = [
    {"endpoint": "series/seasons", "kind": "edit", "path": ["4", "schedules", "11", key], "value": value}
    for key, value in (("start_date", "2099-01-05"), ("week_end_time", "2099-01-11T23:45:00Z"), ("race_lap_limit", 99))
]
"""The last round is to come, and has other laps."""


def address(receiver: Any) -> str:
    return f"json://127.0.0.1:{receiver.server_port}/hook?-token=secret-word"


def told(receiver: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return title and content of what was posted, and forget it."""
    found = [(one["title"], json.loads(one["message"])) for one in receiver.posted]
    receiver.posted.clear()
    return found


def test_changes_are_told_and_a_first_run_and_a_quiet_one_are_not(synthetic, command, receiver) -> None:
    done(command("run", "--json", "--notify", address(receiver)))
    assert told(receiver) == []

    synthetic.faults.set(LATER)
    result = done(command("run", "--refresh", "--json", "--notify", address(receiver), "--notify", address(receiver)))

    first, second = told(receiver)
    assert first == second
    title, content = first
    assert title == "iRacing: 1 change"
    assert content["run_id"] == result["run_id"]
    assert "99 laps" in content["schedule_changes"][0]["sentence"]
    assert done(command("run", "--refresh", "--json", "--notify", address(receiver)))["warnings"] == []
    assert told(receiver) == []


def test_what_is_not_asked_for_is_not_told(synthetic, command, receiver) -> None:
    done(command("run", "--json"))
    synthetic.faults.set(LATER)

    done(command("run", "--refresh", "--json", "--notify", address(receiver), "--notify-on", "failure,new-season"))

    assert told(receiver) == []


def test_a_failure_is_told_also_where_the_run_cannot_begin(synthetic, command, receiver, environment) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "cut"}])
    command("run", "--notify", address(receiver))
    environment["IRACING_DATABASE_URL"] = "postgresql://racer:hidden-word@127.0.0.1:1/none"
    command("run", "--notify", address(receiver))

    (partial, content), (title, error) = told(receiver)
    assert partial == "iracing-sync: the run ended with exit 3"
    assert "series/seasons" in content["warnings"][0]
    assert (title, error["code"]) == ("iracing-sync: the run ended with exit 6", 6)
    assert "hidden-word" not in str(error)


def test_that_a_setting_is_at_fault_is_told_too(command, receiver, environment) -> None:
    environment["IRACING_API_RPS"] = "fast"
    command("run", "--notify", address(receiver))

    [(title, error)] = told(receiver)
    assert (title, error["code"]) == ("iracing-sync: the run ended with exit 2", 2)
    assert "IRACING_API_RPS" in error["message"]


def test_that_nobody_can_be_told_is_a_warning_and_no_failure(synthetic, command, receiver) -> None:
    done(command("run", "--json"))
    synthetic.faults.set(LATER)
    receiver.status = 500

    ran = command("run", "--refresh", "--json", "--notify", address(receiver))

    assert done(ran)["warnings"] == ["--notify: 1 of 1 addresses could not be told"]
    assert "secret-word" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--notify", "nowhere://secret-word"), "--notify: address 1 is none that apprise knows"),
        (("--notify-url", "mailto:secret-word"), "--notify-url: expected an address such as https://host/path"),
        (("--notify", "json://127.0.0.1", "--notify-on", "monday"), "--notify-on monday: expected some of failure"),
    ],
)
def test_what_cannot_be_told_is_refused_before_anything_is_asked(synthetic, command, options, words) -> None:
    ended = command("run", *options)

    assert ended.returncode == 2
    assert words in ended.stderr
    assert "secret-word" not in ended.stderr
