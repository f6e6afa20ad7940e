"""The app of those who have none of their own; the broker is IRACING_BROKER_URL."""

from celery import Celery

from iracing_sync.jobs.broker import broker_options, require_broker
from iracing_sync.settings import load_settings

app = Celery("iracing_sync", set_as_current=False, include=["iracing_sync.contrib.celery.tasks"])
app.conf.update(
    broker_options(),
    broker_url=require_broker(load_settings()),
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
)
