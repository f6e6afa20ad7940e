"""A season: one run of a series, with its rules."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.tables.base import UNSAID, Id, Json, Record, source
from iracing_sync.tables.own import one_of


class Season(Record):
    """A season of a series. (series_id, season_year, season_quarter) is not unique."""

    __tablename__ = "season"
    __table_args__ = (
        Index(None, "season_year", "season_quarter"),
        Index(None, "series_id"),
        CheckConstraint("season_quarter BETWEEN 1 AND 4", name="season_quarter"),
        CheckConstraint("ends_at >= starts_at", name="ends_at"),
        one_of("status", "upcoming", "running", "ended", "withdrawn"),
    )
    __found_at__: ClassVar = ("series/seasons", "$[].")
    __volatile__: ClassVar = frozenset(
        {
            *("active", "complete", "race_week", "status", "missing_since"),
            *("schedule_hash", "settings_hash", "schedule_hash_version", "shape_id"),
        }
    )

    season_id: Mapped[Id] = mapped_column(
        comment="iRacing's number of the season", info=source("season_id", needed=True)
    )
    series_id: Mapped[int] = mapped_column(
        ForeignKey("series.series_id"),
        comment="the series it is a season of",
        info=source("series_id", "medium", needed=True),
    )
    name: Mapped[str] = mapped_column(
        comment="full name of the season; sponsors come and go in it", info=source("season_name", "low", needed=True)
    )
    short_name: Mapped[str | None] = mapped_column(
        comment="as in 2026 Season 1", info=source("season_short_name", "low")
    )
    season_year: Mapped[int] = mapped_column(
        comment="where the season began: year-long ones keep it to their end",
        info=source("season_year", "medium", needed=True),
    )
    season_quarter: Mapped[int] = mapped_column(
        comment="1 to 4, where the season began", info=source("season_quarter", "medium", needed=True)
    )
    starts_at: Mapped[datetime | None] = mapped_column(
        comment="when the first week begins", info=source("start_date", "high")
    )
    ends_at: Mapped[datetime | None] = mapped_column(comment="end of the last round")
    status: Mapped[str | None] = mapped_column(comment="upcoming, running, ended or withdrawn, as of the last document")
    active: Mapped[bool] = mapped_column(
        comment="iRacing's word: whether it is raced at present", info=source("active", needed=True)
    )
    complete: Mapped[bool | None] = mapped_column(comment="iRacing's word: whether it is over", info=source("complete"))
    race_week: Mapped[int | None] = mapped_column(comment="race_week_num of the current week", info=source("race_week"))
    official: Mapped[bool] = mapped_column(
        comment="whether its races count for iRating and safety rating", info=source("official", "medium", needed=True)
    )
    fixed_setup: Mapped[bool] = mapped_column(
        comment="whether all race with iRacing's setup", info=source("fixed_setup", "low", needed=True)
    )
    multiclass: Mapped[bool | None] = mapped_column(
        comment="whether several classes race together", info=source("multiclass")
    )
    driver_changes: Mapped[bool] = mapped_column(
        comment="true for team racing", info=source("driver_changes", "medium", needed=True)
    )
    min_team_drivers: Mapped[int | None] = mapped_column(
        comment="fewest drivers of a team", info=source("min_team_drivers", "medium")
    )
    max_team_drivers: Mapped[int | None] = mapped_column(
        comment="most drivers of a team", info=source("max_team_drivers", "medium")
    )
    drops: Mapped[int | None] = mapped_column(comment="weeks that do not count", info=source("drops", "medium"))
    incident_limit: Mapped[int | None] = mapped_column(
        comment="null where there is none", info=source("incident_limit", "medium")
    )
    incident_warn_mode: Mapped[int | None] = mapped_column(
        comment="0 where incidents below incident_limit cost nothing; else a penalty by the two parameters",
        info=source("incident_warn_mode"),
    )
    incident_warn_param1: Mapped[int | None] = mapped_column(
        comment="incidents until the first penalty; 0 where there is none", info=source("incident_warn_param1")
    )
    incident_warn_param2: Mapped[int | None] = mapped_column(
        comment="incidents between further penalties; 0 where there is none", info=source("incident_warn_param2")
    )
    license_group: Mapped[int | None] = mapped_column(
        comment="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says who "
        "may race",
        info=source("license_group", "medium"),
    )
    allowed_car_class_ids: Mapped[list[int]] = mapped_column(
        comment="sorted; series with weekly cars name one class only", info=source("car_class_ids", needed=True)
    )
    max_weeks: Mapped[int | None] = mapped_column(
        comment="how many rounds the season has", info=source("max_weeks", "medium")
    )
    schedule_description: Mapped[str | None] = mapped_column(
        comment="iRacing's words for when its races start", info=source("schedule_description", "low")
    )
    rookie_season: Mapped[str | None] = mapped_column(
        comment="iRacing's mark of a season for rookies, as in A; null elsewhere", info=source("rookie_season", "low")
    )
    settings: Mapped[Json] = mapped_column(
        nullable=False, server_default=text("'{}'::jsonb"), comment="the remaining flags under iRacing's names"
    )
    is_stub: Mapped[bool] = mapped_column(comment="known only from a document without its schedule")
    missing_since: Mapped[datetime | None] = mapped_column(
        default=UNSAID, comment="since when the active seasons lack it though its last round is not over"
    )
    schedule_hash: Mapped[str | None] = mapped_column(default=UNSAID, comment="of the rounds in canonical form")
    settings_hash: Mapped[str | None] = mapped_column(default=UNSAID, comment="of the rest in canonical form")
    schedule_hash_version: Mapped[int | None] = mapped_column(default=UNSAID, comment="of the canonical form")
    shape_id: Mapped[str | None] = mapped_column(
        ForeignKey("document_shape.shape_id"), default=UNSAID, comment="the fields of the document it came in"
    )
