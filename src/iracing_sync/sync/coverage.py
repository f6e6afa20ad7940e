"""How much of its quarter a list with schedules holds: learnt from the last quarters, planned by, kept between runs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, inspect, select

from iracing_sync.tables.own import PAST_QUARTER

ENOUGH = 3
"""So many quarters running without schedules, and the others are asked for season by season."""

MEMORY = timedelta(days=7)
"""How long what was learnt is planned by."""

USUAL_SEASONS = 87
"""How many seasons a quarter has as long as none is known: some 6,500 in 75 quarters."""


class Lesson(NamedTuple):
    """How many seasons iRacing names of a quarter, and how many of them came with schedules."""

    named: int
    listed: int


@dataclass
class Coverage:
    """What the last quarters have taught, the newest lesson last; `usual` is how many seasons a quarter has."""

    lessons: list[Lesson] = field(default_factory=list)
    usual: float = USUAL_SEASONS

    def learn(self, lesson: Lesson) -> None:
        """Add a lesson; an empty quarter teaches nothing."""
        if lesson.named:
            self.lessons = [*self.lessons, lesson][-ENOUGH:]

    @property
    def asks_by_season(self) -> bool:
        """Tell whether iRacing has shown that it gives no schedules by quarter."""
        return len(self.lessons) == ENOUGH and not any(lesson.listed for lesson in self.lessons)

    @property
    def lists_schedules(self) -> bool:
        """Tell whether the last quarter came with schedules."""
        return bool(self.lessons) and self.lessons[-1].listed > 0

    def calls_for(self, quarters: int) -> tuple[int, int]:
        """Return how many calls the seasons cost that the lists of so many quarters lack, at least and at most.

        Each costs its schedule, and each of their series once its history: three quarters hold most of them.
        """
        if self.lessons:
            lacking = sum(lesson.named - lesson.listed for lesson in self.lessons) / len(self.lessons)
            calls = round(lacking * (quarters + min(quarters, 3)))
            return calls, calls
        return 0, round(self.usual * (quarters + min(quarters, 3)))

    def in_words(self) -> str:
        """Say what was learnt."""
        if not self.lessons:
            return "how much of a quarter iRacing lists is not known yet"
        listed, named = sum(one.listed for one in self.lessons), sum(one.named for one in self.lessons)
        much = "all" if listed >= named else "part" if listed else "none"
        return f"iRacing lists {much} of a quarter ({listed} of {named} seasons in the last {len(self.lessons)})"


def remembered_coverage(connection: Connection, at: datetime) -> Coverage:
    """Return what earlier runs have learnt, unless that was long ago."""
    if not inspect(connection).has_table(PAST_QUARTER.name):
        return Coverage()
    noted = PAST_QUARTER.c
    named = noted.seasons + func.coalesce(noted.lacking, 0)
    recent = (
        select(named, noted.listed)
        .where(noted.listed.is_not(None), noted.lacking.is_not(None), named > 0, noted.loaded_at > at - MEMORY)
        .order_by(noted.loaded_at.desc(), noted.season_year, noted.season_quarter)
        .limit(ENOUGH)
    )
    usual = connection.scalar(select(func.avg(named)).where(named > 0))
    lessons = [Lesson(*row) for row in connection.execute(recent)]
    return Coverage(lessons[::-1], float(usual or USUAL_SEASONS))
