"""A look at the documents of a run before anything of them is written: drift, shrunk lists, seasons listed twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.fetch.endpoints import SEASONS, SERIES, SERIES_ASSETS
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.seasons import listed_seasons
from iracing_sync.sync.drift import note_drift
from iracing_sync.sync.run import Run
from iracing_sync.sync.shrink_guard import Guard, weigh_lists


class Listing(NamedTuple):
    """A document that lists seasons, its shape, and those of its seasons that are wanted."""

    document: Document
    shape: Shape
    seasons: list[JsonObject]


@dataclass(frozen=True)
class Checked:
    """Documents that may be loaded; the listings are none where they are older than what is stored."""

    listings: Sequence[Listing]
    others: dict[str, Document]
    guard: Guard

    @property
    def catalogues(self) -> dict[str, Document]:
        """Return what explains layouts, cars and classes, by endpoint."""
        return self.others

    @property
    def series(self) -> Document | None:
        """Return `series/get`."""
        return self.others.get(SERIES)

    @property
    def assets(self) -> Document | None:
        """Return `series/assets`."""
        return self.others.get(SERIES_ASSETS)

    @property
    def seasons(self) -> list[JsonObject]:
        """Return all seasons that are listed."""
        return [season for listing in self.listings for season in listing.seasons]

    @property
    def contents(self) -> list[Any]:
        """Return the decoded lists of seasons."""
        return [listing.document.content for listing in self.listings]

    @property
    def has_all_rounds(self) -> bool:
        """Tell whether every season is listed with its rounds."""
        return all(season.raw("schedules") for season in self.seasons)


def check_documents(run: Run, documents: Iterable[Document]) -> Checked:
    """Look at documents; raises GuardRefused where drift or a shrunk list is to stop the run."""
    shapes = [(document, shape) for document in documents if (shape := note_drift(run, document))]
    lists = [(document, shape) for document, shape in shapes if document.endpoint == SEASONS]
    others = {document.endpoint: document for document, _ in shapes if document.endpoint != SEASONS}
    active = next((document for document, _ in lists if not document.params), None)
    guard = weigh_lists(run, active, others.get(SERIES))
    return Checked([] if guard.is_stale else seasons_once(run, lists), others, guard)


def seasons_once(run: Run, lists: Iterable[tuple[Document, Shape]]) -> list[Listing]:
    """Return the seasons of each document that no earlier one lists."""
    seen: set[int] = set()
    found = []
    for document, shape in lists:
        wanted = wanted_seasons(run, document) or []
        seasons = [season for season in wanted if not ids_of([season]) & seen]
        seen |= ids_of(seasons)
        found.append(Listing(document, shape, seasons))
    return found


def wanted_seasons(run: Run, document: Document) -> list[JsonObject] | None:
    """Return the seasons of a document that belong to the series asked for; None where it is at fault: reported."""
    try:
        return [season for season in listed_seasons(document) if run.options.wants(season.raw("series_id"))]
    except DocumentError as error:
        run.result.skip(error)
        return None


def ids_of(seasons: Iterable[JsonObject]) -> set[int]:
    """Return the ids of seasons, of those at fault none."""
    return {season_id for season in seasons if isinstance(season_id := season.raw("season_id"), int)}
