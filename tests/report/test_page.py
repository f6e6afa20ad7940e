"""The page as a file: whole by itself, and the same for the same data."""

import html
import json
import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from builders import a_round, a_season, a_series, mapped

from iracing_sync.database import connect
from iracing_sync.loader.load import load
from report.conftest import AT, command_of

pytestmark = pytest.mark.xdist_group("report")


def held_by(page: str) -> Any:
    [text] = re.findall(r'<script type="application/json" id="held">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def test_the_page_allows_its_own_style_and_script_and_nothing_else(recorded_page: Path) -> None:
    page = recorded_page.read_text()

    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    [style], [script] = (re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script"))
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (script, style)]
    assert html.unescape(policy) == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


def test_a_full_quarter_is_small_and_has_a_row_for_seasons_whose_rounds_are_the_same(recorded_page: Path) -> None:
    page = recorded_page.read_text()
    held = held_by(page)

    assert len(page.encode()) < 2_000_000
    assert (len(held["seasons"]), len(held["rows"])) == (121, 92)
    assert Counter(number for row in held["rows"] for number in row["seasons"]) == Counter(map(int, held["seasons"]))


def test_the_same_data_give_the_same_file(recorded: Any, recorded_page: Path) -> None:
    before = recorded_page.stat()
    again = recorded("report", "--at", AT, "--out", str(recorded_page))

    assert again.stdout.endswith("season.html: as before\n")
    assert recorded_page.stat().st_mtime_ns == before.st_mtime_ns


def test_the_page_goes_to_standard_output_where_no_file_is_named(recorded: Any, recorded_page: Path) -> None:
    assert recorded("report", "--year", "2024", "--quarter", "1", "--at", AT).stdout == recorded_page.read_text()


def test_json_without_a_file_is_refused(recorded: Any) -> None:
    assert recorded("report", "--json").returncode == 2


def test_a_quarter_of_which_nothing_is_stored_is_refused_in_a_line(recorded: Any) -> None:
    ended = recorded("report", "--year", "2019", "--quarter", "1")

    assert ended.returncode == 2
    assert "no season of 2019 S1 is stored yet" in ended.stderr


def test_the_newest_quarter_stands_in_where_the_present_one_is_empty(recorded: Any) -> None:
    assert "<h1>2024 Season 1</h1>" in recorded("report").stdout


HOSTILE = "</script><img src=x onerror=alert(1)> \"'`&amp; \u202eevil\u2028 🏁 ${1}"


def test_no_name_ends_the_element_that_it_is_in(database_url: str, tmp_path: Path) -> None:
    page = hostile_page(database_url, tmp_path).read_text()

    assert page.count("</script>") == 2
    assert "<img" not in page
    assert "\u202e" not in page
    assert "\u2028" not in page


def hostile_page(database_url: str, folder: Path) -> Path:
    """Write the page of a season of which all names are hostile."""
    engine = connect(database_url, "iracing")
    track = {"track_id": 191, "track_name": HOSTILE, "config_name": HOSTILE}
    season = a_season([a_round(track=track)], season_name=HOSTILE, schedule_description=HOSTILE)
    with engine.begin() as connection:
        load(connection, [a_series(name=HOSTILE), *mapped(season)])
    engine.dispose()
    path = folder / "hostile.html"
    ended = command_of(database_url, folder)("report", "--at", "2025-05-14T09:00", "--out", str(path))
    assert ended.returncode == 0, ended.stderr
    return path
