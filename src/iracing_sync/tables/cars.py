"""Cars, and the classes they race in."""

from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.tables.base import Id, Json, Record, source


class SimCar(Record):
    """A car."""

    __tablename__ = "sim_car"
    __found_at__: ClassVar = ("car/get", "$[].")

    car_id: Mapped[Id] = mapped_column(comment="iRacing's number of the car", info=source("car_id", needed=True))
    name: Mapped[str] = mapped_column(comment="full name of the car", info=source("car_name", needed=True))
    abbreviation: Mapped[str | None] = mapped_column(
        comment="short name, as on a timing screen", info=source("car_name_abbreviated")
    )
    make: Mapped[str | None] = mapped_column(comment="who builds the car", info=source("car_make"))
    model: Mapped[str | None] = mapped_column(comment="the maker's model", info=source("car_model"))
    package_id: Mapped[int | None] = mapped_column(comment="what a member buys", info=source("package_id"))
    sku: Mapped[int | None] = mapped_column(
        comment="number of the car in iRacing's shop; 0 is null", info=source("sku")
    )
    categories: Mapped[Json | None] = mapped_column(
        comment="in which categories it races, in order of the alphabet", info=source("categories")
    )
    power_hp: Mapped[int | None] = mapped_column(comment="horsepower", info=source("hp"))
    weight_kg: Mapped[float | None] = mapped_column(
        comment="kilograms; iRacing gives pounds", info=source("car_weight")
    )
    price_usd: Mapped[Decimal | None] = mapped_column(comment="US list price", info=source("price"))
    is_free_with_subscription: Mapped[bool | None] = mapped_column(
        comment="whether every member owns it", info=source("free_with_subscription")
    )
    is_rain_enabled: Mapped[bool | None] = mapped_column(
        comment="whether it may race in the wet", info=source("rain_enabled")
    )
    retired: Mapped[bool | None] = mapped_column(
        comment="whether iRacing has taken it out of service", info=source("retired")
    )
    settings: Mapped[Json] = mapped_column(
        nullable=False, comment="the remaining fields under iRacing's names", server_default=text("'{}'::jsonb")
    )
    is_stub: Mapped[bool] = mapped_column(comment="known only from a schedule; car/get does not explain it")


class CarClass(Record):
    """A class of cars that race each other."""

    __tablename__ = "car_class"
    __found_at__: ClassVar = ("carclass/get", "$[].")

    car_class_id: Mapped[Id] = mapped_column(
        comment="iRacing's number of the class", info=source("car_class_id", needed=True)
    )
    name: Mapped[str | None] = mapped_column(comment="name of the class", info=source("name"))
    short_name: Mapped[str | None] = mapped_column(comment="short name of the class", info=source("short_name"))
    relative_speed: Mapped[int | None] = mapped_column(
        comment="iRacing's rank of its pace: the higher, the faster", info=source("relative_speed")
    )
    is_rain_enabled: Mapped[bool | None] = mapped_column(
        comment="whether all its cars may race in the wet", info=source("rain_enabled")
    )
    is_stub: Mapped[bool] = mapped_column(comment="known only from a schedule; carclass/get does not explain it")


class CarClassMember(Record):
    """A car of a class."""

    __tablename__ = "car_class_member"
    __table_args__ = (Index(None, "car_id"),)
    __set_of__: ClassVar[str | None] = "car_class"
    __found_at__: ClassVar = ("carclass/get", "$[].cars_in_class[].")

    car_class_id: Mapped[Id] = mapped_column(ForeignKey("car_class.car_class_id"), comment="the class")
    car_id: Mapped[Id] = mapped_column(
        ForeignKey("sim_car.car_id"), comment="the car in it", info=source("car_id", needed=True)
    )
