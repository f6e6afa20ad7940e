"""The text of models.pyi: what the models are to a type checker, from the same definitions."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, Column, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from iracing_sync.contrib.relations import VIEW_KEYS, class_name, relations
from iracing_sync.tables.mirrored import METADATA
from iracing_sync.tables.views import VIEWS


def models_text() -> str:
    """Return the classes by name, and the list of their names."""
    tables = {class_name(table.name): table for table in (*METADATA.sorted_tables, *VIEWS.values())}
    names = "".join(f'    "{name}",\n' for name in ("MODELS", *sorted(tables)))
    classes = "\n".join(class_text(name, tables[name]) for name in sorted(tables))
    return f"__all__ = [\n{names}]\n\nMODELS: dict[str, type[Row]]\n\n{classes}"


def class_text(name: str, table: Table) -> str:
    """Return a class: its columns, after them what it points to and what points to it."""
    key = VIEW_KEYS.get(table.name, ("event_id",)) if table.name in VIEWS else table.primary_key.columns.keys()
    columns = [f"{column.name}: Mapped[{type_of(column, is_key=column.name in key)}]" for column in table.columns]
    return "".join(f"{line}\n" for line in (f"class {name}(Row):", *(f"    {one}" for one in columns), *related(table)))


def related(table: Table) -> Iterator[str]:
    """Yield the relationships of a table; a view has none."""
    for relation in relations():
        if relation.table == table.name:
            or_none = " | None" if table.c[relation.columns[0]].nullable else ""
            yield f"    {relation.name}: Mapped[{class_name(relation.target)}{or_none}]"
        if relation.target == table.name:
            yield f"    {relation.reverse}: Mapped[list[{class_name(relation.table)}]]"


def type_of(column: Column[Any], *, is_key: bool) -> str:
    """Return Python's type of a column."""
    name = name_of_type(column.type)
    return name if is_key or not column.nullable or name == "Any" else f"{name} | None"


def name_of_type(kind: TypeEngine[Any]) -> str:
    """Return Python's name of a type."""
    if isinstance(kind, ARRAY):
        return f"list[{name_of_type(kind.item_type)}]"
    return "Any" if isinstance(kind, JSONB) else kind.python_type.__name__
