"""iRacing's units in ours."""

from decimal import Decimal

from iracing_sync.mappers.units import celsius


def test_a_temperature_in_celsius_stays_as_it_is_written() -> None:
    assert [str(celsius(Decimal(said), units=1)) for said in ("25.0", "25")] == ["25.0", "25"]


def test_fahrenheit_is_converted_to_a_tenth() -> None:
    assert [str(celsius(Decimal(said), units=0)) for said in ("77", "77.0", "60")] == ["25.0", "25.0", "15.6"]
