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


class ApiCallLog(Base):
    """One answer asked of iRacing, or found in the cache."""

    __tablename__ = "api_call_log"
    __table_args__ = (Index(None, "at"), Index(None, "run_id"))

    call_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("sync_run.run_id", ondelete="CASCADE"))
    at: Mapped[datetime]
    endpoint: Mapped[str]
    params: Mapped[Json] = mapped_column(nullable=False)
    http_status: Mapped[int | None] = mapped_column(comment="null where nothing was asked or nothing answered")
    attempt: Mapped[int]
    cached: Mapped[str] = mapped_column(comment="hit, miss or refresh")
    duration_ms: Mapped[int]
    size_bytes: Mapped[int | None]
    rate_limit_remaining: Mapped[int | None]


class ScheduleChange(Base):
    """A difference between two schedules that matters."""

    __tablename__ = "schedule_change"
    __table_args__ = (Index(None, "season_id", "race_week_num"), Index(None, "run_id"))

    change_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("sync_run.run_id"))
    at: Mapped[datetime]
    season_id: Mapped[int] = mapped_column(ForeignKey("season.season_id"))
    race_week_num: Mapped[int | None]
    field: Mapped[str]
    old: Mapped[Json | None]
    new: Mapped[Json | None]
    phase: Mapped[str] = mapped_column(comment="past, current or future, at the moment of the run")
    severity: Mapped[str] = mapped_column(comment="high, medium or low")


class SchemaDrift(Base):
    """A JSON path that is unknown to the mapper, or has vanished."""

    __tablename__ = "schema_drift"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(comment="unknown or vanished")
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
