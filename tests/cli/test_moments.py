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

    assert "in 2025 S2" in command("schedule", "--at", MOMENT).stdout
    assert done(command("status", "--at", "2025-05-14T12:00", "--json"))["age_hours"] == 3
    assert "changes since 2025-05-07 09:00 UTC" in command("changes", "--at", MOMENT).stdout
    environment["IRACING_AT"] = MOMENT
    assert "in 2025 S2" in command("schedule").stdout
    assert "in 2024 S4" in command("schedule", "--at", "2024-11-01").stdout


@pytest.mark.parametrize("arguments", [("run",), ("schedule",), ("changes",), ("status",), ("calls",), ("plan",)])
def test_what_is_no_moment_is_refused(command, arguments) -> None:
    for moment in ("yesterday", "0001-01-01", "9999-12-31"):
        ended = command(*arguments, "--at", moment)

        assert ended.returncode == 2
        assert "IRACING_AT: expected a moment such as 2025-09-09 or 2025-09-09T12:00, in UTC" in ended.stderr
