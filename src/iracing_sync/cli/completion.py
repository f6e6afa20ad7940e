"""Names of series as a shell completes them."""

import os
import re
from contextlib import suppress
from typing import Any

from iracing_sync.app.database import open_tables
from iracing_sync.embedded import has_database, url_if_up
from iracing_sync.plain_text import plain_text
from iracing_sync.queries.matching_names import series_names
from iracing_sync.settings import load_settings


def series_for_shell(incomplete: str) -> list[str]:
    """Return what is typed and the rest of each name that begins so, in any case; none where they cannot be had.

    A shell waits for it, so no server is started.
    """
    typed, completed = incomplete.casefold(), []
    with suppress(Exception):  # whatever is wrong, a command says it better
        names = sorted(map(plain_text, stored_names()))
        completed = [incomplete + name[len(incomplete) :] for name in names if name.casefold().startswith(typed)]
    return [in_bash(name, incomplete) for name in completed] if is_for_bash() else completed


def is_for_bash() -> bool:
    """Tell whether it is bash that asks: it puts what it gets into the line as it is, which other shells quote."""
    return os.environ.get("_IRACING_SYNC_COMPLETE") == "complete_bash"


class Escaped(str):
    """A word as bash reads it; typer keeps what begins with what is typed, which it knows without escapes."""

    __slots__ = ()

    def startswith(self, *prefix: Any) -> bool:
        """Tell how the word begins that is meant."""
        return self.replace("\\", "").startswith(*prefix)


def in_bash(name: str, incomplete: str) -> str:
    """Write a name as one word of bash: escaped, unless the quote that was typed before it does that."""
    if re.search(rf"""["']{re.escape(incomplete)}""", os.environ.get("COMP_WORDS", "")):
        return name
    return Escaped(re.sub(r"([^\w@%+=:,./-])", r"\\\1", name))


def stored_names() -> list[str]:
    """Return the names of the series, of an embedded database only if it is up."""
    settings = load_settings()
    if settings.database_url is None and not (has_database(settings.data_dir) and url_if_up(settings.data_dir)):
        return []
    with open_tables(settings) as connection:
        return list(series_names(connection).values())
