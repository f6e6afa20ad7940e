"""The client of the Data API: one document at a time for each thread, at the account's pace, patient with faults."""

import logging
import math
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

import httpx

from iracing_sync import __version__
from iracing_sync.documents import NO_PARAMS, Document, Params, document_name
from iracing_sync.errors import ApiUnavailable, CallBudgetSpent, DocumentError
from iracing_sync.fetch.expected import fault_in
from iracing_sync.fetch.http.answers import is_maintenance, maintenance_error, maintenance_in, reason, require_success
from iracing_sync.fetch.http.attempts import Attempt, Question
from iracing_sync.fetch.http.links import LinkExpiredError, Links, Payload
from iracing_sync.fetch.http.retries import TRIES, server_fault, with_retries
from iracing_sync.fetch.http.transfer import Bounds, Transfer
from iracing_sync.instants import Clock, now
from iracing_sync.ledger.call import Ledger
from iracing_sync.rate_limit.pace import Keeper, OwnKeeper, Pace

log = logging.getLogger(__name__)

REFUSALS = 4
"""How many times in a row the rate limit (429) may refuse one document."""


def http_client() -> httpx.Client:
    """Open a client with our name and time limits.

    httpx logs every address it asks, presigned queries included: its loggers are silenced here.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    headers = {"User-Agent": f"iracing-sync/{__version__}", "Accept-Encoding": "gzip"}
    return httpx.Client(timeout=30, follow_redirects=False, headers=headers)


class BearerTokens(Protocol):
    """Whoever holds the tokens."""

    def bearer(self) -> str:
        """Return a live access token."""

    def renew(self, rejected: str) -> str:
        """Return another token than the one that was refused."""

    def allow_login(self) -> None:
        """Let one more full login be made, if need be."""


class Reply(NamedTuple):
    """What came of an attempt: the answer of the API, when, for which token, and the document if it is good."""

    response: httpx.Response
    at: datetime
    token: str
    payload: Payload = Payload(b"", None)


class ApiClient:
    """Fetches documents from `/data` and tells the ledger of every attempt; threads may share it.

    `clock` gives epoch seconds, and `dated_by` the moment that a document is from. The pace is that of the account
    whose allowance `keeper` keeps: links do not count, and the part `reserve` of each window is left to others. Once
    `max_calls` attempts are made, every other one raises CallBudgetSpent; one that would wait for longer than
    `longest_wait` seconds raises CallLater.
    """

    def __init__(
        self,
        api_url: str,
        access: BearerTokens,
        *,
        requests_per_second: float = 4,
        reserve: float = 0.1,
        bounds: Bounds | None = None,
        keeper: Keeper | None = None,
        ledger: Ledger,
        http: httpx.Client,
        max_calls: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        dated_by: Clock = now,
        longest_wait: float = math.inf,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._access = access
        self._bounds = bounds or Bounds()
        self._ledger = ledger
        self._http = http
        self._calls_left = max_calls
        self._max_calls = max_calls
        self._budget_lock = threading.Lock()
        self._sleep = sleep
        self._clock = clock
        self._dated_by = dated_by
        self._pace = Pace(requests_per_second, reserve, keeper or OwnKeeper(), sleep, clock, longest_wait)
        self._links = Links(api_url, sleep)

    def allow_login(self) -> None:
        """Let one more full login be made, if need be: what follows is another piece of work."""
        self._access.allow_login()

    def fetch(
        self, endpoint: str, params: Params = NO_PARAMS, *, cached: str = "miss", patient: bool = True
    ) -> Document:
        """Fetch one document, whole and decodable; `cached` is what the ledger says of the way here.

        What may be done without need not be `patient`: it is asked for once.

        Raises AccessRefused, ApiUnavailable, or DocumentError where only this document is at fault.
        """
        name = document_name(endpoint, params)
        question = Question(endpoint, params, cached, Transfer(name, self._http, self._bounds), TRIES if patient else 1)
        try:
            return self._fetch(question)
        except LinkExpiredError:
            log.info("%s: the link has ended, asking for another", name)
        try:
            return self._fetch(question)
        except LinkExpiredError as error:
            raise DocumentError(f"{name}: two links in a row were refused") from error

    def _fetch(self, question: Question) -> Document:
        reply = self._ask_patiently(question)
        if reply.response.status_code == 401:
            self._access.renew(reply.token)
            reply = self._ask_patiently(question)
        require_success(question.transfer.name, reply.response)
        body, content = reply.payload
        log.debug("%s: fetched %d bytes", question.transfer.name, len(body))
        return Document(question.endpoint, question.params, body, reply.at).with_content(content)

    def _ask_patiently(self, question: Question) -> Reply:
        name = question.transfer.name
        most = min(REFUSALS, question.tries)
        for refusals in range(1, most + 1):
            reply = with_retries(name, lambda: self._ask(question), self._sleep, question.tries)
            if reply.response.status_code != 429:
                return reply
            self._pace.back_off(reply.response.headers, refusals)
        raise ApiUnavailable(f"{name}: the rate limit refused it {most} times in a row; try again later")

    def _ask(self, question: Question) -> Reply:
        """Make one attempt; raises PassingError where another may help."""
        self._spend(question)
        self._pace.wait()
        token = self._access.bearer()  # after the wait, in which another thread may have refreshed it
        with question.attempt(self._ledger, self._clock) as attempt:
            response = self._get(question, token, attempt)
            at = self._dated_by()
            if response.status_code != 200:
                return Reply(response, at, token)
            payload = self._links.resolve(question.transfer, response)
            if error := maintenance_in(payload.content):
                raise maintenance_error(response, self._clock(), error)
            if fault := fault_in(question.endpoint, payload.content):
                raise DocumentError(f"{question.transfer.name}: {fault}")
            attempt.size_bytes = max(len(payload.body), len(response.content))
            return Reply(response, at, token, payload)

    def _get(self, question: Question, token: str, attempt: Attempt) -> httpx.Response:
        url = f"{self._api_url}/data/{question.endpoint}"
        response = question.transfer.get(url, question.params, {"Authorization": f"Bearer {token}"})
        attempt.heed(response)
        self._pace.heed(response.headers)
        if is_maintenance(response):
            raise maintenance_error(response, self._clock(), reason(response))
        if response.is_server_error:
            raise server_fault(response)
        return response

    def _spend(self, question: Question) -> None:
        with self._budget_lock:
            if self._calls_left == 0:
                raise CallBudgetSpent(
                    f"the {self._max_calls} calls of --max-calls are made before {question.transfer.name}; "
                    "the next run goes on"
                )
            if self._calls_left is not None:
                self._calls_left -= 1
