"""`status` from outside: what cron's watchman asks."""

import json

import pytest

COLUMNS = {
    *("run_id", "started_at", "finished_at", "status", "exit_code", "warnings", "last_good_at", "active_seasons"),
    *("stub_layouts", "stub_cars", "stub_car_classes", "age_hours", "max_age_hours", "is_fresh"),
}


@pytest.fixture
def loaded(command, synthetic):
    assert command("run", "--headless").returncode == 0


def shown(command, *arguments: str) -> str:
    ran = command("status", *arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def age(ask, hours: int) -> None:
    ask(f"UPDATE iracing.sync_run SET started_at = started_at - interval '{hours} hours' RETURNING 1")


@pytest.mark.empty_database
def test_a_database_without_tables_is_not_migrated(command) -> None:
    assert command("status").returncode == 6


@pytest.mark.empty_database
def test_without_a_run_there_is_none_to_show_and_none_is_young_enough(command) -> None:
    assert command("db", "upgrade").returncode == 0

    assert shown(command) == "no run yet: iracing-sync run\n"
    refused = command("status", "--max-age", "26")
    assert refused.returncode == 8
    assert "no run went well so far" in refused.stderr


def test_a_good_run_is_shown_with_its_age(command, loaded) -> None:
    told = shown(command, "--max-age", "1")

    assert "ok, exit 0" in told
    assert "active seasons" in told


def test_a_run_that_is_too_old_is_shown_and_refused(command, loaded, ask) -> None:
    age(ask, 30)

    refused = command("status", "--max-age", "26", "--json")

    assert refused.returncode == 8
    assert "began 30 hours ago; --max-age allows 26" in refused.stderr
    found = json.loads(refused.stdout)
    assert set(found) == COLUMNS
    assert (found["status"], found["is_fresh"], found["max_age_hours"]) == ("ok", False, 26)


def test_a_failed_run_does_not_make_an_older_good_one_young(command, loaded, ask) -> None:
    age(ask, 3)
    command("run", "--offline", "--year", "2012", "--quarter", "1")

    found = json.loads(shown(command, "--json"))

    assert (found["status"], found["is_fresh"]) != ("ok", True)
    assert found["age_hours"] == pytest.approx(3, abs=0.1)
    assert command("status", "--max-age", "2").returncode == 8
    assert command("status", "--max-age", "4").returncode == 0
