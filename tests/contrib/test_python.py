"""What is public for programs in Python: its names, and that what docs/python.md shows of it works."""

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import assert_type
from uuid import uuid4

import pytest
from remembered import RememberedWorld
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from conftest import REPOSITORY
from iracing_sync import errors
from iracing_sync.app.run import run_once
from iracing_sync.contrib import sqlalchemy
from iracing_sync.settings import load_settings
from iracing_sync.simulator import Simulator
from iracing_sync.sync import Options
from iracing_sync.tables.mirrored import METADATA
from iracing_sync.tables.views import VIEWS

PAGE = (REPOSITORY / "docs/python.md").read_text("utf-8")

PUBLIC = {
    "iracing_sync.sync": ["Options", "sync"],
    "iracing_sync.app.run": ["run_once"],
    "iracing_sync.app.access": ["credentials_of", "open_access"],
    "iracing_sync.settings": ["Settings", "load_settings"],
    "iracing_sync.result": ["Counts", "Result"],
    "iracing_sync.fetch.http": ["ApiClient", "http_client"],
    "iracing_sync.follow": ["Follower"],
    "iracing_sync.contrib.sqlalchemy": ["ReadOnlyError", "Row", "open_tables"],
    "iracing_sync.contrib.celery.tasks": [
        *("publish_waiting", "queue_season_schedule_fetch", "queue_series_seasons_fetch", "work_on")
    ],
}
"""A name that goes from here breaks programs: it is for a new major version."""

KINDS_OF_ERROR = {
    *("AccessRefused", "ApiUnavailable", "CallBudgetSpent", "CallLater", "DatabaseError", "DocumentError"),
    *("GuardRefused", "Interrupted", "LoadError", "MappingError", "NothingFound", "OutputError", "RunLocked"),
    *("SettingsError", "SyncError", "UnforeseenError"),
}


@pytest.mark.parametrize("module", PUBLIC)
def test_the_public_names_are_there_with_a_docstring_and_on_the_page(module) -> None:
    for name in PUBLIC[module]:
        one = getattr(import_module(module), name)
        assert inspect.getdoc(one)
        assert f"`{name}`" in PAGE or f"`{name}(" in (REPOSITORY / "docs/scaling.md").read_text("utf-8")


def test_the_kinds_of_errors_keep_their_names() -> None:
    assert {
        name for name, one in vars(errors).items() if inspect.isclass(one) and one.__module__ == errors.__name__
    } == (KINDS_OF_ERROR)


def test_there_is_a_model_for_each_table_and_view() -> None:
    tables = {model.__table__.name for model in sqlalchemy.MODELS.values()}

    assert tables == {*METADATA.tables, *VIEWS}
    assert (REPOSITORY / "src/iracing_sync/py.typed").exists()


@pytest.fixture
def programs(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give what a program finds in its environment: a filled database and a simulated iRacing."""
    with Simulator(RememberedWorld(), at=datetime(2025, 5, 14, 9, tzinfo=UTC), rate_limit=10_000) as simulator:
        given = simulator.environment() | {
            "IRACING_DATABASE_URL": database_url.replace("+psycopg", "", 1),
            "IRACING_DATA_DIR": str(tmp_path / "data"),
            "IRACING_CACHE_DIR": str(tmp_path / "cache"),
            "IRACING_AT": "2025-05-14T09:00",
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        engine = sqlalchemy.open_tables(given["IRACING_DATABASE_URL"], read_only=False)
        assert run_once(load_settings(), engine, Options(), uuid4()).status == "ok"
        engine.dispose()
        yield given["IRACING_DATABASE_URL"]


def test_the_examples_of_the_page_run(programs, capsys) -> None:
    names: dict[str, object] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(example, names)  # noqa: S102 - our own page

    shown = capsys.readouterr().out
    assert re.search(r"^2025-\d\d-\d\d .* \['.+'\]$", shown, re.MULTILINE)
    assert "ok 0 {'inserted': 0" in shown
    assert "car/get 200" in shown
    names["engine"].dispose()  # type: ignore[attr-defined]
    names["writer"].dispose()  # type: ignore[attr-defined]


def test_relationships_lead_both_ways_and_nothing_is_written(programs) -> None:
    engine = sqlalchemy.open_tables(programs)
    with Session(engine) as session:
        event = session.scalars(select(sqlalchemy.Event).order_by(sqlalchemy.Event.event_id)).first()
        assert event is not None
        assert_type(event.season.events[0].layout, sqlalchemy.SimLayout)
        assert_type(event.starts_at, datetime | None)
        assert event in event.season.events
        assert event.season.series.seasons
        assert event.layout.track.layouts
        assert {one.event_id for one in event.cars} == {event.event_id}
        assert event.cars[0] in event.cars[0].car.event_cars
        assert repr(event.season).startswith(f"<Season season_id={event.season_id} '")
        assert session.scalars(select(sqlalchemy.WeekSchedule)).all() == []
        event.race_laps = 1
        with pytest.raises(sqlalchemy.ReadOnlyError, match="Event is read-only"):
            session.flush()
    engine.dispose()


STATEMENTS = [
    delete(sqlalchemy.Event),
    update(sqlalchemy.Event).values(race_laps=1),
    insert(sqlalchemy.Series).values(series_id=1),
    delete(METADATA.tables["event"]),
]


@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_no_session_executes_what_would_write(database_url, statement) -> None:
    engine = sqlalchemy.open_tables(database_url, read_only=False)
    with Session(engine) as session, pytest.raises(sqlalchemy.ReadOnlyError, match="is read-only"):
        session.execute(statement)
    with Session(engine) as session, pytest.raises(sqlalchemy.ReadOnlyError, match="event is read-only"):
        session.query(sqlalchemy.Event).delete()
    engine.dispose()


def test_what_no_session_sees_postgresql_refuses_unless_it_is_asked_not_to(database_url) -> None:
    row = [{"package_id": 1, "name": "Harbour Ring"}]
    reader = sqlalchemy.open_tables(database_url)
    with Session(reader) as session, pytest.raises(InternalError, match="read-only transaction"):
        session.bulk_insert_mappings(sqlalchemy.SimTrack, row)
    writer = sqlalchemy.open_tables(database_url, read_only=False)
    with writer.begin() as connection:
        connection.execute(insert(METADATA.tables["sim_track"]), row)
    with Session(reader) as session:
        assert session.scalar(select(sqlalchemy.SimTrack.name)) == "Harbour Ring"
    reader.dispose()
    writer.dispose()


def test_a_schema_without_tables_is_said_to_whoever_reads(database_url) -> None:
    with pytest.raises(errors.DatabaseError, match="the schema nosuch is empty"):
        sqlalchemy.open_tables(database_url, "nosuch")


@pytest.mark.parametrize("address", ["", "nonsense", "sqlite://", "mysql://host/db"])
def test_what_is_no_postgresql_is_no_address(address) -> None:
    with pytest.raises(ValueError, match="expected a PostgreSQL address"):
        sqlalchemy.open_tables(address)
