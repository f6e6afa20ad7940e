"""Draw the tables, their keys and what refers to what: python docs/diagrams/draw.py (needs `dot` of graphviz)."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import ForeignKeyConstraint, Table

from iracing_sync.tables.mirrored import METADATA, mirrored_tables

CATALOGUE = ("series", "sim_track", "sim_layout", "sim_car", "car_class", "car_class_member")

STYLE = """
  graph [rankdir=LR, nodesep=0.3, ranksep=0.9, pad=0.2, bgcolor="white"];
  node [shape=plain, fontname="Helvetica,Arial,sans-serif", fontsize=11];
  edge [arrowsize=0.7, color="#5a6472"];
"""


def pictures() -> dict[str, list[Table]]:
    """Return which tables are in which picture."""
    tables = sorted(METADATA.tables.values(), key=lambda table: table.name)
    mirrored = mirrored_tables()
    return {
        "catalogue": [table for table in tables if table.name in CATALOGUE],
        "schedule": [table for table in tables if table in mirrored and table.name not in CATALOGUE],
        "own": [table for table in tables if table not in mirrored],
    }


def drawn(tables: list[Table]) -> str:
    """Return a picture in graphviz's language; what is of another picture is a name only."""
    keys = [key for table in tables for key in references(table)]
    others = sorted({key.referred_table.name for key in keys} - {table.name for table in tables})
    lines = [
        *(f"  {table.name} [label=<{label(table)}>];" for table in tables),
        *(f'  {name} [shape=box, style="rounded,dashed", color="#9aa3af"];' for name in others),
        *(f'  {key.table.name} -> {key.referred_table.name} [id="{key.name}"];' for key in keys),
    ]
    return f"digraph tables {{{STYLE}{chr(10).join(lines)}\n}}\n"


def references(table: Table) -> list[ForeignKeyConstraint]:
    """Return the foreign keys of a table in the order of their names."""
    return sorted(table.foreign_key_constraints, key=lambda key: str(key.name))


def label(table: Table) -> str:
    """Return a table as graphviz's HTML: its name, then its keys."""
    rows = "".join(f'<TR><TD ALIGN="LEFT">{row}</TD></TR>' for row in key_rows(table))
    return (
        '<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4" COLOR="#5a6472">'
        f'<TR><TD BGCOLOR="#e8ecf1"><B>{table.name}</B></TD></TR>{rows}</TABLE>'
    )


def key_rows(table: Table) -> Iterator[str]:
    """Yield the columns of the primary key, underlined, then those that refer to another table."""
    for column in table.c:
        if column.primary_key:
            yield f"<U>{column.name}</U>"
    for column in table.c:
        if column.foreign_keys and not column.primary_key:
            yield column.name


if __name__ == "__main__":
    for name, tables in pictures().items():
        svg = subprocess.run(["dot", "-Tsvg"], input=drawn(tables), capture_output=True, text=True, check=True).stdout  # noqa: S607
        Path(__file__).with_name(f"{name}.svg").write_text(svg, "utf-8")
