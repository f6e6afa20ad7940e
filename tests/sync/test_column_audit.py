"""Every cell of the schedule tables, recomputed from the recorded JSON by what docs/tables.md says."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from builders import a_season
from nights import SCHEMA, Nights, nights
from sqlalchemy import text

from conftest import own_database
from iracing_sync.simulator import ReplayWorld, World

Json = dict[str, Any]
Key = tuple[int, ...]
Row = dict[str, Any]
Tables = dict[str, dict[Key, Row]]

KEYS = {
    "series": ("series_id",),
    "season": ("season_id",),
    "event": ("season_id", "race_week_num"),
    "event_time": ("season_id", "race_week_num", "ordinal"),
    "event_session": ("season_id", "race_week_num", "ordinal"),
    "event_class": ("season_id", "race_week_num", "car_class_id"),
    "event_car": ("season_id", "race_week_num", "car_id"),
    "car_restriction": ("season_id", "race_week_num", "car_id"),
}

NOT_RECOMPUTED = {
    "first_seen_at": "of the database's clock",
    "last_changed_at": "of the database's clock",
    "last_changed_run_id": "drawn by the run",
    "schedule_hash": "of the canonical form, which has tests of its own",
    "settings_hash": "of the canonical form, which has tests of its own",
    "schedule_hash_version": "of the canonical form, which has tests of its own",
    "shape_id": "hash of the paths of the document, which has tests of its own",
}

SEASON_KEYS_WITH_A_COLUMN = {
    "season_id", "series_id", "season_name", "season_short_name", "season_year", "season_quarter", "start_date",
    "active", "complete", "race_week", "official", "fixed_setup", "multiclass", "driver_changes", "min_team_drivers",
    "max_team_drivers", "drops", "incident_limit", "incident_warn_mode", "incident_warn_param1", "incident_warn_param2",
    "license_group", "car_class_ids", "max_weeks", "schedule_description", "rookie_season",
}  # fmt: skip

SEASON_KEYS_LEFT_OUT = {
    "schedules": "rows of their own",
    "allowed_season_members": "names of people",
    "reg_user_count": "a counter",
    "next_race_session": "follows the clock",
    "car_types": "words for a search, in any order; the cars are event_car",
    "license_group_types": "license_group again",
}

HEAT_KEYS_LEFT_OUT = {
    "cust_id": "a member",
    "created": "of the form that a member filled in, not of the races",
    "hidden": "of the form that a member filled in, not of the races",
}

EVENT_KEYS_WITH_A_COLUMN = {
    "season_id", "race_week_num", "track", "start_date", "week_end_time", "race_lap_limit", "race_time_limit",
    "practice_length", "qualify_length", "qualify_laps", "warmup_length", "qual_attached", "start_type", "restart_type",
    "full_course_cautions", "category", "category_id", "weather", "special_event_type",
}  # fmt: skip

EVENT_KEYS_LEFT_OUT = {
    "race_time_descriptors": "rows of event_time",
    "qual_time_descriptors": "rows of event_time",
    "event_sessions": "rows of event_session",
    "car_restrictions": "rows of car_restriction",
    "race_week_cars": "rows of event_car",
    "race_week_car_class_ids": "rows of event_class",
    "race_week_car_classes": "rows of event_class and event_car",
    "series_id": "of the season",
    "series_name": "of the series; sponsors change it",
    "season_name": "of the season; sponsors change it",
    "schedule_name": "flips from one fetch to the next",
}

RESTRICTION_KEYS_WITH_A_COLUMN = {
    "car_id", "max_pct_fuel_fill", "power_adjust_pct", "weight_penalty_kg", "max_dry_tire_sets", "race_setup_id",
    "qual_setup_id",
}  # fmt: skip

STUBS_SAY_WHETHER_OFFICIAL = False
"""The season of a series that `series/get` leaves out tells, yet a stub is left without (ADR 3)."""

PRACTICE, QUALIFY, RACE = {3}, {4, 5}, {6}
WARMUP: set[int] = set()
"""No document shows its number."""

UNLIMITED_LAPS = 32767
WEEK = timedelta(days=7)
DAY_MINUTES = 24 * 60


class Documents(NamedTuple):
    """What one run reads, and when."""

    at: datetime
    seasons: list[Json]
    series: list[Json]
    logos: dict[int, str]
    cars_of_class: dict[int, list[int]]


def remaining(document: Json, *taken: Iterable[str]) -> Json:
    return {key: value for key, value in document.items() if all(key not in keys for keys in taken)}


def instant(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


def midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day[:10]), time(), UTC)


def celsius(value: float | None, units: int) -> float | None:
    return value if value is None or units == 1 else round((value - 32) * 5 / 9, 1)


def series_rows(documents: Documents) -> Iterator[Row]:
    listed = {one["series_id"]: one for one in documents.series}
    official: dict[int, bool] = {}
    names: dict[int, str] = {}
    for season in documents.seasons:
        series_id = season["series_id"]
        official[series_id] = official.get(series_id, False) or season["official"]
        names[series_id] = season["schedules"][0]["series_name"]
    for series_id in listed.keys() | names.keys():
        one = listed.get(series_id, {})
        first = one.get("first_season", {})
        yield {
            "series_id": series_id,
            "name": one.get("series_name", names.get(series_id)),
            "short_name": one.get("series_short_name"),
            "category": one.get("category"),
            "category_id": one.get("category_id"),
            "min_starters": one.get("min_starters"),
            "max_starters": one.get("max_starters"),
            "oval_caution_type": one.get("oval_caution_type"),
            "road_caution_type": one.get("road_caution_type"),
            "allowed_licenses": one.get("allowed_licenses", []),
            "first_season_year": first.get("season_year"),
            "first_season_quarter": first.get("season_quarter"),
            "search_filters": one.get("search_filters"),
            "forum_url": one.get("forum_url"),
            "is_stub": not one,
            "official": official.get(series_id) if one or STUBS_SAY_WHETHER_OFFICIAL else None,
            "logo": documents.logos.get(series_id),
            "active": True,  # each is listed, or has a season that is
            "missing_since": None,
            "retired_at": None,
        }


def season_row(season: Json, at: datetime) -> Row:
    starts_at = midnight(season["start_date"])
    ends_at = max(event_end(round_) for round_ in season["schedules"])
    return {
        "season_id": season["season_id"],
        "series_id": season["series_id"],
        "name": season["season_name"],
        "short_name": season.get("season_short_name") or None,
        "season_year": season["season_year"],
        "season_quarter": season["season_quarter"],
        "starts_at": starts_at,
        "ends_at": ends_at,
        "status": "upcoming" if at < starts_at else "running" if at < ends_at else "ended",
        "active": season["active"],
        "complete": season.get("complete"),
        "race_week": season.get("race_week"),
        "official": season["official"],
        "fixed_setup": season["fixed_setup"],
        "multiclass": season.get("multiclass"),
        "driver_changes": season["driver_changes"],
        "min_team_drivers": season.get("min_team_drivers"),
        "max_team_drivers": season.get("max_team_drivers"),
        "drops": season.get("drops"),
        "incident_limit": positive(season.get("incident_limit")),
        "incident_warn_mode": season.get("incident_warn_mode"),
        "incident_warn_param1": season.get("incident_warn_param1"),
        "incident_warn_param2": season.get("incident_warn_param2"),
        "license_group": positive(season.get("license_group")),
        "allowed_car_class_ids": sorted(season["car_class_ids"]),
        "max_weeks": season.get("max_weeks"),
        "schedule_description": season.get("schedule_description") or None,
        "rookie_season": season.get("rookie_season") or None,
        "settings": season_settings(season),
        "is_stub": False,
        "missing_since": None,
    }


def season_settings(season: Json) -> Json:
    settings = remaining(season, SEASON_KEYS_WITH_A_COLUMN, SEASON_KEYS_LEFT_OUT)
    if "track_types" in settings:
        settings["track_types"] = sorted(one["track_type"] for one in settings["track_types"])
    if "heat_ses_info" in settings:
        settings["heat_ses_info"] = remaining(settings["heat_ses_info"], HEAT_KEYS_LEFT_OUT)
    return settings


def event_row(season_id: int, round_: Json) -> Row:
    weather = round_.get("weather", {})
    summary = weather.get("weather_summary", {})
    track = round_["track"]
    options = round_.get("event_options", {})
    week_ends_at = instant(round_.get("week_end_time"))
    return {
        "season_id": season_id,
        "race_week_num": round_["race_week_num"],
        "event_id": season_id * 100 + round_["race_week_num"],
        "times_changed": 0,
        "track_id": track["track_id"],
        "starts_at": midnight(round_["start_date"]),
        "ends_at": event_end(round_),
        "week_ends_at": week_ends_at,
        "is_ends_at_derived": event_end(round_) != week_ends_at,
        "race_laps": positive(limit(round_, "race_lap_limit", RACE, "laps")),
        "race_minutes": positive(limit(round_, "race_time_limit", RACE, "minutes")),
        "practice_minutes": limit(round_, "practice_length", PRACTICE, "minutes"),
        "qualify_minutes": limit(round_, "qualify_length", QUALIFY, "minutes"),
        "qualify_laps": positive(limit(round_, "qualify_laps", QUALIFY, "laps")),
        "warmup_minutes": limit(round_, "warmup_length", WARMUP, "minutes"),
        "is_qualify_attached": round_["qual_attached"],
        "start_type": round_.get("start_type", "Standing" if options.get("standing_start") else "Rolling"),
        "restart_type": round_.get("restart_type"),
        "has_full_course_cautions": round_.get("full_course_cautions"),  # event_options means another thing
        "category": round_.get("category", track["category"]),
        "category_id": round_.get("category_id", track["category_id"]),
        "precip_chance_pct": summary.get("precip_chance"),
        "temp_c": None if summary else celsius(weather.get("temp_value"), weather.get("temp_units", 0)),
        "temp_low_c": celsius(summary.get("temp_low"), summary.get("temp_units", 0)),
        "temp_high_c": celsius(summary.get("temp_high"), summary.get("temp_units", 0)),
        "simulated_start_at": instant(weather.get("simulated_start_time")),
        "special_event_type": round_["special_event_type"],
        "weather_config": weather_config(weather),
        "settings": remaining(round_, EVENT_KEYS_WITH_A_COLUMN, EVENT_KEYS_LEFT_OUT),
        "removed_at": None,
        "is_stub": False,
    }


def limit(round_: Json, key: str, types: set[int], of_session: str) -> int | None:
    """Return what the round says, else its session: 0 where it has sessions, but none such."""
    if key in round_ or not round_.get("event_sessions"):
        return round_.get(key)
    return next((one[of_session] for one in session_rows({}, round_) if one["session_type"] in types), 0)


def positive(number: int | None) -> int | None:
    """Return a number without iRacing's stand-ins for none."""
    return None if number in {-1, 0} else number


