"""JSON as PostgreSQL takes it and gives it."""

from typing import Any

import orjson


def to_json(value: Any) -> str:
    """Write JSON for PostgreSQL."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def json_again(value: Any) -> str:
    """Write what came as JSON: quicker, for there are no other types in it."""
    return orjson.dumps(value).decode()


def from_json(text: str | bytes) -> Any:
    """Read JSON from PostgreSQL: a number of more than 64 bits as what it came as, a fraction."""
    return orjson.loads(text)
