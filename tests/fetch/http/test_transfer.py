"""Bodies within bounds: of size and of time, packed or not; and the hosts that a link may lead to."""

import gzip
import socket
import ssl
from collections.abc import Iterator

import httpx
import pytest
import respx

from iracing_sync.errors import ApiUnavailable, DocumentError
from iracing_sync.fetch.http.client import ApiClient
from iracing_sync.fetch.http.retries import PassingError, SpoiltError, transport_fault
from iracing_sync.fetch.http.transfer import Bounds, Transfer

URL = "https://members-ng.iracing.com/data/constants/divisions"
LINK = "https://scorpio.s3.amazonaws.com/series.json"
MB = 1024 * 1024


class Ticking(httpx.SyncByteStream):
    """A body of single bytes, each of which takes a second of a clock."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.now = 0.0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.length):
            self.now += 1
            yield b" "


class Pieces(httpx.SyncByteStream):
    """A body that nobody has unpacked on the way."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body


def transfer(http, **bounds) -> Transfer:
    return Transfer("constants/divisions", http, Bounds(**bounds))


@respx.mock
def test_a_body_as_large_as_allowed_is_whole(http) -> None:
    respx.get(URL).respond(content=b"x" * MB)

    assert len(transfer(http, max_bytes=MB).get(URL).content) == MB


@pytest.mark.parametrize("packed", [False, True])
@respx.mock
def test_a_body_larger_than_allowed_is_refused_unpacked_too(http, packed) -> None:
    body = b" " * (3 * MB)
    headers = {"Content-Encoding": "gzip"} if packed else {}
    respx.get(URL).respond(content=gzip.compress(body) if packed else body, headers=headers)

    with pytest.raises(DocumentError, match="constants/divisions: larger than the 2 MB of IRACING_MAX_DOCUMENT_MB"):
        transfer(http, max_bytes=2 * MB).get(URL)


@respx.mock
def test_a_body_that_trickles_ends_with_its_time(http) -> None:
    stream = Ticking(1000)
    respx.get(URL).mock(return_value=httpx.Response(200, stream=stream))
    slow = Transfer("constants/divisions", http, Bounds(seconds=20), clock=lambda: stream.now)

    with pytest.raises(ApiUnavailable, match="not here after the 20 s of IRACING_TIMEOUT"):
        slow.get(URL)
    assert stream.now == 20


@respx.mock
def test_all_requests_for_a_document_share_its_time(http) -> None:
    streams = [Ticking(15), Ticking(15)]
    respx.get(URL).mock(side_effect=[httpx.Response(200, stream=stream) for stream in streams])
    slow = Transfer(
        "constants/divisions", http, Bounds(seconds=20), clock=lambda: sum(stream.now for stream in streams)
    )

    slow.get(URL)
    with pytest.raises(ApiUnavailable, match="20 s"):
        slow.get(URL)


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (gzip.compress(b"[1, 2, 3]", mtime=0)[:-9], "gzip", "ends in the middle"),
        (b"\x1f\x8b\x08\x00 no gzip at all", "gzip", "is not the gzip that it says"),
        (b"[]", "br", "packed as br, which was not asked for"),
    ],
)
@respx.mock
def test_a_body_packed_wrongly_is_spoilt(http, body, encoding, words) -> None:
    packed = httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Pieces(body))
    respx.get(URL).mock(return_value=packed)

    with pytest.raises(SpoiltError, match=words):
        transfer(http).get(URL)


@respx.mock
def test_a_spoilt_body_is_asked_for_again_and_in_the_end_its_document_alone_is_given_up(api, calls) -> None:
    respx.get(URL).respond(content=b'[{"series_id": 3', headers={"content-type": "application/json"})

    with pytest.raises(DocumentError, match=r"16 bytes from .*, application/json, are not JSON"):
        api.fetch("constants/divisions")
    assert [call.http_status for call in calls] == [200] * 4
    assert all("not JSON" in call.error for call in calls)


