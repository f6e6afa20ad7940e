"""Quarters, and their thirteenth weeks."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.simulator.synthetic.racing_calendar import (
    FIRST_QUARTER,
    ordinal_of,
    quarters_between,
    utc_text,
    week_13_on,
)


def test_quarters_start_on_tuesdays_thirteen_weeks_apart_or_fourteen():
    starts = [quarter.starts_at for quarter in quarters_between(FIRST_QUARTER, Quarter(2032, 4))]

    assert {moment.weekday() for moment in starts} == {1}
    assert {after - before for before, after in pairwise(starts)} <= {timedelta(weeks=13), timedelta(weeks=14)}
    assert {(moment.month, 8 <= moment.day <= 19) for moment in starts} == {(m, True) for m in (3, 6, 9, 12)}


def test_a_quarter_runs_from_its_first_midnight():
    start = Quarter(2026, 2).starts_at

    assert quarter_at(start) == (2026, 2)
    assert quarter_at(start - timedelta(seconds=1)) == (2026, 1)


def test_quarters_are_counted_from_the_first_of_2008():
    assert [ordinal_of(quarter) for quarter in quarters_between(FIRST_QUARTER, Quarter(2009, 2))] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("year", "weeks"), [(2025, 1), (2019, 2)])
def test_week_13_is_the_last_of_a_quarter_but_for_a_week_14(year, weeks):
    quarter = Quarter(year, 4)

    assert quarter.ends_at.date() - week_13_on(quarter) == timedelta(weeks=weeks)


def test_the_thirteenth_week_starts_on_a_tuesday():
    assert week_13_on(Quarter(2026, 2)) == date(2026, 6, 9)


def test_a_moment_is_written_as_iracing_does():
    assert utc_text(Quarter(2024, 2).starts_at) == "2024-03-12T00:00:00Z"
