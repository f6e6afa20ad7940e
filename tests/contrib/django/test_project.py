"""A project as people have it: examples/django, by its manage.py; .ci/check-django runs its own tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from remembered import RememberedWorld
from sqlalchemy.engine import make_url

from conftest import own_database
from iracing_sync.database import connect, head_revision
from iracing_sync.schema import upgrade
from iracing_sync.simulator import Simulator

EXAMPLE = Path(__file__).parents[3] / "examples" / "django"
SPRING = datetime(2025, 5, 14, 9, tzinfo=UTC)

Completed = subprocess.CompletedProcess[str]
Manage = Callable[..., Completed]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    parts = make_url(database_url)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PGHOST": str(parts.query["host"]),
        "PGPORT": str(parts.query["port"]),
        "PGUSER": str(parts.username),
        "PGDATABASE": str(parts.database),
        "PYTHONDONTWRITEBYTECODE": "1",
        "IRACING_DATA_DIR": str(tmp_path / "data"),
        "IRACING_CACHE_DIR": str(tmp_path / "cache"),
        "IRACING_API_RPS": "1000",
    }


@pytest.fixture
def manage(environment: dict[str, str]) -> Manage:
    """Run manage.py of the example."""

    def run(*arguments: str) -> Completed:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=EXAMPLE, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def simulator(environment: dict[str, str]) -> Iterator[Simulator]:
    with Simulator(RememberedWorld(), at=SPRING, rate_limit=10_000) as running:
        environment |= running.environment()
        yield running


@pytest.fixture
def column(database_url: str) -> Callable[[str], list[Any]]:
    """Ask the database for one column."""
    address = database_url.replace("+psycopg", "")

    def ask(query: str) -> list[Any]:
        with psycopg.connect(address, autocommit=True) as connection:
            asked = connection.execute(query)
            return [row[0] for row in asked] if asked.description else []

    return ask


@pytest.mark.empty_database
def test_a_new_project_is_migrated_checked_and_filled(manage: Manage, simulator: Simulator, column: Any) -> None:
    before = manage("check", "--database", "default")
    migrated = manage("migrate")
    after = manage("check", "--database", "default", "--fail-level", "WARNING")
    filled = manage("sync_iracing_series", "--headless")

    assert "iracing_sync.W001" in before.stderr
    assert migrated.returncode == 0, migrated.stderr
    assert after.returncode == 0, after.stderr
    assert filled.returncode == 0, filled.stderr
    assert "\nok: 29 seasons seen" in filled.stdout
    assert column("SELECT count(*) FROM iracing.event")[0] > 100
    assert manage("makemigrations", "--check").returncode == 0
    assert manage("iracing_sync", "db", "check").returncode == 0


def test_a_schema_that_is_there_is_left_alone_by_migrate(manage: Manage, column: Any, database_url: str) -> None:
    column("UPDATE iracing.alembic_version SET version_num = '0001'")

    migrated = manage("migrate", "--skip-checks")

    assert migrated.returncode == 0, migrated.stderr
    assert column("SELECT version_num FROM iracing.alembic_version") == ["0001"]


def test_commands_pass_on_options_output_and_exit_codes(manage: Manage, simulator: Simulator, column: Any) -> None:
    shown = manage("iracing_sync", "db", "current", "--settings", "league.settings")
    quarter = manage("sync_iracing_series", "--year", "2025", "--quarter", "2", "--refresh", "--headless")
    wrong = manage("sync_iracing_series", "--quater", "2")
    half = manage("sync_iracing_series", "--year", "2025")

    assert shown.stdout == f"iracing: revision {head_revision()}, newest {head_revision()}\n"
    assert quarter.returncode in (0, 3), quarter.stderr
    assert [wrong.returncode, half.returncode] == [2, 2]
    [arguments] = column("SELECT arguments FROM iracing.sync_run")
    assert arguments["refresh"]
    assert manage("iracing_sync", "--help").stdout.startswith("Usage: ")


def test_who_has_no_credentials_gets_the_exit_code_of_run(manage: Manage) -> None:
    ended = manage("sync_iracing_series", "--headless")

    assert ended.returncode == manage("iracing_sync", "run", "--headless").returncode != 0
    assert "Traceback" not in ended.stderr


def test_a_project_on_another_database_is_told_so(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text(
        "from league.settings import *\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'a'}}"
    )
    environment |= {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "elsewhere"}
    said = "the tables need PostgreSQL; 'default' of DATABASES is another"

    def ended(*command: str) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, *command], cwd=EXAMPLE, env=environment, capture_output=True, text=True, check=False
        )
        return ran.returncode, ran.stderr

    called = (
        "import django; django.setup(); from django.core.management import call_command, CommandError\n"
        "try: call_command('iracing_sync', 'status')\n"
        "except CommandError as error: raise SystemExit(f'{error.returncode} {error}')"
    )
    assert ended("manage.py", "iracing_sync", "status") == (2, f"iracing-sync: {said}\n")
    assert ended("manage.py", "send_iracing_changes", "--once", "--skip-checks") == (2, f"CommandError: {said}\n")
    assert ended("-c", called) == (1, f"2 {said}\n")


def test_a_database_that_is_set_for_iracing_sync_is_the_one(
    manage: Manage, environment: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text(database_url)
    environment |= {"PGDATABASE": "nowhere", "IRACING_DATABASE_URL_FILE": str(tmp_path / "url")}

    assert manage("iracing_sync", "db", "check").returncode == 0


def test_call_command_shows_what_is_said_and_raises_with_the_exit_code(
    project: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from django.core.management import CommandError, call_command

    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "CACHE"):
        monkeypatch.setenv(f"IRACING_{name}_DIR", str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    shown, said = StringIO(), StringIO()

    call_command("iracing_sync", "db", "check", stdout=shown)
    with pytest.raises(CommandError) as raised:
        call_command("sync_iracing_series", headless=True, stdout=StringIO(), stderr=said)

    assert shown.getvalue() == "iracing is as this version expects it\n"
    assert raised.value.returncode > 0
    assert said.getvalue().startswith("iracing-sync: ") or "iracing-sync: " in said.getvalue()


def test_another_schema_may_hold_the_tables(
    manage: Manage, environment: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    engine = connect(database_url, "racing")
    with engine.begin() as connection:
        upgrade(connection, "racing")
    engine.dispose()
    (tmp_path / "other.py").write_text('from league.settings import *\nIRACING_SYNC = {"SCHEMA": "racing"}\n')
    environment |= {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "other"}

    assert manage("migrate").returncode == 0
    assert manage("makemigrations", "--check").returncode == 0
    assert manage("iracing_sync", "db", "current").stdout.startswith("racing: ")
    counted = manage(
        "shell", "-c", "from iracing_sync.contrib.django.models import Event; print(Event.objects.count())"
    )
    assert counted.stdout.splitlines()[-1] == "0"


APART = """
from league.settings import *
INSTALLED_APPS.remove("planner")
DATABASES["racing"] = {{**DATABASES["default"], "NAME": "{name}"}}
DATABASE_ROUTERS = ["iracing_sync.contrib.django.router.IracingRouter"]
IRACING_SYNC = {{"DATABASE": "racing"}}
"""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname IN ('event', 'auth_user')"


@pytest.mark.empty_database
def test_a_database_of_their_own_may_hold_the_tables(
    manage: Manage, environment: dict[str, str], server_url: str, column: Any, tmp_path: Path
) -> None:
    with own_database(server_url) as url:
        (tmp_path / "apart.py").write_text(APART.format(name=make_url(url).database))
        environment |= {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "apart"}

        assert manage("migrate").returncode == 0
        assert manage("migrate", "--database", "racing").returncode == 0

        assert column(TABLES) == ["auth_user"]
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert [row[0] for row in connection.execute(TABLES)] == ["event"]
        count = "from iracing_sync.contrib.django.models import Event; print(Event.objects.count())"
        assert manage("shell", "-c", count).stdout.splitlines()[-1] == "0"
        assert manage("iracing_sync", "db", "check").returncode == 0
        assert manage("check", "--database", "racing", "--fail-level", "WARNING").returncode == 0
