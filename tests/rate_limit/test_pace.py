"""Thousands of calls within a rate limit, by fast clocks: of one process, and of four that share an account.

What part of the allowance they use is measured in `benchmarks/rate_limit.py`; here is what must never happen.
"""

import pytest
from many_calls import by_four_processes, by_one_process


@pytest.mark.parametrize(
    ("style", "calls"),
    [
        ("fixed", 1_200),
        ("sliding", 960),
        pytest.param("fixed", 10_000, marks=[pytest.mark.proof, pytest.mark.endurance]),
        pytest.param("sliding", 2_400, marks=pytest.mark.proof),
    ],
)
def test_thousands_of_calls_of_four_threads_are_never_refused(style, calls, tmp_path) -> None:
    made = by_one_process(style, calls, tmp_path / "token.json")

    assert (made.seen["data"], made.seen["refused"]) == (calls, 0)


@pytest.mark.parametrize("calls", [720, pytest.param(2_400, marks=pytest.mark.proof)])
def test_four_processes_share_one_allowance_and_its_tokens(database_url, tmp_path, calls) -> None:
    made = by_four_processes(calls, tmp_path / "token.json", database_url, speed=30)

    assert (made.seen["data"], made.seen["refused"]) == (calls, 0)
    assert (made.seen["logins"], made.seen["burnt"], made.seen["most_tokens_at_once"]) == (1, 0, 1)