def fault(*causes: Exception) -> Exception:
    error = httpx.ConnectError("words that quote X-Amz-Signature=presigned", request=httpx.Request("GET", URL))
    last: BaseException = error
    for cause in causes:
        last.__cause__ = cause
        last = cause
    return transport_fault(error)


def test_faults_on_the_way_are_told_apart_in_words_without_the_address() -> None:
    no_name = fault(OSError(), socket.gaierror(-2, "Name or service not known"))
    no_tls = fault(ssl.SSLError("WRONG_VERSION_NUMBER"))
    untrusted = fault(ssl.SSLError("handshake"), ssl.SSLCertVerificationError("self-signed"))

    assert (type(no_name), str(no_name)) == (PassingError, "the name members-ng.iracing.com cannot be resolved")
    assert (type(no_tls), str(no_tls)) == (PassingError, "no TLS connection with members-ng.iracing.com")
    assert isinstance(untrusted, ApiUnavailable)
    assert "certificate of members-ng.iracing.com is not trusted" in str(untrusted)
    assert str(fault()) == "ConnectError on the way to members-ng.iracing.com"


def linked(url: str = f"{LINK}?X-Amz-Signature=presigned") -> httpx.Response:
    return httpx.Response(200, json={"link": url})


@respx.mock
def test_a_redirected_link_is_followed_to_trusted_hosts_only(api) -> None:
    respx.get(URL).mock(return_value=linked())
    respx.get(LINK).respond(307, headers={"Location": "https://eu.s3.amazonaws.com/series.json"})
    respx.get("https://eu.s3.amazonaws.com/series.json").mock(
        side_effect=[
            httpx.Response(200, json=[1]),
            httpx.Response(302, headers={"Location": "https://evil.example/?X-Amz-Signature=presigned"}),
        ]
    )

    assert api.fetch("constants/divisions").body == b"[1]"
    with pytest.raises(DocumentError, match=r"leads to evil.example by https: not followed$"):
        api.fetch("constants/divisions")


@respx.mock
def test_a_link_that_goes_in_circles_is_left(api) -> None:
    respx.get(URL).mock(return_value=linked())
    asked = respx.get(LINK).respond(302, headers={"Location": LINK})

    with pytest.raises(DocumentError, match="redirected more than 3 times"):
        api.fetch("constants/divisions")
    assert len(asked.calls) == 4


@respx.mock
def test_the_api_itself_may_not_send_the_token_elsewhere(api, calls) -> None:
    respx.get(URL).respond(302, headers={"Location": "https://other.iracing.com/data/constants/divisions"})

    with pytest.raises(DocumentError, match="sends us elsewhere, where the token must not go"):
        api.fetch("constants/divisions")
    assert len(calls) == 1


@respx.mock
def test_signed_addresses_within_a_document_lose_their_query(api) -> None:
    weather = "https://scorpio.s3.amazonaws.com/w/1.json"
    body = b'[{"weather_url":"%s?X-Amz-Date=1\\u0026X-Amz-Signature=presigned","page":"https://iracing.com/?q=1"}]'
    respx.get(URL).respond(content=body % weather.encode())

    assert api.fetch("constants/divisions").content == [{"weather_url": weather, "page": "https://iracing.com/?q=1"}]


@respx.mock
def test_the_ledger_counts_the_document_behind_the_link(api, calls) -> None:
    respx.get(URL).mock(return_value=linked())
    respx.get(LINK).respond(content=b"[" + b"1," * 5000 + b"1]")

    api.fetch("constants/divisions")

    assert [call.size_bytes for call in calls] == [10_003]


def test_the_name_of_a_host_that_is_not_there_is_said(access, http, calls, fake_time) -> None:
    api = ApiClient("https://nowhere.invalid", access, ledger=calls.append, http=http, sleep=fake_time.sleep)

    with pytest.raises(ApiUnavailable, match=r"the name nowhere\.invalid cannot be resolved, 4 times in a row"):
        api.fetch("constants/divisions")
