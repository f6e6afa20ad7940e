"""A round, and what belongs to it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from builders import a_round, a_season, mapped, of_kind

from iracing_sync.tables.cars import CarClass, SimCar
from iracing_sync.tables.events import CarRestriction, Event, EventCar, EventClass, EventTime
from iracing_sync.tables.tracks import SimLayout


def records_of(members=None, /, **said) -> list:
    return list(mapped(a_season([a_round(**said)]), members))


def the_round(**said) -> Event:
    [event] = of_kind(Event, records_of(**said))
    return event


def test_a_round_keeps_its_number_and_says_where_it_is_held() -> None:
    track = {"track_id": 191, "track_name": "Harbour Ring", "config_name": "Quay", "category": "road"}

    records = records_of(number=3, track=track)

    [event], [layout] = of_kind(Event, records), of_kind(SimLayout, records)
    assert (event.season_id, event.race_week_num, event.track_id) == (7, 3, 191)
    assert (layout.track_id, layout.name, layout.config_name, layout.is_stub) == (191, "Harbour Ring", "Quay", True)


@pytest.mark.parametrize("said", [{}, {"config_name": None}])
def test_a_track_of_one_layout_has_no_configuration(said) -> None:
    [layout] = of_kind(SimLayout, records_of(track={"track_id": 191, "track_name": "Harbour Ring", **said}))

    assert layout.config_name is None


def test_laps_and_minutes_may_both_limit_a_race_and_none_is_null() -> None:
    both = the_round(race_lap_limit=30, race_time_limit=45)
    laps = the_round(race_lap_limit=30, race_time_limit=0)

    assert (both.race_laps, both.race_minutes) == (30, 45)
    assert (laps.race_laps, laps.race_minutes) == (30, None)


def test_the_lengths_of_sessions_and_the_start_are_columns() -> None:
    event = the_round(
        practice_length=10,
        qualify_length=8,
        qualify_laps=2,
        warmup_length=0,
        qual_attached=True,
        start_type="Rolling",
        restart_type="Double-file Back",
        full_course_cautions=True,
    )

    assert (event.practice_minutes, event.qualify_minutes, event.qualify_laps, event.warmup_minutes) == (10, 8, 2, 0)
    assert (event.is_qualify_attached, event.start_type, event.restart_type) == (True, "Rolling", "Double-file Back")
    assert event.has_full_course_cautions


def test_a_round_of_which_no_times_are_told_lasts_a_week() -> None:
    assert the_round(race_time_descriptors=[]).ends_at == datetime(2025, 5, 20, tzinfo=UTC)


def test_a_round_has_the_category_of_its_layout_where_it_has_none_of_its_own() -> None:
    track = {"track_id": 191, "track_name": "Harbour Ring", "category": "road", "category_id": 2}

    old, new = the_round(track=track), the_round(track=track, category="formula_car", category_id=6)

    assert (old.category, old.category_id) == ("road", 2)
    assert (new.category, new.category_id) == ("formula_car", 6)


def test_a_repeating_pattern_and_set_times_are_told_apart() -> None:
    hourly = {
        "repeating": True,
        "super_session": False,
        "session_minutes": 60,
        "start_date": "2025-05-13",
        "day_offset": [0, 1],
        "first_session_time": "00:45:00",
        "repeat_minutes": 120,
    }
    once = {
        "repeating": False,
        "super_session": True,
        "session_times": ["2025-05-17T18:00:00Z", "2025-05-16T18:00:00Z"],
    }

    first, second = of_kind(EventTime, records_of(race_time_descriptors=[hourly, once]))

    assert (first.ordinal, first.is_repeating, first.repeat_minutes, first.session_times) == (0, True, 120, None)
    assert (first.starts_on, first.day_offsets, first.first_session_at) == (date(2025, 5, 13), [0, 1], time(0, 45))
    assert (second.ordinal, second.is_super_session, second.day_offsets) == (1, True, None)
    assert second.session_times == [datetime(2025, 5, day, 18, tzinfo=UTC) for day in (16, 17)]


def test_the_cars_of_the_week_come_before_those_of_its_classes() -> None:
    members = {5: [51, 52], 6: [61]}
    week_cars = [{"car_id": 9, "car_name": "Dinghy", "car_name_abbreviated": "DGY"}]

    season = records_of(members)
    classes = records_of(members, race_week_car_class_ids=[6])
    cars = records_of(members, race_week_car_class_ids=[6], race_week_cars=week_cars)

    def drivable(records: list) -> list[tuple[int, str]]:
        return [(one.car_id, one.known_from) for one in of_kind(EventCar, records)]

    assert drivable(season) == [(51, "season_classes"), (52, "season_classes")]
    assert drivable(classes) == [(61, "week_classes")]
    assert drivable(cars) == [(9, "week_cars")]
    assert [one.car_class_id for one in of_kind(EventClass, classes)] == [6]
    assert 6 in [one.car_class_id for one in of_kind(CarClass, classes)]
    assert [(one.name, one.abbreviation, one.is_stub) for one in of_kind(SimCar, cars)] == [("Dinghy", "DGY", True)]


def test_a_restriction_keeps_fractions_and_knows_no_limit() -> None:
    sent = {
        "car_id": 9,
        "max_pct_fuel_fill": 60,
        "power_adjust_pct": -1.25,
        "weight_penalty_kg": 12,
        "max_dry_tire_sets": 0,
        "race_setup_id": -1,
    }

    [restriction] = of_kind(CarRestriction, records_of(car_restrictions=[sent]))

    assert (restriction.car_id, restriction.max_fuel_fill_pct) == (9, 60)
    assert (restriction.power_adjust_pct, restriction.weight_penalty_kg) == (Decimal("-1.25"), Decimal(12))
    assert (restriction.max_dry_tire_sets, restriction.race_setup_id, restriction.settings) == (None, None, {})


def test_the_weather_is_told_in_celsius_and_kept_as_it_came_without_the_signature() -> None:
    summary = {"temp_units": 1, "temp_low": 18.5, "temp_high": 24, "precip_chance": 30}
    weather = {
        "temp_units": 0,
        "temp_value": 77,
        "simulated_start_time": "2025-04-01T13:55:00",
        "weather_url": "https://x.amazonaws.com/forecast.json?X-Amz-Signature=1",
        "weather_summary": summary,
    }

    event, unforecast = the_round(weather=weather), the_round(weather={**weather, "weather_summary": None})

    assert (event.temp_c, event.temp_low_c, event.temp_high_c) == (None, 18.5, 24)
    assert (unforecast.temp_c, unforecast.temp_low_c) == (25, None)
    assert (event.precip_chance_pct, event.simulated_start_at) == (30, datetime(2025, 4, 1, 13, 55))  # noqa: DTZ001
    assert event.weather_config == {**weather, "weather_url": "https://x.amazonaws.com/forecast.json"}


def test_a_round_without_weather_has_none() -> None:
    event = the_round()

    assert (event.weather_config, event.temp_c, event.precip_chance_pct) == (None, None, None)


def test_what_has_no_column_is_kept_under_iracings_name() -> None:
    event = the_round(start_zone=True, schedule_name="row 2", season_name="of a sponsor", season_id=7, series_id=3)

    assert event.settings == {"start_zone": True}
