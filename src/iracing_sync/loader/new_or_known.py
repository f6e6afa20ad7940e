"""How rows get into the tables: which of them meet nothing there, which are to be compared, and which need not go."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Column, Connection, Table, func, literal, select, union_all

from iracing_sync.tables.mirrored import mirrored_tables, owner_of
from iracing_sync.tables.rows import Row

RowsByTable = Mapping[str, Sequence[Row]]


class NewAndKnown(NamedTuple):
    """Rows by table: new ones, whose keys cannot be there, and those to be compared with what is stored."""

    new: RowsByTable
    known: RowsByTable


def new_and_known(connection: Connection, by_table: RowsByTable) -> NewAndKnown:
    """Tell rows apart by what is stored; a row that belongs to a season or class goes with it.

    A stub of what is stored changes nothing and is left out: it is nearly all that a season names.
    """
    roots = {table.name: root_of(table) for table in mirrored_tables() if table.name in by_table}
    stored = stored_roots(connection, roots, by_table)
    new: dict[str, Sequence[Row]] = {}
    known: dict[str, Sequence[Row]] = {}
    for name, root in roots.items():
        ids, key = stored[root.table.name], root.name
        is_root = name == root.table.name
        if found := [row for row in by_table[name] if row[key] not in ids]:
            new[name] = found
        if left := [row for row in by_table[name] if row[key] in ids and not (is_root and row.get("is_stub"))]:
            known[name] = left
    return NewAndKnown(new, known)


def stored_roots(
    connection: Connection, roots: Mapping[str, Column[int]], by_table: RowsByTable
) -> dict[str, set[int]]:
    """Return the ids that rows name and that are stored, by the table that they are keys of."""
    named: dict[Column[int], set[int]] = defaultdict(set)
    for name, root in roots.items():
        named[root].update(row[root.name] for row in by_table[name])
    queries = [select(literal(root.table.name), root).where(root == func.any(list(ids))) for root, ids in named.items()]
    stored: dict[str, set[int]] = {root.table.name: set() for root in named}
    for name, number in connection.execute(union_all(*queries)) if queries else ():
        stored[name].add(number)
    return stored


@cache
def root_of(table: Table) -> Column[int]:
    """Return the key by which it is told whether a row can be there: its own, or that of what it belongs to."""
    owner = owner_of(table)
    if owner is not None:
        return root_of(owner)
    [key] = table.primary_key
    return key
