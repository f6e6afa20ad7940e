"""The rows of a page as the one object that its script reads.

Names come in one line with their controls escaped, as in a calendar and on a terminal. Instants are seconds since 1970.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from iracing_sync.changes.digest import by_season
from iracing_sync.plain_text import layout_name, one_line, plain_text
from iracing_sync.queries.calendar import CalendarRow
from iracing_sync.queries.content import goal_of, is_for_sale
from iracing_sync.queries.report import Page
from iracing_sync.report.sun import is_night
from iracing_sync.round_text import length, license_in_short, restrictions_in_words, weather
from iracing_sync.tables.rows import Row
from iracing_sync.variants import same_rounds, with_variants

Key = tuple[int, int]
"""Of a round: season_id and race_week_num."""


class PartsOfRounds(NamedTuple):
    """What belongs to the rounds, by their keys."""

    times: Mapping[Key, list[Row]]
    restrictions: Mapping[Key, list[Row]]
    events: Mapping[Key, CalendarRow]
    lap_seconds: Mapping[int, float | None]


def page_object(page: Page, at: datetime | None, zone: str | None) -> dict[str, Any]:
    """Return what a page tells; `at` is the moment that it takes for the present, None for that of its reader."""
    parts = PartsOfRounds(
        by_round(page.times),
        by_round(page.restrictions),
        {(row.season_id, row.race_week_num): row for row in page.events},
        {row["track_id"]: row["nominal_lap_seconds"] for row in page.layouts},
    )
    rounds = {season: list(rows) for season, rows in groupby(page.rounds, key=lambda row: int(row["season_id"]))}
    layouts = {row["track_id"]: layout_object(row) for row in page.layouts}
    held = {key for season in rounds.values() for key in map(key_of, season)}
    return {
        "quarter": {
            "name": f"{page.quarter.year} Season {page.quarter.number}",
            "starts": seconds(page.quarter.starts_at),
            "ends": seconds(page.quarter.ends_at),
        },
        "at": seconds(at),
        "zone": zone,
        "readAt": seconds(page.read_at),
        "rows": rows_of(page.seasons, rounds),
        "seasons": {row["season_id"]: season_object(row, rounds[row["season_id"]], parts) for row in page.seasons},
        "layouts": layouts,
        "cars": {row["car_id"]: car_object(row) for row in page.cars},
        "classes": {row["car_class_id"]: class_object(row) for row in page.classes},
        "packages": dict(packages_of(page)),
        "changes": [moment_object(at, rows, layouts) for at, rows in groupby(page.changes, key=lambda row: row["at"])],
        "cancelled": [
            cancelled_object(row) for key, row in parts.events.items() if row.is_cancelled and key not in held
        ],
    }


def key_of(row: Row) -> Key:
    """Return the key of a round, or of the round to which something belongs."""
    return row["season_id"], row["race_week_num"]


def by_round(rows: Iterable[Row]) -> Mapping[Key, list[Row]]:
    """Return rows by the round to which they belong."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key_of(row)].append(row)
    return found


def seconds(at: datetime | None) -> int | None:
    """Return an instant as the seconds since 1970."""
    return None if at is None else int(at.timestamp())


def shown(name: str) -> str:
    """Return a name as it is shown."""
    return plain_text(one_line(name))


def rows_of(seasons: Sequence[Row], rounds: Mapping[int, list[Row]]) -> list[dict[str, Any]]:
    """Return the rows of the grid by category and name: the seasons whose rounds are the same are one."""
    names = {row["season_id"]: shown(row["series_name"]) for row in seasons}
    rows = []
    for together in same_rounds(rounds[row["season_id"]] for row in seasons):
        ids = [of_season[0]["season_id"] for of_season in together]
        rows.append({"name": name_of_row([names[number] for number in ids]), "seasons": ids})
    category = {number: of_season[0]["category"] or "" for number, of_season in rounds.items()}
    return sorted(rows, key=lambda row: (category[row["seasons"][0]], row["name"].casefold(), row["seasons"]))


