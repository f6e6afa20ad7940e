"""What an account may still ask, from the headers and from what was asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iracing_sync.rate_limit.allowance import (
    LONGEST_WAIT_SECONDS,
    Allowance,
    Terms,
    Told,
    grant,
    told_by,
    with_news,
    with_refusal,
)

TERMS = Terms(spacing_seconds=0.25, reserve=0.1)
NOW = 1_000_000.0


def asked(allowance: Allowance, times: int, at: float = NOW) -> tuple[list[float], Allowance]:
    moments = []
    for _ in range(times):
        moment, allowance = grant(allowance, at, TERMS)
        moments.append(moment)
    return moments, allowance


def test_without_headers_the_calls_are_evenly_spaced() -> None:
    assert asked(Allowance(), 3)[0] == [NOW, NOW + 0.25, NOW + 0.5]


def test_what_remains_is_spread_over_the_rest_of_the_window_less_the_reserve() -> None:
    told = with_news(Allowance(), Told(limit=100, remaining=100, resets_at=NOW + 60))

    moments, _ = asked(told, 91)

    assert moments[-2] < NOW + 60 <= moments[-1]
    assert moments[1] - moments[0] == pytest.approx(60 / 90)


def test_calls_under_way_count_before_their_answers_come() -> None:
    _, allowance = asked(Allowance(), 5)

    allowance = with_news(allowance, Told(limit=10, remaining=9, resets_at=NOW + 60))

    assert allowance.others == 0
    assert len([moment for moment in asked(allowance, 10, NOW + 2)[0] if moment < NOW + 60]) == 4


def test_what_others_use_of_the_account_is_left_out() -> None:
    _, allowance = asked(Allowance(), 1)

    allowance = with_news(allowance, Told(limit=100, remaining=50, resets_at=NOW + 60))

    assert allowance.others == 49
    assert len([moment for moment in asked(allowance, 100, NOW + 1)[0] if moment < NOW + 60]) == 40


def test_a_new_window_begins_with_all_its_calls() -> None:
    spent = with_news(Allowance(), Told(limit=100, remaining=0, resets_at=NOW + 10))

    moments, allowance = asked(spent, 2)
    allowance = with_news(allowance, Told(limit=100, remaining=99, resets_at=NOW + 70))

    assert moments == [NOW + 10, NOW + 10.25]
    assert (allowance.used, allowance.others) == (2, 0)


def test_a_late_answer_of_the_window_before_changes_nothing() -> None:
    allowance = with_news(Allowance(), Told(limit=100, remaining=80, resets_at=NOW + 70))

    assert with_news(allowance, Told(limit=100, remaining=3, resets_at=NOW + 10)) is allowance


def test_an_answer_that_tells_nothing_new_changes_nothing() -> None:
    _, allowance = asked(with_news(Allowance(), Told(100, 100, NOW + 60)), 3)

    assert with_news(allowance, Told(100, 97, NOW + 60)) is allowance


def test_after_a_refusal_nothing_is_asked_before_its_end() -> None:
    assert asked(with_refusal(Allowance(), NOW + 30), 1)[0] == [NOW + 30]


def test_a_reset_far_away_is_taken_for_a_wrong_clock() -> None:
    told = with_news(with_refusal(Allowance(), NOW + 10**6), Told(limit=10, remaining=0, resets_at=NOW + 10**6))

    assert asked(told, 1)[0] == [NOW + LONGEST_WAIT_SECONDS]


@given(
    limit=st.integers(1, 1000),
    used=st.integers(0, 1000),
    window=st.floats(1, 600),
    offsets=st.lists(st.floats(0, 5), min_size=1, max_size=300),
)
def test_no_window_gives_more_than_its_limit_less_the_reserve(limit, used, window, offsets) -> None:
    allowance = with_news(Allowance(), Told(limit, max(0, limit - used), NOW + window))
    now, within = NOW, 0
    for offset in offsets:
        now += offset
        moment, allowance = grant(allowance, now, TERMS)
        within += moment < NOW + window

    assert within <= max(0, limit - used - limit * 0.1)


@pytest.mark.parametrize("missing", ["x-ratelimit-remaining", "x-ratelimit-reset"])
def test_headers_that_are_not_there_tell_nothing(missing) -> None:
    headers = {"x-ratelimit-limit": "240", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "1000060"}

    assert told_by(headers, 1_000_000) == Told(240, 7, 1000060)
    assert told_by({name: value for name, value in headers.items() if name != missing}, 1_000_000) is None
    assert told_by({**headers, "x-ratelimit-reset": "soon"}, 1_000_000) is None
