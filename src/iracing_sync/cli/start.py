"""How a command begins."""

import logging
from pathlib import Path

from iracing_sync.app.log import Detail, start_log
from iracing_sync.cli.for_all import GIVEN
from iracing_sync.places import use_env_file
from iracing_sync.settings import Settings, doubts, load_settings, require_spelt_database

log = logging.getLogger(__name__)


def start(*, at: str | None = None, fills_database: bool = False) -> Settings:
    """Load the settings, start the log as they and the options for all say, and say what is odd about them.

    `at` is the moment that a command is to take for the present. One that fills the database must not take another
    because of a letter: raises SettingsError.
    """
    if file := GIVEN.get("env_file"):
        use_env_file(Path(file))
    settings = load_settings(**({"at": at} if at else {}))
    start_log(settings, detail())
    for doubt in doubts():
        log.warning("%s", doubt)
    if fills_database:
        require_spelt_database(settings)
    return settings


def start_own(settings: Settings) -> None:
    """Start the log for settings that are not the user's."""
    start_log(settings, detail())


def detail() -> Detail | None:
    """Return how much is to be logged, None where that is left to the settings."""
    for name in ("debug", "verbose", "quiet"):
        if GIVEN.get(name):
            return Detail[name.upper()]
    return None
