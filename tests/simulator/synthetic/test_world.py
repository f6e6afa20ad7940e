"""The invented world: its calendar, its oddities, and that it always answers the same."""

from datetime import UTC, datetime, timedelta

import pytest

from iracing_sync.simulator import Simulator, SyntheticWorld
from iracing_sync.simulator.synthetic.racing_calendar import FIRST_QUARTER
from simulator.noise import without_noise

AT = datetime(2026, 4, 22, 12, tzinfo=UTC)
WEEK_13 = datetime(2026, 6, 10, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture(scope="module")
def world():
    return SyntheticWorld()


def seasons_at(world, at=AT, **params):
    return world.answer("series/seasons", {key: str(value) for key, value in params.items()}, at)


def rounds_at(world, at=AT, **params):
    return [round_ for season in seasons_at(world, at, **params) for round_ in season["schedules"]]


def test_the_same_question_has_the_same_answer(world):
    assert seasons_at(world) == seasons_at(SyntheticWorld())
    assert seasons_at(world) != seasons_at(SyntheticWorld(seed=1))


def test_an_hour_later_only_noise_differs(world):
    before, after = seasons_at(world), seasons_at(world, LATER)

    assert before != after
    assert [without_noise(season) for season in before] == [without_noise(season) for season in after]


def test_an_ordinary_week_has_quarterly_and_year_long_seasons(world):
    assert sorted({season["max_weeks"] for season in seasons_at(world)}) == [12, 36]
    assert len(seasons_at(world)) == 30


def test_week_13_has_year_long_and_week_13_seasons_only(world):
    assert sorted(season["max_weeks"] for season in seasons_at(world, WEEK_13)) == [7] * 4 + [36] * 3
    assert len(world.answer("series/get", {}, WEEK_13)) == 7


def test_a_finished_quarter_keeps_its_schedules(world):
    seasons = seasons_at(world, season_year=2019, season_quarter=3)

    assert all(season["schedules"] and season["complete"] and not season["active"] for season in seasons)


def test_season_ids_and_rounds_are_unique_over_the_whole_history(world):
    tags = [FIRST_QUARTER.before_or_after(number) for number in range(0, 74, 6)]
    keys = [
        (round_["season_id"], round_["race_week_num"])
        for tag in tags
        for round_ in rounds_at(world, season_year=tag.year, season_quarter=tag.number)
    ]

    assert len(keys) == len(set(keys)) > 1000


def test_older_years_lack_fields(world):
    fields = {year: set(rounds_at(world, season_year=year, season_quarter=2)[0]) for year in (2020, 2023, 2024, 2025)}

    assert "yellow_flags" in fields[2020]
    assert "race_time_descriptors" not in fields[2020]
    assert fields[2024] - fields[2023] == {"category", "category_id"}
    assert {"week_end_time", "practice_length"} <= fields[2025] - fields[2024]


def test_a_release_adds_fields_to_a_running_season(world):
    before, after = (rounds_at(world, datetime(2024, 3, day, tzinfo=UTC))[0] for day in (5, 6))

    assert before["season_id"] == after["season_id"]
    assert "weather_summary" in after["weather"].keys() - before["weather"].keys()


def test_the_known_oddities_occur(world):
    rounds, seasons = rounds_at(world), seasons_at(world)

    assert {len(round_["race_time_descriptors"]) for round_ in rounds} == {1, 2}
    assert any(round_["race_lap_limit"] and round_["race_time_limit"] for round_ in rounds)
    assert any(not round_["car_restrictions"] for round_ in rounds)
    assert any(bop["power_adjust_pct"] % 1 for round_ in rounds for bop in round_["car_restrictions"])
    assert any(round_["race_week_cars"] for round_ in rounds)
    assert any(round_.get("race_week_car_class_ids") for round_ in rounds)
    assert any(round_.get("event_sessions") and "practice_length" in round_ for round_ in rounds)
    assert any(round_.get("event_sessions") and "practice_length" not in round_ for round_ in rounds)
    assert {round_["track"].get("config_name", "absent") for round_ in rounds} >= {None, "absent"}
    assert any(season["season_name"].endswith(" ") for season in seasons)
    assert [season["series_id"] for season in seasons if season["allowed_season_members"]] == [125]


def test_one_layout_and_one_class_are_missing_from_the_catalogues(world):
    tracks = {track["track_id"] for track in world.answer("track/get", {}, AT)}
    classes = {car_class["car_class_id"] for car_class in world.answer("carclass/get", {}, AT)}

    assert {round_["track"]["track_id"] for round_ in rounds_at(world)} - tracks == {9901}
    assert {number for season in seasons_at(world) for number in season["car_class_ids"]} - classes == {9902}


def test_the_catalogues_have_the_size_of_a_small_iracing(world):
    tracks = world.answer("track/get", {}, AT)

    assert len({track["package_id"] for track in tracks if track["track_id"] < 5001}) == 30
    assert len({track["track_id"] for track in tracks}) == len(tracks)
    assert len(world.answer("car/get", {}, AT)) == 30
    assert len(world.answer("carclass/get", {}, AT)) == 15


def test_past_seasons_and_schedules_tell_the_same_tracks(world):
    past = world.answer("series/past_seasons", {"series_id": "111"}, AT)["series"]["seasons"][3]
    schedule = world.answer("series/season_schedule", {"season_id": str(past["season_id"])}, AT)["schedules"]

    named = [{key: round_["track"][key] for key in round_["track"] if "category" not in key} for round_ in schedule]
    assert [week["track"] for week in past["race_weeks"]] == named


def test_a_season_list_counts_the_seasons_of_its_quarter(world):
    params = {"season_year": "2026", "season_quarter": "1"}

    listed = world.answer("season/list", params, AT)["seasons"]

    assert [row["season_id"] for row in listed] == [s["season_id"] for s in world.answer("series/seasons", params, AT)]


def test_a_future_quarter_is_not_told_of(world):
    assert seasons_at(world, season_year=2027, season_quarter=1) == []


def test_unknown_keys_are_unknown(world):
    for endpoint, params in [
        ("series/past_seasons", {"series_id": "1"}),
        ("series/season_schedule", {"season_id": "1"}),
        ("none", {}),
    ]:
        with pytest.raises(LookupError):
            world.answer(endpoint, params, AT)


@pytest.mark.parametrize(
    "endpoint",
    ["series/get", "series/assets", "series/seasons", "series/season_list", "series/stats_series", "season/race_guide"],
)
def test_the_fields_of_recorded_documents_are_there(world, replay, endpoint):
    if endpoint == "series/stats_series":
        theirs = replay.answer("series/past_seasons", {"series_id": "306"}, AT)["series"]
        assert world.answer(endpoint, {}, AT)[0].keys() >= theirs.keys()
        return
    ours, theirs = (first(one.answer(endpoint, {}, datetime(2025, 9, 9, tzinfo=UTC))) for one in (world, replay))
    assert theirs.keys() - ours.keys() <= {"heat_ses_info", "reg_open_minutes"}


@pytest.mark.parametrize(
    ("at", "ordinary"),
    [
        (datetime(2023, 12, 25, 18, tzinfo=UTC), datetime(2023, 12, 25, 18, tzinfo=UTC)),
        (datetime(2025, 9, 9, tzinfo=UTC), datetime(2025, 8, 26, tzinfo=UTC)),
    ],
)
def test_the_fields_that_only_some_recorded_seasons_have_occur_too(world, replay, at, ordinary):
    theirs, ours = replay.answer("series/seasons", {}, at), seasons_at(world, ordinary)

    assert {key for season in theirs for key in season} == {key for season in ours for key in season}
    assert fields_of_rounds(theirs) == fields_of_rounds(ours)
    assert fields_of_heats(theirs) == fields_of_heats(ours)


def fields_of_rounds(seasons):
    rounds = [round_ for season in seasons for round_ in season["schedules"]]
    return {key for round_ in rounds for key in [*round_, *round_["weather"], *round_["track"]]}


def fields_of_heats(seasons):
    return {key for season in seasons for key in season.get("heat_ses_info", {})}


def first(document):
    """Return the first object of a listing of any shape."""
    if isinstance(document, dict):
        document = document.get("seasons") or document.get("sessions") or list(document.values())
    return document[0]


def test_every_endpoint_of_the_index_answers_over_http(client_of):
    parameters = {"season_year": 2026, "season_quarter": 1, "series_id": 111, "season_id": 4606}
    with Simulator(SyntheticWorld(), at=AT) as simulator:
        client = client_of(simulator)
        for group, names in client.document("doc").items():
            for name in names:
                assert client.document(f"{group}/{name}", **parameters), (group, name)


AHEAD = {"season_year": "2025", "season_quarter": "4"}


def told_ahead(days: int) -> tuple[int, int, int]:
    """Return how many seasons are named, listed with rounds, and have a schedule, so long before the quarter begins."""
    world, at = SyntheticWorld(coming="in_parts"), datetime(2025, 9, 16, tzinfo=UTC) - timedelta(days=days)
    named = [season["season_id"] for season in world.answer("season/list", AHEAD, at)["seasons"]]
    listed = world.answer("series/seasons", AHEAD, at)
    schedules = [world.answer("series/season_schedule", {"season_id": str(one)}, at) for one in named]
    assert all(season["schedules"] for season in listed)
    return len(named), len(listed), sum(one["success"] for one in schedules)


def test_a_quarter_may_be_published_in_parts() -> None:
    assert told_ahead(25) == (0, 0, 0)
    named, listed, scheduled = told_ahead(24)
    assert (named > 25, listed, scheduled) == (True, 0, 0)
    part = told_ahead(17)
    assert part[0] == named > part[2] > part[1] > 0
    assert told_ahead(7) == (named, named, named)


def test_the_present_quarter_is_told_or_not() -> None:
    at = datetime(2025, 9, 16, tzinfo=UTC)
    [year, quarter] = SyntheticWorld().answer("lookup/current_season", {}, at)
    assert [one["lookups"][0]["lookup_values"][0]["value"] for one in (year, quarter)] == ["2025", "4"]
    with pytest.raises(LookupError):
        SyntheticWorld(tells_present=False).answer("lookup/current_season", {}, at)
