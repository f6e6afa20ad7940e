"""`lookup/current_season`, of which no recording shows the inner shape."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from iracing_sync.documents import Document
from iracing_sync.mappers.current_season import map_current_season
from iracing_sync.quarters import Quarter


def told(content: Any) -> Quarter | None:
    return map_current_season(Document("lookup/current_season", {}, orjson.dumps(content), datetime.now(UTC)))


def lookup(tag: str, *values: Any, lookup_type: str = "current") -> dict[str, Any]:
    listed = [{"value": value, "description": "", "seq": seq} for seq, value in enumerate(values)]
    return {"tag": tag, "lookups": [{"lookup_type": lookup_type, "lookup_values": listed}]}


@pytest.mark.parametrize(
    "content",
    [
        [lookup("year", "2026"), lookup("quarter", "4")],
        [lookup("quarter", 4), lookup("year", 2026.0)],
        [lookup("quarter", "Q4"), lookup("season_year", "2026")],
        {"data": [lookup("current", "2026", lookup_type="season_year"), lookup("", "4", lookup_type="Quarter")]},
        [{"tag": "year", "value": "2026"}, {"tag": "quarter", "value": "4"}],
        [lookup("year", "2026", "2026"), lookup("quarter", "4", "0")],
    ],
)
def test_the_quarter_is_read_wherever_it_stands_under_its_tag(content) -> None:
    assert told(content) == Quarter(2026, 4)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        [lookup("year", "2026")],
        [lookup("year", "2026"), lookup("quarter", "5")],
        [lookup("year", "20264"), lookup("quarter", "4")],
        [lookup("year", "2026"), lookup("quarter", "1", "2", "3", "4")],
        [lookup("year", "2026"), lookup("quarter", None, True, 1.5, [], "", "9" * 5000)],
        [None, 1, "year", {"tag": 3, "lookups": 4}],
    ],
)
def test_what_is_not_understood_is_no_answer(content) -> None:
    assert told(content) is None


def test_what_is_no_json_is_no_answer() -> None:
    assert map_current_season(Document("lookup/current_season", {}, b"<html>", datetime.now(UTC))) is None
