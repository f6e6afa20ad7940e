"""The router for a project that has the tables under an alias of their own."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from iracing_sync.contrib.django.options import APP_LABEL, database


class IracingRouter:
    """Sends what concerns these tables to IRACING_SYNC["DATABASE"], and nothing else."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Return where a model is read; rows that hang on ours are where the project keeps its own."""
        if is_ours(model):
            return database()
        return DEFAULT_DB_ALIAS if is_ours(hints.get("instance")) else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **_hints: Any) -> bool | None:
        """Let rows of the project point to ours, wherever they are."""
        return True if is_ours(one) or is_ours(other) else None

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        """Keep our tables to their database, and a database of their own to our tables."""
        if app_label == APP_LABEL:
            return db == database()
        return False if db == database() != DEFAULT_DB_ALIAS else None


def is_ours(thing: Any) -> bool:
    """Tell whether a model or a row is one of this package."""
    return thing is not None and thing._meta.app_label == APP_LABEL
