"""A look at the documents of a run before anything of them is written: drift, shrunk lists, seasons listed twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from iracing_sync.changes.shapes import Shape
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, NothingFound
from iracing_sync.fetch.endpoints import SEASON_LIST, SEASONS, SERIES, SERIES_ASSETS
from iracing_sync.mappers.entries import objects_in
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.seasons import season_entries
from iracing_sync.quarters import Quarter
from iracing_sync.result import Result
from iracing_sync.sync.content_guard import weigh_contents
from iracing_sync.sync.drift import note_drift
from iracing_sync.sync.list_length import ListLength
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Run
from iracing_sync.sync.shrink_guard import Guard, weigh_lists
from iracing_sync.whole_numbers import integral


class Listing(NamedTuple):
    """A document that lists seasons, its shape, and those of its seasons that are wanted.

    `kept` are the tables of which it holds so little that nothing of theirs may be taken away.
    """

    document: Document
    shape: Shape
    seasons: list[JsonObject]
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Checked:
    """Documents that may be loaded; the listings are none where they are older than what is stored.

    `lists` are the documents that list seasons, iRacing's own lists of quarters among them. `coming` is the list of the
    coming quarter, and of its seasons those with schedules: the listings are without it.
    """

    listings: Sequence[Listing]
    coming: Listing | None
    lists: Sequence[Document]
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
    def season_ids(self) -> set[int]:
        """Return the ids of all seasons that are listed."""
        return ids_of(self.seasons)

    @property
    def contents(self) -> list[Any]:
        """Return the decoded lists of seasons."""
        listings = [*self.listings, *([self.coming] if self.coming else [])]
        return [listing.document.content for listing in listings]

    @property
    def has_all_rounds(self) -> bool:
        """Tell whether every season is listed with its rounds."""
        return all(season.raw("schedules") for season in self.seasons)


def check_documents(run: Run, documents: Iterable[Document], coming: Quarter | None) -> Checked:
    """Look at documents; raises GuardRefused where drift or a shrunk list is to stop the run.

    `coming` is the coming quarter, if some of the documents are about it.
    """
    shapes = [(document, shape) for document in documents if (shape := note_drift(run, document))]
    lists = [(document, shape) for document, shape in shapes if document.endpoint == SEASONS]
    listing = (SEASONS, SEASON_LIST)
    others = {document.endpoint: document for document, _ in shapes if document.endpoint not in listing}
    active = next((document for document, _ in lists if not document.params), None)
    guard = weigh_lists(run, active, others.get(SERIES))
    every = [document for document, _ in shapes if document.endpoint in listing]
    weighed = [] if guard.is_stale else [weigh(run, guard, one) for one in seasons_once(run.options, run.result, lists)]
    listings = [one for one, _ in weighed]
    guard = replace(guard, contents={name: length for _, lengths in weighed for name, length in lengths.items()})
    ahead = [one for one in listings if coming and one.document.params == coming.params]
    return Checked(
        [one for one in listings if one not in ahead],
        with_schedules(ahead[0]) if ahead else None,
        every,
        others,
        guard,
    )


def weigh(run: Run, guard: Guard, listing: Listing) -> tuple[Listing, Mapping[str, ListLength]]:
    """Return a listing with what of it is too little to be believed, and what the next run compares with."""
    is_of_active = guard.fetched_at is not None and not listing.document.params
    before = guard.before if is_of_active else {}
    at = listing.document.fetched_at
    contents = weigh_contents(run, listing.seasons, before, at, remembers=is_of_active)
    return listing._replace(kept=contents.kept), contents.lengths


def with_schedules(listing: Listing) -> Listing:
    """Return a listing without the seasons that have no schedule yet."""
    return listing._replace(seasons=[season for season in listing.seasons if season.raw("schedules")])


def seasons_once(options: Options, result: Result, lists: Iterable[tuple[Document, Shape]]) -> list[Listing]:
    """Return the seasons of each document that no earlier one lists."""
    seen: set[int] = set()
    found = []
    for document, shape in lists:
        wanted = wanted_seasons(options, result, document) or []
        seasons = [season for season in wanted if not ids_of([season]) & seen]
        seen |= ids_of(seasons)
        found.append(Listing(document, shape, seasons))
    return found


def require_series(run: Run, checked: Checked) -> None:
    """Report a list of series that is empty beside seasons; one that was longer before is the shrink guard's case."""
    if SERIES in checked.guard.before or checked.series is None or any(series_names(checked.series)):
        return
    if number := len({season.raw("series_id") for season in checked.seasons}):
        run.result.skip(NothingFound(f"{SERIES} lists no series, and {SEASONS} has seasons of {number}"))


def require_something_found(run: Run, checked: Checked, empty: Sequence[Quarter], present: Quarter) -> None:
    """Report a run that found no season at all, or none of some quarters: it is no success, whatever the reason."""
    if checked.guard.is_stale or run.result.exit_code:  # a list at fault has been reported, and proves nothing
        return
    if empty or not run.result.seasons_seen:
        run.result.skip(NothingFound(nothing_found(run.options, checked, empty, present)))


def nothing_found(options: Options, checked: Checked, empty: Sequence[Quarter], present: Quarter) -> str:
    """Say what was looked for in vain, and by which number or name one could look."""
    if options.series:
        wanted = ", ".join(map(str, sorted(options.series)))
        names = dict(series_names(checked.series))
        near = sorted(names, key=lambda series_id: min(abs(series_id - one) for one in options.series))[:3]
        known = "; ".join(f"{series_id} is {names[series_id]}" for series_id in near)
        return f"no season of series {wanted} is listed; near that number: {known or 'none'}"
    if empty:
        vain = ", ".join(quarter.name for quarter in empty)
        unasked = "" if options.complete else f", and without --no-complete {SEASON_LIST} is asked, too"
        return (
            f"iRacing lists no season of {vain}; the present quarter is {present.name} "
            f"(--year {present.year} --quarter {present.number}){unasked}"
        )
    return "iRacing lists no season at all; try again later"


def series_names(series: Document | None) -> Iterator[tuple[int, str]]:
    """Yield the number and the name of each series that is listed, those at fault left out."""
    for one in objects_in(series) if series else ():
        with suppress(DocumentError):
            yield one.whole("series_id"), one.text("series_name")


def wanted_seasons(options: Options, result: Result, document: Document) -> list[JsonObject] | None:
    """Return the seasons of a document that belong to the series asked for; None where it is at fault: reported."""
    try:
        seasons = result.sift(season_entries(document))
        return [season for season in seasons if options.wants(season.raw("series_id"))]
    except DocumentError as error:
        result.skip(error)
        return None


def ids_of(seasons: Iterable[JsonObject]) -> set[int]:
    """Return the ids of seasons, of those at fault none."""
    return {season_id for season in seasons if (season_id := integral(season.raw("season_id"))) is not None}
