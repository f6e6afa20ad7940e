"""Nightly runs in the synthetic world: at their end the tables hold the world's own truth, told once.

Ordinarily those around a quarter's end in which everything happens that can; as a proof a whole year of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
import pytest
from nights import Nights, nights

from conftest import own_database
from iracing_sync.documents import Document
from iracing_sync.loader.rows import rows_by_table
from iracing_sync.mappers.seasons import listed_seasons, map_season
from iracing_sync.quarters import quarter_at
from iracing_sync.result import Result
from iracing_sync.simulator import Happening, SyntheticWorld
from iracing_sync.sync.stored import class_members, rows_by_season

pytestmark = pytest.mark.xdist_group("a-year-of-nights")


class Span(NamedTuple):
    """Nights in a row, and how much of what is rare falls into them; `quarters` end within them."""

    first: datetime
    nights: int
    quarters: tuple[tuple[int, int], ...]
    week_13s: int
    retired: int

    def all(self) -> list[datetime]:
        return [self.first + timedelta(days=day) for day in range(self.nights)]

    @property
    def last(self) -> datetime:
        return self.all()[-1]

    @property
    def weeks(self) -> int:
        """Count how often something is due once in seven days."""
        return -(-self.nights // 7)


QUARTERS_END = Span(datetime(2026, 4, 22, 5, 17, tzinfo=UTC), 89, quarters=((2026, 2),), week_13s=1, retired=1)
A_YEAR = Span(
    datetime(2025, 9, 17, 5, 17, tzinfo=UTC),
    365,
    quarters=((2025, 4), (2026, 1), (2026, 2), (2026, 3)),
    week_13s=4,
    retired=2,
)

OWN = {
    "event_id",
    "times_changed",
    "first_seen_at",
    "last_changed_at",
    "last_changed_run_id",
    "schedule_hash",
    "settings_hash",
} | {
    *("schedule_hash_version", "shape_id", "missing_since", "active", "complete", "race_week", "status"),
}
FIELDS = {"track": "track_id", "new_layout": "track_id", "postponed": "starts_at", "restriction": "restrictions"} | {
    "weather": "weather",
    "cars": "cars",
    "cancelled": "round",
    "restored": "round",
}
LENGTHS = {"race_lap_limit": "race_laps", "race_time_limit": "race_minutes"}
WEEK_13_SERIES = {161, 162, 163, 164}


SHAPE_OF_2026 = re.compile(
    r"\.(event_options|event_sessions|qual_time_descriptors|race_week_car_classes|end_offset_minutes)\b"
)
"""What the world's rounds gain in January."""


class Year(NamedTuple):
    """The nights that were run, of a year or of a part of it."""

    span: Span
    world: SyntheticWorld
    nights: Nights
    results: list[Result]

    def truth(self) -> list[Happening]:
        return self.world.happenings(self.span.first, self.span.last)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(QUARTERS_END, id="quarter's end"),
        pytest.param(A_YEAR, id="year", marks=[pytest.mark.proof, pytest.mark.endurance]),
    ],
)
def year(request, server_url, tmp_path_factory) -> Iterator[Year]:
    span, world = request.param, SyntheticWorld()
    with own_database(server_url) as url, nights(world, url, tmp_path_factory.mktemp("year")) as opened:
        yield Year(span, world, opened, [opened.run(night) for night in span.all()])


def listed(year: Year, at: datetime, **params: str) -> dict[int, list[Any]]:
    """Return the seasons that the world tells of, each as rows by table."""
    body = orjson.dumps(year.world.answer("series/seasons", params, at))
    with year.nights.engine.begin() as connection:
        members = class_members(connection)
    seasons = listed_seasons(Document("series/seasons", {}, body, at))
    return {
        season.whole("season_id"): rows_by_table(map_season(season, members=members, fetched_at=at))
        for season in seasons
    }


def comparable(rows: Any) -> Any:
    """Return the rows of a season, without what tells of their loading or follows the calendar."""
    tables = ("season", "event", "event_time", "event_class", "event_car", "car_restriction")
    return [sorted(as_text(row) for row in rows.get(table, [])) for table in tables]


