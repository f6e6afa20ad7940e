"""The documents of what is active now or tagged with one quarter: looked at, then loaded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.errors import CallBudgetSpent
from iracing_sync.mappers.fields import Fields
from iracing_sync.sync.absences import guarded, judge_absences
from iracing_sync.sync.catalogues import explain
from iracing_sync.sync.drift import examine
from iracing_sync.sync.plan import ACTIVE, SERIES
from iracing_sync.sync.recognised import forget, remember
from iracing_sync.sync.run import Run
from iracing_sync.sync.seasons import ids_of, sync_seasons, wanted_seasons
from iracing_sync.sync.series import sync_series


@dataclass
class Gathered:
    """The documents of a run that were looked at, those at fault left out."""

    listings: list[tuple[Document, Shape]] = field(default_factory=list)
    others: dict[str, Document] = field(default_factory=dict)

    def active(self) -> Document | None:
        """Return the list of all active seasons."""
        return next((document for document, _ in self.listings if not document.params), None)


def sync_current(run: Run, documents: Sequence[Document], spent: CallBudgetSpent | None, known_by: str) -> None:
    """Bring the tables up to date with documents, unless they are not to be believed; raises `spent`."""
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
    seen: set[int] = set()
    found = []
    for document, shape in listings:
        seasons = [season for season in wanted_seasons(run, document) if not ids_of([season]) & seen]
        seen |= ids_of(seasons)
        found.append((document, shape, seasons))
    return found
