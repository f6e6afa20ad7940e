"""What is known of an account's rate limit."""

from sqlalchemy import Connection, select

from iracing_sync.rate_limit.allowance import Allowance
from iracing_sync.rate_limit.shared import COLUMNS, allowance_of
from iracing_sync.tables.own import API_ALLOWANCE


def read_allowance(connection: Connection, account: str) -> Allowance | None:
    """Return the allowance of an account, None where none of its runs has told of it yet."""
    row = connection.execute(select(*COLUMNS).where(API_ALLOWANCE.c.account == account)).one_or_none()
    return allowance_of(row._asdict()) if row else None
