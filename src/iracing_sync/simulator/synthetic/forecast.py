"""The weather of a simulated round."""

from datetime import date, datetime
from typing import Any

from iracing_sync.simulator.synthetic.planned_rounds import PlannedRound
from iracing_sync.simulator.synthetic.racing_calendar import utc_text
from iracing_sync.simulator.synthetic.rounds import Round
from iracing_sync.simulator.synthetic.seasons import SPLIT_AT

FORECAST_HOST = "https://scorpio-assets.s3.amazonaws.com"


def round_weather(round_: Round, seen_at: datetime) -> dict[str, Any]:
    """Return the weather of a round in the shape that the API had when it was seen; some is in °C, most in °F.

    Its dates stay when the round is postponed.
    """
    planned = round_.planned
    hour = 9 + planned.roll(12, "hour")
    common = {
        "rel_humidity": 20 + planned.roll(71, "humidity"),
        "simulated_start_time": f"{planned.day.isoformat()}T{hour:02}:40:00",
        "simulated_time_multiplier": 1,
        "simulated_time_offsets": [0, 15],
        "skies": planned.roll(4, "skies"),
        "temp_units": int(planned.is_celsius),
        "temp_value": round_.temperature,
        "time_of_day": planned.roll(8, "time"),
        "version": int(seen_at >= SPLIT_AT),
        "wind_dir": planned.roll(8, "wind"),
        "wind_units": int(planned.is_celsius),
        "wind_value": 1 + planned.roll(12, "speed"),
    }
    return {
        **common,
        **(_forecast_fields(round_) if seen_at >= SPLIT_AT else _fields_before_forecasts(planned.day, hour)),
    }


def _fields_before_forecasts(day: date, hour: int) -> dict[str, Any]:
    return {
        "type": 3,
        "fog": 0,
        "weather_var_initial": 0,
        "weather_var_ongoing": 0,
        "simulated_start_utc_time": f"{day.isoformat()}T{hour:02}:40:00Z",
    }


def _forecast_fields(round_: Round) -> dict[str, Any]:
    return {
        "allow_fog": False,
        "forecast_options": {
            "allow_fog": False,
            "forecast_type": 1,
            "precipitation": 1,
            "skies": 0,
            "stop_precip": 0,
            "temperature": 0,
            "weather_seed": round_.planned.roll(1 << 47, "seed") - (1 << 46),
            "wind_dir": 0,
            "wind_speed": 0,
        },
        "precip_option": 8,
        "track_water": 0,
        "weather_summary": _weather_summary(round_.planned),
        "weather_url": _forecast_url(round_),
    }


def _weather_summary(planned: PlannedRound) -> dict[str, Any]:
    low = (100 + planned.roll(151, "low")) / 10
    chance = planned.pick((0, 0, 0, 15, 46), "rain")
    return {
        "max_precip_rate": 0.6 if chance else 0,
        "max_precip_rate_desc": "Light" if chance else "None",
        "precip_chance": chance,
        "skies_high": 2,
        "skies_low": 1,
        "temp_high": round(low + 3.4, 1),
        "temp_low": low,
        "temp_units": 1,
        "wind_dir": planned.roll(8, "wind"),
        "wind_high": 17.4,
        "wind_low": 5.2,
        "wind_units": 1,
    }


def _forecast_url(round_: Round) -> str:
    """Return where the forecast lies: the path stays, the query is another one at every fetch."""
    signature = f"{round_.roll_now(1 << 62, 'signature'):016x}"
    signed_at = utc_text(round_.at).replace("-", "").replace(":", "")
    query = f"X-Amz-Date={signed_at}&X-Amz-Expires=900&X-Amz-Signature={signature}"
    file = f"weather-{round_.season.season_id}-{round_.number}.json"
    return f"{FORECAST_HOST}/members/messaging-services/simulated/{file}?{query}"
