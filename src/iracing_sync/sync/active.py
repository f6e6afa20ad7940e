"""What is active now, or tagged with one quarter: fetch all documents, look at them, then load them."""

from dataclasses import dataclass, field

from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.errors import CallBudgetSpent
from iracing_sync.mappers.fields import Fields
from iracing_sync.sync.absences import guarded, judge_absences
from iracing_sync.sync.catalogues import explain, fetch_catalogue
from iracing_sync.sync.drift import examine
from iracing_sync.sync.plan import ACTIVE, CATALOGUES, SERIES, Step, active_steps, announce, settled_for
from iracing_sync.sync.run import Run
from iracing_sync.sync.seasons import sync_seasons, wanted_seasons
from iracing_sync.sync.series import sync_series


@dataclass
class Gathered:
    """The documents of a run, those at fault left out, and what ended the gathering before its time."""

    listings: list[tuple[Document, Shape]] = field(default_factory=list)
    others: dict[str, Document] = field(default_factory=dict)
    spent: CallBudgetSpent | None = None

    def active(self) -> Document | None:
        """Return the list of all active seasons."""
        return next((document for document, _ in self.listings if not document.params), None)


def sync_active(run: Run) -> None:
    """Bring up to date what is active now or tagged with the quarter asked for."""
    gathered = gather(run)
    guard = guarded(run, gathered.active(), gathered.others.get(SERIES))
    listings = [] if guard.is_stale else seasons_once(run, gathered.listings)
    explain(run, [document.content for document, _, _ in listings], gathered.others)
    if series := gathered.others.get(SERIES):
        every = [season for _, _, seasons in listings for season in seasons]
        sync_series(run, series, gathered.others.get("series/assets"), every)
    failed = sum(sync_seasons(run, document, seasons, shape) for document, shape, seasons in listings)
    if gathered.spent:
        raise gathered.spent
    judge_absences(run, guard, failed=failed)


def gather(run: Run) -> Gathered:
    """Fetch every document of the plan and look at it, before anything is written."""
    steps = active_steps(run.options, run.source, run.clock())
    announce(run.options, steps)
    gathered = Gathered()
    for step in steps:
        try:
            add(run, gathered, step)
        except CallBudgetSpent as spent:
            gathered.spent = spent
            run.asked.update(CATALOGUES)  # what was fetched is loaded without another call
            break
    return gathered


def add(run: Run, gathered: Gathered, step: Step) -> None:
    """Fetch one document and look at it."""
    if step.endpoint in CATALOGUES:
        if catalogue := fetch_catalogue(run, step.endpoint):
            gathered.others[step.endpoint] = catalogue
        return
    params = dict(step.params)
    document = run.fetched(step.endpoint, params, settled=settled_for(params))
    shape = examine(run, document) if document else None
    if document and shape and step.endpoint == ACTIVE:
        gathered.listings.append((document, shape))
    elif document and shape:
        gathered.others[step.endpoint] = document


def seasons_once(run: Run, listings: list[tuple[Document, Shape]]) -> list[tuple[Document, Shape, list[Fields]]]:
    """Return the seasons of each document that no earlier one lists."""
    seen: set[object] = set()
    found = []
    for document, shape in listings:
        seasons = [season for season in wanted_seasons(run, document) if season.raw("season_id") not in seen]
        seen |= {season.raw("season_id") for season in seasons if isinstance(season.raw("season_id"), int)}
        found.append((document, shape, seasons))
    return found
