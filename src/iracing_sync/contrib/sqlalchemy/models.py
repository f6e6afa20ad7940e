"""A model for each table and view, with relationships; what that gives to a type checker, models.pyi says."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import foreign, relationship, remote

from iracing_sync.contrib.relations import VIEW_KEYS, Relation, class_name, relations
from iracing_sync.contrib.sqlalchemy.rows import Row
from iracing_sync.tables.mirrored import METADATA
from iracing_sync.tables.views import VIEWS


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

__all__ = ["MODELS", *sorted(MODELS)]
