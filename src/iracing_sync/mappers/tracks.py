"""Tracks and layouts, from `track/get` and from the schedules that name one."""

from collections.abc import Iterator
from functools import lru_cache

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError
from iracing_sync.mappers.entries import map_each
from iracing_sync.mappers.json_object import JsonObject, Misfit
from iracing_sync.mappers.units import km, measure
from iracing_sync.tables.base import Record
from iracing_sync.tables.ignored import keys_not_stored
from iracing_sync.tables.tracks import SimLayout, SimTrack

UNSTORED = keys_not_stored("track/get")


def map_tracks(document: Document) -> Iterator[Record | Misfit | MappingError]:
    """Yield each package, named after its newest layout, then all layouts, and what is wrong with those at fault."""
    mapped = list(map_each(document, lambda layout: [(map_track(layout), map_layout(layout))], "track_id"))
    layouts = [one for one in mapped if not isinstance(one, Misfit | MappingError)]
    newest = {
        track.package_id: track
        for track, layout in sorted(layouts, key=lambda pair: (not pair[1].retired, pair[1].track_id))
    }
    yield from (track for _, track in sorted(newest.items()))
    yield from (layout for _, layout in layouts)
    yield from (one for one in mapped if isinstance(one, Misfit | MappingError))


def map_track(layout: JsonObject) -> SimTrack:
    """Map what a layout says of its package."""
    return SimTrack(
        package_id=layout.whole("package_id"),
        sku=layout.positive("sku"),
        name=layout.text("track_name"),
        location=layout.maybe_text("location"),
        latitude=measure(layout.maybe_number("latitude")),
        longitude=measure(layout.maybe_number("longitude")),
        time_zone=layout.maybe_text("time_zone"),
        price_usd=layout.maybe_number("price"),
        is_free_with_subscription=layout.maybe_flag("free_with_subscription"),
        is_purchasable=layout.maybe_flag("purchasable"),
        logo=layout.maybe_text("logo"),
        site_url=layout.maybe_text("site_url"),
    )


def map_layout(layout: JsonObject) -> SimLayout:
    """Map one layout; what has no column goes to `settings`."""
    return SimLayout(
        track_id=layout.whole("track_id"),
        package_id=layout.whole("package_id"),
        name=layout.text("track_name"),
        config_name=layout.maybe_text("config_name"),
        category=layout.maybe_text("category"),
        category_id=layout.maybe_whole("category_id"),
        track_type=layout.maybe_text("track_type_text"),
        length_km=km(layout.maybe_number("track_config_length")),
        corners_per_lap=layout.maybe_whole("corners_per_lap"),
        nominal_lap_seconds=measure(layout.maybe_number("nominal_lap_time")),
        max_cars=layout.maybe_whole("max_cars"),
        grid_stalls=layout.maybe_whole("grid_stalls"),
        pit_stalls=layout.maybe_whole("number_pitstalls"),
        pit_speed_limit_kph=km(layout.maybe_number("pit_road_speed_limit")),
        has_night_lighting=layout.maybe_flag("night_lighting"),
        is_fully_lit=layout.maybe_flag("fully_lit"),
        is_rain_enabled=layout.maybe_flag("rain_enabled"),
        is_oval=layout.maybe_flag("is_oval"),
        is_dirt=layout.maybe_flag("is_dirt"),
        retired=layout.maybe_flag("retired"),
        latitude=measure(layout.maybe_number("latitude")),
        longitude=measure(layout.maybe_number("longitude")),
        site_url=layout.maybe_text("site_url"),
        settings=layout.rest(UNSTORED),
        is_stub=False,
    )


def layout_stub(track: JsonObject) -> SimLayout:
    """Return what a schedule says of the layout it goes to."""
    return named_layout(
        track.whole("track_id"),
        track.maybe_text("track_name"),
        track.maybe_text("config_name"),  # null or left out where a track has one layout
        track.maybe_text("category"),
        track.maybe_whole("category_id"),
    )


@lru_cache(maxsize=4096)
def named_layout(
    track_id: int, name: str | None, config_name: str | None, category: str | None, category_id: int | None
) -> SimLayout:
    """Return one stub for all rounds that say the same of a layout."""
    return SimLayout.lesser(
        track_id=track_id,
        name=name or f"Track {track_id}",
        config_name=config_name,
        category=category,
        category_id=category_id,
        settings={},
        is_stub=True,
    )
