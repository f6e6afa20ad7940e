"""A round of a season, and what belongs to it."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ARRAY, TIMESTAMP, ForeignKey, ForeignKeyConstraint, Index, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.records.base import Id, Json, LocalTime, Record


class Event(Record):
    """One round of a season."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "starts_at", "ends_at"), Index(None, "track_id"))
    __set_of__: ClassVar[str | None] = "season"

    season_id: Mapped[Id] = mapped_column(ForeignKey("season.season_id"))
    race_week_num: Mapped[Id] = mapped_column(comment="0 is the first week")
    track_id: Mapped[int] = mapped_column(
        ForeignKey("sim_layout.track_id"), comment="may move in mid-season, so it is no part of the key"
    )
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    is_ends_at_derived: Mapped[bool] = mapped_column(comment="true where iRacing gave no week_end_time (before 2025)")
    race_laps: Mapped[int | None] = mapped_column(comment="null where only time limits the race")
    race_minutes: Mapped[int | None] = mapped_column(comment="null where only laps limit the race")
    practice_minutes: Mapped[int | None]
    qualify_minutes: Mapped[int | None]
    qualify_laps: Mapped[int | None] = mapped_column(comment="null where only time limits it")
    warmup_minutes: Mapped[int | None]
    is_qualify_attached: Mapped[bool | None]
    start_type: Mapped[str | None] = mapped_column(comment="Rolling or Standing")
    restart_type: Mapped[str | None]
    has_full_course_cautions: Mapped[bool | None]
    category: Mapped[str | None]
    category_id: Mapped[int | None]
    precip_chance_pct: Mapped[int | None]
    temp_c: Mapped[Decimal | None] = mapped_column(comment="the setting; the forecast is temp_low_c to temp_high_c")
    temp_low_c: Mapped[Decimal | None]
    temp_high_c: Mapped[Decimal | None]
    simulated_start_at: Mapped[LocalTime | None] = mapped_column(comment="local to the track")
    special_event_type: Mapped[int | None]
    weather_config: Mapped[Json | None] = mapped_column(comment="the round's weather under iRacing's names and units")
    settings: Mapped[Json] = mapped_column(
        nullable=False, server_default=text("'{}'::jsonb"), comment="the remaining flags under iRacing's names"
    )
    removed_at: Mapped[datetime | None] = mapped_column(comment="when the season's schedule came without this round")
    is_stub: Mapped[bool] = mapped_column(comment="known only from a document with number and track")


class EventPart(Record):
    """Something that belongs to one round and comes and goes with its document."""

    __abstract__ = True
    __set_of__: ClassVar[str | None] = "event"

    season_id: Mapped[Id] = mapped_column(sort_order=-2)
    race_week_num: Mapped[Id] = mapped_column(sort_order=-1)


def of_event() -> ForeignKeyConstraint:
    """Return the reference to the round."""
    columns = ["season_id", "race_week_num"]
    return ForeignKeyConstraint(columns, [f"event.{column}" for column in columns], ondelete="CASCADE")


class EventTime(EventPart):
    """When the sessions of a round start: a repeating pattern or set times."""

    __tablename__ = "event_time"
    __table_args__ = (of_event(),)

    ordinal: Mapped[Id] = mapped_column(comment="0 is the first descriptor")
    is_repeating: Mapped[bool]
    is_super_session: Mapped[bool]
    session_minutes: Mapped[int | None]
    starts_on: Mapped[date | None]
    day_offsets: Mapped[list[int] | None] = mapped_column(comment="days after starts_on")
    first_session_at: Mapped[time | None] = mapped_column(Time, comment="UTC, on each of the days")
    repeat_minutes: Mapped[int | None]
    session_times: Mapped[list[datetime] | None] = mapped_column(ARRAY(TIMESTAMP(timezone=True)))


class EventClass(EventPart):
    """A car class of a round."""

    __tablename__ = "event_class"
    __table_args__ = (of_event(), Index(None, "car_class_id"))

    car_class_id: Mapped[Id] = mapped_column(ForeignKey("car_class.car_class_id"))
    ordinal: Mapped[int] = mapped_column(comment="iRacing's order, from 0")


class EventCar(EventPart):
    """A car that one may drive in a round."""

    __tablename__ = "event_car"
    __table_args__ = (of_event(), Index(None, "car_id"))

    car_id: Mapped[Id] = mapped_column(ForeignKey("sim_car.car_id"))
    known_from: Mapped[str] = mapped_column(comment="week_cars, week_classes or season_classes")


class CarRestriction(EventPart):
    """The balance of performance of one car in a round; most cars of a round have none."""

    __tablename__ = "car_restriction"
    __table_args__ = (of_event(), Index(None, "car_id"))

    car_id: Mapped[Id] = mapped_column(ForeignKey("sim_car.car_id"))
    max_fuel_fill_pct: Mapped[int | None]
    power_adjust_pct: Mapped[Decimal | None]
    weight_penalty_kg: Mapped[Decimal | None]
    max_dry_tire_sets: Mapped[int | None] = mapped_column(comment="null where unlimited")
    race_setup_id: Mapped[int | None]
    qual_setup_id: Mapped[int | None]
    settings: Mapped[Json] = mapped_column(nullable=False, server_default=text("'{}'::jsonb"))
