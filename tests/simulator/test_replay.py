"""The world of recordings."""

from datetime import UTC, datetime

import pytest

WINTER = datetime(2024, 1, 3, tzinfo=UTC)
LATER = datetime(2025, 9, 10, tzinfo=UTC)


def test_the_newest_recording_of_the_moment_is_replayed(replay):
    counts = [len(replay.answer("series/seasons", {}, at)) for at in (WINTER, LATER)]

    assert counts[0] > 100
    assert counts[1] == 35


def test_the_oldest_recording_stands_in_for_an_older_moment(replay):
    tracks = replay.answer("track/get", {}, datetime(2010, 1, 1, tzinfo=UTC))

    assert tracks == replay.answer("track/get", {}, LATER)


def test_seasons_of_a_quarter_carry_its_tags(replay):
    seasons = replay.answer("series/seasons", {"season_year": "2024", "season_quarter": "1"}, WINTER)

    assert {(s["season_year"], s["season_quarter"]) for s in seasons} == {(2024, 1)}


def test_a_schedule_is_found_in_the_recorded_seasons(replay):
    schedule = replay.answer("series/season_schedule", {"season_id": "5376"}, LATER)

    assert (schedule["success"], schedule["season_id"], len(schedule["schedules"])) == (True, 5376, 38)


def test_a_season_list_is_recorded_or_put_together(replay):
    recorded = replay.answer("season/list", {"season_year": "2025", "season_quarter": "3"}, LATER)
    built = replay.answer("season/list", {"season_year": "2024", "season_quarter": "1"}, WINTER)

    assert recorded["seasons"][0].keys() == built["seasons"][0].keys()


def test_past_seasons_are_known_of_recorded_series_only(replay):
    assert replay.answer("series/past_seasons", {"series_id": "306"}, LATER)["series_id"] == 306
    with pytest.raises(LookupError):
        replay.answer("series/past_seasons", {"series_id": "1"}, LATER)


@pytest.mark.parametrize("endpoint", ["doc", "constants/divisions", "lookup/licenses", "series/season_list"])
def test_other_endpoints_are_replayed_as_recorded(replay, endpoint):
    assert replay.answer(endpoint, {}, LATER)
