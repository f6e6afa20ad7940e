"""The log, on standard error."""

import logging
import sys

import orjson

from iracing_sync.plain_text import plain_text
from iracing_sync.settings import Settings, load_settings


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


def start() -> Settings:
    """Load the settings and start the log as they say."""
    settings = load_settings()
    start_log(settings)
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
