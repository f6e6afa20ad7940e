"""What is wrong about a value, in words of ours: pydantic's speak of types and schemas."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

MOMENT = "expected a moment such as 2025-05-14T09:00"

WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "int_parsing": lambda _: "expected a whole number",
    "int_type": lambda _: "expected a whole number",
    "int_from_float": lambda _: "expected a whole number",
    "int_parsing_size": lambda _: "expected a smaller number",
    "float_parsing": lambda _: "expected a number",
    "float_type": lambda _: "expected a number",
    "finite_number": lambda _: "expected a finite number",
    "greater_than": lambda told: f"expected more than {told['gt']}",
    "greater_than_equal": lambda told: f"expected {bare(told['ge'])} or more",
    "less_than": lambda told: f"expected less than {told['lt']}",
    "less_than_equal": lambda told: f"expected {bare(told['le'])} or less",
    "literal_error": lambda told: f"expected {without_quotes(told['expected'])}",
    "enum": lambda told: f"expected {without_quotes(told['expected'])}",
    "path_type": lambda _: "expected a path",
    **dict.fromkeys(("datetime_parsing", "datetime_from_date_parsing", "datetime_type"), lambda _: MOMENT),
}
"""By pydantic's name of a fault: our words for it, from what pydantic tells of it."""


def bare(number: float) -> str:
    """Write a number without a fraction that is none."""
    return str(int(number)) if number == int(number) else str(number)


def words_for(fault: Any) -> str:
    """Return what is wrong, from one of `ValidationError.errors()`."""
    told = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return str(told["error"])
    return WORDS[fault["type"]](told) if fault["type"] in WORDS else str(fault["msg"])


def innermost(fault: Any) -> Any:
    """Return what is wrong with the one among several values that something is wrong with."""
    inner = fault.get("ctx", {}).get("error")
    return innermost(inner.errors()[0]) if isinstance(inner, ValidationError) else fault


def without_quotes(expected: str) -> str:
    """Write what may be chosen as one types it."""
    return expected.replace("'", "")
