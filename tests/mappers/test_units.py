"""iRacing's units in ours."""

import pytest

from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.units import celsius


def temperature(value: float, **said: object) -> tuple[float | None, list[str]]:
    weather = JsonObject("series/seasons", {"temp_value": value, **said})
    return celsius(weather, "temp_value"), [one.path for one in weather.misfits]


def test_a_temperature_in_celsius_stays_as_it_is() -> None:
    assert [temperature(said, temp_units=1) for said in (25.0, 25)] == [(25.0, []), (25.0, [])]


def test_fahrenheit_is_converted_to_a_tenth() -> None:
    assert [temperature(said, temp_units=0)[0] for said in (77, 77.0, 60)] == [25.0, 25.0, 15.6]


@pytest.mark.parametrize(("said", "misfits"), [({}, []), ({"temp_units": 2}, ["$.temp_units"])])
def test_an_unknown_unit_is_refused_and_not_taken_for_another(said, misfits) -> None:
    assert temperature(77, **said) == (None, misfits)
