"""A round in words: how long it is, its weather, who may race it, what its cars are restricted in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iracing_sync.plain_text import how_many
from iracing_sync.tables.rows import Row

LICENSES = ("", "R", "D", "C", "B", "A", "Pro", "WC")
"""By license_group."""


def license_in_short(group: int) -> str:
    """Return the letter of a licence group, its number where this version knows none."""
    return LICENSES[group] if group < len(LICENSES) else str(group)


def length(row: Row) -> str:
    """Write how long a race is."""
    if row["race_laps"]:
        return f"{row['race_laps']} laps"
    return f"{row['race_minutes']} min" if row["race_minutes"] else ""


def lengths(variants: Sequence[Row]) -> str:
    """Write how long the races of variants are, the unit once where it is the same.

    >>> lengths([{"race_laps": 90, "race_minutes": None}, {"race_laps": 55, "race_minutes": None}])
    '90/55 laps'
    """
    said = list(dict.fromkeys(filter(None, map(length, variants))))
    units = {one.partition(" ")[2] for one in said}
    if len(said) > 1 and len(units) == 1:
        return f"{'/'.join(one.partition(' ')[0] for one in said)} {units.pop()}"
    return "/".join(said)


def weather(row: Row) -> Iterator[str]:
    """Yield the weather of a round in words."""
    if row["temp_c"] is not None:
        yield f"{row['temp_c']:.0f} °C"
    elif row["temp_low_c"] is not None and row["temp_high_c"] is not None:
        lowest, highest = f"{row['temp_low_c']:.0f}", f"{row['temp_high_c']:.0f}"
        yield f"{lowest} °C" if lowest == highest else f"{lowest} to {highest} °C"
    if row["precip_chance_pct"] is not None:
        yield f"rain {row['precip_chance_pct']:g} %" if row["precip_chance_pct"] else "dry"


def restrictions_in_words(restrictions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each restriction with the cars that it is of."""
    alike: dict[str, list[str]] = defaultdict(list)
    for one in restrictions:
        alike[in_words(one)].append(one["car_name"])
    yield from (f"{said}: {', '.join(names)}" for said, names in alike.items() if said)


def in_words(restriction: Mapping[str, Any]) -> str:
    """Write what a car is restricted in, nothing where that is nothing."""
    power, weight = restriction["power_adjust_pct"], restriction["weight_penalty_kg"]
    fuel, tyres = restriction["max_fuel_fill_pct"], restriction["max_dry_tire_sets"]
    parts = [
        f"power {power:+g} %" if power else "",
        f"weight {weight:+g} kg" if weight else "",
        f"fuel {fuel:g} %" if fuel is not None and fuel != 100 else "",
        how_many(tyres, "dry tyre set") if tyres else "",
    ]
    return ", ".join(filter(None, parts))
