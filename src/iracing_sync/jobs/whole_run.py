"""A whole run over workers: by whoever asks for it, or, as a job like others, by one of the workers."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, fields, replace
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import Engine

from iracing_sync.app.options import OF_SETTINGS, as_settings_say
from iracing_sync.app.run import Way, run_once
from iracing_sync.fetch.source import Client
from iracing_sync.jobs.broker import open_publisher
from iracing_sync.jobs.client import JOBS_AHEAD, Help, QueuedClient
from iracing_sync.jobs.rows import Job, put_job
from iracing_sync.jobs.work import Workplace
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.quarters import Quarter
from iracing_sync.settings import Settings
from iracing_sync.sync.options import Options


def over_workers(settings: Settings, options: Options, run_id: UUID, sender: Any, help_out: Help | None = None) -> Way:
    """Return the way to iRacing over workers; whoever takes it may `help_out` with what none of them takes."""

    @contextmanager
    def open_way(engine: Engine, ledger: CallJournal) -> Iterator[Client]:
        client = QueuedClient(
            engine,
            run_id,
            open_publisher(sender, engine),
            ledger,
            most_calls=options.max_calls,
            clock=settings.clock if settings.at else None,
            good_for=settings.cache_ttl,
            help_out=help_out,
        )
        with closing(client):
            yield client

    return open_way


def with_many_ahead(options: Options) -> Options:
    """Return options by which as many documents are under way as workers can use."""
    return replace(options, parallel=JOBS_AHEAD)


def queue_run(sender: Any, engine: Engine, options: Options) -> str:
    """Put a run for whichever worker takes it, and return its key."""
    job = job_of_run(options)
    with engine.begin() as connection:
        put_job(connection, job, good_for_seconds=0)
    open_publisher(sender, engine)([job.key])
    return job.key


def job_of_run(options: Options) -> Job:
    """Return a whole run as a job, one for the same options whoever puts it; what settings say is the worker's."""
    default = asdict(Options())
    asked = {name: value for name, value in asdict(options).items() if value != default[name]}
    for name in OF_SETTINGS:
        asked.pop(name, None)
    asked |= {"quarters": [list(quarter) for quarter in options.quarters]} if options.quarters else {}
    asked |= {"series": sorted(options.series)} if options.series else {}
    key = f"run {orjson.dumps(asked, option=orjson.OPT_SORT_KEYS).decode()}"
    return Job(key, "run", None, None, asked, "miss", 1, None, 0, 0)


def options_of(asked: Mapping[str, Any]) -> Options:
    """Return the options of a job that is a run."""
    known = {field.name for field in fields(Options)}
    given = {name: value for name, value in asked.items() if name in known}
    quarters = tuple(Quarter(*quarter) for quarter in given.get("quarters", ()))
    return Options(**given | {"quarters": quarters, "series": frozenset(given.get("series", ()))})


def do_run(sender: Any, workplace: Workplace, job: Job) -> str | None:
    """Do a whole run in a worker, whose documents other workers fetch, and itself those that nobody takes.

    Returns how it ended where that is not well, raises what ended it before its end.
    """
    options, run_id = with_many_ahead(as_settings_say(options_of(job.params), workplace.settings)), uuid4()
    way = over_workers(workplace.settings, options, run_id, sender, workplace.fellow().work_on)
    result = run_once(workplace.settings, workplace.engine, options, run_id, way=way)
    if result.ended_by:
        raise result.ended_by
    return f"{result.status}, exit {result.exit_code}: iracing-sync runs show {run_id}" if result.exit_code else None
