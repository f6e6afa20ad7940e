"""What happens in the invented world, as its own truth has it and as its documents show it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from iracing_sync.changes.older_shape import in_older_shape
from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.simulator import SyntheticWorld
from iracing_sync.simulator.synthetic.plans import PLANS
from iracing_sync.simulator.synthetic.racing_calendar import quarters_between
from simulator.noise import without_noise

pytestmark = pytest.mark.xdist_group("happenings")

SINCE, UNTIL = datetime(2025, 9, 16, tzinfo=UTC), datetime(2026, 9, 15, tzinfo=UTC)
BEGINNING = datetime(2007, 12, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TO_SERIES = {"renamed", "retired", "new_series"}
KINDS = {"track", "new_layout", "length", "postponed", "restriction", "weather", "cars", "cancelled", "restored"}
SHOWN_IN = {
    "track": {"track"},
    "new_layout": {"track"},
    "postponed": {"start_date", "race_time_descriptors", "week_end_time"},
    "restriction": {"car_restrictions"},
    "weather": {"weather"},
    "cars": {"race_week_cars"},
    "cancelled": {"absent"},
    "restored": {"absent"},
}


@pytest.fixture(scope="module")
def world():
    return SyntheticWorld()


@pytest.fixture(scope="module")
def truth(world):
    return world.happenings(SINCE, UNTIL)


def seasons_at(world, at, **params):
    asked = {key: str(value) for key, value in params.items()}
    return {season["season_id"]: without_noise(season) for season in world.answer("series/seasons", asked, at)}


def rounds_at(world, at):
    rounds = [round_ for season in seasons_at(world, at).values() for round_ in season["schedules"]]
    return {(round_["season_id"], round_["race_week_num"]): in_older_shape(round_)[0] for round_ in rounds}


def history_of(world, series_id, at):
    return world.answer("series/past_seasons", {"series_id": str(series_id)}, at)["series"]


def season_list(world, year, quarter, at):
    return world.answer("season/list", {"season_year": str(year), "season_quarter": str(quarter)}, at)["seasons"]


def first_of_kind(truth, kind):
    return next(one for one in truth if one.kind == kind)


def round_key(one):
    return one.season_id, one.race_week_num


def names_of_what_differs(before, after):
    """Return the keys of each round that differ, where it is in one of both only the word absent."""
    differs = {}
    for key in before.keys() | after.keys():
        if key not in before or key not in after:
            differs[key] = {"absent"}
        elif before[key] != after[key]:
            differs[key] = {name for name in before[key] if before[key][name] != after[key][name]}
    return differs


def value(round_, one):
    match one.kind:
        case "restriction":
            return {car["car_id"]: car["power_adjust_pct"] for car in round_["car_restrictions"]}[one.car_id]
        case "cars":
            return [car["car_id"] for car in round_["race_week_cars"]]
        case "track" | "new_layout":
            return round_["track"]["track_id"]
        case "weather":
            return round_["weather"]["temp_value"]
        case _:
            return round_[one.field]


def test_everything_that_can_happen_happens_within_a_year(truth):
    assert {one.kind for one in truth} == KINDS | TO_SERIES


def test_what_happens_is_told_in_order_after_the_first_moment_and_up_to_the_last(world, truth):
    moments = [one.at for one in truth]

    assert moments == sorted(moments)
    assert world.happenings(truth[0].at - SECOND, truth[0].at) == truth[:1]
    assert world.happenings(truth[0].at, truth[0].at + SECOND) == []


def test_each_quarter_has_its_share(world):
    for quarter in quarters_between(Quarter(2009, 1), Quarter(2026, 4)):
        happenings = world.happenings(quarter.starts_at - SECOND, quarter.ends_at - SECOND)
        counts = Counter(one.kind for one in happenings)
        assert (counts["track"], counts["length"], counts["restriction"]) == (3, 2, 2)
        assert counts["postponed"] == counts["weather"] == counts["cancelled"] == 1
        assert counts["cars"] == (quarter.year >= 2012)
        assert counts["new_layout"] == (quarter.year >= 2024)


def test_each_year_two_series_are_renamed_and_one_round_is_restored(world):
    happenings = world.happenings(BEGINNING, datetime(2026, 12, 1, tzinfo=UTC))

    renamed = Counter(one.at.year for one in happenings if one.kind == "renamed")
    restored = Counter(quarter_at(one.at).year for one in happenings if one.kind == "restored")

    assert renamed == dict.fromkeys(range(2009, 2027), 2)
    assert restored == dict.fromkeys(range(2009, 2027), 1)


@pytest.mark.parametrize("seed", [2008, 1, 2])
def test_no_two_things_happen_to_the_same_round_but_that_it_is_cancelled_and_restored(seed):
    struck = {}
    for one in SyntheticWorld(seed).happenings(BEGINNING, UNTIL):
        if one.kind in KINDS:
            struck.setdefault(round_key(one), []).append(one.kind)

    assert {tuple(kinds) for kinds in struck.values() if len(kinds) > 1} == {("cancelled", "restored")}


def test_a_round_comes_back_two_to_three_weeks_after_it_was_cancelled(world):
    cancelled = {}
    for one in world.happenings(BEGINNING, UNTIL):
        if one.kind == "cancelled":
            cancelled[round_key(one)] = one.at
        if one.kind == "restored":
            assert timedelta(days=14) <= one.at - cancelled[round_key(one)] <= timedelta(days=21)


def test_everything_happens_at_a_midnight_between_the_third_day_and_the_eleventh_week(world):
    for one in world.happenings(BEGINNING, UNTIL):
        if one.kind in KINDS | {"renamed"}:
            into_quarter = one.at - quarter_at(one.at).starts_at
            assert timedelta(days=2) <= into_quarter < timedelta(weeks=11)
            assert into_quarter % timedelta(days=1) == timedelta(0)


def test_the_week_13_series_the_oddest_and_the_first_three_are_left_alone(world):
    struck = {one.series_id for one in world.happenings(BEGINNING, UNTIL) if one.kind in KINDS | {"renamed"}}

    odd = {"unlisted_track", "unlisted_class", "restricted"}
    assert not struck & {plan.series_id for plan in PLANS if plan.rhythm == "week13" or plan.traits & odd}
    assert not struck & {101, 102, 103}


def test_about_half_of_what_happens_strikes_rounds_that_are_over(world):
    kinds = {"track", "length", "restriction", "weather"}
    happenings = [one for one in world.happenings(BEGINNING, UNTIL) if one.kind in kinds]
    over = sum(starts_at(world, one) + timedelta(days=7) <= one.at for one in happenings)

    assert 0.4 < over / len(happenings) < 0.6


def test_what_happens_to_a_round_finds_it_over_or_not_begun(world, truth):
    for one in truth:
        if one.kind in KINDS:
            ahead = starts_at(world, one) - one.at
            assert ahead > timedelta(0) or ahead <= timedelta(days=-7)
            if one.kind in {"new_layout", "postponed", "cars", "cancelled", "restored"}:
                assert ahead >= timedelta(days=8 if one.kind == "postponed" else 1)


def starts_at(world, one):
    """Return when a round starts, as told on the eve of what happens to it; of one restored, before it was left out."""
    eve = one.at - (timedelta(days=22) if one.kind == "restored" else SECOND)
    schedule = world.answer("series/season_schedule", {"season_id": str(one.season_id)}, eve)["schedules"]
    [round_] = [round_ for round_ in schedule if round_["race_week_num"] == one.race_week_num]
    return datetime.fromisoformat(round_["start_date"]).replace(tzinfo=UTC)


def test_documents_show_what_happens_to_rounds_from_its_midnight_and_nothing_else(world, truth):
    happenings = [one for one in truth if one.kind in KINDS]
    for at in sorted({one.at for one in happenings}):
        before, after = rounds_at(world, at - SECOND), rounds_at(world, at)
        now = [one for one in happenings if one.at == at]
        expected = {round_key(one): SHOWN_IN.get(one.kind, {one.field}) for one in now}
        assert names_of_what_differs(before, after) == expected
        for one in now:
            if one.kind not in {"cancelled", "restored"}:
                assert (value(before[round_key(one)], one), value(after[round_key(one)], one)) == (one.old, one.new)
                assert one.old != one.new


def test_a_cancelled_round_is_left_out_everywhere_and_the_others_keep_their_numbers(world, truth):
    one = first_of_kind(truth, "cancelled")
    params = {"season_id": str(one.season_id)}

    schedule = world.answer("series/season_schedule", params, one.at)["schedules"]
    [past] = [s for s in history_of(world, one.series_id, one.at)["seasons"] if s["season_id"] == one.season_id]

    left = [number for number in range(12) if number != one.race_week_num]
    assert [round_["race_week_num"] for round_ in schedule] == left
    assert [week["race_week_num"] for week in past["race_weeks"]] == left
    assert seasons_at(world, one.at)[one.season_id]["max_weeks"] == 12


def test_a_restored_round_is_as_it_was(world, truth):
    back = first_of_kind(truth, "restored")
    [gone] = [one for one in truth if one.kind == "cancelled" and round_key(one) == round_key(back)]

    rounds = [
        rounds_at(world, at).get(round_key(back)) for at in (gone.at - SECOND, gone.at, back.at - SECOND, back.at)
    ]

    assert rounds[0] == rounds[3] != rounds[1] == rounds[2] is None


def test_in_the_week_of_a_cancelled_round_the_one_before_stays_the_current_one(world, truth):
    restored = {round_key(one) for one in truth if one.kind == "restored"}
    [one, *_] = [one for one in truth if one.kind == "cancelled" and round_key(one) not in restored]
    day = starts_at(world, one) + timedelta(days=1)

    [season] = [s for s in world.answer("series/seasons", {}, day) if s["season_id"] == one.season_id]
    [head] = [s for s in world.answer("series/season_list", {}, day)["seasons"] if s["season_id"] == one.season_id]

    assert season["race_week"] == head["current_week_sched"]["race_week_num"] == one.race_week_num - 1


def test_a_postponed_round_becomes_the_current_one_later_and_keeps_its_simulated_day(world, truth):
    one = first_of_kind(truth, "postponed")
    starts_at = datetime.fromisoformat(one.new).replace(tzinfo=UTC)
    weeks = []
    for at in (starts_at - SECOND, starts_at):
        [season] = [s for s in world.answer("series/seasons", {}, at) if s["season_id"] == one.season_id]
        weeks.append(season["race_week"])

    assert weeks == [one.race_week_num - 1, one.race_week_num]
    assert rounds_at(world, one.at)[round_key(one)]["weather"]["simulated_start_time"].startswith(one.old)


def test_every_document_follows_a_rename(world, truth):
    one = first_of_kind(truth, "renamed")
    for at, name in ((one.at - SECOND, one.old), (one.at, one.new)):
        [series] = [row for row in world.answer("series/get", {}, at) if row["series_id"] == one.series_id]
        [stats] = [row for row in world.answer("series/stats_series", {}, at) if row["series_id"] == one.series_id]
        [season] = [s for s in seasons_at(world, at).values() if s["series_id"] == one.series_id]
        tag = season["season_year"], season["season_quarter"]
        [row] = [row for row in season_list(world, *tag, at) if row["series_id"] == one.series_id]
        past = history_of(world, one.series_id, at)
        rows = [series, stats, past, row, *season["schedules"]]
        assert {told["series_name"] for told in rows} == {name}
        seasons = [season, row, past["seasons"][0], *season["schedules"]]
        assert {told["season_name"].rpartition(" - ")[0] for told in seasons} == {name}


def test_seasons_that_were_over_keep_their_names(world, truth):
    one = first_of_kind(truth, "renamed")

    before, after = (history_of(world, one.series_id, at)["seasons"] for at in (one.at - SECOND, one.at))

    assert [s["season_name"] for s in before[1:]] == [s["season_name"] for s in after[1:]]
    assert before[0]["season_name"] != after[0]["season_name"]


def test_a_rename_begins_with_the_name_that_the_last_one_left(world):
    names = {plan.series_id: plan.name for plan in PLANS}
    for one in world.happenings(BEGINNING, UNTIL):
        if one.kind == "renamed":
            assert names[one.series_id] == one.old != one.new
            names[one.series_id] = one.new


def test_three_series_are_retired_one_between_two_seasons(world):
    retired = [one for one in world.happenings(BEGINNING, UNTIL) if one.kind == "retired"]

    assert [(one.series_id, one.season_id, one.at.date().isoformat()) for one in retired] == [
        (119, 3335, "2019-07-23"),
        (126, None, "2025-12-09"),
        (154, 4634, "2026-05-12"),
    ]


def test_a_retired_series_has_no_active_season_and_begins_none(world):
    for one in world.happenings(BEGINNING, UNTIL):
        if one.kind == "retired":
            assert one.series_id in {row["series_id"] for row in world.answer("series/get", {}, one.at - SECOND)}
            for at in (one.at, one.at + timedelta(days=100), one.at + timedelta(days=400)):
                assert one.series_id not in {row["series_id"] for row in world.answer("series/get", {}, at)}
                assert one.series_id not in {season["series_id"] for season in seasons_at(world, at).values()}
            later = history_of(world, one.series_id, one.at + timedelta(days=400))["seasons"]
            assert len(later) == len(history_of(world, one.series_id, one.at - SECOND)["seasons"])


@pytest.mark.parametrize(("series_id", "tag"), [(119, (2019, 3)), (154, (2026, 1))])
def test_a_season_that_is_cut_short_is_listed_no_more_but_not_forgotten(world, series_id, tag):
    [one] = [one for one in world.happenings(BEGINNING, UNTIL) if (one.kind, one.series_id) == ("retired", series_id)]
    asked = {"season_year": tag[0], "season_quarter": tag[1]}
    for at, is_listed in ((one.at - SECOND, True), (one.at, False)):
        assert (one.season_id in seasons_at(world, at, **asked)) is is_listed
        assert (one.season_id in {row["season_id"] for row in season_list(world, *tag, at)}) is is_listed

    past = history_of(world, series_id, one.at)["seasons"][0]
    assert (past["season_id"], past["active"]) == (one.season_id, False)
    assert world.answer("series/season_schedule", {"season_id": str(one.season_id)}, one.at)["schedules"]


@pytest.mark.parametrize(("series_id", "year", "quarter"), [(118, 2025, 4), (134, 2026, 2)])
def test_a_new_series_begins_with_its_first_quarter(world, series_id, year, quarter):
    [one] = [
        one for one in world.happenings(BEGINNING, UNTIL) if (one.kind, one.series_id) == ("new_series", series_id)
    ]

    known = [{row["series_id"] for row in world.answer("series/get", {}, at)} for at in (one.at - SECOND, one.at)]
    [series] = [row for row in world.answer("series/get", {}, one.at) if row["series_id"] == series_id]

    assert series_id in known[1] - known[0]
    assert series["first_season"] == {"season_year": year, "season_quarter": quarter}
    assert (one.old, one.new) == (None, series["series_name"])
    with pytest.raises(LookupError):
        history_of(world, series_id, one.at - SECOND)


def test_a_new_layout_is_in_the_catalogues_from_its_moment_on(world, truth):
    new = [one for one in truth if one.kind == "new_layout"]

    assert [one.new for one in new] == [5008, 5009, 5010, 5011]
    for one in new:
        for at, is_there in ((one.at - SECOND, False), (one.at, True)):
            tracks = {track["track_id"]: track["package_id"] for track in world.answer("track/get", {}, at)}
            assert (one.new in tracks) is is_there
            assert (str(one.new) in world.answer("track/assets", {}, at)) is is_there
            if is_there:
                assert list(tracks.values()).count(tracks[one.new]) == 1


def test_a_season_that_is_over_changes_no_more(world):
    asked = {"season_year": 2025, "season_quarter": 4}

    early, late = (seasons_at(world, at, **asked) for at in (datetime(2025, 12, 16, tzinfo=UTC), UNTIL))

    assert early == late


def test_the_cars_of_a_series_with_weekly_cars_are_those_of_its_current_week(world):
    start = datetime(2026, 3, 17, tzinfo=UTC)
    for week in range(12):
        seasons = world.answer("series/seasons", {}, start + timedelta(weeks=week, days=3))
        [season] = [season for season in seasons if season["series_id"] == 114]
        [cars] = [r["race_week_cars"] for r in season["schedules"] if r["race_week_num"] == season["race_week"]]
        words = {word["car_type"] for word in season["car_types"]}
        assert words == {"road", *(f"car{car['car_id']}" for car in cars)}


def test_the_truth_follows_from_the_seed_alone(truth):
    assert SyntheticWorld().happenings(SINCE, UNTIL) == truth
    assert SyntheticWorld(1).happenings(SINCE, UNTIL) != truth


def test_a_past_quarter_may_be_told_without_schedules(world):
    poor = SyntheticWorld(past="without_schedules")
    asked = {"season_year": 2025, "season_quarter": 4}

    assert {len(season["schedules"]) for season in seasons_at(poor, UNTIL, **asked).values()} == {0}
    assert seasons_at(poor, UNTIL, **asked).keys() == seasons_at(world, UNTIL, **asked).keys()


def test_a_past_quarter_may_be_told_in_part(world):
    poor = SyntheticWorld(past="partial")
    asked = {"season_year": 2025, "season_quarter": 4}

    whole, part = (seasons_at(one, UNTIL, **asked) for one in (world, poor))

    assert part.keys() == {number for number in whole if number % 3}
    assert {number for number, season in part.items() if not season["schedules"]} == {n for n in part if n % 4 == 0}
    assert all(season == whole[number] for number, season in part.items() if season["schedules"])


def test_of_a_quarter_only_what_is_active_may_be_listed(world):
    poor = SyntheticWorld(past="active")
    at = datetime(2025, 9, 9, 22, 28, tzinfo=UTC)
    asked = {"season_year": 2025, "season_quarter": 3}

    listed, active = seasons_at(poor, at, **asked), seasons_at(world, at)
    tags = {(season["season_year"], season["season_quarter"]) for season in listed.values()}

    assert listed == active
    assert tags == {(2025, 1), (2025, 3)}
    assert len(season_list(poor, 2025, 3, at)) > 3 * len(listed)
    assert seasons_at(poor, at, season_year=2024, season_quarter=4) == {}


@pytest.mark.parametrize("past", ["without_schedules", "partial", "active"])
def test_a_poor_past_can_be_mended_from_other_documents(world, past):
    poor = SyntheticWorld(past=past)
    schedule = {"season_id": "4556"}

    assert season_list(poor, 2025, 4, UNTIL) == season_list(world, 2025, 4, UNTIL)
    assert history_of(poor, 111, UNTIL) == history_of(world, 111, UNTIL)
    assert poor.answer("series/season_schedule", schedule, UNTIL) == world.answer(
        "series/season_schedule", schedule, UNTIL
    )


@pytest.mark.parametrize("past", ["without_schedules", "partial"])
def test_the_present_is_told_whole_even_if_the_past_is_not(world, past):
    poor = SyntheticWorld(past=past)
    at = datetime(2025, 12, 15, 23, 59, 59, tzinfo=UTC)

    assert seasons_at(poor, at) == seasons_at(world, at)
    asked = {"season_year": 2025, "season_quarter": 4}
    assert seasons_at(poor, at, **asked) == seasons_at(world, at, **asked)


def test_an_active_series_is_one_that_is_alive_or_one_that_runs():
    at = datetime(2026, 5, 20, tzinfo=UTC)
    marks = {}
    for means in ("alive", "running"):
        world = SyntheticWorld(active_means=means)
        marks[means] = {row["series_id"] for row in world.answer("series/stats_series", {}, at) if row["active"]}
        assert history_of(world, 161, at)["active"] is (161 in marks[means])

    known = {plan.series_id for plan in PLANS}
    assert marks["alive"] == known - {119, 126, 154}
    assert marks["running"] == marks["alive"] - {161, 162, 163, 164}


@pytest.mark.parametrize("choice", [{"past": "lost"}, {"active_means": "awake"}])
def test_a_world_that_cannot_be_is_refused(choice):
    with pytest.raises(ValueError, match="not one of"):
        SyntheticWorld(**choice)
