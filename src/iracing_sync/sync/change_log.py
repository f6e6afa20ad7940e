"""What changed, written down in the transaction of the change itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from iracing_sync.changes.differences import Change
from iracing_sync.result import Result
from iracing_sync.tables.own import SCHEDULE_CHANGE


def write_changes(connection: Connection, result: Result, changes: Sequence[Change], at: datetime) -> None:
    """Write changes into schedule_change and count them."""
    rows = [change._asdict() | {"run_id": result.run_id, "at": at} for change in changes]
    if rows:
        connection.execute(insert(SCHEDULE_CHANGE), rows)
    result.count_changes(change.phase for change in changes)
