"""`plan`: what `run` would ask."""

from collections.abc import Sequence
from typing import Any

from iracing_sync.app.database import open_database
from iracing_sync.app.documents import open_source
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, OFFLINE, REFRESH
from iracing_sync.cli.output import print_json
from iracing_sync.cli.run_options import HISTORY, QUARTER, SINCE, VERIFY, YEAR, run_options
from iracing_sync.cli.start import start
from iracing_sync.instants import now
from iracing_sync.ledger.call import Call
from iracing_sync.plain_text import counted
from iracing_sync.sync.plan import Step, planned_steps

app = new_app()


@app.command()
def plan(
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    refresh: bool = REFRESH,
    offline: bool = OFFLINE,
    history: bool = HISTORY,
    since: int = SINCE,
    verify: bool = VERIFY,
    as_json: bool = AS_JSON,
) -> None:
    """Show what `run` with the same options would ask iRacing for, and ask nothing."""
    settings = start()
    options = run_options(
        settings,
        year=year,
        quarter=quarter,
        refresh=refresh,
        offline=offline,
        history=history,
        since=since,
        verify=verify,
    )
    with (
        open_database(settings, reading=True) as engine,
        open_source(settings, engine, ignore_call, refresh=refresh, offline=offline, reading=True) as source,
    ):
        steps = planned_steps(engine, options, source, now())
    show_plan(steps, offline=offline, as_json=as_json)


def ignore_call(_call: Call) -> None:
    """Take down nothing: a plan makes no calls."""


def show_plan(steps: Sequence[Step], *, offline: bool, as_json: bool) -> None:
    """Print the documents that a run would want, and how many calls that makes."""
    lacking = sum(not step.is_cached for step in steps)
    cached = len(steps) - lacking
    calls = 0 if offline else lacking
    if as_json:
        documents = [step_object(step) for step in steps]
        print_json({"calls": calls, "cached": cached, "missing": lacking - calls, "documents": documents})
        return
    for step in steps:
        say(f"{'cache' if step.is_cached else 'none' if offline else 'call':<5}  {step.name}  ({step.why})")
    if offline:
        say(f"{counted(cached, 'document')} from the cache, {lacking} not in it")
    else:
        say(f"{counted(calls, 'call')}, {counted(cached, 'document')} from the cache; one more call for a new id")


def step_object(step: Step) -> dict[str, Any]:
    """Return one document of a plan as JSON shows it."""
    return {"endpoint": step.endpoint, "params": dict(step.params), "why": step.why, "cached": step.is_cached}
