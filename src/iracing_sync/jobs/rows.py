"""Jobs as rows: put, looked at, done, put back.

Whoever works on a job holds an advisory lock of its key in a session of its own, which ends with the process: a waiting
job without a holder is to be worked on, whatever became of its message.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Connection, Engine, text

from iracing_sync.locks import JOB_IS_HELD

JOBS_CHANNEL = "iracing_job"
"""On which PostgreSQL tells whoever waits for jobs that one is done or has failed."""

KEEPALIVES = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
"""A machine that is gone says nothing: after 20 s PostgreSQL ends its sessions, and with them the locks."""


class Job(NamedTuple):
    """A job to be worked on: `attempt` is how often it was begun, `calls` what it has cost."""

    key: str
    kind: str
    run_id: UUID | None
    endpoint: str | None
    params: Mapping[str, Any]
    cached: str
    tries: int
    most_calls: int | None
    attempt: int
    calls: int


class Answer(NamedTuple):
    """What became of a document's job."""

    key: str
    body: bytes | None
    fetched_at: datetime | None
    calls: int
    error: str | None
    error_kind: str | None


PUT = text("""
INSERT INTO job AS old (key, kind, run_id, endpoint, params, cached, tries, most_calls, state)
VALUES (:key, :kind, :run_id, :endpoint, CAST(:params AS jsonb), :cached, :tries, :most_calls, 'waiting')
ON CONFLICT (key) DO UPDATE SET
    run_id = excluded.run_id, params = excluded.params, cached = excluded.cached, tries = excluded.tries,
    most_calls = excluded.most_calls, put_at = now(), attempt = 0, calls = 0, not_before = NULL, error = NULL,
    error_kind = NULL, published_at = NULL, state = CASE WHEN old.body IS NULL THEN 'waiting' ELSE old.state END
RETURNING state = 'done'
""")
"""An answer that nobody has taken is good for whoever asks next; what somebody works on goes on."""

STALE = text("""
UPDATE job SET body = NULL WHERE key = :key AND body IS NOT NULL
AND (:refresh OR finished_at < now() - make_interval(secs => :seconds))
""")

TAKE = text("""
SELECT key, kind, run_id, endpoint, params, cached, tries, most_calls, attempt, calls FROM job
WHERE key = :key AND state = 'waiting' AND (not_before IS NULL OR not_before <= now())
""")

BEGUN = text("UPDATE job SET attempt = attempt + 1 WHERE key = :key")
CALLED = text("UPDATE job SET calls = calls + 1 WHERE key = :key")
DONE = text("""
UPDATE job SET state = 'done', finished_at = now(), fetched_at = :fetched_at, body = :body, error = :remark,
               error_kind = NULL
WHERE key = :key
""")
FAILED = text("""
UPDATE job SET state = 'failed', finished_at = now(), error = :error, error_kind = :error_kind WHERE key = :key
""")
LATER = text("""
UPDATE job SET not_before = now() + make_interval(secs => :seconds), error = :error, error_kind = :error_kind,
               attempt = attempt - :uncounted
WHERE key = :key
""")
TELL = text("SELECT pg_notify(:channel, '')")

ANSWERS = text("""
SELECT key, body, fetched_at, calls, error, error_kind FROM job WHERE key = ANY(:keys) AND state <> 'waiting'
""")
TAKEN = text("UPDATE job SET body = NULL WHERE key = ANY(:keys)")

UNHELD = text(f"""
SELECT key FROM job
WHERE state = 'waiting' AND (not_before IS NULL OR not_before <= now())
  AND (published_at IS NULL OR published_at < now() - make_interval(secs => :seconds))
  AND (CAST(:keys AS text[]) IS NULL OR key = ANY(:keys))
  AND NOT {JOB_IS_HELD}
ORDER BY put_at, key LIMIT 1000
""")
PUBLISHED = text("UPDATE job SET published_at = now() WHERE key = ANY(:keys)")
REQUEUED = text("""
UPDATE job SET state = 'waiting', attempt = 0, not_before = NULL, finished_at = NULL, published_at = NULL
WHERE state = 'failed' AND (CAST(:keys AS text[]) IS NULL OR key = ANY(:keys)) RETURNING key
""")
FORGOTTEN = text("DELETE FROM job WHERE state = 'done' AND finished_at < now() - interval '1 day'")


