"""Changes as sentences that someone who races understands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from iracing_sync.changes.compared import compared_columns, words_of_columns
from iracing_sync.plain_text import how_many
from iracing_sync.tables.events import Event


class Names(NamedTuple):
    """What the ids in changes are called."""

    layouts: Mapping[int, str]
    cars: Mapping[int, str]
    classes: Mapping[int, str]
    series: Mapping[int, str] = {}


LONGEST = 120
"""A sentence is about so long; the rest is there on request."""

BACK = ": back as it was before "

ENDLESS = 10**9

WEEK = timedelta(weeks=1)

LENGTHS = tuple(one.column for one in compared_columns(Event) if one.column in words_of_columns())
"""The columns of a round that people count in a unit."""

WORDS = {
    "has_full_course_cautions": "full-course cautions",
    "full_course_cautions": "full-course cautions",
    "is_qualify_attached": "qualifying attached to the race",
    "fixed_setup": "fixed setups",
    "driver_changes": "team racing",
    "official": "official",
    "short_name": "the short name",
    "season_year": "the year",
    "season_quarter": "the quarter",
    "schedule_description": "the description",
    "temp_value": "temperature",
    "rel_humidity": "humidity in %",
    "simulated_start_time": "simulated start",
    "weather_summary.precip_chance": "chance of rain in %",
    "weather_summary.temp_low": "lowest temperature",
    "weather_summary.temp_high": "highest temperature",
    "heat_ses_info.heat_laps": "laps of the heat races",
    "heat_ses_info.main_laps": "laps of the main race",
    "max_dry_tire_sets": "dry tyre sets",
}
"""What people call what has no word of its own among the columns."""


def sentence(change: Mapping[str, Any], names: Names, longest: int = LONGEST) -> str:
    """Write one change, a row of schedule_change, as a sentence without its series."""
    write = WRITERS.get(change["field"], differs)
    return write(subject(change), change, names, longest)


def back_sentence(change: Mapping[str, Any], names: Names, since: datetime) -> str:
    """Write one change that takes back another one, which was noticed at a moment."""
    return f"{sentence(change, names)}{BACK}{since:%Y-%m-%d}"


def full_sentence(change: Mapping[str, Any], names: Names) -> str:
    """Write one change with all that it holds, however long that is."""
    return sentence(change, names, ENDLESS)


def subject(change: Mapping[str, Any]) -> str:
    """Name what changes: rounds by their weeks, counted from 1 as people do, or the season or series."""
    if change["rounds"]:
        return weeks([number + 1 for number in change["rounds"]])
    return "The series" if change["season_id"] is None else "The season"


def weeks(numbers: Sequence[int]) -> str:
    """Write the numbers of weeks, those in a row as one.

    >>> weeks([4]), weeks([2, 3, 7, 8])
    ('Week 4', 'Weeks 2, 3, 7 and 8')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [part for run in runs for part in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run))]
    return f"{'Week' if len(numbers) == 1 else 'Weeks'} {in_a_row(parts)}"


def in_a_row(parts: Sequence[Any]) -> str:
    """Write values one after the other."""
    said = list(map(str, parts))
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def verb(who: str, one: str, many: str) -> str:
    """Return the form of a verb for one or several weeks."""
    return many if who.startswith("Weeks") else one


def within(start: str, parts: Iterable[str], longest: int, between: str = "; ") -> str:
    """Add as many parts to a sentence as it has room for, and say how many more there are."""
    every = list(parts)
    said = start + between.join(every)
    if len(said) <= longest:
        return said
    kept = max(len(every) - 1, 1)
    while kept > 1 and len(start + between.join(every[:kept])) > longest - len(" and 99 more"):
        kept -= 1
    more = f" and {len(every) - kept} more" if kept < len(every) else ""
    return cut(f"{start}{between.join(every[:kept])}{more}", longest)


