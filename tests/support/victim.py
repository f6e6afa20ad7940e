"""A process that logs in or refreshes its token where it must and fetches documents: to be killed at any moment."""

from pathlib import Path

from iracing_sync.fetch.cache.document_cache import DocumentCache
from iracing_sync.fetch.http.client import ApiClient, http_client
from iracing_sync.fetch.source import DocumentSource
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.login.access import Access, Credentials
from iracing_sync.login.token_file import TokenFile

ENDPOINTS = ("series/get", "car/get", "carclass/get")


def fetch(environment: dict[str, str], folder: Path, now: float) -> None:
    """Fetch some documents at an instant that stands still."""
    names = ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD")
    credentials = Credentials(*(environment[f"IRACING_{name}"] for name in names))
    with http_client() as http, CallJournal(folder) as ledger:
        store = TokenFile(folder / "token.json")
        access = Access(environment["IRACING_OAUTH_URL"], credentials, store, http, clock=lambda: now)
        client = ApiClient(
            environment["IRACING_API_URL"],
            access,
            requests_per_second=1000,
            ledger=ledger,
            http=http,
            clock=lambda: now,
        )
        cache = DocumentCache(folder / "cache")
        source = DocumentSource(cache, client, ttl=0, refresh=True, offline=False, ledger=ledger)
        for endpoint in ENDPOINTS:
            assert len(source.document(endpoint).content) > 5
        cache.close()
