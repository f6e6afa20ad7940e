"""A row as a plain dict: column names to values."""

from typing import Any

Row = dict[str, Any]
