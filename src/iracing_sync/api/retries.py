"""What is tried again: server errors and broken connections, four times at most, ever more slowly."""

import logging
from collections.abc import Callable
from typing import TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from iracing_sync.errors import ApiUnavailable

logger = logging.getLogger(__name__)

TRIES = 4

Result = TypeVar("Result")


class PassingError(Exception):
    """A fault that may be gone at the next try; its message holds no URL."""


def transport_fault(error: httpx.RequestError) -> PassingError:
    """Name a timeout or a broken connection by its kind: httpx's own words may quote what was sent."""
    return PassingError(f"{type(error).__name__} on the way to {error.request.url.host}")


def server_fault(response: httpx.Response) -> PassingError:
    """Name a server error by its status and host."""
    return PassingError(f"HTTP {response.status_code} from {response.request.url.host}")


def with_retries(name: str, attempt: Callable[[], Result], sleep: Callable[[float], None]) -> Result:
    """Call `attempt` until it raises no PassingError; raises ApiUnavailable when it still does at the last try."""
    retrying = Retrying(
        retry=retry_if_exception_type(PassingError),
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential_jitter(initial=1, max=30, jitter=1),
        sleep=sleep,
        before_sleep=lambda state: _log(name, state),
        reraise=True,
    )
    try:
        return retrying(attempt)
    except PassingError as fault:
        raise ApiUnavailable(f"{name}: {fault}, {TRIES} times in a row; try again later") from fault


def _log(name: str, state: RetryCallState) -> None:
    fault = state.outcome.exception() if state.outcome else None
    logger.info("%s: %s; try %d of %d follows", name, fault, state.attempt_number + 1, TRIES)
