"""Tracks: what a member buys, and the layouts in it."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.records.base import Id, Json, Record


class SimTrack(Record):
    """A track as it is bought: one package with one or more layouts."""

    __tablename__ = "sim_track"

    package_id: Mapped[Id]
    sku: Mapped[int | None]
    name: Mapped[str]
    location: Mapped[str | None]
    latitude: Mapped[Decimal | None] = mapped_column(comment="degrees")
    longitude: Mapped[Decimal | None] = mapped_column(comment="degrees")
    time_zone: Mapped[str | None] = mapped_column(comment="IANA name")
    price_usd: Mapped[Decimal | None] = mapped_column(comment="US list price")
    is_free_with_subscription: Mapped[bool | None]
    is_purchasable: Mapped[bool | None]
    logo: Mapped[str | None]
    site_url: Mapped[str | None]


class SimLayout(Record):
    """One layout of a track: what iRacing calls a track_id."""

    __tablename__ = "sim_layout"
    __table_args__ = (Index(None, "package_id"),)

    track_id: Mapped[Id]
    package_id: Mapped[int | None] = mapped_column(ForeignKey("sim_track.package_id"))
    name: Mapped[str]
    config_name: Mapped[str | None]
    category: Mapped[str | None]
    category_id: Mapped[int | None]
    track_type: Mapped[str | None]
    length_km: Mapped[Decimal | None]
    corners_per_lap: Mapped[int | None]
    nominal_lap_seconds: Mapped[Decimal | None]
    max_cars: Mapped[int | None]
    grid_stalls: Mapped[int | None]
    pit_stalls: Mapped[int | None]
    pit_speed_limit_kph: Mapped[Decimal | None]
    has_night_lighting: Mapped[bool | None]
    is_fully_lit: Mapped[bool | None]
    is_rain_enabled: Mapped[bool | None]
    is_oval: Mapped[bool | None]
    is_dirt: Mapped[bool | None]
    retired: Mapped[bool | None]
    settings: Mapped[Json] = mapped_column(nullable=False, server_default=text("'{}'::jsonb"))
    is_stub: Mapped[bool] = mapped_column(comment="known only from a schedule; track/get does not explain it")
