"""Workers over Celery: `celery -A iracing_sync.contrib.celery worker`, or in INSTALLED_APPS of a Django project.

The tasks are in `tasks`; `app` is for those who have no Celery app of their own.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """Make our own app only for whoever asks for it."""
    if name == "app":
        from iracing_sync.contrib.celery.own_app import app

        return app
    raise AttributeError(name)
