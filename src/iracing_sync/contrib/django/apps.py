"""The application."""

from django.apps import AppConfig

from iracing_sync.contrib.django.options import APP_LABEL


class IracingSyncConfig(AppConfig):
    """iRacing's series, seasons and schedules, for reading."""

    name = "iracing_sync.contrib.django"
    label = APP_LABEL
    verbose_name = "iRacing"

    def ready(self) -> None:
        """Have the schema checked with the rest of the project."""
        from iracing_sync.contrib.django import checks  # noqa: F401 - it registers them
