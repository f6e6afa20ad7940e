"""Whether the settings fit, and with `manage.py check --database …` and `migrate` whether the tables do."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import connections, router

from iracing_sync.contrib.django.options import APP_LABEL, database

ROUTER = "iracing_sync.contrib.django.router.IracingRouter"


@checks.register()
def check_settings(**_given: Any) -> list[checks.CheckMessage]:
    """Return what is wrong with the settings; asks no database."""
    alias = database()
    if alias not in connections.settings:
        return [checks.Error(f"IRACING_SYNC['DATABASE'] is {alias!r}, which DATABASES lacks", id="iracing_sync.E006")]
    read = router.db_for_read(apps.get_model(APP_LABEL, "Event"))
    if read != alias:
        said = f"IRACING_SYNC['DATABASE'] is {alias!r}, and the models are read under {read!r}"
        return [checks.Error(said, hint=f"put {ROUTER} into DATABASE_ROUTERS", id="iracing_sync.E007")]
    return []


@checks.register(checks.Tags.database)
def check_schema(databases: Iterable[str] | None, **_rest: Any) -> list[checks.CheckMessage]:
    """Return what is wrong with the schema, if its database is among those to check."""
    alias = database()
    if alias not in (databases or ()):
        return []
    if connections[alias].vendor != "postgresql":
        return [checks.Error(f"the tables need PostgreSQL; {alias!r} of DATABASES is another", id="iracing_sync.E004")]
    from iracing_sync.contrib.django.schema_faults import schema_faults  # 0.4 s that no web process needs

    return schema_faults(alias)
