"""The changes as a feed: an entry for each season, or series, in which a run changed something."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import orjson

from iracing_sync.changes.digest import by_season
from iracing_sync.plain_text import plain_text
from iracing_sync.tables.rows import Row

TITLE = "Changes of the iRacing schedule"
ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 300


class Entry(NamedTuple):
    """What a run changed of one season, or series: the same at every look, and known by `entry_id` for ever."""

    entry_id: str
    at: datetime
    title: str
    lines: Sequence[str]


def entries_of(changes: Iterable[Row]) -> list[Entry]:
    """Return the entries of changes that come newest first."""
    entries = []
    for (at, run_id), of_run in groupby(changes, key=lambda row: (row["at"], str(row["run_id"]))):
        for name, rows in by_season(of_run):
            about = rows[0]["season_id"] or rows[0]["series_id"] or "classes"
            lines = [plain_text(str(row["sentence"])) for row in rows]
            entries.append(Entry(f"urn:iracing-sync:{run_id}:{about}", at, plain_text(name), lines))
    return entries[:MOST_ENTRIES]


def atom_bytes(entries: Sequence[Entry], base_url: str | None, page: str) -> bytes:
    """Write an Atom feed; `page` is where a person reads on."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    add(feed, "title", TITLE)
    add(feed, "id", f"{base_url or 'urn:iracing-sync:'}changes.xml")
    add(feed, "updated", iso(entries[0].at) if entries else "1970-01-01T00:00:00Z")
    add(add(feed, "author"), "name", "iracing-sync")
    if base_url:
        add(feed, "link", rel="self", href=f"{base_url}changes.xml")
    for entry in entries:
        one = add(feed, "entry")
        add(one, "title", entry.title)
        add(one, "id", entry.entry_id)
        add(one, "updated", iso(entry.at))
        add(one, "link", rel="alternate", href=f"{base_url or ''}{page}")
        add(one, "content", "\n".join(entry.lines), type="text")
    return xml_bytes(feed)


def xml_bytes(root: ET.Element) -> bytes:
    """Write a document."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def json_feed_bytes(entries: Sequence[Entry], base_url: str | None, page: str) -> bytes:
    """Write the same as JSON Feed 1.1."""
    feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": TITLE}
    if base_url:
        feed |= {"home_page_url": base_url, "feed_url": f"{base_url}changes.json"}
    feed["items"] = [
        {
            "id": entry.entry_id,
            "url": f"{base_url or ''}{page}",
            "title": entry.title,
            "content_text": "\n".join(entry.lines),
            "date_published": iso(entry.at),
        }
        for entry in entries
    ]
    return orjson.dumps(feed, option=orjson.OPT_INDENT_2) + b"\n"


def add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Add an element of Atom."""
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def iso(at: datetime) -> str:
    """Write an instant as feeds do."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def sitemap_bytes(base_url: str, pages: Iterable[str]) -> bytes:
    """Write a sitemap."""
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    ET.register_namespace("", space)
    urls = ET.Element(f"{{{space}}}urlset")
    for page in pages:
        ET.SubElement(ET.SubElement(urls, f"{{{space}}}url"), f"{{{space}}}loc").text = f"{base_url}{page}"
    return xml_bytes(urls)
