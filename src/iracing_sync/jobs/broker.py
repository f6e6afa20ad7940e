"""Messages to workers: hints that there is a job, sent over a broker, which may lose them or send them twice."""

import logging
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from iracing_sync.errors import SettingsError
from iracing_sync.extras import require_extra
from iracing_sync.jobs.rows import note_published, unheld_jobs
from iracing_sync.plain_text import one_line
from iracing_sync.settings import Settings

log = logging.getLogger(__name__)

TASK = "iracing_sync.work_on"
"""What a worker calls the task that works on a job."""

PASSING = 5.0
"""Seconds in which a broker must answer: what it does not take is sent again."""

OF_APP = (
    *("broker_use_ssl", "broker_login_method", "task_routes", "task_queues", "task_default_queue"),
    *("task_default_exchange", "task_default_exchange_type", "task_default_routing_key"),
)
"""What of an application's Celery says how a message comes to its workers."""

PUBLISH_AGAIN_SECONDS = 5.0
"""After so long a job that nobody holds is published again: its message, or who had it, is gone."""

Publish = Callable[[Sequence[str]], None]


def broker_options() -> dict[str, Any]:
    """Return how a broker is spoken to, by whoever sends and by workers."""
    return {
        "broker_connection_timeout": PASSING,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {"socket_connect_timeout": PASSING, "socket_timeout": 4 * PASSING},
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_hijack_root_logger": False,
    }


def require_broker(settings: Settings) -> str:
    """Return the address of the broker; raises SettingsError where none is set, or celery is not installed."""
    require_extra("celery")
    if settings.broker_url is None:
        raise SettingsError("IRACING_BROKER_URL is not set: redis://host:6379/0, valkey too, or amqp://user@host//")
    return settings.broker_url.get_secret_value()


def sender_of(settings: Settings) -> Any:
    """Return what sends to the broker that is set; raises SettingsError as above."""
    return sender_to(require_broker(settings))


@cache
def sender_to(address: str) -> Any:
    """Return what sends to a broker, one a process: it keeps its connections."""
    from celery import Celery  # it takes a quarter of a second to import

    sender = Celery("iracing_sync", broker=address, set_as_current=False)
    sender.conf.update(broker_options(), broker_connection_max_retries=0)
    return sender


@cache
def sender_beside(app: Any) -> Any:
    """Return what sends where an application does, to the queues that it names, but waits for no broker."""
    sender = sender_to(app.conf.broker_write_url or app.conf.broker_url)
    transport = sender.conf.broker_transport_options | (app.conf.broker_transport_options or {})
    sender.conf.update({name: app.conf[name] for name in OF_APP}, broker_transport_options=transport)
    return sender


def place_of(sender: Any) -> str:
    """Return where a broker is, the first of several, without who may speak to it."""
    parts = urlsplit(sender.conf.broker_url.partition(";")[0])
    return f"{parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"


def open_publisher(sender: Any, engine: Engine) -> Publish:
    """Return what sends a message for each of some jobs and writes that down.

    That a broker takes none is said once: what waits is sent again by whoever looks next.
    """
    is_away = False

    def publish(keys: Sequence[str]) -> None:
        nonlocal is_away
        try:
            with sender.producer_pool.acquire(block=True, timeout=PASSING) as producer:
                for key in keys:
                    sender.send_task(TASK, [key], producer=producer, retry=False, ignore_result=True)
        except Exception as error:  # of whichever broker
            level = logging.DEBUG if is_away else logging.WARNING
            why = one_line(str(error)) or type(error).__name__
            log.log(level, "the broker at %s takes no message; what waits is sent again: %s", place_of(sender), why)
            is_away = True
            return
        if is_away:
            log.info("the broker at %s takes messages again", place_of(sender))
            is_away = False
        with engine.begin() as connection:
            note_published(connection, keys)

    return publish


def publish_unheld(sender: Any, engine: Engine, after_seconds: float = PUBLISH_AGAIN_SECONDS) -> int:
    """Publish again what waits and nobody holds, whoever wanted it; return how much that is."""
    with engine.begin() as connection:
        keys = unheld_jobs(connection, after_seconds)
    if keys:
        open_publisher(sender, engine)(keys)
    return len(keys)
