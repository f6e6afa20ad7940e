"""The page as one file: its texts, style and script put together, and nothing else allowed."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any

import orjson
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

SCRIPTS = (
    *("text", "calendar", "sessions", "buy", "state", "transfer", "filters", "grid", "round", "mine", "shopping"),
    "page",
)
"""In the order in which they are read."""

ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What would have a meaning in HTML or in a script, as JSON writes it also."""


def page_bytes(held: Mapping[str, Any], subscribe: str | None = None) -> Iterator[bytes]:
    """Yield the page that tells what an object holds; the same object gives the same bytes.

    `subscribe` is where one finds calendars and feeds, if the page is part of a site.
    """
    style = own_text("page.css")
    script = '"use strict";\n' + "\n".join(own_text(f"{name}.js") for name in SCRIPTS)
    environment = Environment(
        loader=FunctionLoader(own_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["day"] = day
    parts = environment.get_template("page.html.j2").generate(
        page=held,
        subscribe=subscribe,
        categories=categories_of(held),
        licenses=licenses_of(held),
        held=Markup(escaped_json(held)),  # noqa: S704 - what is written here is our own files, and JSON that is escaped
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        style_hash=csp_hash(style),
        script_hash=csp_hash(script),
    )
    yield from (part.encode() for part in parts)


def categories_of(held: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the categories of the seasons, as their filter offers them."""
    found = sorted({season["category"] for season in held["seasons"].values()} - {""})
    return [{"value": category, "name": category.replace("_", " ")} for category in found]


def licenses_of(held: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the licence groups of the seasons with their letters."""
    return sorted({(season["group"], season["license"]) for season in held["seasons"].values() if season["group"]})


def day(at: int | None) -> str:
    """Write an instant as a day."""
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def own_text(name: str) -> str:
    """Return one of the files that the page is put together from."""
    return files("iracing_sync.report").joinpath(name).read_text(encoding="utf-8")


def csp_hash(text: str) -> str:
    """Return how a Content-Security-Policy names a script or a style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def escaped_json(value: Any) -> str:
    """Write JSON that nothing in it can end the element around it."""
    text = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    return text
