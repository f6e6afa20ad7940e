"""How the schedule of a season differs from what is stored: each difference that matters once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from iracing_sync.changes.alignment import Pair, pairs
from iracing_sync.changes.compared import SEASON_PATH, compared_columns
from iracing_sync.changes.facts import Difference, Fact, OfRound, facts, shift_of
from iracing_sync.changes.phases import phase
from iracing_sync.changes.round_fields import Members, Round, columns, field_differences, objects
from iracing_sync.tables.base import Severity
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series

Rows = Mapping[str, Sequence[Row]]
"""Rows by table."""


class Change(NamedTuple):
    """One change; `rounds` are empty where it is of a whole season, `season_id` is None where it is of a series.

    `series_id` is None where it is of a car class. `about` is what a sentence tells beside it.
    """

    series_id: int | None
    season_id: int | None
    rounds: tuple[int, ...]
    field: str
    old: Any
    new: Any
    phase: str
    severity: Severity
    about: Mapping[str, Any] = {}


def season_changes(
    old: Rows, new: Rows, released: Collection[str], at: datetime, members: Members | None = None
) -> list[Change]:
    """Return how one season differs from its stored rows; what a release of the API brought or took does not count.

    `released` are JSON paths. A season or round that was known only as a stub has nothing to differ from.
    """
    [season] = new["season"]
    if not old.get("season") or old["season"][0]["is_stub"] or season["is_stub"]:
        return []
    found = facts(round_changes(old, new, released, at, members or {}))
    header = [header_difference(one, found) for one in header_differences(old["season"][0], season, released)]
    about = season["series_id"], season["season_id"]
    stands = phase(season["starts_at"], season["ends_at"], at)
    return [
        *(Change(*about, (), *one[:3], stands, one.severity) for one in header if not is_told_by_rounds(one, found)),
        *(
            Change(*about, fact.rounds, *fact.difference[:3], fact.phase, fact.difference.severity)
            for fact in found
            if not is_told_by_header(fact, header)
        ),
    ]


def is_told_by_header(fact: Fact, header: Iterable[Difference]) -> bool:
    """Tell whether rounds move only because the whole season does."""
    moves = {shift_of(one) for one in header if one.field == "starts_at"}
    return fact.difference.field == "starts_at" and shift_of(fact.difference) in moves


def header_difference(one: Difference, found: Iterable[Fact]) -> Difference:
    """Return a difference of the season; that it begins on another day matters little where no race starts at another.

    >>> header_difference(Difference("starts_at", "2023-12-02", "2023-12-09", "high"), []).severity
    'high'
    """
    moves = [fact.difference.severity for fact in found if is_told_by_header(fact, [one])]
    return one._replace(severity="low") if moves and set(moves) == {"low"} else one


def is_told_by_rounds(one: Difference, found: Iterable[Fact]) -> bool:
    """Tell whether a season is longer or shorter only because rounds are added or cancelled."""
    if one.field != "max_weeks" or one.old is None or one.new is None:
        return False
    signs = {"added": 1, "restored": 1, "cancelled": -1}
    more = sum(signs[fact.difference.new] * len(fact.rounds) for fact in found if fact.difference.field == "round")
    return bool(one.new - one.old == more)


def header_differences(old: Row, new: Row, released: Collection[str]) -> Iterator[Difference]:
    """Yield how the season itself differs."""
    yield from columns(old, new, compared_columns(Season), released)
    yield from objects("settings", old["settings"], new["settings"], SEASON_PATH, released, "low")


def series_differences(old: Row, new: Row) -> list[Difference]:
    """Return how a series differs from its stored row."""
    return list(columns(old, new, compared_columns(Series), ()))


PARTS = ("event_time", "event_class", "event_car", "car_restriction")


def rounds_by_number(rows: Rows) -> dict[int, Round]:
    """Put what belongs to each round together, under its race_week_num."""
    parts: dict[tuple[str, int], list[Row]] = {}
    for table in PARTS:
        for row in rows.get(table, ()):
            parts.setdefault((table, row["race_week_num"]), []).append(row)
    numbered = {event["race_week_num"]: event for event in rows.get("event", ())}
    return {
        number: Round(event, *(parts.get((table, number), []) for table in PARTS)) for number, event in numbered.items()
    }


def round_changes(old: Rows, new: Rows, released: Collection[str], at: datetime, members: Members) -> Iterator[OfRound]:
    """Yield how each round differs, and where it stands."""
    every, after = rounds_by_number(old), rounds_by_number(new)
    removed = {number: one for number, one in every.items() if one.event["removed_at"] is not None}
    before = {number: one for number, one in every.items() if number not in removed}
    events: Any = [{number: one.event for number, one in rounds.items()} for rounds in (before, after)]
    for pair in pairs(*events):
        was = None if pair.old is None else before[pair.old]
        now_is = None if pair.new is None else after[pair.new]
        event = (now_is or was).event  # type: ignore[union-attr] # one of them is there
        stands = phase(event["starts_at"], event["ends_at"], at)
        for difference in pair_differences(pair, was or removed.get(pair.number), now_is, released, members):
            yield OfRound(pair.number, stands, difference)


def pair_differences(
    pair: Pair, old: Round | None, new: Round | None, released: Collection[str], members: Members
) -> Iterator[Difference]:
    """Yield how a round differs: that it came, went or came back, or each of its fields."""
    if new is None:
        yield Difference("round", "listed", "cancelled", "high")
    elif old is None:
        yield Difference("round", None, "added", "high")
    elif not (old.event["is_stub"] or new.event["is_stub"]):
        if old.event["removed_at"] is not None:
            yield Difference("round", "cancelled", "restored", "high")
        found = field_differences(old, new, released, members)
        yield from causes(one for one in found if not (pair.is_moved and one.field in ("starts_at", "ends_at")))


FOLLOWS_TRACK = frozenset({"race_laps", "weather"})
"""What a new track brings with it."""

LENGTH_FIELDS = frozenset({"starts_at", "track_id", "race_laps", "race_minutes"})
"""What decides how long sessions are thought to last."""


SESSION_FIELDS = frozenset({"starts_at", "times", "is_qualify_attached"})
"""What decides by how much the simulated time of a session lies behind that of the first."""

OFFSETS = "simulated_time_offsets"


def causes(found: Iterable[Difference]) -> Iterator[Difference]:
    """Yield the differences of a round without those that follow from others of them."""
    every = list(found)
    fields = {one.field for one in every}
    follows = set(FOLLOWS_TRACK) if "track_id" in fields else set()
    if "starts_at" in fields:
        follows.add("ends_at")
    if not (fields.isdisjoint(LENGTH_FIELDS) or has_other_starts(every)):
        follows.add("times")
    for one in every:
        left = without_offsets(one) if not fields.isdisjoint(SESSION_FIELDS) else one
        if one.field not in follows and left:
            yield left


def has_other_starts(found: Iterable[Difference]) -> bool:
    """Tell whether sessions start at other times, and are not only thought to last longer or shorter."""
    return any(one.field == "times" and one.severity == "high" for one in found)


def without_offsets(one: Difference) -> Difference | None:
    """Return a difference without what follows from other sessions, None where nothing else is in it."""
    if one.field != "weather":
        return one
    sides: Any = [{key: value for key, value in side.items() if key != OFFSETS} for side in (one.old, one.new)]
    return one._replace(old=sides[0], new=sides[1]) if any(sides) else None
