"""`manage.py iracing_sync …`: every command of iracing-sync on the project's database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from iracing_sync.contrib.django.command_line import become, run


class Command(BaseCommand):
    """Passes its words on to iracing-sync."""

    help = "Run iracing-sync on this project's database: `manage.py iracing_sync --help` lists its commands."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Become iracing-sync; only where the settings are is Django's to know, which has read that by now."""
        djangos = CommandParser(add_help=False, allow_abbrev=False)
        djangos.add_argument("--settings")
        djangos.add_argument("--pythonpath")
        become(djangos.parse_known_args(argv[2:])[1])

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whatever follows."""
        parser.add_argument("words", nargs="...", help="a command of iracing-sync and its options")

    def handle(self, **options: Any) -> None:
        """Run iracing-sync for `call_command`."""
        run(options["words"], self.stdout, self.stderr)