def as_text(row: dict[str, Any]) -> bytes:
    kept = {key: value for key, value in row.items() if key not in OWN}
    return orjson.dumps(kept, default=float, option=orjson.OPT_SORT_KEYS)


def stored(year: Year, season_id: int) -> Any:
    with year.nights.engine.begin() as connection:
        rows = rows_by_season(connection, [season_id])[season_id]
    gone = {event["race_week_num"] for event in rows["event"] if event["removed_at"]}
    return {table: [row for row in kept if row.get("race_week_num") not in gone] for table, kept in rows.items()}


def test_every_night_ends_well(year) -> None:
    assert {result.exit_code for result in year.results} == {0}
    assert year.nights.rows("SELECT count(*) FROM sync_run WHERE status = 'ok'") == [(year.span.nights,)]


def test_everything_that_can_happen_to_a_round_happens(year) -> None:
    assert {one.kind for one in year.truth()} >= {*FIELDS, "length", "renamed", "retired"}


def test_only_week_13s_warn(year) -> None:
    warned = [night for night, result in zip(year.span.all(), year.results, strict=True) if result.warnings]

    assert {w.partition(":")[0] for result in year.results for w in result.warnings} == {"shrink guard"}
    starts = [night for night in warned if night - timedelta(days=1) not in warned]
    assert len(starts) == year.span.week_13s
    assert year.span.week_13s * 7 <= len(warned) <= year.span.week_13s * 14


def test_in_the_end_the_tables_hold_what_the_world_tells(year) -> None:
    told = {}
    for season_year, season_quarter in year.span.quarters:
        told |= listed(year, year.span.last, season_year=str(season_year), season_quarter=str(season_quarter))
    told |= listed(year, year.span.last)

    assert len(told) > 25 * len(year.span.quarters)
    for season_id, rows in told.items():
        assert comparable(stored(year, season_id)) == comparable(rows), season_id


def test_each_change_is_reported_exactly_once(year) -> None:
    reported = Counter(
        year.nights.rows(
            "SELECT series_id, season_id, race_week_num, field FROM schedule_change "
            "WHERE field NOT IN ('missing_since', 'season')"
        )
    )

    assert reported == Counter(expected(year))


def test_each_season_that_comes_is_told_once_and_those_of_the_first_night_are_not(year) -> None:
    told = year.nights.rows("SELECT season_id FROM schedule_change WHERE field = 'season' ORDER BY 1")
    first = listed(year, year.span.first)

    assert told == year.nights.rows(
        "SELECT season_id FROM season WHERE NOT is_stub AND season_id <> ALL(:first) ORDER BY 1", first=list(first)
    )
    assert len(told) > 20


def expected(year: Year) -> Iterator[tuple[Any, ...]]:
    """Yield what is to be reported of all that happened."""
    for one in year.truth():
        if one.kind == "length":
            yield one.series_id, one.season_id, one.race_week_num, LENGTHS[one.field]
        elif one.kind in FIELDS:
            yield one.series_id, one.season_id, one.race_week_num, FIELDS[one.kind]
        elif one.kind == "renamed":
            yield one.series_id, None, None, "name"
            yield from ((one.series_id, season_id, None, "name") for season_id in running(year, one))
        elif one.kind == "retired":
            yield one.series_id, None, None, "retired_at"
            if one.season_id:
                yield one.series_id, one.season_id, None, "status"


def running(year: Year, renamed: Happening) -> list[int]:
    """Return the seasons of a series that run when it is renamed."""
    seasons = year.world.answer("series/seasons", {}, renamed.at)
    return [season["season_id"] for season in seasons if season["series_id"] == renamed.series_id]


def test_the_values_reported_are_those_of_the_world(year) -> None:
    rows = year.nights.rows("SELECT season_id, race_week_num, field, old, new FROM schedule_change")
    reported = {row[:3]: row[3:] for row in rows}

    for one in year.truth():
        key = one.season_id, one.race_week_num
        if one.kind in ("track", "new_layout"):
            assert reported[*key, "track_id"] == (one.old, one.new)
        elif one.kind == "length":
            assert reported[*key, LENGTHS[one.field]] == (one.old, one.new)
        elif one.kind == "cars":
            assert reported[*key, "cars"] == (sorted(one.old), sorted(one.new))
        elif one.kind == "postponed":
            assert reported[*key, "starts_at"] == (f"{one.old}T00:00:00+00:00", f"{one.new}T00:00:00+00:00")


