"""What people write for a quarter: 2024Q1, or 1 with a year."""

import re
from collections.abc import Sequence

from iracing_sync.errors import SettingsError
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR, Quarter

WHOLE_NAME = re.compile(r"(\d{4})[QqSs]([1-4])")
"""A quarter with its year, as in 2024Q1."""

QUARTERS_OF_A_YEAR = ("1", "2", "3", "4")


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
        raise SettingsError("--year and --quarter go together, or write --quarter 2024Q1")
    return tuple(dict.fromkeys(Quarter(years[0], quarter_of_year(quarter)) for quarter in quarters))


def run_for(quarter: Quarter | None) -> str:
    """Return the command that brings in a quarter, or what is active.

    >>> run_for(Quarter(2019, 3))
    'iracing-sync run --quarter 2019Q3'
    """
    return f"iracing-sync run --quarter {quarter.year}Q{quarter.number}" if quarter else "iracing-sync run"


def quarter_with_year(said: str) -> Quarter:
    """Read a quarter that names its year."""
    read = WHOLE_NAME.fullmatch(said)
    if read and FIRST_YEAR <= int(read[1]) <= LAST_YEAR:
        return Quarter(int(read[1]), int(read[2]))
    if said in QUARTERS_OF_A_YEAR:
        raise SettingsError("--year and --quarter go together, or write --quarter 2024Q1")
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
