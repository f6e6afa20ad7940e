"""Cars and car classes, from `car/get`, `carclass/get` and the schedules that name one."""

from collections.abc import Iterator
from functools import lru_cache

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError
from iracing_sync.mappers.entries import map_each
from iracing_sync.mappers.json_object import JsonObject, Misfit
from iracing_sync.mappers.units import kg
from iracing_sync.tables.base import Record
from iracing_sync.tables.cars import CarClass, CarClassMember, SimCar
from iracing_sync.tables.ignored import keys_not_stored

UNSTORED = keys_not_stored("car/get")


def map_cars(document: Document) -> Iterator[Record | Misfit | MappingError]:
    """Yield the cars of `car/get`, and what is wrong with those at fault."""
    return map_each(document, map_car, "car_id")


def map_car(car: JsonObject) -> Iterator[SimCar]:
    """Yield one car; what has no column goes to `settings`."""
    yield SimCar(
        car_id=car.whole("car_id"),
        name=car.text("car_name"),
        abbreviation=car.maybe_text("car_name_abbreviated"),
        make=car.maybe_text("car_make"),
        model=car.maybe_text("car_model"),
        package_id=car.maybe_whole("package_id"),
        sku=car.positive("sku"),
        categories=sorted(texts(car, "categories")),
        power_hp=car.positive("hp"),
        weight_kg=kg(car.maybe_number("car_weight")),
        price_usd=car.maybe_number("price"),
        is_free_with_subscription=car.maybe_flag("free_with_subscription"),
        is_rain_enabled=car.maybe_flag("rain_enabled"),
        retired=car.maybe_flag("retired"),
        settings=car_settings(car),
        is_stub=False,
    )


def texts(around: JsonObject, key: str) -> list[str]:
    """Return the texts in a list, in its order."""
    value = around.raw(key)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def car_settings(car: JsonObject) -> dict[str, object]:
    """Return the remaining fields; `car_types` comes in any order."""
    types = sorted(kind.text("car_type") for kind in car.maybe_objects("car_types"))
    return car.rest(UNSTORED) | {"car_types": types}


@lru_cache(maxsize=4096)
def car_stub(car_id: int, name: str | None = None, abbreviation: str | None = None) -> SimCar:
    """Return what a schedule says of a car, one stub for all rounds that say the same."""
    named = name or f"Car {car_id}"
    return SimCar.lesser(car_id=car_id, name=named, abbreviation=abbreviation, settings={}, is_stub=True)


def map_car_classes(document: Document) -> Iterator[Record | Misfit | MappingError]:
    """Yield each class of `carclass/get` and its members, and what is wrong with those at fault."""
    return map_each(document, map_car_class, "car_class_id")


def map_car_class(car_class: JsonObject) -> Iterator[Record]:
    """Yield the cars of a class as it names them, then the class and its members."""
    car_class_id = car_class.whole("car_class_id")
    if not isinstance(car_class.raw("cars_in_class"), list):
        raise car_class.misfit("cars_in_class", "a list", car_class.raw("cars_in_class"))
    cars = car_class.maybe_objects("cars_in_class")
    for car in cars:
        yield car_stub(car.whole("car_id"), car.maybe_text("car_dirpath"))
    yield CarClass(
        car_class_id=car_class_id,
        name=car_class.maybe_text("name"),
        short_name=car_class.maybe_text("short_name"),
        relative_speed=car_class.maybe_whole("relative_speed"),
        is_rain_enabled=car_class.maybe_flag("rain_enabled"),
        is_stub=False,
    )
    for car in cars:
        yield CarClassMember(car_class_id=car_class_id, car_id=car.whole("car_id"))


@lru_cache(maxsize=4096)
def car_class_stub(
    car_class_id: int, *, name: str | None = None, short_name: str | None = None, relative_speed: int | None = None
) -> CarClass:
    """Return what a season says of a car class, one stub for all that say the same."""
    said = {"name": name, "short_name": short_name, "relative_speed": relative_speed}
    return CarClass.lesser(car_class_id=car_class_id, **said, is_stub=True)