def test_the_retired_series_are_exactly_those_that_the_world_retired(year) -> None:
    retired = {one.series_id for one in year.truth() if one.kind == "retired"}

    assert len(retired) == year.span.retired
    assert set(year.nights.rows("SELECT series_id FROM series WHERE retired_at IS NOT NULL")) == {(r,) for r in retired}
    assert set(year.nights.rows("SELECT series_id FROM series WHERE NOT active")) == {(r,) for r in retired}
    missing = year.nights.rows("SELECT DISTINCT series_id FROM schedule_change WHERE field = 'missing_since'")
    assert {series_id for (series_id,) in missing} == retired | WEEK_13_SERIES


def test_the_season_cut_short_is_withdrawn_after_the_grace_period_and_keeps_its_rounds(year) -> None:
    [cut] = [one for one in year.truth() if one.kind == "retired" and one.season_id]
    [(status, at)] = year.nights.rows(
        "SELECT status, c.at FROM season JOIN schedule_change c USING (season_id) "
        "WHERE season_id = :season_id AND c.field = 'status'",
        season_id=cut.season_id,
    )
    before = listed(year, cut.at - timedelta(seconds=1))[cut.season_id]

    assert status == "withdrawn"
    assert timedelta(days=21) <= at - cut.at <= timedelta(days=22, hours=6)
    assert comparable(stored(year, cut.season_id)) == comparable(before)


def test_seasons_that_ran_to_their_end_are_ended(year) -> None:
    rows = year.nights.rows(
        "SELECT DISTINCT status, active FROM season WHERE ends_at < :before AND status <> 'withdrawn'",
        before=year.span.last - timedelta(days=14),
    )

    assert rows == [("ended", False)]


CALLS = """
    SELECT endpoint, run_id, count(*) FROM api_call_log
    WHERE cached <> 'hit' AND http_status = 200 AND (params ? 'season_year') = :of_quarter
    GROUP BY 1, 2
"""


def test_an_ordinary_night_costs_two_calls(year) -> None:
    rows = year.nights.rows(CALLS, of_quarter=False)
    nightly = Counter(run_id for endpoint, run_id, _ in rows if endpoint in ("series/seasons", "series/get"))
    others = Counter(endpoint for endpoint, *_ in rows if endpoint not in ("series/seasons", "series/get"))
    new_layouts = sum(one.kind == "new_layout" for one in year.truth())

    assert {count for _, _, count in rows} == {1}
    assert set(nightly.values()) == {2}
    assert others.pop("series/stats_series") == year.span.retired  # for each series that was missed
    assert others.pop("track/get") <= year.span.weeks + new_layouts
    about_an_end = 21 * (len(year.span.quarters) + 1)
    assert others.pop("lookup/current_season") <= year.span.weeks + about_an_end
    assert others == dict.fromkeys(("car/get", "carclass/get", "series/assets"), year.span.weeks)


def test_from_the_tenth_week_on_it_costs_two_more_for_the_coming_quarter(year) -> None:
    rows = year.nights.rows(CALLS, of_quarter=True)
    nights = [night for night in year.span.all() if quarter_at(night).week_at(night) >= 10]

    assert {count for _, _, count in rows} == {1}
    assert Counter(endpoint for endpoint, *_ in rows) == {"season/list": len(nights), "series/seasons": len(nights)}


def test_nothing_is_listed_twice(year) -> None:
    assert year.nights.rows("SELECT count(*) FROM sim_layout WHERE is_stub") == [(1,)]
    drift = year.nights.rows("SELECT kind, path FROM schema_drift")
    assert all(kind == "appeared" and SHAPE_OF_2026.search(path) for kind, path in drift)
    assert bool(drift) == (year.span is A_YEAR)
