"""Commands that are asked as of another moment."""

import pytest
from results import done

MOMENT = "2025-05-14T09:00"
"""That of the simulated world."""


def test_a_run_takes_a_moment_for_the_present(synthetic, command, ask) -> None:
    done(command("run", "--at", MOMENT, "--json"))

    assert ask("SELECT started_at::text FROM sync_run") == [("2025-05-14 09:00:00+00",)]
    assert ask("SELECT DISTINCT status FROM season") == [("running",)]
    assert done(command("run", "--at", "2025-05-14T10:00", "--json"))["api_calls"] == 0  # from the cache of an hour ago


def test_reading_commands_take_it_from_the_option_or_the_environment(synthetic, command, environment) -> None:
    done(command("run", "--at", MOMENT, "--json"))

    assert "in week 9 of 2025 S2" in command("schedule", "--at", MOMENT).stdout
    assert done(command("status", "--at", "2025-05-14T12:00", "--json"))["age_hours"] == 3
    assert "changes since 2025-05-07 09:00 UTC" in command("changes", "--at", MOMENT).stdout
    environment["IRACING_AT"] = MOMENT
    assert "in week 9 of 2025 S2" in command("schedule").stdout
    assert "in week 10 of 2025 S2" in command("schedule", "--at", "2025-05-22").stdout


def test_a_refresh_as_of_an_earlier_moment_asks_again_whatever_the_cache_holds(synthetic, command) -> None:
    asked = done(command("run", "--at", MOMENT, "--json"))["api_calls"]

    assert done(command("run", "--at", "2025-05-13", "--refresh", "--json"))["api_calls"] == asked


def test_the_status_of_a_moment_knows_nothing_of_later_runs(synthetic, command) -> None:
    done(command("run", "--at", "2025-05-13", "--json"))
    done(command("run", "--at", MOMENT, "--json"))

    seen = done(command("status", "--at", "2025-05-13T06:00", "--json"))

    assert (seen["started_at"], seen["age_hours"]) == ("2025-05-13T00:00:00+00:00", 6)
    assert command("status", "--at", "2025-05-12", "--max-age", "26").returncode == 8


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--since", "2025-06-01"), "--since 2025-06-01 is later than 2025-05-14 09:00 UTC"),
        (("--future", "--phase", "past"), "--future is --phase current --phase future: leave out one"),
    ],
)
def test_what_could_show_nothing_or_everything_is_refused(command, options, words) -> None:
    ended = command("changes", "--at", MOMENT, *options)

    assert (ended.returncode, words in ended.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [("run",), ("schedule",), ("changes",), ("status",), ("calls",), ("plan",)])
def test_what_is_no_moment_is_refused(command, arguments) -> None:
    for moment in ("yesterday", "0001-01-01", "9999-12-31"):
        ended = command(*arguments, "--at", moment)

        assert ended.returncode == 2
        assert "--at: expected a moment such as 2025-09-09 or 2025-09-09T12:00, in UTC" in ended.stderr


def test_changes_are_shown_once_where_they_are_marked_as_read(synthetic, command) -> None:
    never = command("changes", "--since", "last")
    assert (never.returncode, "never marked as read" in never.stderr) == (2, True)
    done(command("run", "--at", MOMENT, "--json"))
    path = ["4", "schedules", "11", "race_lap_limit"]
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": path, "value": 99}])
    done(command("run", "--at", "2025-05-14T10:00", "--refresh", "--json"))

    first = command("changes", "--at", "2025-05-14T11:00", "--since", "last", "--mark-read").stdout
    again = command("changes", "--at", "2025-05-14T12:00", "--since", "last").stdout

    assert "99 laps instead of" in first
    assert again == "0 changes since 2025-05-14 11:00 UTC\n"
