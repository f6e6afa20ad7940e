"""Cars, and the classes they race in."""

from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.records.base import Id, Json, Record


class SimCar(Record):
    """A car."""

    __tablename__ = "sim_car"

    car_id: Mapped[Id]
    name: Mapped[str]
    abbreviation: Mapped[str | None]
    make: Mapped[str | None]
    model: Mapped[str | None]
    package_id: Mapped[int | None] = mapped_column(comment="what a member buys")
    categories: Mapped[Json | None]
    power_hp: Mapped[int | None]
    weight_kg: Mapped[Decimal | None]
    price_usd: Mapped[Decimal | None] = mapped_column(comment="US list price")
    is_free_with_subscription: Mapped[bool | None]
    is_rain_enabled: Mapped[bool | None]
    retired: Mapped[bool | None]
    settings: Mapped[Json] = mapped_column(nullable=False, server_default=text("'{}'::jsonb"))
    is_stub: Mapped[bool] = mapped_column(comment="known only from a schedule; car/get does not explain it")


class CarClass(Record):
    """A class of cars that race each other."""

    __tablename__ = "car_class"

    car_class_id: Mapped[Id]
    name: Mapped[str | None]
    short_name: Mapped[str | None]
    relative_speed: Mapped[int | None]
    is_rain_enabled: Mapped[bool | None]
    is_stub: Mapped[bool] = mapped_column(comment="known only from a schedule; carclass/get does not explain it")


class CarClassMember(Record):
    """A car of a class."""

    __tablename__ = "car_class_member"
    __table_args__ = (Index(None, "car_id"),)
    __set_of__: ClassVar[str | None] = "car_class"

    car_class_id: Mapped[Id] = mapped_column(ForeignKey("car_class.car_class_id"))
    car_id: Mapped[Id] = mapped_column(ForeignKey("sim_car.car_id"))
