"""What is tried again: server errors, broken connections and spoilt bodies, four times at most, ever more slowly."""

import logging
import socket
import ssl
from collections.abc import Callable
from typing import TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from iracing_sync.errors import ApiUnavailable, DocumentError, SyncError, causes

log = logging.getLogger(__name__)

TRIES = 4

Result = TypeVar("Result")


class PassingError(Exception):
    """A fault that may be gone at the next try; its message holds no URL."""

    lasting: type[SyncError] = ApiUnavailable
    advice = "; try again later"


class SpoiltError(PassingError):
    """A body that is not what it should be: only this document suffers if that lasts."""

    lasting = DocumentError
    advice = ""


def transport_fault(error: httpx.RequestError) -> PassingError | ApiUnavailable:
    """Name a timeout or a broken connection by its kind: httpx's own words may quote what was sent.

    A certificate that is not trusted is not tried again.
    """
    host = error.request.url.host
    led_here = list(causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in led_here):
        return ApiUnavailable(
            f"the certificate of {host} is not trusted: check this machine's clock and certificates, and any proxy"
        )
    if any(isinstance(cause, ssl.SSLError) for cause in led_here):
        return PassingError(f"no TLS connection with {host}")
    if any(isinstance(cause, socket.gaierror) for cause in led_here):
        return PassingError(f"the name {host} cannot be resolved")
    return PassingError(f"{type(error).__name__} on the way to {host}")


def server_fault(response: httpx.Response) -> PassingError:
    """Name a server error by its status and host."""
    return PassingError(f"HTTP {response.status_code} from {response.request.url.host}")


def with_retries(
    name: str, attempt: Callable[[], Result], sleep: Callable[[float], None], tries: int = TRIES
) -> Result:
    """Call `attempt` until it raises no PassingError, at most `tries` times.

    Where it still does at the last try, raises ApiUnavailable, or DocumentError for a body that stays spoilt.
    """
    retrying = Retrying(
        retry=retry_if_exception_type(PassingError),
        stop=stop_after_attempt(tries),
        wait=wait_exponential_jitter(initial=1, max=30, jitter=1),
        sleep=sleep,
        before_sleep=lambda state: _log(name, state),
        reraise=True,
    )
    try:
        return retrying(attempt)
    except PassingError as fault:
        often = f", {tries} times in a row" if tries > 1 else ""
        raise fault.lasting(f"{name}: {fault}{often}{fault.advice}") from fault


def _log(name: str, state: RetryCallState) -> None:
    fault = state.outcome.exception() if state.outcome else None
    log.info("%s: %s; try %d of %d follows", name, fault, state.attempt_number + 1, TRIES)
