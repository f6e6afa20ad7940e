"""The hash of a season: deaf to iRacing's noise, awake to everything that matters."""

import copy
import gzip
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iracing_sync.changes.canonical import SORTED, WITHOUT_QUERY, Hashes, season_hashes
from iracing_sync.changes.older_shape import SESSIONS
from iracing_sync.simulator import SyntheticWorld
from iracing_sync.tables.ignored import IGNORED, Ignore, ignored_keys

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
SEASONS = json.loads(json.dumps(SyntheticWorld().answer("series/seasons", {}, AT)))
MEMBERS = {one: [2 * one, 2 * one + 1] for season in SEASONS for one in season["car_class_ids"]}

LEFT_OUT = [key.path.replace("[]", "") for key in ignored_keys("series/seasons", Ignore.HASH)]
SHUFFLED = ("schedules", "car_restrictions", "race_week_cars", "session_times", "track_types", "car_types")
SPONSORED = ("series_name", "season_name", "schedule_name")

seasons = st.sampled_from(SEASONS)
dice = st.integers(0, 2**32).map(random.Random)


def hashed(season: dict[str, Any], members: dict[int, list[int]] = MEMBERS) -> Hashes:
    return season_hashes(season, season["schedules"], members)


def objects(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object in a document with its path, without `[]`."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from objects(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for item in value:
            yield from objects(item, path)


def leaves(season: dict[str, Any]) -> list[tuple[str, dict[str, Any], str]]:
    """Return every value that matters: its path, the object that holds it, and its key."""
    found = [(f"{path}.{key}".lstrip("."), holder, key) for path, holder in objects(season) for key in holder]
    return [
        (path, holder, key)
        for path, holder, key in found
        if not any(path == one or path.startswith(f"{one}.") for one in LEFT_OUT)
        and not isinstance(holder[key], dict)
        and path not in {"schedules", "schedules.weather.weather_url"}
    ]


def shuffled(value: Any, dice: random.Random, key: str = "") -> Any:
    """Return a document in another order: keys always, lists where iRacing shuffles them."""
    if isinstance(value, dict):
        items = list(value.items())
        dice.shuffle(items)
        return {name: shuffled(item, dice, name) for name, item in items}
    if isinstance(value, list):
        inner = [shuffled(item, dice) for item in value]
        if key in SHUFFLED:
            dice.shuffle(inner)
        return inner
    return value


def another(value: Any, dice: random.Random) -> Any:
    """Return a value of the same kind that differs."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + dice.choice([1, -1, 0.5, 1000])
    if isinstance(value, str):
        return value + dice.choice(["x", " ", "2"])
    if isinstance(value, list):
        return [*value, value[-1]] if value else [1]
    return dice.choice([1, "x", True])


@settings(max_examples=200)
@given(seasons, dice)
def test_no_order_changes_the_hash(season, dice) -> None:
    assert hashed(shuffled(season, dice)) == hashed(season)


@settings(max_examples=100)
@given(seasons, dice, st.text(max_size=20))
def test_no_sponsor_and_no_server_row_changes_the_hash(season, dice, name) -> None:
    renamed = copy.deepcopy(season)
    for round_ in renamed["schedules"]:
        round_[dice.choice(SPONSORED)] = name

    assert hashed(renamed) == hashed(season)


@settings(max_examples=100)
@given(seasons, st.text(alphabet="abcdef0123456789&=-", max_size=60))
def test_no_signature_changes_the_hash(season, query) -> None:
    signed = copy.deepcopy(season)
    for round_ in signed["schedules"]:
        round_["weather"]["weather_url"] = f"{round_['weather']['weather_url'].partition('?')[0]}?{query}"

    assert hashed(signed) == hashed(season)


@settings(max_examples=200)
@given(seasons, dice)
def test_nothing_that_is_left_out_changes_the_hash(season, dice) -> None:
    noisy = copy.deepcopy(season)
    path = dice.choice(LEFT_OUT)
    *way, last = path.split(".")
    for holder in [holder for where, holder in objects(noisy) if where == ".".join(way)]:
        holder[last] = dice.choice([None, 7, "x", {"1": 2}])

    assert hashed(noisy) == hashed(season)


@settings(max_examples=400)
@given(seasons, dice)
def test_every_field_that_matters_changes_the_hash(season, dice) -> None:
    changed = copy.deepcopy(season)
    path, holder, key = dice.choice(leaves(changed))
    holder[key] = another(holder[key], dice)

    before, after = hashed(season), hashed(changed)
    part = "schedule" if path.startswith("schedules.") else "settings"
    assert getattr(before, part) != getattr(after, part), path


def test_every_field_of_a_recorded_season_that_matters_changes_its_hash(recordings) -> None:
    body = gzip.decompress((recordings / "2025-09-09.series.seasons.json.gz").read_bytes())
    season = max(json.loads(body), key=lambda season: len(season["car_class_ids"]) - len(season["schedules"]))
    before, dice = hashed(season), random.Random(1)  # noqa: S311 - guards nothing

    for path, holder, key in leaves(season):
        kept, holder[key] = holder[key], another(holder[key], dice)
        assert hashed(season) != before, path
        holder[key] = kept


@settings(max_examples=100)
@given(seasons, dice)
def test_a_round_that_is_gone_changes_the_schedule_and_not_the_settings(season, dice) -> None:
    shorter = copy.deepcopy(season)
    shorter["schedules"].remove(dice.choice(shorter["schedules"]))

    assert hashed(shorter).schedule != hashed(season).schedule
    assert hashed(shorter).settings == hashed(season).settings


@pytest.mark.parametrize("empty", [None, [], {}])
def test_what_is_empty_counts_as_left_out(empty) -> None:
    padded = {
        **SEASONS[0],
        "brand_new": empty,
        "schedules": [{**r, "brand_new": empty} for r in SEASONS[0]["schedules"]],
    }

    assert hashed(padded) == hashed(SEASONS[0])


def test_a_whole_number_may_come_with_a_decimal_point() -> None:
    season = SEASONS[0]
    rounds = [{**round_, "race_lap_limit": float(round_["race_lap_limit"])} for round_ in season["schedules"]]

    assert hashed({**season, "schedules": rounds}) == hashed(season)


def test_a_class_that_gains_a_car_changes_the_schedule() -> None:
    one = SEASONS[0]["car_class_ids"][0]

    assert hashed(SEASONS[0], {**MEMBERS, one: [*MEMBERS[one], 999]}).schedule != hashed(SEASONS[0]).schedule


def test_every_rule_gives_its_reason() -> None:
    reasons = [reason for _, reason in (*SORTED, *WITHOUT_QUERY)]
    reasons += [key.why for keys in IGNORED.values() for key in keys]

    assert all(len(reason) >= 5 for reason in reasons)


RELEASE = datetime(2026, 1, 13, tzinfo=UTC)
"""From here on the world tells rounds in a newer shape, a week later of its last seasons."""


def in_newer_shape(season: dict[str, Any]) -> bool:
    return any(SESSIONS in round_ for round_ in season["schedules"])


@pytest.mark.parametrize("moved_at", [RELEASE, RELEASE + timedelta(days=7)])
def test_a_schedule_has_one_hash_in_the_older_and_in_the_newer_shape(moved_at) -> None:
    world = SyntheticWorld()
    before, after = (
        {one["season_id"]: one for one in world.answer("series/seasons", {}, at)}
        for at in (moved_at - timedelta(minutes=1), moved_at)
    )
    classes = world.answer("carclass/get", {}, moved_at)
    members = {one["car_class_id"]: sorted(car["car_id"] for car in one["cars_in_class"]) for one in classes}
    happened = {one.season_id for one in world.happenings(moved_at - timedelta(minutes=1), moved_at)}
    moved = {one for one in before.keys() & after.keys() if in_newer_shape(after[one]) > in_newer_shape(before[one])}

    assert moved
    for season_id in moved - happened:
        old, new = hashed(before[season_id], members), hashed(after[season_id], members)
        assert (old.schedule == new.schedule, old.settings == new.settings) == (True, False)


@pytest.mark.parametrize(
    "said",
    [
        {"event_sessions": [{"type_name": "Race", "laps": 30, "minutes": 0}]},
        {"event_options": {"standing_start": True}},
        {"qual_time_descriptors": [{"repeating": False}]},
        {"race_time_descriptors": [{"repeating": True, "end_offset_minutes": 600}]},
    ],
)
def test_what_only_the_newer_shape_says_is_noticed_when_it_changes(said) -> None:
    season = copy.deepcopy(SEASONS[0])
    season["schedules"][0] |= said
    other = {"laps": 31, "standing_start": False, "repeating": True, "end_offset_minutes": 660}
    changed = copy.deepcopy(season)
    for _, holder in objects({key: changed["schedules"][0][key] for key in said}):
        holder |= {key: other[key] for key in other.keys() & holder.keys()}

    assert hashed(season) != hashed(changed)
