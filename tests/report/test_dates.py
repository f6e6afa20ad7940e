"""Rounds of whatever length sit under their dates."""

from pathlib import Path
from typing import Any

import pytest
from builders import a_round, a_season, a_series, mapped

from iracing_sync.database import connect
from iracing_sync.loader.load import load
from report.conftest import command_of

pytestmark = pytest.mark.xdist_group("report")


def rounds(*days: tuple[str, str]) -> list[Any]:
    """Return rounds that begin on one day and have their last session on another."""
    return [
        a_round(number, start_date=first, race_time_descriptors=[set_times(first, last)])
        for number, (first, last) in enumerate(days)
    ]


def set_times(*days: str) -> dict[str, Any]:
    return {
        "repeating": False,
        "session_minutes": 60,
        "session_times": sorted({f"{day}T18:00:00Z" for day in days}),
    }


SEASONS = {
    "One day each": rounds(*((f"2025-06-1{day}", f"2025-06-1{day}") for day in range(3))),
    "Over the border": rounds(("2025-03-04", "2025-03-09"), ("2025-03-11", "2025-03-16"), ("2025-03-18", "2025-03-23")),
    "Two weeks each": rounds(("2025-03-18", "2025-03-30"), ("2025-04-01", "2025-04-13")),
    "Saturdays": rounds(("2025-03-22", "2025-03-23"), ("2025-03-29", "2025-03-30")),
}


@pytest.fixture
def page(opened: Any, database_url: str, tmp_path: Path) -> Any:
    engine = connect(database_url, "iracing")
    with engine.begin() as connection:
        for number, (name, held) in enumerate(SEASONS.items(), 1):
            season = a_season(held, season_id=number, series_id=number)
            load(connection, [a_series(series_id=number, name=name), *mapped(season)])
    engine.dispose()
    path = tmp_path / "season.html"
    ended = command_of(database_url, tmp_path)("report", "--at", "2025-03-20", "--out", str(path))
    assert ended.returncode == 0, ended.stderr
    return opened(path)


CELLS = """() => {
    const from = (slot) => slot.querySelector(".from")?.textContent ?? ""
    const cells = (line) => [...line.querySelectorAll("td")].map((td) => [td.colSpan, [...td.children].map(from)])
    const lines = [...document.querySelectorAll("#grid tbody tr")].filter((line) => line.querySelector("bdi"))
    return Object.fromEntries(lines.map((line) => [line.querySelector("bdi").textContent, cells(line)]))
}"""
"""By the names of the rows: of each cell over how many weeks it goes, and what its rounds say of their day."""


def test_rounds_sit_under_their_dates(page) -> None:
    cells = page.value(CELLS)

    assert cells["One day each"] == [[1, []]] * 12 + [[1, ["", "Wed 11 Jun", "Thu 12 Jun"]]]
    assert cells["Over the border"] == [[1, [""]]] + [[1, []]] * 12
    assert cells["Two weeks each"] == [[2, [""]], [2, [""]]] + [[1, []]] * 9
    assert cells["Saturdays"] == [[1, ["Sat 22 Mar"]], [1, ["Sat 29 Mar"]]] + [[1, []]] * 11


def test_weeks_beyond_the_quarter_show_a_season_whole(page) -> None:
    page.page.get_by_label("weeks beyond the quarter").check()

    assert page.value(CELLS)["Over the border"] == [[1, [""]]] * 3 + [[1, []]] * 12


def test_axes_that_are_swapped_show_the_same(page) -> None:
    page.page.get_by_label("swap axes").check()

    assert page.value("[...document.querySelectorAll('#grid td')].filter((cell) => cell.rowSpan === 2).length") == 2
    assert page.page.locator("#grid .slot").count() == 8


def test_a_round_of_two_weeks_is_still_there_where_past_weeks_are_hidden(page) -> None:
    page.page.evaluate("PAGE.at += 7 * DAY")
    page.page.get_by_label("hide past weeks").check()

    assert page.value(CELLS)["Two weeks each"][:2] == [[1, [""]], [2, [""]]]
