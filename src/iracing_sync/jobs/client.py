"""The way to iRacing over workers: what a run asks for becomes a job, and what comes of it the answer."""

import logging
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from uuid import UUID

from sqlalchemy import Engine

from iracing_sync import errors
from iracing_sync.documents import NO_PARAMS, Document, Params, document_name
from iracing_sync.errors import AccessRefused, CallBudgetSpent, DatabaseError, SettingsError, SyncError
from iracing_sync.fetch.endpoints import cache_key
from iracing_sync.fetch.http.retries import TRIES
from iracing_sync.instants import Clock
from iracing_sync.jobs.broker import PUBLISH_AGAIN_SECONDS, Publish
from iracing_sync.jobs.rows import JOBS_CHANNEL, Answer, Job, forget_done, put_job, take_answers, unheld_jobs
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.listening import listening

log = logging.getLogger(__name__)

JOBS_AHEAD = 64
"""How many documents of a run are jobs at a time."""

LOOK_AGAIN_SECONDS = 1.0
LONELY_SECONDS = 30.0
"""After so long without an answer a person is told that there may be no worker."""

HELP_AFTER_SECONDS = 2.0
"""After so long whoever can helps out: the only worker may be the one that waits."""

Help = Callable[[str], object]
"""Works on the job of a key."""


class QueuedClient:
    """Fetches documents as an ApiClient does, by workers; `most_calls` is how many answers may be asked in all.

    `clock` dates documents where the moment of the run is set, else they are of when iRacing answered; an answer that a
    former run did not take is good for `good_for` seconds. What no worker takes is left to `help_out`, if there is one.
    """

    def __init__(
        self,
        engine: Engine,
        run_id: UUID,
        publish: Publish,
        ledger: CallJournal,
        *,
        most_calls: int | None = None,
        clock: Clock | None = None,
        good_for: float = 0,
        help_out: Help | None = None,
    ) -> None:
        self._engine, self._run_id, self._publish, self._ledger = engine, run_id, publish, ledger
        self._most_calls, self._clock, self._good_for = most_calls, clock, good_for
        self._help_out = help_out
        self._waiting: dict[str, list[Future[Answer]]] = {}
        self._lock = threading.Lock()
        self._broken: Exception | None = None
        self._has_ended = threading.Event()
        self._watch: threading.Thread | None = None

    def fetch(
        self, endpoint: str, params: Params = NO_PARAMS, *, cached: str = "miss", patient: bool = True
    ) -> Document:
        """Return what a worker fetched; raises what it met."""
        key = cache_key(endpoint, params)
        answer = self._ask(key, self._job(key, endpoint, params, cached, TRIES if patient else 1))
        self._ledger.made_elsewhere += answer.calls
        if answer.error_kind is not None:
            raise error_of(answer)
        if answer.body is None or answer.fetched_at is None:
            raise DatabaseError(f"the answer to {document_name(endpoint, params)} is gone: somebody else took it")
        at = self._clock() if self._clock else answer.fetched_at
        return Document(endpoint, params, zlib.decompress(answer.body), at)

    def close(self) -> None:
        """Wait for nothing any more; jobs that are under way go on."""
        self._has_ended.set()
        if self._watch is not None:
            self._watch.join(timeout=2 * LOOK_AGAIN_SECONDS)

    def _job(self, key: str, endpoint: str, params: Params, cached: str, tries: int) -> Job:
        left = None if self._most_calls is None else self._most_calls - self._ledger.made_elsewhere
        if left is not None and left <= 0:
            raise CallBudgetSpent(
                f"the {self._most_calls} calls of --max-calls are made before {document_name(endpoint, params)}; "
                "the next run goes on"
            )
        return Job(key, "document", self._run_id, endpoint, params, cached, tries, left, 0, 0)

    def _ask(self, key: str, job: Job) -> Answer:
        coming: Future[Answer] = Future()
        with self._engine.begin() as connection:
            put_job(connection, job, self._good_for)
        with self._lock:
            if self._broken is not None:
                raise self._broken
            self._waiting.setdefault(key, []).append(coming)
            if self._watch is None:
                self._watch = threading.Thread(target=self._keep_watch, daemon=True, name="jobs")
                self._watch.start()
        self._publish([key])
        return coming.result()

    def _keep_watch(self) -> None:
        try:
            with self._engine.begin() as connection:
                forget_done(connection)
            with listening(self._engine, JOBS_CHANNEL, LOOK_AGAIN_SECONDS) as wait:
                heard_at = published_at = time.monotonic()
                while not self._has_ended.is_set():
                    wait()
                    now = time.monotonic()
                    if self._hand_over() or not self._waiting:
                        heard_at = now
                    if now - published_at > LOOK_AGAIN_SECONDS:
                        published_at = now
                        self._publish_again()
                    if now - heard_at > LONELY_SECONDS:
                        heard_at = now
                        log.warning("no worker has answered for %.0f s: is one up? See docs/scaling.md", LONELY_SECONDS)
        except Exception as error:  # whoever waits is told, and whoever asks later
            with self._lock:
                self._broken = error
                for coming in (one for waiting in self._waiting.values() for one in waiting):
                    coming.set_exception(error)

    def _hand_over(self) -> bool:
        """Give answers to whoever waits for them; return whether there were any."""
        if not (keys := list(self._waiting)):
            return False
        with self._engine.begin() as connection:
            answers = take_answers(connection, keys)
        with self._lock:
            for answer in answers:
                for coming in self._waiting.pop(answer.key):
                    coming.set_result(answer)
        return bool(answers)

    def _publish_again(self) -> None:
        if keys := self._unheld(PUBLISH_AGAIN_SECONDS):
            self._publish(keys)
        if self._help_out and (keys := self._unheld(HELP_AFTER_SECONDS)):
            self._help_out(keys[0])

    def _unheld(self, seconds: float) -> list[str]:
        with self._engine.begin() as connection:
            return unheld_jobs(connection, seconds, list(self._waiting))


def error_of(answer: Answer) -> SyncError:
    """Return what a worker met, of the kind that it was; what is wrong with its own settings is said to be its."""
    kind = getattr(errors, str(answer.error_kind), SyncError)
    error: SyncError = SyncError.__new__(kind if issubclass(kind, SyncError) else SyncError)
    is_of_worker = isinstance(error, AccessRefused | SettingsError)
    error.args = (f"a worker says: {answer.error}" if is_of_worker else answer.error,)
    return error
