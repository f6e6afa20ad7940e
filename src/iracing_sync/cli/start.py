"""How a command begins."""

from iracing_sync.app.log import Detail, start_log
from iracing_sync.cli.for_all import GIVEN
from iracing_sync.settings import Settings, load_settings


def start() -> Settings:
    """Load the settings and start the log, as they and the options for all say."""
    settings = load_settings()
    start_log(settings, detail())
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


def is_quiet() -> bool:
    """Tell whether nothing is to be said where all is well."""
    return bool(GIVEN.get("quiet"))
