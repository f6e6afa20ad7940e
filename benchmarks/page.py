"""How soon the page of a whole quarter is there, and how soon a filter has done its work, in a headless Chromium.

python benchmarks/page.py

Five synthetic worlds side by side are as many seasons as a real quarter has. The goals: the first paint within a second
of opening the file, a filter within a tenth of one.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright
from wide_world import NIGHTLY_COPIES, WideWorld

from iracing_sync.embedded import embedded_postgres
from iracing_sync.simulator import Simulator

CHROMIUM = "/usr/bin/chromium"
AT = "2025-05-14T12:00"
PAINT_MS, FILTER_MS = 1000, 100

PAINTED = """() => new Promise((resolve) => new PerformanceObserver((seen) => {
    for (const entry of seen.getEntriesByName("first-contentful-paint")) resolve(entry.startTime)
}).observe({type: "paint", buffered: true}))"""
FILTERED = """(word) => {
    const search = document.getElementById("search"), start = performance.now()
    search.value = word
    search.dispatchEvent(new Event("input"))
    document.body.offsetHeight
    return performance.now() - start
}"""
WORDS = ("ring", "cup", "circuit", "series", "", "speedway", "fixed", "gt", "")


def main() -> None:
    """Write the page, open it five times, and print what it took."""
    with tempfile.TemporaryDirectory(prefix="iracing-sync-bench-") as place:
        folder = Path(place)
        page = write_page(folder)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            opened = [look(browser, page) for _ in range(5)]
            browser.close()
        size = page.stat().st_size / 1e6
    paint, filtered = median(one for one, _ in opened), median(each for _, times in opened for each in times)
    print(f"page of {size:.2f} MB; first paint {paint:.0f} ms, goal {PAINT_MS}: {verdict(paint, PAINT_MS)}")
    print(f"a filter {filtered:.0f} ms, goal {FILTER_MS}: {verdict(filtered, FILTER_MS)}")


def write_page(folder: Path) -> Path:
    """Fill a database from the simulator and write its quarter as a page."""
    world = WideWorld(NIGHTLY_COPIES)
    at = datetime.fromisoformat(AT).replace(tzinfo=UTC)
    with embedded_postgres(folder / "server") as url, Simulator(world, at=at, rate_limit=10**6) as simulator:
        environment = os.environ | simulator.environment()
        environment |= {
            "IRACING_DATABASE_URL": url,
            "IRACING_DATA_DIR": str(folder / "data"),
            "IRACING_CACHE_DIR": str(folder / "cache"),
            "IRACING_AT": AT,
            "IRACING_LOG_LEVEL": "WARNING",
        }
        for words in (["run", "--quiet"], ["report", "--out", str(folder / "season.html")]):
            subprocess.run([sys.executable, "-m", "iracing_sync", *words], env=environment, check=True)  # noqa: S603
    return folder / "season.html"


def look(browser: Any, page: Path) -> tuple[float, list[float]]:
    """Open the page; return milliseconds to the first paint, and of each filter."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    opened.goto(page.as_uri())
    paint = float(opened.evaluate(PAINTED))
    times = [float(opened.evaluate(FILTERED, word)) for word in WORDS]
    context.close()
    return paint, times


def verdict(took: float, goal: float) -> str:
    """Say whether a goal is reached."""
    return "reached" if took < goal else "missed"


if __name__ == "__main__":
    main()
