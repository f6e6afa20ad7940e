"""Tell people of a run over the services that apprise knows: Discord, Slack, Telegram, ntfy, mail, plain JSON."""

import logging
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Engine

from iracing_sync.changes.digest import digest
from iracing_sync.changes.phases import CURRENT, FUTURE
from iracing_sync.errors import SettingsError, SyncError
from iracing_sync.extras import require_extra
from iracing_sync.plain_text import how_many
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.result import Result
from iracing_sync.tables.rows import Row

log = logging.getLogger(__name__)

FAILURE, CHANGES, NEW_SEASON = "failure", "changes", "new-season"
"""The occasions on which there is something to tell."""

AS_JSON = ("json://", "jsons://")
"""The addresses whose message is the JSON object itself."""

MOST_LINES = 30
"""A message is for reading: the rest is in `iracing-sync changes`."""


class Notice(NamedTuple):
    """What is told: a title, lines to read, and the same as an object; `kind` is apprise's, by which it colours."""

    title: str
    lines: Sequence[str]
    content: dict[str, Any]
    kind: str = "info"


class Services:
    """The services that a person named; raises SettingsError for an address that apprise does not know.

    No address is ever logged: most hold a secret.
    """

    def __init__(self, urls: Sequence[str], occasions: Collection[str]) -> None:
        self._occasions = occasions
        self._services: list[tuple[Any, bool]] = []
        if not urls:
            return
        require_extra("notify")
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        for number, url in enumerate(urls, 1):
            service = service_at(url)
            if service is None:
                raise SettingsError(
                    f"--notify: address {number} is none that apprise knows: expected one such as "
                    "ntfy://TOPIC, discord://ID/TOKEN, mailto://USER:PASSWORD@HOST or json://HOST/PATH"
                )
            self._services.append((service, url.lower().startswith(AS_JSON)))

    def tell_of_run(self, engine: Engine, result: Result) -> None:
        """Tell of a run what there is to tell; that nobody could be told is a warning of the run."""
        notice = notice_of(engine, result, self._occasions) if self._services else None
        if notice and (failed := self._tell(notice)):
            result.warn(f"--notify: {failed} of {len(self._services)} addresses could not be told")

    def tell_of_failure(self, error: SyncError) -> None:
        """Tell that a run could not even begin."""
        if self._services and FAILURE in self._occasions and error.exit_code:
            lines = (str(error), f"next: {error.next}")
            if failed := self._tell(Notice(failure_title(error.exit_code), lines, error.as_dict(), "failure")):
                log.warning("--notify: %d of %d could not be told", failed, len(self._services))

    def _tell(self, notice: Notice) -> int:
        """Send a notice everywhere, and return how often that failed."""
        return sum(not self._is_told(service, is_json, notice) for service, is_json in self._services)

    def _is_told(self, service: Any, is_json: bool, notice: Notice) -> bool:
        body = orjson.dumps(notice.content, default=str).decode() if is_json else "\n".join(first_of(notice.lines))
        try:
            return bool(service.notify(title=notice.title, body=body, body_format="text", notify_type=notice.kind))
        except Exception as error:  # whatever a service does, the run is what it is
            log.debug("a notice could not be sent: %s", type(error).__name__)
            return False


def service_at(url: str) -> Any:
    """Return the service at an address, None where apprise knows none; it loads all that it knows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it imports
        import apprise  # it takes 0.3 s to import

        return apprise.Apprise.instantiate(url)


def notice_of(engine: Engine, result: Result, occasions: Collection[str]) -> Notice | None:
    """Return what there is to tell of a run, None where there is nothing."""
    has_failed = bool(result.exit_code) and FAILURE in occasions
    with engine.begin() as connection:
        wanted = ChangeFilter(run_id=result.run_id, phases=(CURRENT, FUTURE), severity="medium")
        changes = list(wanted_changes(read_changes(connection, wanted), occasions)) if result.has_ended else []
    if not (has_failed or changes):
        return None
    lines = list(digest(changes))
    if has_failed:
        lines = [*result.warnings, *lines]
    title = failure_title(result.exit_code) if has_failed else f"iRacing: {how_many(len(changes), 'change')}"
    content = {**result.as_dict(), "schedule_changes": changes}
    return Notice(title, lines, content, kind_of(result) if has_failed else "info")


def kind_of(result: Result) -> str:
    """Return as what apprise tells of a failure: what is partial is stored otherwise."""
    return "warning" if result.status == "partial" else "failure"


def failure_title(exit_code: int) -> str:
    """Return how a notice of a failure begins."""
    return f"iracing-sync: the run ended with exit {exit_code}"


def wanted_changes(changes: Iterable[Row], occasions: Collection[str]) -> Iterator[Row]:
    """Yield the changes of which someone wants to hear."""
    for change in changes:
        if (NEW_SEASON if change["field"] == "season" else CHANGES) in occasions:
            yield change


def first_of(lines: Sequence[str]) -> Iterator[str]:
    """Yield as many lines as a person reads, and how many more there are."""
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"… and {len(lines) - MOST_LINES} more lines: iracing-sync changes"
