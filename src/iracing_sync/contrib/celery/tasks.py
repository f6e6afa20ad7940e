"""The tasks. What is to be done is in the table `job`: a task that comes twice, or late, or never does no harm.

They are acknowledged as they begin: whoever works on a job holds a lock in the database, and what loses its holder is
published again by the run that waits for it, by the next one, by a worker that begins, or by `publish_waiting` of a
beat schedule.
"""

import logging
import sys
from functools import partial
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_process_shutdown, worker_ready

from iracing_sync.errors import DatabaseError, SettingsError
from iracing_sync.jobs.broker import PUBLISH_AGAIN_SECONDS, TASK, publish_unheld, sender_beside
from iracing_sync.jobs.whole_run import do_run, queue_run
from iracing_sync.jobs.work import Workplace
from iracing_sync.quarters import Quarter
from iracing_sync.settings import Settings, load_settings
from iracing_sync.sync.options import Options

log = logging.getLogger(__name__)

USUAL_VISIBILITY_SECONDS = 3600
MARGIN_SECONDS = 0.2

_workplaces: list[Workplace] = []


def worker_settings() -> Settings:
    """Return the settings; in a Django project the database is the project's, unless another one is set."""
    project = sys.modules.get("django.apps")
    if project and project.apps.ready and project.apps.is_installed("iracing_sync.contrib.django"):
        from iracing_sync.contrib.django.command_line import project_settings  # a project's alone

        return project_settings()
    return load_settings()


def workplace() -> Workplace:
    """Return what this process works with, made at its first task."""
    if not _workplaces:
        _workplaces.append(Workplace(worker_settings()))
    return _workplaces[0]


@worker_process_shutdown.connect
def leave_workplace(**_: Any) -> None:
    """Let go of what this process works with."""
    while _workplaces:
        _workplaces.pop().close()


def longest_countdown(task: Task) -> float:
    """Return for how many seconds a message may wait at a worker: a quarter of the broker's visibility timeout."""
    options = task.app.conf.broker_transport_options or {}
    return float(options.get("visibility_timeout", USUAL_VISIBILITY_SECONDS)) / 4


@shared_task(bind=True, name=TASK, ignore_result=True, max_retries=None)
def work_on(self: Task, key: str) -> str:
    """Work on a job: one document of iRacing's, or a whole run; return done, failed, later or dropped.

    What may pass comes again, soon by a message, else by its row.
    """
    outcome = workplace().work_on(key, partial(do_run, sender_beside(self.app)))
    if outcome.word == "later" and outcome.seconds <= longest_countdown(self):
        raise self.retry(countdown=outcome.seconds + MARGIN_SECONDS)
    return outcome.word


def queue(task: Task, options: Options) -> str:
    """Put a run for whichever worker takes it, and return its key."""
    return queue_run(sender_beside(task.app), workplace().engine, options)


@shared_task(bind=True, name="iracing_sync.queue_series_seasons_fetch", ignore_result=True)
def queue_series_seasons_fetch(
    self: Task, refresh: bool = False, season_year: int | None = None, season_quarter: int | None = None
) -> str:
    """Queue a run over what is active, or over a quarter; return its key."""
    if (season_year is None) != (season_quarter is None):
        raise SettingsError("season_year and season_quarter go together")
    quarters = (Quarter(season_year, season_quarter),) if season_year and season_quarter else ()
    return queue(self, Options(quarters=quarters, refresh=refresh))


@shared_task(bind=True, name="iracing_sync.queue_season_schedule_fetch", ignore_result=True)
def queue_season_schedule_fetch(self: Task, series_id: int, refresh: bool = False) -> str:
    """Queue a run over the seasons of one series; return its key."""
    return queue(self, Options(series=frozenset({series_id}), refresh=refresh))


@shared_task(bind=True, name="iracing_sync.publish_waiting", ignore_result=True)
def publish_waiting(self: Task, after_seconds: float = PUBLISH_AGAIN_SECONDS) -> int:
    """Publish again what waits and nobody holds; return how much that is. For a beat schedule, once a minute."""
    try:
        place = workplace()
    except DatabaseError as error:  # there are no tables yet, or none that can be reached
        log.warning("no job is looked for: %s", error)
        return 0
    return publish_unheld(sender_beside(self.app), place.engine, after_seconds)


@worker_ready.connect
def look_for_what_waits(sender: Any, **_: Any) -> None:
    """Have a worker that begins look for what another one has left, however lately a message was sent."""
    sender.app.send_task(publish_waiting.name, kwargs={"after_seconds": 0}, retry=False, ignore_result=True)
