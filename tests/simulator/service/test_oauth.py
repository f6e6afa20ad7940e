"""Logging in through the browser, out again, and too often."""

from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from iracing_sync.simulator import Simulator, SyntheticWorld
from iracing_sync.simulator.service.token_office import challenge

CALLBACK = "http://127.0.0.1:8912/callback"
VERIFIER = "v" * 43


@pytest.fixture
def simulator():
    with Simulator(SyntheticWorld()) as running:
        yield running


@pytest.fixture
def client(simulator, client_of):
    return client_of(simulator)


def authorize(client, **changed):
    query = {
        "client_id": "demo-client",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
        "state": "state-1",
        "scope": "iracing.auth",
    }
    return client.http.get("/oauth2/authorize", params={**query, **changed})


def callback_fields(answer):
    assert answer.status_code == 302
    place = urlsplit(answer.headers["location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == CALLBACK
    return dict(parse_qsl(place.query))


def exchange_code(client, code, **changed):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return client.token(**{**form, **changed})


def test_a_code_with_its_verifier_buys_tokens_once(client):
    fields = callback_fields(authorize(client))

    assert fields["state"] == "state-1"
    assert exchange_code(client, fields["code"]).json()["access_token"]
    assert exchange_code(client, fields["code"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("changed", [{"code_verifier": "w" * 43}, {"redirect_uri": f"{CALLBACK}/"}, {"code": "other"}])
def test_a_code_is_worth_nothing_to_others(client, changed):
    code = callback_fields(authorize(client))["code"]

    assert exchange_code(client, **{"code": code, **changed}).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"scope": "all"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_told_to_the_client(client, changed, error):
    fields = callback_fields(authorize(client, **changed))

    assert (fields["error"], fields["state"]) == (error, "state-1")


@pytest.mark.parametrize("changed", [{"client_id": "other"}, {"redirect_uri": "http://127.0.0.1:8913/callback"}])
def test_no_one_is_sent_to_an_unregistered_place(client, changed):
    assert authorize(client, **changed).status_code == 400


def test_a_person_can_be_made_to_say_no(client, simulator):
    simulator.faults.set({"endpoint": "oauth2/authorize", "kind": "status:403", "times": 1})

    assert callback_fields(authorize(client))["error"] == "access_denied"
    assert "code" in callback_fields(authorize(client))


def test_a_public_client_has_no_secret():
    with Simulator(SyntheticWorld(), client_secret="") as simulator:
        form = {"grant_type": "refresh_token", "client_id": "demo-client", "refresh_token": "none"}
        without = httpx.post(f"{simulator.oauth_url}/token", data=form)
        with_one = httpx.post(f"{simulator.oauth_url}/token", data={**form, "client_secret": "x"})

    assert (without.json()["error"], with_one.json()["error"]) == ("invalid_grant", "invalid_client")


def test_a_revocation_ends_both_tokens_of_its_session_and_no_other(client):
    mine, other = (client.token().json() for _ in range(2))
    bearer = {"Authorization": f"Bearer {mine['access_token']}"}

    answer = client.http.post("/oauth2/revoke/current", headers=bearer)

    assert (answer.status_code, answer.content) == (200, b"")
    assert client.http.post("/oauth2/revoke/current", headers=bearer).json()["error"] == "invalid_token"
    refreshes = [client.token(grant_type="refresh_token", refresh_token=one["refresh_token"]) for one in (mine, other)]
    assert [refresh.status_code for refresh in refreshes] == [400, 200]


def test_logins_beyond_the_limit_are_told_when_to_come_again(client_of):
    with Simulator(SyntheticWorld(), logins_per_hour=2) as simulator:
        client = client_of(simulator)
        assert [client.token().status_code for _ in range(2)] == [200, 429]
        assert 3590 < int(client.token().headers["retry-after"]) <= 3601


def test_what_becomes_of_token_requests_is_counted(client, simulator):
    refresh = {"grant_type": "refresh_token", "refresh_token": client.token().json()["refresh_token"]}
    simulator.reset_calls()
    client.token(scope="all")
    tokens = [client.token(), client.token(**refresh), client.token(**refresh)][0].json()
    client.http.post("/oauth2/revoke/current", headers={"Authorization": f"Bearer {tokens['access_token']}"})

    counted = {"tokens": 4, "logins": 1, "refreshes": 1, "burnt": 1, "revocations": 1, "most_tokens_at_once": 1}
    assert simulator.calls.items() >= counted.items()
