"""The coming quarter: its schedules are loaded as they are published, season by season, and none of them is missed."""

import logging
from dataclasses import replace

from iracing_sync.documents import Document
from iracing_sync.fetch.endpoints import SEASON_LIST, SEASONS
from iracing_sync.quarters import Quarter
from iracing_sync.sync.check import Checked
from iracing_sync.sync.completion import Told, load_lacking, told_of
from iracing_sync.sync.quarter_documents import numbers_of_seasons
from iracing_sync.sync.run import Run
from iracing_sync.sync.seasons import load_seasons
from iracing_sync.sync.stored import seasons_with_rounds

log = logging.getLogger(__name__)


def load_coming_quarter(run: Run, checked: Checked, quarter: Quarter) -> None:
    """Load the seasons of the coming quarter whose schedules are published, and headers of the others.

    A season without a schedule is nothing to report: it is asked for again the next night. Nor is anything noted of the
    quarter itself, which has not begun.
    """
    if checked.guard.is_stale:
        return
    run.progress(f"loading seasons of {quarter.name}", 0, 1)
    if checked.coming:
        load_seasons(run, [checked.coming])
    documents = {document.endpoint: document for document in checked.lists if document.params == quarter.params}
    light = documents.get(SEASON_LIST)
    if light is None or not run.options.complete:
        return
    told = told_ahead(run, checked, quarter, documents.get(SEASONS, light), light)
    if not told.ids:
        log.info("%s: not published yet", quarter.name)
        return
    # what `series/past_seasons` knows of a season that has not begun is not worth a call a night for each
    load_lacking(run, told, light, dict.fromkeys(numbers_of_seasons(light).values()))
    with run.begin() as connection:
        stored = seasons_with_rounds(connection, told.ids)
    log.info("%s: %d of %d seasons", quarter.name, len(stored), len(told.ids))


def told_ahead(run: Run, checked: Checked, quarter: Quarter, document: Document, light: Document) -> Told:
    """Return what was told of the quarter; listed are only those that were loaded."""
    told = told_of(run.options, quarter, document, light)
    return replace(told, listed=frozenset(checked.season_ids | (told.full or set())))
