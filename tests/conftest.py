"""Fixtures for every test: a real PostgreSQL, the recordings, a clean environment."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from xdist.scheduler import LoadScopeScheduling

from iracing_sync.database import connect
from iracing_sync.embedded import embedded_postgres
from iracing_sync.schema import upgrade

pytest_plugins = ["doubles", "other_user"]

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")

REPOSITORY = Path(__file__).parents[1]


DEAR = (
    *("cli/test_faults.py", "sync/test_a_year_of_nights.py", "sync/test_calendar_subscriber.py"),
    *("sync/test_recorded_moments.py", "report/test_in_browser.py", "report/test_reading.py", "report/test_page.py"),
)
"""Modules whose tests share a fixture that takes long: one worker gets them all, and begins with them."""


class DearFirst(LoadScopeScheduling):
    """Gives each worker one test after the other, but for the modules that are dear."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the module of a test that must stay with its neighbours, and the test itself of the others."""
        module = nodeid.partition("::")[0]
        return module if module.endswith(DEAR) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> DearFirst:
    return DearFirst(config, log)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("IRACING_") and name not in ("IRACING_RECORDINGS", "IRACING_WRITE_DOCS"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with embedded_postgres(
        tmp_path_factory.mktemp("server"), {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
    ) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(server_url: str) -> Iterator[str]:
    """Name a database that holds the tables and no row, to be copied."""
    with own_database(server_url) as url:
        engine = connect(url, "iracing")
        with engine.begin() as connection:
            upgrade(connection, "iracing")
        engine.dispose()
        yield str(make_url(url).database)


@contextmanager
def own_database(server_url: str, template: str = "template1") -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    administer(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(server_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give a database that holds the tables; an empty one to a test that is marked so."""
    is_empty = request.node.get_closest_marker("empty_database")
    template = "template1" if is_empty else request.getfixturevalue("migrated")
    with own_database(server_url, template) as url:
        yield url


@pytest.fixture
def tables(database_url: str) -> Iterator[Connection]:
    """Give a connection to the migrated tables of a database of one's own."""
    engine = connect(database_url, "iracing")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def recordings() -> Path:
    folder = Path(os.environ.get("IRACING_RECORDINGS") or REPOSITORY / "../shared/recordings")
    if not folder.is_dir():
        pytest.skip("recordings are absent: set IRACING_RECORDINGS")
    return folder.resolve()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def administer(server_url: str, statement: str) -> None:
    with psycopg.connect(server_url.replace("postgresql+psycopg", "postgresql", 1), autocommit=True) as connection:
        connection.execute(statement)
