"""JSON read by name: what is there, what may be left out, and what is wrong with it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from iracing_sync.errors import MappingError
from iracing_sync.mappers.json_object import JsonObject


def an_object(**values) -> JsonObject:
    return JsonObject("a/document", values)


@pytest.mark.parametrize(
    "read", ["maybe_whole", "maybe_text", "maybe_flag", "maybe_number", "maybe_instant", "positive"]
)
def test_what_may_be_left_out_is_none_where_it_is_left_out_or_null(read) -> None:
    assert getattr(an_object(), read)("key") is None
    assert getattr(an_object(key=None), read)("key") is None


@pytest.mark.parametrize("read", ["whole", "text", "flag", "instant", "wholes", "object"])
def test_what_must_be_there_is_missed(read) -> None:
    with pytest.raises(MappingError, match=r"a/document: \$\.key is missing"):
        getattr(an_object(), read)("key")


@pytest.mark.parametrize(
    ("read", "value"),
    [
        *[("whole", "1"), ("whole", True), ("whole", 12.5), ("whole", 2**40), ("text", 1), ("flag", 1), ("wholes", {})],
        *[("instant", "soon"), ("instant", "9999-12-31"), ("instant", "0001-01-01T00:00:00+14:00")],
    ],
)
def test_a_value_of_another_type_is_refused_where_it_must_be_there(read, value) -> None:
    with pytest.raises(MappingError, match=r"\$\.key: expected"):
        getattr(an_object(key=value), read)("key")


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        ("maybe_whole", 12.5, None),
        ("maybe_whole", 2**31, None),
        ("positive", "1", None),
        ("maybe_number", "1.5", None),
        ("maybe_number", True, None),
        ("maybe_text", 1, None),
        ("maybe_flag", 1, None),
        ("maybe_instant", "soon", None),
        ("maybe_local_time", 5, None),
        ("maybe_day", "2025-02-30", None),
        ("maybe_clock", "25:00", None),
        ("wholes", [1, None, 2.0, "x"], [1, 2]),
        ("maybe_wholes", "none", None),
        ("maybe_instants", {}, None),
        ("maybe_object", [], None),
        ("maybe_objects", 1, []),
    ],
)
def test_a_trifle_of_another_type_is_left_out_and_known_by_its_path(read, value, found) -> None:
    sent = an_object(key=value)

    assert getattr(sent, read)("key") == found
    assert {one.path.partition("[")[0] for one in sent.misfits} == {"$.key"}


@pytest.mark.parametrize("read", ["maybe_whole", "maybe_text", "maybe_flag", "maybe_wholes", "maybe_objects"])
def test_null_is_nothing_wrong(read) -> None:
    sent = an_object(key=None)
    getattr(sent, read)("key")

    assert sent.misfits == []


def test_a_whole_number_may_be_written_as_a_fraction() -> None:
    assert (an_object(key=12.0).whole("key"), an_object(key=[1.0]).wholes("key")) == (12, [1])


def test_numbers_are_kept_as_they_are_written() -> None:
    sent = an_object(one=-1.25, two=3)

    assert (sent.maybe_number("one"), sent.maybe_number("two")) == (Decimal("-1.25"), Decimal(3))


def test_an_instant_with_another_zone_is_told_in_utc() -> None:
    assert an_object(at="2025-05-13T02:00:00+02:00").instant("at") == datetime(2025, 5, 13, tzinfo=UTC)


def test_the_rest_is_what_nobody_read_or_left_out_in_order() -> None:
    sent = an_object(c=3, b=2, a=1, read=0)
    sent.whole("read")

    assert list(sent.rest({"b"}).items()) == [("a", 1), ("c", 3)]


def test_an_error_deep_inside_knows_its_whole_path() -> None:
    [round_] = an_object(schedules=[{"track": {"track_id": "x"}}]).objects("schedules")

    with pytest.raises(MappingError, match=r"\$\.schedules\[0\]\.track\.track_id: expected a whole number, not 'x'"):
        round_.object("track").whole("track_id")


def test_a_long_value_is_cut_short_in_a_message() -> None:
    with pytest.raises(MappingError) as refused:
        an_object(key="x" * 1000).whole("key")

    assert len(str(refused.value)) < 150
