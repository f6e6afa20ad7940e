"""What `run` and `plan` are asked for."""

import re
from collections.abc import Sequence

import typer

from iracing_sync.errors import SettingsError
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from iracing_sync.settings import Settings
from iracing_sync.sync.options import Options

YEAR = typer.Option(
    None, min=FIRST_YEAR, max=LAST_YEAR, help="Season year; with --quarter. Without: what is active now."
)
QUARTER = typer.Option(None, help="Season quarter: 1 to 4 with --year, or 2024Q1 without; may be repeated.")
HISTORY = typer.Option(False, "--history", help="Every past quarter not yet stored, the newest first.")
SINCE = typer.Option(
    FIRST_YEAR, min=FIRST_YEAR, max=LAST_YEAR, help="With --history: back to the first quarter of this year."
)
COMPLETE = typer.Option(
    True,
    "--complete/--no-complete",
    "--verify/--no-verify",
    help="Compare each quarter with iRacing's own list, and ask for what it lacks.",
)

WHOLE_NAME = re.compile(r"(\d{4})[QqSs]([1-4])")
"""A quarter with its year, as in 2024Q1."""

QUARTERS_OF_A_YEAR = ("1", "2", "3", "4")

USUAL_LIMIT = 240
"""How many calls a minute iRacing allows, as far as has been seen."""


def run_options(
    settings: Settings, *, year: Sequence[int] | None, quarter: Sequence[str] | None, **given: object
) -> Options:
    """Return what is asked for; raises SettingsError where that contradicts itself."""
    options = Options(
        quarters=quarters_asked_for(year or (), quarter or ()),
        grace_days=settings.grace_days,
        parallel=settings.api_parallel,
        calls_a_minute=calls_a_minute(settings),
        **given,  # type: ignore[arg-type]
    )
    if options.refresh and options.offline:
        raise SettingsError("--refresh asks iRacing and --offline forbids it: keep one")
    if options.history and options.quarters:
        raise SettingsError("--history covers every past quarter: leave out --year and --quarter, or give --since")
    return options


def quarters_asked_for(years: Sequence[int], quarters: Sequence[str]) -> tuple[Quarter, ...]:
    """Return the quarters meant by --year and --quarter, each once; raises SettingsError where that cannot be told.

    >>> quarters_asked_for([], ["2024Q1", "2024Q2"])
    (Quarter(year=2024, number=1), Quarter(year=2024, number=2))
    """
    if len(years) > 1:
        raise SettingsError("--year is given twice: several quarters are --quarter 2024Q1 --quarter 2024Q2")
    if not years:
        return tuple(dict.fromkeys(map(quarter_with_year, quarters)))
    if not quarters:
        raise SettingsError("--year and --quarter go together: iRacing looks up past seasons by both")
    return tuple(dict.fromkeys(Quarter(years[0], quarter_of_year(quarter)) for quarter in quarters))


def quarter_with_year(said: str) -> Quarter:
    """Read a quarter that names its year."""
    read = WHOLE_NAME.fullmatch(said)
    if read and FIRST_YEAR <= int(read[1]) <= LAST_YEAR:
        return Quarter(int(read[1]), int(read[2]))
    if said in QUARTERS_OF_A_YEAR:
        raise SettingsError("--year and --quarter go together: iRacing looks up past seasons by both")
    raise SettingsError(
        f"--quarter {said}: expected a quarter since {FIRST_YEAR} such as 2024Q1, or 1 to 4 with --year"
    )


def quarter_of_year(said: str) -> int:
    """Read a quarter whose year is given beside it."""
    if WHOLE_NAME.fullmatch(said):
        raise SettingsError(f"--quarter {said} names its year: leave out --year")
    if said not in QUARTERS_OF_A_YEAR:
        raise SettingsError(f"--quarter {said}: expected 1 to 4")
    return int(said)


def calls_a_minute(settings: Settings) -> float:
    """Return at which pace a run asks, as far as is known before it does."""
    return min(60 * settings.api_rps, USUAL_LIMIT * (1 - settings.api_reserve_pct / 100))
