"""Tracks, cars and classes of the simulated iRacing; every name is invented."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.layouts import Layout, track_kind
from iracing_sync.simulator.synthetic.plans import CATEGORY_IDS

UNLISTED_CLASS_ID = 9902
CLASSES = (
    *(("oval", "Street Coupe"), ("oval", "Late Stock"), ("oval", "Hauler Truck")),
    *(("sports_car", "Touring Two"), ("sports_car", "Club GT"), ("sports_car", "Grand GT"), ("sports_car", "Proto")),
    *(("formula_car", "Junior Four"), ("formula_car", "Formula Ash"), ("formula_car", "Formula Oak")),
    *(("formula_car", "Heritage 70"), ("dirt_oval", "Clay Sprint"), ("dirt_oval", "Clay Late")),
    *(("dirt_road", "Rally Lite"), ("dirt_road", "Rally Cross")),
)
MAKERS = ("Aldane", "Borealis")


class Car(NamedTuple):
    """One car and the class it belongs to."""

    car_id: int
    car_class_id: int
    name: str
    category: str

    @property
    def short_name(self) -> str:
        """The letters that stand for it."""
        return "".join(word[0] for word in self.name.split()) + str(self.car_id)


CARS = [
    Car(2 * number + side + 1, 300 + number, f"{maker} {name}", category)
    for number, (category, name) in enumerate(CLASSES)
    for side, maker in enumerate(MAKERS)
]
CAR_OF = {car.car_id: car for car in CARS}
CLASS_IDS = {
    category: sorted({car.car_class_id for car in CARS if car.category == category}) for category, _ in CLASSES
}


def cars_of(car_class_id: int) -> list[Car]:
    """Return the cars of a class; none for a class that the catalogues do not list."""
    return [car for car in CARS if car.car_class_id == car_class_id]


def track_get(layouts: Iterable[Layout], dice: Dice) -> list[dict[str, Any]]:
    """Return `track/get`."""
    return [_track_document(layout, dice) for layout in layouts]


def _track_document(layout: Layout, dice: Dice) -> dict[str, Any]:
    about = ("track", layout.package_id)
    is_oval = layout.kind.endswith("oval")
    folder = f"/img/tracks/package{layout.package_id}"
    track = {
        "ai_enabled": True,
        "allow_pitlane_collisions": False,
        "allow_rolling_start": True,
        "allow_standing_start": not is_oval,
        "award_exempt": False,
        "category": layout.kind,
        "category_id": CATEGORY_IDS[layout.kind],
        "closes": "2030-12-31",
        "config_name": layout.config,
        "corners_per_lap": 4 if is_oval else dice.between(7, 21, "corners", layout.track_id),
        "created": "2007-05-01T10:00:00Z",
        "first_sale": "2008-01-08T00:00:00Z",
        "folder": folder,
        "free_with_subscription": layout.package_id % 5 == 0,
        "fully_lit": layout.package_id % 4 == 0,
        "grid_stalls": dice.between(30, 60, *about, "grid"),
        "has_opt_path": False,
        "has_short_parade_lap": False,
        "has_start_zone": is_oval,
        "has_svg_map": True,
        "is_ps_purchasable": True,
        "lap_scoring": 0,
        "nominal_lap_time": float(dice.between(20, 140, "lap", layout.track_id)),
        "priority": 1,
        "restart_on_left": False,
        "solo_laps": 8,
        "start_on_left": False,
        "supports_grip_compound": False,
        "tech_track": False,
        "track_type": CATEGORY_IDS[layout.kind],
        "track_type_text": layout.kind.replace("_", " ").title(),
        "is_dirt": layout.kind.startswith("dirt"),
        "is_oval": is_oval,
        "latitude": dice.between(-400, 600, *about, "latitude") / 10,
        "location": f"{layout.name.removesuffix(' Circuit')}, Freedonia",
        "logo": f"{folder}/logo.png",
        "longitude": dice.between(-1200, 1400, *about, "longitude") / 10,
        "max_cars": dice.between(30, 60, *about, "cars"),
        "night_lighting": layout.package_id % 4 == 0,
        "number_pitstalls": dice.between(20, 60, *about, "stalls"),
        "opens": "2008-01-01",
        "package_id": layout.package_id,
        "pit_road_speed_limit": None if layout.kind.startswith("dirt") else 45,
        "price": 11.95,
        "price_display": "$11.95",
        "purchasable": True,
        "qualify_laps": 2,
        "rain_enabled": layout.kind == "road",
        "retired": layout.package_id == 14,
        "search_filters": layout.kind,
        "site_url": None,
        "sku": 20000 + layout.package_id,
        "small_image": "small.jpg",
        "time_zone": dice.pick(("America/Chicago", "Europe/Berlin", "Australia/Sydney"), *about, "zone"),
        "track_config_length": dice.between(40, 410, "length", layout.track_id) / 100,
        "track_dirpath": f"package{layout.package_id}\\{layout.track_id}",
        "track_id": layout.track_id,
        "track_name": layout.name,
        "track_types": [{"track_type": layout.kind}],
    }
    if layout.config is None:
        del track["config_name"]
    return track


def track_assets(layouts: Iterable[Layout]) -> dict[str, Any]:
    """Return `track/assets`, keyed by layout."""
    return {
        str(layout.track_id): {
            "track_id": layout.track_id,
            "coordinates": "0,0",
            "detail_copy": f"<p>{layout.name} is not a real place.</p>",
            "folder": f"/img/tracks/package{layout.package_id}",
            "large_image": "large.jpg",
            "small_image": "small.jpg",
            "logo": f"/img/tracks/package{layout.package_id}/logo.png",
            "track_map": f"https://members-assets.iracing.com/public/track-maps/{layout.track_id}/",
            "track_map_layers": {"background": "background.svg", "active": "active.svg", "turns": "turns.svg"},
        }
        for layout in layouts
    }


def car_get(dice: Dice) -> list[dict[str, Any]]:
    """Return `car/get`."""
    return [_car_document(car, dice) for car in CARS]


def _car_document(car: Car, dice: Dice) -> dict[str, Any]:
    return {
        "ai_enabled": True,
        "award_exempt": False,
        "car_config_defs": [],
        "car_configs": [],
        "car_dirpath": f"car{car.car_id}",
        "car_id": car.car_id,
        "car_name": car.name,
        "car_name_abbreviated": car.short_name,
        "car_types": [{"car_type": track_kind(car.category)}, {"car_type": f"car{car.car_id}"}],
        "car_weight": dice.between(1100, 3400, "weight", car.car_id),
        "categories": [car.category],
        "created": "2007-05-01T10:00:00Z",
        "first_sale": "2008-01-08T00:00:00Z",
        "folder": f"/img/cars/car{car.car_id}",
        "forum_url": None,
        "free_with_subscription": car.car_id % 6 == 0,
        "allow_number_colors": False,
        "allow_number_font": False,
        "allow_sponsor1": True,
        "allow_sponsor2": True,
        "allow_wheel_color": True,
        "car_make": car.name.split()[0],
        "car_model": car.name.partition(" ")[2],
        "has_headlights": car.category == "sports_car",
        "has_multiple_dry_tire_types": False,
        "has_rain_capable_tire_types": car.category in ("sports_car", "formula_car"),
        "hp": dice.between(100, 900, "hp", car.car_id),
        "is_ps_purchasable": True,
        "logo": None,
        "max_power_adjust_pct": 0,
        "max_weight_penalty_kg": 250,
        "min_power_adjust_pct": -5,
        "package_id": 100 + car.car_id,
        "patterns": 3,
        "price": 11.95,
        "price_display": "$11.95",
        "rain_enabled": car.category in ("sports_car", "formula_car"),
        "retired": car.car_id == 22,
        "search_filters": car.category,
        "sku": 10000 + car.car_id,
        "small_image": "small.jpg",
        "sponsor_logo": None,
    }


def car_assets() -> dict[str, Any]:
    """Return `car/assets`, keyed by car."""
    return {
        str(car.car_id): {
            "car_id": car.car_id,
            "car_rules": [],
            "detail_copy": f"<p>No one has ever built the {car.name}.</p>",
            "folder": f"/img/cars/car{car.car_id}",
            "large_image": "large.jpg",
            "small_image": "small.jpg",
            "logo": None,
        }
        for car in CARS
    }


def carclass_get() -> list[dict[str, Any]]:
    """Return `carclass/get`."""
    return [_class_document(300 + number, name) for number, (_, name) in enumerate(CLASSES)]


def _class_document(car_class_id: int, name: str) -> dict[str, Any]:
    rain = any(car.category in ("sports_car", "formula_car") for car in cars_of(car_class_id))
    members = [
        {
            "car_dirpath": f"car{car.car_id}",
            "car_id": car.car_id,
            "rain_enabled": rain,
            "retired": car.car_id == 22,
        }
        for car in cars_of(car_class_id)
    ]
    return {
        "car_class_id": car_class_id,
        "cars_in_class": members,
        "cust_id": 0,
        "name": name,
        "rain_enabled": rain,
        "relative_speed": 40 + car_class_id % 40,
        "short_name": name,
    }
