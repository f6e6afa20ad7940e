import json
import multiprocessing
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qsl

import httpx
import pytest
import respx

from iracing_sync.errors import AccessRefused, ApiUnavailable
from iracing_sync.login.access import Access, Credentials
from iracing_sync.login.token_endpoint import mask
from iracing_sync.login.token_file import TokenFile, Tokens

TOKEN = "https://oauth.iracing.com/oauth2/token"


def answer(number, **changed):
    fields = {
        "access_token": f"access-{number}",
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": f"refresh-{number}",
        "refresh_token_expires_in": 604800,
    }
    return httpx.Response(200, json={**fields, **changed})


def refused(status, error, description="no"):
    return httpx.Response(status, json={"error": error, "error_description": description})


def forms(route):
    return [dict(parse_qsl(call.request.content.decode())) for call in route.calls]


@pytest.fixture
def endpoint():
    with respx.mock:
        yield respx.post(TOKEN)


def test_a_secret_is_masked_with_its_identifier_in_lower_case():
    assert mask("MySecret", " MyClient ") == mask("MySecret", "myclient")
    assert mask("pw", "a@b.c") == "cSYN2eblHujCVlGPAgs63nqAwOTZKU52fhoGiW/+aYc="


def test_credentials_do_not_show_their_secrets():
    shown = repr(Credentials("app", "s3cret", "me@x.org", "hunter2"))

    assert "s3cret" not in shown
    assert "hunter2" not in shown


def test_the_first_token_comes_from_a_login_with_masked_secrets(an_access, endpoint):
    endpoint.mock(return_value=answer(1))

    assert an_access().bearer() == "access-1"
    assert forms(endpoint) == [
        {
            "grant_type": "password_limited",
            "client_id": "app",
            "client_secret": mask("s3cret", "app"),
            "username": "me@x.org",
            "password": mask("pw", "me@x.org"),
            "scope": "iracing.auth",
        }
    ]


def test_tokens_are_kept_between_runs_in_a_private_file(an_access, endpoint, store):
    endpoint.mock(return_value=answer(1))

    an_access().bearer()
    an_access().bearer()

    assert endpoint.call_count == 1
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_a_live_token_needs_no_password(an_access, endpoint):
    endpoint.mock(return_value=answer(1))
    an_access().bearer()

    assert an_access(password="").bearer() == "access-1"


def test_a_token_is_refreshed_a_minute_before_it_ends(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1), answer(2)])
    an_access().bearer()

    fake_time.now += 539
    assert an_access().bearer() == "access-1"
    fake_time.now += 2
    assert an_access().bearer() == "access-2"
    assert forms(endpoint)[1]["grant_type"] == "refresh_token"
    assert forms(endpoint)[1]["refresh_token"] == "refresh-1"


def test_a_short_token_is_used_for_nine_tenths_of_its_life(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1, expires_in=10), answer(2)])
    an_access().bearer()

    fake_time.now += 8.9
    assert an_access().bearer() == "access-1"
    fake_time.now += 0.2
    assert an_access().bearer() == "access-2"


def test_an_ended_refresh_token_leads_to_a_login(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1), answer(2)])
    an_access().bearer()

    fake_time.now += 8 * 86400

    assert an_access().bearer() == "access-2"
    assert forms(endpoint)[1]["grant_type"] == "password_limited"


def test_a_burned_refresh_token_leads_to_one_login(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1), refused(400, "invalid_grant"), answer(3)])
    an_access().bearer()

    fake_time.now += 600

    assert an_access().bearer() == "access-3"
    assert [form["grant_type"] for form in forms(endpoint)] == ["password_limited", "refresh_token", "password_limited"]


def test_a_rejected_token_is_refreshed(an_access, endpoint):
    endpoint.mock(side_effect=[answer(1), answer(2)])
    access = an_access()

    assert access.renew(access.bearer()) == "access-2"


def test_a_rejected_token_that_another_process_replaced_is_not_refreshed_again(an_access, endpoint):
    endpoint.mock(side_effect=[answer(1), answer(2)])
    an_access().renew(an_access().bearer())

    assert an_access().renew("access-1") == "access-2"
    assert endpoint.call_count == 2


@pytest.mark.parametrize("changed", [{"username": "you@x.org"}, {"client_id": "other"}])
def test_the_tokens_of_others_are_not_used(an_access, endpoint, changed):
    endpoint.mock(side_effect=[answer(1), answer(2)])
    an_access().bearer()

    assert an_access(**changed).bearer() == "access-2"
    assert forms(endpoint)[1]["grant_type"] == "password_limited"


