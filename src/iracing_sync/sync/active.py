"""What is active now, or tagged with one quarter: fetch all documents, look at them, then load them.

Where they are those that were loaded last, there is nothing to look at.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.errors import CallBudgetSpent
from iracing_sync.mappers.fields import Fields
from iracing_sync.sync.absences import guarded, judge_absences
from iracing_sync.sync.catalogues import explain, fetch_catalogue
from iracing_sync.sync.drift import examine
from iracing_sync.sync.plan import ACTIVE, CATALOGUES, SERIES, Step, active_steps, announce, settled_for
from iracing_sync.sync.recognised import fingerprint, forget, is_recognised, remember
from iracing_sync.sync.run import Run
from iracing_sync.sync.seasons import sync_seasons, wanted_seasons
from iracing_sync.sync.series import sync_series


@dataclass
class Gathered:
    """The documents of a run that were looked at, those at fault left out."""

    listings: list[tuple[Document, Shape]] = field(default_factory=list)
    others: dict[str, Document] = field(default_factory=dict)

    def active(self) -> Document | None:
        """Return the list of all active seasons."""
        return next((document for document, _ in self.listings if not document.params), None)


def sync_active(run: Run) -> None:
    """Bring up to date what is active now or tagged with the quarter asked for."""
    documents, spent = fetched(run)
    known_by = fingerprint(run.options, documents)
    if is_recognised(run, known_by):
        return
    forget(run)
    gathered = examined(run, documents)
    guard = guarded(run, gathered.active(), gathered.others.get(SERIES))
    listings = [] if guard.is_stale else seasons_once(run, gathered.listings)
    explain(run, [document.content for document, _, _ in listings], gathered.others)
    if series := gathered.others.get(SERIES):
        every = [season for _, _, seasons in listings for season in seasons]
        sync_series(run, series, gathered.others.get("series/assets"), every)
    failed = sum(sync_seasons(run, document, seasons, shape).finish() for document, shape, seasons in listings)
    if spent:
        raise spent
    judge_absences(run, guard, failed=failed)
    if all(
        season.raw("schedules") for _, _, seasons in listings for season in seasons
    ):  # else there were other documents
        remember(run, known_by)


def fetched(run: Run) -> tuple[list[Document], CallBudgetSpent | None]:
    """Return the documents of the plan, those at fault left out, and what ended the fetching before its time."""
    steps = active_steps(run.options, run.source, run.clock())
    announce(run.options, steps)
    documents = []
    for step in steps:
        try:
            if document := fetched_step(run, step):
                documents.append(document)
        except CallBudgetSpent as spent:
            run.asked.update(CATALOGUES)  # what was fetched is loaded without another call
            return documents, spent
    return documents, None


def fetched_step(run: Run, step: Step) -> Document | None:
    """Return one document, None where it is at fault."""
    if step.endpoint in CATALOGUES:
        return fetch_catalogue(run, step.endpoint)
    params = dict(step.params)
    return run.fetched(step.endpoint, params, settled=settled_for(params))


def examined(run: Run, documents: Iterable[Document]) -> Gathered:
    """Look at documents before anything of them is written."""
    gathered = Gathered()
    for document in documents:
        shape = examine(run, document)
        if shape and document.endpoint == ACTIVE:
            gathered.listings.append((document, shape))
        elif shape:
            gathered.others[document.endpoint] = document
    return gathered


def seasons_once(run: Run, listings: list[tuple[Document, Shape]]) -> list[tuple[Document, Shape, list[Fields]]]:
    """Return the seasons of each document that no earlier one lists."""
    seen: set[object] = set()
    found = []
    for document, shape in listings:
        seasons = [season for season in wanted_seasons(run, document) if season.raw("season_id") not in seen]
        seen |= {season.raw("season_id") for season in seasons if isinstance(season.raw("season_id"), int)}
        found.append((document, shape, seasons))
    return found
