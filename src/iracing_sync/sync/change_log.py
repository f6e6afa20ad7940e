"""What changed, written down in the transaction of the change itself, with its sentence."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select, update

from iracing_sync.changes.differences import Change
from iracing_sync.changes.facts import Everywhere, same_everywhere, without_items
from iracing_sync.changes.sentences import Names, back_sentence, sentence
from iracing_sync.names import names_of_ids
from iracing_sync.result import Result
from iracing_sync.sync.run import Run
from iracing_sync.tables.own import SCHEDULE_CHANGE
from iracing_sync.tables.rows import Row

COLUMNS = SCHEDULE_CHANGE.c


def write_changes(
    connection: Connection, result: Result, changes: Sequence[Change], at: datetime, grace: timedelta = timedelta(0)
) -> None:
    """Write changes into schedule_change and count them; what is as it was within the grace period is back."""
    if not changes:
        return
    names = names_of_ids(connection)
    before = recent_facts(connection, changes, at - grace)
    rows = [row_of(change, names, before) | {"run_id": result.run_id, "at": at} for change in changes]
    connection.execute(insert(SCHEDULE_CHANGE), rows)
    result.count_changes(change.phase for change in changes)


def row_of(change: Change, names: Names, before: Mapping[Hashable, datetime]) -> Row:
    """Return a change as a row, with its sentence."""
    told = change._asdict()
    since = before.get(fact_of(told, change.new, change.old))
    said = sentence(told, names) if since is None else back_sentence(told, names, since)
    del told["about"]
    first = change.rounds[0] if change.rounds else None
    return told | {"rounds": list(change.rounds), "race_week_num": first, "sentence": said}


def recent_facts(connection: Connection, changes: Iterable[Change], since: datetime) -> dict[Hashable, datetime]:
    """Return the latest changes of the same seasons since a moment, each with the moment at which it was written."""
    season_ids = {change.season_id for change in changes if change.season_id is not None}
    columns = (COLUMNS.season_id, COLUMNS.rounds, COLUMNS.field, COLUMNS.old, COLUMNS.new, COLUMNS.at)
    recent = select(*columns).where(COLUMNS.season_id.in_(season_ids), COLUMNS.at >= since).order_by(COLUMNS.at)
    rows = [dict(row) for row in connection.execute(recent).mappings()] if season_ids else []
    return {fact_of(row, row["old"], row["new"]): row["at"] for row in rows}


def fact_of(change: Mapping[str, Any], old: Any, new: Any) -> Hashable:
    """Return by what it is known that something went from one value to another."""
    values = orjson.dumps([old, new], option=orjson.OPT_SORT_KEYS)
    return change["season_id"], tuple(change["rounds"]), change["field"], values


def withdraw_what_is_everywhere(run: Run, least: int) -> list[Everywhere]:
    """Take back the changes of a run that are the same in at least so many rounds, and return what they are."""
    of_rounds = select(SCHEDULE_CHANGE).where(COLUMNS.run_id == run.result.run_id, func.cardinality(COLUMNS.rounds) > 0)
    with run.begin() as connection:
        rows = [dict(row) for row in connection.execute(of_rounds).mappings()]
        found = same_everywhere(rows, least)
        names = names_of_ids(connection) if found else Names({}, {}, {})
        for row in rows if found else ():
            withdraw(connection, run.result, row, without_items(row, found), names)
    return list(found.values())


def withdraw(connection: Connection, result: Result, row: Row, left: Row | None, names: Names) -> None:
    """Leave of a change what is left of it."""
    same = COLUMNS.change_id == row["change_id"]
    if left is None:
        connection.execute(delete(SCHEDULE_CHANGE).where(same))
        result.changes[row["phase"]] -= 1
    elif left != row:
        values = {"old": left["old"], "new": left["new"], "sentence": sentence(left, names)}
        connection.execute(update(SCHEDULE_CHANGE).where(same).values(**values))
