"""The site, put together: an index and a page a quarter, calendars, feeds and data."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple

import orjson
from jinja2 import Environment, StrictUndefined
from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Connection, Double, Integer, Numeric, Table
from sqlalchemy.dialects.postgresql import JSONB

from iracing_sync import __version__
from iracing_sync.calendar_text import calendar_bytes
from iracing_sync.plain_text import one_line, plain_text
from iracing_sync.quarters import Quarter
from iracing_sync.queries.calendar import CalendarFilter, read_rounds
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.queries.exported_rows import RowFilter, csv_parts, json_parts
from iracing_sync.queries.relations import relation_named
from iracing_sync.queries.report import Page, read_page
from iracing_sync.queries.site import active_series, held_quarters, made_of
from iracing_sync.report.page_object import page_object
from iracing_sync.report.render import page_bytes
from iracing_sync.site.feeds import atom_bytes, entries_of, json_feed_bytes, sitemap_bytes
from iracing_sync.site.folder import SiteFolder
from iracing_sync.tables.rows import Row
from iracing_sync.tables.views import table_or_view

INDEX, SUBSCRIBE = "index.html", "subscribe.html"
CATEGORIES = ("oval", "dirt_oval", "dirt_road", "sports_car", "formula_car", "road")
OF_QUARTER = ("event_schedule", "season")
CATALOGUES = ("series", "sim_track", "sim_layout", "sim_car", "car_class")


class Published(NamedTuple):
    """For whom and when a site is made; `base_url` ends with a slash, `at` is set where it is not made for now."""

    now: datetime
    at: datetime | None
    zone: str | None
    base_url: str | None


def publish(connection: Connection, site: SiteFolder, present: Page, wanted: Published) -> None:
    """Write all files of the site."""
    quarters = write_pages(connection, site, present, wanted)
    series = active_series(connection)
    write_calendars(connection, site, series, wanted)
    entries = entries_of(read_changes(connection, ChangeFilter(at=wanted.at, in_full=True)))
    site.write("changes.xml", [atom_bytes(entries, wanted.base_url, INDEX)])
    site.write("changes.json", [json_feed_bytes(entries, wanted.base_url, INDEX)])
    write_data(connection, site, present.quarter)
    site.write(SUBSCRIBE, [subscribe_page(series, quarters, wanted)])
    write_for_robots(site, [INDEX, SUBSCRIBE, *map(page_name, quarters)], wanted.base_url)


def write_pages(connection: Connection, site: SiteFolder, present: Page, wanted: Published) -> list[Quarter]:
    """Write the index and the page of each quarter; one of the past that would be the same again is not made."""

    def held_by(page: Page) -> dict[str, Any]:
        return page_object(page, wanted.at, wanted.zone)

    held_now = held_by(present)
    site.write(INDEX, page_bytes(held_now, SUBSCRIBE))
    quarters = held_quarters(connection)
    for quarter in quarters:
        known_by = made_of(connection, quarter, __version__) if quarter.ends_at < wanted.now else ""
        if known_by and site.is_made_of(page_name(quarter), known_by):
            continue
        is_present = quarter == present.quarter
        held = held_now if is_present else held_by(read_page(connection, quarter, wanted.at))
        site.write(page_name(quarter), page_bytes(held, f"../{SUBSCRIBE}"), known_by)
    return quarters


def page_name(quarter: Quarter) -> str:
    """Return the name of a quarter's page.

    >>> page_name(Quarter(2025, 2))
    'quarters/2025S2.html'
    """
    return f"quarters/{quarter.year}S{quarter.number}.html"


def write_calendars(connection: Connection, site: SiteFolder, series: Iterable[Row], wanted: Published) -> None:
    """Write the calendars: of all, by category, by series; who subscribed to one finds it, though it be empty."""
    chosen = {"ics/all.ics": CalendarFilter(wanted.now)}
    chosen |= {calendar_of_category(one): CalendarFilter(wanted.now, category=one) for one in CATEGORIES}
    chosen |= {calendar_of_series(one["series_id"]): CalendarFilter(wanted.now, {one["series_id"]}) for one in series}
    for name, rounds in chosen.items():
        site.write(name, calendar_bytes(read_rounds(connection, rounds), of_sessions=False))


def calendar_of_category(category: str) -> str:
    """Return the name of a category's calendar."""
    return f"ics/category/{category}.ics"


def calendar_of_series(series_id: int) -> str:
    """Return the name of a series' calendar, which stays whatever the series is called."""
    return f"ics/series/{series_id}.ics"


def write_data(connection: Connection, site: SiteFolder, quarter: Quarter) -> None:
    """Write the rows of the quarter, and the catalogues, each with what its columns are."""
    for name in (*OF_QUARTER, *CATALOGUES):
        wanted = RowFilter(quarter=quarter) if name in OF_QUARTER else RowFilter()
        relation = relation_named(connection, name)
        with closing(csv_parts(connection, relation, wanted, raw=False)) as rows:
            site.write(f"data/{name}.csv", rows)
        with closing(json_parts(connection, relation, wanted)) as rows:
            site.write(f"data/{name}.json", rows)
        site.write(f"data/{name}.schema.json", [schema_bytes(table_or_view(name))])


def schema_bytes(table: Table | None) -> bytes:
    """Write what the rows of a table are, as JSON Schema."""
    columns = table.c if table is not None else ()
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": table.comment if table is not None else "",
        "type": "array",
        "items": {"type": "object", "properties": {str(column.name): schema_of(column) for column in columns}},
    }
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2) + b"\n"


def schema_of(column: Column[Any]) -> dict[str, Any]:
    """Return what JSON holds of a column."""
    said: dict[str, Any] = {"description": column.comment}
    if isinstance(column.type, JSONB):
        return said
    if isinstance(column.type, ARRAY):
        return said | {"type": ["array", "null"], "items": {"type": json_type(column.type.item_type)}}
    kind = json_type(column.type)
    return said | {"type": [kind, "null"] if column.nullable else kind}


def json_type(kind: object) -> str:
    """Return how JSON calls a type."""
    if isinstance(kind, Boolean):
        return "boolean"
    if isinstance(kind, Integer | BigInteger):
        return "integer"
    return "number" if isinstance(kind, Double | Numeric) else "string"


def subscribe_page(series: Sequence[Row], quarters: Sequence[Quarter], wanted: Published) -> bytes:
    """Write the page that names all there is: quarters, calendars, feeds, data."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("iracing_sync.site").joinpath("subscribe.html.j2").read_text(encoding="utf-8")
    base = wanted.base_url or ""
    webcal = f"webcal://{base.partition('://')[2]}" if base else ""
    return (
        environment.from_string(source)
        .render(
            quarters=[(quarter.name, page_name(quarter)) for quarter in quarters],
            categories=[(one.replace("_", " "), calendar_of_category(one)) for one in CATEGORIES],
            series=[(plain_text(one_line(one["name"])), calendar_of_series(one["series_id"])) for one in series],
            data=[*OF_QUARTER, *CATALOGUES],
            webcal=webcal,
        )
        .encode()
    )


def write_for_robots(site: SiteFolder, pages: Sequence[str], base_url: str | None) -> None:
    """Write what search engines read; addresses in full are known only with `base_url`."""
    said = "User-agent: *\nAllow: /\n"
    if base_url:
        site.write("sitemap.xml", [sitemap_bytes(base_url, pages)])
        said += f"Sitemap: {base_url}sitemap.xml\n"
    if not site.is_of_others("robots.txt"):  # whose web server it is may say more in it
        site.write("robots.txt", [said.encode()])
