"""What a project may set: IRACING_SYNC = {"SCHEMA": "iracing", "DATABASE": "default"}."""

import re

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS

APP_LABEL = "iracing_sync"
DEFAULTS = {"SCHEMA": "iracing", "DATABASE": DEFAULT_DB_ALIAS}


def option(name: str) -> str:
    """Return what is set; raises ImproperlyConfigured where something is that is no option."""
    given = getattr(settings, "IRACING_SYNC", {})
    if not isinstance(given, dict):
        raise ImproperlyConfigured(f"IRACING_SYNC: expected a dict with some of {', '.join(DEFAULTS)}")
    if unknown := sorted(given.keys() - DEFAULTS.keys()):
        raise ImproperlyConfigured(f"IRACING_SYNC[{unknown[0]!r}]: expected some of {', '.join(DEFAULTS)}")
    return str(given.get(name, DEFAULTS[name]))


def database() -> str:
    """Return the alias of DATABASES under which the tables are."""
    return option("DATABASE")


def schema() -> str:
    """Return the PostgreSQL schema of the tables."""
    name = option("SCHEMA")
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise ImproperlyConfigured(f"IRACING_SYNC['SCHEMA'] is {name!r}: expected small letters, digits and _")
    return name


def in_schema(name: str) -> str:
    """Return a table with its schema, as Django puts it into SQL: whatever the search path, whatever else is so called.

    Django leaves a name alone that is quoted already.
    """
    return f'"{schema()}"."{name}"'
