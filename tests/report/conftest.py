"""Pages of the recordings and of hostile names, and a real browser to open them in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import Completed, call, environment_of
from nights import nights
from remembered import RememberedWorld

from conftest import own_database
from iracing_sync.simulator import ReplayWorld

CHROMIUM = Path("/usr/bin/chromium")

FIRST, SECOND = datetime(2023, 12, 25, 18, tzinfo=UTC), datetime(2023, 12, 26, 18, tzinfo=UTC)
AT = "2023-12-26T19:00"
"""The moment of the page of the recordings: in week 3 of 2024 S1."""


INVENTED_AT = "2025-05-14T12:00"


def command_of(database_url: str, folder: Path) -> Callable[..., Completed]:
    environment = environment_of(database_url, folder)
    return lambda *arguments: call(arguments, environment, folder)


@pytest.fixture(scope="module")
def recorded(server_url: str, recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give the command line on a database that holds two days of the recordings."""
    folder = tmp_path_factory.mktemp("recorded")
    with own_database(server_url) as url:
        with nights(ReplayWorld(recordings), url, folder / "nights") as opened:
            opened.run(FIRST)
            opened.run(SECOND, refresh=True)
        yield command_of(url, folder)


def page_of(command: Callable[..., Completed], at: str, folder: Path) -> Path:
    path = folder / "season.html"
    ended = command("report", "--at", at, "--out", str(path))
    assert ended.returncode == 0, ended.stderr
    return path


@pytest.fixture(scope="module")
def recorded_page(recorded: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(recorded, AT, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def invented(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give the command line on a database that holds two days of the simulator's world, in which rounds move."""
    folder = tmp_path_factory.mktemp("invented")
    with own_database(server_url) as url:
        with nights(RememberedWorld(), url, folder / "nights") as opened:
            opened.run(datetime(2025, 3, 25, 9, tzinfo=UTC))
            opened.run(datetime(2025, 5, 14, 9, tzinfo=UTC), refresh=True)
        yield command_of(url, folder)


@pytest.fixture(scope="module")
def invented_page(invented: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(invented, INVENTED_AT, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is absent: make .venv/.installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is absent (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield opened
        opened.close()


class Opened:
    """A page in a browser, with what it said on the console and what it asked for."""

    def __init__(self, context: Any, address: str) -> None:
        self.page = context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def value(self, script: str) -> Any:
        return self.page.evaluate(script)

    def texts(self, selector: str) -> list[str]:
        return [one.strip() for one in self.page.locator(selector).all_inner_texts()]

    def rows(self) -> list[str]:
        """Return the names of the rows that are shown."""
        return self.texts("#grid tbody tr:not([hidden]) th.series bdi")


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Open a page in a browser of its own; at the end it must have said nothing and asked for nothing else."""
    pages: list[tuple[Opened, str]] = []
    with ExitStack() as contexts:

        def begin(path: Path, fragment: str = "", query: str = "", **options: Any) -> Opened:
            given = {"viewport": {"width": 1400, "height": 900}, "timezone_id": "Europe/Berlin", **options}
            context = browser.new_context(**given)
            contexts.callback(context.close)
            address = f"{path.as_uri()}{query}"
            pages.append((Opened(context, f"{address}{fragment}"), path.as_uri()))
            return pages[-1][0]

        yield begin
        for one, address in pages:
            assert one.said == []
            assert [asked for asked in one.asked if not asked.startswith((address, "blob:"))] == []
