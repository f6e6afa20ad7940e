"""`cache`: what is kept on disk."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from iracing_sync.cache import DocumentCache, Stored
    from iracing_sync.settings import Settings

app = typer.Typer(help="Show and clear the cache on disk.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def info(as_json: bool = typer.Option(False, "--json", help="Print one JSON object.")) -> None:
    """Show what is in the cache, how old it is and how long it holds."""
    from iracing_sync.cache import now
    from iracing_sync.cli.shown import print_json

    settings = started()
    at = now()
    with opened_cache(settings) as cache:
        documents = [entry(cache, stored, settings.cache_ttl, at) for stored in cache.stored()] if cache else []
        size = cache.volume() if cache else 0
    found = {
        "folder": str(settings.cache_dir),
        "entries": len(documents),
        "size_bytes": size,
        "limit_bytes": size_limit(settings),
        "documents": documents,
    }
    if as_json:
        print_json(found)
        return
    for line in info_lines(found):
        typer.echo(line)


@app.command()
def clear(
    key: str | None = typer.Option(None, metavar="KEY", help="Only this key, or all that begin like KEY*."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
) -> None:
    """Drop documents from the cache, all of them without --key; iRacing is asked for them anew."""
    from iracing_sync.cli.shown import print_json

    settings = started()
    with opened_cache(settings) as cache:
        dropped = cache.clear(key) if cache else 0
    if as_json:
        print_json({"folder": str(settings.cache_dir), "dropped": dropped})
    else:
        typer.echo(f"{dropped} {'entry' if dropped == 1 else 'entries'} dropped from {settings.cache_dir}")


def started() -> Settings:
    """Return the settings and start the log."""
    from iracing_sync.cli.opened import start_log
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    return settings


@contextmanager
def opened_cache(settings: Settings) -> Iterator[DocumentCache | None]:
    """Give the cache, None where there is no folder yet; raises SettingsError where it is out of reach."""
    from iracing_sync.cache import FAILURES, DocumentCache, UnusableError
    from iracing_sync.errors import SettingsError

    try:
        if not settings.cache_dir.exists():
            yield None
            return
        with closing(DocumentCache(settings.cache_dir, size_limit=size_limit(settings), required=True)) as cache:
            yield cache
    except (UnusableError, *FAILURES) as error:
        raise SettingsError(f"the cache in {settings.cache_dir} fails: {error}; IRACING_CACHE_DIR") from error


def size_limit(settings: Settings) -> int:
    """Return how many bytes the cache may take."""
    return settings.cache_max_mb * 1024 * 1024


def entry(cache: DocumentCache, stored: Stored, ttl: int, at: datetime) -> dict[str, Any]:
    """Return an entry as JSON shows it."""
    header = stored.header
    return {
        "key": stored.key,
        "name": header.name,
        "fetched_at": header.fetched_at,
        "age_seconds": round((at - header.fetched_at).total_seconds()),
        "size_bytes": stored.size_bytes,
        "body_bytes": header.body_bytes,
        "state": state(cache, stored, ttl, at),
    }


def state(cache: DocumentCache, stored: Stored, ttl: int, at: datetime) -> str:
    """Tell whether a run would take an entry for ever (settled), for now (fresh) or no more (old)."""
    from iracing_sync.api.endpoints import life
    from iracing_sync.cache import is_young

    header = stored.header
    if is_settled(cache, stored):
        return "settled"
    return "fresh" if is_young(header.fetched_at, ttl * life(header.endpoint, header.params), at) else "old"


def is_settled(cache: DocumentCache, stored: Stored) -> bool:
    """Tell whether a document will never change; only that of a quarter is read for it."""
    from iracing_sync.cache import never
    from iracing_sync.sync.plan import settled_for

    settled = settled_for(stored.header.params)
    if settled is never:
        return False
    document = cache.read(stored.key)
    return document is not None and settled(document)


def info_lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each entry, then one for all."""
    for row in found["documents"]:
        age = age_of(row["age_seconds"])
        yield f"{row['state']:<7}  {age:>8}  {row['size_bytes']:>12,} B  {row['key']}  ({row['name']})"
    yield f"{found['entries']} entries, {found['size_bytes']:,} of {found['limit_bytes']:,} bytes in {found['folder']}"


def age_of(seconds: int) -> str:
    """Write an age in days, hours or minutes.

    >>> age_of(200_000), age_of(7200), age_of(59)
    ('2 d 7 h', '2 h 0 m', '0 m')
    """
    minutes = seconds // 60
    days, hours = divmod(minutes // 60, 24)
    if days > 0:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} m" if hours else f"{minutes} m"
