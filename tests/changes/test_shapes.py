"""What a release of the API brings into documents, also while it rolls out."""

from typing import Any

from iracing_sync.changes.shapes import release, shape_of


def rounds(*kinds: tuple[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"schedules": [dict(said) for number, said in kinds for _ in range(number)]}]


OLD, NEW = {"fog": 1}, {"fog": 1, "mist": 1}
KEY = "$[].schedules[].mist"


def test_a_field_that_nearly_all_rounds_have_now_and_few_had_before_is_a_release() -> None:
    before, mixed, after = (shape_of(rounds((old, OLD), (10 - old, NEW))) for old in (10, 2, 0))

    assert release(before, mixed).appeared == {KEY}
    assert release(before, after).appeared == release(after, before).vanished == {KEY}
    assert release(mixed, after).paths == set()
    assert release(shape_of(rounds((8, OLD), (2, NEW))), after).appeared == {KEY}


def test_that_more_rounds_have_set_times_than_repeating_ones_is_none() -> None:
    hourly, once = ({"race_time_descriptors": [one]} for one in ({"repeat_minutes": 60}, {"session_times": []}))
    ordinary, week_13, tours = (shape_of(rounds((number, hourly), (10 - number, once))) for number in (9, 2, 0))

    assert release(ordinary, week_13).paths == release(ordinary, tours).paths == set()
