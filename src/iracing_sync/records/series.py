"""A series: what runs again, season after season."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.records.base import UNSAID, Id, Json, Record


class Series(Record):
    """A racing series."""

    __tablename__ = "series"

    series_id: Mapped[Id]
    name: Mapped[str]
    short_name: Mapped[str | None]
    category: Mapped[str | None] = mapped_column(
        comment="oval, dirt_oval, dirt_road, sports_car, formula_car; road before 2024"
    )
    category_id: Mapped[int | None]
    min_starters: Mapped[int | None]
    max_starters: Mapped[int | None]
    oval_caution_type: Mapped[int | None]
    road_caution_type: Mapped[int | None]
    allowed_licenses: Mapped[Json] = mapped_column(
        nullable=False, server_default=text("'[]'::jsonb"), comment="licence groups with their lowest and highest level"
    )
    first_season_year: Mapped[int | None]
    first_season_quarter: Mapped[int | None]
    search_filters: Mapped[str | None]
    forum_url: Mapped[str | None]
    is_stub: Mapped[bool] = mapped_column(comment="known only from a lesser document than series/get")
    official: Mapped[bool | None] = mapped_column(
        default=UNSAID, comment="whether its newest listed season is official"
    )
    logo: Mapped[str | None] = mapped_column(
        default=UNSAID, comment="file name below https://images-static.iracing.com/img/logos/series/"
    )
    active: Mapped[bool] = mapped_column(default=UNSAID, server_default=text("true"))
    missing_since: Mapped[datetime | None] = mapped_column(
        default=UNSAID, comment="since when series/get leaves it out"
    )
    retired_at: Mapped[datetime | None] = mapped_column(default=UNSAID)
