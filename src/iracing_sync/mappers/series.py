"""Series, from `series/get` and from the lesser documents that name one."""

from collections.abc import Iterator, Mapping
from typing import Any

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError
from iracing_sync.mappers.entries import map_each, objects_in
from iracing_sync.mappers.json_object import JsonObject, Misfit, first_step
from iracing_sync.tables.base import UNSAID, columns_of_key
from iracing_sync.tables.ignored import keys_not_stored
from iracing_sync.tables.series import Series

UNSTORED_LICENSE = keys_not_stored("series/get", "allowed_licenses[]")
LICENSE_NUMBERS = ("license_group", "min_license_level", "max_license_level")


def map_series(
    document: Document, *, logos: Mapping[int, str] | None, official: Mapping[int, bool]
) -> Iterator[Series | Misfit | MappingError]:
    """Yield the series of `series/get`, and what is wrong with those at fault.

    `logos` comes from `series/assets`, None where that document failed; `official` from the seasons that are listed.
    """

    def map_one(series: JsonObject) -> Iterator[Series]:
        series_id = series.whole("series_id")
        first = series.maybe_object("first_season")
        record = Series(
            series_id=series_id,
            name=series.text("series_name"),
            short_name=series.maybe_text("series_short_name"),
            category=series.maybe_text("category"),
            category_id=series.maybe_whole("category_id"),
            official=official.get(series_id, UNSAID),
            min_starters=series.maybe_whole("min_starters"),
            max_starters=series.maybe_whole("max_starters"),
            oval_caution_type=series.maybe_whole("oval_caution_type"),
            road_caution_type=series.maybe_whole("road_caution_type"),
            allowed_licenses=licenses(series),
            first_season_year=first.maybe_whole("season_year") if first else None,
            first_season_quarter=first.maybe_whole("season_quarter") if first else None,
            search_filters=series.maybe_text("search_filters"),
            forum_url=series.maybe_text("forum_url"),
            logo=UNSAID if logos is None else logos.get(series_id),
            active=True,
            missing_since=None,
            retired_at=None,
            is_stub=False,
        )
        for misfit in series.misfits:  # what cannot be read says nothing: the row keeps what it has
            if misfit.is_fraction:
                continue
            key = misfit.path.removeprefix(f"{series.path}.")
            vars(record).update(dict.fromkeys(columns_of_key(Series.__table__, first_step(key)), UNSAID))
        yield record

    return map_each(document, map_one, "series_id")


def licenses(series: JsonObject) -> list[dict[str, Any]]:
    """Read the licences, lowest group first."""
    allowed = [license_of(level) for level in series.maybe_objects("allowed_licenses")]
    names = ("license_group", "min_license_level")
    return sorted(allowed, key=lambda level: tuple(level.get(name) or 0 for name in names))


def license_of(level: JsonObject) -> dict[str, Any]:
    """Return a licence as iRacing sent it, of its numbers only such as the view series_license can show."""
    numbers = {name: level.maybe_whole(name) for name in LICENSE_NUMBERS if name in level}
    return level.rest(UNSTORED_LICENSE) | numbers


def map_logos(document: Document) -> dict[int, str]:
    """Return the logo's file name of each series in `series/assets`.

    Left out: `series_copy` is advertising prose; `large_image` and `small_image` are null throughout.
    """
    assets = JsonObject(document.name, document.content)
    every = [asset for key in assets if (asset := assets.maybe_object(key))]
    logos = {asset.maybe_whole("series_id"): asset.maybe_text("logo") for asset in every}
    return {series_id: logo for series_id, logo in logos.items() if series_id is not None and logo}


def series_stub(series_id: int, name: str | None) -> Series:
    """Return what a season says of its series."""
    return Series.lesser(series_id=series_id, name=name or f"Series {series_id}", allowed_licenses=[], is_stub=True)


def map_past_series(header: JsonObject) -> Series:
    """Map the series header of `series/past_seasons`: less than `series/get`, but also for series that are gone."""
    return Series.lesser(
        series_id=header.whole("series_id"),
        name=header.text("series_name"),
        short_name=header.maybe_text("series_short_name"),
        category=header.maybe_text("category"),
        category_id=header.maybe_whole("category_id"),
        official=header.maybe_flag("official"),
        allowed_licenses=licenses(header),
        search_filters=header.maybe_text("search_filters"),
        logo=header.maybe_text("logo"),
        active=header.flag("active"),
        is_stub=True,
    )


def map_activity(document: Document) -> dict[int, bool]:
    """Return of each series in `series/stats_series` whether iRacing calls it active."""
    said = {one.maybe_whole("series_id"): one.maybe_flag("active") for one in objects_in(document, "series")}
    return {series_id: active for series_id, active in said.items() if series_id is not None and active is not None}
