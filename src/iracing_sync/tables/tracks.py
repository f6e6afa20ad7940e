"""Tracks: what a member buys, and the layouts in it."""

from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.tables.base import Id, Json, Record, source


class SimTrack(Record):
    """A track as it is bought: one package with one or more layouts; what they differ in is of its newest."""

    __tablename__ = "sim_track"
    __found_at__: ClassVar = ("track/get", "$[].")

    package_id: Mapped[Id] = mapped_column(
        comment="iRacing's number of what a member buys", info=source("package_id", needed=True)
    )
    sku: Mapped[int | None] = mapped_column(
        comment="number of the package in iRacing's shop; 0 is null", info=source("sku")
    )
    name: Mapped[str] = mapped_column(comment="name of the track", info=source("track_name", needed=True))
    location: Mapped[str | None] = mapped_column(
        comment="town and country, as iRacing writes it", info=source("location")
    )
    latitude: Mapped[float | None] = mapped_column(comment="degrees", info=source("latitude"))
    longitude: Mapped[float | None] = mapped_column(comment="degrees", info=source("longitude"))
    time_zone: Mapped[str | None] = mapped_column(comment="IANA name", info=source("time_zone"))
    price_usd: Mapped[Decimal | None] = mapped_column(comment="US list price", info=source("price"))
    is_free_with_subscription: Mapped[bool | None] = mapped_column(
        comment="whether every member owns it", info=source("free_with_subscription")
    )
    is_purchasable: Mapped[bool | None] = mapped_column(comment="whether it can be bought", info=source("purchasable"))
    logo: Mapped[str | None] = mapped_column(
        comment="path below https://images-static.iracing.com", info=source("logo")
    )
    site_url: Mapped[str | None] = mapped_column(comment="the track's own site", info=source("site_url"))


class SimLayout(Record):
    """One layout of a track: what iRacing calls a track_id."""

    __tablename__ = "sim_layout"
    __table_args__ = (Index(None, "package_id"),)
    __found_at__: ClassVar = ("track/get", "$[].")

    track_id: Mapped[Id] = mapped_column(comment="iRacing's number of the layout", info=source("track_id", needed=True))
    package_id: Mapped[int | None] = mapped_column(
        ForeignKey("sim_track.package_id"),
        comment="the track it belongs to; null in a stub",
        info=source("package_id", needed=True),
    )
    name: Mapped[str] = mapped_column(comment="name of the track", info=source("track_name", needed=True))
    config_name: Mapped[str | None] = mapped_column(
        comment="name of the layout; null where the track has one only", info=source("config_name")
    )
    category: Mapped[str | None] = mapped_column(comment="oval, road, dirt_oval or dirt_road", info=source("category"))
    category_id: Mapped[int | None] = mapped_column(
        comment="iRacing's number of it: 1 oval, 2 road, 3 dirt_oval, 4 dirt_road", info=source("category_id")
    )
    track_type: Mapped[str | None] = mapped_column(
        comment="iRacing's words: Road Course, Short Oval …", info=source("track_type_text")
    )
    length_km: Mapped[float | None] = mapped_column(
        comment="kilometres a lap; iRacing gives miles", info=source("track_config_length")
    )
    corners_per_lap: Mapped[int | None] = mapped_column(comment="corners of a lap", info=source("corners_per_lap"))
    nominal_lap_seconds: Mapped[float | None] = mapped_column(
        comment="seconds of a usual lap, as iRacing reckons", info=source("nominal_lap_time")
    )
    max_cars: Mapped[int | None] = mapped_column(comment="most cars in a session", info=source("max_cars"))
    grid_stalls: Mapped[int | None] = mapped_column(comment="places on the grid", info=source("grid_stalls"))
    pit_stalls: Mapped[int | None] = mapped_column(comment="places in the pit lane", info=source("number_pitstalls"))
    pit_speed_limit_kph: Mapped[float | None] = mapped_column(
        comment="km/h in the pit lane; iRacing gives mph", info=source("pit_road_speed_limit")
    )
    has_night_lighting: Mapped[bool | None] = mapped_column(
        comment="whether it has lights at all", info=source("night_lighting")
    )
    is_fully_lit: Mapped[bool | None] = mapped_column(comment="whether the whole lap is lit", info=source("fully_lit"))
    is_rain_enabled: Mapped[bool | None] = mapped_column(
        comment="whether it can be raced in the wet", info=source("rain_enabled")
    )
    is_oval: Mapped[bool | None] = mapped_column(comment="whether it is an oval, of dirt too", info=source("is_oval"))
    is_dirt: Mapped[bool | None] = mapped_column(comment="whether its surface is dirt", info=source("is_dirt"))
    retired: Mapped[bool | None] = mapped_column(
        comment="whether iRacing has taken it out of service", info=source("retired")
    )
    latitude: Mapped[float | None] = mapped_column(
        comment="degrees; layouts of one package may lie apart", info=source("latitude")
    )
    longitude: Mapped[float | None] = mapped_column(comment="degrees", info=source("longitude"))
    site_url: Mapped[str | None] = mapped_column(comment="the layout's own site", info=source("site_url"))
    settings: Mapped[Json] = mapped_column(
        nullable=False, comment="the remaining fields under iRacing's names", server_default=text("'{}'::jsonb")
    )
    is_stub: Mapped[bool] = mapped_column(comment="known only from a schedule; track/get does not explain it")
