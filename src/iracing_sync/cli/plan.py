"""`plan`: what `run` would ask."""

from typing import Any

from iracing_sync.app.database import open_database
from iracing_sync.app.documents import open_source
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, AT, OFFLINE, REFRESH
from iracing_sync.cli.output import print_json
from iracing_sync.cli.run_options import COMPLETE, HISTORY, QUARTER, SINCE, YEAR, run_options
from iracing_sync.cli.start import start
from iracing_sync.ledger.call import Call
from iracing_sync.plain_text import how_many
from iracing_sync.sync.options import Options
from iracing_sync.sync.plan import Plan, Step, in_all, minutes, plan_of_run

app = new_app()


@app.command()
def plan(
    year: list[int] | None = YEAR,
    quarter: list[str] | None = QUARTER,
    refresh: bool = REFRESH,
    offline: bool = OFFLINE,
    history: bool = HISTORY,
    since: int = SINCE,
    complete: bool = COMPLETE,
    at: str | None = AT,
    as_json: bool = AS_JSON,
) -> None:
    """Show what `run` with the same options would ask iRacing for, and ask nothing."""
    settings = start(at=at)
    options = run_options(
        settings,
        year=year,
        quarter=quarter,
        refresh=refresh,
        offline=offline,
        history=history,
        since=since,
        complete=complete,
    )
    with (
        open_database(settings, reading=True) as engine,
        open_source(settings, engine, ignore_call, refresh=refresh, offline=offline, reading=True) as source,
    ):
        found = plan_of_run(engine, options, source, settings.clock())
    show_plan(found, options, as_json=as_json)


def ignore_call(_call: Call) -> None:
    """Take down nothing: a plan makes no calls."""


def show_plan(plan: Plan, options: Options, *, as_json: bool) -> None:
    """Print the documents that a run would want, and how many calls that makes."""
    if as_json:
        print_json(plan_object(plan, options))
        return
    for step in plan.steps:
        say(f"{'cache' if step.is_cached else 'none' if options.offline else 'call':<5}  {step.name}  ({step.why})")
    cached = how_many(len(plan.steps) - plan.lacking, "document")
    if options.offline:
        say(f"{cached} from the cache, {plan.lacking} not in it")
        return
    say(f"{how_many(plan.lacking, 'call')}, {cached} from the cache; one more for a catalogue that lacks an id")
    if plan.most_more:
        say(f"with the seasons that the lists may lack: {in_all(plan, options)}")


def plan_object(plan: Plan, options: Options) -> dict[str, Any]:
    """Return a plan as JSON shows it; `more_calls` are for what the lists may lack, at least and at most."""
    calls = 0 if options.offline else plan.lacking
    return {
        "calls": calls,
        "cached": len(plan.steps) - plan.lacking,
        "missing": plan.lacking - calls,
        "more_calls": {"least": plan.least_more, "most": plan.most_more},
        "minutes": minutes(calls + plan.most_more, options),
        "documents": [step_object(step) for step in plan.steps],
    }


def step_object(step: Step) -> dict[str, Any]:
    """Return one document of a plan as JSON shows it."""
    return {"endpoint": step.endpoint, "params": dict(step.params), "why": step.why, "cached": step.is_cached}
