"""Series, with what other documents say of them."""

from builders import a_document

from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.series import map_activity, map_logos, map_past_series, map_series, series_stub
from iracing_sync.tables.base import UNSAID
from iracing_sync.tables.series import Series

LEVELS = [
    {"license_group": 3, "min_license_level": 9, "max_license_level": 12, "group_name": "Class C", "parent_id": 3},
    {"license_group": 2, "min_license_level": 8, "max_license_level": 8, "group_name": "Class D", "parent_id": 3},
]


def the_series(logos=None, official=None, **said) -> Series:
    sent = {"series_id": 3, "series_name": "Harbour Cup", "allowed_licenses": LEVELS, **said}
    [series] = map_series(a_document("series/get", [sent]), logos=logos, official=official or {})
    return series


def test_the_licences_are_told_lowest_first_without_the_series_again() -> None:
    levels = the_series().allowed_licenses

    assert [level["license_group"] for level in levels] == [2, 3]
    assert "parent_id" not in levels[0]


def test_a_series_that_is_listed_is_active_and_neither_missing_nor_retired() -> None:
    series = the_series(eligible=True)

    assert (series.active, series.missing_since, series.retired_at, series.is_stub) == (True, None, None, False)


def test_the_first_season_is_a_year_and_a_quarter() -> None:
    series = the_series(first_season={"season_year": 2019, "season_quarter": 3})

    assert (series.first_season_year, series.first_season_quarter) == (2019, 3)


def test_of_what_no_document_tells_nothing_is_said() -> None:
    assert (the_series().official, the_series().logo) == (UNSAID, UNSAID)
    assert (the_series(official={3: True}, logos={3: "cup.png"}).official, the_series(logos={}).logo) == (True, None)
    assert the_series(logos={3: "cup.png"}).logo == "cup.png"


def test_logos_are_found_by_series() -> None:
    assets = {"3": {"series_id": 3, "logo": "cup.png"}, "4": {"series_id": 4, "logo": ""}}

    assert map_logos(a_document("series/assets", assets)) == {3: "cup.png"}


def test_a_stub_has_a_name_whatever_the_season_says() -> None:
    assert [series_stub(3, name).name for name in ("Harbour Cup", None, "")] == ["Harbour Cup", "Series 3", "Series 3"]


def test_a_past_series_says_whether_it_lives_and_leaves_the_rest_to_others() -> None:
    header = {"series_id": 3, "series_name": "Harbour Cup", "active": False, "allowed_licenses": [], "seasons": []}

    series = map_past_series(JsonObject("series/past_seasons", header))

    assert (series.active, series.is_stub, series.min_starters, series.retired_at) == (False, True, None, UNSAID)


def test_activity_is_told_by_series() -> None:
    stats = [{"series_id": 3, "active": True}, {"series_id": 4, "active": False}]

    assert map_activity(a_document("series/stats_series", stats)) == {3: True, 4: False}