def name_of_row(names: Sequence[str]) -> str:
    """Return what some series are called together: what is common once, or all names."""
    first = {name.partition(" ")[0] for name in names}
    return with_variants(names) if len(first) == 1 else " / ".join(names)


def season_object(season: Row, rounds: Sequence[Row], parts: PartsOfRounds) -> dict[str, Any]:
    """Return a season with its rounds; `least` is in how many of them one races who drops the others."""
    return {
        "series": season["series_id"],
        "name": shown(season["series_name"]),
        "season": shown(season["season_name"]),
        "category": rounds[0]["category"] or "",
        "group": season["license_group"] or 0,
        "license": license_in_short(season["license_group"] or 0),
        "official": season["official"],
        "fixed": season["fixed_setup"],
        "teams": season["driver_changes"],
        "least": goal_of([row | {"max_weeks": season["max_weeks"], "drops": season["drops"]} for row in rounds]).least,
        "drops": season["drops"],
        "incidents": season["incident_limit"],
        "about": plain_text(one_line(season["schedule_description"] or "")),
        "rounds": [round_object(row, parts) for row in rounds],
    }


def round_object(row: Row, parts: PartsOfRounds) -> dict[str, Any]:
    """Return a round; `takes` is about how many minutes it is raced."""
    key = key_of(row)
    night = night_of(row)
    return {
        "number": row["race_week_num"],
        "starts": seconds(row["starts_at"]),
        "ends": seconds(row["ends_at"]),
        "layout": row["track_id"],
        "length": length(row),
        "takes": minutes_of_race(row, parts.lap_seconds.get(row["track_id"])),
        "laps": row["race_laps"],
        "minutes": row["race_minutes"],
        **given({"practice": row["practice_minutes"], "qualify": row["qualify_minutes"], "start": row["start_type"]}),
        **given({"rain": row["precip_chance_pct"], "night": night or None}),
        "weather": ", ".join(weather(row)),
        **given({"local": local_minute(row["simulated_start_at"])}),
        "classes": row["car_class_ids"],
        "cars": row["car_ids"],
        "carPackages": row["car_package_ids"],
        "restrictions": [plain_text(said) for said in restrictions_in_words(parts.restrictions.get(key, []))],
        "times": [time_object(time) for time in parts.times.get(key, [])],
        **({"event": event_object(parts.events[key])} if key in parts.events else {}),
    }


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are there."""
    return {name: value for name, value in values.items() if value is not None}


def local_minute(at: datetime | None) -> str | None:
    """Write a moment at the track."""
    return None if at is None else f"{at:%Y-%m-%d %H:%M}"


def minutes_of_race(row: Row, lap_seconds: float | None) -> int | None:
    """Return about how many minutes a race takes: what limits it, or what its laps take at iRacing's nominal pace."""
    laps = round(row["race_laps"] * lap_seconds / 60) if row["race_laps"] and lap_seconds else None
    return min((minutes for minutes in (row["race_minutes"], laps) if minutes), default=None)


def night_of(row: Row) -> str:
    """Say whether the race starts in the night, or ends there; nothing where it does not or that is not known."""
    start = race_start(row)
    if start is None or row["latitude"] is None or row["longitude"] is None:
        return ""
    place = row["latitude"], row["longitude"]
    if is_night(start, *place):
        return "night"
    config = row["weather_config"] or {}
    lasts = timedelta(minutes=(row["race_minutes"] or 0) * (config.get("simulated_time_multiplier") or 1))
    return "into the night" if is_night(start + lasts, *place) else ""


def race_start(row: Row) -> datetime | None:
    """Return when the race starts at the track; its sessions before have offsets of their own."""
    try:
        local = row["simulated_start_at"].replace(tzinfo=ZoneInfo(row["time_zone"]))
    except (AttributeError, TypeError, ValueError, ZoneInfoNotFoundError):
        return None
    offsets = (row["weather_config"] or {}).get("simulated_time_offsets") or [0]
    try:
        moment: datetime = local.astimezone(UTC) + timedelta(minutes=offsets[-1])
    except (TypeError, OverflowError):
        return None
    return moment


