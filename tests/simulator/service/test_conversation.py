"""What a client meets: tokens, links, limits and faults."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from iracing_sync.simulator import Simulator

AT = datetime(2024, 1, 3, tzinfo=UTC)


class SmallWorld:
    """Knows one list of series, one constant and one season."""

    def __init__(self):
        self.series = [{"series_id": number} for number in range(25)]

    def answer(self, endpoint, params, at):
        known = {
            "series/get": self.series,
            "constants/categories": [{"label": "Oval", "value": 1}],
            "series/season_schedule": {"season_id": params.get("season_id")},
            "doc": {"at": at.isoformat()},
        }
        return known[endpoint]


@pytest.fixture
def simulator():
    with Simulator(SmallWorld(), at=AT) as running:
        yield running


@pytest.fixture
def client(simulator, client_of):
    return client_of(simulator)


def test_a_document_lies_behind_a_link(client):
    assert client.document("series/get")[24] == {"series_id": 24}


def test_constants_are_answered_directly(client):
    assert client.data("constants/categories").json() == [{"label": "Oval", "value": 1}]


def test_every_answer_tells_the_rate_limit(client):
    headers = client.data("series/get").headers

    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("240", "239")


def test_the_limit_is_kept(client_of):
    with Simulator(SmallWorld(), rate_limit=2) as simulator:
        client = client_of(simulator)
        assert [client.data("series/get").status_code for _ in range(3)] == [200, 200, 429]


def test_no_document_is_given_without_a_live_token(client, simulator):
    simulator.expire_tokens()

    answer = client.data("series/get")

    assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})


def test_a_token_ends_by_the_clock(client_of):
    moments = [AT]
    with Simulator(SmallWorld(), clock=lambda: moments[-1], token_lifetime=60) as simulator:
        client = client_of(simulator)
        moments.append(AT + timedelta(seconds=60))
        assert client.data("series/get").status_code == 401


def test_a_link_ends_by_the_clock(client_of):
    moments = [AT]
    with Simulator(SmallWorld(), clock=lambda: moments[-1]) as simulator:
        client = client_of(simulator)
        link = client.data("series/get").json()["link"]
        moments.append(AT + timedelta(minutes=15))
        assert client.http.get(link).status_code == 403


def test_a_refresh_token_works_once(client):
    first = client.token().json()["refresh_token"]
    refresh = {"grant_type": "refresh_token", "refresh_token": first}

    again = [client.token(**refresh) for _ in range(2)]

    assert [answer.status_code for answer in again] == [200, 400]
    assert again[1].json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"client_secret": "demo-secret"}, "invalid_client"),
        ({"password": "demo-password"}, "invalid_grant"),
        ({"scope": "all"}, "invalid_scope"),
        ({"grant_type": "password"}, "invalid_request"),
    ],
)
def test_a_wrong_login_is_refused_in_the_words_of_oauth(client, form, error):
    assert client.token(**form).json()["error"] == error


def test_a_link_refuses_an_authorization_header(client):
    link = client.data("series/get").json()["link"]

    answer = client.http.get(link, headers=client.bearer)

    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/xml")


def test_a_missing_parameter_and_an_unknown_endpoint_are_refused(client):
    assert client.data("series/season_schedule").status_code == 400
    assert client.data("series/none").status_code == 404


def test_a_document_is_packed_only_for_those_who_accept_it(client):
    link = client.data("series/get").json()["link"]

    assert client.http.get(link).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.http.get(link, headers={"accept-encoding": "identity"}).headers


def test_a_chunked_list_comes_in_pieces(client_of):
    with Simulator(SmallWorld(), chunk_endpoints=frozenset({"series/get"})) as simulator:
        client = client_of(simulator)
        info = client.data("series/get").json()["data"]["chunk_info"]
        pieces = [client.http.get(info["base_download_url"] + name).json() for name in info["chunk_file_names"]]

    assert (info["num_chunks"], info["rows"]) == (3, 25)
    assert [row["series_id"] for piece in pieces for row in piece] == list(range(25))


def test_calls_are_counted_by_endpoint(client, simulator):
    simulator.reset_calls()
    client.document("series/get")

    shown = client.http.get("/simulator/calls").json()

    assert shown == simulator.calls
    assert shown.items() >= {"data": 1, "links": 1, "tokens": 0, "by_endpoint": {"series/get": 1}}.items()


def test_the_world_is_asked_for_its_own_moment(client, simulator):
    client.http.post("/simulator/at", json={"at": "2025-09-09T00:00:00Z"})

    assert client.document("doc") == {"at": "2025-09-09T00:00:00+00:00"}
    assert simulator.at == datetime(2025, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("status:500", 500), ("status:502", 502), ("status:503", 503), ("status:429", 429), ("unauthorized", 401)],
)
def test_a_fault_strikes_as_often_as_ordered(client, kind, status):
    client.http.post("/simulator/faults", json={"endpoint": "*", "kind": kind, "times": 2})

    assert [client.data("series/get").status_code for _ in range(3)] == [status, status, 200]


def test_maintenance_says_so(client, simulator):
    simulator.faults.set({"kind": "status:503"})

    assert client.data("series/get").json()["error"] == "Site Maintenance"


def test_a_dropped_connection_has_no_answer(client, simulator):
    simulator.faults.set({"kind": "drop", "times": 1})

    with pytest.raises(httpx.RemoteProtocolError):
        client.data("series/get")
    assert client.data("series/get").status_code == 200


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("cut", ValueError),
        ("html", ValueError),
        ("garbage_gzip", httpx.DecodingError),
        ("short_body", httpx.RemoteProtocolError),
    ],
)
def test_a_spoilt_document_cannot_be_read(client, simulator, kind, error):
    simulator.faults.set({"kind": kind, "times": 1})

    with pytest.raises(error):
        client.document("series/get")
    assert len(client.document("series/get")) == 25


def test_an_expired_link_is_forbidden(client, simulator):
    simulator.faults.set({"kind": "expired_link", "times": 1})

    assert client.http.get(client.data("series/get").json()["link"]).status_code == 403


def test_an_answer_can_be_slow(client, simulator):
    simulator.faults.set({"kind": "slow:0.2", "times": 1})

    assert client.data("series/get").elapsed >= timedelta(seconds=0.2)


def test_an_edit_changes_what_is_sent_and_not_the_world(client, simulator):
    simulator.faults.set([{"kind": "edit", "path": ["0", "series_id"], "value": 99, "times": 1}])

    assert [client.document("series/get")[0] for _ in range(2)] == [{"series_id": 99}, {"series_id": 0}]


def test_edits_add_up(client, simulator):
    simulator.faults.set(
        [{"kind": "edit", "path": ["0", "series_id"], "delete": True}, {"kind": "edit", "path": ["1", "x"], "value": 1}]
    )

    assert client.document("series/get")[:2] == [{}, {"series_id": 1, "x": 1}]


def test_a_replacement_is_sent_as_the_document(client, simulator):
    simulator.faults.set({"endpoint": "series/get", "kind": "replace", "body": {"odd": True}})

    assert client.document("series/get") == {"odd": True}


def test_an_unknown_fault_is_refused(client):
    assert client.http.post("/simulator/faults", json={"kind": "flood"}).status_code == 400


def test_the_token_endpoint_fails_only_by_name(client, simulator):
    simulator.faults.set({"endpoint": "*", "kind": "status:500"})
    assert client.token().status_code == 200

    simulator.faults.set([{"endpoint": "oauth2/token", "kind": "status:503"}])
    assert client.token().status_code == 503
