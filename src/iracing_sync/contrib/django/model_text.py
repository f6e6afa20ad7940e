"""The text of models.py: one class a table and one a view, from their definitions."""

import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from sqlalchemy import ARRAY, TIMESTAMP, Column, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import BigInteger, Boolean, Date, Float, Integer, Numeric, Time, TypeEngine

from iracing_sync.contrib.relations import VIEW_KEYS, Relation, class_name, plural, relation_name, relations_of
from iracing_sync.tables.mirrored import METADATA, RECORDS
from iracing_sync.tables.views import VIEWS

OWN_TABLES = ("sync_run", "api_call_log", "schedule_change", "schema_drift", "past_quarter", "document_shape")
"""Those of the tool itself that tell a reader something."""

BASES = {
    "event": "EventRow",
    "sim_layout": "LayoutRow",
    "event_car": "CarRow",
    "car_restriction": "CarRow",
    "schedule_change": "ChangeRow",
}
"""The classes of rows.py by table."""

FIELDS: Mapping[type[TypeEngine[Any]], str] = {
    Boolean: "models.BooleanField",
    BigInteger: "models.BigIntegerField",
    Integer: "models.IntegerField",
    Float: "models.FloatField",
    Numeric: "models.DecimalField",
    Date: "models.DateField",
    Time: "models.TimeField",
    Uuid: "models.UUIDField",
    JSONB: "models.JSONField",
}
"""By type, the narrower first; what is none of them is text, an instant or an array."""

WIDTH = 100
"""How much of a comment stands in one line."""


def models_text() -> str:
    """Return the classes, formatted."""
    names = {record.__tablename__ for record in RECORDS} | set(OWN_TABLES)
    tables = [table for table in METADATA.sorted_tables if table.name in names]
    classes = [*map(class_of_table, tables), *map(class_of_view, VIEWS.values())]
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "120", "--stdin-filename", "models.py", "-"]
    written = "\n\n\n".join(classes)
    return subprocess.run(command, input=written, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours


def class_of_table(table: Table) -> str:
    """Return the class of a table."""
    key = ("event_id",) if table.name == "event" else tuple(column.name for column in table.primary_key)
    known = {relation.columns[0]: relation for relation in relations_of(table)}
    about = next((record.__doc__ for record in RECORDS if record.__table__ is table), None) or table.comment
    return class_text(table.name, str(about).splitlines()[0], table.columns, key, known)


def class_of_view(view: Table) -> str:
    """Return the class of a view."""
    return class_text(
        view.name, str(view.comment), view.columns, VIEW_KEYS.get(view.name, ("event_id",)), relations_of_view(view)
    )


def relations_of_view(view: Table) -> dict[str, Relation]:
    """Return the relations of a view by their columns: those that are the key of a table."""
    targets = {"event_id": METADATA.tables["event"]}
    for record in RECORDS:
        [first, *more] = record.__table__.primary_key
        if not more:
            targets[first.name] = METADATA.tables[record.__tablename__]
    targets["run_id"] = METADATA.tables["sync_run"]
    return {
        name: Relation(view.name, (name,), targets[name].name, (name,), relation_name(name), "+")
        for name in view.columns.keys()  # noqa: SIM118 - a collection of columns, not a dict
        if name in targets
    }


def class_text(
    table: str, about: str, columns: Iterable[Column[Any]], key: Sequence[str], known: Mapping[str, Relation]
) -> str:
    """Return a class: its fields in the order of the columns, after them what Django must know of the table."""
    lines = [f"class {class_name(table)}({BASES.get(table, 'ReadOnlyRow')}):", f'    """{about}"""', ""]
    if len(key) > 1:
        lines.append(f"    pk = models.CompositePrimaryKey({', '.join(map(repr, key))})")
    lines += [f"    {field_text(column, key, known.get(column.name))}" for column in columns]
    lines += ["", "    class Meta(ReadOnlyRow.Meta):", f'        db_table = in_schema("{table}")']
    words = table.replace("_", " ")
    if plural(words) != f"{words}s":
        lines.append(f'        verbose_name_plural = "{plural(words)}"')
    return "\n".join(lines)


def field_text(column: Column[Any], key: Sequence[str], relation: Relation | None) -> str:
    """Return a field: of a foreign key under the name of the relation, of any other column under its own."""
    is_key = key == (column.name,)
    kind, given = reference(relation, is_key=is_key) if relation else plain_field(column)
    if is_key:
        given.append("primary_key=True")
    elif column.nullable and column.name not in key:
        given.append("null=True")
    if column.comment:
        given.append(f"help_text={in_quotes(column.comment)}")
    return f"{relation.name if relation else column.name} = {kind}({', '.join(given)})"


def reference(relation: Relation, *, is_key: bool) -> tuple[str, list[str]]:
    """Return the kind of field that a foreign key is, and what it is given."""
    [column] = relation.columns
    is_named_alike = column == f"{relation.name}_id"
    kind = "models.OneToOneField" if is_key else "models.ForeignKey" if is_named_alike else "Reference"
    named = [] if is_named_alike else [f'db_column="{column}"']
    target = f'"{class_name(relation.target)}"'
    return kind, [target, "models.DO_NOTHING", *named, f'related_name="{relation.reverse}"']


def plain_field(column: Column[Any]) -> tuple[str, list[str]]:
    """Return the kind of field that any other column is, and what it is given."""
    if isinstance(column.type, ARRAY):
        return "ArrayField", [f"{field_kind(column.type.item_type)}()"]
    kind = "models.BigAutoField" if column.identity else field_kind(column.type)
    if kind == "models.DecimalField":  # Django 5.2 asks for bounds, which neither PostgreSQL nor reading heeds
        return kind, ["max_digits=20", "decimal_places=6"]
    return kind, []


def field_kind(kind: TypeEngine[Any]) -> str:
    """Return Django's name of a type."""
    if isinstance(kind, TIMESTAMP):
        return "models.DateTimeField" if kind.timezone else "LocalTimeField"
    return next((field for known, field in FIELDS.items() if isinstance(kind, known)), "models.TextField")


def in_quotes(words: str) -> str:
    """Return a comment as Python reads it, in several pieces where it is long."""
    pieces = wrap(words, WIDTH, drop_whitespace=False, break_long_words=False)
    return " ".join(f'"{piece}"' for piece in (piece.replace("\\", "\\\\").replace('"', '\\"') for piece in pieces))
