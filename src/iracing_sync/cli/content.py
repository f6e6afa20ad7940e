"""`content`: what it takes to race some series, and the cheapest way to enough weeks."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.columns import Column, column_lines
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT
from iracing_sync.cli.output import print_json
from iracing_sync.cli.owned import OWNED, owned_packages
from iracing_sync.cli.reading import SERIES_NAMES, print_csv, terminal_width
from iracing_sync.cli.start import start
from iracing_sync.content import Goal, Package, Purchase, cheapest, served_by
from iracing_sync.errors import SettingsError
from iracing_sync.plain_text import how_many, one_line
from iracing_sync.queries.content import goal_of, is_for_sale, read_packages, read_weeks
from iracing_sync.queries.matching_names import series_ids
from iracing_sync.tables.rows import Row

app = new_app()

COLUMNS = (
    Column("mark", ""),
    Column("kind", "kind"),
    Column("name", "name", 20),
    Column("weeks", "weeks", is_right=True),
    Column("price", "US price", is_right=True),
)

CSV = ("kind", "package_id", "name", "weeks", "price_usd", "is_free", "is_owned", "is_for_sale", "buy")


class Plan(NamedTuple):
    """What some series need: a row a series, a row a package, and what to buy."""

    series: list[Row]
    packages: list[Row]
    purchase: Purchase
    unknown: int


@app.command()
def content(
    series: list[str] | None = SERIES_NAMES,
    owned: Path | None = OWNED,
    remaining: bool = typer.Option(False, "--remaining", help="Leave out the weeks that are over."),
    at: str | None = AT,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show which tracks and cars some series need, and the cheapest with which enough weeks can be raced."""
    settings = start(at=at)
    if not series:
        raise SettingsError("--series is missing: say which series you want to race")
    with open_tables(settings) as connection:
        weeks = read_weeks(connection, series_ids(connection, series), settings.clock())
        packages = read_packages(connection)
    mine = owned_packages(packages, owned)
    if remaining:
        weeks = [row for row in weeks if row["ends_at"] is None or row["ends_at"] > settings.clock()]
    plan = plan_of(weeks, packages, mine)
    if as_json:
        print_json(plan_object(plan))
    elif as_csv:
        print_csv(plan.packages, CSV)
    else:
        for line in plan_lines(plan):
            say(line)


def plan_of(weeks: list[Row], packages: Mapping[Package, Row], owned: frozenset[Package]) -> Plan:
    """Return what the weeks of some seasons need."""
    goals: list[Goal] = []
    series = []
    for _, of_weeks in groupby(weeks, key=lambda row: row["season_id"]):
        of_season = list(of_weeks)
        goal = goal_of(of_season)
        goals.append(goal)
        series.append(
            {key: of_season[0][key] for key in ("series_id", "series_name", "season_id", "max_weeks", "drops")}
            | {"weeks": len(goal.weeks), "needed": goal.least, "owned": goal.least - goal.lacking(owned)}
        )
    prices = {package: round(row["price_usd"] * 100) for package, row in packages.items() if is_for_sale(row)}
    purchase = cheapest(goals, prices, owned)
    needed = {one for goal in goals for week in goal.weeks for one in (week.track, *week.cars)}
    rows = [package_row(one, packages.get(one), goals, owned, purchase) for one in needed]
    return Plan(series, sorted(rows, key=first_to_buy), purchase, sum(one not in packages for one in needed))


def first_to_buy(row: Row) -> tuple[Any, ...]:
    """Return where a package stands in the list: what to buy first, what one has last."""
    return not row["buy"], row["is_owned"], row["kind"], -row["weeks"], row["name"]


def package_row(
    package: Package, known: Row | None, goals: Sequence[Goal], owned: frozenset[Package], purchase: Purchase
) -> Row:
    """Return a package as JSON and CSV show it."""
    return {
        "kind": package.kind,
        "package_id": package.package_id,
        "name": one_line(known["name"]) if known else f"{package.kind} package {package.package_id}",
        "weeks": len(served_by(package, goals)),
        "price_usd": known["price_usd"] if known else None,
        "is_free": bool(known and known["is_free"]),
        "is_owned": package in owned,
        "is_for_sale": is_for_sale(known),
        "buy": package in (purchase.packages or ()),
    }


def total_usd(plan: Plan) -> float:
    """Return what the purchase costs."""
    return round(sum(float(row["price_usd"]) for row in plan.packages if row["buy"]), 2)


def plan_object(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON shows it; prices are iRacing's US list prices without its discounts."""
    return {
        "series": plan.series,
        "packages": plan.packages,
        "is_reachable": plan.purchase.packages is not None,
        "is_cheapest": plan.purchase.is_cheapest,
        "total_usd": total_usd(plan),
    }


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield a plan for a person."""
    for one in plan.series:
        weeks = how_many(one["weeks"], "week")
        yield f"{one_line(one['series_name'])}: {one['needed']} of {weeks} count, {one['owned']} owned"
    if not plan.series:
        yield "no season of these series runs or is to come"
        return
    yield from column_lines(COLUMNS, [package_cells(row) for row in plan.packages], terminal_width())
    if plan.purchase.packages is None:
        yield "no purchase reaches that: something that the weeks need is not for sale"
    else:
        many = how_many(len(plan.purchase.packages), "package")
        least = "the cheapest way" if plan.purchase.is_cheapest else "a cheap way, perhaps not the cheapest"
        yield f"> {least}: {many}, {total_usd(plan):.2f} USD (list prices, without iRacing's discounts)"
    if plan.unknown:
        yield f"{how_many(plan.unknown, 'package')} unknown to the catalogues: iracing-sync run"


def package_cells(row: Row) -> dict[str, str]:
    """Return a package as people read it."""
    price = "free" if row["is_free"] else "owned" if row["is_owned"] else ""
    price = price or (f"{row['price_usd']:.2f}" if row["is_for_sale"] else "not sold")
    return {
        "mark": ">" if row["buy"] else "",
        "kind": row["kind"],
        "name": row["name"],
        "weeks": str(row["weeks"]),
        "price": price,
    }
