"""A run over what is active now, or over some quarters. Start reading here.

Documents are fetched, looked at before anything of them is written, and then mapped and loaded. Where they are those
that were loaded last, there is nothing to look at.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from iracing_sync.documents import Document
from iracing_sync.errors import AccessRefused, ApiUnavailable, CallBudgetSpent, SyncError
from iracing_sync.fetch.endpoints import CATALOGUES, SEASON_LIST, SEASONS
from iracing_sync.quarters import Quarter
from iracing_sync.sync.plan import Plan, Step, active_steps, announce, coming_steps, present_steps
from iracing_sync.sync.present_quarter import Present, ask_present, kept_present
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
    known_by = fingerprint(run.options, [*fetched.documents, *fetched.coming.documents])
    is_whole = not (fetched.ended_by or fetched.coming.ended_by)
    if is_whole and not run.options.refresh and has_loaded_documents(run.begin, run.result, known_by):
        count_named(run, fetched.documents)
        return
    # mappers, loader and tables take 0.24 s to import, which an unchanged night need not spend
    from iracing_sync.sync.absences import judge_absences
    from iracing_sync.sync.catalogues import load_catalogues
    from iracing_sync.sync.check import check_documents, require_series, require_something_found
    from iracing_sync.sync.coming_quarter import load_coming_quarter
    from iracing_sync.sync.completion import complete_quarters
    from iracing_sync.sync.seasons import load_seasons
    from iracing_sync.sync.series import load_series

    forget_documents(run.begin)
    run.progress("comparing with what is stored", 0, 1)
    # drift, shrink guard: raises before anything is written
    checked = check_documents(run, [*fetched.documents, *fetched.coming.documents], fetched.coming.quarter)
    run.progress("loading catalogues and series", 0, 1)
    load_catalogues(run, checked.catalogues, naming=checked.contents, askable=fetched.askable)
    require_series(run, checked)
    load_series(run, checked.series, checked.assets, checked.seasons)
    failed = load_seasons(run, checked.listings)
    if fetched.ended_by:
        raise fetched.ended_by
    failed_so_far = failed or run.result.exit_code
    empty = complete_quarters(run, checked.lists, checked.season_ids, failed=failed_so_far)
    require_something_found(run, checked, empty, fetched.present)
    judge_absences(run, checked.guard, failed=failed)
    if fetched.coming.ended_by:
        raise fetched.coming.ended_by
    if fetched.coming.quarter:
        load_coming_quarter(run, checked, fetched.coming.quarter)
    if checked.has_all_rounds:  # else there were other documents
        remember_documents(run.begin, run.result, known_by, run.clock())


def count_named(run: Run, documents: Iterable[Document]) -> None:
    """Count the seasons that iRacing's own lists name: where documents are remembered, all of them are stored."""
    for document in documents:
        if document.endpoint == SEASON_LIST:
            named = sum(run.options.wants(series_id) for series_id in numbers_of_seasons(document).values())
            run.result.compare(named=named, stored=named)


class Coming(NamedTuple):
    """The coming quarter, None where none is to be expected, with its documents and what ended the fetching of them."""

    quarter: Quarter | None = None
    documents: Sequence[Document] = ()
    ended_by: SyncError | None = None


class Fetched(NamedTuple):
    """The documents of the plan, those at fault left out, and the present quarter.

    `askable` are the catalogues that iRacing may be asked for once more: those that came from the cache. `ended_by` is
    what ended the fetching before its time: what came until then is loaded without another call.
    """

    documents: list[Document]
    askable: frozenset[str]
    ended_by: CallBudgetSpent | None
    present: Quarter
    coming: Coming = Coming()


def fetch_planned(run: Run) -> Fetched:
    """Fetch the documents of the plan: what is active first, and what is to come last, which must not harm it."""
    source, at = run.documents.source, run.clock()
    with run.begin() as connection:
        kept, asks = kept_present(source, at), present_steps(connection, run.options, source, at)
    steps = active_steps(run.options, source, kept.quarter)
    announce(run.options, Plan(steps + asks + coming_steps(run.options, source, kept)))
    documents, ended_by = fetch_steps(run, steps)
    if ended_by:
        return Fetched(documents, frozenset(), ended_by, kept.quarter)
    present = ask_present(run)
    also = [step for step in active_steps(run.options, source, present.quarter) if step.name not in names_of(steps)]
    more, ended_by = fetch_steps(run, also)
    documents += more
    if ended_by:
        return Fetched(documents, frozenset(), ended_by, present.quarter)
    cached = {document.endpoint for document in documents if document.from_cache}
    askable = frozenset(cached.intersection(CATALOGUES))
    return Fetched(documents, askable, None, present.quarter, fetch_coming(run, present))


def names_of(steps: Iterable[Step]) -> set[str]:
    """Return what the documents are called."""
    return {step.name for step in steps}


def fetch_coming(run: Run, present: Present) -> Coming:
    """Fetch the documents of the coming quarter, which need not be there."""
    steps = coming_steps(run.options, run.documents.source, present)
    documents: list[Document] = []
    for step in steps:
        try:
            document = run.fetch_if_possible(step.endpoint, dict(step.params))
        except (ApiUnavailable, AccessRefused) as error:
            return Coming(present.coming, documents, error)
        if document:
            documents.append(document)
    return Coming(present.coming if steps else None, documents)


def fetch_steps(run: Run, steps: Sequence[Step]) -> tuple[list[Document], CallBudgetSpent | None]:
    """Fetch documents, until the budget of calls is spent."""
    documents: list[Document] = []
    for number, step in enumerate(steps):
        run.progress(f"fetching {step.name}", number, len(steps))
        try:
            document = fetch_step(run, step, documents)
        except CallBudgetSpent as spent:
            return documents, spent
        if document:
            documents.append(document)
    return documents, None


def fetch_step(run: Run, step: Step, before: Sequence[Document]) -> Document | None:
    """Fetch one document; a quarter's list may be empty where iRacing's own list of it, fetched before, is not."""
    if step.quarter is None:
        return run.fetch(step.endpoint)
    light = next((one for one in before if one.endpoint == SEASON_LIST and one.params == step.quarter.params), None)
    may_be_empty = step.endpoint == SEASONS and has_seasons(light)
    return run.fetch_of_quarter(step.endpoint, step.quarter, may_be_empty=may_be_empty)
