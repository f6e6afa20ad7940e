"""Seasons, from the documents that list them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from iracing_sync.documents import Document
from iracing_sync.mappers.cars import car_class_stub
from iracing_sync.mappers.fields import Fields, listed
from iracing_sync.mappers.rounds import map_round, map_week
from iracing_sync.mappers.series import map_past_series, series_stub
from iracing_sync.records import CarClass, Event, Record, Season

Members = Mapping[int, Sequence[int]]
"""The car ids of each car class."""

LEFT_OUT = {
    "allowed_season_members": "names of people",
    "reg_user_count": "changes from minute to minute",
    "next_race_session": "changes from hour to hour; event_time holds the pattern",
    "license_group_types": "license_group again",
    "car_types": "search words for the cars of the current week; event_car holds the cars",
    "elig": "describes the member who asks",
    "eligible": "describes the member who asks",
    "has_mpr": "describes the member who asks",
    "current_week_sched": "the current round, less exact than the schedule; mapped to a stub",
}

LESSER_LEFT_OUT = {
    "success": "says that iRacing answered",
    "series_id": "of the series around it, or asked for",
    "season_id": "of the season around it",
    "season_year": "asked for",
    "season_quarter": "asked for",
    "race_weeks": "rounds of their own",
    "car_classes": "classes of their own",
    "car_restrictions": "of the current round, again in the schedule",
    "license_group_types": "license_group again",
}
"""Of the documents that know less than `series/seasons`."""

HEAT_LEFT_OUT = ("cust_id", "created", "hidden")
"""Of heat_ses_info: who made it, when, and whether its maker hid it."""


def listed_seasons(document: Document) -> list[Fields]:
    """Return the seasons of `series/seasons`, `series/season_list` or `season/list`, each to be mapped by itself."""
    return listed(document, "seasons")


def schedule_rounds(document: Document) -> list[Fields]:
    """Return the rounds of `series/season_schedule`, for a season that is listed without them."""
    return Fields(document.name, document.content).objects("schedules")


def map_season(
    season: Fields, *, members: Members, fetched_at: datetime, rounds: Sequence[Fields] = ()
) -> Iterator[Record]:
    """Yield the series and the season, then each round with its layout, times, classes, cars and restrictions.

    `rounds` stands in for the season's own where it lists none.
    """
    season_id = season.whole("season_id")
    rounds = season.objects("schedules") or rounds
    name = rounds[0].maybe_text("series_name") if rounds else None
    class_ids = season.wholes("car_class_ids")
    mapped = list(map_rounds(rounds, season_id, class_ids, members))
    yield series_stub(season.whole("series_id"), name)
    yield season_record(season, mapped, fetched_at)
    yield from map(car_class_stub, class_ids)
    yield from mapped


def map_rounds(
    rounds: Sequence[Fields], season_id: int, class_ids: Sequence[int], members: Members
) -> Iterator[Record]:
    """Yield each round and what belongs to it."""
    for round_ in rounds:
        yield from map_round(round_, season_id=season_id, class_ids=class_ids, members=members)


def season_record(season: Fields, mapped: Sequence[Record], fetched_at: datetime) -> Season:
    """Map the header of a season, given its mapped rounds; what has no column goes to `settings`.

    It is a stub where it has no rounds.
    """
    events = events_in(mapped)
    starts_at = season.maybe_instant("start_date")
    ends_at = last_end(events)
    return Season(
        season_id=season.whole("season_id"),
        series_id=season.whole("series_id"),
        name=season.text("season_name"),
        short_name=season.maybe_text("season_short_name"),
        season_year=season.whole("season_year"),
        season_quarter=season.whole("season_quarter"),
        starts_at=starts_at,
        ends_at=ends_at,
        status=status(starts_at, ends_at, fetched_at),
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
    )


def season_settings(season: Fields) -> dict[str, object]:
    """Return the remaining fields, those that come in any order sorted."""
    tracks = sorted(kind.text("track_type") for kind in season.objects("track_types"))
    heat = season.maybe_object("heat_ses_info")
    settings = season.rest({*LEFT_OUT, "schedules"}) | {"track_types": tracks}
    return settings | ({"heat_ses_info": heat.rest(HEAT_LEFT_OUT)} if heat else {})


def events_in(records: Sequence[Record]) -> list[Event]:
    """Return the rounds among records."""
    return [record for record in records if record.__class__ is Event]


def last_end(events: Sequence[Event]) -> datetime | None:
    """Return when the last of the rounds ends."""
    return max((event.ends_at for event in events if event.ends_at), default=None)


def status(starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> str | None:
    """Say where a season stood at an instant; None where its dates are unknown."""
    if starts_at is None or ends_at is None:
        return None
    if at < starts_at:
        return "upcoming"
    return "running" if at < ends_at else "ended"


def map_season_list(season: Fields, *, fetched_at: datetime) -> Iterator[Record]:
    """Yield a season of `series/season_list`: the whole header, and of its rounds only the current one."""
    yield series_stub(season.whole("series_id"), None)
    yield season_record(season, [], fetched_at)
    if current := season.maybe_object("current_week_sched"):
        yield from map_week(season.whole("season_id"), current)


def map_listed_season(season: Fields) -> Iterator[Record]:
    """Yield a season of `season/list`: names, year, quarter and a few flags."""
    yield series_stub(season.whole("series_id"), season.maybe_text("series_name"))
    yield lesser_season(season, season.whole("series_id"))


def map_past_seasons(document: Document) -> Iterator[Record]:
    """Yield the series of `series/past_seasons` and its seasons with classes, and each round's number and layout."""
    series = past_series(document)
    yield map_past_series(series)
    for season in series.objects("seasons"):
        yield from map_past_season(season, series_id=series.whole("series_id"), members={}, fetched_at=None)


