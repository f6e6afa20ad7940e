"""Which layouts, cars and classes a document names."""

from builders import a_round, a_season

from iracing_sync.mappers.named_ids import named_ids


def test_a_season_names_layouts_cars_and_classes_wherever_they_stand() -> None:
    round_ = a_round(
        track_id=191, race_week_car_class_ids=[6], race_week_cars=[{"car_id": 9}], car_restrictions=[{"car_id": 8}]
    )

    named = named_ids([a_season([round_], car_class_ids=[5])])

    assert named == {"sim_layout": {191}, "sim_car": {8, 9}, "car_class": {5, 6}}


def test_nobody_is_taken_for_a_car() -> None:
    named = named_ids([a_season([], allowed_season_members={"1": {"cust_id": 1, "car_id": 77}})])

    assert named["sim_car"] == set()


def test_what_is_no_number_is_left_to_the_mapper() -> None:
    assert named_ids([a_season([a_round(track={"track_id": "x"})], car_class_ids=None)])["sim_layout"] == set()


def test_nothing_names_nothing() -> None:
    assert not any(named_ids(None).values())
