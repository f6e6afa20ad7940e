"""The ways to the database itself: psql, an address, a server that stays up."""

import json
import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

PASSWORD = "-".join(["s3cret", "word"])


@pytest.fixture
def embedded(environment, tmp_path, process):
    """An embedded database of its own, stopped in the end."""
    del environment["IRACING_DATABASE_URL"]
    assert process("db", "upgrade").returncode == 0
    yield tmp_path / "data"
    process("db", "stop")


def test_a_shell_runs_statements_with_our_schema_on_the_search_path(process, tmp_path) -> None:
    (tmp_path / "ask.sql").write_text("SELECT current_setting('search_path');\nSELECT nothing;\nSELECT 'not reached';")

    shown = process("db", "shell", "-c", "SELECT count(*) AS series FROM series", "--csv")
    assert (shown.returncode, shown.stdout) == (0, "series\n0\n")
    failed = process("db", "shell", "-f", "ask.sql")
    assert failed.returncode == 6
    assert "iracing,public" in failed.stdout.replace(" ", "")
    assert "not reached" not in failed.stdout


def test_a_password_is_in_no_command_line(started, environment, database_url, tmp_path) -> None:
    url = make_url(database_url).set(password=PASSWORD)
    environment["IRACING_DATABASE_URL"] = url.render_as_string(hide_password=False)
    running = started("db", "shell", "-c", "SELECT pg_sleep(3)")

    seen = ""
    while running.poll() is None:
        seen += subprocess.run(["/bin/ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "pg_sleep(3)" in seen
    assert PASSWORD not in seen
    assert running.returncode == 0


def test_the_address_is_for_other_tools_and_has_a_password_only_on_request(command, environment, database_url) -> None:
    environment["IRACING_DATABASE_URL"] = make_url(database_url).set(password=PASSWORD).render_as_string(False)

    with psycopg.connect(command("db", "url").stdout.strip()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert PASSWORD not in command("db", "url").stdout
    assert f":{PASSWORD}@" in command("db", "url", "--with-password").stdout
    assert json.loads(command("db", "status", "--json").stdout)["is_up"] is True
    assert command("db", "start").returncode == 2


def test_an_embedded_server_stays_up_from_start_to_stop(process, embedded) -> None:
    assert json.loads(process("db", "status", "--json").stdout)["is_up"] is False
    down = process("db", "url")
    assert (down.returncode, "`iracing-sync db start` keeps it up" in down.stderr) == (6, True)

    assert json.loads(process("db", "start", "--json").stdout)["is_kept"] is True
    pid = (embedded / "postgresql/data/postmaster.pid").read_text().split()[0]
    assert process("db", "shell", "-c", "SELECT 1").returncode == 0
    with psycopg.connect(process("db", "url").stdout.strip()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert (embedded / "postgresql/data/postmaster.pid").read_text().split()[0] == pid

    assert json.loads(process("db", "stop", "--json").stdout)["is_up"] is False
    assert not Path("/proc", pid).exists() or "Z" in Path("/proc", pid, "stat").read_text()


def test_what_a_run_logs_of_its_database_works_afterwards(process, embedded, synthetic) -> None:
    ran = process("run", "--headless")
    [line] = [line for line in ran.stderr.splitlines() if "to look at it: " in line]
    _, _, words = line.partition("to look at it: iracing-sync ")

    shown = process(*words.split(), "-c", "SELECT count(*) > 20 FROM season")

    assert " t" in shown.stdout


@pytest.mark.parametrize("how", ["postgres://", "postgresql://", "words", "service", "libpq"])
def test_an_address_may_be_what_people_have(command, environment, database_url, tmp_path, how) -> None:
    url = make_url(database_url)
    words = {"host": url.query["host"], "port": url.query["port"], "user": url.username, "dbname": url.database}
    (tmp_path / "services.conf").write_text("[league]\n" + "".join(f"{key}={value}\n" for key, value in words.items()))
    given = {
        "words": " ".join(f"{key}={value}" for key, value in words.items()),
        "service": "service=league",
        "libpq": "libpq",
    }
    plain = database_url.partition("://")[2]
    environment["IRACING_DATABASE_URL"] = given.get(how, f"{how}{plain}")
    environment |= {"PGSERVICEFILE": str(tmp_path / "services.conf")} if how == "service" else {}
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}
    environment |= {names[key]: str(value) for key, value in words.items()} if how == "libpq" else {}

    assert json.loads(command("db", "current", "--json").stdout)["revision"]
    assert url.database in json.loads(command("db", "status", "--json").stdout)["url"]


@pytest.mark.parametrize("url", ["mysql://me@there/db", "league", "service='league", "PGHOST"])
def test_what_is_no_address_is_refused(command, environment, url) -> None:
    environment["IRACING_DATABASE_URL"] = url

    ran = command("db", "status")

    assert ran.returncode == 2
    assert "expected a PostgreSQL address such as postgresql://user@host/database, service=NAME, or libpq" in ran.stderr


def test_a_file_that_psql_writes_is_the_users_own(process, tmp_path) -> None:
    before = os.umask(0o022)
    process("db", "shell", "-c", "\\o out.txt")
    os.umask(before)

    assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o644