def put_job(connection: Connection, job: Job, good_for_seconds: float) -> None:
    """Want a job; an answer from before that is not older than so many seconds will do."""
    stale = {"key": job.key, "refresh": job.cached == "refresh", "seconds": good_for_seconds}
    connection.execute(STALE, stale)
    wanted = job._asdict() | {"params": orjson.dumps(dict(job.params)).decode()}
    given = {key: value for key, value in wanted.items() if key not in ("attempt", "calls")}
    if connection.execute(PUT, given).scalar_one():
        connection.execute(TELL, {"channel": JOBS_CHANNEL})


class Holder:
    """A session of its own that holds jobs, one at a time."""

    def __init__(self, engine: Engine, schema: str) -> None:
        self._engine, self._schema = engine, schema
        self._session: Connection | None = None

    @contextmanager
    def hold(self, key: str) -> Iterator[bool]:
        """Hold a job, unless somebody else does: that is what is given."""
        name = {"name": f"{self._schema} {key}"}
        session = self._session = self._session or self._connect()
        try:
            yield bool(session.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), name))
            session.execute(text("SELECT pg_advisory_unlock_all()"))
        except BaseException:
            self.close()  # whatever it is: with the session the lock ends
            raise

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
        self._session = None

    def _connect(self) -> Connection:
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        session.detach()  # so that it ends with us
        if self._engine.url.host:
            session.exec_driver_sql(KEEPALIVES)
        return session


def take_job(connection: Connection, key: str) -> Job | None:
    """Begin a job and return it; None where it is over, or its time has not come."""
    row = connection.execute(TAKE, {"key": key}).one_or_none()
    if row is None:
        return None
    connection.execute(BEGUN, {"key": key})
    return Job(*row)._replace(attempt=row.attempt + 1)


def count_call(connection: Connection, key: str) -> None:
    """Write down that an answer was asked for."""
    connection.execute(CALLED, {"key": key})


def end_job(
    connection: Connection,
    key: str,
    body: bytes | None = None,
    fetched_at: datetime | None = None,
    remark: str | None = None,
) -> None:
    """Write down that a job is done, with what came of it."""
    connection.execute(DONE, {"key": key, "body": body, "fetched_at": fetched_at, "remark": remark})
    connection.execute(TELL, {"channel": JOBS_CHANNEL})


def fail_job(connection: Connection, key: str, error: Exception) -> None:
    """Write down that a job has failed for good."""
    connection.execute(FAILED, {"key": key, "error": str(error), "error_kind": type(error).__name__})
    connection.execute(TELL, {"channel": JOBS_CHANNEL})


def put_back(connection: Connection, key: str, seconds: float, error: Exception, *, is_counted: bool) -> None:
    """Let a job wait; an attempt that was none is not counted."""
    said = {"error": str(error), "error_kind": type(error).__name__}
    connection.execute(LATER, {"key": key, "seconds": seconds, "uncounted": int(not is_counted), **said})


def take_answers(connection: Connection, keys: Sequence[str]) -> list[Answer]:
    """Return what became of jobs that are over; their bodies are kept no longer."""
    answers = [Answer(*row) for row in connection.execute(ANSWERS, {"keys": list(keys)})]
    if taken := [answer.key for answer in answers if answer.body is not None]:
        connection.execute(TAKEN, {"keys": taken})
    return answers


def unheld_jobs(connection: Connection, seconds: float, keys: Sequence[str] | None = None) -> list[str]:
    """Return jobs that nobody works on though they could, and of which no message was sent for so many seconds."""
    return list(connection.scalars(UNHELD, {"seconds": seconds, "keys": None if keys is None else list(keys)}))


def note_published(connection: Connection, keys: Sequence[str]) -> None:
    """Write down that messages were sent."""
    connection.execute(PUBLISHED, {"keys": list(keys)})


def requeue_jobs(connection: Connection, keys: Sequence[str] | None) -> list[str]:
    """Let failed jobs wait again, all or some, and return which."""
    return list(connection.scalars(REQUEUED, {"keys": None if keys is None else list(keys)}))


def forget_done(connection: Connection) -> None:
    """Remove what was done a day ago and more."""
    connection.execute(FORGOTTEN)