def weather_config(weather: Json) -> Json:
    """Return the weather without the signature of its URL, which is new at every fetch."""
    url = {"weather_url": weather["weather_url"].partition("?")[0]} if weather.get("weather_url") else {}
    return {**weather, **url}


def event_end(round_: Json) -> datetime:
    starts_at = midnight(round_["start_date"])
    known = [last_end(times) for _, times in time_descriptors(round_)]
    if week_ends_at := instant(round_.get("week_end_time")):
        known.append(week_ends_at)
    return max([starts_at, *known]) if known else starts_at + WEEK


def time_descriptors(round_: Json) -> list[tuple[str, Json]]:
    return [
        *(("race", times) for times in round_.get("race_time_descriptors", [])),
        *(("qualify", times) for times in round_.get("qual_time_descriptors", [])),
    ]


def last_end(times: Json) -> datetime:
    length = timedelta(minutes=times["session_minutes"])
    if not times["repeating"]:
        return max(datetime.fromisoformat(start) for start in times["session_times"]) + length
    day = midnight(times["start_date"]) + timedelta(days=max(times["day_offset"]))
    first = time.fromisoformat(times["first_session_time"])
    minute = first.hour * 60 + first.minute
    if every := times.get("repeat_minutes"):
        last = min(times.get("end_offset_minutes", DAY_MINUTES - 1), DAY_MINUTES - 1)
        minute += (last - minute) // every * every
    return day + timedelta(minutes=minute) + length


