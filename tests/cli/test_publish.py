"""`publish`: a static site, whose files are ours and stay as they are where nothing changed."""

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # what it reads is our own

import pytest
from icalendar import Calendar

pytestmark = pytest.mark.xdist_group("publish")

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://example.org/racing/"

KINDS = {"string": str, "integer": int, "number": int | float, "boolean": bool, "array": list, "null": type(None)}
"""What Python makes of a type of JSON."""

Publish = Callable[..., dict[str, Any]]


@pytest.fixture
def publish(command: Any, synthetic: Any, tmp_path: Path) -> Publish:
    """Fill a database, then publish it at a moment into the folder `site`."""
    assert command("run", "--at", "2025-05-14T09:00").returncode == 0

    def publish(at: str = "2025-05-14T10:00", *options: str) -> dict[str, Any]:
        ended = command("publish", str(tmp_path / "site"), "--at", at, "--json", "--base-url", BASE, *options)
        assert ended.returncode == 0, ended.stderr
        said: dict[str, Any] = json.loads(ended.stdout)
        return said

    return publish


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name[0] != "."}


def stamps(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in files_in(folder)}


def test_a_site_has_pages_calendars_feeds_and_data(publish, tmp_path, ask) -> None:
    written = set(publish()["written"])
    site = tmp_path / "site"

    assert written == files_in(site)
    assert {"index.html", "subscribe.html", "quarters/2025S2.html", "ics/all.ics", "robots.txt"} <= written
    series = {f"ics/series/{number}.ics" for (number,) in ask("SELECT series_id FROM series WHERE active")}
    assert series <= written
    events = [len(Calendar.from_ical((site / name).read_bytes()).events) for name in sorted(series)]
    assert sum(events) == len(Calendar.from_ical((site / "ics/all.ics").read_bytes()).events) > 100
    assert f"webcal://example.org/racing/{min(series)}" in (site / "subscribe.html").read_text()
    assert 'href="../subscribe.html"' in (site / "quarters/2025S2.html").read_text()
    pages = [one.text for one in ET.fromstring((site / "sitemap.xml").read_bytes()).iter() if one.tag.endswith("loc")]  # noqa: S314
    assert [BASE + name for name in ("index.html", "subscribe.html")] == pages[:2]
    assert f"Sitemap: {BASE}sitemap.xml" in (site / "robots.txt").read_text()


def test_each_file_of_data_is_what_its_schema_says(publish, tmp_path) -> None:
    publish()
    for path in (tmp_path / "site/data").glob("*.schema.json"):
        schema = json.loads(path.read_bytes())["items"]["properties"]
        rows = json.loads(path.with_name(path.name.replace(".schema", "")).read_bytes())
        header = path.with_name(path.name.replace(".schema.json", ".csv")).read_text().partition("\n")[0]
        assert rows
        assert set(rows[0]) == set(schema) == set(header.split(","))
        kinds = {
            "string": str,
            "integer": int,
            "number": int | float,
            "boolean": bool,
            "array": list,
            "null": type(None),
        }
        for row in rows[:50]:
            for name, value in row.items():
                said = schema[name].get("type")
                allowed = [said] if isinstance(said, str) else said or list(kinds)
                assert any(isinstance(value, kinds[one]) for one in allowed) or "type" not in schema[name], (
                    name,
                    value,
                )


def test_what_is_the_same_is_not_touched(publish, tmp_path) -> None:
    publish()
    before = stamps(tmp_path / "site")

    assert publish() == {"folder": str(tmp_path / "site"), "written": [], "removed": []}
    assert stamps(tmp_path / "site") == before


