"""The way to the Data API: attempts, links, bounds and retries."""

from iracing_sync.fetch.http.client import ApiClient, http_client

__all__ = ["ApiClient", "http_client"]
