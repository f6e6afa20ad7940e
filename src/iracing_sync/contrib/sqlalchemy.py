"""The tables and views as SQLAlchemy models with relationships, for reading.

`Event`, `Season`, `WeekSchedule` and so on stand on the tables that the tool itself writes by, and their relationships
have the names of Django's: `season.events`, `event.cars`, `event.layout.track`.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, Table, event
from sqlalchemy.orm import DeclarativeBase, Session, foreign, relationship, remote

from iracing_sync.contrib.relations import VIEW_KEYS, Relation, class_name, relations
from iracing_sync.database import connect
from iracing_sync.settings import with_driver
from iracing_sync.tables.mirrored import METADATA
from iracing_sync.tables.views import VIEWS


class ReadOnlyError(TypeError):
    """Somebody would write what iracing-sync alone writes."""


class Row(DeclarativeBase):
    """A row to read."""

    def __repr__(self) -> str:
        """Return what it is, its key and its name."""
        key = ", ".join(f"{column.name}={getattr(self, column.name)!r}" for column in self.__mapper__.primary_key)
        named = f" {self.name!r}" if hasattr(self, "name") else ""
        return f"<{type(self).__name__} {key}{named}>"


def open_tables(url: str, schema: str = "iracing") -> Engine:
    """Return an engine whose every transaction is in the schema, for an address as IRACING_DATABASE_URL takes it.

    Raises DatabaseError where it cannot connect, ValueError for words of libpq that are none.
    """
    return connect(with_driver(url), schema)


def model_of(table: Table, key: tuple[str, ...] = ()) -> type[Any]:
    """Return the model of a table, or of a view with what tells its rows apart."""
    mapped = {"primary_key": [table.c[name] for name in key]} if key else {}
    about = {"__doc__": table.comment, "__module__": __name__, "__table__": table, "__mapper_args__": mapped}
    return type(class_name(table.name), (Row,), about)


def relate(relation: Relation) -> None:
    """Give the models at both ends of a relation their attributes."""
    child, parent = MODELS[class_name(relation.table)], MODELS[class_name(relation.target)]
    (column,), (target,) = relation.columns, relation.target_columns
    key, pointed_to = child.__table__.c[column], parent.__table__.c[target]
    up, down = foreign(key) == remote(pointed_to), pointed_to == remote(foreign(key))
    setattr(child, relation.name, relationship(parent, primaryjoin=up, viewonly=True))
    setattr(parent, relation.reverse, relationship(child, primaryjoin=down, viewonly=True))


MODELS = {class_name(table.name): model_of(table) for table in METADATA.sorted_tables}
MODELS |= {class_name(view.name): model_of(view, VIEW_KEYS.get(view.name, ("event_id",))) for view in VIEWS.values()}
"""All models by name; each is an attribute of this module, too."""
for each in relations():
    relate(each)
globals().update(MODELS)
if TYPE_CHECKING:

    def __getattr__(name: str) -> type[Any]:
        """Return a model."""


__all__ = ["ReadOnlyError", "Row", "open_tables", *sorted(MODELS)]


@event.listens_for(Session, "before_flush")
def refuse_to_write(session: Session, *_: object) -> None:
    """Raise ReadOnlyError where a session would write rows of ours."""
    for row in (*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))):
        if isinstance(row, Row):
            raise ReadOnlyError(f"{type(row).__name__} is read-only: iracing-sync alone writes it, as by `run`")
