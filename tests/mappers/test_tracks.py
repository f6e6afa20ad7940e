"""Packages, and the layouts in them."""

from decimal import Decimal

from builders import a_document, of_kind

from iracing_sync.mappers.tracks import map_tracks
from iracing_sync.tables.tracks import SimLayout, SimTrack


def a_layout(track_id: int = 191, **said) -> dict:
    return {"track_id": track_id, "package_id": 20, "track_name": "Harbour Ring", "sku": 10020, **said}


def records_of(*layouts: dict) -> list:
    return list(map_tracks(a_document("track/get", list(layouts))))


def test_the_layouts_of_a_package_are_bought_once() -> None:
    records = records_of(a_layout(191, config_name="Quay"), a_layout(192, config_name="Pier"))

    assert [one.package_id for one in of_kind(SimTrack, records)] == [20]
    assert [(one.track_id, one.config_name) for one in of_kind(SimLayout, records)] == [(191, "Quay"), (192, "Pier")]


def test_a_package_is_called_like_its_newest_layout_that_is_not_retired() -> None:
    records = records_of(
        a_layout(191, track_name="[Legacy] Harbour", retired=True),
        a_layout(192, track_name="Harbour Ring"),
        a_layout(190, track_name="Harbour"),
    )

    assert [one.name for one in of_kind(SimTrack, records)] == ["Harbour Ring"]


def test_miles_become_kilometres() -> None:
    [layout] = of_kind(SimLayout, records_of(a_layout(track_config_length=2.5, pit_road_speed_limit=50)))

    assert (layout.length_km, layout.pit_speed_limit_kph) == (4.023, 80.467)


def test_what_is_of_the_package_is_not_kept_with_the_layout_and_the_rest_is() -> None:
    sent = {"price": 11.95, "location": "Santa Brisa", "price_display": "$11.95", "banking": "8 degrees"}

    [package], [layout] = (of_kind(kind, records_of(a_layout(**sent))) for kind in (SimTrack, SimLayout))

    assert (package.price_usd, package.location, package.sku) == (Decimal("11.95"), "Santa Brisa", 10020)
    assert layout.settings == {"banking": "8 degrees"}


def test_layouts_of_one_package_that_lie_apart_keep_their_own_coordinates_and_sites() -> None:
    records = records_of(
        a_layout(191, latitude=50.5, longitude=7.25, site_url="https://quay.example"),
        a_layout(192, latitude=50.75, longitude=7.5, site_url="https://pier.example"),
    )

    assert [(one.latitude, one.longitude, one.site_url) for one in of_kind(SimLayout, records)] == [
        (50.5, 7.25, "https://quay.example"),
        (50.75, 7.5, "https://pier.example"),
    ]
