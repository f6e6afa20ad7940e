"""`manage.py send_iracing_changes`: the signal `schedule_changed`, for each change once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from iracing_sync.contrib.django.signals import READER, send_changes
from iracing_sync.errors import SyncError


class Command(BaseCommand):
    """Sends the signal as changes come, until it is ended."""

    help = (
        "Send the signal schedule_changed for each change of the schedule, once and in order, until ended; "
        "what came while nobody listened comes first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose place is kept, and whether to end."""
        parser.add_argument("--reader", default=READER, help="whose place is kept (default: %(default)s)")
        parser.add_argument("--once", action="store_true", help="end once there is nothing new, as from cron")

    def handle(self, **options: Any) -> None:
        """Send."""
        try:
            send_changes(options["reader"], once=options["once"])
        except SyncError as error:
            raise CommandError(str(error), returncode=error.exit_code) from None
