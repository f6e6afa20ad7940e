"""What the ids in the tables are called."""

from sqlalchemy import Connection, select

from iracing_sync.changes.sentences import Names
from iracing_sync.plain_text import layout_name, one_line
from iracing_sync.tables.cars import CarClass, SimCar
from iracing_sync.tables.series import Series
from iracing_sync.tables.tracks import SimLayout


def names_of_ids(connection: Connection) -> Names:
    """Return what layouts, cars, classes and series are called."""
    layouts = connection.execute(select(SimLayout.track_id, SimLayout.name, SimLayout.config_name))
    cars = connection.execute(select(SimCar.car_id, SimCar.name))
    classes = connection.execute(select(CarClass.car_class_id, CarClass.name))
    series = connection.execute(select(Series.series_id, Series.name))
    return Names(
        {row.track_id: layout_name(row.name, row.config_name) for row in layouts},
        {row.car_id: one_line(row.name) for row in cars},
        {row.car_class_id: one_line(row.name or f"Class {row.car_class_id}") for row in classes},
        {row.series_id: one_line(row.name) for row in series},
    )
