"""What a worker does: hold a job, fetch its document at the pace of the account, and write down what became of it."""

import logging
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import NamedTuple

from iracing_sync.app.client import open_client
from iracing_sync.app.database import open_database
from iracing_sync.database import require
from iracing_sync.errors import ApiUnavailable, CallBudgetSpent, CallLater, SyncError, UnforeseenError, causes
from iracing_sync.fetch.http.client import ApiClient
from iracing_sync.fetch.http.retries import PassingError
from iracing_sync.jobs.rows import Holder, Job, count_call, end_job, fail_job, put_back, take_job
from iracing_sync.ledger.call import Call
from iracing_sync.ledger.delivery import deliver_calls, deliver_file
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.settings import Settings

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 5.0
"""A call that is due later goes back into its row: the worker does something else meanwhile."""

LONGEST_PAUSE_SECONDS = 30.0


class Outcome(NamedTuple):
    """How work on a job ended: done, failed, later (in so many seconds), or dropped: over, or somebody else's."""

    word: str
    seconds: float = 0.0


DROPPED = Outcome("dropped")


WholeRun = Callable[["Workplace", Job], str | None]
"""Does a whole run; returns what there is to say of how it ended, raises what ended it before its end."""


class Workplace:
    """What a process works with as long as it lives: database, ledger and the way to iRacing."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with ExitStack() as opened:
            self.engine = opened.enter_context(open_database(settings))
            with self.engine.begin() as connection:
                require(connection, settings.schema_name)
            self._journal = opened.enter_context(CallJournal(settings.data_dir))
            self._opened = opened.pop_all()
        self._holder = Holder(self.engine, settings.schema_name)
        self._client: ApiClient | None = None
        self._key = ""

    def fellow(self) -> "Workplace":
        """Return one more workplace of this process, for a thread that works beside us; it closes with ours."""
        fellow = Workplace(self.settings)
        self._opened.callback(fellow.close)
        return fellow

    def close(self) -> None:
        """Let go of everything."""
        self._holder.close()
        deliver_calls(self._journal, self.engine, timedelta(days=self.settings.ledger_days))
        self._opened.close()

    def work_on(self, key: str, run: WholeRun | None = None) -> Outcome:
        """Work on a job, if it waits and nobody holds it; `run` does one that is a whole run."""
        with self._holder.hold(key) as is_mine:
            if not is_mine:
                return DROPPED
            with self.engine.begin() as connection:
                job = take_job(connection, key)
            if job is None:
                return DROPPED
            try:
                if job.kind == "document":
                    return self._fetch(job)
                if run is None:
                    raise UnforeseenError(key, TypeError("nobody here does a whole run"))
                remark = run(self, job)
            except Exception as error:  # whatever it is, the row says so
                return self._end_badly(job, error)
            with self.engine.begin() as connection:
                end_job(connection, key, remark=remark)
            return Outcome("done")

    def _fetch(self, job: Job) -> Outcome:
        if job.most_calls is not None and job.calls >= job.most_calls:
            raise CallBudgetSpent(f"the calls of --max-calls are made before {job.endpoint}; the next run goes on")
        self._journal.run_id, self._key = job.run_id, job.key
        client = self._way_to_iracing()
        client.allow_login()
        try:
            document = client.fetch(str(job.endpoint), job.params, cached=job.cached, patient=False)
        finally:
            self._deliver()
        with self.engine.begin() as connection:
            end_job(connection, job.key, zlib.compress(document.body, 1), document.fetched_at)
        return Outcome("done")

    def _way_to_iracing(self) -> ApiClient:
        if self._client is None:
            opened = open_client(self.settings, self.engine, self._note_call, longest_wait=LONGEST_WAIT_SECONDS)
            self._client = self._opened.enter_context(opened)
        return self._client

    def _note_call(self, call: Call) -> None:
        self._journal(call)
        with self.engine.begin() as connection:
            count_call(connection, self._key)

    def _deliver(self) -> None:
        """Write the calls of this job into the database; where that fails they wait on disk."""
        if not (self._journal.calls and self._journal.is_open):
            return
        deliver_file(self.engine, self._journal.path)
        self._journal.empty()
        self._journal.calls.clear()

    def _end_badly(self, job: Job, error: Exception) -> Outcome:
        known = error if isinstance(error, SyncError) else UnforeseenError(f"the job {job.key}", error)
        is_passing = may_pass(error)
        with self.engine.begin() as connection:
            if isinstance(error, CallLater):
                put_back(connection, job.key, error.seconds, error, is_counted=False)
                return Outcome("later", error.seconds)
            if is_passing and job.attempt < job.tries:
                seconds = min(2.0 ** (job.attempt - 1), LONGEST_PAUSE_SECONDS)
                put_back(connection, job.key, seconds, known, is_counted=True)
                return Outcome("later", seconds)
            fail_job(connection, job.key, known)
        log.warning("failed: %s", known)
        return Outcome("failed")


def may_pass(error: Exception) -> bool:
    """Tell whether what went wrong may be gone at the next try; a spent budget is not."""
    if isinstance(error, CallBudgetSpent):
        return False
    return isinstance(error, ApiUnavailable) or any(isinstance(cause, PassingError) for cause in causes(error))
