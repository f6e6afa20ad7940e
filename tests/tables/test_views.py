"""The views and functions that readers are promised, at any moment."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_round, a_season, mapped
from sqlalchemy import Connection, create_engine, text

from conftest import own_database
from iracing_sync.database import connect
from iracing_sync.loader.load import load
from iracing_sync.quarters import week_start

pytestmark = pytest.mark.xdist_group("views")

WEEK = ["2025-05-13", "2025-05-20", "2025-05-27"]
HOURLY = {
    "repeating": True,
    "session_minutes": 30,
    "day_offset": [0, 1, 2, 3, 4, 5, 6],
    "first_session_time": "00:45:00",
    "repeat_minutes": 60,
}


def hourly(day: str, **said: Any) -> dict[str, Any]:
    return {**HOURLY, "start_date": day, **said}


def set_times(*times: str, **said: Any) -> dict[str, Any]:
    return {"repeating": False, "session_minutes": 90, "session_times": list(times), **said}


def a_week(number: int, **said: Any) -> dict[str, Any]:
    day = WEEK[number]
    return a_round(number, **{"start_date": day, "race_time_descriptors": [hourly(day)], **said})


SEASONS = {
    7: [a_week(number) for number in range(3)],
    8: [a_week(0, start_date="2025-05-17", race_time_descriptors=[set_times("2025-05-17T18:00Z")])],
    9: [a_week(0)],
    10: [a_week(0)],
    11: [
        a_week(
            0,
            race_time_descriptors=[
                hourly("2025-05-13", end_offset_minutes=180),
                hourly("2025-05-13", first_session_time="22:00:00", end_offset_minutes=60, super_session=True),
            ],
            qual_time_descriptors=[hourly("2025-05-13")],
        )
    ],
    12: [a_week(0, start_date="2022-05-10", race_time_descriptors=[])],
}
"""Three weeks; a weekend; a withdrawn season; a missing one; sessions bound by the day; a round of 2022."""


@pytest.fixture(scope="module")
def tables(server_url: str, migrated: str) -> Iterator[Connection]:
    with own_database(server_url, migrated) as url:
        engine = connect(url, "iracing")
        with engine.begin() as connection:
            for season_id, rounds in SEASONS.items():
                load(connection, mapped(a_season(rounds, season_id=season_id)))
            connection.execute(text("UPDATE season SET status = 'withdrawn' WHERE season_id = 9"))
            connection.execute(text("UPDATE season SET missing_since = now() WHERE season_id = 10"))
            yield connection
        engine.dispose()


def rounds(tables: Connection, query: str, **values: Any) -> set[tuple[int, int]]:
    return {(row.season_id, row.race_week_num) for row in tables.execute(text(query), values)}


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        ("2025-05-13T00:00", "2025-05-13"),
        ("2025-05-19T23:59", "2025-05-13"),
        ("2025-05-20T00:00", "2025-05-20"),
        ("2025-05-18T12:00", "2025-05-13"),
    ],
)
def test_iracings_week_is_tuesday_to_tuesday_in_utc_whatever_the_session_says(tables, moment, start) -> None:
    tables.execute(text("SET LOCAL timezone = 'America/Los_Angeles'"))

    assert tables.scalar(text("SELECT week_start(:at)"), {"at": at(moment)}) == at(start) == week_start(at(moment))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2025-05-13T00:00", {(7, 0), (8, 0), (11, 0)}),
        ("2025-05-19T23:59", {(7, 0), (8, 0), (11, 0)}),
        ("2025-05-20T00:05", {(7, 1), (11, 0)}),
        ("2025-05-28", {(7, 2)}),
        ("2022-05-11", {(12, 0)}),
        ("2022-05-17", set()),
    ],
)
def test_a_round_belongs_to_the_weeks_in_which_it_has_a_session(tables, moment, expected) -> None:
    assert rounds(tables, "SELECT * FROM week_schedule(:at)", at=at(moment)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2025-05-17T17:59", {(7, 0), (8, 0), (11, 0)}),
        ("2025-05-17T19:29", {(7, 0), (8, 0), (11, 0)}),
        ("2025-05-17T19:30", {(7, 0), (11, 0)}),
        ("2025-05-20T00:14", {(7, 0), (7, 1), (11, 0)}),
        ("2025-05-20T01:29", {(7, 1), (11, 0)}),
        ("2025-05-20T01:30", {(7, 1)}),
    ],
)
def test_a_round_runs_until_its_last_session_is_over(tables, moment, expected) -> None:
    assert rounds(tables, "SELECT * FROM current_event(:at)", at=at(moment)) == expected


def test_sessions_repeat_until_the_last_minute_at_which_one_may_start(tables) -> None:
    query = text(
        "SELECT starts_at, ends_at, is_super_session FROM upcoming_sessions(:since, :until) WHERE season_id = 11 "
        "ORDER BY is_super_session, starts_at"
    )
    found = tables.execute(query, {"since": at("2025-05-14"), "until": at("2025-05-15")}).all()

    assert [(f"{one.starts_at.astimezone(UTC):%d %H:%M}", one.is_super_session) for one in found] == [
        *(("14 00:45", False), ("14 01:45", False), ("14 02:45", False)),
        *(("14 00:00", True), ("14 01:00", True), ("14 22:00", True), ("14 23:00", True)),
    ]
    assert {(one.ends_at - one.starts_at).total_seconds() for one in found} == {1800}


def test_sessions_are_those_from_a_moment_on_and_before_another(tables) -> None:
    query = "SELECT * FROM upcoming_sessions(:since, :until)"

    assert rounds(tables, query, since=at("2025-05-17T18:00"), until=at("2025-05-17T18:01")) == {(8, 0)}
    assert rounds(tables, query, since=at("2025-05-17T17:59"), until=at("2025-05-17T18:00")) == set()
    assert rounds(tables, query, since=at("2000-01-01"), until=at("2100-01-01")) == {
        *((7, 0), (7, 1), (7, 2), (8, 0), (11, 0))
    }


def test_withdrawn_and_missing_seasons_are_in_the_schedule_of_all_rounds_alone(tables) -> None:
    assert {9, 10} <= {season for season, _ in rounds(tables, "SELECT * FROM event_schedule")}


@pytest.mark.parametrize(
    "source",
    [
        *("event", "event_schedule", "session_schedule", "week_schedule", "current_event", "upcoming_session"),
        *("week_schedule('2025-05-14Z')", "current_event('2025-05-14Z')"),
        "upcoming_sessions('2025-05-14Z', '2025-05-15Z')",
    ],
)
def test_one_number_stands_for_a_round_everywhere(tables, source) -> None:
    query = text(f"SELECT count(*) FILTER (WHERE event_id = season_id * 100 + race_week_num), count(*) FROM {source}")
    [right, every] = tables.execute(query).one()

    assert right == every
    assert every or source in ("week_schedule", "current_event", "upcoming_session")


def test_the_present_is_the_moment_of_the_question(tables) -> None:
    for view, function in (
        ("week_schedule", "week_schedule(now())"),
        ("current_event", "current_event(now())"),
        ("upcoming_session", "upcoming_sessions(now(), 'infinity')"),
    ):
        assert (
            tables.execute(text(f"SELECT * FROM {view}")).keys()
            == tables.execute(text(f"SELECT * FROM {function}")).keys()
        )
    [made_for] = tables.execute(
        text("SELECT pg_get_viewdef('upcoming_session'::regclass) ~ 'upcoming_sessions\\(now\\(\\), .infinity.'")
    ).one()
    assert made_for


def test_names_stand_beside_the_numbers_in_the_same_order(tables) -> None:
    row = tables.execute(text("SELECT * FROM event_schedule WHERE season_id = 7 AND race_week_num = 0")).one()

    assert (row.series_name, row.track_name, row.car_class_ids, row.car_class_names) == (
        *("Harbour Cup", "Harbour Ring", [5], ["class 5"]),
    )
    assert (row.official, row.fixed_setup, row.session_minutes) == (True, False, 30)


def test_functions_need_no_search_path(server_url: str, migrated: str) -> None:
    with own_database(server_url, migrated) as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(text("SET search_path = pg_catalog"))
            for function in ("week_schedule(now())", "current_event(now())", "upcoming_sessions(now(), now())"):
                assert connection.execute(text(f"SELECT * FROM iracing.{function}")).all() == []
        engine.dispose()


def test_a_category_that_the_layout_leaves_open_is_told_by_the_series(tables) -> None:
    road = {"track_id": 191, "track_name": "Harbour Ring", "category": "road", "category_id": 2}
    load(tables, mapped(a_season([a_week(0, track=road)], season_id=13, series_id=4)))
    query = text("SELECT category FROM event_schedule WHERE season_id = 13")

    assert tables.scalar(query) == "road"
    tables.execute(text("UPDATE series SET category = 'formula_car' WHERE series_id = 4"))
    assert tables.scalar(query) == "formula_car"