def test_a_token_file_that_makes_no_sense_is_ignored(an_access, endpoint, store):
    endpoint.mock(return_value=answer(1))
    store.path.parent.mkdir()
    store.path.write_bytes(b'{"owner": ')

    assert an_access().bearer() == "access-1"


def test_exactly_the_missing_settings_are_named(an_access, endpoint):
    with pytest.raises(AccessRefused) as caught:
        an_access(client_secret="", password="").bearer()

    assert "not set: IRACING_CLIENT_SECRET, IRACING_PASSWORD" in str(caught.value)
    assert endpoint.call_count == 0


@pytest.mark.parametrize(
    ("status", "error", "advice"),
    [
        (400, "invalid_grant", "IRACING_PASSWORD"),
        (401, "access_denied", "IRACING_USERNAME"),
        (403, "invalid_client", "IRACING_CLIENT_SECRET"),
    ],
)
def test_a_refused_login_says_why_and_what_to_do(an_access, endpoint, status, error, advice):
    endpoint.mock(return_value=refused(status, error, "because"))

    with pytest.raises(AccessRefused, match=rf"{error}: because.*{advice}"):
        an_access().bearer()
    assert endpoint.call_count == 1


@pytest.mark.parametrize("fault", [httpx.Response(503), httpx.Response(500), httpx.ReadTimeout("slow")])
def test_a_silent_token_endpoint_is_unavailable(an_access, endpoint, fault):
    endpoint.mock(side_effect=[fault])

    with pytest.raises(ApiUnavailable):
        an_access().bearer()


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"access_token": "only"}'])
def test_an_answer_without_tokens_keeps_nothing(an_access, endpoint, store, content):
    endpoint.respond(content=content)

    with pytest.raises(ApiUnavailable):
        an_access().bearer()
    assert not store.path.exists()


def test_a_second_login_of_one_run_is_refused(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1), refused(400, "invalid_grant")])
    access = an_access()
    rejected = access.bearer()

    with pytest.raises(AccessRefused, match="one login is all a run may make"):
        access.renew(rejected)
    assert [form["grant_type"] for form in forms(endpoint)] == ["password_limited", "refresh_token"]


def test_a_thirteenth_login_within_an_hour_is_not_even_tried(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[*(answer(number) for number in range(11)), refused(400, "invalid_grant"), answer(13)])
    for _ in range(11):
        an_access().login()
        fake_time.now += 60
    with pytest.raises(AccessRefused):
        an_access().login()

    with pytest.raises(
        ApiUnavailable, match=r"iRacing allows about 12: the next one is possible at \d\d:\d\d:\d\d UTC"
    ):
        an_access().login()
    assert endpoint.call_count == 12

    fake_time.now += 3600 - 11 * 60
    assert an_access().login().access_token == "access-13"


def test_a_login_is_remembered_before_its_answer(an_access, endpoint, store):
    endpoint.mock(side_effect=httpx.ReadTimeout("slow"))

    with pytest.raises(ApiUnavailable):
        an_access().bearer()
    file = store.path.with_name("logins.json")
    assert [len(moments) for moments in json.loads(file.read_bytes()).values()] == [1]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[1]", '{"a": 1}', '{"a": ["x"]}', "\0"])
def test_a_corrupt_file_of_logins_counts_as_empty(an_access, endpoint, store, caplog, content):
    endpoint.mock(return_value=answer(1))
    store.path.parent.mkdir()
    store.path.with_name("logins.json").write_text(content)

    assert an_access().bearer() == "access-1"
    assert "taken for empty" in caplog.text


def test_a_refresh_keeps_how_the_tokens_were_granted(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1, scope="iracing.auth"), answer(2)])
    tokens = an_access().login_with_code("code-1", "verifier-1", "http://127.0.0.1:8912/callback")
    fake_time.now += 600
    an_access().bearer()

    assert (tokens.scope, tokens.issued_at, tokens.client_id) == ("iracing.auth", fake_time.now - 600, "app")
    assert (an_access().tokens_on_disk().granted_by, an_access().tokens_on_disk().issued_at) == (
        "browser",
        fake_time.now,
    )
    assert forms(endpoint)[0] == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "code_verifier": "verifier-1",
        "redirect_uri": "http://127.0.0.1:8912/callback",
        "client_id": "app",
        "client_secret": mask("s3cret", "app"),
    }


def test_a_public_client_sends_no_secret(an_access, endpoint):
    endpoint.mock(return_value=answer(1))

    an_access(client_secret="", username="", password="").login_with_code("code", "verifier", "http://127.0.0.1:1/")

    assert "client_secret" not in forms(endpoint)[0]


def test_without_a_password_the_browser_is_asked_for_again(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1), refused(400, "invalid_grant")])
    an_access(password="").login_with_code("code", "verifier", "http://127.0.0.1:1/")
    fake_time.now += 600

    with pytest.raises(AccessRefused, match="auth login --browser"):
        an_access(password="").bearer()


