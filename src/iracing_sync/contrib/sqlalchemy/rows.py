"""Rows that are read and never written: iracing-sync alone writes them."""

from typing import NoReturn

from sqlalchemy import Table, event
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

from iracing_sync.tables import mirrored, views


class ReadOnlyError(TypeError):
    """Somebody would write what iracing-sync alone writes."""


class Row(DeclarativeBase):
    """A row to read."""

    def __repr__(self) -> str:
        """Return what it is, its key and its name."""
        key = ", ".join(f"{column.name}={getattr(self, column.name)!r}" for column in self.__mapper__.primary_key)
        named = f" {self.name!r}" if hasattr(self, "name") else ""
        return f"<{type(self).__name__} {key}{named}>"


@event.listens_for(Session, "before_flush")
def refuse_rows(session: Session, *_: object) -> None:
    """Raise ReadOnlyError where a session would write rows of ours."""
    for row in (*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))):
        if isinstance(row, Row):
            refuse(type(row).__name__)


@event.listens_for(Session, "do_orm_execute")
def refuse_statement(state: ORMExecuteState) -> None:
    """Raise ReadOnlyError for an INSERT, UPDATE or DELETE of ours."""
    table = getattr(state.statement, "table", None)
    if isinstance(table, Table) and table.metadata in (mirrored.METADATA, views.METADATA):
        refuse(table.name)


def refuse(name: str) -> NoReturn:
    """Say who writes what is of this name."""
    raise ReadOnlyError(f"{name} is read-only: iracing-sync alone writes it, as by `run`")
