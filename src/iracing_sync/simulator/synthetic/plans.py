"""The series of the simulated iRacing: invented names, and what is peculiar about each."""

from datetime import date
from typing import NamedTuple

from iracing_sync.quarters import Quarter
from iracing_sync.simulator.synthetic.racing_calendar import week_13_on

CATEGORY_IDS = {"oval": 1, "road": 2, "dirt_oval": 3, "dirt_road": 4, "sports_car": 5, "formula_car": 6}
LICENSES = {1: "Rookie", 2: "Class D", 3: "Class C", 4: "Class B", 5: "Class A"}


class Plan(NamedTuple):
    """One series.

    `rhythm` is `quarter`, `year` or `week13`; `traits` name the oddities of the real service that it shows.
    It begins in the quarter `first`, and is retired from the day `gone_on`.
    """

    series_id: int
    name: str
    category: str
    license_group: int
    first: Quarter
    rhythm: str = "quarter"
    traits: frozenset[str] = frozenset()
    gone_on: date | None = None

    @property
    def slot(self) -> int:
        """Its place among the season ids of a quarter."""
        return SLOTS_OF[self.series_id]

    @property
    def is_fixed(self) -> bool:
        """Whether setups are fixed."""
        return self.series_id % 3 == 0


def _plan(
    series_id: int,
    name: str,
    category: str,
    license_group: int,
    first: int | Quarter = 2008,
    *traits: str,
    gone_on: date | None = None,
) -> Plan:
    rhythm = next((word for word in traits if word in ("year", "week13")), "quarter")
    since = Quarter(first, 1) if isinstance(first, int) else first
    return Plan(series_id, name, category, license_group, since, rhythm, frozenset(traits) - {rhythm}, gone_on)


PLANS = [
    _plan(101, "Copper Kettle Coupes", "oval", 1),
    _plan(102, "Lantern Late Stocks", "oval", 2),
    _plan(103, "Gravel Haulers", "oval", 3, 2008, "super"),
    _plan(104, "Night Owl Ovals", "oval", 4, 2010, "trailing"),
    _plan(105, "Quarter Mile Quarrel", "oval", 1, 2013),
    _plan(106, "Long Haul Five Hundred", "oval", 5, 2016, "both_limits"),
    _plan(111, "Teapot Touring Cup", "sports_car", 1),
    _plan(112, "Harbour GT Sprint", "sports_car", 2, 2008, "trailing"),
    _plan(113, "Two Lighthouses Endurance", "sports_car", 4, 2009, "super", "team", "both_limits"),
    _plan(114, "Weekly Wheels", "sports_car", 2, 2012, "week_cars"),
    _plan(115, "Rotating Classes", "sports_car", 3, 2025, "week_classes"),
    _plan(116, "Prototype Parade", "sports_car", 5, 2015, "unlisted_class"),
    _plan(117, "Borrowed Keys Challenge", "sports_car", 3, 2019),
    _plan(121, "Ash Grove Formula", "formula_car", 1),
    _plan(122, "Oak Ridge Formula", "formula_car", 3),
    _plan(123, "Silver Visor Trophy", "formula_car", 4, 2011, "unlisted_track"),
    _plan(124, "Heritage Wing Society", "formula_car", 2, 2014, "both_limits"),
    _plan(125, "Paper Crown Invitational", "formula_car", 5, 2018, "restricted"),
    _plan(131, "Clay Pigeon Sprints", "dirt_oval", 1, 2017),
    _plan(132, "Muddy Boots League", "dirt_oval", 2, 2017, "heats"),
    _plan(133, "Thunder Barn Lates", "dirt_oval", 3, 2018, "super"),
    _plan(141, "Hedgehog Rallycross", "dirt_road", 1, 2018),
    _plan(142, "Puddle Jumper Cross", "dirt_road", 2, 2019, "trailing"),
    _plan(143, "Frost and Gravel", "dirt_road", 3, 2021),
    _plan(151, "Grand Calendar Ovals", "oval", 4, 2010, "year"),
    _plan(152, "Grand Calendar Formula", "formula_car", 4, 2014, "year", "both_limits"),
    _plan(153, "Grand Calendar Clay", "dirt_oval", 3, 2018, "year"),
    _plan(161, "Week Thirteen Shoebox", "oval", 1, 2008, "week13"),
    _plan(162, "Week Thirteen Swap Meet", "sports_car", 1, 2008, "week13"),
    _plan(163, "Week Thirteen Kites", "formula_car", 1, 2012, "week13"),
    _plan(164, "Week Thirteen Mudlark", "dirt_road", 1, 2018, "week13"),
    _plan(118, "Paperclip Prototypes", "sports_car", 2, Quarter(2025, 4)),
    _plan(134, "Mossy Bank Sprints", "dirt_oval", 2, Quarter(2026, 2)),
    _plan(126, "Farewell Formula", "formula_car", 3, 2012, gone_on=week_13_on(Quarter(2025, 4))),
    _plan(154, "Grand Calendar Touring", "sports_car", 3, 2020, "year", gone_on=date(2026, 5, 12)),
    _plan(119, "Forgotten Fenders", "sports_car", 2, 2014, gone_on=date(2019, 7, 23)),
]
"""New ones come last, for season ids follow from the places here."""

PLAN_OF = {plan.series_id: plan for plan in PLANS}
SLOTS_OF = {plan.series_id: slot for slot, plan in enumerate(PLANS)}
