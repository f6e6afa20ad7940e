"""Series, from `series/get` and from the lesser documents that name one."""

from collections.abc import Iterator, Mapping

from iracing_sync.documents import Document
from iracing_sync.mappers.json_object import JsonObject, objects_in
from iracing_sync.tables.base import UNSAID
from iracing_sync.tables.ignored import keys_not_stored
from iracing_sync.tables.series import Series

UNSTORED_LICENSE = keys_not_stored("series/get", "allowed_licenses[]")


def map_series(
    document: Document, *, logos: Mapping[int, str] | None, official: Mapping[int, bool]
) -> Iterator[Series]:
    """Yield the series of `series/get`.

    `logos` comes from `series/assets`, None where that document failed; `official` from the seasons that are listed.
    """
    for series in objects_in(document):
        series_id = series.whole("series_id")
        first = series.maybe_object("first_season")
        yield Series(
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


def licenses(series: JsonObject) -> list[dict[str, object]]:
    """Read the licences, lowest group first."""
    allowed = [level.rest(UNSTORED_LICENSE) for level in series.objects("allowed_licenses")]
    return sorted(allowed, key=lambda level: (level.get("license_group") or 0, level.get("min_license_level") or 0))


def map_logos(document: Document) -> dict[int, str]:
    """Return the logo's file name of each series in `series/assets`.

    Left out: `series_copy` is advertising prose; `large_image` and `small_image` are null throughout.
    """
    assets = JsonObject(document.name, document.content)
    every = [assets.object(key) for key in assets]
    return {asset.whole("series_id"): logo for asset in every if (logo := asset.maybe_text("logo"))}


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
    return {series.whole("series_id"): series.flag("active") for series in objects_in(document, "series")}
