"""Documents on disk: the API is asked only for those that are missing or too old.

A cache that is damaged, full or out of reach never ends a run: it is said, and the document fetched.
"""

from iracing_sync.cache.folder import FAILURES, UnusableError
from iracing_sync.cache.lookup import Clock, DocumentCache, Settled, Stored, is_live, is_young, never, now
from iracing_sync.cache.source import DocumentSource

__all__ = [
    "FAILURES",
    "Clock",
    "DocumentCache",
    "DocumentSource",
    "Settled",
    "Stored",
    "UnusableError",
    "is_live",
    "is_young",
    "never",
    "now",
]