def time_rows(key: Row, round_: Json) -> Iterator[Row]:
    for ordinal, (kind, times) in enumerate(time_descriptors(round_)):
        repeating = times["repeating"]
        yield {
            **key,
            "ordinal": ordinal,
            "kind": kind,
            "is_repeating": repeating,
            "is_super_session": times["super_session"],
            "session_minutes": times["session_minutes"],
            "starts_on": date.fromisoformat(times["start_date"]) if repeating else None,
            "day_offsets": times["day_offset"] if repeating else None,
            "first_session_at": time.fromisoformat(times["first_session_time"]) if repeating else None,
            "repeat_minutes": times.get("repeat_minutes") or None,
            "end_offset_minutes": times.get("end_offset_minutes"),
            "session_times": None if repeating else [datetime.fromisoformat(start) for start in times["session_times"]],
        }


def session_rows(key: Row, round_: Json) -> Iterator[Row]:
    for ordinal, session in enumerate(round_.get("event_sessions", [])):
        has_laps = not session["unlimited_laps"] and session["laps"] != UNLIMITED_LAPS
        yield {
            **key,
            "ordinal": ordinal,
            "session_type": session["type"],
            "name": session["type_name"],
            "laps": session["laps"] if has_laps else None,
            "minutes": None if session["unlimited_time"] else session["minutes"],
            "start_offset": session["start_time_offset"],
        }


