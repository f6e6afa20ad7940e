"""Tell another program of a run's important changes."""

import logging

import httpx
import orjson
from sqlalchemy import Engine

from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.result import Result

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5


def post_changes(url: str, engine: Engine, result: Result) -> None:
    """POST the run's changes of high severity in current and future rounds as one JSON object.

    Nothing is sent where there are none. A failure is a warning and never makes the run fail; the address itself is
    not logged, for it may hold a secret.
    """
    if not (result.changes["current"] or result.changes["future"]):
        return
    with engine.begin() as connection:
        wanted = ChangeFilter(run_id=result.run_id, phases=("current", "future"), severity="high")
        changes = read_changes(connection, wanted)
    if not changes:
        return
    body = orjson.dumps({"run_id": str(result.run_id), "changes": changes}, default=str)
    try:
        answer = httpx.post(url, content=body, headers={"content-type": "application/json"}, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        status = f" {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else ""
        message = f"--notify-url could not be told of {len(changes)} changes: {type(error).__name__}{status}"
        log.warning("%s", message)
        result.warnings.append(message)
