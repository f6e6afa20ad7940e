"""Seasons, from the documents that list them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from iracing_sync.changes.baseline import Baseline
from iracing_sync.changes.phases import season_status
from iracing_sync.documents import Document
from iracing_sync.errors import MappingError
from iracing_sync.mappers.cars import car_class_stub
from iracing_sync.mappers.entries import each_once, objects_in
from iracing_sync.mappers.events import map_round, map_week
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.series import series_stub
from iracing_sync.tables.base import UNSAID, Record
from iracing_sync.tables.cars import CarClass
from iracing_sync.tables.events import Event
from iracing_sync.tables.ignored import keys_not_stored
from iracing_sync.tables.seasons import Season

Members = Mapping[int, Sequence[int]]
"""The car ids of each car class."""

QUARTERS = range(1, 5)

UNSTORED = keys_not_stored("series/seasons")
UNSTORED_HEATS = keys_not_stored("series/seasons", "heat_ses_info")
UNSTORED_LESSER = keys_not_stored("season/list") | keys_not_stored("series/past_seasons", "seasons[]")
"""Of the documents that know less than `series/seasons`."""


def listed_seasons(document: Document) -> list[JsonObject]:
    """Return the seasons of `series/seasons` or `season/list`, each to be mapped by itself; raises MappingError."""
    return objects_in(document, "seasons")


def season_entries(document: Document) -> Iterator[JsonObject | MappingError]:
    """Yield the seasons of a list, and in the place of those that are none, or contradict each other, what is wrong."""
    return each_once(document, "season_id", "seasons")


def schedule_rounds(document: Document) -> list[JsonObject]:
    """Return the rounds of `series/season_schedule`, for a season that is listed without them."""
    return JsonObject(document.name, document.content).objects("schedules")


def map_season(
    season: JsonObject,
    *,
    members: Members,
    fetched_at: datetime,
    rounds: Sequence[JsonObject] = (),
    baseline: Baseline | None = None,
) -> Iterator[Record]:
    """Yield the series and the season, then each round with its layout, times, classes, cars and restrictions.

    `rounds` stands in for the season's own where it lists none; `baseline` is by what it is recognised next time.
    """
    season_id = season.whole("season_id")
    rounds = season.objects("schedules") or rounds
    require_each_week_once(season, rounds)
    name = rounds[0].maybe_text("series_name") if rounds else None
    class_ids = season.wholes("car_class_ids")
    mapped = list(map_rounds(rounds, season_id, class_ids, members))
    yield series_stub(season.whole("series_id"), name)
    yield season_record(season, mapped, fetched_at, baseline)
    yield from map(car_class_stub, class_ids)
    yield from mapped


def require_each_week_once(season: JsonObject, rounds: Sequence[JsonObject]) -> None:
    """Raise MappingError where a schedule says two things of one week: it is not known which of them is true."""
    numbers = Counter(round_.whole("race_week_num") for round_ in rounds)
    if doubled := [number for number, times in numbers.items() if times > 1]:
        raise season.error("schedules", f"holds race_week_num {doubled[0]} more than once")


def map_rounds(
    rounds: Sequence[JsonObject], season_id: int, class_ids: Sequence[int], members: Members
) -> Iterator[Record]:
    """Yield each round and what belongs to it."""
    for round_ in rounds:
        yield from map_round(round_, season_id=season_id, class_ids=class_ids, members=members)


def season_record(
    season: JsonObject, mapped: Sequence[Record], fetched_at: datetime, baseline: Baseline | None
) -> Season:
    """Map the header of a season, given its mapped rounds; what has no column goes to `settings`.

    It is a stub where it has no rounds.
    """
    events = events_in(mapped)
    starts_at = season.maybe_instant("start_date")
    ends_at = last_end(events, starts_at)
    return Season(
        season_id=season.whole("season_id"),
        series_id=season.whole("series_id"),
        name=season.text("season_name"),
        short_name=season.maybe_text("season_short_name"),
        season_year=season.whole("season_year"),
        season_quarter=quarter_number(season),
        starts_at=starts_at,
        ends_at=ends_at,
        status=season_status(starts_at, ends_at, fetched_at),
        active=season.flag("active"),
        complete=season.maybe_flag("complete"),
        race_week=season.maybe_whole("race_week"),
        official=season.flag("official"),
        fixed_setup=season.flag("fixed_setup"),
        multiclass=season.maybe_flag("multiclass"),
        driver_changes=season.flag("driver_changes"),
        min_team_drivers=season.maybe_whole("min_team_drivers"),
        max_team_drivers=season.maybe_whole("max_team_drivers"),
        drops=season.maybe_whole("drops"),
        incident_limit=season.positive("incident_limit"),
        incident_warn_mode=season.maybe_whole("incident_warn_mode"),
        incident_warn_param1=season.maybe_whole("incident_warn_param1"),
        incident_warn_param2=season.maybe_whole("incident_warn_param2"),
        license_group=season.positive("license_group"),
        allowed_car_class_ids=sorted(season.wholes("car_class_ids")),
        max_weeks=season.maybe_whole("max_weeks"),
        schedule_description=season.maybe_text("schedule_description"),
        rookie_season=season.maybe_text("rookie_season"),
        settings=season_settings(season),
        is_stub=not events,
        schedule_hash=baseline.schedule_hash if baseline else UNSAID,
        settings_hash=baseline.settings_hash if baseline else UNSAID,
        schedule_hash_version=baseline.schedule_hash_version if baseline else UNSAID,
        shape_id=baseline.shape_id if baseline else UNSAID,
    )


def season_settings(season: JsonObject) -> dict[str, object]:
    """Return the remaining fields, those that come in any order sorted."""
    tracks = sorted(kind.text("track_type") for kind in season.maybe_objects("track_types"))
    heat = season.maybe_object("heat_ses_info")
    settings = season.rest(UNSTORED) | {"track_types": tracks}
    return settings | ({"heat_ses_info": heat.rest(UNSTORED_HEATS)} if heat else {})


def events_in(records: Sequence[Record]) -> list[Event]:
    """Return the rounds among records."""
    return [record for record in records if record.__class__ is Event]


def quarter_number(season: JsonObject) -> int:
    """Read the quarter in which a season began; raises MappingError where there is no such quarter."""
    number = season.whole("season_quarter")
    if number not in QUARTERS:
        raise season.misfit("season_quarter", "a quarter from 1 to 4", number)
    return number


def last_end(events: Sequence[Event], starts_at: datetime | None) -> datetime | None:
    """Return when the last of the rounds ends, never before the season starts."""
    ends = [event.ends_at for event in events if event.ends_at]
    return max([*ends, starts_at] if starts_at else ends) if ends else None


def past_series(document: Document) -> JsonObject:
    """Return the series of `series/past_seasons`, with its seasons in it."""
    return JsonObject(document.name, document.content).object("series")


def map_past_season(
    season: JsonObject, *, series_id: int, members: Members, fetched_at: datetime, rounds: Sequence[JsonObject] = ()
) -> Iterator[Record]:
    """Yield a season of `series/past_seasons` or `season/list` with its classes and rounds.

    `rounds` are those of `series/season_schedule`; without them only number and layout of each are known.
    """
    season_id = season.whole("season_id")
    classes = season.objects("car_classes")
    class_ids = sorted(known.whole("car_class_id") for known in classes)
    mapped = list(map_rounds(rounds, season_id, class_ids, members))
    yield from map(past_class, classes)
    yield lesser_season(season, series_id, class_ids=class_ids, mapped=mapped, fetched_at=fetched_at)
    yield from mapped
    for week in [] if rounds else season.objects("race_weeks"):
        yield from map_week(season_id, week)


def past_class(known: JsonObject) -> CarClass:
    """Map a class as a past season names it."""
    return car_class_stub(
        known.whole("car_class_id"),
        name=known.maybe_text("name"),
        short_name=known.maybe_text("short_name"),
        relative_speed=known.maybe_whole("relative_speed"),
    )


def lesser_season(
    season: JsonObject,
    series_id: int,
    *,
    class_ids: Sequence[int],
    mapped: Sequence[Record],
    fetched_at: datetime,
) -> Season:
    """Map a season of which only the name, the quarter, a few flags and perhaps the mapped rounds are said."""
    events = events_in(mapped)
    starts_at = min((event.starts_at for event in events if event.starts_at), default=None)
    ends_at = last_end(events, starts_at)
    return Season.lesser(
        season_id=season.whole("season_id"),
        series_id=series_id,
        name=season.text("season_name"),
        short_name=season.maybe_text("season_short_name"),
        season_year=season.whole("season_year"),
        season_quarter=quarter_number(season),
        starts_at=starts_at,
        ends_at=ends_at,
        status=season_status(starts_at, ends_at, fetched_at),
        active=season.maybe_flag("active") or False,
        official=season.flag("official"),
        fixed_setup=season.flag("fixed_setup"),
        driver_changes=season.flag("driver_changes"),
        license_group=season.positive("license_group"),
        allowed_car_class_ids=list(class_ids),
        rookie_season=season.maybe_text("rookie_season"),
        settings=season.rest(UNSTORED_LESSER),
        is_stub=not events,
    )
