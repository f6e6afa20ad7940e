"""The log, on standard error."""

import logging
import sys

import orjson

from iracing_sync.plain_text import plain_text
from iracing_sync.settings import Settings, doubts, load_settings, require_spelt_database

log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger and message."""
        line = {"at": self.formatTime(record), "level": record.levelname, "logger": record.name}
        return orjson.dumps(line | {"message": record.getMessage()}).decode()


class PlainLines(logging.Formatter):
    """One line for each message; a traceback follows in its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 # logging's name
        """Write a message in one line, whatever names are in it."""
        return plain_text(super().formatMessage(record))


def start(*, fills_database: bool = False) -> Settings:
    """Load the settings, start the log as they say, and say what is odd about them.

    A command that fills the database must not take another one because of a letter: raises SettingsError.
    """
    settings = load_settings()
    start_log(settings)
    for doubt in doubts():
        log.warning("%s", doubt)
    if fills_database:
        require_spelt_database(settings)
    return settings


def start_log(settings: Settings) -> None:
    """Send the log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(PlainLines("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for library in ("httpx", "httpcore", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)  # httpx logs presigned links
