"""The client of the Data API: one document at a time, at a steady pace, with patience for passing faults."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import httpx

from iracing_sync import __version__
from iracing_sync.api.answers import accepted, is_maintenance, reason
from iracing_sync.api.endpoints import NO_PARAMS
from iracing_sync.api.ledger import Call, Ledger
from iracing_sync.api.links import LinkExpiredError, Links
from iracing_sync.api.oauth import Access
from iracing_sync.api.pace import Pace, remaining
from iracing_sync.api.retries import server_fault, transport_fault, with_retries
from iracing_sync.documents import Document, Params, document_name
from iracing_sync.errors import ApiUnavailable, CallBudgetSpent, DocumentError

logger = logging.getLogger(__name__)

REFUSALS = 6
"""How many times in a row the rate limit (429) may refuse one document."""


def http_client() -> httpx.Client:
    """Open a client with our name and time limits.

    httpx logs every address it asks, presigned queries included: its loggers are silenced here.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.Client(timeout=30, follow_redirects=False, headers={"User-Agent": f"iracing-sync/{__version__}"})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of `/data`, and how many attempts have been made at it."""

    endpoint: str
    params: Params
    cached: str
    attempts: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def name(self) -> str:
        """Return what a person calls the document."""
        return document_name(self.endpoint, self.params)


class ApiClient:
    """Fetches documents from `/data` and tells the ledger of every attempt.

    `clock` gives epoch seconds. The rate limit is that of the whole client; links do not count. Once `max_calls`
    attempts are made, every other one raises CallBudgetSpent.
    """

    def __init__(
        self,
        api_url: str,
        access: Access,
        *,
        requests_per_second: float = 4,
        ledger: Ledger,
        http: httpx.Client,
        max_calls: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._max_calls = max_calls
        self._made = 0
        self._api_url = api_url.rstrip("/")
        self._access = access
        self._ledger = ledger
        self._http = http
        self._sleep = sleep
        self._clock = clock
        self._pace = Pace(requests_per_second, sleep, clock)
        self._links = Links(api_url, http, sleep)

    def fetch(self, endpoint: str, params: Params = NO_PARAMS, *, cached: str = "miss") -> Document:
        """Fetch one document, whole and decodable; `cached` is what the ledger says of the way here.

        Raises AccessRefused, ApiUnavailable, or DocumentError where only this document is at fault.
        """
        question = Question(endpoint, params, cached)
        try:
            return self._fetch(question)
        except LinkExpiredError:
            logger.info("%s: the link has ended, asking for another", question.name)
        try:
            return self._fetch(question)
        except LinkExpiredError as error:
            raise DocumentError(f"{question.name}: two links in a row were refused") from error

    def _fetch(self, question: Question) -> Document:
        response = self._ask(question)
        fetched_at = datetime.fromtimestamp(self._clock(), UTC)
        body = self._links.resolve(question.name, response.content)
        logger.debug("%s: fetched %d bytes", question.name, len(body))
        return Document(question.endpoint, question.params, body, fetched_at)

    def _ask(self, question: Question) -> httpx.Response:
        token = self._access.bearer()
        response = self._ask_patiently(question, token)
        if response.status_code == 401:
            response = self._ask_patiently(question, self._access.renew(token))
        return accepted(question.name, response)

    def _ask_patiently(self, question: Question, token: str) -> httpx.Response:
        for refusals in range(1, REFUSALS + 1):
            response = with_retries(question.name, lambda: self._get(question, token), self._sleep)
            if response.status_code != 429:
                return response
            self._pace.back_off(response.headers, refusals)
        message = f"{question.name}: the rate limit refused it {REFUSALS} times in a row; try again later"
        raise ApiUnavailable(message)

    def _get(self, question: Question, token: str) -> httpx.Response:
        """Make one attempt; raises PassingError where another may help."""
        self._spend(question)
        self._pace.wait()
        begun = self._clock()
        try:
            response = self._http.get(
                f"{self._api_url}/data/{question.endpoint}",
                params=dict(question.params),
                headers={"Authorization": f"Bearer {token}"},
            )
        except (httpx.TransportError, httpx.DecodingError) as error:
            self._record(question, begun, None)
            raise transport_fault(error) from error
        self._record(question, begun, response)
        self._pace.heed(response.headers)
        return self._sound(response)

    def _spend(self, question: Question) -> None:
        if self._max_calls is not None and self._made >= self._max_calls:
            raise CallBudgetSpent(
                f"the {self._max_calls} calls of --max-calls are made before {question.name}; the next run goes on"
            )
        self._made += 1

    def _sound(self, response: httpx.Response) -> httpx.Response:
        if is_maintenance(response):
            raise ApiUnavailable(f"iRacing is in maintenance ({reason(response)}); try again later")
        if response.is_server_error:
            raise server_fault(response)
        return response

    def _record(self, question: Question, begun: float, response: httpx.Response | None) -> None:
        call = Call(
            at=datetime.fromtimestamp(begun, UTC),
            endpoint=question.endpoint,
            params=question.params,
            http_status=response.status_code if response is not None else None,
            attempt=next(question.attempts),
            cached=question.cached,
            duration_ms=max(0, round((self._clock() - begun) * 1000)),
            size_bytes=len(response.content) if response is not None else None,
            rate_limit_remaining=remaining(response.headers) if response is not None else None,
        )
        self._ledger(call)
