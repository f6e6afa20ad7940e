"""Whether it is night at a track."""

from datetime import UTC, datetime
from math import asin, atan2, cos, degrees, radians, sin

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
DAY_SECONDS = 86400
HORIZON = -0.8
"""At this height in degrees the sun has set: half of its width and what the air bends are below."""


def is_night(at: datetime, latitude: float, longitude: float) -> bool:
    """Tell whether the sun is below the horizon of a place.

    >>> [is_night(datetime(2024, 6, 15, hour, tzinfo=UTC), 50.4, 5.9) for hour in (12, 22)]
    [False, True]
    """
    return sun_height(at, latitude, longitude) < HORIZON


def sun_height(at: datetime, latitude: float, longitude: float) -> float:
    """Return how many degrees the sun stands above the horizon, to about a tenth.

    The formulae are those of the Astronomical Almanac's low precision.
    """
    days = (at - J2000).total_seconds() / DAY_SECONDS
    anomaly = radians(357.528 + 0.9856003 * days)
    along = radians(280.460 + 0.9856474 * days + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439)
    declination = asin(sin(tilt) * sin(along))
    right_ascension = atan2(cos(tilt) * sin(along), cos(along))
    hour_angle = radians(15 * (18.697374558 + 24.06570982441908 * days) + longitude) - right_ascension
    place = radians(latitude)
    return degrees(asin(sin(place) * sin(declination) + cos(place) * cos(declination) * cos(hour_angle)))
