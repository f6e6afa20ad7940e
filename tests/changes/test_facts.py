"""One fact, one change: however many rounds it is of, and whatever follows from it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from builders import a_round, a_season, mapped

from iracing_sync.changes.differences import Change, season_changes
from iracing_sync.changes.sentences import Names, full_sentence, sentence
from iracing_sync.loader.rows import rows_by_table

NOW = datetime(2025, 5, 14, 12, tzinfo=UTC)
FIRST = date(2025, 5, 6)
"""The first of the weeks is over, the second is on."""

TRACKS = (191, 365, 102, 47, 18, 523, 88, 301)
NAMES = Names(
    {track: f"Track {track}" for track in (*TRACKS, 999)},
    {1: "Ash", 2: "Oak", 3: "Elm"},
    {5: "Cup", 8: "GT"},
    {3: "Harbour Cup", 4: "Quay Cup"},
)


def a_week(number: int, *, later: int = 0, **said: Any) -> dict[str, Any]:
    day = FIRST + timedelta(weeks=number, days=later)
    times = {
        "repeating": True,
        "session_minutes": 60,
        "start_date": day.isoformat(),
        "day_offset": [0, 1, 2, 3, 4, 5, 6],
        "first_session_time": "00:45:00",
        "repeat_minutes": 120,
    }
    return a_round(
        number, **{"track_id": TRACKS[number], "start_date": day.isoformat(), "race_time_descriptors": [times], **said}
    )


def weeks(*, later: int = 0, **said: Any) -> list[dict[str, Any]]:
    return [a_week(number, later=later, **said) for number in range(8)]


def changes(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    *,
    members: Any = None,
    old_members: Any = None,
    **said: Any,
) -> list[Change]:
    old, new = (
        rows_by_table(mapped(a_season(rounds, **more), known))
        for rounds, more, known in ((before, {}, old_members or members), (after, said, members))
    )
    return season_changes(old, new, (), NOW, members)


def told(found: list[Change]) -> list[tuple[str, str, str]]:
    return [(sentence(change._asdict(), NAMES), change.phase, change.severity) for change in found]


def test_the_same_change_of_many_rounds_is_one_with_its_rounds() -> None:
    [change] = changes(weeks(start_type="Rolling"), weeks(start_type="Standing"))

    assert change.rounds == tuple(range(8))
    assert told([change]) == [("Weeks 1–8: start type Standing instead of Rolling", "current", "medium")]


def test_rounds_that_differ_are_changes_of_their_own() -> None:
    before, after = weeks(race_lap_limit=20), weeks(race_lap_limit=20)
    for number, laps in ((2, 25), (3, 25), (6, 30)):
        after[number]["race_lap_limit"] = laps

    assert told(changes(before, after)) == [
        ("Weeks 3 and 4: 25 laps instead of 20 laps", "future", "high"),
        ("Week 7: 30 laps instead of 20 laps", "future", "high"),
    ]


def test_a_season_that_starts_a_week_later_is_one_change() -> None:
    found = changes(weeks(), weeks(later=7), start_date="2025-03-18T00:00:00Z")

    assert told(found) == [("The season starts on 2025-03-18 instead of 2025-03-11", "current", "high")]


def test_rounds_that_move_together_are_one_change() -> None:
    after = weeks()[:4] + weeks(later=7)[4:]

    assert told(changes(weeks(), after)) == [("Weeks 5–8 start 7 days later", "future", "high")]


def test_a_week_that_is_put_in_is_one_change_though_all_that_follow_move() -> None:
    new = a_week(3, track_id=999)
    moved = [{**a_week(number, later=7), "race_week_num": number + 1} for number in range(3, 8)]

    found = changes(weeks(), [*weeks()[:3], new, *moved])

    assert told(found) == [("Week 4 is added", "future", "high")]


def test_that_a_season_is_longer_by_the_week_is_part_of_it() -> None:
    old, new = (rows_by_table(mapped(a_season(weeks()[:count], max_weeks=count))) for count in (7, 8))

    assert [one.field for one in season_changes(old, new, (), NOW)] == ["round"]


def test_a_week_that_is_taken_out_is_one_change_though_all_that_follow_move() -> None:
    moved = [{**a_week(number, later=-7), "race_week_num": number - 1} for number in range(4, 8)]

    assert told(changes(weeks(), [*weeks()[:3], *moved])) == [("Week 4 is cancelled", "future", "high")]


def test_two_weeks_that_change_places_have_both_moved() -> None:
    after = weeks()
    after[4]["track"], after[5]["track"] = after[5]["track"], after[4]["track"]

    assert [one for one, *_ in told(changes(weeks(), after))] == [
        "Week 5 moves from Track 18 to Track 523",
        "Week 6 moves from Track 523 to Track 18",
    ]


def test_what_a_new_track_brings_is_part_of_it() -> None:
    before, after = weeks(race_lap_limit=20, weather={"temp_value": 70, "temp_units": 0}), weeks(race_lap_limit=20)
    times = [{**after[4]["race_time_descriptors"][0], "session_minutes": 75}]
    weather = {"temp_value": 81, "temp_units": 0, "simulated_start_time": "2025-06-01T12:00:00"}
    for one in after:
        one["weather"] = {"temp_value": 70, "temp_units": 0}
    after[4] |= {
        "track": {"track_id": 999, "track_name": "New"},
        "race_lap_limit": 12,
        "race_time_descriptors": times,
        "weather": weather,
    }

    assert told(changes(before, after)) == [("Week 5 moves from Track 18 to Track 999", "future", "high")]


def test_sessions_thought_to_last_longer_matter_little_and_not_at_all_where_the_race_is_another() -> None:
    before, after = weeks(race_lap_limit=20), weeks(race_lap_limit=20)
    for number in (5, 6):
        after[number]["race_time_descriptors"] = [{**after[number]["race_time_descriptors"][0], "session_minutes": 45}]
    after[6]["race_lap_limit"] = 12

    assert told(changes(before, after)) == [
        ("Week 6: sessions of 45 minutes instead of 60", "future", "low"),
        ("Week 7: 12 laps instead of 20 laps", "future", "high"),
    ]


def test_a_start_that_moves_matters_much_and_is_one_change() -> None:
    after = weeks()
    for one in after[2:]:
        one["race_time_descriptors"] = [{**one["race_time_descriptors"][0], "first_session_time": "01:15:00"}]

    [change] = changes(weeks(), after)

    assert (change.rounds, change.severity) == ((2, 3, 4, 5, 6, 7), "high")


def test_a_class_that_leaves_a_season_is_one_change_and_leaves_past_rounds_alone() -> None:
    members = {5: [1, 2], 8: [3]}
    found = changes(weeks(race_week_car_class_ids=[5, 8]), weeks(race_week_car_class_ids=[5]), members=members)

    assert told(found) == [("Weeks 1–8: classes out: GT", "current", "high")]


def test_a_car_that_joins_a_class_is_told_of_the_class_and_of_no_round() -> None:
    assert changes(weeks(), weeks(), members={5: [1, 2, 3]}, old_members={5: [1, 2]}) == []


BALANCED = [
    {"car_id": 1, "max_pct_fuel_fill": 80, "power_adjust_pct": 0, "weight_penalty_kg": 5},
    {"car_id": 2, "max_pct_fuel_fill": 90, "power_adjust_pct": -2, "weight_penalty_kg": 0},
]
NO_EFFECT = [
    {"car_id": car, "max_pct_fuel_fill": 100, "power_adjust_pct": 0, "weight_penalty_kg": 0, "max_dry_tire_sets": 0}
    for car in (1, 2, 3)
]


def test_a_restriction_that_goes_is_one_change_for_all_its_cars_and_rounds() -> None:
    before = weeks(car_restrictions=BALANCED)
    before[7]["car_restrictions"] = BALANCED[:1]

    assert told(changes(before, weeks())) == [
        ("Weeks 1–8: no balance of performance any more for 2 cars", "current", "medium")
    ]


@pytest.mark.parametrize("none", [[], NO_EFFECT])
def test_a_restriction_without_effect_is_none(none) -> None:
    assert changes(weeks(car_restrictions=none), weeks(car_restrictions=NO_EFFECT)) == []
    assert len(changes(weeks(car_restrictions=none), weeks(car_restrictions=BALANCED))) == 1


def test_other_restrictions_are_one_change_for_the_cars_of_the_same_rounds() -> None:
    other = [{**BALANCED[0], "max_pct_fuel_fill": 70}, {**BALANCED[1], "power_adjust_pct": -1, "max_dry_tire_sets": 2}]
    after = [*weeks(car_restrictions=BALANCED)[:6], *weeks(car_restrictions=other)[6:]]

    [change] = changes(weeks(car_restrictions=BALANCED), after)

    assert change.rounds == (6, 7)
    assert sentence(change._asdict(), NAMES) == (
        "Weeks 7 and 8: Ash fuel 70 % instead of 80 %; "
        "Oak dry tyre sets 2 instead of no limit, power -1 % instead of -2 %"
    )


def test_a_sentence_is_not_long_and_says_how_much_is_missing() -> None:
    cars = [{"car_id": number, "car_name": f"Car {number}"} for number in range(40)]
    names = NAMES._replace(cars={number: f"A car of a long name {number}" for number in range(40)})
    [change] = changes(weeks(race_week_cars=cars[:1]), weeks(race_week_cars=cars))

    short, full = (write(change._asdict(), names) for write in (sentence, full_sentence))

    assert len(short) <= 120 < len(full)
    assert short.endswith("more")
    assert full.endswith("A car of a long name 39")


@pytest.mark.parametrize(
    ("before", "after", "reads"),
    [
        ({"season_short_name": "HC"}, {"season_short_name": "Harbour"}, "the short name Harbour instead of HC"),
        ({"season_quarter": 2}, {"season_quarter": 3}, "the quarter 3 instead of 2"),
        ({"is_heat_racing": False}, {"is_heat_racing": True}, "heat racing off → on"),
        (
            {"heat_ses_info": {"heat_laps": 8}},
            {"heat_ses_info": {"heat_laps": 18}},
            "laps of the heat races 18 instead of 8",
        ),
        (
            {"schedule_description": "old"},
            {"schedule_description": "Races every hour"},
            "the description is now “Races every hour”",
        ),
    ],
)
def test_what_changed_is_always_said(before, after, reads) -> None:
    old, new = (rows_by_table(mapped(a_season(weeks(), **said))) for said in (before, after))

    assert [sentence(one._asdict(), NAMES) for one in season_changes(old, new, (), NOW)] == [f"The season: {reads}"]


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        ({}, "2025 Season 2 of Harbour Cup is out: 8 weeks from 2025-05-06, at Track 191, Track 365 and 6 more"),
        ({"series_id": 4}, "2025 Season 2 of A series of a very long name is out: 8 weeks from 2025-05-06"),
        (
            {"last_starts_at": "2025-05-12T00:00:00+00:00"},
            "2025 Season 2 of Harbour Cup is out: 8 rounds from 2025-05-06",
        ),
    ],
)
def test_a_new_season_is_told_with_as_many_tracks_as_there_is_room_for_and_no_half_name(said, reads) -> None:
    about = {
        "series_id": 3,
        "season_year": 2025,
        "season_quarter": 2,
        "track_ids": TRACKS,
        "starts_at": "2025-05-06T00:00:00+00:00",
        "last_starts_at": "2025-06-24T00:00:00+00:00",
        **said,
    }
    names = NAMES._replace(series={3: "Harbour Cup", 4: "A series of a very long name"})
    change = Change(3, 1, (), "season", None, "added", "future", "medium", about)._asdict()

    assert sentence(change, names, 100).startswith(reads)
    assert not sentence(change, names, 100).endswith("…")
    assert full_sentence(change, names).endswith("Track 301")


def test_a_season_may_move_to_another_series() -> None:
    assert told(changes(weeks(), weeks(), series_id=4)) == [
        ("The season moves from Harbour Cup to Quay Cup", "current", "medium")
    ]


def test_a_round_told_in_another_version_of_the_weather_is_compared_by_its_columns_alone() -> None:
    older = {"version": 0, "temp_units": 0, "temp_value": 70, "type": 1, "fog": 0, "skies": 1, "rel_humidity": 50}
    newer = {"version": 1, "temp_units": 0, "temp_value": 70, "type": 3, "fog": 9, "skies": 2, "rel_humidity": 55}

    assert changes(weeks(weather=older), weeks(weather=newer)) == []
    assert len(changes(weeks(weather=older), weeks(weather={**newer, "temp_value": 75}))) == 1


def test_weather_that_is_made_or_derived_another_way_is_no_change() -> None:
    before = {"version": 1, "type": 1, "simulated_start_utc_time": "2025-06-01T12:00:00Z"}
    after = {"version": 1, "type": 3, "simulated_start_utc_time": "2025-06-01T14:00:00Z"}

    assert changes(weeks(weather=before), weeks(weather=after)) == []


def test_a_field_that_a_document_lacks_is_no_change_of_the_round_that_has_it() -> None:
    mixed = [*weeks()[:2], *weeks(practice_length=3, short_parade_lap=True, category="oval", start_type="Rolling")[2:]]

    assert changes(weeks(), mixed) == []
    assert changes(mixed, weeks()) == []


def test_a_category_that_was_split_is_no_change() -> None:
    assert changes(weeks(category="road"), weeks(category="formula_car")) == []
    assert len(changes(weeks(category="road"), weeks(category="oval"))) == 1
