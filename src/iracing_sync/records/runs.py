"""What the tool writes of itself: its runs, its calls, and what it noticed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.records.base import Base, Json


class SyncRun(Base):
    """One run of `iracing-sync run`."""

    __tablename__ = "sync_run"
    __table_args__ = (Index(None, "started_at"),)

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    arguments: Mapped[Json] = mapped_column(nullable=False, comment="the options of the command, without secrets")
    version: Mapped[str]
    status: Mapped[str] = mapped_column(comment="running, ok, partial or failed")
    exit_code: Mapped[int | None]
    counters: Mapped[Any] = mapped_column(JSONB, nullable=True, comment="the result as `run --json` prints it")
    warnings: Mapped[Any] = mapped_column(JSONB, nullable=True)
    listings: Mapped[Any] = mapped_column(
        JSONB, nullable=True, comment="how long iRacing's lists were, and how long when they were last believed"
    )


class ApiCallLog(Base):
    """One attempt to get an answer of iRacing, or one document found in the cache."""

    __tablename__ = "api_call_log"
    __table_args__ = (Index(None, "at"), Index(None, "run_id"))

    call_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    entry_id: Mapped[UUID | None] = mapped_column(
        unique=True, comment="of the entry on disk, so that none is written twice"
    )
    run_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("sync_run.run_id", ondelete="CASCADE"), comment="null for a command that only reads, or a dry run"
    )
    at: Mapped[datetime]
    endpoint: Mapped[str]
    params: Mapped[Json] = mapped_column(nullable=False)
    http_status: Mapped[int | None] = mapped_column(comment="null where nothing was asked or nothing answered")
    attempt: Mapped[int]
    cached: Mapped[str] = mapped_column(comment="hit, miss or refresh")
    duration_ms: Mapped[int] = mapped_column(comment="with the document behind the link")
    size_bytes: Mapped[int | None] = mapped_column(comment="unpacked, with the document behind the link")
    rate_limit_remaining: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(comment="why the attempt gave no document")


class ApiAllowance(Base):
    """What an account may still ask of iRacing, shared by all processes that use it."""

    __tablename__ = "api_allowance"

    account: Mapped[str] = mapped_column(primary_key=True, comment="a fingerprint of service, client and user")
    next_at: Mapped[datetime] = mapped_column(comment="when the next call is due")
    blocked_until: Mapped[datetime] = mapped_column(comment="when a refusal (429) ends")
    call_limit: Mapped[int | None] = mapped_column(comment="answers in a window, as iRacing tells")
    resets_at: Mapped[datetime] = mapped_column(comment="when the window ends, as iRacing tells")
    used: Mapped[int] = mapped_column(comment="our own calls since counted_from")
    others: Mapped[int] = mapped_column(comment="what else the account was used for in this window")
    counted_from: Mapped[datetime]
    window_seconds: Mapped[float] = mapped_column(comment="the longest window seen so far")


class ScheduleChange(Base):
    """A difference between two schedules that matters."""

    __tablename__ = "schedule_change"
    __table_args__ = (
        Index(None, "season_id", "race_week_num"),
        Index(None, "run_id"),
        Index(None, "series_id"),
        Index(None, "at"),
    )

    change_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("sync_run.run_id"))
    at: Mapped[datetime] = mapped_column(comment="the moment of the run")
    series_id: Mapped[int] = mapped_column(ForeignKey("series.series_id"))
    season_id: Mapped[int | None] = mapped_column(
        ForeignKey("season.season_id"), comment="null where a whole series changed"
    )
    race_week_num: Mapped[int | None] = mapped_column(comment="null where a whole season changed")
    field: Mapped[str] = mapped_column(
        comment="a column, or times, cars, restrictions, setups, weather, settings, round"
    )
    old: Mapped[Json | None]
    new: Mapped[Json | None]
    phase: Mapped[str] = mapped_column(comment="past, current or future, at the moment of the run")
    severity: Mapped[str] = mapped_column(comment="high, medium or low")


class SchemaDrift(Base):
    """A JSON path that is unknown to the mapper, or that came or went with a release of the API."""

    __tablename__ = "schema_drift"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(comment="unknown, appeared or vanished")
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class DocumentShape(Base):
    """Which JSON paths the seasons of a document had: what all of them gain or lose at once is a release of the API."""

    __tablename__ = "document_shape"

    shape_id: Mapped[str] = mapped_column(primary_key=True, comment="hash of the paths")
    paths: Mapped[Json] = mapped_column(
        nullable=False, comment="each path that occurs, and whether at least half of its objects have it"
    )


class LoadedCatalogue(Base):
    """The catalogue that was loaded last: the same bytes need not be mapped again."""

    __tablename__ = "loaded_catalogue"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[str] = mapped_column(comment="SHA-256 of the document")
    version: Mapped[str] = mapped_column(comment="the version of iracing-sync that loaded it")
    loaded_at: Mapped[datetime]
    rows: Mapped[Json] = mapped_column(nullable=False, comment="how many rows of each table it holds")


class LoadedDocuments(Base):
    """The documents for which the tables stand, as long as nothing else was loaded since: one row or none."""

    __tablename__ = "loaded_documents"

    fingerprint: Mapped[str] = mapped_column(
        primary_key=True, comment="SHA-256 of the documents with their times, of the options and of the version"
    )
    loaded_at: Mapped[datetime]
    seasons: Mapped[int] = mapped_column(comment="how many they list")
    rows: Mapped[Json] = mapped_column(nullable=False, comment="how many rows of each table they hold")
    stored: Mapped[Json] = mapped_column(nullable=False, comment="how many rows each table had after loading them")


class PastQuarter(Base):
    """A quarter that `run --history` has loaded."""

    __tablename__ = "past_quarter"

    season_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    season_quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    loaded_at: Mapped[datetime]
    seasons: Mapped[int] = mapped_column(comment="how many were loaded")
    lacking: Mapped[int | None] = mapped_column(
        comment="how many of those in season/list have no schedule even so; null where not compared"
    )
    is_over: Mapped[bool] = mapped_column(comment="every round was over: it need not be asked for again")
