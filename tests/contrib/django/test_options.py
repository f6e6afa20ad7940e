"""What a project may set, and where an alias leads."""

from typing import Any

import pytest
from sqlalchemy.engine import make_url

from iracing_sync.errors import SettingsError


@pytest.fixture
def set_options(project: None) -> Any:
    from django.test import override_settings

    return lambda **options: override_settings(IRACING_SYNC=options)


@pytest.mark.parametrize("options", [{"SCHEME": "iracing"}, {"SCHEMA": 'a"b'}, {"SCHEMA": "7"}])
def test_what_cannot_be_set_is_said(set_options: Any, options: dict[str, str]) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from iracing_sync.contrib.django.options import in_schema

    with set_options(**options), pytest.raises(ImproperlyConfigured, match="IRACING_SYNC"):
        in_schema("event")


def test_options_that_are_no_dict_are_said(project: None) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.test import override_settings

    from iracing_sync.contrib.django.options import database

    with (
        override_settings(IRACING_SYNC=None),
        pytest.raises(ImproperlyConfigured, match="expected a dict"),
    ):
        database()


def test_an_alias_that_is_not_there_is_said(project: None) -> None:
    from iracing_sync.contrib.django.connection import address

    with pytest.raises(SettingsError, match="'racing', which DATABASES lacks"):
        address("racing")


SOCKET = {"NAME": "league", "USER": "", "PASSWORD": "", "HOST": "/run/pg", "PORT": "5433", "OPTIONS": {}}
SERVER = {**SOCKET, "USER": "me", "PASSWORD": "p@ss/w", "HOST": "db.example.org"}


def test_an_alias_leads_where_django_connects(project: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connections

    from iracing_sync.contrib.django.connection import address

    connection = connections["default"]
    monkeypatch.setattr(connection, "settings_dict", SOCKET)
    assert dict(make_url(address("default")).query) == {"host": "/run/pg", "port": "5433"}

    options = {"sslmode": "require", "assume_role": "reader", "pool": True, "isolation_level": 2}
    monkeypatch.setattr(connection, "settings_dict", SERVER | {"OPTIONS": options})
    url = make_url(address("default"))
    assert (url.username, url.password, url.host, url.port, url.database) == (
        *("me", "p@ss/w", "db.example.org", 5433),
        "league",
    )
    assert dict(url.query) == {"sslmode": "require", "options": "-c role=reader"}


def test_the_router_keeps_our_tables_to_their_database_and_others_out_of_it(set_options: Any) -> None:
    from django.contrib.auth.models import User

    from iracing_sync.contrib.django.models import Event
    from iracing_sync.contrib.django.router import IracingRouter

    router = IracingRouter()
    with set_options(DATABASE="racing"):
        assert router.db_for_read(Event) == router.db_for_write(Event) == "racing"
        assert router.db_for_read(User) is None
        assert router.db_for_read(User, instance=Event()) == "default"
        assert router.allow_relation(User(), Event()) is True
        assert router.allow_relation(User(), User()) is None
        assert [router.allow_migrate(db, "iracing_sync") for db in ("default", "racing")] == [False, True]
        assert [router.allow_migrate(db, "auth") for db in ("default", "racing")] == [None, False]
    with set_options():
        assert router.allow_migrate("default", "iracing_sync") is True
        assert router.allow_migrate("default", "auth") is None


def test_an_alias_that_is_unknown_or_has_no_router_is_said(set_options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.checks import run_checks
    from django.db import connections

    with set_options(DATABASE="racing"):
        assert [one.id for one in run_checks()] == ["iracing_sync.E006"]
        monkeypatch.setitem(connections.settings, "racing", connections.settings["default"])
        assert [one.id for one in run_checks()] == ["iracing_sync.E007"]
