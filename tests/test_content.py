"""The cheapest way to enough weeks, beside every way that there is."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from iracing_sync.content import Goal, Package, Purchase, Week, cheapest

TRACKS = [Package("track", number) for number in range(6)]
CARS = [Package("car", number) for number in range(4)]
WEEKS = st.builds(Week, st.sampled_from(TRACKS), st.frozensets(st.sampled_from(CARS), min_size=1, max_size=3))
GOALS = st.lists(
    st.lists(WEEKS, min_size=1, max_size=6).flatmap(
        lambda weeks: st.builds(Goal, st.just(weeks), st.integers(0, len(weeks)))
    ),
    min_size=1,
    max_size=3,
)
PRICES = st.fixed_dictionaries(dict.fromkeys([*TRACKS, *CARS], st.integers(1, 9)))
OWNED = st.frozensets(st.sampled_from([*TRACKS, *CARS]), max_size=3)


def every_cost(goals, prices, owned):
    """Yield what each set of packages costs that reaches the goals."""
    left = sorted(set(prices) - owned)
    for chosen in chain.from_iterable(combinations(left, number) for number in range(len(left) + 1)):
        if not any(goal.lacking(owned | frozenset(chosen)) for goal in goals):
            yield sum(prices[one] for one in chosen)


@given(GOALS, PRICES, OWNED)
def test_nothing_is_cheaper_than_the_cheapest(goals, prices, owned) -> None:
    found = cheapest(goals, prices, owned)

    assert found.is_cheapest
    assert not found.packages & owned
    assert not any(goal.lacking(owned | found.packages) for goal in goals)
    assert sum(prices[one] for one in found.packages) == min(every_cost(goals, prices, owned))


def test_what_is_not_for_sale_cannot_be_reached() -> None:
    goal = Goal([Week(TRACKS[0], frozenset({CARS[0]}))], 1)

    assert cheapest([goal], {CARS[0]: 1195}) == Purchase(None, is_cheapest=True)
    assert cheapest([goal], {CARS[0]: 1195}, [TRACKS[0]]).packages == {CARS[0]}
    assert cheapest([Goal(goal.weeks, 0)], {}).packages == frozenset()


def test_a_season_of_twenty_packages_is_searched_to_the_end() -> None:
    weeks = [Week(Package("track", number), frozenset(CARS)) for number in range(16)]
    prices = {Package("track", number): 1195 + 100 * (number % 4) for number in range(16)} | dict.fromkeys(CARS, 1195)

    found = cheapest([Goal(weeks, 8), Goal(weeks[4:], 6)], prices)

    assert found.is_cheapest
    assert sum(prices[one] for one in found.packages) == 1195 + 4 * 1195 + 4 * 1295
