"""Loading, on a real PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from builders import a_round, a_season, a_series, mapped
from sqlalchemy import Engine, text

from iracing_sync.database import connect
from iracing_sync.errors import LoadError
from iracing_sync.loader.load import load
from iracing_sync.mappers.series import series_stub
from iracing_sync.result import Counts
from iracing_sync.sync.lifecycle import prepare
from iracing_sync.tables.base import UNSAID, Record


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url, "iracing")
    with engine.begin() as connection:
        prepare(connection, "iracing")
    yield engine
    engine.dispose()


def put(engine: Engine, records: Any) -> dict[str, Counts]:
    with engine.begin() as connection:
        return load(connection, records).counts


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_second_load_writes_nothing(engine) -> None:
    first = put(engine, mapped(a_season([a_round(0), a_round(1)])))
    again = put(engine, mapped(a_season([a_round(0), a_round(1)])))

    assert first["event"] == Counts(inserted=2)
    assert again["event"] == Counts(unchanged=2)
    assert not any(counts.written for counts in again.values())


def test_a_round_that_moves_to_another_track_stays_one_round(engine) -> None:
    put(engine, mapped(a_season([a_round(track_id=191)])))
    counts = put(engine, mapped(a_season([a_round(track_id=365)])))

    assert rows(engine, "SELECT race_week_num, track_id FROM event") == [(0, 365)]
    assert counts["event"] == Counts(updated=1)


def test_only_the_row_that_differs_says_that_it_changed(engine) -> None:
    put(engine, mapped(a_season([a_round(0), a_round(1)])))
    put(engine, mapped(a_season([a_round(0), a_round(1, race_lap_limit=30)])))

    changed = "SELECT race_week_num FROM event WHERE last_changed_at > first_seen_at"
    assert rows(engine, changed) == [(1,)]


@pytest.mark.parametrize(
    ("table", "before", "after"),
    [
        (
            "car_restriction",
            {"car_restrictions": [{"car_id": 1}, {"car_id": 2}]},
            {"car_restrictions": [{"car_id": 1}]},
        ),
        ("event_car", {"race_week_cars": [{"car_id": 1}, {"car_id": 2}]}, {"race_week_cars": [{"car_id": 1}]}),
        ("event_class", {"race_week_car_class_ids": [8, 9]}, {"race_week_car_class_ids": [8]}),
    ],
)
def test_what_is_gone_from_a_round_goes_from_the_table(engine, table, before, after) -> None:
    put(engine, mapped(a_season([a_round(**before), a_round(1, **before)])))
    counts = put(engine, mapped(a_season([a_round(**after), a_round(1, **before)])))

    assert rows(engine, f"SELECT race_week_num, count(*) FROM {table} GROUP BY 1 ORDER BY 1") == [(0, 1), (1, 2)]
    assert counts[table].removed == 1


def test_a_round_with_no_restriction_left_has_none(engine) -> None:
    put(engine, mapped(a_season([a_round(car_restrictions=[{"car_id": 1, "weight_penalty_kg": 2.5}])])))
    put(engine, mapped(a_season([a_round()])))

    assert rows(engine, "SELECT * FROM car_restriction") == []


def test_a_round_gone_from_its_season_is_marked_and_kept_and_comes_back(engine) -> None:
    put(engine, mapped(a_season([a_round(0), a_round(1)])))
    gone = put(engine, mapped(a_season([a_round(0)])))

    marked = "SELECT race_week_num FROM event WHERE removed_at IS NOT NULL"
    assert rows(engine, marked) == [(1,)]
    assert gone["event"] == Counts(unchanged=1, removed=1)
    assert put(engine, mapped(a_season([a_round(0)])))["event"].removed == 0

    put(engine, mapped(a_season([a_round(0), a_round(1)])))
    assert rows(engine, marked) == []


def test_a_stub_fills_a_gap_and_gives_way_to_a_full_row(engine) -> None:
    put(engine, [series_stub(3, "As a season names it")])
    assert rows(engine, "SELECT name, is_stub FROM series") == [("As a season names it", True)]

    assert put(engine, [a_series()])["series"] == Counts(updated=1)
    put(engine, [series_stub(3, "Again")])
    assert rows(engine, "SELECT name, is_stub FROM series") == [("Harbour Cup", False)]


def test_a_column_that_the_document_does_not_say_keeps_what_it_has(engine) -> None:
    put(engine, [a_series(logo="harbour.png", official=True)])
    put(engine, [a_series(logo=UNSAID, official=UNSAID, short_name="Harbour")])

    assert rows(engine, "SELECT short_name, logo, official FROM series") == [("Harbour", "harbour.png", True)]


def test_a_column_that_people_added_is_left_alone(engine) -> None:
    put(engine, mapped(a_season([a_round()])))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE event ADD COLUMN note text"))
        connection.execute(text("UPDATE event SET note = 'ours'"))

    put(engine, mapped(a_season([a_round(track_id=365)])))

    assert rows(engine, "SELECT track_id, note FROM event") == [(365, "ours")]


def test_a_row_that_postgresql_refuses_is_a_load_error_and_leaves_nothing(engine) -> None:
    with pytest.raises(LoadError, match="refuses a row"):
        put(engine, [a_series(min_starters=2**40)])

    assert rows(engine, "SELECT * FROM series") == []


def test_fractions_are_kept_exactly(engine) -> None:
    restriction = {"car_id": 1, "power_adjust_pct": -2.25, "weight_penalty_kg": 7.5}
    put(engine, mapped(a_season([a_round(car_restrictions=[restriction])])))

    query = "SELECT power_adjust_pct::text, weight_penalty_kg::text FROM car_restriction"
    assert rows(engine, query) == [("-2.25", "7.5")]


def test_the_weeks_own_cars_beat_its_classes_and_those_the_seasons(engine) -> None:
    members = {5: [50, 51], 8: [80]}
    season = a_season(
        [
            a_round(0),
            a_round(1, race_week_car_class_ids=[8]),
            a_round(2, race_week_car_class_ids=[8], race_week_cars=[{"car_id": 99}]),
        ]
    )
    put(engine, [*car_stubs(50, 51, 80), *mapped(season, members)])

    query = "SELECT race_week_num, car_id, known_from FROM event_car ORDER BY 1, 2"
    assert rows(engine, query) == [
        (0, 50, "season_classes"),
        (0, 51, "season_classes"),
        (1, 80, "week_classes"),
        (2, 99, "week_cars"),
    ]


def car_stubs(*car_ids: int) -> list[Record]:
    from iracing_sync.mappers.cars import car_stub

    return [car_stub(car_id) for car_id in car_ids]


@pytest.mark.parametrize("name", ["\\N", "a\tb\nc\\d", 'say "oval"', "null", "Señor's 東京 🏁", "{1,2}", ""])
def test_texts_arrive_as_they_were_sent(engine, name) -> None:
    put(engine, [a_series(name=name, allowed_licenses=[{"group": name}])])

    assert rows(engine, "SELECT name, allowed_licenses FROM series") == [(name, [{"group": name}])]


def test_a_text_that_postgresql_cannot_hold_is_a_load_error(engine) -> None:
    with pytest.raises(LoadError, match="refuses a row"):
        put(engine, [a_series(name="a\x00b")])


def test_null_is_null_in_every_kind_of_column(engine) -> None:
    put(engine, [a_series(short_name=None, logo=None, official=None)])

    assert rows(engine, "SELECT short_name, logo, official, missing_since FROM series") == [(None, None, None, None)]


def test_two_loads_in_one_transaction_do_not_mix(engine) -> None:
    with engine.begin() as connection:
        first = load(connection, mapped(a_season([a_round(0), a_round(1)])))
        second = load(connection, [a_series(name="Another")])

    assert first.counts["event"] == Counts(inserted=2)
    assert dict(second.counts) == {"series": Counts(updated=1)}
    assert rows(engine, "SELECT count(*) FROM event WHERE removed_at IS NULL") == [(2,)]


def test_it_is_told_which_seasons_were_written(engine) -> None:
    put(engine, [*mapped(a_season([a_round(0)], season_id=1)), *mapped(a_season([a_round(0)], season_id=2))])
    with engine.begin() as connection:
        written = load(
            connection,
            [
                *mapped(a_season([a_round(0)], season_id=1)),
                *mapped(a_season([a_round(0, race_lap_limit=99)], season_id=2)),
            ],
        )

    assert written.season_ids == {2}


TIMES_CHANGED = "SELECT race_week_num, times_changed FROM event ORDER BY 1"


def test_a_round_counts_how_often_it_or_what_belongs_to_it_changed(engine) -> None:
    restricted = {"car_restrictions": [{"car_id": 1, "weight_penalty_kg": 7.5}]}
    for first in (a_round(), a_round(race_lap_limit=30), a_round(**restricted), a_round(**restricted), a_round()):
        put(engine, mapped(a_season([first, a_round(1)])))

    assert rows(engine, TIMES_CHANGED) == [(0, 3), (1, 0)]


def test_a_round_that_goes_and_comes_back_changed_twice_and_a_new_one_never(engine) -> None:
    for rounds in ([0, 1], [0], [0], [0, 1], [0, 1, 2]):
        put(engine, mapped(a_season(map(a_round, rounds))))

    assert rows(engine, TIMES_CHANGED) == [(0, 0), (1, 2), (2, 0)]


def test_a_change_of_what_belongs_to_a_round_is_a_change_of_its_row(engine) -> None:
    put(engine, mapped(a_season([a_round(), a_round(1)])))
    put(engine, mapped(a_season([a_round(race_week_cars=[{"car_id": 9}]), a_round(1)])))

    assert rows(engine, "SELECT race_week_num FROM event WHERE last_changed_at > first_seen_at") == [(0,)]
