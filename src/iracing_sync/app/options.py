"""What of a run's options the settings say, wherever the run takes place."""

from dataclasses import replace

from iracing_sync.settings import Settings
from iracing_sync.sync.options import Options

USUAL_LIMIT = 240
"""How many calls a minute iRacing allows, as far as has been seen."""


OF_SETTINGS = ("grace_days", "parallel", "calls_a_minute")
"""The options that nobody is asked for by word."""


def as_settings_say(options: Options, settings: Settings) -> Options:
    """Return options with the grace period, the width and the pace of the settings."""
    pace = min(60 * settings.api_rps, USUAL_LIMIT * (1 - settings.api_reserve_pct / 100))
    return replace(options, grace_days=settings.grace_days, parallel=settings.api_parallel, calls_a_minute=pace)
