"""What the project began as: Django's `update_or_create` for each row, one transaction for each document."""

import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from documents import records_of
from sqlalchemy import ARRAY, Column, Table, make_url
from sqlalchemy.dialects.postgresql import JSONB

from iracing_sync.loader.rows import rows_by_table
from iracing_sync.tables.mirrored import mirrored_tables

FIELDS: dict[type, type[models.Field]] = {
    int: models.IntegerField,
    str: models.TextField,
    bool: models.BooleanField,
    date: models.DateField,
    time: models.TimeField,
    datetime: models.DateTimeField,
    UUID: models.UUIDField,
}


def configure(url: str, schema: str) -> None:
    """Point Django at the schema."""
    parts = make_url(url)
    settings.configure(
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.database,
                "USER": parts.username,
                "PASSWORD": parts.password,
                "HOST": parts.query.get("host", parts.host),
                "PORT": parts.query.get("port", parts.port),
                "OPTIONS": {"options": f"-c search_path={schema}"},
            }
        },
    )
    django.setup()


def model_of(table: Table) -> type[models.Model]:
    """Return an unmanaged model of a table."""
    keys = [column.name for column in table.primary_key]
    fields: dict[str, Any] = {column.name: field_of(column, is_key=keys == [column.name]) for column in table.columns}
    if len(keys) > 1:
        fields["pk"] = models.CompositePrimaryKey(*keys)
    meta = type("Meta", (), {"managed": False, "db_table": table.name, "app_label": "benchmarks"})
    return type(table.name, (models.Model,), {**fields, "Meta": meta, "__module__": __name__})


def field_of(column: Column[Any], *, is_key: bool) -> models.Field:
    """Return the field of a column; when a row came and changed the database knows."""
    if column.name in ("first_seen_at", "last_changed_at"):
        return models.DateTimeField(db_default=models.functions.Now())
    given: dict[str, Any] = {"primary_key": True} if is_key else {"null": column.nullable}
    if isinstance(column.type, ARRAY):
        return ArrayField(FIELDS[column.type.item_type.python_type](), **given)
    if isinstance(column.type, JSONB):
        return models.JSONField(**given)
    if column.type.python_type is Decimal:
        return models.DecimalField(max_digits=30, decimal_places=10, **given)
    return FIELDS[column.type.python_type](**given)


def main() -> None:
    """Write every row of every document."""
    configure(sys.argv[1], sys.argv[2])
    found = {table.name: (model_of(table), [one.name for one in table.primary_key]) for table in mirrored_tables()}
    for records in records_of(Path(sys.argv[3])):
        by_table = rows_by_table(records)
        with transaction.atomic():
            for name, (model, keys) in found.items():
                for row in by_table.get(name, []):
                    said = {column: value for column, value in row.items() if column not in keys}
                    model.objects.update_or_create(**{key: row[key] for key in keys}, defaults=said)


if __name__ == "__main__":
    main()
