"""The weather of a simulated round."""

from datetime import date, datetime
from typing import Any

from iracing_sync.simulator.dice import Dice
from iracing_sync.simulator.quarters import instant_text
from iracing_sync.simulator.seasons import SPLIT_AT

HOST = "https://scorpio-assets.s3.amazonaws.com"


def weather(dice: Dice, season_id: int, number: int, day: date, at: datetime, seen_at: datetime) -> dict[str, Any]:
    """Return the weather of a round in the shape that the API had when it was seen; some is in °C, most in °F."""
    about = (season_id, number)
    celsius = dice.roll(5, "units", *about) == 0
    hour = dice.between(9, 20, "hour", *about)
    common = {
        "rel_humidity": dice.between(20, 90, "humidity", *about),
        "simulated_start_time": f"{day.isoformat()}T{hour:02}:40:00",
        "simulated_time_multiplier": 1,
        "simulated_time_offsets": [0, 15],
        "skies": dice.roll(4, "skies", *about),
        "temp_units": int(celsius),
        "temp_value": dice.between(12, 33, "temp", *about) if celsius else dice.between(55, 90, "temp", *about),
        "time_of_day": dice.roll(8, "time", *about),
        "version": int(seen_at >= SPLIT_AT),
        "wind_dir": dice.roll(8, "wind", *about),
        "wind_units": int(celsius),
        "wind_value": dice.between(1, 12, "speed", *about),
    }
    return {**common, **(_forecast(dice, about, at) if seen_at >= SPLIT_AT else _before_forecasts(day, hour))}


def _before_forecasts(day: date, hour: int) -> dict[str, Any]:
    return {
        "type": 3,
        "fog": 0,
        "weather_var_initial": 0,
        "weather_var_ongoing": 0,
        "simulated_start_utc_time": f"{day.isoformat()}T{hour:02}:40:00Z",
    }


def _forecast(dice: Dice, about: tuple[int, int], at: datetime) -> dict[str, Any]:
    return {
        "allow_fog": False,
        "forecast_options": {
            "allow_fog": False,
            "forecast_type": 1,
            "precipitation": 1,
            "skies": 0,
            "stop_precip": 0,
            "temperature": 0,
            "weather_seed": dice.roll(1 << 47, "seed", *about) - (1 << 46),
            "wind_dir": 0,
            "wind_speed": 0,
        },
        "precip_option": 8,
        "track_water": 0,
        "weather_summary": _summary(dice, about),
        "weather_url": _presigned(dice, about, at),
    }


def _summary(dice: Dice, about: tuple[int, int]) -> dict[str, Any]:
    low = dice.between(100, 250, "low", *about) / 10
    chance = dice.pick((0, 0, 0, 15, 46), "rain", *about)
    return {
        "max_precip_rate": 0.6 if chance else 0,
        "max_precip_rate_desc": "Light" if chance else "None",
        "precip_chance": chance,
        "skies_high": 2,
        "skies_low": 1,
        "temp_high": round(low + 3.4, 1),
        "temp_low": low,
        "temp_units": 1,
        "wind_dir": dice.roll(8, "wind", *about),
        "wind_high": 17.4,
        "wind_low": 5.2,
        "wind_units": 1,
    }


def _presigned(dice: Dice, about: tuple[int, int], at: datetime) -> str:
    """Return where the forecast lies: the path stays, the query is another one at every fetch."""
    season_id, number = about
    signature = f"{dice.roll(1 << 62, 'signature', *about, at.isoformat()):016x}"
    signed_at = instant_text(at).replace("-", "").replace(":", "")
    query = f"X-Amz-Date={signed_at}&X-Amz-Expires=900&X-Amz-Signature={signature}"
    return f"{HOST}/members/messaging-services/simulated/weather-{season_id}-{number}.json?{query}"
