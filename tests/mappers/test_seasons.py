"""The header of a season, and what else of it is a record."""

from datetime import UTC, datetime

import pytest
from builders import NOON, a_document, a_round, a_season, mapped, of_kind

from iracing_sync.changes.baseline import Baseline
from iracing_sync.errors import MappingError
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.seasons import listed_seasons, map_past_season, map_season, past_series, schedule_rounds
from iracing_sync.tables.base import UNSAID
from iracing_sync.tables.cars import CarClass
from iracing_sync.tables.events import Event, EventClass
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series


def the_season(**said) -> Season:
    [season] = of_kind(Season, mapped(a_season([a_round()], **said)))
    return season


def test_a_season_brings_its_series_its_classes_and_each_of_its_rounds() -> None:
    records = list(mapped(a_season([a_round(0), a_round(1)], car_class_ids=[5, 4])))

    assert [(one.series_id, one.name, one.is_stub) for one in of_kind(Series, records)] == [(3, "Harbour Cup", True)]
    assert [one.car_class_id for one in of_kind(CarClass, records)] == [5, 4]
    assert [one.race_week_num for one in of_kind(Event, records)] == [0, 1]


def test_the_header_keeps_iracings_keys_and_names() -> None:
    season = the_season(season_short_name="2025 S2", max_weeks=12, drops=4, schedule_description="Every hour")

    assert (season.season_id, season.series_id, season.name) == (7, 3, "Harbour Cup - 2025 Season 2")
    assert (season.season_year, season.season_quarter, season.short_name) == (2025, 2, "2025 S2")
    assert (season.max_weeks, season.drops, season.schedule_description) == (12, 4, "Every hour")
    assert season.starts_at == datetime(2025, 3, 11, tzinfo=UTC)
    assert not season.is_stub


def test_the_classes_of_the_header_are_sorted_those_of_a_round_in_iracings_order() -> None:
    records = list(mapped(a_season([a_round()], car_class_ids=[5, 4])))

    assert of_kind(Season, records)[0].allowed_car_class_ids == [4, 5]
    assert [(one.car_class_id, one.ordinal) for one in of_kind(EventClass, records)] == [(5, 0), (4, 1)]


@pytest.mark.parametrize(("sent", "stored"), [(0, None), (-1, None), (17, 17), (None, None)])
def test_a_limit_that_is_none_is_null(sent, stored) -> None:
    assert the_season(incident_limit=sent).incident_limit == stored
    assert the_season(license_group=sent).license_group == stored


def test_a_season_ends_with_the_last_of_its_rounds() -> None:
    rounds = [a_round(0, week_end_time="2025-05-20T00:00:00Z"), a_round(1, week_end_time="2025-05-27T00:00:00Z")]

    [season] = of_kind(Season, mapped(a_season(rounds)))

    assert season.ends_at == datetime(2025, 5, 27, tzinfo=UTC)
    assert season.status == "running"


def test_what_has_no_column_is_kept_under_iracings_name_and_what_is_ignored_is_not() -> None:
    season = the_season(cross_license=True, reg_user_count=99, car_types=[], elig={}, has_mpr=True)

    assert season.settings == {"cross_license": True, "track_types": []}


def test_nobody_is_in_a_season() -> None:
    heats = {"heat_laps": 8, "cust_id": 900004, "created": "2025-01-01", "hidden": False}
    members = {"900001": {"cust_id": 900001, "display_name": "Wilhelmina Inkpot"}}

    season = the_season(allowed_season_members=members, heat_ses_info=heats)

    assert season.settings["heat_ses_info"] == {"heat_laps": 8}
    assert "Inkpot" not in repr(vars(season))


def test_a_season_without_rounds_is_a_stub_and_takes_them_from_elsewhere() -> None:
    header = JsonObject("series/seasons", a_season([]))
    rounds = schedule_rounds(a_document("series/season_schedule", {"schedules": [a_round(0), a_round(1)]}))

    [bare] = of_kind(Season, map_season(header, members={}, fetched_at=NOON))
    whole = list(map_season(header, members={}, fetched_at=NOON, rounds=rounds))

    assert (bare.is_stub, bare.ends_at, bare.status) == (True, None, None)
    assert not of_kind(Season, whole)[0].is_stub
    assert [one.race_week_num for one in of_kind(Event, whole)] == [0, 1]


