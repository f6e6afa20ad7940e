"""A run over what is active now, or over some quarters. Start reading here.

Documents are fetched, looked at before anything of them is written, and then mapped and loaded. Where they are those
that were loaded last, there is nothing to look at.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from iracing_sync.documents import Document
from iracing_sync.errors import CallBudgetSpent
from iracing_sync.fetch.endpoints import CATALOGUES, SEASON_LIST, SEASONS
from iracing_sync.sync.plan import Plan, Step, active_steps, announce
from iracing_sync.sync.quarter_documents import has_seasons, numbers_of_seasons
from iracing_sync.sync.run import Run
from iracing_sync.sync.unchanged import (
    fingerprint,
    forget_documents,
    has_loaded_documents,
    remember_documents,
)


def sync_nightly(run: Run) -> None:
    """Bring up to date what is active now, or the quarters asked for as a whole."""
    fetched = fetch_planned(run)
    known_by = fingerprint(run.options, fetched.documents)
    if not run.options.refresh and has_loaded_documents(run.begin, run.result, known_by):
        count_named(run, fetched.documents)
        return
    # mappers, loader and tables take 0.24 s to import, which an unchanged night need not spend
    from iracing_sync.sync.absences import judge_absences
    from iracing_sync.sync.catalogues import load_catalogues
    from iracing_sync.sync.check import check_documents, require_something_found
    from iracing_sync.sync.completion import complete_quarters
    from iracing_sync.sync.seasons import load_seasons
    from iracing_sync.sync.series import load_series

    forget_documents(run.begin)
    run.progress("comparing with what is stored", 0, 1)
    checked = check_documents(run, fetched.documents)  # drift, shrink guard: raises before anything is written
    run.progress("loading catalogues and series", 0, 1)
    load_catalogues(run, checked.catalogues, naming=checked.contents, askable=fetched.askable)
    load_series(run, checked.series, checked.assets, checked.seasons)
    failed = load_seasons(run, checked.listings)
    if fetched.ended_by:
        raise fetched.ended_by
    failed_so_far = failed or run.result.exit_code
    empty = complete_quarters(run, checked.lists, checked.season_ids, failed=failed_so_far)
    require_something_found(run, checked, empty)
    judge_absences(run, checked.guard, failed=failed)
    if checked.has_all_rounds:  # else there were other documents
        remember_documents(run.begin, run.result, known_by, run.clock())


def count_named(run: Run, documents: Iterable[Document]) -> None:
    """Count the seasons that iRacing's own lists name: where documents are remembered, all of them are stored."""
    for document in documents:
        if document.endpoint == SEASON_LIST:
            named = sum(run.options.wants(series_id) for series_id in numbers_of_seasons(document).values())
            run.result.compare(named=named, stored=named)


class Fetched(NamedTuple):
    """The documents of the plan, those at fault left out.

    `askable` are the catalogues that iRacing may be asked for once more: those that came from the cache. `ended_by` is
    what ended the fetching before its time: what came until then is loaded without another call.
    """

    documents: list[Document]
    askable: frozenset[str]
    ended_by: CallBudgetSpent | None


def fetch_planned(run: Run) -> Fetched:
    """Fetch the documents of the plan."""
    steps = active_steps(run.options, run.documents.source, run.clock())
    announce(run.options, Plan(steps))
    documents: list[Document] = []
    for number, step in enumerate(steps):
        run.progress(f"fetching {step.name}", number, len(steps))
        try:
            document = fetch_step(run, step, documents)
        except CallBudgetSpent as spent:
            return Fetched(documents, frozenset(), spent)
        if document:
            documents.append(document)
    cached = {document.endpoint for document in documents if document.from_cache}
    return Fetched(documents, frozenset(cached.intersection(CATALOGUES)), None)


def fetch_step(run: Run, step: Step, before: Sequence[Document]) -> Document | None:
    """Fetch one document; a quarter's list may be empty where iRacing's own list of it, fetched before, is not."""
    if step.quarter is None:
        return run.fetch(step.endpoint)
    light = next((one for one in before if one.endpoint == SEASON_LIST and one.params == step.quarter.params), None)
    may_be_empty = step.endpoint == SEASONS and has_seasons(light)
    return run.fetch_of_quarter(step.endpoint, step.quarter, may_be_empty=may_be_empty)
