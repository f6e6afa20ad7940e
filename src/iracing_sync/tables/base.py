"""What all records share: their types, and the columns that say when a row came and changed."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, Boolean, Date, Double, Integer, Numeric, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from iracing_sync.tables.own import METADATA

Severity = Literal["high", "medium", "low"]


class Unsaid(Enum):
    """The one value that stands for "this document does not say"."""

    UNSAID = "unsaid"


UNSAID: Any = Unsaid.UNSAID
"""Default of the columns that another document fills: the row keeps what it has."""

Id = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=False)]
"""A key that iRacing numbers, so PostgreSQL gets no sequence for it."""

LocalTime = Annotated[datetime, mapped_column(TIMESTAMP(timezone=False))]
"""Simulated time at the track, which has no zone."""

Json = Annotated[Any, mapped_column(JSONB)]


class Source(NamedTuple):
    """Where iRacing has the value of a column, and what a difference of it means.

    `path` is below the object of the record; `severity` is None for what is not compared; `words` are what people call
    it, the unit where it is a number; without a key that is `needed` its object cannot be mapped.
    """

    path: str
    severity: Severity | None
    words: str | None
    is_needed: bool


def source(
    path: str, severity: Severity | None = None, words: str | None = None, *, needed: bool = False
) -> dict[str, Any]:
    """Return what a column's `info` holds."""
    return {"source": Source(path, severity, words, needed)}


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The tables of the schema; which schema, the connection's search path says."""

    metadata = METADATA
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: Integer(),
        bool: Boolean(),
        str: Text(),
        date: Date(),
        datetime: TIMESTAMP(timezone=True),
        float: Double(),
        Decimal: Numeric(),
        UUID: Uuid(),
        list[int]: ARRAY(Integer()),
    }


class Record(Base):
    """A row that mirrors something of iRacing's.

    `__set_of__` names the table whose row owns this one together with its siblings: what a document leaves out of
    the set goes from the table. A class with an `is_stub` column may also come from a lesser document; such a record
    fills a gap but never overwrites what a fuller document said. `__volatile__` names the columns whose change alone
    is no change of the row, `__says_all__` tells that none may be left unsaid, and `__found_at__` is the endpoint that
    tells most of it, with the path of its objects there.

    A record enters no Session, so its values are kept without SQLAlchemy's bookkeeping, which takes five times as long.
    """

    __abstract__ = True
    __set_of__: ClassVar[str | None] = None
    __volatile__: ClassVar[frozenset[str]] = frozenset()
    __says_all__: ClassVar[bool]
    __found_at__: ClassVar[tuple[str, str]]

    def __init_subclass__(cls, **options: Any) -> None:
        """Map the class to its table, then give it a constructor that only keeps the values."""
        super().__init_subclass__(**options)
        describe(cls)
        cls.registry.configure()  # else the first statement would, and a record could not be read before it
        cls.__init__ = plain_constructor(cls)  # type: ignore[method-assign]

    @classmethod
    def lesser(cls, **said: Any) -> Self:
        """Return a record of which a lesser document says only this: of all other columns nothing is known."""
        unknown = {column.name: None for column in fields(cls) if column.init and column.default is MISSING}
        return cls(**unknown | said)

    first_seen_at: Mapped[datetime] = mapped_column(
        init=False, server_default=func.now(), sort_order=1000, comment="when this row came into the table"
    )
    last_changed_at: Mapped[datetime] = mapped_column(
        init=False, server_default=func.now(), sort_order=1001, comment="when a column of this row last changed"
    )
    last_changed_run_id: Mapped[UUID | None] = mapped_column(
        init=False, sort_order=1002, comment="the sync_run that wrote that change"
    )


def columns_of_key(table: Any, key: str) -> set[str]:
    """Return the columns of a table that come from one key of the object around them, or from inside it."""
    return {
        column.name
        for column in table.c
        if (source := column.info.get("source")) is not None and source.path.partition(".")[0] == key
    }


def describe(record: type[Record]) -> None:
    """Give the table the first line of its class, and the comments of its columns the place in iRacing's document."""
    if record.__dict__.get("__abstract__"):
        return
    table: Any = record.__table__
    endpoint, around = record.__found_at__
    table.comment = (record.__doc__ or "").partition("\n")[0]
    for column in table.c:
        if (source := column.info.get("source")) is not None:
            path = f"{around}{source.path}".removeprefix("$[].")
            column.comment = f"{column.comment} ({endpoint}: {path})"


def plain_constructor(record: type[Record]) -> Callable[..., None]:
    """Return a constructor that takes the same keywords as a dataclass's; what has a default may be left UNSAID."""
    columns = [column for column in fields(record) if column.init]
    names = {column.name for column in columns}
    unsaid = {column.name: UNSAID for column in columns if column.default is not MISSING}
    record.__says_all__ = not unsaid
    number = len(names)

    def keep(self: Record, **values: Any) -> None:
        kept = {**unsaid, **values} if unsaid else values
        if len(kept) != number:  # which of them is the type checker's to find
            raise TypeError(f"{type(self).__name__}: missing or unknown: {sorted(kept.keys() ^ names)}")
        self.__dict__ = kept

    return keep
