"""Which layouts, cars and classes the schedules name."""

from collections.abc import Iterator
from typing import Any

from iracing_sync.changes.shapes import DEEPEST
from iracing_sync.tables.ignored import PERSONAL
from iracing_sync.whole_numbers import LARGEST

KINDS = {
    "track_id": "sim_layout",
    "car_id": "sim_car",
    "car_class_ids": "car_class",
    "race_week_car_class_ids": "car_class",
}


def named_ids(content: Any) -> dict[str, set[int]]:
    """Return the ids that a document names, by the table that explains them; what is none is the mapper's to report."""
    named: dict[str, set[int]] = {table: set() for table in KINDS.values()}
    for table, value in mentions(content):
        named[table].update(
            number
            for number in (value if isinstance(value, list) else [value])
            if type(number) is int and 0 < number <= LARGEST
        )
    return named


def mentions(content: Any, depth: int = DEEPEST) -> Iterator[tuple[str, Any]]:
    """Yield each place that names an id, with the table it belongs to."""
    if isinstance(content, list):
        for item in content if depth else ():
            yield from mentions(item, depth - 1)
    elif isinstance(content, dict):
        for key, value in content.items() if depth else ():
            if key in KINDS:
                yield KINDS[key], value
            elif type(value) in (list, dict) and key not in PERSONAL:
                yield from mentions(value, depth - 1)
