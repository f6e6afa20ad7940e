"""What to buy: the cheapest tracks and cars with which enough weeks of some series can be raced."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_STEPS = 100_000
"""The search ends after so many: far more than twenty packages need. What is best by then may not be the cheapest."""


class Package(NamedTuple):
    """What is bought: a track with all its layouts, or a car."""

    kind: str
    package_id: int


class Week(NamedTuple):
    """What a week needs: its track, and any one of its cars."""

    track: Package
    cars: frozenset[Package]

    def is_served(self, owned: frozenset[Package]) -> bool:
        """Tell whether one can race in it."""
        return self.track in owned and not self.cars.isdisjoint(owned)


class Goal(NamedTuple):
    """The weeks of a series, and in how many of them one wants to race at least."""

    weeks: Sequence[Week]
    least: int

    def lacking(self, owned: frozenset[Package]) -> int:
        """Return how many weeks are still lacking."""
        return max(0, self.least - sum(week.is_served(owned) for week in self.weeks))


class Purchase(NamedTuple):
    """What to buy, None where no purchase reaches the goals; `is_cheapest` where nothing cheaper does for certain."""

    packages: frozenset[Package] | None
    is_cheapest: bool


@dataclass
class Search:
    """A search through all purchases that could be cheaper than the best one so far; prices are in cents."""

    goals: Sequence[Goal]
    prices: Mapping[Package, int]
    best: frozenset[Package] | None = None
    best_cost: int = 0
    steps: int = field(default=0)

    def is_enough(self, owned: frozenset[Package]) -> bool:
        """Tell whether all goals are reached."""
        return not any(goal.lacking(owned) for goal in self.goals)

    def keep(self, chosen: frozenset[Package], cost: int) -> None:
        """Keep a purchase if it is cheaper."""
        if self.best is None or cost < self.best_cost:
            self.best, self.best_cost = chosen, cost

    def look(self, owned: frozenset[Package], chosen: frozenset[Package], cost: int, left: tuple[Package, ...]) -> None:
        """Look for cheaper purchases that hold what is chosen, and nothing but it and some of what is left."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            return
        if self.is_enough(owned):
            self.keep(chosen, cost)
            return
        if not left or not self.is_enough(owned | frozenset(left)):
            return
        if self.best is not None and cost + self.least_more(owned, left) >= self.best_cost:
            return
        first, rest = left[0], left[1:]
        self.look(owned | {first}, chosen | {first}, cost + self.prices[first], rest)
        self.look(owned, chosen, cost, rest)

    def least_more(self, owned: frozenset[Package], left: Iterable[Package]) -> int:
        """Return what must be paid at least: for the cheapest tracks that a goal lacks, were its cars for nothing."""
        there = frozenset(left)
        return max((self.least_for(goal, owned, there) for goal in self.goals), default=0)

    def least_for(self, goal: Goal, owned: frozenset[Package], left: frozenset[Package]) -> int:
        """Return what the tracks of one goal cost at least; one track may serve several weeks."""
        served: dict[Package, int] = {}
        ready = 0
        for week in goal.weeks:
            if week.track in owned:
                ready += 1
            elif week.track in left:
                served[week.track] = served.get(week.track, 0) + 1
        lacking, paid = goal.least - ready, 0
        for track in sorted(served, key=lambda one: self.prices[one] / served[one]):
            if lacking <= 0:
                break
            paid += self.prices[track] * min(lacking, served[track]) // served[track]
            lacking -= served[track]
        return paid


def cheapest(goals: Sequence[Goal], prices: Mapping[Package, int], owned: Iterable[Package] = ()) -> Purchase:
    """Return the cheapest packages to buy, given the prices in cents of all that can be bought.

    >>> spa, cup = Package("track", 1), Package("car", 2)
    >>> cheapest([Goal([Week(spa, frozenset({cup}))], 1)], {spa: 1495, cup: 1195}).packages == {spa, cup}
    True
    """
    have = frozenset(owned)
    useful = {one for goal in goals for week in goal.weeks for one in (week.track, *week.cars)}
    wanted = without_worse(useful & prices.keys() - have, prices, goals)
    order = tuple(sorted(wanted, key=lambda one: (-len(served_by(one, goals)), prices[one], one)))
    search = Search(goals, prices)
    if not search.is_enough(have | frozenset(order)):
        return Purchase(None, is_cheapest=True)
    greedy = greedy_choice(search, have, order)
    search.keep(greedy, sum(prices[one] for one in greedy))
    search.look(have, frozenset(), 0, order)
    return Purchase(search.best, is_cheapest=search.steps <= MOST_STEPS)


def without_worse(packages: Iterable[Package], prices: Mapping[Package, int], goals: Sequence[Goal]) -> set[Package]:
    """Return packages without those in whose place another one serves the same weeks, and is not dearer."""
    kept: dict[Package, frozenset[tuple[int, int]]] = {}
    every = {package: served_by(package, goals) for package in packages}
    for package in sorted(every, key=lambda one: (prices[one], -len(every[one]), one)):
        if not any(every[package] <= weeks and other.kind == package.kind for other, weeks in kept.items()):
            kept[package] = every[package]
    return set(kept)


def served_by(package: Package, goals: Sequence[Goal]) -> frozenset[tuple[int, int]]:
    """Return the weeks in which a package is of use."""
    return frozenset(
        (i, j)
        for i, goal in enumerate(goals)
        for j, week in enumerate(goal.weeks)
        if package == week.track or package in week.cars
    )


def greedy_choice(search: Search, owned: frozenset[Package], every: Sequence[Package]) -> frozenset[Package]:
    """Return what is left of everything when the dearest that can be done without are left out, one after the other."""
    kept = frozenset(every)
    for one in sorted(every, key=lambda package: (-search.prices[package], package)):
        if search.is_enough(owned | (kept - {one})):
            kept -= {one}
    return kept
