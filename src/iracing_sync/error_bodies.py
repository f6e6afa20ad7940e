"""What iRacing says in the body of an error."""

from typing import Any

import httpx
import orjson


def error_fields(response: httpx.Response) -> dict[str, str]:
    """Return the texts in the JSON body of an error; none where it is not JSON."""
    try:
        content: Any = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return {key: value for key, value in content.items() if isinstance(value, str)} if isinstance(content, dict) else {}
