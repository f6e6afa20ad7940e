"""The page as people read it: on paper, zoomed in, in the dark, with a screen reader."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conftest import REPOSITORY
from report.test_page import held_by

pytestmark = pytest.mark.xdist_group("report")

VIEWS = ("grid", "week", "mine", "buy", "changes")
MINE = "#favourites=139-476&picks=4555.0-4555.1-4555.2-4608.3-4608.4-4618.5"


SOME = """
Object.entries(PAGE.seasons).slice(0, 4).forEach(([id, season]) => {
    state.favourites.add(String(season.series))
    season.rounds.forEach((one) => state.picks.add(`${id}.${one.number}`))
})
changed({})
"""
"""Makes four series favourites and picks all of their rounds."""


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the text of axe-core, where npm has put it: below build, or in a folder of NODE_PATH."""
    folders = [str(REPOSITORY / "build/node_modules"), *os.environ.get("NODE_PATH", "").split(os.pathsep)]
    for folder in filter(None, folders):
        path = Path(folder) / "axe-core/axe.min.js"
        if path.exists():
            return path.read_text()
    pytest.skip("axe-core is absent: npm install --prefix build axe-core")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view(opened, invented_page, axe, scheme) -> None:
    page = opened(invented_page, color_scheme=scheme)
    page.page.evaluate(SOME)
    page.page.evaluate(axe)
    for view in VIEWS:
        page.page.evaluate(f"showView('{view}')")
        assert broken_rules(page) == []
    page.page.evaluate("showView('grid')")
    page.page.locator(".open").first.click()
    assert broken_rules(page) == []


def broken_rules(page: Any) -> list[Any]:
    found = page.value("axe.run().then((found) => found.violations)")
    return [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found]


def texts_of_pages(path: Path) -> list[str]:
    """Return the texts of the pages of a PDF."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is absent: apt-get install poppler-utils")
    ran = subprocess.run([tool, "-layout", str(path), "-"], capture_output=True, check=True, text=True)
    return ran.stdout.split("\f")[:-1]


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_grid_prints_with_its_header_on_each_page(opened, recorded_page, tmp_path, paper) -> None:
    page = opened(recorded_page)
    page.page.pdf(path=tmp_path / "grid.pdf", format=paper, landscape=True)

    pages = texts_of_pages(tmp_path / "grid.pdf")
    assert 2 <= len(pages) <= 10
    assert all("12 Dec" in text and "27 Feb" in text and "this week" in text for text in pages)
    assert "2024 Season 1" in pages[0]
    names = "".join("".join(text.split()) for text in pages)
    assert "GlobalMazdaMX-5" in names


def test_my_weeks_print_on_one_page_with_each_round_once(opened, recorded_page, tmp_path) -> None:
    page = opened(recorded_page, f"{MINE}&view=mine")
    page.page.pdf(path=tmp_path / "mine.pdf", format="A4")

    [text] = texts_of_pages(tmp_path / "mine.pdf")
    held = held_by(recorded_page.read_text())
    picks = [one.split(".") for one in MINE.partition("&picks=")[2].split("-")]
    layouts = [held["seasons"][season]["rounds"][int(number)]["layout"] for season, number in picks]
    assert [text.count(held["layouts"][str(one)]["name"]) for one in layouts] == [1] * 6
    assert "my-racing-planner" not in text


def test_a_round_a_week_of_four_series_prints_on_one_page(opened, recorded_page, tmp_path) -> None:
    page = opened(recorded_page, "#view=mine")
    page.page.evaluate(SOME)
    page.page.pdf(path=tmp_path / "mine.pdf", format="A4")

    assert len(texts_of_pages(tmp_path / "mine.pdf")) == 1


@pytest.mark.parametrize("width", [1400, 400, 350])
def test_nothing_but_the_tables_is_wider_than_the_window(opened, recorded_page, width) -> None:
    page = opened(recorded_page, MINE, viewport={"width": width, "height": 900 if width > 350 else 225})
    for view in VIEWS:
        page.page.evaluate(f"showView('{view}')")
        assert page.value("document.documentElement.scrollWidth") <= width


def test_what_is_owned_is_told_by_shape_and_word(opened, recorded_page) -> None:
    page = opened(recorded_page, f"{MINE}&view=buy")

    shapes = {"buy": "▶", "missing": "○", "owned": "●", "free": "●"}
    held = page.texts("#buy-list .holding")
    assert held != []
    assert all(one == f"{shapes[one.split()[1]]} {one.split()[1]}" for one in held)


def test_the_schedule_is_there_without_a_script(opened, recorded_page) -> None:
    page = opened(recorded_page, java_script_enabled=False)

    assert page.page.locator("table.plain th[scope=row]").count() == 92
    assert "Oran Park Raceway" in page.page.locator("table.plain").inner_text()


def test_nothing_moves_for_who_wants_no_motion(opened, recorded_page) -> None:
    page = opened(recorded_page, reduced_motion="reduce")

    assert page.value("getComputedStyle(document.querySelector('.open')).transitionDuration") == "0s"
