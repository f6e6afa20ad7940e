import pytest

from iracing_sync.fetch.endpoints import cache_key, life

QUARTER = {"season_year": 2025, "season_quarter": 2}


@pytest.mark.parametrize(
    ("endpoint", "params", "key"),
    [
        ("series/get", {}, "iracing:series"),
        ("series/seasons", {}, "iracing:seasons"),
        ("series/seasons", QUARTER, "iracing:seasons:2025:2"),
        ("series/past_seasons", {"series_id": 7}, "iracing:series:7:past_seasons"),
        ("series/season_schedule", {"season_id": 9}, "iracing:season:9:schedule"),
        ("season/list", QUARTER, "iracing:season:list:2025:2"),
        ("track/get", {}, "iracing:tracks"),
        ("car/get", {}, "iracing:cars"),
        ("carclass/get", {}, "iracing:car_classes"),
        ("series/assets", {}, "iracing:series_assets"),
    ],
)
def test_a_known_question_has_its_own_key(endpoint, params, key):
    assert cache_key(endpoint, params) == key


def test_a_question_with_another_parameter_never_shares_a_key():
    assert cache_key("series/seasons", {"include_series": 1}) != cache_key("series/seasons")


def test_catalogues_live_a_week_and_what_tells_of_seasons_not_quite_a_day():
    assert {life(path, {}) for path in ["track/get", "car/get", "carclass/get", "series/assets"]} == {7}
    assert life("series/seasons", {}) == life("series/get", {}) < 1
    assert life("series/seasons", {"season_year": 2025, "season_quarter": 2}) == life("series/seasons", {})
