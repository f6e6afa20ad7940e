"""Django on a database of this worker that holds the tables and no row."""

import os
from collections.abc import Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from sqlalchemy.engine import make_url

from conftest import own_database


def of_django(url: str) -> dict[str, Any]:
    """Return an entry of DATABASES for an address."""
    parts = make_url(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.database,
        "USER": parts.username,
        "HOST": parts.query["host"],
        "PORT": parts.query["port"],
    }


@pytest.fixture(scope="session")
def project(server_url: str, migrated: str) -> Iterator[None]:
    """Set Django up, once in a process."""
    # a browser that another test has opened leaves an event loop behind, by which Django takes this for asynchronous
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with own_database(server_url, migrated) as url:
        apps = ["contenttypes", "auth", "postgres"]
        settings.configure(
            DATABASES={"default": of_django(url)},
            INSTALLED_APPS=[*(f"django.contrib.{name}" for name in apps), "iracing_sync.contrib.django"],
            USE_TZ=True,
        )
        django.setup()
        yield
        from django.db import connections

        connections.close_all()


@pytest.fixture
def rows(project: None) -> Iterator[Any]:
    """Give the factories, whose rows are taken back."""
    from django.db import transaction

    from iracing_sync.contrib.django import factories

    with transaction.atomic():
        yield factories
        transaction.set_rollback(True)


@pytest.fixture
def models(project: None) -> Any:
    """Give the models."""
    from iracing_sync.contrib.django import models

    return models


@pytest.fixture
def django_queries(project: None) -> Any:
    """Give what keeps the queries that are asked while it is open."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)