def cars_in(car_class: Json) -> list[int]:
    return [car["car_id"] for car in car_class["cars_in_class"]]


def week_classes(round_: Json) -> list[int]:
    newer = [one["car_class_id"] for one in round_.get("race_week_car_classes", [])]
    return newer or round_.get("race_week_car_class_ids", [])


def class_rows(key: Row, season: Json, round_: Json) -> Iterator[Row]:
    for ordinal, class_id in enumerate(week_classes(round_) or season["car_class_ids"]):
        yield {**key, "car_class_id": class_id, "ordinal": ordinal}


def car_rows(key: Row, season: Json, round_: Json, cars_of_class: Mapping[int, list[int]]) -> Iterator[Row]:
    if week_cars := round_.get("race_week_cars"):
        cars, known_from = {one["car_id"] for one in week_cars}, "week_cars"
    else:
        classes = week_classes(round_)
        known_from = "week_classes" if classes else "season_classes"
        told = {one["car_class_id"]: cars_in(one) for one in round_.get("race_week_car_classes", [])}
        class_ids = classes or season["car_class_ids"]
        cars = {car for one in class_ids for car in told.get(one) or cars_of_class.get(one, [])}
    for car_id in cars:
        yield {**key, "car_id": car_id, "known_from": known_from}


def restriction_rows(key: Row, round_: Json) -> Iterator[Row]:
    for one in round_["car_restrictions"]:
        yield {
            **key,
            "car_id": one["car_id"],
            "max_fuel_fill_pct": Decimal(str(one["max_pct_fuel_fill"])),
            "power_adjust_pct": Decimal(str(one["power_adjust_pct"])),
            "weight_penalty_kg": Decimal(str(one["weight_penalty_kg"])),
            "max_dry_tire_sets": one["max_dry_tire_sets"] or None,
            "race_setup_id": one.get("race_setup_id"),
            "qual_setup_id": one.get("qual_setup_id"),
            "settings": remaining(one, RESTRICTION_KEYS_WITH_A_COLUMN),
        }


def rows_said(documents: Documents) -> Iterator[tuple[str, Row]]:
    yield from (("series", row) for row in series_rows(documents))
    for season in documents.seasons:
        yield "season", season_row(season, documents.at)
        for round_ in season["schedules"]:
            event = event_row(season["season_id"], round_)
            key = {name: event[name] for name in ("season_id", "race_week_num", "event_id")}
            yield "event", event
            yield from (("event_time", row) for row in time_rows(key, round_))
            yield from (("event_session", row) for row in session_rows(key, round_))
            yield from (("event_class", row) for row in class_rows(key, season, round_))
            yield from (("event_car", row) for row in car_rows(key, season, round_, documents.cars_of_class))
            yield from (("car_restriction", row) for row in restriction_rows(key, round_))


def tables_said(documents: Documents) -> Tables:
    tables: Tables = {table: {} for table in KEYS}
    for table, row in rows_said(documents):
        key = tuple(row[column] for column in KEYS[table])
        assert key not in tables[table], f"{table} {key} is said twice"
        tables[table][key] = row
    return tables


