"""`manage.py sync_iracing_series`: what `iracing-sync run` does, on the project's database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from iracing_sync.contrib.django.command_line import become, run


class Command(BaseCommand):
    """Fetches, maps and loads series, seasons and schedules."""

    help = (
        "Bring iRacing's series, seasons and schedules up to date: `iracing-sync run` with its summary and exit codes. "
        "Its other options: `manage.py iracing_sync run --help`."
    )
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Become `iracing-sync run`."""
        self._called_from_command_line = True  # a wrong option is a line and exit 2
        become(words_of(vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))))

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the options of `run` that a nightly job needs."""
        parser.add_argument("--year", type=int, help="the year of one quarter, with --quarter")
        parser.add_argument("--quarter", help="1 to 4 with --year, or as in 2025Q2")
        parser.add_argument("--refresh", action="store_true", help="ask iRacing again, whatever the cache holds")
        parser.add_argument("--headless", action="store_true", help="never ask, never draw")

    def handle(self, **options: Any) -> None:
        """Run it for `call_command`."""
        run(words_of(options), self.stdout, self.stderr)


def words_of(options: dict[str, Any]) -> list[str]:
    """Return the words of `iracing-sync run`.

    >>> words_of({"year": 2025, "quarter": "2", "refresh": True, "headless": False})
    ['run', '--year', '2025', '--quarter', '2', '--refresh']
    """
    words = ["run"]
    for name in ("year", "quarter"):
        words += [] if options[name] is None else [f"--{name}", str(options[name])]
    return words + [f"--{name}" for name in ("refresh", "headless") if options[name]]
