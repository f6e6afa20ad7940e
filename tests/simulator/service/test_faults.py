"""Faults of the network as a client meets them."""

import gzip
import time
from datetime import UTC, datetime

import httpx
import pytest

from iracing_sync.simulator import Simulator, SyntheticWorld
from iracing_sync.simulator.service.faults import Fault

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
ENDPOINT = "series/get"


@pytest.fixture(scope="module")
def simulator():
    with Simulator(SyntheticWorld(), at=AT) as running:
        yield running


@pytest.fixture
def client(client_of, simulator):
    simulator.faults.set([])
    simulator.reset_calls()
    return client_of(simulator)


@pytest.fixture
def order(simulator):
    return lambda kind, endpoint=ENDPOINT, **more: simulator.faults.set([{"endpoint": endpoint, "kind": kind, **more}])


def link(client) -> str:
    return client.data(ENDPOINT).json()["link"]


def test_a_status_comes_with_the_body_and_headers_that_are_ordered(client, order) -> None:
    order("status:503", body={"error": "Busy"}, headers={"Retry-After": "7"})
    busy = client.data(ENDPOINT)
    order("status:502", text="<Error/>")
    broken = client.data(ENDPOINT)

    assert (busy.status_code, busy.json(), busy.headers["Retry-After"]) == (503, {"error": "Busy"}, "7")
    assert (broken.status_code, broken.text) == (502, "<Error/>")


def test_a_429_tells_when_the_limit_is_reset(client, order) -> None:
    order("status:429", reset=30)
    answer = client.data(ENDPOINT)

    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert 28 < int(answer.headers["x-ratelimit-reset"]) - time.time() <= 31
    assert client.simulator.calls["refused"] == 1


def test_the_api_and_its_links_may_lead_elsewhere_or_nowhere(client, order) -> None:
    order("redirect")
    assert client.data(ENDPOINT).headers["location"] == f"{client.simulator.url}/data/{ENDPOINT}"
    order("redirect", location="https://evil.example/")
    assert client.data(ENDPOINT).headers["location"] == "https://evil.example/"
    order("link_redirect")
    address = link(client)
    assert client.http.get(address).headers["location"] == address
    order("foreign_link", link="https://evil.example/x")
    assert link(client) == "https://evil.example/x"


def test_a_link_may_answer_any_status_as_s3_does(client, order) -> None:
    order("link_status:503")
    answer = client.http.get(link(client))

    assert (answer.status_code, answer.text[:5]) == (503, "<?xml")


@pytest.mark.parametrize("kind", ["drop_late", "short_body"])
def test_a_body_may_end_in_the_middle(client, order, kind) -> None:
    order(kind)

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.http.get(link(client))


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_may_be_very_large_and_little_on_the_wire(client, order, packed) -> None:
    order("big_body:3", gzip=packed)
    with client.http.stream("GET", link(client)) as answer:
        wire = b"".join(answer.iter_raw())

    assert len(gzip.decompress(wire) if packed else wire) == 3 * 1024 * 1024 + 4
    assert (len(wire) < 10_000) == packed


def test_a_body_may_trickle(client, order) -> None:
    order("trickle:0.01", endpoint="constants/categories")
    begun = time.monotonic()
    answer = client.data("constants/categories")

    assert isinstance(answer.json(), list)
    assert time.monotonic() - begun >= 0.01 * (len(answer.content) - 1)


@pytest.mark.parametrize("kind", ["hang", "link_hang"])
def test_a_server_may_never_answer_and_still_stops(client_of, kind) -> None:
    with Simulator(SyntheticWorld(), at=AT) as hanging:
        client = client_of(hanging)
        hanging.faults.set([{"endpoint": ENDPOINT, "kind": kind}])
        address, headers = (f"/data/{ENDPOINT}", client.bearer) if kind == "hang" else (link(client), {})
        with pytest.raises(httpx.ReadTimeout):
            client.http.get(address, headers=headers, timeout=0.2)
        begun = time.monotonic()
    assert time.monotonic() - begun < 3


def test_a_lost_answer_is_carried_out_all_the_same(client, order) -> None:
    order("lost_answer", times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.data(ENDPOINT)
    order("lost_answer", endpoint="oauth2/token", times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.token()

    left = int(client.data(ENDPOINT).headers["x-ratelimit-remaining"])

    assert client.simulator.calls["logins"] == 2
    assert left <= 240 - 2


def test_refusals_and_requests_at_a_time_are_counted(client, order) -> None:
    order("unauthorized", times=1)
    client.data(ENDPOINT)

    assert {name: client.simulator.calls[name] for name in ("unauthorized", "refused", "most_at_once")} == {
        "unauthorized": 1,
        "refused": 0,
        "most_at_once": 1,
    }


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="no fault is called smoke"):
        Fault.from_json({"kind": "smoke"})
