"""Seasons without what differs between two fetches although nothing changed."""

NOISE = {"reg_user_count", "race_week", "car_types"}


def without_noise(season):
    kept = {key: value for key, value in season.items() if key not in NOISE}
    return {**kept, "schedules": [round_without_noise(round_) for round_ in season["schedules"]]}


def round_without_noise(round_):
    url = round_["weather"]["weather_url"].partition("?")[0] if "weather_url" in round_["weather"] else None
    restrictions = sorted(round_["car_restrictions"], key=lambda car: car["car_id"])
    kept = {key: value for key, value in round_.items() if key != "schedule_name"}
    return {**kept, "car_restrictions": restrictions, "weather": {**round_["weather"], "weather_url": url}}
