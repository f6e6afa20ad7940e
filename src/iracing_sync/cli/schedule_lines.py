"""The rounds of a week or a quarter as lines: a series with its variants in one, grouped by category."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from iracing_sync.cli.columns import Column, column_lines, columns_that_fit, lines_under
from iracing_sync.cli.reading import Zone
from iracing_sync.plain_text import how_many, layout_name, one_line
from iracing_sync.quarters import week_start
from iracing_sync.round_text import lengths, license_in_short
from iracing_sync.tables.rows import Row
from iracing_sync.variants import first_words, with_variants

COLUMNS = (
    Column("mark", ""),
    Column("series", "series", 20, tail=6),
    Column("week", "week", is_right=True),
    Column("track", "track", 16),
    Column("length", "length", rank=2, is_right=True),
    Column("cars", "cars", 12, rank=5),
    Column("license", "lic.", rank=3),
    Column("rain", "rain", rank=4, is_right=True),
    Column("next", "next", rank=1),
)

CHANGED = "*"

MOST_CARS = 2

NO_DAY = "?"
"""Of a round that is known from its season's history only."""


def schedule_lines(rounds: Sequence[Row], zone: Zone, width: int | None) -> Iterator[str]:
    """Yield rounds, sorted by category, under their categories."""
    every = together(one_a_season(rounds))
    categories = [variants[0]["category"] for variants in every]
    headings = [(category, (category or "no category").replace("_", " ")) for category in categories]
    yield from lines_under(headings, COLUMNS, [round_cells(variants, zone) for variants in every], width)


def one_a_season(rounds: Sequence[Row]) -> list[Row]:
    """Return of each season the round that starts next, else its last, with how many `more` it has in the same week."""
    seasons: dict[int, list[Row]] = defaultdict(list)
    for row in rounds:
        seasons[row["season_id"]].append(row)
    chosen = [
        min((row for row in rows if row["next_starts_at"]), key=lambda row: row["next_starts_at"], default=rows[-1])
        for rows in seasons.values()
    ]
    return [row | {"more": len(seasons[row["season_id"]]) - 1} for row in chosen]


ROUNDS = (
    Column("mark", ""),
    Column("week", "week", is_right=True),
    Column("day", "from"),
    Column("track", "track", 16),
    Column("length", "length", is_right=True),
    Column("rain", "rain", rank=1, is_right=True),
)


def quarter_lines(rounds: Sequence[Row], zone: Zone, width: int | None) -> Iterator[str]:
    """Yield the rounds of a quarter under their seasons."""
    every = sorted(rounds, key=lambda row: (row["season_name"], row["season_id"], row["race_week_num"]))
    cells = [round_cells([row], zone) | {"day": day(row, zone)} for row in every]
    headings = [(row["season_id"], row["season_name"]) for row in every]
    yield from lines_under(headings, ROUNDS, cells, width, indent=" ")


def together(rounds: Sequence[Row]) -> list[list[Row]]:
    """Put the rounds together whose seasons have the same rounds and cars and whose series are called alike."""
    found: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rounds:
        what = (row["category"], row["same"], row["race_week_num"], tuple(row["car_class_ids"]), tuple(row["car_ids"]))
        key = (*what, first_words(row["series_name"]))
        found[key].append(row)
    return list(found.values())


def round_cells(variants: Sequence[Row], zone: Zone) -> dict[str, str]:
    """Return one round of a series and its variants as people read it."""
    row = variants[0]
    starts = [one["next_starts_at"] for one in variants if one["next_starts_at"]]
    rain = row["precip_chance_pct"]
    return {
        "mark": CHANGED if any(one["has_changed"] for one in variants) else "",
        "series": with_variants([one_line(one["series_name"]) for one in variants]),
        "week": f"{row['race_week_num'] + 1}/{row['rounds']}",
        "track": layout_name(row["track_name"], row["config_name"]) + and_more(row.get("more", 0)),
        "length": lengths(variants),
        "cars": cars(row),
        "license": "/".join(
            license_in_short(group) for group in sorted({one["license_group"] or 0 for one in variants})
        ),
        "rain": f"{rain:g} %" if rain else "",
        "next": next_starts(sorted(set(starts)), zone),
    }


def and_more(rounds: int) -> str:
    """Say how many rounds more a season has in the same week, as in a week 13, where each day may be one."""
    return f", {rounds} more" if rounds else ""


MOST_STARTS = 2


def next_starts(starts: Sequence[datetime], zone: Zone) -> str:
    """Write when the races of variants start next, the day once where it is the same."""
    said: list[str] = []
    for at in starts[:MOST_STARTS]:
        word = zone.day_and_time(at)
        said.append(word.partition(" ")[2] if said and said[0][:3] == word[:3] else word)
    return ", ".join(said) + (" …" if len(starts) > MOST_STARTS else "")


def day(row: Row, zone: Zone) -> str:
    """Write on which day a round begins."""
    return zone.day(row["starts_at"]) or NO_DAY


def cars(row: Row) -> str:
    """Write what is driven: one or two cars by their names, more by their classes."""
    return ", ".join(row["car_class_names"] if len(row["car_names"]) > MOST_CARS else row["car_names"])


def grid_lines(rounds: Sequence[Row], width: int | None, at: datetime) -> Iterator[str]:
    """Yield a line a series with its tracks of each week; where the room is short, the weeks from `at` on first."""
    weeks = sorted({week_start(row["starts_at"]) for row in rounds if row["starts_at"]})
    order = sorted(weeks, key=lambda week: (week < week_start(at), week))
    columns = [Column("series", "series", 20, tail=6)]
    columns += [Column(f"{week}", f"{week:%m-%d}", 8, rank=1 + order.index(week)) for week in weeks]
    rows = []
    for _, of_season in groupby(rounds, key=lambda row: row["season_id"]):
        known = list(of_season)
        tracks = {week_start(row["starts_at"]): one_line(row["track_name"]) for row in known if row["starts_at"]}
        rows.append(
            {"series": one_line(known[0]["series_name"]), **{f"{week}": tracks.get(week, "") for week in weeks}}
        )
    yield from column_lines(columns, rows, width)
    if rows and (hidden := len(columns) - len(columns_that_fit(columns, rows, width))):
        yield f"{how_many(hidden, 'more week')} in a wider terminal, or with --csv"
