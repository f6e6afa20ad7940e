"""JSON as PostgreSQL takes it."""

from typing import Any

import orjson


def to_json(value: Any) -> str:
    """Write JSON for PostgreSQL."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def json_again(value: Any) -> str:
    """Write what came as JSON: quicker, for there are no other types in it."""
    return orjson.dumps(value).decode()
