"""Changes as sentences that someone who races understands."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from iracing_sync.changes.compared import compared_columns, words_of_columns
from iracing_sync.tables.events import Event


class Names(NamedTuple):
    """What the ids in changes are called."""

    layouts: Mapping[int, str]
    cars: Mapping[int, str]
    classes: Mapping[int, str]


LENGTHS = tuple(one.column for one in compared_columns(Event) if one.column in words_of_columns())
"""The columns of a round that people count in a unit."""

FLAT = {
    "setups": "other setups",
    "settings": "other settings",
    "schedule_description": "another description",
    "allowed_licenses": "other licences are allowed",
}


def sentence(change: Mapping[str, Any], names: Names) -> str:
    """Write one change, a row of schedule_change, as a sentence without its series."""
    write = WRITERS.get(change["field"], differs)
    return write(subject(change), change, names)


def subject(change: Mapping[str, Any]) -> str:
    """Name what changes: a round by its week, counted from 1 as people do, or the season or series."""
    if change["race_week_num"] is not None:
        return f"Week {change['race_week_num'] + 1}"
    return "The series" if change["season_id"] is None else "The season"


def moves(who: str, change: Mapping[str, Any], names: Names) -> str:
    """Write that a round goes to another track."""
    old, new = (names.layouts.get(track_id, f"track {track_id}") for track_id in (change["old"], change["new"]))
    return f"{who} moves from {old} to {new}"


def starts(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that a round or season starts or ends at another time."""
    verb = "ends" if change["field"] == "ends_at" else "starts"
    old, new = (day(change[key]) for key in ("old", "new"))
    return f"{who} {verb} on {new} instead of {old}"


def day(instant: str | None) -> str:
    """Write an ISO instant as a day, with the time where it is not midnight."""
    if instant is None:
        return "an unknown day"
    date, _, clock = instant.partition("T")
    return date if clock.startswith("00:00") or not clock else f"{date} {clock[:5]} UTC"


def lasts(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that something takes more or fewer laps or minutes."""
    unit = words_of_columns()[change["field"]]
    old, new = (f"{change[key]} {unit}" if change[key] is not None else f"no limit of {unit}" for key in ("old", "new"))
    return f"{who}: {new} instead of {old}"


def takes_time(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that the sessions of a round start at other times, or only last longer or shorter."""
    old, new = ([time.get("session_minutes") for time in change[key]] for key in ("old", "new"))
    starts = [[{**time, "session_minutes": None} for time in change[key]] for key in ("old", "new")]
    if old != new and starts[0] == starts[1]:
        return f"{who}: sessions of {in_a_row(new)} minutes instead of {in_a_row(old)}"
    return f"{who}: the sessions start at other times"


def in_a_row(values: Sequence[Any]) -> str:
    """Write values one after the other."""
    return " and ".join(map(str, values))


def comes_or_goes(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that a round is added, cancelled or restored."""
    return f"{who} is {change['new']}"


def stands(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that a season is withdrawn or back."""
    return f"{who} is withdrawn" if change["new"] == "withdrawn" else f"{who} is back ({change['new']})"


def disappears(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that a series is not listed, or listed again."""
    return f"{who} is listed again" if change["new"] is None else f"{who} is no longer listed"


def retires(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that a series is retired, or back."""
    return f"{who} is back" if change["new"] is None else f"{who} is retired"


def changes_name(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write that a season or series has another name."""
    return f"{who} is now called {change['new']} instead of {change['old']}"


def drives(who: str, change: Mapping[str, Any], names: Names) -> str:
    """Write which cars come in and go out."""
    return exchange(who, change, names.cars, "car")


def drives_classes(who: str, change: Mapping[str, Any], names: Names) -> str:
    """Write which classes come in and go out, or that only their order changes."""
    if set(change["old"]) == set(change["new"]):
        return f"{who}: the classes come in another order"
    return exchange(who, change, names.classes, "class")


def exchange(who: str, change: Mapping[str, Any], names: Mapping[int, str], kind: str) -> str:
    """Write what is in the new list only, and what in the old one only."""
    parts = []
    for verb, one, other in (("in", change["new"], change["old"]), ("out", change["old"], change["new"])):
        if only := [names.get(item, f"{kind} {item}") for item in one if item not in other]:
            parts.append(f"{verb}: {', '.join(only)}")
    return f"{who}: cars {'; '.join(parts)}"


def restricts(who: str, change: Mapping[str, Any], names: Names) -> str:
    """Write of each car how its restriction changes."""
    old, new = change["old"] or {}, change["new"] or {}
    cars = sorted({*old, *new}, key=int)
    told = [f"{names.cars.get(int(car), f'car {car}')} {instead(old.get(car), new.get(car))}" for car in cars]
    return f"{who}: {'; '.join(told)}"


def differs(who: str, change: Mapping[str, Any], _names: Names) -> str:
    """Write what any other field was and is."""
    field = change["field"]
    if field in FLAT:
        return f"{who}: {FLAT[field]}"
    if isinstance(change["old"], dict) or isinstance(change["new"], dict):
        return f"{who}: {field} {instead(change['old'], change['new'])}"
    return f"{who}: {words(field)} {value_in_words(change['new'])} instead of {value_in_words(change['old'])}"


def instead(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    """Write the keys of two objects that differ."""
    before, after = old or {}, new or {}
    keys: Collection[str] = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return ", ".join(
        f"{words(key)} {value_in_words(after.get(key))} instead of {value_in_words(before.get(key))}" for key in keys
    )


def words(field: str) -> str:
    """Write the name of a field in words."""
    return words_of_columns().get(field) or field.rpartition(".")[2].removeprefix("is_").removeprefix("has_").replace(
        "_", " "
    )


def value_in_words(value: Any) -> str:
    """Write a value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


Writer = Callable[[str, Mapping[str, Any], Names], str]

WRITERS: Mapping[str, Writer] = {
    "track_id": moves,
    "starts_at": starts,
    "ends_at": starts,
    **dict.fromkeys(LENGTHS, lasts),
    "times": takes_time,
    "round": comes_or_goes,
    "status": stands,
    "missing_since": disappears,
    "retired_at": retires,
    "name": changes_name,
    "cars": drives,
    "car_class_ids": drives_classes,
    "restrictions": restricts,
}
"""Who writes the sentence, by field; all others are written plainly."""
