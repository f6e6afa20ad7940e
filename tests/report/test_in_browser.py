"""The page in a real browser: filters, picks, the keyboard, what is taken along, and what survives."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from iracing_sync.content import Goal, Package, Week, cheapest
from report.conftest import AT, INVENTED_AT
from report.test_page import HOSTILE, held_by, hostile_page

pytestmark = pytest.mark.xdist_group("report")

MAZDA, PORSCHE = "4555", "4608"
"""Seasons: the Global Mazda MX-5 Fanatec Cup, and the Porsche Cup - Fixed."""


@pytest.fixture
def page(opened: Any, recorded_page: Path) -> Any:
    return opened(recorded_page)


def choose(page: Any, control: str, value: str) -> None:
    page.page.locator(f"#{control}").select_option(value)


def test_a_quarter_is_shown_whole(page) -> None:
    assert len(page.rows()) == 92


def test_the_week_that_runs_is_marked_in_its_header_and_weeks_stand_by_their_dates(page) -> None:
    assert page.texts("#grid thead th")[1:4] == ["12 Dec\nweek 1", "19 Dec\nweek 2", "26 Dec\nthis week"]
    assert page.page.locator("#grid thead th[aria-current=date]").count() == 1
    assert page.page.locator("#grid tbody th[scope=row]").count() == 92


FILTERS = [
    ("license", "1", lambda season, _: season["group"] <= 1),
    ("official", "no", lambda season, _: not season["official"]),
    ("setup", "open", lambda season, _: not season["fixed"]),
    ("length", "long", lambda _, one: (one["takes"] or 0) > 60),
    ("length", "short", lambda _, one: one["takes"] is not None and one["takes"] <= 30),
    ("rain", "dry", lambda _, one: not one.get("rain")),
]


@pytest.mark.parametrize(("control", "value", "fits"), FILTERS)
def test_a_filter_leaves_the_rows_of_which_a_round_fits_and_survives_a_reload(
    page, recorded_page, control, value, fits
) -> None:
    held = held_by(recorded_page.read_text())
    seasons = held["seasons"]
    expected = [
        row["name"]
        for row in held["rows"]
        if any(fits(seasons[str(one)], round_) for one in row["seasons"] for round_ in seasons[str(one)]["rounds"])
    ]

    choose(page, control, value)
    assert page.rows() == expected
    page.page.reload()
    assert page.rows() == expected
    assert page.page.locator(f"#{control}").input_value() == value


def test_categories_are_added_to_each_other(page) -> None:
    page.page.get_by_label("dirt road", exact=True).check()
    few = len(page.rows())
    page.page.get_by_label("dirt oval", exact=True).check()

    assert 0 < few < len(page.rows()) < 92
    assert page.texts("#grid tbody:not([hidden]) th.group") == ["Dirt oval", "Dirt road"]


def test_a_slash_goes_to_the_search_which_knows_no_accents(page) -> None:
    page.page.keyboard.press("/")
    page.page.keyboard.type("nurburgring nordschleife porsche")

    assert page.rows() != []
    assert all("Nürburgring" in text for text in page.texts("#grid .slot:not(.off) .track"))


def test_an_empty_result_says_which_filter_to_loosen(page) -> None:
    choose(page, "rain", "rain")
    page.page.locator("#search").fill("mazda")

    assert page.rows() == []
    [button] = page.texts("#empty button")
    assert button.startswith("without rain possible: ")
    page.page.locator("#empty button").click()
    assert page.rows() != []
    assert page.page.locator("#rain").input_value() == ""


def test_variants_can_be_split_and_axes_swapped(page) -> None:
    page.page.get_by_label("split variants").check()
    assert len(page.rows()) == 121

    page.page.get_by_label("split variants").uncheck()
    page.page.get_by_label("swap axes").check()
    assert page.page.locator("#grid thead th.series").count() == 92
    assert page.page.locator("#grid tbody th[scope=row]").count() == 13
    choose(page, "license", "1")
    assert page.page.locator("#grid thead th.series:not([hidden])").count() < 92


def test_swapped_axes_have_the_categories_as_headings_over_their_series(page) -> None:
    plain = page.texts("#grid tbody th.group")
    page.page.get_by_label("swap axes").check()

    assert page.texts("#grid thead th.group") == plain
    assert sum(page.value(SPANS)) == page.page.locator("#grid thead th.series").count() == 92

    page.page.get_by_label("dirt oval", exact=True).check()
    assert page.texts("#grid thead th.group:not([hidden])") == ["Dirt oval"]
    assert page.value(SPANS) == [page.page.locator("#grid thead th.series:not([hidden])").count()]


SPANS = "[...document.querySelectorAll('#grid thead th.group:not([hidden])')].map((heading) => heading.colSpan)"


def test_past_weeks_can_be_hidden(page) -> None:
    page.page.get_by_label("hide past weeks").check()

    assert page.texts("#grid thead th")[1] == "26 Dec\nthis week"
    assert page.page.locator("#grid thead th").count() == 12
    assert not [row for row in page.rows() if "Chili Bowl" in row]  # over: a row without a round in these weeks


def test_the_weeks_of_a_season_that_began_before_the_quarter_can_be_seen(page) -> None:
    page.page.get_by_label("weeks beyond the quarter").check()

    assert page.texts("#grid thead th")[1].endswith("beyond")
    assert page.page.locator("#grid thead th").count() > 14


def test_a_click_opens_the_round_whole(page) -> None:
    row = page.page.locator("#grid tbody tr", has_text="Global Mazda MX-5 Fanatec Cup")
    row.locator(".open").nth(2).click()
    said = page.page.locator("#round").inner_text()

    assert "Oran Park Raceway - Grand Prix" in said
    assert "round 3 of 12" in said
    assert "every hour from 00:00 UTC (01:00 in your zone), every day" in said
    assert "Next, Europe/Berlin" in said
    assert "Global Mazda MX-5 Cup" in said
    page.page.keyboard.press("Escape")
    assert not page.value("document.getElementById('round').open")


def test_picks_favourites_and_what_is_owned_survive_in_browser_and_address(page, opened, recorded_page) -> None:
    row = page.page.locator("#grid tbody tr", has_text="Global Mazda MX-5 Fanatec Cup")
    row.locator(".pick").nth(1).click()
    row.locator(".star").click()
    page.page.evaluate("toggle(state.owned, 'track-18'); changed({})")

    kept = "favourites=139&picks=4555.1&tracks=18"
    assert page.value("location.hash") == f"#{kept}"
    assert page.rows()[0] == "Global Mazda MX-5 Fanatec Cup"
    page.page.goto(recorded_page.as_uri())
    assert page.value("stateText()") == kept
    assert opened(recorded_page, f"#{kept}").value("stateText()") == kept


def test_a_whole_series_is_picked_and_left_at_once(page) -> None:
    every = page.page.locator("#grid tbody tr", has_text="Global Mazda MX-5 Fanatec Cup").locator(".all")
    every.click()
    assert page.value("state.picks.size") == 12
    every.click()
    assert page.value("state.picks.size") == 0


def test_a_file_brings_everything_back(page, opened, recorded_page, tmp_path) -> None:
    page.page.evaluate("takeOver({picks: ['4555.1'], favourites: ['139'], owned: ['car-1'], rain: 'dry'}); changed({})")
    page.page.evaluate("showView('mine')")
    with page.page.expect_download() as download:
        page.page.get_by_text("Save as a file").click()
    download.value.save_as(tmp_path / "mine.json")

    other = opened(recorded_page, "#view=mine")
    other.page.locator("#load").set_input_files(tmp_path / "mine.json")
    other.page.wait_for_function("state.picks.size > 0")
    assert json.loads(other.value("JSON.stringify(stateObject())")) == json.loads((tmp_path / "mine.json").read_text())


@pytest.mark.parametrize("text", ["{", "[]", '{"picks": 1, "rain": {}, "favourites": ["<b>"]}'])
def test_a_file_that_is_none_of_ours_does_no_harm(page, tmp_path, text) -> None:
    (tmp_path / "other.json").write_text(text)
    page.page.evaluate("showView('mine')")
    page.page.locator("#load").set_input_files(tmp_path / "other.json")

    page.page.wait_for_function("document.getElementById('said').textContent !== ''")
    assert page.value("stateText()") in ("", "view=mine")


PICK_ALL = """(series) => {
    for (const [id, season] of Object.entries(PAGE.seasons)) {
        if (series.includes(season.series)) season.rounds.forEach((one) => state.picks.add(`${id}.${one.number}`))
    }
    changed({})
    showView("mine")
}"""


def test_the_calendar_of_picks_has_the_lines_of_the_command_line(page, recorded, tmp_path) -> None:
    page.page.evaluate(PICK_ALL, [139, 476])
    with page.page.expect_download() as download:
        page.page.get_by_text("Take along as a calendar").click()
    download.value.save_as(tmp_path / "mine.ics")

    expected = recorded("export", "ics", "--series", "139", "--series", "476", "--at", AT)
    assert (tmp_path / "mine.ics").read_bytes().decode() == expected.stdout
    assert expected.stdout.count("BEGIN:VEVENT") == 24


IN_SPAN = """([from, to]) => Object.entries(PAGE.seasons).flatMap(([id, season]) => season.rounds.flatMap((round) =>
    sessionsOf(round).filter((at) => from <= at && at < to).map((at) => `${id}.${round.number} ${at}`)))"""


def test_races_start_when_the_command_line_says(page, recorded) -> None:
    span = datetime(2024, 1, 20, tzinfo=UTC), datetime(2024, 1, 21, tzinfo=UTC)
    asked = ("--from", "2024-01-20T00:00", "--to", "2024-01-21T00:00", "--at", AT, "--json")
    told = json.loads(recorded("sessions", *asked).stdout)["sessions"]

    starts = {
        f"{one['season_id']}.{one['race_week_num']} {int(datetime.fromisoformat(one['starts_at']).timestamp())}"
        for one in told
    }
    assert set(page.page.evaluate(IN_SPAN, [int(at.timestamp()) for at in span])) == starts
    assert len(starts) > 1000


def sold(packages: Any, kind: str) -> str:
    """Return the first package of a kind that has a number in the shop."""
    return next(key for key, one in packages.items() if key.startswith(kind) and one.get("skus") and one["cents"])


def test_the_link_of_the_other_planner_is_taken_over(opened, recorded_page) -> None:
    packages = held_by(recorded_page.read_text())["packages"]
    car, track = sold(packages, "car"), sold(packages, "track")
    query = f"?myCars={packages[car]['skus'][0]}-999999&myTracks={packages[track]['skus'][0]}&favoriteSeries=139-476"

    by_address = opened(recorded_page, query=query)
    pasted = opened(recorded_page, "#view=mine")
    pasted.page.locator("#transfer").fill(f"https://planner.example/{query}")
    pasted.page.get_by_text("Take over").click()
    for one in (by_address, pasted):
        assert one.value("[...state.owned].sort()") == sorted([car, track])
        assert one.value("[...state.favourites].sort()") == ["139", "476"]
        assert "2 series; 1 not known here" in one.page.locator("#said").inner_text()


def test_the_link_of_the_other_planner_is_taken_over_once(opened, recorded_page) -> None:
    page = opened(recorded_page, query="?favoriteSeries=139-999999")
    assert "2 series (1 not in this quarter)" in page.page.locator("#said").inner_text()

    page.page.evaluate("toggle(state.favourites, '139'); changed({})")
    page.page.reload()

    assert page.value("[...state.favourites]") == ["999999"]


@pytest.mark.parametrize("content", ["[]", "null", "{}", '{"favourites": "x", "picks": {}, "owned": []}', "no JSON"])
def test_a_file_of_something_else_is_not_loaded(page, content) -> None:
    page.page.evaluate("state.favourites.add('139')")
    file = {"name": "other.json", "mimeType": "application/json", "buffer": content.encode()}
    page.page.locator("#load").set_input_files(file)

    page.page.wait_for_selector("#said:has-text('other.json is no file of this page')")
    assert page.value("[...state.favourites]") == ["139"]


def test_what_to_buy_is_what_the_command_line_says(page, recorded) -> None:
    page.page.evaluate("['139', '476', '228'].forEach((id) => state.favourites.add(id)); changed({}); showView('buy')")

    series = ("--series", "139", "--series", "476", "--series", "228")
    expected = json.loads(recorded("content", *series, "--at", AT, "--json").stdout)
    bought = [one["name"] for one in expected["packages"] if one["buy"]]
    assert sorted(page.texts("#buy-list tr.buy th")) == sorted(bought) != []
    assert f"{len(bought)} packages, {expected['total_usd']:.2f} USD" in page.page.locator("#buy-total").inner_text()
    words = set(page.texts("#buy-list .holding"))
    assert {"▶ buy", "○ missing", "● free"} <= words


CHEAPEST = """(season) => {
    const found = cheapest([goalOf(season)], pricesForSale(), ownedWithFree([]))
    return [found.packages && [...found.packages].sort(), found.isCheapest]
}"""


def test_the_search_for_the_cheapest_gives_the_same_set_as_the_command_line(page, recorded_page) -> None:
    held = held_by(recorded_page.read_text())
    prices = {package_of(key): one["cents"] for key, one in held["packages"].items() if one["cents"]}
    free = {package_of(key) for key, one in held["packages"].items() if one.get("free")}
    for season in list(held["seasons"].values())[::6]:
        weeks = [week_of(one, held["layouts"]) for one in season["rounds"]]
        purchase = cheapest([Goal(weeks, season["least"])], prices, free)
        keys = None
        if purchase.packages is not None:
            keys = sorted(f"{one.kind}-{one.package_id}" for one in purchase.packages)
        assert page.page.evaluate(CHEAPEST, season) == [keys, purchase.is_cheapest], season["name"]


def week_of(one: Any, layouts: Any) -> Week:
    cars = frozenset(Package("car", number) for number in one["carPackages"])
    return Week(package_of(layouts[str(one["layout"])]["package"]), cars)


def package_of(key: str) -> Package:
    kind, _, number = key.partition("-")
    return Package(kind, int(number))


def test_the_filter_of_content_heeds_what_is_owned_and_free(page) -> None:
    choose(page, "content", "owned")
    before = len(page.rows())
    page.page.evaluate("Object.keys(PAGE.packages).forEach((key) => state.owned.add(key)); changed({})")

    assert 0 < before < len(page.rows())


def test_changes_are_grouped_as_on_the_command_line(opened, invented, invented_page) -> None:
    page = opened(invented_page, "#view=changes")
    shown = invented("changes", "--since", "2025-01-01", "--all", "--at", INVENTED_AT, "--verbose").stdout

    assert page.page.locator("#age").inner_text() == "read 3 hours ago, Wed 14 May 11:00"
    names, sentences = page.texts("#changes-list h4"), page.texts("#changes-list > section > div li")
    told = [line.strip() for line in shown.splitlines() if line.strip() in names]
    assert names == told != []
    said = [line.strip().rpartition("  [")[0] for line in shown.splitlines() if line.startswith("    ")]
    assert [text.rpartition(" [")[0] for text in sentences] == said[: len(sentences)]


def test_a_round_that_moved_shows_its_former_track_and_tells_its_history(opened, invented_page) -> None:
    page = opened(invented_page)
    moved = page.page.locator(".open", has=page.page.locator(".track .was")).first

    assert " → " in moved.inner_text()
    assert "changed" in moved.inner_text()
    moved.click()
    assert " moves from " in page.page.locator("#round").inner_text()


def test_an_address_that_asks_for_what_there_is_not_does_no_harm(opened, recorded_page) -> None:
    page = opened(
        recorded_page, "#length=toString&license=x&view=__proto__&picks=1.99-x&categories=constructor&search=%00"
    )

    assert page.rows() == []
    page.page.locator("#reset").click()
    assert len(page.rows()) == 92


def test_hostile_names_are_only_text(opened, database_url, tmp_path) -> None:
    hostile = opened(hostile_page(database_url, tmp_path))

    [name] = hostile.rows()
    assert name.startswith("</script><img src=x onerror=alert(1)>")
    assert "\\u202e" in name
    assert HOSTILE[-4:] in name
    hostile.page.locator(".open").first.click()
    assert "<img src=x" in hostile.page.locator("#round").inner_text()
    for view in ("week", "mine", "buy", "changes"):
        hostile.page.evaluate(f"showView('{view}')")
    assert hostile.page.locator("img").count() == 0


def test_the_page_is_used_by_the_keyboard_alone(page) -> None:
    keys = page.page.keyboard
    keys.press("/")
    keys.type("mazda")
    while not page.value("document.activeElement.closest('#grid')"):
        keys.press("Tab")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"):
        keys.press(key)
    assert page.value("document.activeElement.className") == "open go"
    keys.press("p")
    assert page.value("state.picks.size") == 1
    keys.press("Enter")
    assert page.value("document.getElementById('round').open")
    keys.press("Escape")
    assert page.value("document.activeElement.className") == "open go"
