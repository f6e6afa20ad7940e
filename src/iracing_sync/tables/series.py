"""A series: what runs again, season after season."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.tables.base import UNSAID, Id, Json, Record, source


class Series(Record):
    """A racing series."""

    __tablename__ = "series"
    __found_at__: ClassVar = ("series/get", "$[].")

    series_id: Mapped[Id] = mapped_column(
        comment="iRacing's number of the series", info=source("series_id", needed=True)
    )
    name: Mapped[str] = mapped_column(
        comment="full name of the series; sponsors come and go in it", info=source("series_name", "low", needed=True)
    )
    short_name: Mapped[str | None] = mapped_column(comment="short name of the series", info=source("series_short_name"))
    category: Mapped[str | None] = mapped_column(
        comment="oval, dirt_oval, dirt_road, sports_car, formula_car; road before 2024", info=source("category")
    )
    category_id: Mapped[int | None] = mapped_column(
        comment="iRacing's number of it: 1 oval, 2 road, 3 dirt_oval, 4 dirt_road, 5 sports_car, 6 formula_car",
        info=source("category_id"),
    )
    min_starters: Mapped[int | None] = mapped_column(
        comment="fewest drivers of an official race", info=source("min_starters", "low")
    )
    max_starters: Mapped[int | None] = mapped_column(
        comment="most drivers of a race; more are split", info=source("max_starters", "low")
    )
    oval_caution_type: Mapped[int | None] = mapped_column(
        comment="iRacing's number for how cautions are ruled on ovals; it explains none",
        info=source("oval_caution_type", "low"),
    )
    road_caution_type: Mapped[int | None] = mapped_column(
        comment="iRacing's number for how cautions are ruled on road courses; it explains none",
        info=source("road_caution_type", "low"),
    )
    allowed_licenses: Mapped[Json] = mapped_column(
        nullable=False,
        server_default=text("'[]'::jsonb"),
        comment="licence groups with their lowest and highest level",
        info=source("allowed_licenses", "medium"),
    )
    first_season_year: Mapped[int | None] = mapped_column(
        comment="year of the oldest season", info=source("first_season.season_year")
    )
    first_season_quarter: Mapped[int | None] = mapped_column(
        comment="1 to 4, of the oldest season", info=source("first_season.season_quarter")
    )
    search_filters: Mapped[str | None] = mapped_column(
        comment="words under which iRacing's search finds it, with commas", info=source("search_filters")
    )
    forum_url: Mapped[str | None] = mapped_column(comment="the series' forum", info=source("forum_url"))
    is_stub: Mapped[bool] = mapped_column(comment="known only from a lesser document than series/get")
    official: Mapped[bool | None] = mapped_column(
        default=UNSAID, comment="whether one of its seasons listed last is official"
    )
    logo: Mapped[str | None] = mapped_column(
        default=UNSAID, comment="file name below https://images-static.iracing.com/img/logos/series/"
    )
    active: Mapped[bool] = mapped_column(
        comment="false once it is retired", default=UNSAID, server_default=text("true")
    )
    missing_since: Mapped[datetime | None] = mapped_column(
        default=UNSAID, comment="since when series/get leaves it out"
    )
    retired_at: Mapped[datetime | None] = mapped_column(
        comment="when it was taken for retired: missing for longer than the grace period", default=UNSAID
    )
