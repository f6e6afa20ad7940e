"""A round of a season, and what belongs to it."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Time,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from iracing_sync.tables.base import Id, Json, LocalTime, Record, source
from iracing_sync.tables.own import one_of

MOST_ROUNDS = 100
"""A season's rounds are numbered below it: `event_id` has two digits for them."""


def event_id_of_key() -> Computed:
    """Return how PostgreSQL makes `event_id`."""
    return Computed(f"season_id::bigint * {MOST_ROUNDS} + race_week_num", persisted=True)


class Event(Record):
    """One round of a season."""

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "starts_at", "ends_at"),
        Index(None, "track_id"),
        Index(None, "category"),
        CheckConstraint(f"race_week_num BETWEEN 0 AND {MOST_ROUNDS - 1}", name="race_week_num"),
        CheckConstraint("ends_at >= starts_at", name="ends_at"),
        CheckConstraint("precip_chance_pct BETWEEN 0 AND 100", name="precip_chance_pct"),
    )
    __set_of__: ClassVar[str | None] = "season"
    __found_at__: ClassVar = ("series/seasons", "$[].schedules[].")

    season_id: Mapped[Id] = mapped_column(ForeignKey("season.season_id"), comment="the season it is a round of")
    race_week_num: Mapped[Id] = mapped_column(comment="0 is the first week", info=source("race_week_num", needed=True))
    event_id: Mapped[int] = mapped_column(
        BigInteger,
        event_id_of_key(),
        init=False,
        unique=True,
        comment="season_id * 100 + race_week_num: one column for a foreign key or an address",
    )
    track_id: Mapped[int] = mapped_column(
        ForeignKey("sim_layout.track_id"),
        comment="may move in mid-season, so it is no part of the key",
        info=source("track.track_id", "high", needed=True),
    )
    starts_at: Mapped[datetime | None] = mapped_column(
        comment="when the round's window opens", info=source("start_date", "high", needed=True)
    )
    ends_at: Mapped[datetime | None] = mapped_column(
        comment="when the last session is over, and never before week_ends_at; a week after its start where neither "
        "sessions nor week_ends_at are known (2022)"
    )
    week_ends_at: Mapped[datetime | None] = mapped_column(
        comment="iRacing's own word (2025 on): mostly when the last session starts", info=source("week_end_time")
    )
    is_ends_at_derived: Mapped[bool] = mapped_column(comment="false where ends_at is week_ends_at")
    race_laps: Mapped[int | None] = mapped_column(
        comment="null where only time limits the race", info=source("race_lap_limit", "high", "laps")
    )
    race_minutes: Mapped[int | None] = mapped_column(
        comment="null where only laps limit the race", info=source("race_time_limit", "high", "minutes")
    )
    practice_minutes: Mapped[int | None] = mapped_column(
        comment="minutes of practice", info=source("practice_length", "medium", "minutes of practice")
    )
    qualify_minutes: Mapped[int | None] = mapped_column(
        comment="minutes of qualifying", info=source("qualify_length", "medium", "minutes of qualifying")
    )
    qualify_laps: Mapped[int | None] = mapped_column(
        comment="null where only time limits it", info=source("qualify_laps", "medium", "laps of qualifying")
    )
    warmup_minutes: Mapped[int | None] = mapped_column(
        comment="minutes of warm-up", info=source("warmup_length", "medium", "minutes of warm-up")
    )
    is_qualify_attached: Mapped[bool | None] = mapped_column(
        comment="whether qualifying belongs to the race's own session", info=source("qual_attached", "medium")
    )
    start_type: Mapped[str | None] = mapped_column(comment="Rolling or Standing", info=source("start_type", "medium"))
    restart_type: Mapped[str | None] = mapped_column(
        comment="how a race goes on after a caution: Double-file Back, Single-file Maintain …",
        info=source("restart_type", "medium"),
    )
    has_full_course_cautions: Mapped[bool | None] = mapped_column(
        comment="whether the whole track is under caution after an accident",
        info=source("full_course_cautions", "medium"),
    )
    category: Mapped[str | None] = mapped_column(
        comment="oval, dirt_oval, dirt_road, sports_car, formula_car; before 2024-03 that of the layout, in which road "
        "is sports_car or formula_car",
        info=source("category", "low"),
    )
    category_id: Mapped[int | None] = mapped_column(
        comment="iRacing's number of it: 1 oval, 2 road, 3 dirt_oval, 4 dirt_road, 5 sports_car, 6 formula_car",
        info=source("category_id"),
    )
    precip_chance_pct: Mapped[float | None] = mapped_column(
        comment="0 to 100; with a forecast (2024-03 on)", info=source("weather.weather_summary.precip_chance")
    )
    temp_c: Mapped[float | None] = mapped_column(
        comment="the setting, null where there is a forecast: temp_low_c to temp_high_c",
        info=source("weather.temp_value"),
    )
    temp_low_c: Mapped[float | None] = mapped_column(
        comment="lowest of the forecast", info=source("weather.weather_summary.temp_low")
    )
    temp_high_c: Mapped[float | None] = mapped_column(
        comment="highest of the forecast", info=source("weather.weather_summary.temp_high")
    )
    simulated_start_at: Mapped[LocalTime | None] = mapped_column(
        comment="local to the track", info=source("weather.simulated_start_time")
    )
    special_event_type: Mapped[int | None] = mapped_column(
        comment="null in every document seen: by it, special events cannot be told",
        info=source("special_event_type", "low"),
    )
    weather_config: Mapped[Json | None] = mapped_column(
        comment="the round's weather under iRacing's names and units", info=source("weather")
    )
    settings: Mapped[Json] = mapped_column(
        nullable=False, server_default=text("'{}'::jsonb"), comment="the remaining flags under iRacing's names"
    )
    removed_at: Mapped[datetime | None] = mapped_column(comment="when the season's schedule came without this round")
    is_stub: Mapped[bool] = mapped_column(comment="known only from a document with number and track")
    times_changed: Mapped[int] = mapped_column(
        init=False,
        server_default=text("0"),
        sort_order=1003,
        comment="how often the round or what belongs to it changed, was removed, withdrawn or came back; never falls",
    )


