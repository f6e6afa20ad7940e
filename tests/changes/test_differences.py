"""What is reported of two schedules, and what is not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_round, a_season, mapped

from iracing_sync.changes.differences import season_changes
from iracing_sync.changes.sentences import Names, sentence
from iracing_sync.loader.rows import rows_by_table

NOW = datetime(2025, 5, 14, 12, tzinfo=UTC)
NAMES = Names({191: "Harbour Ring - GP", 365: "Harbour Ring - National"}, {1: "Ash", 2: "Oak"}, {5: "Cup", 8: "GT"})
WEEKLY = {"repeating": True, "session_minutes": 60, "start_date": "2025-05-20", "day_offset": [0, 1]} | {
    "first_session_time": "00:45:00",
    "repeat_minutes": 120,
}
RESTRICTION = {"car_id": 1, "power_adjust_pct": -1.25, "weight_penalty_kg": 0}


def rows(season: dict[str, Any], members: Any = None) -> Any:
    return rows_by_table(mapped(season, members))


def compared(before: dict[str, Any], after: dict[str, Any], *, released: Any = (), members: Any = None) -> Any:
    return season_changes(rows(before, members), rows(after, members), released, NOW)


def of_round(before: dict[str, Any], after: dict[str, Any], **how: Any) -> Any:
    return compared(a_season([a_round(**before)]), a_season([a_round(**after)]), **how)


def told(changes: Any) -> list[tuple[str, str]]:
    return [(sentence(change._asdict(), NAMES), change.severity) for change in changes]


@pytest.mark.parametrize(
    ("before", "after", "reads", "severity"),
    [
        ({"track_id": 191}, {"track_id": 365}, "moves from Harbour Ring - GP to Harbour Ring - National", "high"),
        ({"race_lap_limit": 30}, {"race_lap_limit": 25}, ": 25 laps instead of 30 laps", "high"),
        ({"race_time_limit": 40}, {"race_lap_limit": 0}, ": no limit of minutes instead of 40 minutes", "high"),
        ({"race_week_cars": [{"car_id": 1}]}, {"race_week_cars": [{"car_id": 2}]}, ": cars in: Oak; out: Ash", "high"),
        ({"race_week_car_class_ids": [5, 8]}, {"race_week_car_class_ids": [8]}, ": classes out: Cup", "high"),
        (
            {"race_week_car_class_ids": [5, 8]},
            {"race_week_car_class_ids": [8, 5]},
            ": the classes come in another order",
            "medium",
        ),
        (
            {"car_restrictions": [RESTRICTION]},
            {"car_restrictions": [{**RESTRICTION, "power_adjust_pct": -2}]},
            ": Ash power -2 % instead of -1.25 %",
            "medium",
        ),
        ({"start_type": "Rolling"}, {"start_type": "Standing"}, ": start type Standing instead of Rolling", "medium"),
        (
            {"weather": {"temp_value": 77, "temp_units": 0}},
            {"weather": {"temp_value": 78, "temp_units": 0}},
            ": temperature 78 instead of 77",
            "medium",
        ),
        (
            {"car_restrictions": [{"car_id": 1, "race_setup_id": 7}]},
            {"car_restrictions": [{"car_id": 1, "race_setup_id": 8}]},
            ": other setups for Ash",
            "low",
        ),
        ({"short_parade_lap": False}, {"short_parade_lap": True}, ": short parade lap off → on", "low"),
    ],
)
def test_each_change_of_a_round_is_one_sentence(before, after, reads, severity) -> None:
    [(shown, weight)] = told(of_round(before, after))

    assert shown in (f"Week 1{reads}", f"Week 1 {reads}")
    assert weight == severity


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"schedule_name": "server row 2"}),
        ({}, {"series_name": "Sponsored Cup"}),
        ({}, {"brand_new_counter": 17}),
        ({}, {"car_restrictions": [{"car_id": 1, "power_adjust_pct": 0, "weight_penalty_kg": 0}]}),
        ({"weather": {"weather_url": "https://x/a?sig=1"}}, {"weather": {"weather_url": "https://x/a?sig=2"}}),
        ({"weather": {"temp_value": 77}}, {"weather": {"temp_value": 77.0, "fog": None}}),
    ],
)
def test_what_does_not_matter_is_no_change(before, after) -> None:
    assert of_round(before, after) == []


def test_a_postponed_round_is_one_change_though_its_sessions_move_along() -> None:
    before = a_round(start_date="2025-05-20", race_time_descriptors=[WEEKLY], week_end_time="2025-05-26T23:45:00Z")
    times = [{**WEEKLY, "start_date": "2025-05-22"}]
    after = a_round(start_date="2025-05-22", race_time_descriptors=times, week_end_time="2025-05-28T23:45:00Z")

    [change] = compared(a_season([before]), a_season([after]))

    assert (change.field, change.phase) == ("starts_at", "future")
    assert sentence(change._asdict(), NAMES) == "Week 1 starts on 2025-05-22 instead of 2025-05-20"


@pytest.mark.parametrize(
    "times",
    [
        {"repeating": False, "session_times": ["2025-05-24T14:00:00Z"]},
        {**WEEKLY, "start_date": "2025-05-24", "day_offset": [0]},
    ],
)
def test_a_round_that_is_thought_to_begin_on_another_day_matters_little_where_its_races_start_when_they_did(times):
    before, after = (
        a_season([a_round(start_date=day, race_time_descriptors=[times])], start_date=day)
        for day in ("2025-05-20", "2025-05-21")
    )

    assert told(compared(before, after)) == [
        ("The season starts on 2025-05-21 instead of 2025-05-20; the races start when they did", "low")
    ]


def test_a_postponed_round_whose_sessions_are_at_another_hour_too_is_two_changes() -> None:
    before = a_round(start_date="2025-05-20", race_time_descriptors=[WEEKLY])
    times = [{**WEEKLY, "start_date": "2025-05-22", "first_session_time": "01:45:00"}]
    after = a_round(start_date="2025-05-22", race_time_descriptors=times)

    assert [(change.field, change.severity) for change in compared(a_season([before]), a_season([after]))] == [
        ("starts_at", "high"),
        ("times", "high"),
    ]


def test_sessions_at_another_hour_are_a_change() -> None:
    other = {"race_time_descriptors": [{**WEEKLY, "first_session_time": "01:45:00"}]}

    assert told(of_round({"race_time_descriptors": [WEEKLY]}, other)) == [
        (
            "Week 1: races every 120 minutes from 01:45 on 2 days instead of every 120 minutes from 00:45 on 2 days",
            "high",
        )
    ]


def test_a_cancelled_an_added_and_a_restored_round() -> None:
    one, two = a_season([a_round(0)]), a_season([a_round(0), a_round(1)])

    assert told(compared(two, one)) == [("Week 2 is cancelled", "high")]
    assert told(compared(one, two)) == [("Week 2 is added", "high")]
    removed = rows(two)
    removed["event"][1]["removed_at"] = NOW
    assert season_changes(removed, rows(one), (), NOW) == []
    assert told(season_changes(removed, rows(two), (), NOW)) == [("Week 2 is restored", "high")]


def test_a_season_that_was_a_stub_has_nothing_to_differ_from() -> None:
    before = rows(a_season([a_round(track_id=191)]))
    before["season"][0]["is_stub"] = True

    assert season_changes(before, rows(a_season([a_round(track_id=365)])), (), NOW) == []


def test_the_season_itself_may_change() -> None:
    before = a_season([a_round()], drops=4, start_date="2025-03-11T00:00:00Z", season_name="Harbour Cup")
    after = a_season([a_round()], drops=3, start_date="2025-03-18T00:00:00Z", season_name="Sponsored Cup")

    assert told(compared(before, after)) == [
        ("The season starts on 2025-03-18 instead of 2025-03-11", "high"),
        ("The season: drops 3 instead of 4", "medium"),
        ("The season is now called Sponsored Cup instead of Harbour Cup", "low"),
    ]


def test_what_a_release_brought_or_took_is_no_change() -> None:
    released = {"$[].schedules[].category", "$[].schedules[].weather.weather_summary"} | {
        "$[].schedules[].week_end_time",
        "$[].schedules[].race_week_cars",
    }
    after = {
        "category": "oval",
        "weather": {"weather_summary": {"precip_chance": 15}},
        "week_end_time": "2025-05-19T23:45:00Z",
        "race_week_cars": [{"car_id": 2}],
        "race_lap_limit": 20,
    }

    assert [change.field for change in of_round({}, after, released=released, members={5: [1]})] == ["race_laps"]


@pytest.mark.parametrize(
    ("day", "phase"), [("2025-05-01", "past"), ("2025-05-13", "current"), ("2025-05-20", "future")]
)
def test_the_phase_is_that_of_the_round_at_the_moment_of_the_run(day, phase) -> None:
    times = [{**WEEKLY, "start_date": day}]
    about = {"start_date": day, "race_time_descriptors": times}

    [change] = of_round({**about, "race_lap_limit": 3}, {**about, "race_lap_limit": 4})

    assert change.phase == phase
