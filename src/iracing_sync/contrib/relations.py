"""What the tables are to each other, and what that is called from either end; derived from the foreign keys."""

from dataclasses import dataclass

from sqlalchemy import ForeignKeyConstraint, Table

from iracing_sync.tables.mirrored import METADATA

KEYS = {"track_id": "layout", "package_id": "track"}
"""The keys that iRacing calls otherwise than what they point to."""

SHORT = {
    "sim_track": "track",
    "sim_layout": "layout",
    "sim_car": "car",
    "car_restriction": "restriction",
    "schedule_change": "change",
    "api_call_log": "call",
}
"""What the rows of a table are called, where that is not the table's name."""

VIEW_KEYS = {
    "series_license": ("series_id", "license_group"),
    "session_schedule": ("event_id", "time_ordinal", "day_ordinal", "session_ordinal"),
    "upcoming_session": ("event_id", "time_ordinal", "day_ordinal", "session_ordinal"),
    "sync_status": ("run_id",),
}
"""What tells the rows of a view apart; of the others, event_id does."""


@dataclass(frozen=True)
class Relation:
    """A foreign key: `name` is what a row calls the one that it points to, `reverse` what that one calls all such rows.

    Where two columns point to a round, `columns` is the one number that stands for both.
    """

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    name: str
    reverse: str


def relations() -> list[Relation]:
    """Return all of them, parents first."""
    return [relation for table in METADATA.sorted_tables for relation in relations_of(table)]


def relations_of(table: Table) -> list[Relation]:
    """Return those by which a table points to others, in the order of its columns."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    found = [relation_of(table, key) for key in table.foreign_key_constraints]
    return sorted(found, key=lambda relation: places[relation.columns[0]])


def relation_of(table: Table, key: ForeignKeyConstraint) -> Relation:
    """Return what a foreign key means."""
    target = key.referred_table
    columns = tuple(element.parent.name for element in key.elements)
    pointed_to = tuple(element.column.name for element in key.elements)
    if len(columns) > 1 and is_one_number(table, target):
        columns = pointed_to = (f"{target.name}_id",)
    name = relation_name(columns[0])
    return Relation(table.name, columns, target.name, pointed_to, name, reverse_name(table.name, target.name))


def is_one_number(table: Table, target: Table) -> bool:
    """Tell whether one column of both tables stands for the whole key."""
    return f"{target.name}_id" in table.columns and f"{target.name}_id" in target.columns


def relation_name(column: str) -> str:
    """Return what a key points to.

    >>> relation_name("season_id"), relation_name("track_id")
    ('season', 'layout')
    """
    return KEYS.get(column, column.removesuffix("_id"))


def reverse_name(table: str, target: str) -> str:
    """Return what the rows of a table are to the one that they point to.

    >>> reverse_name("season", "series"), reverse_name("event_class", "event"), reverse_name("event_car", "sim_car")
    ('seasons', 'classes', 'event_cars')
    """
    return plural(SHORT.get(table, table).removeprefix(f"{target}_"))


def plural(name: str) -> str:
    """Return a name for many.

    >>> plural("season"), plural("class"), plural("series")
    ('seasons', 'classes', 'series')
    """
    if name.endswith("series"):
        return name
    return f"{name}es" if name.endswith("s") else f"{name}s"


def class_name(table: str) -> str:
    """Return what the class of a table or view is called.

    >>> class_name("event_car")
    'EventCar'
    """
    return table.title().replace("_", "")
