"""When the sessions of a round start, what they are, and when the last of them is over."""

from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_round, a_season, mapped, of_kind

from iracing_sync.tables.events import Event, EventCar, EventClass, EventSession, EventTime

HOURLY = {
    "repeating": True,
    "session_minutes": 30,
    "start_date": "2025-05-13",
    "day_offset": [0, 2],
    "first_session_time": "00:45:00",
    "repeat_minutes": 60,
}
SET = {"repeating": False, "session_minutes": 90, "session_times": ["2025-05-17T18:00Z", "2025-05-16T18:00Z"]}


def records_of(**said: Any) -> list[Any]:
    return list(mapped(a_season([a_round(**said)])))


def the_round(**said: Any) -> Event:
    [event] = of_kind(Event, records_of(**said))
    return event


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2025, 5, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "ends_at"),
    [
        (SET, at(17, 19, 30)),
        (HOURLY, at(16, 0, 15)),
        ({**HOURLY, "day_offset": []}, at(20, 0, 15)),
        ({**HOURLY, "end_offset_minutes": 600}, at(15, 10, 15)),
        ({**HOURLY, "first_session_time": "20:00:00", "end_offset_minutes": 120}, at(16, 2, 30)),
        ({**HOURLY, "repeat_minutes": 0}, at(15, 1, 15)),
        ({**HOURLY, "first_session_time": None}, at(16)),
    ],
)
def test_a_round_ends_with_its_last_session_whether_iracing_states_an_end_or_not(times, ends_at) -> None:
    unstated = the_round(race_time_descriptors=[times])
    stated = the_round(race_time_descriptors=[times], week_end_time="2025-05-14T00:00:00Z")

    assert (unstated.ends_at, unstated.week_ends_at) == (ends_at, None)
    assert (stated.ends_at, stated.week_ends_at) == (ends_at, at(14))
    assert unstated.is_ends_at_derived
    assert stated.is_ends_at_derived


def test_a_round_never_ends_before_iracings_own_end() -> None:
    event = the_round(week_end_time="2025-05-20T00:00:00Z")

    assert (event.ends_at, event.week_ends_at, event.is_ends_at_derived) == (at(20), at(20), False)


def test_a_round_never_ends_before_it_starts() -> None:
    early = {**SET, "session_times": ["2025-05-01T18:00Z"]}

    assert the_round(race_time_descriptors=[early]).ends_at == at(13)


def test_the_times_of_qualifying_apart_come_after_those_of_the_race_and_do_not_end_the_round() -> None:
    qualifying = {**SET, "session_times": ["2025-05-15T18:00Z"]}

    times = of_kind(EventTime, records_of(race_time_descriptors=[SET], qual_time_descriptors=[qualifying]))

    assert [(one.ordinal, one.kind, one.session_times[0].day) for one in times] == [(0, "race", 16), (1, "qualify", 15)]


def session(number: int, name: str, **said: Any) -> dict[str, Any]:
    return {
        "type": number,
        "type_name": name,
        "laps": 32767,
        "minutes": 0,
        "start_time_offset": 0,
        "unlimited_laps": True,
        "unlimited_time": False,
        **said,
    }


SESSIONS = [
    session(3, "Open Practice", minutes=10),
    session(4, "Lone Qualifying", laps=2, minutes=8, unlimited_laps=False),
    session(3, "Warmup", minutes=5),
    session(6, "Race", laps=30, minutes=45, unlimited_laps=False, unlimited_time=True),
]


def test_the_sessions_of_a_round_have_rows_of_their_own_and_no_limit_is_null() -> None:
    sessions = of_kind(EventSession, records_of(event_sessions=SESSIONS))

    assert [(one.ordinal, one.session_type, one.name, one.laps, one.minutes, one.start_offset) for one in sessions] == [
        (0, 3, "Open Practice", None, 10, 0),
        (1, 4, "Lone Qualifying", 2, 8, 0),
        (2, 3, "Warmup", None, 5, 0),
        (3, 6, "Race", 30, None, 0),
    ]


def test_laps_without_limit_are_told_by_their_number_alone() -> None:
    [race] = of_kind(EventSession, records_of(event_sessions=[{"type_name": "Race", "laps": 32767, "minutes": 20}]))

    assert (race.laps, race.minutes) == (None, 20)


def test_sessions_fill_the_lengths_where_the_older_fields_are_gone_and_only_there() -> None:
    gone = the_round(event_sessions=SESSIONS, event_options={"standing_start": True})
    beside = the_round(
        event_sessions=SESSIONS,
        event_options={"standing_start": True},
        practice_length=3,
        qualify_length=4,
        qualify_laps=1,
        warmup_length=0,
        race_lap_limit=None,
        race_time_limit=20,
        start_type="Rolling",
    )

    def lengths(event: Event) -> tuple[Any, ...]:
        limits = event.race_laps, event.race_minutes
        return (event.practice_minutes, event.qualify_minutes, event.qualify_laps, event.warmup_minutes, *limits)

    assert (lengths(gone), gone.start_type) == ((10, 8, 2, 5, 30, None), "Standing")
    assert (lengths(beside), beside.start_type) == ((3, 4, 1, 0, None, 20), "Rolling")


def test_the_options_of_a_round_are_kept() -> None:
    assert the_round(event_options={"restart_type": 2}).settings == {"event_options": {"restart_type": 2}}


def test_classes_come_with_their_cars_or_by_their_ids_alone() -> None:
    cars = [{"car_id": 51, "car_name": "Dinghy", "car_name_abbreviated": "DGY"}]
    newer = records_of(race_week_car_classes=[{"car_class_id": 6, "cars_in_class": cars}])
    empty = records_of(race_week_car_classes=[], race_week_car_class_ids=[6])

    for records in (newer, empty):
        assert [one.car_class_id for one in of_kind(EventClass, records)] == [6]
    assert [(one.car_id, one.known_from) for one in of_kind(EventCar, newer)] == [(51, "week_classes")]
