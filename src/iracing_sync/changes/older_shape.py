"""One schedule in two shapes: since 2025-12 iRacing says of a round in newer fields what older ones said before.

The older ones stay beside them in some documents and are gone from others.
"""

from collections.abc import Mapping, Sequence
from typing import Any

SESSIONS = "event_sessions"
OPTIONS = "event_options"
QUALIFYING_TIMES = "qual_time_descriptors"
CLASSES, CLASS_IDS = "race_week_car_classes", "race_week_car_class_ids"
TIMES, LAST_START = "race_time_descriptors", "end_offset_minutes"

NEWER = (OPTIONS, SESSIONS, QUALIFYING_TIMES, CLASSES)
"""What rounds have since 2025-12."""

LENGTHS = {
    "practice_length": ("practice", "minutes"),
    "qualify_length": ("qualify", "minutes"),
    "qualify_laps": ("qualify", "laps"),
    "warmup_length": ("warmup", "minutes"),
}
"""The older fields, each with the kind of session that it is of and the newer key there."""

LIMITS = {"race_lap_limit": "laps", "race_time_limit": "minutes"}

SESSION_WORDS = {"warmup": "warm", "practice": "practice", "qualify": "qualif", "race": "race"}
"""By what name sessions are told apart, the first that holds: a warm-up has the type of a practice."""

UNLIMITED_LAPS = 32767
"""What iRacing writes where laps are no limit."""


def older_fields(round_: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the newer fields of a round say in place of older ones that it lacks.

    >>> older_fields({"event_sessions": [{"type_name": "Race", "laps": 32767, "minutes": 20}]})["race_time_limit"]
    20
    """
    found: dict[str, Any] = {}
    if sessions := objects_in(round_.get(SESSIONS)):
        found |= {
            key: length(of_kind(sessions, kind)[:1], unit) for key, (kind, unit) in LENGTHS.items() if key not in round_
        }
        if all(round_.get(key) is None for key in LIMITS):
            races = of_kind(sessions, "race")
            found |= {key: length(races[-1:], unit) or None for key, unit in LIMITS.items()}
    options = round_.get(OPTIONS)
    if "start_type" not in round_ and isinstance(options, dict) and isinstance(options.get("standing_start"), bool):
        found["start_type"] = "Standing" if options["standing_start"] else "Rolling"
    if classes := objects_in(round_.get(CLASSES)):
        found[CLASS_IDS] = [one.get("car_class_id") for one in classes]
    return found


def of_kind(sessions: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    """Return the sessions of one kind."""
    return [one for one in sessions if kind_of(one) == kind]


def kind_of(session: Mapping[str, Any]) -> str | None:
    """Say what a session is, None where its name does not tell."""
    name = str(session.get("type_name")).lower()
    return next((kind for kind, word in SESSION_WORDS.items() if word in name), None)


def length(sessions: Sequence[Mapping[str, Any]], unit: str) -> Any:
    """Return how long the one session is, 0 where there is none or it has no such limit, as the older fields do."""
    for one in sessions:
        is_without = one.get(f"unlimited_{'time' if unit == 'minutes' else unit}") is True
        return 0 if is_without or one.get(unit) == UNLIMITED_LAPS else one.get(unit)
    return 0


def in_older_shape(round_: Any) -> tuple[Any, dict[str, Any]]:
    """Return a round as it was before 2025-12, and what of it has no place in that shape."""
    if not isinstance(round_, dict):
        return round_, {}
    times = round_.get(TIMES)
    ends = [one.get(LAST_START) for one in objects_in(times)]
    has_ends = any(end is not None for end in ends)
    if not has_ends and round_.keys().isdisjoint(NEWER):
        return round_, {}
    older = {key: value for key, value in round_.items() if key not in NEWER} | older_fields(round_)
    newer = {key: round_[key] for key in NEWER if round_.get(key)}
    if has_ends and isinstance(times, list):
        older[TIMES] = [without(one, LAST_START) for one in times]
        newer[LAST_START] = ends
    return older, newer


def objects_in(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list, none of what is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def without(value: Any, key: str) -> Any:
    """Return an object less one key."""
    return {name: item for name, item in value.items() if name != key} if isinstance(value, dict) else value
