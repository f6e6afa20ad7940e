"""Behind a link: the documents that the API answers with a presigned address, whole or in chunks.

They are fetched without the Authorization header, which S3 rejects. The query of a link is a credential: it is in no
message and no log.
"""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import orjson

from iracing_sync.api.retries import server_fault, transport_fault, with_retries
from iracing_sync.documents import decoded
from iracing_sync.errors import DocumentError

TRUSTED_DOMAINS = ("amazonaws.com", "cloudfront.net", "iracing.com")


class LinkExpiredError(Exception):
    """A link is no longer good: the API has to be asked for another."""


class Links:
    """Follows links to trusted hosts; plain http only on loopback, and only where the API itself is there."""

    def __init__(self, api_url: str, http: httpx.Client, sleep: Callable[[float], None]) -> None:
        self._loopback = is_loopback(httpx.URL(api_url).host)
        self._http = http
        self._sleep = sleep

    def resolve(self, name: str, answer: bytes) -> bytes:
        """Return the document that an answer leads to: behind its link, in its chunks, or the answer itself.

        Raises LinkExpiredError, or DocumentError where what is found is not JSON.
        """
        content = decoded(name, answer)
        if isinstance(content, dict) and isinstance(link := content.get("link"), str):
            answer = self._fetch(name, link)
            content = decoded(name, answer)
        chunks = chunk_info(content)
        return answer if chunks is None else self._fetch_chunks(name, chunks)

    def _fetch_chunks(self, name: str, chunks: Mapping[str, Any]) -> bytes:
        try:
            links = [chunks["base_download_url"] + file_name for file_name in chunks["chunk_file_names"]]
        except (KeyError, TypeError) as error:
            raise DocumentError(f"{name}: its chunk_info does not say where the chunks are") from error
        return orjson.dumps([row for link in links for row in self._fetch_rows(name, link)])

    def _fetch_rows(self, name: str, link: str) -> list[Any]:
        rows = decoded(name, self._fetch(name, link))
        if not isinstance(rows, list):
            raise DocumentError(f"{name}: one of its chunks is not an array")
        return rows

    def _fetch(self, name: str, link: str) -> bytes:
        url = self._trusted(name, link)
        response = with_retries(name, lambda: self._get(url), self._sleep)
        if response.status_code in (400, 403):  # S3 answers 400 where the key that signed the link has ended
            raise LinkExpiredError
        if response.status_code != 200:
            raise DocumentError(f"{name}: its link to {url.host} answered HTTP {response.status_code}")
        return response.content

    def _get(self, url: httpx.URL) -> httpx.Response:
        try:
            response = self._http.get(url)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise transport_fault(error) from error
        if response.is_server_error:
            raise server_fault(response)
        return response

    def _trusted(self, name: str, link: str) -> httpx.URL:
        try:
            url = httpx.URL(link)
        except httpx.InvalidURL:  # quotes the link, so it is no cause to show
            raise DocumentError(f"{name}: its link is not an address") from None
        if url.userinfo or not self._is_trusted(url):
            raise DocumentError(f"{name}: its link leads to {url.host or 'no host'} by {url.scheme}: not followed")
        return url

    def _is_trusted(self, url: httpx.URL) -> bool:
        if url.scheme == "http":
            return self._loopback and is_loopback(url.host)
        return url.scheme == "https" and any(f".{url.host}".endswith(f".{domain}") for domain in TRUSTED_DOMAINS)


def chunk_info(content: Any) -> Mapping[str, Any] | None:
    """Return where the chunks of a document are, which is said at its top or under `data`; null without chunks."""
    if not isinstance(content, dict):
        return None
    for place in (content, content.get("data")):
        if isinstance(place, dict) and isinstance(info := place.get("chunk_info"), dict):
            return info
    return None


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
