from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from iracing_sync.errors import AccessRefused, SettingsError
from iracing_sync.login.browser import BrowserLogin, challenge, listen_for_callback


@pytest.fixture
def place(free_port):
    return f"http://127.0.0.1:{free_port}/callback"


def test_the_challenge_is_that_of_the_rfc():
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_every_attempt_has_a_state_and_a_verifier_of_its_own_and_shows_neither():
    first, second = BrowserLogin(), BrowserLogin()

    assert first.state != second.state
    assert first.verifier != second.verifier
    assert 43 <= len(first.verifier) <= 128
    assert first.state not in repr(first)
    assert first.verifier not in repr(first)


def test_the_address_carries_the_challenge_and_not_the_verifier():
    login = BrowserLogin()
    address = login.address("https://oauth.iracing.com/oauth2", "app", "http://127.0.0.1:8912/callback")

    assert dict(parse_qsl(urlsplit(address).query)) == {
        "client_id": "app",
        "redirect_uri": "http://127.0.0.1:8912/callback",
        "response_type": "code",
        "code_challenge": challenge(login.verifier),
        "code_challenge_method": "S256",
        "state": login.state,
        "scope": "iracing.auth",
    }
    assert login.verifier not in address


def test_the_code_is_brought_back_past_what_else_a_browser_asks(place):
    login = BrowserLogin()
    with listen_for_callback(place, login) as listener:
        assert httpx.get(place.replace("callback", "favicon.ico")).status_code == 404
        page = httpx.get(place, params={"state": login.state, "code": "code-1"})
        assert listener.wait(5) == "code-1"

    assert "You are logged in" in page.text
    assert "code-1" not in page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "wrong", "code": "code-1"}, "another state"),
        ({"code": "code-1"}, "another state"),
        ({"state": "ä", "code": "code-1"}, "another state"),
        ({"state": "{}", "error": "access_denied", "error_description": "<b>no</b>"}, "access_denied"),
        ({"state": "{}"}, "no code"),
    ],
)
def test_what_is_no_answer_to_this_attempt_is_refused_with_a_page(place, fields, said):
    login = BrowserLogin()
    with listen_for_callback(place, login) as listener:
        page = httpx.get(place, params={name: value.format(login.state) for name, value in fields.items()})
        with pytest.raises(AccessRefused, match=said):
            listener.wait(5)

    assert page.status_code == 400
    assert said in page.text
    assert "<b>" not in page.text


def test_a_person_who_does_not_come_is_not_waited_for_for_ever(place):
    with (
        listen_for_callback(place, BrowserLogin()) as listener,
        pytest.raises(AccessRefused, match=r"within 0\.1 seconds"),
    ):
        listener.wait(0.1)


def test_a_port_in_use_is_named_by_its_setting(place):
    with (
        listen_for_callback(place, BrowserLogin()),
        pytest.raises(SettingsError, match="IRACING_REDIRECT_URI"),
        listen_for_callback(place, BrowserLogin()),
    ):
        pass
