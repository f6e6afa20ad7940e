"""The schema: migrated, checked, locked."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, text

from iracing_sync.database import (
    alembic_config,
    connect,
    current_revision,
    differences,
    head_revision,
    prepare,
    run_lock,
    upgrade,
)
from iracing_sync.errors import DatabaseError, RunLocked

VIEWS = ("series_license", "current_event", "upcoming_session", "week_schedule", "sync_status")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url, "iracing")
    yield engine
    engine.dispose()


def prepared(engine: Engine, schema: str = "iracing") -> None:
    with engine.begin() as connection:
        prepare(connection, schema)


def test_an_empty_schema_is_migrated(engine) -> None:
    prepared(engine)

    with engine.begin() as connection:
        assert current_revision(connection) == head_revision()


def test_tables_of_others_are_left_alone(engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA iracing"))
        connection.execute(text("CREATE TABLE iracing.lap (id int)"))

    with pytest.raises(DatabaseError, match="iracing-sync db upgrade"):
        prepared(engine)


def test_an_older_revision_is_named_with_what_to_do(engine) -> None:
    prepared(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(DatabaseError, match=r"revision 0000.*iracing-sync db upgrade"):
        prepared(engine)


def test_the_migrations_make_exactly_what_the_records_define(engine) -> None:
    prepared(engine)

    with engine.begin() as connection:
        assert differences(connection, "iracing") is None
        connection.execute(text("ALTER TABLE event DROP COLUMN restart_type"))
        assert "restart_type" in (differences(connection, "iracing") or "")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers(engine, view) -> None:
    prepared(engine)

    with engine.begin() as connection:
        assert connection.execute(text(f"SELECT * FROM {view}")).keys()


def test_the_migrations_can_be_undone_and_done_again(engine) -> None:
    prepared(engine)

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection, "iracing"), "base")
        left = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'iracing'"))
        assert left.all() == ["alembic_version"]
        upgrade(connection, "iracing")
        assert differences(connection, "iracing") is None


def test_the_schema_may_have_another_name(database_url) -> None:
    engine = connect(database_url, "racing_calendar")
    prepared(engine, "racing_calendar")

    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM racing_calendar.event")) == 0
        assert connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname = 'iracing'")) == 0
    engine.dispose()


def test_a_second_run_finds_the_lock_held_and_a_third_finds_it_free(engine) -> None:
    with run_lock(engine, "iracing"), pytest.raises(RunLocked, match="another run"), run_lock(engine, "iracing"):
        pass

    with run_lock(engine, "iracing"), run_lock(engine, "another_schema"):
        pass


def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseError, match=r"127\.0\.0\.1") as refused:
        connect("postgresql+psycopg://racer:hidden-word@127.0.0.1:1/none", "iracing")

    assert "hidden-word" not in str(refused.value)