def cut(text: str, longest: int) -> str:
    """Return a text that is not too long."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def moves(who: str, change: Mapping[str, Any], names: Names, _longest: int) -> str:
    """Write that a round goes to another track."""
    old, new = (names.layouts.get(track_id, f"track {track_id}") for track_id in (change["old"], change["new"]))
    return f"{who} {verb(who, 'moves', 'move')} from {old} to {new}"


def starts(who: str, change: Mapping[str, Any], _names: Names, _longest: int) -> str:
    """Write that rounds or a season start or end at another time."""
    one = verb(who, "ends", "end") if change["field"] == "ends_at" else verb(who, "starts", "start")
    old, new = change["old"], change["new"]
    races = "; the races start when they did" if change["severity"] == "low" else ""
    if len(change["rounds"]) > 1 and old and new:
        return f"{who} {one} {shift_in_words(datetime.fromisoformat(old), datetime.fromisoformat(new))}{races}"
    return f"{who} {one} on {day(new)} instead of {day(old)}{races}"


def shift_in_words(old: datetime, new: datetime) -> str:
    """Write by how much something is earlier or later."""
    shift = abs(new - old)
    hours, minutes = divmod(shift.seconds // 60, 60)
    counts = ((shift.days, "day"), (hours, "hour"), (minutes, "minute"))
    said = " and ".join(how_many(number, unit) for number, unit in counts if number)
    return f"{said} {'later' if new > old else 'earlier'}"


def day(instant: str | None) -> str:
    """Write an ISO instant as a day, with the time where it is not midnight."""
    if instant is None:
        return "an unknown day"
    date, _, clock = instant.partition("T")
    return date if clock.startswith("00:00") or not clock else f"{date} {clock[:5]} UTC"


def lasts(who: str, change: Mapping[str, Any], _names: Names, _longest: int) -> str:
    """Write that something takes more or fewer laps or minutes."""
    unit = words_of_columns()[change["field"]]
    old, new = (f"{change[key]} {unit}" if change[key] is not None else f"no limit of {unit}" for key in ("old", "new"))
    return f"{who}: {new} instead of {old}"


def takes_time(who: str, change: Mapping[str, Any], _names: Names, longest: int) -> str:
    """Write that the sessions of a round start at other times, or only last longer or shorter."""
    old, new = ([time.get("session_minutes") for time in change[key]] for key in ("old", "new"))
    if change["severity"] == "low":
        return f"{who}: sessions of {in_a_row(new)} minutes instead of {in_a_row(old)}"
    before, after = (starts_in_words(change[key]) for key in ("old", "new"))
    if before == after:
        return f"{who}: the sessions start on other days"
    return cut(f"{who}: races {after} instead of {before}", longest)


def starts_in_words(times: Sequence[Mapping[str, Any]]) -> str:
    """Write when sessions start, in UTC."""
    return in_a_row([pattern_in_words(time) for time in times]) if times else "at no time"


def pattern_in_words(time: Mapping[str, Any]) -> str:
    """Write when the sessions of one descriptor start."""
    if not time.get("is_repeating"):
        instants = [datetime.fromisoformat(at) for at in time.get("session_times", ())]
        said = [f"{at:%a %H:%M}" for at in instants]
        return f"on {', '.join(said)}" if said else "at no set time"
    first = str(time.get("first_session_at", ""))[:5] or "an unknown hour"
    every = time.get("repeat_minutes")
    days = len(time.get("day_offsets") or ())
    how_often = f"every {every} minutes from {first}" if every else f"at {first}"
    return how_often + (f" on {how_many(days, 'day')}" if days else "")


def comes_or_goes(who: str, change: Mapping[str, Any], _names: Names, _longest: int) -> str:
    """Write that a round is added, cancelled or restored."""
    return f"{who} {verb(who, 'is', 'are')} {change['new']}"


def comes_out(_who: str, change: Mapping[str, Any], names: Names, longest: int) -> str:
    """Write that a season is there for the first time."""
    about = change.get("about") or {}
    if not about:
        return "The season is out"
    tracks = dict.fromkeys(names.layouts.get(track, f"track {track}") for track in about["track_ids"])
    series = names.series.get(about["series_id"], f"series {about['series_id']}")
    start = f"{about['season_year']} Season {about['season_quarter']} of {series} is out: {weeks_from(about)}"
    whole = within(f"{start}, at ", tracks, longest, ", ")
    return start if whole.endswith("…") else whole


def weeks_from(about: Mapping[str, Any]) -> str:
    """Write how long a season is and when it starts; rounds of a few days each are no weeks."""
    first, last = (datetime.fromisoformat(about[key]) for key in ("starts_at", "last_starts_at"))
    number = len(about["track_ids"])
    is_weekly = last - first >= (number - 1) * WEEK
    return f"{how_many(number, 'week' if is_weekly else 'round')} from {day(about['starts_at'])}"


def changes_members(_who: str, change: Mapping[str, Any], names: Names, longest: int) -> str:
    """Write that cars join or leave a class."""
    class_id = change["new"]["car_class_id"]
    lists = {key: change[key]["car_ids"] for key in ("old", "new")}
    return exchange(names.classes.get(class_id, f"Class {class_id}"), lists, names.cars, "car", longest)


def stands(who: str, change: Mapping[str, Any], _names: Names, _longest: int) -> str:
    """Write that a season is withdrawn or back."""
    return f"{who} is withdrawn" if change["new"] == "withdrawn" else f"{who} is back ({change['new']})"


def disappears(who: str, change: Mapping[str, Any], _names: Names, _longest: int) -> str:
    """Write that a series is not listed, or listed again."""
    return f"{who} is listed again" if change["new"] is None else f"{who} is no longer listed"


def retires(who: str, change: Mapping[str, Any], _names: Names, _longest: int) -> str:
    """Write that a series is retired, or back."""
    return f"{who} is back" if change["new"] is None else f"{who} is retired"


def changes_name(who: str, change: Mapping[str, Any], _names: Names, longest: int) -> str:
    """Write that a season or series has another name."""
    return cut(f"{who} is now called {change['new']} instead of {change['old']}", longest)


def changes_series(who: str, change: Mapping[str, Any], names: Names, _longest: int) -> str:
    """Write that a season belongs to another series."""
    old, new = (names.series.get(change[key], f"series {change[key]}") for key in ("old", "new"))
    return f"{who} moves from {old} to {new}"


def drives(who: str, change: Mapping[str, Any], names: Names, longest: int) -> str:
    """Write which cars come in and go out."""
    return exchange(f"{who}: cars", change, names.cars, "car", longest)


def drives_classes(who: str, change: Mapping[str, Any], names: Names, longest: int) -> str:
    """Write which classes come in and go out, or that only their order changes."""
    if set(change["old"]) == set(change["new"]):
        return f"{who}: the classes come in another order"
    return exchange(f"{who}: classes", change, names.classes, "class", longest)


def exchange(start: str, change: Mapping[str, Any], names: Mapping[int, str], kind: str, longest: int) -> str:
    """Write what is in the new list only, and what in the old one only."""
    parts: list[str] = []
    for word, one, other in (("in", change["new"], change["old"]), ("out", change["old"], change["new"])):
        only = [names.get(item, f"{kind} {item}") for item in one if item not in other]
        before = "; " if parts and only else ""
        parts += [f"{before}{word}: {only[0]}", *(f", {name}" for name in only[1:])] if only else []
    return within(f"{start} ", parts, longest, "")


def restricts(who: str, change: Mapping[str, Any], names: Names, longest: int) -> str:
    """Write how the balance of performance changes: that all of it comes or goes, or of each car what."""
    old, new = change["old"] or {}, change["new"] or {}
    if not new:
        cars = f" for {how_many(len(old), 'car')}" if len(old) > 1 else f" for {car_name(next(iter(old)), names)}"
        return f"{who}: no balance of performance any more{cars}"
    told = [f"{car_name(car, names)} {effects(old.get(car), new.get(car))}" for car in sorted({*old, *new}, key=int)]
    return within(f"{who}: balance of performance: " if not old else f"{who}: ", told, longest)


def car_name(car: str, names: Names) -> str:
    """Return what the car of an item is called."""
    return names.cars.get(int(car), f"car {car}")


NO_EFFECT = {"max_fuel_fill_pct": 100, "max_dry_tire_sets": None}
"""What the columns of a restriction mean where it says nothing of them; the others are 0."""


def effects(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    """Write the columns of a restriction that differ."""
    before, after = old or {}, new or {}
    said = []
    for column in sorted({*before, *after}):
        was, now_is = (side.get(column, NO_EFFECT.get(column, 0)) for side in (before, after))
        if was != now_is:
            said.append(effect(column, was, now_is))
    return ", ".join(said)


def effect(column: str, was: Any, now_is: Any) -> str:
    """Write how one column of a restriction differs."""
    name, unit = name_and_unit(words(column))
    before = "no limit" if was is None else f"{was}{unit}"
    return f"no limit of {name} instead of {before}" if now_is is None else f"{name} {now_is}{unit} instead of {before}"


def sets_up(who: str, change: Mapping[str, Any], names: Names, longest: int) -> str:
    """Write for which cars there are other fixed setups."""
    cars = sorted({*(change["old"] or {}), *(change["new"] or {})}, key=int)
    return within(f"{who}: other setups for ", [car_name(car, names) for car in cars], longest, ", ")


def licenses(who: str, change: Mapping[str, Any], _names: Names, longest: int) -> str:
    """Write who may race now, and who might before."""
    old, new = (range_of_licenses(change[key] or ()) for key in ("old", "new"))
    return cut(f"{who}: licences {new} instead of {old}", longest)


def range_of_licenses(allowed: Sequence[Mapping[str, Any]]) -> str:
    """Write the lowest and the highest of some licences; four levels make a group."""
    if not allowed:
        return "none"
    ordered = sorted(allowed, key=lambda one: one.get("license_group") or 0)
    first, last = ordered[0], ordered[-1]
    lowest = f"{first.get('group_name')}, level {first.get('min_license_level')}"
    return f"from {lowest} to {last.get('group_name')}"


def describes(who: str, change: Mapping[str, Any], _names: Names, longest: int) -> str:
    """Write another description."""
    said = change["new"]
    return f"{who}: no description any more" if not said else cut(f"{who}: the description is now “{said}”", longest)


def differs(who: str, change: Mapping[str, Any], _names: Names, longest: int) -> str:
    """Write what any other field was and is."""
    old, new = change["old"], change["new"]
    if isinstance(old, dict) or isinstance(new, dict):
        before, after = old or {}, new or {}
        keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
        return within(f"{who}: ", [instead(key, before.get(key), after.get(key)) for key in keys], longest)
    return cut(f"{who}: {instead(change['field'], old, new)}", longest)


def instead(field: str, old: Any, new: Any) -> str:
    """Write one value and what it was."""
    if isinstance(old, bool) or isinstance(new, bool):
        return f"{words(field)} {on_or_off(old)} → {on_or_off(new)}"
    name, unit = name_and_unit(words(field))
    before, after = (f"{value_in_words(value)}{unit if value is not None else ''}" for value in (old, new))
    return f"{name} {after} instead of {before}"


def name_and_unit(said: str) -> tuple[str, str]:
    """Split what people call a field into what stands before its value and behind it.

    >>> name_and_unit("humidity in %"), name_and_unit("dry tyre sets")
    (('humidity', ' %'), ('dry tyre sets', ''))
    """
    name, _, unit = said.partition(" in ")
    return name, unit and f" {unit}"


def on_or_off(value: Any) -> str:
    """Write whether something is so."""
    return "unknown" if value is None else "on" if value else "off"


def words(field: str) -> str:
    """Write the name of a field in words."""
    plain = field.rpartition(".")[2].removeprefix("is_").removeprefix("has_").replace("_", " ")
    return words_of_columns().get(field) or WORDS.get(field) or plain


def value_in_words(value: Any) -> str:
    """Write a value."""
    if isinstance(value, list):
        return in_a_row(value) if value else "none"
    return "none" if value is None else str(value)


Writer = Callable[[str, Mapping[str, Any], Names, int], str]

WRITERS: Mapping[str, Writer] = {
    "track_id": moves,
    "starts_at": starts,
    "ends_at": starts,
    **dict.fromkeys(LENGTHS, lasts),
    "times": takes_time,
    "round": comes_or_goes,
    "season": comes_out,
    "class_cars": changes_members,
    "status": stands,
    "missing_since": disappears,
    "retired_at": retires,
    "name": changes_name,
    "series_id": changes_series,
    "cars": drives,
    "car_class_ids": drives_classes,
    "restrictions": restricts,
    "setups": sets_up,
    "allowed_licenses": licenses,
    "schedule_description": describes,
}
"""Who writes the sentence, by field; all others are written plainly."""