def test_by_what_a_season_is_recognised_is_part_of_its_record_where_it_is_known() -> None:
    season = JsonObject("series/seasons", a_season([a_round()]))

    [plain] = of_kind(Season, map_season(season, members={}, fetched_at=NOON))
    baseline = Baseline("a", "b", 1, "shape")
    [known] = of_kind(Season, map_season(season, members={}, fetched_at=NOON, baseline=baseline))

    assert plain.schedule_hash is UNSAID
    assert (known.schedule_hash, known.settings_hash, known.schedule_hash_version, known.shape_id) == baseline


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"season_name": None}, r"\$\.season_name: expected a text, not None"),
        ({"official": "yes"}, r"\$\.official: expected true or false, not 'yes'"),
        ({"car_class_ids": None}, r"\$\.car_class_ids: expected a list, not None"),
        ({"season_id": 2**40}, r"\$\.season_id: expected a whole number of at most 2147483647, not 1099511627776"),
    ],
)
def test_a_header_at_fault_is_named_by_its_path(said, words) -> None:
    with pytest.raises(MappingError, match=f"series/seasons: {words}"):
        the_season(**said)


def test_a_round_at_fault_is_named_by_its_path() -> None:
    with pytest.raises(MappingError, match=r"\$\.schedules\[1\]\.track\.track_id is missing"):
        list(mapped(a_season([a_round(0), a_round(1, track={})])))


def a_past_season(**said) -> dict:
    return {
        "season_id": 7,
        "season_name": "Harbour Cup - 2019 Season 1",
        "season_year": 2019,
        "season_quarter": 1,
        "official": True,
        "fixed_setup": False,
        "driver_changes": False,
        "active": False,
        "race_weeks": [{"race_week_num": 0, "season_id": 7, "track": {"track_id": 191, "track_name": "Harbour Ring"}}],
        "car_classes": [{"car_class_id": 5, "name": "Boats", "short_name": "B", "relative_speed": 40}],
        **said,
    }


def test_a_past_season_tells_number_and_layout_of_its_rounds_and_names_its_classes() -> None:
    document = a_document("series/past_seasons", {"series": {"series_id": 3, "seasons": [a_past_season()]}})
    [past] = past_series(document).objects("seasons")

    records = list(map_past_season(past, series_id=3, members={}, fetched_at=NOON))

    [season], [event] = of_kind(Season, records), of_kind(Event, records)
    assert (season.season_id, season.is_stub, season.status, season.allowed_car_class_ids) == (7, True, None, [5])
    assert (event.race_week_num, event.track_id, event.starts_at, event.is_stub) == (0, 191, None, True)
    assert [(one.name, one.relative_speed) for one in of_kind(CarClass, records)] == [("Boats", 40)]
    assert season.settings == {}


def test_a_past_season_with_its_schedule_is_whole() -> None:
    past = JsonObject("series/past_seasons", a_past_season())
    rounds = schedule_rounds(a_document("series/season_schedule", {"schedules": [a_round()]}))

    records = list(map_past_season(past, series_id=3, members={5: [11]}, fetched_at=NOON, rounds=rounds))

    [season], [event] = of_kind(Season, records), of_kind(Event, records)
    assert (season.is_stub, season.starts_at) == (False, datetime(2025, 5, 13, tzinfo=UTC))
    assert (event.is_stub, event.track_id) == (False, 191)


@pytest.mark.parametrize("content", [[a_season([])], {"seasons": [a_season([])]}])
def test_seasons_are_listed_bare_or_under_a_key(content) -> None:
    [season] = listed_seasons(a_document("season/list", content))

    assert season.whole("season_id") == 7


def test_what_lists_no_seasons_is_at_fault() -> None:
    with pytest.raises(MappingError, match=r"season/list: \$: expected a list, not 'none'"):
        listed_seasons(a_document("season/list", "none"))
