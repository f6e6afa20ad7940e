"""What of iRacing's documents is ignored, key by key: in what way, and why."""

from collections.abc import Iterator, Mapping
from enum import Flag, auto
from typing import NamedTuple


class Ignore(Flag):
    """In what way a key is ignored."""

    STORE = auto()
    """It has no column and is not among the remaining flags in `settings` either."""
    HASH = auto()
    """It says nothing of whether a schedule is the same."""
    REPORT = auto()
    """It is stored, and no change of a schedule where it differs."""
    PERSONAL = auto()
    """It is about people, and no part of a document's shape either."""


class Key(NamedTuple):
    """A key by its path below the items of a document, as in `schedules[].track.track_name`."""

    path: str
    ways: Ignore
    why: str


NOISE = Ignore.STORE | Ignore.HASH
MEMBER = NOISE | Ignore.PERSONAL

IGNORED: Mapping[str, tuple[Key, ...]] = {
    "series/seasons": (
        Key("reg_user_count", NOISE, "how many people are registered: changes from minute to minute"),
        Key("next_race_session", NOISE, "changes from hour to hour; event_time holds the pattern"),
        Key("car_types", NOISE, "search words for the cars of the current week; event_car holds the cars"),
        Key("current_week_sched", NOISE, "the current round once more, less exact than the schedule"),
        Key("license_group_types", NOISE, "license_group again"),
        Key("allowed_season_members", MEMBER, "names of people"),
        Key("elig", MEMBER, "describes the member who asks"),
        Key("eligible", MEMBER, "describes the member who asks"),
        Key("has_mpr", MEMBER, "describes the member who asks"),
        Key("heat_ses_info.cust_id", MEMBER, "who made it"),
        Key("heat_ses_info.created", NOISE, "when its maker made it"),
        Key("heat_ses_info.hidden", NOISE, "whether its maker hid it"),
        Key("race_week", Ignore.HASH, "follows the calendar; a volatile column"),
        Key("active", Ignore.HASH, "follows the calendar; a volatile column"),
        Key("complete", Ignore.HASH, "follows the calendar; a volatile column"),
        Key("track_types", Ignore.REPORT, "search words, of iRacing's categories of the time"),
        Key("schedules", Ignore.STORE, "rounds of their own"),
        Key("schedules[].schedule_name", NOISE, "flips between two server rows from fetch to fetch"),
        Key("schedules[].series_name", NOISE, "of the series: a sponsor renames it"),
        Key("schedules[].season_name", NOISE, "of the season: a sponsor renames it"),
        Key("schedules[].series_id", NOISE, "of the season"),
        Key("schedules[].season_id", NOISE, "of the season"),
        Key("schedules[].race_week_cars[].car_name", Ignore.HASH, "of the car"),
        Key("schedules[].race_week_cars[].car_name_abbreviated", Ignore.HASH, "of the car"),
        Key("schedules[].track.track_name", Ignore.HASH, "of the layout"),
        Key("schedules[].track.config_name", Ignore.HASH, "of the layout; null or left out where it is the only one"),
        Key("schedules[].track.category", Ignore.HASH, "of the layout"),
        Key("schedules[].track.category_id", Ignore.HASH, "of the layout"),
        Key(
            "schedules[].weather.version", Ignore.REPORT, "the format of the weather, which a release of the API raises"
        ),
        Key(
            "schedules[].weather.type", Ignore.REPORT, "how the weather is made, which a release of the API may change"
        ),
        Key("schedules[].weather.simulated_start_utc_time", Ignore.REPORT, "follows from simulated_start_time"),
        Key("schedules[].weather.temp_units", Ignore.REPORT, "a unit"),
        Key("schedules[].weather.wind_units", Ignore.REPORT, "a unit"),
        Key("schedules[].weather.weather_summary.temp_units", Ignore.REPORT, "a unit"),
        Key("schedules[].weather.weather_summary.wind_units", Ignore.REPORT, "a unit"),
        Key("schedules[].weather.weather_url", Ignore.REPORT, "where the forecast lies"),
    ),
    "season/list": (
        Key("series_id", Ignore.STORE, "asked for with the season"),
        Key("season_year", Ignore.STORE, "asked for"),
        Key("season_quarter", Ignore.STORE, "asked for"),
    ),
    "series/past_seasons": (
        Key("success", Ignore.STORE, "says that iRacing answered"),
        Key("series_id", Ignore.STORE, "asked for"),
        Key("fixed_setup", Ignore.STORE, "of its seasons"),
        Key("license_group", Ignore.STORE, "of its seasons; allowed_licenses says who may race"),
        Key("license_group_types", Ignore.STORE, "of its seasons"),
        Key("allowed_licenses[].parent_id", Ignore.STORE, "the series again"),
        Key("seasons[].series_id", Ignore.STORE, "of the series around it"),
        Key("seasons[].license_group_types", Ignore.STORE, "license_group again"),
        Key("seasons[].race_weeks", Ignore.STORE, "rounds of their own"),
        Key("seasons[].race_weeks[].season_id", Ignore.STORE, "of the season around it"),
        Key("seasons[].car_classes", Ignore.STORE, "classes of their own"),
    ),
    "series/get": (
        Key("eligible", Ignore.STORE | Ignore.PERSONAL, "describes the member who asks"),
        Key("allowed_licenses[].parent_id", Ignore.STORE, "the series again"),
    ),
    "track/get": (
        Key("price_display", Ignore.STORE, "the price again"),
        Key("track_types", Ignore.STORE, "the category again, as search words"),
        Key("sku", Ignore.STORE, "of the package: a column there"),
        Key("location", Ignore.STORE, "of the package: a column there"),
        Key("time_zone", Ignore.STORE, "of the package: a column there"),
        Key("price", Ignore.STORE, "of the package: a column there"),
        Key("free_with_subscription", Ignore.STORE, "of the package: a column there"),
        Key("logo", Ignore.STORE, "of the package: a column there"),
    ),
    "car/get": (
        Key("price_display", Ignore.STORE, "the price again"),
        Key("paint_rules", Ignore.STORE, "how a car may be painted, many kB for each"),
        Key("car_config_defs", Ignore.STORE, "empty or about garage settings"),
        Key("car_configs", Ignore.STORE, "empty or about garage settings"),
        Key("patterns", Ignore.STORE, "paint"),
        Key("allow_number_colors", Ignore.STORE, "paint"),
        Key("allow_number_font", Ignore.STORE, "paint"),
        Key("allow_sponsor1", Ignore.STORE, "paint"),
        Key("allow_sponsor2", Ignore.STORE, "paint"),
        Key("allow_wheel_color", Ignore.STORE, "paint"),
    ),
    "carclass/get": (
        Key("cust_id", Ignore.STORE | Ignore.PERSONAL, "a member, 0 for iRacing's own classes"),
        Key("cars_in_class[].rain_enabled", Ignore.STORE, "of the car"),
        Key("cars_in_class[].retired", Ignore.STORE, "of the car"),
    ),
}
"""By endpoint."""


def ignored_keys(endpoint: str, way: Ignore) -> Iterator[Key]:
    """Yield the keys of an endpoint that are ignored in one way."""
    return (key for key in IGNORED.get(endpoint, ()) if way in key.ways)


def keys_not_stored(endpoint: str, around: str = "") -> frozenset[str]:
    """Return the keys of one object that are not stored; `around` is the path of the object.

    >>> sorted(keys_not_stored("series/seasons", "heat_ses_info"))
    ['created', 'cust_id', 'hidden']
    """
    paths = (key.path.rpartition(".") for key in ignored_keys(endpoint, Ignore.STORE))
    return frozenset(name for place, _, name in paths if place == around)


PERSONAL = frozenset(
    key.path.rpartition(".")[2] for endpoint in IGNORED for key in ignored_keys(endpoint, Ignore.PERSONAL)
)
"""The names of all keys that are about people."""