def past_series(document: Document) -> Fields:
    """Return the series of `series/past_seasons`, with its seasons in it."""
    return Fields(document.name, document.content).object("series")


def map_past_season(
    season: Fields, *, series_id: int, members: Members, fetched_at: datetime | None, rounds: Sequence[Fields] = ()
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


def past_class(known: Fields) -> CarClass:
    """Map a class as a past season names it."""
    return car_class_stub(
        known.whole("car_class_id"),
        name=known.maybe_text("name"),
        short_name=known.maybe_text("short_name"),
        relative_speed=known.maybe_whole("relative_speed"),
    )


def lesser_season(
    season: Fields,
    series_id: int,
    *,
    class_ids: Sequence[int] = (),
    mapped: Sequence[Record] = (),
    fetched_at: datetime | None = None,
) -> Season:
    """Map a season of which only the name, the quarter, a few flags and perhaps the mapped rounds are said."""
    events = events_in(mapped)
    starts_at = min((event.starts_at for event in events if event.starts_at), default=None)
    ends_at = last_end(events)
    return Season(
        season_id=season.whole("season_id"),
        series_id=series_id,
        name=season.text("season_name"),
        short_name=season.maybe_text("season_short_name"),
        season_year=season.whole("season_year"),
        season_quarter=season.whole("season_quarter"),
        starts_at=starts_at,
        ends_at=ends_at,
        status=status(starts_at, ends_at, fetched_at) if fetched_at else None,
        active=season.maybe_flag("active") or False,
        complete=None,
        race_week=None,
        official=season.flag("official"),
        fixed_setup=season.flag("fixed_setup"),
        multiclass=None,
        driver_changes=season.flag("driver_changes"),
        min_team_drivers=None,
        max_team_drivers=None,
        drops=None,
        incident_limit=None,
        incident_warn_mode=None,
        incident_warn_param1=None,
        incident_warn_param2=None,
        license_group=season.positive("license_group"),
        allowed_car_class_ids=list(class_ids),
        max_weeks=None,
        schedule_description=None,
        rookie_season=season.maybe_text("rookie_season"),
        settings=season.rest(LESSER_LEFT_OUT),
        is_stub=not events,
    )