def test_tokens_of_the_browser_give_way_to_the_password(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1), refused(400, "invalid_grant"), answer(3)])
    an_access().login_with_code("code", "verifier", "http://127.0.0.1:1/")
    fake_time.now += 600

    assert an_access().bearer() == "access-3"
    assert an_access().tokens_on_disk().granted_by == "password"


def test_missing_settings_come_with_the_way_to_a_client(an_access):
    with pytest.raises(AccessRefused, match=r"client_registration\.html.*auth login --browser"):
        an_access(password="").bearer()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("120", r"try again after \d{4}-"),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "after 2026-10-21 07:28:00 UTC"),
        ("soon", "try again later"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_message_tells_when_to_try_again(an_access, endpoint, status, wanted, said):
    endpoint.mock(return_value=httpx.Response(status, headers={"Retry-After": wanted}))

    with pytest.raises(ApiUnavailable, match=said):
        an_access().bearer()


@pytest.mark.parametrize("name", ["expires_at", "renew_at", "access_token", "refresh_until", "scope"])
def test_tokens_with_a_senseless_field_are_none(an_access, endpoint, store, name):
    endpoint.mock(side_effect=[answer(1), answer(2)])
    an_access().bearer()
    kept = json.loads(store.path.read_bytes())
    kept["tokens"][name] = ["?"]
    store.path.write_text(json.dumps(kept))

    assert an_access().bearer() == "access-2"


def test_threads_share_one_access(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=lambda _request: (time.sleep(0.1), answer(endpoint.call_count))[1])
    access = an_access()
    with ThreadPoolExecutor(8) as pool:
        bearers = list(pool.map(lambda _number: access.bearer(), range(8)))

    assert len(set(bearers)) == 1
    assert endpoint.call_count == 1


def test_the_guard_is_held_while_tokens_are_asked_for(http, store, fake_time, endpoint):
    held = []

    @contextmanager
    def guard():
        held.append(True)
        yield
        held.append(False)

    endpoint.mock(side_effect=lambda _request: held.append("asked") or answer(1))
    credentials = Credentials("app", "s3cret", "me@x.org", "pw")
    access = Access("https://oauth.iracing.com/oauth2", credentials, store, http, fake_time.clock, guard=guard)
    access.bearer()
    access.bearer()

    assert held == [True, "asked", False]


def test_a_logout_revokes_and_deletes(an_access, endpoint, store):
    endpoint.mock(return_value=answer(1))
    revocation = respx.post("https://oauth.iracing.com/oauth2/revoke/current").respond(200)
    an_access().bearer()

    assert an_access().logout()
    assert revocation.calls.last.request.headers["authorization"] == "Bearer access-1"
    assert not store.path.exists()
    assert not an_access().logout()


def test_a_logout_refreshes_an_ended_token_to_revoke_it(an_access, endpoint, fake_time):
    endpoint.mock(side_effect=[answer(1), answer(2)])
    revocation = respx.post("https://oauth.iracing.com/oauth2/revoke/current").respond(200)
    an_access().bearer()
    fake_time.now += 600

    assert an_access().logout()
    assert revocation.calls.last.request.headers["authorization"] == "Bearer access-2"


@pytest.mark.parametrize("second", [answer(2), refused(400, "invalid_grant"), httpx.Response(503)])
def test_a_logout_deletes_even_where_iracing_does_not_revoke(an_access, endpoint, store, fake_time, caplog, second):
    endpoint.mock(side_effect=[answer(1), second])
    respx.post("https://oauth.iracing.com/oauth2/revoke/current").respond(503)
    an_access().bearer()
    fake_time.now += 600

    assert an_access().logout()
    assert not store.path.exists()
    assert "deleted here only" in caplog.text


def test_a_token_that_another_process_is_getting_is_waited_for(an_access, endpoint, store):
    endpoint.mock(return_value=answer(1, expires_in=0))
    an_access().bearer()
    context = multiprocessing.get_context("spawn")
    holds = context.Event()
    other = context.Process(target=hold_and_replace, args=(store.path, holds))
    other.start()
    assert holds.wait(30)

    assert an_access().bearer() == "access-other"
    other.join(30)
    assert endpoint.call_count == 1


def hold_and_replace(path, holds):
    """Run in a process of its own: refreshes the tokens, slowly, under the lock."""
    store = TokenFile(path)
    with store.lock():
        holds.set()
        time.sleep(1)
        owner = json.loads(path.read_bytes())["owner"]
        store.write(owner, Tokens("access-other", 2e9, 2e9, "refresh-other", 2e9, None, 1e9, "password", "app"))