def tables_stored(opened: Nights) -> Tables:
    stored: Tables = {}
    with opened.engine.begin() as connection:
        for table, key in KEYS.items():
            rows = connection.execute(text(f"SELECT * FROM {SCHEMA}.{table}")).mappings()
            stored[table] = {tuple(row[column] for column in key): dict(row) for row in rows}
    return stored


def differing_cells(said: Tables, stored: Tables) -> Iterator[tuple[Any, ...]]:
    """Yield table, key, column, what the documents say and what is stored; of a row that only one side has, the key."""
    for table in KEYS:
        for key in said[table].keys() ^ stored[table].keys():
            yield table, key, "said" if key in said[table] else "stored", None, None
        for key in said[table].keys() & stored[table].keys():
            for column, value in said[table][key].items():
                if value != (found := stored[table][key][column]):
                    yield table, key, column, value, found


def unknown_columns(said: Tables, opened: Nights) -> set[tuple[str, str]]:
    """Return the columns that the audit does not know, and those that it alone knows."""
    columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = :schema"
    real = {(table, column) for table, column in opened.rows(columns, schema=SCHEMA) if said.get(table)}
    known = {(table, column) for table, rows in said.items() for row in rows.values() for column in row}
    return {one for one in real if one[1] not in NOT_RECOMPUTED} ^ known


def documents_of(world: World, at: datetime) -> Documents:
    return Documents(
        at,
        world.answer("series/seasons", {}, at),
        world.answer("series/get", {}, at),
        {int(series_id): one["logo"] for series_id, one in world.answer("series/assets", {}, at).items()},
        {one["car_class_id"]: cars_in(one) for one in world.answer("carclass/get", {}, at)},
    )


SET_TIMES = {
    "repeating": False,
    "super_session": False,
    "session_minutes": 90,
    "session_times": ["2026-03-03T12:00:00Z"],
}

HOURLY = {
    "repeating": True,
    "super_session": True,
    "session_minutes": 30,
    "start_date": "2026-03-04",
    "day_offset": [0, 2],
    "first_session_time": "01:15:00",
    "repeat_minutes": 60,
}

WEATHER = {"temp_units": 1, "temp_value": 21.5, "simulated_start_time": "2026-05-01T10:00:00"}
SUMMARY = {"precip_chance": 12.5, "temp_units": 0, "temp_low": 50, "temp_high": 61}

DESCRIBED_ONLY: list[Json] = [
    {"race_time_descriptors": [], "week_end_time": None},
    {"race_time_descriptors": []},
    {"race_time_descriptors": [SET_TIMES, HOURLY], "week_end_time": None},
    {"race_time_descriptors": [{**HOURLY, "end_offset_minutes": 600}], "week_end_time": None},
    {"race_time_descriptors": [{**HOURLY, "repeat_minutes": None}], "week_end_time": None},
    {"race_time_descriptors": [{**HOURLY, "repeat_minutes": 0}], "week_end_time": None},
    {"race_time_descriptors": [{**SET_TIMES, "session_times": ["2026-01-01T00:00:00Z"]}], "week_end_time": None},
    {"race_time_descriptors": [SET_TIMES], "qual_time_descriptors": [HOURLY], "week_end_time": None},
    {"race_week_car_class_ids": [4029, 2]},
    {"race_week_car_classes": [{"car_class_id": 84, "cars_in_class": [{"car_id": 20}]}]},
    {"race_week_cars": [{"car_id": 67, "car_name": "MX-5"}, {"car_id": 35, "car_name": "MX-5 2010"}]},
    {"race_lap_limit": 0, "race_time_limit": 40},
    {"race_lap_limit": 50, "race_time_limit": 0},
    {"weather": WEATHER},
    {"weather": {**WEATHER, "weather_summary": SUMMARY}},
    {"car_restrictions": [{"car_id": 67, "max_pct_fuel_fill": 97.5, "power_adjust_pct": -0.1, "weight_penalty_kg": 2.5,
                           "max_dry_tire_sets": 4, "race_setup_id": 5, "qual_setup_id": 6, "new_key": 7}]},
    {"event_sessions": [{"type": 6, "type_name": "Race", "laps": 40, "minutes": 0, "start_time_offset": 5,
                         "unlimited_laps": False, "unlimited_time": True}]},
    {"race_week_car_classes": [{"car_class_id": 84, "cars_in_class": []}], "race_week_car_class_ids": [2]},
    {"race_lap_limit": -1, "race_time_limit": 40},
    {"special_event_type": 2, "new_key": {"deep": [1]}},
]  # fmt: skip
"""What API.md and the columns tell of, and no recording shows: changes to a recorded round."""

