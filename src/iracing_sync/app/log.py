"""The log, on standard error."""

import logging
import sys
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TextIO
from uuid import UUID

import orjson

from iracing_sync.errors import SyncError
from iracing_sync.plain_text import plain_text
from iracing_sync.settings import Settings
from iracing_sync.terminal import in_colour

log = logging.getLogger(__name__)

COLOURS = {logging.WARNING: "yellow", logging.ERROR: "red", logging.CRITICAL: "red"}


class Detail(Enum):
    """How much is logged, where a person says so for one command."""

    QUIET = logging.WARNING
    VERBOSE = logging.DEBUG
    DEBUG = logging.DEBUG - 1
    """As much, and where an error comes from."""


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger, message and run, and where an error comes from."""
        line: dict[str, Any] = {"at": iso_time(record), "level": record.levelname, "logger": record.name}
        line |= {"run_id": run_id_of(record), "message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


class PlainLines(logging.Formatter):
    """One line for each message, in colour on a terminal; a traceback follows in its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 # logging's name
        """Write a message in one line, whatever names are in it."""
        of_run = f" [{run_id[:8]}]" if (run_id := run_id_of(record)) else ""
        line = plain_text(f"{iso_time(record)} {record.levelname}{of_run} {record.getMessage()}")
        return in_colour(line, COLOURS.get(record.levelno), sys.stderr)


class ToStandardError(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment: a progress bar stays below the lines of the log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        self.stream = sys.stderr
        super().emit(record)


def iso_time(record: logging.LogRecord) -> str:
    """Return when a message was logged, as ISO 8601 has it, with its zone."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def run_id_of(record: logging.LogRecord) -> str | None:
    """Return the id of the run in which a message was logged, None outside of any."""
    return getattr(record, "run_id", None)


def start_log(settings: Settings, detail: Detail | None = None) -> None:
    """Send the log to standard error."""
    handler = ToStandardError()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else PlainLines())
    if detail is Detail.VERBOSE:
        handler.addFilter(without_traceback)
    logging.basicConfig(level=detail.value if detail else settings.log_level, handlers=[handler], force=True)
    for library in ("httpx", "httpcore", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)  # httpx logs presigned links


def log_run(run_id: UUID) -> None:
    """Let what is logged from now on bear the id of a run."""

    def add_run_id(record: logging.LogRecord) -> bool:
        record.run_id = str(run_id)
        return True

    for handler in logging.getLogger().handlers:
        handler.addFilter(add_run_id)


def without_traceback(record: logging.LogRecord) -> bool:
    """Leave out where an error comes from."""
    record.exc_info = None
    return True


def log_as_json(error: SyncError) -> bool:
    """Log why a command ends where the log is one for programs; false where it is for people."""
    if not any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers):
        return False
    log.error("%s", error)
    return True
