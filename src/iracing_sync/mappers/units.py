"""iRacing's units in ours."""

from decimal import Decimal
from functools import lru_cache

KM_PER_MILE = Decimal("1.609344")
KG_PER_POUND = Decimal("0.45359237")


def celsius(value: Decimal | None, units: int) -> Decimal | None:
    """Convert a weather temperature to degrees Celsius.

    `units` is iRacing's own flag: 0 for Fahrenheit, 1 for Celsius.

    >>> celsius(Decimal(77), units=0)
    Decimal('25.0')
    """
    return value if value is None or units != 0 else from_fahrenheit(value)


@lru_cache(maxsize=1024)
def from_fahrenheit(value: Decimal) -> Decimal:
    """Convert degrees Fahrenheit."""
    return ((value - 32) / Decimal("1.8")).quantize(Decimal("0.1"))


def km(miles: Decimal | None) -> Decimal | None:
    """Convert miles, or miles an hour."""
    return None if miles is None else (miles * KM_PER_MILE).quantize(Decimal("0.001"))


def kg(pounds: Decimal | None) -> Decimal | None:
    """Convert pounds."""
    return None if pounds is None else (pounds * KG_PER_POUND).quantize(Decimal("0.1"))
