"""What the tables are to each other."""

from iracing_sync.contrib.relations import relations
from iracing_sync.tables.mirrored import METADATA

EXPECTED = {
    ("season", "series", "seasons"),
    ("event", "season", "events"),
    ("event", "layout", "events"),
    ("sim_layout", "track", "layouts"),
    ("event_car", "event", "cars"),
    ("event_car", "car", "event_cars"),
    ("event_class", "event", "classes"),
    ("event_time", "event", "times"),
    ("event_session", "event", "sessions"),
    ("car_restriction", "event", "restrictions"),
    ("car_class_member", "car_class", "members"),
    ("schedule_change", "season", "changes"),
    ("api_call_log", "run", "calls"),
}


def test_relations_are_called_what_people_call_them() -> None:
    assert {(one.table, one.name, one.reverse) for one in relations()} >= EXPECTED


def test_every_foreign_key_is_a_relation_and_no_two_of_a_table_are_called_alike() -> None:
    found = relations()

    assert len(found) == sum(len(table.foreign_key_constraints) for table in METADATA.tables.values())
    assert len({(one.table, one.name) for one in found}) == len(found)
    assert len({(one.target, one.reverse) for one in found}) == len(found)


def test_what_belongs_to_a_round_points_to_it_by_one_number() -> None:
    [to_event] = [one for one in relations() if (one.table, one.name) == ("event_car", "event")]

    assert (to_event.columns, to_event.target_columns) == (("event_id",), ("event_id",))
