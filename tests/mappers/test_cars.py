"""Cars, classes, and who is in them."""

from builders import a_document, of_kind

from iracing_sync.mappers.cars import car_class_stub, car_stub, map_car_classes, map_cars
from iracing_sync.tables.cars import CarClass, CarClassMember, SimCar


def the_car(**said) -> SimCar:
    sent = {"car_id": 9, "car_name": "Dinghy", "car_types": [{"car_type": "sail"}, {"car_type": "boat"}], **said}
    [car] = map_cars(a_document("car/get", [sent]))
    return car


def test_pounds_become_kilograms_and_no_power_is_null() -> None:
    car = the_car(car_weight=1000, hp=0)

    assert (car.weight_kg, car.power_hp) == (453.6, None)


def test_the_number_in_the_shop_is_null_where_it_is_zero() -> None:
    assert (the_car(sku=10353).sku, the_car(sku=0).sku) == (10353, None)


def test_words_for_a_car_come_in_an_order_of_our_own() -> None:
    assert the_car().settings == {"car_types": ["boat", "sail"]}


def test_paint_is_left_out_and_what_has_no_column_is_kept() -> None:
    car = the_car(paint_rules={"1": {}}, patterns=3, has_headlights=True)

    assert car.settings == {"car_types": ["boat", "sail"], "has_headlights": True}


def test_a_class_names_its_members_each_of_them_a_stub() -> None:
    sent = {
        "car_class_id": 5,
        "name": "Boats",
        "relative_speed": 40,
        "cust_id": 0,
        "cars_in_class": [{"car_id": 9, "car_dirpath": "dinghy", "retired": False}],
    }

    records = list(map_car_classes(a_document("carclass/get", [sent])))

    assert [(one.name, one.relative_speed, one.is_stub) for one in of_kind(CarClass, records)] == [("Boats", 40, False)]
    assert [(one.car_class_id, one.car_id) for one in of_kind(CarClassMember, records)] == [(5, 9)]
    assert [(one.car_id, one.name, one.is_stub) for one in of_kind(SimCar, records)] == [(9, "dinghy", True)]


def test_a_stub_says_what_it_knows_and_of_all_else_nothing() -> None:
    car, car_class = car_stub(9), car_class_stub(5)

    assert (car.name, car.is_stub, car.power_hp, car.settings) == ("Car 9", True, None, {})
    assert (car_class.name, car_class.is_stub, car_class.relative_speed) == (None, True, None)


def test_what_is_said_alike_is_one_stub() -> None:
    assert car_stub(9, "Dinghy") is car_stub(9, "Dinghy")