def test_changes_become_entries_with_ids_that_stay(publish, command, synthetic, tmp_path) -> None:
    synthetic.at = datetime(2025, 6, 12, 9, tzinfo=UTC)
    assert command("run", "--at", "2025-06-12T09:00", "--refresh").returncode == 0
    publish("2025-06-12T10:00")
    feed = ET.fromstring((tmp_path / "site/changes.xml").read_bytes())  # noqa: S314
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]

    assert ids
    assert len(set(ids)) == len(ids)
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated") == "2025-06-12T09:00:00Z"
    items = json.loads((tmp_path / "site/changes.json").read_bytes())["items"]
    assert [item["id"] for item in items] == ids
    publish("2025-06-12T11:00")
    assert [one["id"] for one in json.loads((tmp_path / "site/changes.json").read_bytes())["items"]] == ids


def test_only_what_we_wrote_is_removed_or_replaced(publish, command, tmp_path, ask) -> None:
    publish()
    site = tmp_path / "site"
    (site / "CNAME").write_text("example.org")
    [(gone, *_), *_] = [(number,) for (number,) in ask("SELECT series_id FROM series WHERE active ORDER BY 1")]
    ask(f"UPDATE series SET active = false WHERE series_id = {gone} RETURNING 1")

    assert publish()["removed"] == [f"ics/series/{gone}.ics"]
    assert (site / "CNAME").read_text() == "example.org"

    (tmp_path / "other").mkdir()
    (tmp_path / "other/index.html").write_text("mine")
    refused = command("publish", str(tmp_path / "other"))
    assert refused.returncode == 2
    assert "index.html is there and .iracing-sync-site.json does not know it as ours" in refused.stderr
    assert (tmp_path / "other/index.html").read_text() == "mine"


def test_who_is_killed_leaves_what_the_next_one_knows_as_its_own(publish, started, tmp_path) -> None:
    site = tmp_path / "site"
    killed = started("publish", str(site), "--at", "2025-05-14T10:00", "--base-url", BASE)
    while not (site / "ics").is_dir() or len(list((site / "ics").iterdir())) < 3:
        assert killed.poll() is None
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    (site / "ics/.all.ics.abcd1234").write_text("half")
    (site / "ics/.mine.ics.abcd1234").write_text("mine")

    publish()

    assert publish()["written"] == []
    hidden = {path.name for path in site.rglob(".*")}
    assert hidden == {".mine.ics.abcd1234", ".iracing-sync-site.json", ".iracing-sync-site.lock"}


def test_robots_txt_of_others_stays(publish, tmp_path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/robots.txt").write_text("mine")

    assert "robots.txt" not in publish()["written"]
    assert (tmp_path / "site/robots.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["", " "])
def test_a_folder_without_a_name_is_refused(command, name) -> None:
    refused = command("publish", name)

    assert (refused.returncode, "DIR is blank" in refused.stderr) == (2, True)


def test_others_may_read_what_a_web_server_is_to_serve(publish, tmp_path) -> None:
    publish()
    wanted = 0o666 & ~umask()

    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "site").rglob("*.html")} == {wanted}
    assert (tmp_path / "site/ics").stat().st_mode & 0o777 == 0o777 & ~umask()


def umask() -> int:
    present = os.umask(0)
    os.umask(present)
    return present


def test_two_publishers_at_once_do_not_mix(publish, started, tmp_path) -> None:
    arguments = ("publish", str(tmp_path / "site"), "--at", "2025-05-14T10:00", "--json", "--base-url", BASE)
    both = [started(*arguments), started(*arguments)]
    said = [json.loads(one.communicate(timeout=120)[0]) for one in both]

    assert sorted(len(one["written"]) > 0 for one in said) == [False, True]
    assert publish()["written"] == []


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org/",
        "https://example.org/?a=1",
        "https://u@example.org",
        "https://ex ample.org",
        'https://e.org/a"b<c>',
    ],
)
def test_an_address_that_is_none_is_refused(command, tmp_path, url) -> None:
    refused = command("publish", str(tmp_path / "site"), "--base-url", url)

    assert refused.returncode == 2
    assert "--base-url" in refused.stderr
    assert not (tmp_path / "site").exists()
