"""By what a stored season is recognised the next time it comes."""

from typing import NamedTuple

from iracing_sync.changes.canonical import VERSION, Hashes


class Baseline(NamedTuple):
    """The columns of a season that say in which canonical form, and in which shape of document, it is stored."""

    schedule_hash: str | None
    settings_hash: str
    schedule_hash_version: int
    shape_id: str


def baseline_of(hashes: Hashes, shape_id: str) -> Baseline:
    """Return what the next run compares with."""
    return Baseline(hashes.schedule, hashes.settings, VERSION, shape_id)