class EventPart(Record):
    """Something that belongs to one round and comes and goes with its document."""

    __abstract__ = True
    __set_of__: ClassVar[str | None] = "event"

    season_id: Mapped[Id] = mapped_column(comment="the season of the round", sort_order=-2)
    race_week_num: Mapped[Id] = mapped_column(comment="the round: 0 is the first week", sort_order=-1)
    event_id: Mapped[int] = mapped_column(
        BigInteger, event_id_of_key(), init=False, index=True, sort_order=1003, comment="event.event_id of the round"
    )


def of_event() -> ForeignKeyConstraint:
    """Return the reference to the round."""
    columns = ["season_id", "race_week_num"]
    return ForeignKeyConstraint(columns, [f"event.{column}" for column in columns], ondelete="CASCADE")


RACE = "race"
QUALIFY = "qualify"


class EventTime(EventPart):
    """When the races of a round start, or its qualifying apart from them: a repeating pattern or set times."""

    __tablename__ = "event_time"
    __table_args__ = (
        of_event(),
        one_of("kind", RACE, QUALIFY),
        CheckConstraint("repeat_minutes >= 1", name="repeat_minutes"),
    )
    __found_at__: ClassVar = ("series/seasons", "$[].schedules[].race_time_descriptors[].")

    ordinal: Mapped[Id] = mapped_column(comment="0 is the first descriptor; those of qualifying come after the races'")
    kind: Mapped[str] = mapped_column(comment=f"{RACE} or {QUALIFY}", server_default=RACE)
    is_repeating: Mapped[bool] = mapped_column(
        comment="true for a pattern of days and minutes, false for set times", info=source("repeating", needed=True)
    )
    is_super_session: Mapped[bool] = mapped_column(
        comment="iRacing's mark for a session longer or larger than the others", info=source("super_session")
    )
    session_minutes: Mapped[int | None] = mapped_column(
        comment="minutes from practice to the flag, as iRacing reckons", info=source("session_minutes")
    )
    starts_on: Mapped[date | None] = mapped_column(
        comment="the first day of the pattern, in UTC", info=source("start_date")
    )
    day_offsets: Mapped[list[int] | None] = mapped_column(comment="days after starts_on", info=source("day_offset"))
    first_session_at: Mapped[time | None] = mapped_column(
        Time, comment="UTC, on each of the days", info=source("first_session_time")
    )
    repeat_minutes: Mapped[int | None] = mapped_column(
        comment="null where there is one session a day", info=source("repeat_minutes")
    )
    end_offset_minutes: Mapped[int | None] = mapped_column(
        comment="the last minute of the day, in UTC, at which a session may start; null where the day is no limit",
        info=source("end_offset_minutes"),
    )
    session_times: Mapped[list[datetime] | None] = mapped_column(
        ARRAY(TIMESTAMP(timezone=True)), comment="the set times; null for a pattern", info=source("session_times")
    )


