"""Behind a link: the documents that the API answers with a presigned address, whole or in chunks.

They are fetched without the Authorization header, which S3 rejects. The query of a link is a credential: it is in no
message, no log and no document.
"""

import codecs
import ipaddress
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import httpx
import orjson

from iracing_sync.errors import DocumentError
from iracing_sync.fetch.http.answers import maintenance_error
from iracing_sync.fetch.http.retries import SpoiltError, server_fault, with_retries
from iracing_sync.fetch.http.transfer import Transfer
from iracing_sync.fetch.http.valid_json import NUL, valid_json

log = logging.getLogger(__name__)

TRUSTED_DOMAINS = ("amazonaws.com", "cloudfront.net", "iracing.com")
MOST_REDIRECTS = 3
SIGNED = re.compile(rb'(https?:[^"?\s]*)\?[^"\s]*?(?:X-Amz-|Signature=)[^"\s]*', re.IGNORECASE)
"""An address in a document with the query that signs it: it ends within the hour, and until then it is a key."""

CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
"""What stands in no text: such a body is spoilt, and no page."""

CHUNKED = b'"chunk_info"'
"""Where a document says that it comes in chunks."""


class LinkExpiredError(Exception):
    """A link is no longer good: the API has to be asked for another."""

    def __str__(self) -> str:
        """Say what happened."""
        return "the link has ended"


class Payload(NamedTuple):
    """The body of a document, in which no address is signed, and what it holds."""

    body: bytes
    content: Any


class Links:
    """Follows links to trusted hosts; plain http only on loopback, and only where the API itself is there."""

    def __init__(self, api_url: str, sleep: Callable[[float], None]) -> None:
        self._is_local = is_loopback(httpx.URL(api_url).host)
        self._sleep = sleep

    def resolve(self, transfer: Transfer, response: httpx.Response) -> Payload:
        """Return the document that an answer leads to: behind its link, in its chunks, or the answer itself.

        Raises SpoiltError where the answer is no JSON, LinkExpiredError, or DocumentError where what is found is none.
        """
        answer = decode(response, plain_body(response.content)).content
        link = answer.get("link") if isinstance(answer, dict) else None
        payload = self._fetch(transfer, link) if isinstance(link, str) else payload_of(response)
        chunks = chunk_info(payload.content)
        if chunks is None:
            return payload
        body = without_signatures(orjson.dumps(list(self._rows(transfer, chunks))))
        return Payload(body, orjson.loads(body))

    def _rows(self, transfer: Transfer, chunks: Mapping[str, Any]) -> Iterator[Any]:
        try:
            links = [chunks["base_download_url"] + file_name for file_name in chunks["chunk_file_names"]]
        except (KeyError, TypeError) as error:
            raise DocumentError(f"{transfer.name}: its chunk_info does not say where the chunks are") from error
        for link in links:
            rows = self._fetch(transfer, link).content
            if not isinstance(rows, list):
                raise DocumentError(f"{transfer.name}: one of its chunks is not an array")
            yield from rows

    def _fetch(self, transfer: Transfer, link: str) -> Payload:
        return with_retries(transfer.name, lambda: self._get(transfer, link), self._sleep)

    def _get(self, transfer: Transfer, link: str) -> Payload:
        response = self._follow(transfer, link)
        if response.is_server_error:
            raise server_fault(response)
        if response.status_code in (400, 403):  # S3 answers 400 where the key that signed the link has ended
            raise LinkExpiredError
        if response.status_code != 200:
            host = response.request.url.host
            raise DocumentError(f"{transfer.name}: its link to {host} answered HTTP {response.status_code}")
        return payload_of(response)

    def _follow(self, transfer: Transfer, link: str) -> httpx.Response:
        """Ask a link, and where that leads; every host on the way must be trusted."""
        url = self._trusted_url(transfer.name, link)
        for _ in range(MOST_REDIRECTS + 1):
            response = transfer.get(url)
            if not response.has_redirect_location:
                return response
            url = self._trusted_url(transfer.name, response.headers["location"], url)
        raise DocumentError(f"{transfer.name}: its link to {url.host} is redirected more than {MOST_REDIRECTS} times")

    def _trusted_url(self, name: str, link: str, base: httpx.URL | None = None) -> httpx.URL:
        try:
            url = base.join(link) if base else httpx.URL(link)
        except httpx.InvalidURL:  # quotes the link, so it is no cause to show
            raise DocumentError(f"{name}: its link is not an address") from None
        if url.userinfo or not self._is_trusted(url):
            raise DocumentError(f"{name}: its link leads to {url.host or 'no host'} by {url.scheme}: not followed")
        return url

    def _is_trusted(self, url: httpx.URL) -> bool:
        if url.scheme == "http":
            return self._is_local and is_loopback(url.host)
        return url.scheme == "https" and any(f".{url.host}".endswith(f".{domain}") for domain in TRUSTED_DOMAINS)


def payload_of(response: httpx.Response) -> Payload:
    """Return a document and what it holds; the links to chunks are left as they are, for they are to be followed."""
    body = plain_body(response.content)
    body = body if CHUNKED in body else without_signatures(body)
    return decode(response, body)


def plain_body(body: bytes) -> bytes:
    """Return a body as UTF-8 without the mark that some writers begin it with."""
    return body.removeprefix(codecs.BOM_UTF8)


def without_signatures(body: bytes) -> bytes:
    """Cut the queries that sign addresses out of a document."""
    return SIGNED.sub(rb"\1", body)


def decode(response: httpx.Response, body: bytes) -> Payload:
    """Return the body of an answer, mended where that is needed, and what it holds; raises SpoiltError for no JSON.

    A page or other text in place of JSON means that iRacing is closed: raises ApiUnavailable, for no try would help.
    """
    if NUL in body:
        body = valid_json(body)
    try:
        return Payload(body, orjson.loads(body))
    except orjson.JSONDecodeError as error:
        better = valid_json(body)
        with suppress(orjson.JSONDecodeError):
            content = orjson.loads(better)
            log.warning("%s sent broken characters, now U+FFFD", response.request.url.host)
            return Payload(better, content)
        if is_page(body):
            raise maintenance_error(response, time.time(), f"{response.request.url.host} sent a page") from None
        kind = response.headers.get("content-type", "of no type").partition(";")[0][:40]
        size, host = len(body), response.request.url.host
        message = f"{size} bytes from {host}, {kind}, are not JSON from {error.lineno}:{error.colno} on"
        raise SpoiltError(message) from error


def is_page(body: bytes) -> bool:
    """Tell whether a body is a text that does not even begin like a JSON document, as a page of HTML."""
    begin = body[:1000].lstrip()
    return bool(begin) and begin[:1] not in (b"{", b"[") and not CONTROLS.search(begin)


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
