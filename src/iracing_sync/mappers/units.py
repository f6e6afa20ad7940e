"""iRacing's units in ours."""

from decimal import Decimal

from iracing_sync.mappers.json_object import JsonObject

KM_PER_MILE = 1.609344
KG_PER_POUND = 0.45359237

FAHRENHEIT, CELSIUS = 0, 1
"""iRacing's flags for the units of a temperature."""


def measure(value: Decimal | None) -> float | None:
    """Return a measurement as PostgreSQL keeps one."""
    return None if value is None else float(value)


def celsius(of: JsonObject, key: str) -> float | None:
    """Read a temperature in the units that its own object names in `temp_units`, in degrees Celsius.

    Without a unit, or with one that is unknown, it cannot be told what it is: None.
    """
    value = measure(of.maybe_number(key))
    units = of.maybe_within("temp_units", FAHRENHEIT, CELSIUS)
    if value is None or units is None:
        return None
    return value if units == CELSIUS else from_fahrenheit(value)


def from_fahrenheit(value: float) -> float:
    """Convert degrees Fahrenheit.

    >>> from_fahrenheit(77)
    25.0
    """
    return round((value - 32) / 1.8, 1)


def km(miles: Decimal | None) -> float | None:
    """Convert miles, or miles an hour."""
    return None if miles is None else round(float(miles) * KM_PER_MILE, 3)


def kg(pounds: Decimal | None) -> float | None:
    """Convert pounds."""
    return None if pounds is None else round(float(pounds) * KG_PER_POUND, 1)