def time_object(time: Row) -> dict[str, Any]:
    """Return when races start: set times, or a pattern of days after a day and minutes after its midnight in UTC."""
    kind = given({"super": time["is_super_session"] or None, "lasts": time["session_minutes"]})
    if not time["is_repeating"]:
        return kind | {"at": [seconds(at) for at in time["session_times"] or ()]}
    first, on = time["first_session_at"], time["starts_on"]
    if first is None or on is None:
        return kind | {"at": []}
    minute = first.hour * 60 + first.minute
    midnight = seconds(datetime(on.year, on.month, on.day, tzinfo=UTC))
    repeats = given({"every": time["repeat_minutes"], "last": time["end_offset_minutes"]})
    return kind | {"on": midnight, "days": time["day_offsets"] or [], "first": minute} | repeats


def event_object(row: CalendarRow) -> list[Any]:
    """Return what a calendar tells of a round besides names: first and last instant, stamp, how often it changed."""
    return [seconds(row.starts_at), seconds(row.ends_at), seconds(row.last_changed_at), row.times_changed]


def cancelled_object(row: CalendarRow) -> dict[str, Any]:
    """Return a round that is cancelled, for the calendars that hold it."""
    return {
        "season": row.season_id,
        "number": row.race_week_num,
        "name": shown(row.series_name),
        "seasonName": shown(row.season_name),
        "track": plain_text(layout_name(row.track_name, row.config_name)),
        "laps": row.race_laps,
        "minutes": row.race_minutes,
        "event": event_object(row),
    }


def layout_object(row: Row) -> dict[str, Any]:
    """Return a layout; `name` is that of its track and its own together."""
    whole = plain_text(layout_name(row["track_name"], row["config_name"]))
    track = shown(row["track_name"])
    return {
        "name": whole,
        "track": track,
        "config": whole.removeprefix(track).removeprefix(" - "),
        **given({"package": package_key("track", row["package_id"]), "km": row["length_km"]}),
    }


def car_object(row: Row) -> dict[str, Any]:
    """Return a car."""
    short = given({"short": row["abbreviation"] and shown(row["abbreviation"])})
    return {"name": shown(row["name"]), **short, **given({"package": package_key("car", row["package_id"])})}


def class_object(row: Row) -> dict[str, Any]:
    """Return a class of cars."""
    return {"name": shown(row["name"]), "cars": row["car_ids"]}


def package_key(kind: str, package_id: int | None) -> str | None:
    """Return how the page names a package."""
    return None if package_id is None else f"{kind}-{package_id}"


def packages_of(page: Page) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what can be bought, by its key; `cents` is null where it is not sold by itself."""
    for package in sorted(page.packages):
        row = page.packages[package]
        yield (
            str(package_key(package.kind, package.package_id)),
            {
                "name": shown(row["name"]),
                "cents": round(row["price_usd"] * 100) if is_for_sale(row) else None,
                **({"free": True} if row["is_free"] else {}),
                **given({"skus": page.skus.get(package)}),
            },
        )


WAS = ("track_id", "race_laps", "race_minutes")
"""The columns of a round whose former value stands beside the present one."""


def moment_object(at: datetime, rows: Iterable[Row], layouts: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """Return the changes of one run as `changes` groups them."""
    every = list(rows)
    fresh = [row for row in every if row["field"] == "season"]
    groups = by_season(row for row in every if row["field"] != "season")
    return {
        "at": seconds(at),
        "seasons": [
            {"name": plain_text(name), "changes": [change_object(row, layouts) for row in of_season]}
            for name, of_season in groups
        ],
        "new": [change_object(row, layouts) for row in fresh],
    }


def change_object(row: Row, layouts: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """Return a change; `was` is what stood there before, of a track and a length only."""
    was = None
    if row["field"] in WAS and row["old"] is not None:
        was = layouts.get(row["old"], {}).get("name") if row["field"] == "track_id" else str(row["old"])
    return {
        "season": row["season_id"],
        "rounds": row["rounds"],
        "field": row["field"],
        "severity": row["severity"],
        "said": plain_text(row["sentence"] or ""),
        **given({"was": was}),
    }
