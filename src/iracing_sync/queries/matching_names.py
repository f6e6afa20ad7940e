"""What people mean by a name that they type: in part, in any case, or an id."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from sqlalchemy import Connection, text

from iracing_sync.errors import SettingsError
from iracing_sync.plain_text import layout_name, one_line

MOST_LISTED = 10
WORD = re.compile(r"(?<!\w)[^\s]")
"""Where a word of a name begins."""


def series_ids(connection: Connection, wanted: Sequence[str]) -> set[int]:
    """Return the ids of all series that names or ids mean; raises SettingsError for one that means none."""
    return all_meant(series_names(connection) if wanted else {}, wanted, "series")


def car_ids(connection: Connection, wanted: Sequence[str]) -> set[int]:
    """Return the ids of all cars that names or ids mean; raises SettingsError for one that means none."""
    return all_meant(car_names(connection) if wanted else {}, wanted, "car")


def track_ids(connection: Connection, wanted: Sequence[str]) -> set[int]:
    """Return the ids of all layouts that names or ids mean; raises SettingsError for one that means none."""
    return all_meant(track_names(connection) if wanted else {}, wanted, "track")


def series_names(connection: Connection) -> dict[int, str]:
    """Return what the series are called."""
    found = connection.execute(text("SELECT series_id, name FROM series"))
    return {number: one_line(name) for number, name in found}


def car_names(connection: Connection) -> dict[int, str]:
    """Return what the cars are called."""
    return {number: one_line(name) for number, name in connection.execute(text("SELECT car_id, name FROM sim_car"))}


def track_names(connection: Connection) -> dict[int, str]:
    """Return what the layouts are called, after their tracks."""
    found = connection.execute(text("SELECT track_id, name, config_name FROM sim_layout"))
    return {number: layout_name(name, config) for number, name, config in found}


def all_meant(names: Mapping[int, str], wanted: Iterable[str], kind: str) -> set[int]:
    """Return the ids that any of the names or ids means; raises SettingsError for one that means none."""
    return {number for one in wanted for number in ids_meant(names, one, kind)}


def ids_meant(names: Mapping[int, str], wanted: str, kind: str) -> set[int]:
    """Return the id that is meant, else those of all names that hold each of the words; raises SettingsError for none.

    A word is one of the name's or its beginning, one of a letter or two is whole; where none is, any part will do.

    >>> names = {1: "GT3 Challenge - Fixed", 2: "GT3 Class A", 3: "Rain Cup"}
    >>> sorted(ids_meant(names, "gt3", "series")), sorted(ids_meant(names, "gt3 a", "series"))
    ([1, 2], [2])
    """
    if wanted.isascii() and wanted.isdigit() and int(wanted) in names:
        return {int(wanted)}
    words, bare = without_accents(wanted).split(), {number: without_accents(name) for number, name in names.items()}
    found = {number for number, name in bare.items() if words and is_called(name, words)}
    found = found or {number for number, name in bare.items() if words and all(word in name for word in words)}
    if not found:
        raise SettingsError(f"no {kind} is called {wanted!r}{nearest(names, wanted)}")
    return found


def without_accents(text: str) -> str:
    """Return a text in small letters without accents.

    >>> without_accents("Nürburgring")
    'nurburgring'
    """
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


def is_called(name: str, words: Sequence[str]) -> bool:
    """Tell whether each word is one of a name's, or from its third letter on the beginning of one."""
    own = [name[found.start() :] for found in WORD.finditer(name)]
    return all(
        any(rest.startswith(word) and (len(word) > 2 or not rest[len(word) : len(word) + 1].isalnum()) for rest in own)
        for word in words
    )


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
    if not names:
        return ""
    words = wanted.casefold().split()
    number = max(names, key=lambda one: likeness(words, names[one].casefold().split()))
    return f"; the nearest is {names[number]} ({number})"


def likeness(words: Sequence[str], of_name: Sequence[str]) -> float:
    """Return how alike words are to those of a name, each to its nearest; of two the shorter name is nearer."""
    return sum(max((SequenceMatcher(None, word, other).ratio() for other in of_name), default=0) for word in words) - (
        0.01 * len(of_name)
    )
