"""What is active now, or tagged with one quarter: fetch all documents, then load what is not loaded yet.

Where they are those that were loaded last, there is nothing to look at.
"""

from iracing_sync.documents import Document
from iracing_sync.errors import CallBudgetSpent
from iracing_sync.sync.plan import CATALOGUES, Step, active_steps, announce, settled_for
from iracing_sync.sync.recognised import fingerprint, is_recognised
from iracing_sync.sync.run import Run


def sync_active(run: Run) -> None:
    """Bring up to date what is active now or tagged with the quarter asked for."""
    documents, spent = fetched(run)
    known_by = fingerprint(run.options, documents)
    if not is_recognised(run, known_by):
        from iracing_sync.sync.current import sync_current  # takes a fifth of a second to import

        sync_current(run, documents, spent, known_by)


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
        return run.catalogue(step.endpoint)
    params = dict(step.params)
    return run.fetched(step.endpoint, params, settled=settled_for(params))
