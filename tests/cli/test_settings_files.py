"""Which settings a command goes by, and which database a run fills: said, so that a slip of the pen shows."""

import pytest
from results import done
from sqlalchemy.engine import make_url

MISSPELT = "IRACING_DATABSE_URL"


def test_a_run_says_which_database_it_fills_without_the_password(synthetic, command, environment, database_url) -> None:
    url = make_url(database_url)
    environment["IRACING_DATABASE_URL"] = f"{database_url}&password=hunter2".replace("postgres@", "postgres:hunter3@")
    completed = command("run", "--json")
    done(completed)
    [line] = [line for line in completed.stderr.splitlines() if "database:" in line]

    assert f"] database: postgresql://postgres@/{url.database}?" in line
    assert line.endswith(", schema iracing")
    assert "hunter" not in completed.stderr


def test_a_reading_command_says_nothing_of_it(command) -> None:
    assert "database:" not in command("status").stderr


@pytest.mark.parametrize("arguments", [("status",), ("cache", "info"), ("auth", "status"), ("run", "--offline")])
def test_an_unknown_setting_is_said_once_by_every_command(command, environment, arguments) -> None:
    environment["IRACING_PASSWORT"] = "hunter2"
    said = command(*arguments).stderr

    assert said.count("WARNING IRACING_PASSWORT is not a setting: did you mean IRACING_PASSWORD?") == 1
    assert "hunter2" not in said


@pytest.mark.parametrize("arguments", [("run",), ("db", "upgrade")], ids=" ".join)
def test_a_misspelt_database_is_refused_before_another_one_is_filled(
    command, environment, database_url, tmp_path, arguments
) -> None:
    environment[MISSPELT] = environment.pop("IRACING_DATABASE_URL")
    completed = command(*arguments)

    assert completed.returncode == 2
    assert f"{MISSPELT} is not a setting, and IRACING_DATABASE_URL is not set" in completed.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_settings_may_be_named(synthetic, command, environment, tmp_path) -> None:
    (tmp_path / ".env").write_text("IRACING_SCHEMA=wrong\n")
    (tmp_path / "league.env").write_text(f"IRACING_DATABASE_URL={environment.pop('IRACING_DATABASE_URL')}\n")
    completed = command("--env-file", "league.env", "run", "--json")

    done(completed)
    assert completed.stderr.rstrip().count(", schema iracing") == 1
    assert command("--env-file", "league.env", "status").returncode == 0


def test_a_named_file_of_settings_that_is_absent_is_refused(command) -> None:
    completed = command("--env-file", "absent.env", "status")

    assert completed.returncode == 2
    assert completed.stderr.count("\n") == 1
    assert "there is no file absent.env" in completed.stderr