OLDER_KEYS = {
    "race_lap_limit", "race_time_limit", "practice_length", "qualify_length", "qualify_laps", "warmup_length",
    "start_type", "restart_type", "full_course_cautions", "short_parade_lap",
}  # fmt: skip
"""What `event_options` and `event_sessions` say, too."""

STAND_INS = {
    "incident_limit": -1,
    "license_group": 0,
    "season_short_name": "",
    "schedule_description": "",
    "rookie_season": "",
}


class NewestRounds:
    """Recorded catalogues, and seasons made of the rounds that `series/season_schedule` gave later."""

    def __init__(self, recordings: Path) -> None:
        self._replay = ReplayWorld(recordings)
        paths = sorted((recordings.parent / "recordings-more").glob("*.series.season_schedule.*.json.gz"))
        told = [orjson.loads(gzip.decompress(path.read_bytes()))["schedules"] for path in paths]
        model = told[-1][0]
        replaced = [remaining(round_, OLDER_KEYS) for round_ in told[0]]
        replaced[0]["event_sessions"] = replaced[0]["event_sessions"][-1:]
        variants = [{**model, "race_week_num": number, **change} for number, change in enumerate(DESCRIBED_ONLY)]
        self._seasons = [
            *map(newest_season, told),
            {**newest_season(variants), "season_id": 9001},
            {**newest_season(replaced), "season_id": 9003},
            {**newest_season([{**model, "start_date": "2026-05-05"}]), "season_id": 9002, **STAND_INS},
        ]

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        match endpoint:
            case "series/seasons":
                return [] if "season_year" in params else self._seasons
            case "season/list":
                return {**{key: int(params[key]) for key in ("season_year", "season_quarter")}, "seasons": []}
        return self._replay.answer(endpoint, params, at)


def newest_season(rounds: list[Json]) -> Json:
    return a_season(
        rounds,
        season_id=rounds[0]["season_id"],
        series_id=rounds[0]["series_id"],
        start_date=f"{rounds[0]['start_date']}T00:00:00Z",
        car_class_ids=[4029, 2],
        season_year=2026,
        season_quarter=1,
        track_types=[{"track_type": "road"}, {"track_type": "oval"}],
    )


@contextmanager
def run_of(world: World, at: datetime, url: str, folder: Path) -> Iterator[tuple[Tables, Nights]]:
    with nights(world, url, folder) as opened:
        assert opened.run(at).exit_code == 0
        yield tables_said(documents_of(world, at)), opened


def tables_without_rows(tables: Tables) -> set[str]:
    return {table for table, rows in tables.items() if not rows}


@pytest.mark.parametrize(
    "at",
    [
        datetime(2023, 11, 21, 19, 3, 40, tzinfo=UTC),
        datetime(2024, 1, 2, 15, 27, 40, tzinfo=UTC),
        datetime(2025, 9, 9, 12, tzinfo=UTC),
    ],
    ids=lambda at: f"{at:%Y-%m-%d}",
)
def test_every_cell_holds_what_the_recording_says(at, server_url, migrated, recordings, tmp_path) -> None:
    with (
        own_database(server_url, migrated) as url,
        run_of(ReplayWorld(recordings), at, url, tmp_path) as (said, opened),
    ):
        assert tables_without_rows(said) == {"event_session"}
        assert unknown_columns(said, opened) == set()
        assert list(differing_cells(said, tables_stored(opened))) == []


def test_every_cell_holds_what_the_newest_rounds_say(server_url, migrated, recordings, tmp_path) -> None:
    if not (recordings.parent / "recordings-more").is_dir():
        pytest.skip("recordings-more are absent beside the recordings")
    with (
        own_database(server_url, migrated) as url,
        run_of(NewestRounds(recordings), datetime(2026, 3, 7, tzinfo=UTC), url, tmp_path) as (said, opened),
    ):
        assert tables_without_rows(said) == set()
        assert unknown_columns(said, opened) == set()
        assert list(differing_cells(said, tables_stored(opened))) == []
