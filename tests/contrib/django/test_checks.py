"""What Django says of a schema that is not as this version expects it."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy.engine import make_url

Change = Callable[[str], None]


@pytest.fixture
def change(project: None, database_url: str) -> Iterator[Change]:
    """Let Django look at a database of the test's own, and change that past it."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = make_url(database_url).database
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as own:
        yield own.execute
    connection.close()
    connection.settings_dict["NAME"] = before


def found(*databases: str) -> list[tuple[str, str]]:
    """Return the number and the words of what is wrong."""
    from django.core.checks import Tags, run_checks

    return [(one.id, f"{one.msg} {one.hint}") for one in run_checks(tags=[Tags.database], databases=databases)]


@pytest.mark.parametrize(
    ("statement", "number", "words"),
    [
        ("UPDATE iracing.alembic_version SET version_num = '0001'", "E002", "iracing_sync db upgrade"),
        ("UPDATE iracing.alembic_version SET version_num = '9999'", "E003", "upgrade iracing-sync"),
        ("DROP SCHEMA iracing CASCADE", "W001", "manage.py migrate makes"),
        ("DROP TABLE iracing.alembic_version", "E005", "not iracing-sync's"),
    ],
)
def test_a_schema_that_does_not_fit_is_said_with_what_to_do(
    change: Change, statement: str, number: str, words: str
) -> None:
    assert found("default") == []

    change(statement)

    [(said, about)] = found("default")
    assert said == f"iracing_sync.{number}"
    assert words in about


def test_a_schema_that_is_gone_after_migrate_is_an_error(change: Change) -> None:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).record_applied("iracing_sync", "0001_initial")
    change("DROP SCHEMA iracing CASCADE")

    assert [number for number, _ in found("default")] == ["iracing_sync.E001"]


def test_a_database_that_cannot_be_reached_is_said_without_its_password(change: Change) -> None:
    from django.db import connection

    connection.settings_dict |= {"NAME": "nowhere", "PASSWORD": "s3cret"}
    [(number, about)] = found("default")
    connection.settings_dict["PASSWORD"] = ""

    assert number == "iracing_sync.E005"
    assert "nowhere" in about
    assert "s3cret" not in about


def test_a_check_without_databases_connects_to_none(change: Change) -> None:
    change("DROP SCHEMA iracing CASCADE")

    assert found() == []