class EventSession(EventPart):
    """A session of a round: practice, qualifying, race (2025-12 on)."""

    __tablename__ = "event_session"
    __table_args__ = (of_event(),)
    __found_at__: ClassVar = ("series/seasons", "$[].schedules[].event_sessions[].")

    ordinal: Mapped[Id] = mapped_column(comment="0 is the first session")
    session_type: Mapped[int | None] = mapped_column(
        comment="3 open practice, 4 lone qualifying, 5 open qualifying, 6 race", info=source("type")
    )
    name: Mapped[str | None] = mapped_column(
        comment="iRacing's name of its type: Open Practice, Lone Qualifying, Race …", info=source("type_name")
    )
    laps: Mapped[int | None] = mapped_column(comment="null where only time limits it", info=source("laps"))
    minutes: Mapped[int | None] = mapped_column(comment="null where only laps limit it", info=source("minutes"))
    start_offset: Mapped[int | None] = mapped_column(
        comment="as iRacing sends it; 0 in every document seen, so its unit is not known",
        info=source("start_time_offset"),
    )


class EventClass(EventPart):
    """A car class of a round."""

    __tablename__ = "event_class"
    __table_args__ = (of_event(), Index(None, "car_class_id"))
    __found_at__: ClassVar = ("series/seasons", "$[].schedules[].")

    car_class_id: Mapped[Id] = mapped_column(
        ForeignKey("car_class.car_class_id"), comment="the class", info=source("race_week_car_class_ids")
    )
    ordinal: Mapped[int] = mapped_column(comment="iRacing's order, from 0")


KNOWN_FROM = (WEEK_CARS, WEEK_CLASSES, SEASON_CLASSES) = ("week_cars", "week_classes", "season_classes")


class EventCar(EventPart):
    """A car that one may drive in a round."""

    __tablename__ = "event_car"
    __table_args__ = (of_event(), Index(None, "car_id"), one_of("known_from", *KNOWN_FROM))
    __found_at__: ClassVar = ("series/seasons", "$[].schedules[].race_week_cars[].")

    car_id: Mapped[Id] = mapped_column(
        ForeignKey("sim_car.car_id"), comment="the car", info=source("car_id", needed=True)
    )
    known_from: Mapped[str] = mapped_column(comment="week_cars, week_classes or season_classes")


class CarRestriction(EventPart):
    """The balance of performance of one car in a round; most cars of a round have none."""

    __tablename__ = "car_restriction"
    __table_args__ = (
        of_event(),
        Index(None, "car_id"),
        CheckConstraint("max_fuel_fill_pct BETWEEN 0 AND 100", name="max_fuel_fill_pct"),
    )
    __found_at__: ClassVar = ("series/seasons", "$[].schedules[].car_restrictions[].")

    car_id: Mapped[Id] = mapped_column(
        ForeignKey("sim_car.car_id"), comment="the car", info=source("car_id", needed=True)
    )
    max_fuel_fill_pct: Mapped[Decimal | None] = mapped_column(
        comment="percent of the tank that may be filled", info=source("max_pct_fuel_fill", "medium", "fuel in %")
    )
    power_adjust_pct: Mapped[Decimal | None] = mapped_column(
        comment="percent of power more or, below 0, less", info=source("power_adjust_pct", "medium", "power in %")
    )
    weight_penalty_kg: Mapped[Decimal | None] = mapped_column(
        comment="kilograms of ballast", info=source("weight_penalty_kg", "medium", "extra weight in kg")
    )
    max_dry_tire_sets: Mapped[int | None] = mapped_column(
        comment="null where unlimited", info=source("max_dry_tire_sets", "medium", "dry tyre sets")
    )
    race_setup_id: Mapped[int | None] = mapped_column(
        comment="iRacing's number of the setup of the race, where it is fixed", info=source("race_setup_id", "low")
    )
    qual_setup_id: Mapped[int | None] = mapped_column(
        comment="iRacing's number of the setup of qualifying, where it is fixed", info=source("qual_setup_id", "low")
    )
    settings: Mapped[Json] = mapped_column(
        nullable=False, comment="the remaining fields under iRacing's names", server_default=text("'{}'::jsonb")
    )
