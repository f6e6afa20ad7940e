"""What the command line imports before it knows what is asked: next to nothing."""

import subprocess
import sys

import pytest

HEAVY = {
    *("alembic", "diskcache", "httpx", "icalendar", "orjson", "psycopg", "pyarrow", "rich", "sqlalchemy", "starlette"),
    "uvicorn",
}
OF_TYPER = {"pydantic"}
"""What typer itself loads to read the options of a command."""

SHOWN = (
    "import sys; from iracing_sync.cli import app; app(args=sys.argv[1:], standalone_mode=False); print(*sys.modules)"
)


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], HEAVY | OF_TYPER),
        (["run", "--help"], {"alembic", "httpx", "icalendar", "rich", "starlette", "uvicorn"}),
    ],
)
def test_help_is_there_without_the_heavy_packages(arguments, heavy) -> None:
    ran = subprocess.run([sys.executable, "-c", SHOWN, *arguments], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    loaded = {name.partition(".")[0] for name in ran.stdout.splitlines()[-1].split()}
    assert "iracing_sync" in loaded
    assert loaded & heavy == set()


def test_a_run_from_the_cache_alone_does_not_load_the_http_client(environment) -> None:
    arguments = ["run", "--offline", "--dry-run", "--headless"]

    ran = subprocess.run(
        [sys.executable, "-c", SHOWN, *arguments], env=environment, capture_output=True, text=True, check=False
    )

    loaded = {name.partition(".")[0] for name in ran.stdout.splitlines()[-1].split()}
    assert {"sqlalchemy", "diskcache"} <= loaded, ran.stderr
    assert "httpx" not in loaded


def test_status_loads_neither_the_http_client_nor_the_cache_nor_the_tables(command, environment) -> None:
    assert command("db", "upgrade").returncode == 0

    ran = subprocess.run(
        [sys.executable, "-c", SHOWN, "status"], env=environment, capture_output=True, text=True, check=False
    )

    modules = set(ran.stdout.splitlines()[-1].split())
    assert "sqlalchemy" in modules, ran.stderr
    assert modules & {"alembic", "diskcache", "httpx", "icalendar", "sqlalchemy.orm", "starlette", "uvicorn"} == set()


def test_a_command_that_migrates_nothing_does_not_load_alembic(command, environment) -> None:
    shown = "import sys; import iracing_sync.sync, iracing_sync.database; print('alembic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_run_whose_documents_are_known_loads_neither_mappers_nor_records(synthetic, command, environment) -> None:
    results = [command("run", "--json").returncode for _ in range(2)]
    assert results == [0, 0]  # the second takes them from the cache, and they are remembered so

    ran = subprocess.run(
        [sys.executable, "-c", SHOWN, "run", "--json"], env=environment, capture_output=True, text=True, check=False
    )

    modules = set(ran.stdout.splitlines()[-1].split())
    assert "iracing_sync.sync.unchanged" in modules, ran.stderr
    assert modules & {"sqlalchemy.orm", "iracing_sync.loader", "iracing_sync.mappers.seasons"} == set()
