"""What people mean by a name that they type: in part, in any case, or an id."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from sqlalchemy import Connection, select

from iracing_sync.errors import SettingsError
from iracing_sync.tables.series import Series

MOST_LISTED = 10


def series_ids(connection: Connection, wanted: Iterable[str]) -> set[int]:
    """Return the ids of all series that names or ids mean; raises SettingsError for one that means none."""
    given = list(wanted)
    names = (
        {row.series_id: row.name for row in connection.execute(select(Series.series_id, Series.name))} if given else {}
    )
    return {number for one in given for number in ids_meant(names, one, "series")}


def ids_meant(names: Mapping[int, str], wanted: str, kind: str) -> set[int]:
    """Return the id that is meant, else those of all names that hold each of the words; raises SettingsError for none.

    >>> sorted(ids_meant({1: "GT3 Challenge - Fixed", 2: "GT3 Open", 3: "Rain Cup"}, "gt3", "series"))
    [1, 2]
    """
    if wanted.isascii() and wanted.isdigit() and int(wanted) in names:
        return {int(wanted)}
    words = wanted.casefold().split()
    found = {number for number, name in names.items() if words and all(word in name.casefold() for word in words)}
    if not found:
        raise SettingsError(f"no {kind} is called {wanted!r}{nearest(names, wanted)}")
    return found


def id_meant(names: Mapping[int, str], wanted: str, kind: str) -> int:
    """Return the one id that is meant, by a whole name before a part; raises SettingsError for several or none."""
    found = ids_meant(names, wanted, kind)
    whole = {number for number in found if names[number].casefold() == wanted.strip().casefold()}
    if len(whole or found) == 1:
        return (whole or found).pop()
    listed = [f"{names[number]} ({number})" for number in sorted(found, key=names.__getitem__)]
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    raise SettingsError(f"{wanted!r} may be {', '.join(listed[:MOST_LISTED])}{more}: say more of the name, or the id")


def nearest(names: Mapping[int, str], wanted: str) -> str:
    """Say which name is nearest to one that is none, nothing where there are no names."""
    by_name = {name.casefold(): (number, name) for number, name in names.items()}
    near = get_close_matches(wanted.casefold(), by_name, n=1, cutoff=0)
    return "; the nearest is {1} ({0})".format(*by_name[near[0]]) if near else ""
