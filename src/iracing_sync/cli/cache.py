"""`cache`: what is kept on disk."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import typer

from iracing_sync.app.documents import open_cache
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON
from iracing_sync.cli.output import print_json
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.fetch.cache.document_cache import CacheEntry, DocumentCache, is_young, never
from iracing_sync.fetch.cache.self_healing import FAILURES, UnusableError
from iracing_sync.fetch.endpoints import life
from iracing_sync.instants import now
from iracing_sync.plain_text import bytes_in_words, how_many
from iracing_sync.settings import Settings
from iracing_sync.sync.quarter_documents import settled_for

app = new_app("Show and clear the cache on disk.")


@app.command()
def info(as_json: bool = AS_JSON) -> None:
    """Show what is in the cache, how old it is and how long it holds."""
    settings = start()
    at = now()
    with open_existing_cache(settings, reading=True) as cache:
        documents = [entry_object(cache, entry, settings.cache_ttl, at) for entry in cache.entries()]
        size = cache.volume()
    found = {
        "folder": str(settings.cache_dir),
        "entries": len(documents),
        "size_bytes": size,
        "limit_bytes": settings.cache_max_bytes,
        "documents": documents,
    }
    if as_json:
        print_json(found)
        return
    for line in info_lines(found):
        say(line)


@app.command()
def clear(
    key: str | None = typer.Option(None, metavar="KEY", help="Only this key, or all that begin like KEY*."),
    as_json: bool = AS_JSON,
) -> None:
    """Drop documents from the cache, all of them without --key; iRacing is asked for them anew."""
    settings = start()
    with open_existing_cache(settings, reading=False) as cache:
        dropped = cache.clear(key)
    if as_json:
        print_json({"folder": str(settings.cache_dir), "dropped": dropped})
    else:
        say(f"{how_many(dropped, 'entry', 'entries')} dropped from {settings.cache_dir}")


@contextmanager
def open_existing_cache(settings: Settings, *, reading: bool) -> Iterator[DocumentCache]:
    """Give the cache, an empty one where there is none yet; raises SettingsError where it is out of reach."""
    try:
        is_there = settings.cache_dir.exists()
        with closing(open_cache(settings, required=True, reading=reading or not is_there)) as cache:
            yield cache
    except (UnusableError, *FAILURES) as error:
        raise SettingsError(f"the cache in {settings.cache_dir} fails: {error}; IRACING_CACHE_DIR") from error


def entry_object(cache: DocumentCache, entry: CacheEntry, ttl: int, at: datetime) -> dict[str, Any]:
    """Return an entry as JSON shows it."""
    header = entry.header
    return {
        "key": entry.key,
        "name": header.name,
        "fetched_at": header.fetched_at,
        "age_seconds": round((at - header.fetched_at).total_seconds()),
        "size_bytes": entry.size_bytes,
        "body_bytes": header.body_bytes,
        "state": state(cache, entry, ttl, at),
    }


def state(cache: DocumentCache, entry: CacheEntry, ttl: int, at: datetime) -> str:
    """Tell whether a run would take an entry for ever (settled), for now (fresh) or no more (old)."""
    header = entry.header
    if is_settled(cache, entry):
        return "settled"
    return "fresh" if is_young(header.fetched_at, ttl * life(header.endpoint, header.params), at) else "old"


def is_settled(cache: DocumentCache, entry: CacheEntry) -> bool:
    """Tell whether a document will never change; only that of a quarter is read for it."""
    settled = settled_for(entry.header.params)
    if settled is never:
        return False
    document = cache.read(entry.key)
    return document is not None and settled(document)


def info_lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each entry, then one for all."""
    for row in found["documents"]:
        age = age_in_words(row["age_seconds"])
        yield f"{row['state']:<7}  {age:>8}  {bytes_in_words(row['size_bytes']):>8}  {row['key']}  ({row['name']})"
    volume, limit = bytes_in_words(found["size_bytes"]), bytes_in_words(found["limit_bytes"])
    yield f"{how_many(found['entries'], 'entry', 'entries')}, {volume} of {limit} in {found['folder']}"


def age_in_words(seconds: int) -> str:
    """Write an age in days, hours or minutes.

    >>> age_in_words(200_000), age_in_words(7200), age_in_words(59)
    ('2 d 7 h', '2 h 0 m', '0 m')
    """
    minutes = seconds // 60
    days, hours = divmod(minutes // 60, 24)
    if days > 0:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} m" if hours else f"{minutes} m"
