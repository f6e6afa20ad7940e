"""`auth` from outside: logging in both ways, status, logout, and where secrets are kept."""

import json
import os
import pty
import re
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from remembered import RememberedWorld
from results import done

from iracing_sync.simulator import Simulator

CREDENTIALS = ("IRACING_CLIENT_ID", "IRACING_CLIENT_SECRET", "IRACING_USERNAME", "IRACING_PASSWORD")
SECRETS = ("demo-secret", "demo-password")


@pytest.fixture
def iracing(environment: dict[str, str], free_port: int) -> Iterator[Simulator]:
    callback = f"http://127.0.0.1:{free_port}/callback"
    with Simulator(RememberedWorld(), rate_limit=10_000, redirect_uri=callback) as simulator:
        environment |= {**simulator.environment(), "IRACING_LOG_LEVEL": "DEBUG"}
        yield simulator


@pytest.fixture
def browser_login(started) -> Callable[[], tuple[Any, str]]:
    """Start a login in the browser and give its process and the address that it prints."""

    def begin() -> tuple[Any, str]:
        process = started("auth", "login", "--browser", "--no-open")
        for line in process.stderr:
            if found := re.search(r"log in at iRacing: (\S+)", line):
                return process, found[1]
        raise AssertionError(f"no address: {process.stdout.read()}")

    return begin


def tokens_in(environment: dict[str, str]) -> dict[str, Any]:
    return dict(json.loads(Path(environment["IRACING_DATA_DIR"], "token.json").read_bytes())["tokens"])


def without(environment: dict[str, str], *names: str) -> None:
    for name in names:
        del environment[name]


def test_a_login_with_the_password_is_shown_and_used_by_the_next_run(iracing, command, environment) -> None:
    completed = command("auth", "login")

    assert completed.returncode == 0, completed.stderr
    assert re.search(r"client: +demo-client\nuser: +demo@example.com\nscope: +iracing.auth\n", completed.stdout)
    assert "granted by:             password" in completed.stdout
    file = Path(environment["IRACING_DATA_DIR"], "token.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    done(command("run", "--json"))
    assert iracing.calls["logins"] == 1


def test_a_login_does_not_wait_for_a_database_that_is_down(iracing, command, environment) -> None:
    environment["IRACING_DATABASE_URL"] = "postgresql://racer@127.0.0.1:1/none"

    completed = command("auth", "login")

    assert completed.returncode == 0, completed.stderr
    assert "locked on this machine only" in completed.stderr


def test_the_status_tells_who_and_until_when_and_asks_nothing(iracing, command) -> None:
    command("auth", "login")
    iracing.reset_calls()

    shown = json.loads(command("auth", "status", "--json").stdout)

    assert shown["logged_in"] is True
    assert (shown["client_id"], shown["username"]) == ("demo-client", "demo@example.com")
    assert (shown["scope"], shown["granted_by"], shown["missing"]) == ("iracing.auth", "password", [])
    assert shown["last_used_at"] < shown["access_token_ends_at"] < shown["refresh_token_ends_at"]
    assert shown["days_until_disabled"] in {179, 180}
    assert iracing.calls["tokens"] == iracing.calls["data"] == 0


def test_a_client_soon_disabled_is_warned_of(iracing, command, environment) -> None:
    command("auth", "login")
    file = Path(environment["IRACING_DATA_DIR"], "token.json")
    kept = json.loads(file.read_bytes())
    kept["tokens"]["issued_at"] = time.time() - 160 * 86400
    file.write_text(json.dumps(kept))

    assert re.search(r"WARNING iRacing disables this client in (19|20) days", command("auth", "status").stderr)


def test_without_a_login_the_status_names_what_is_missing(iracing, command, environment) -> None:
    without(environment, "IRACING_PASSWORD")

    completed = command("auth", "status")
    shown = json.loads(command("auth", "status", "--json").stdout)

    assert completed.returncode == 4
    assert "not logged in; not set: IRACING_PASSWORD." in completed.stderr
    assert (shown["logged_in"], shown["missing"]) == (False, ["IRACING_PASSWORD"])


def test_a_login_without_credentials_names_them_and_the_way_to_a_client(iracing, command, environment) -> None:
    without(environment, *CREDENTIALS)

    for arguments, missing in (((), ", ".join(CREDENTIALS)), (("--browser",), "IRACING_CLIENT_ID")):
        completed = command("auth", "login", *arguments)
        assert completed.returncode == 4
        assert f"not set: {missing}. " in completed.stderr
        assert "client_registration.html" in completed.stderr
    assert iracing.calls["tokens"] == 0


def test_a_logout_revokes_and_deletes(iracing, command, environment) -> None:
    command("auth", "login")

    assert command("auth", "logout").stdout == "logged out\n"
    assert iracing.calls["revocations"] == 1
    assert not Path(environment["IRACING_DATA_DIR"], "token.json").exists()
    assert command("auth", "logout").stdout == "not logged in\n"


def test_a_failing_revocation_is_a_warning(iracing, command, environment) -> None:
    command("auth", "login")
    iracing.faults.set({"endpoint": "oauth2/revoke/current", "kind": "status:500"})

    completed = command("auth", "logout")

    assert (completed.returncode, completed.stdout) == (0, "logged out\n")
    assert "WARNING not revoked at iRacing" in completed.stderr
    assert not Path(environment["IRACING_DATA_DIR"], "token.json").exists()


def test_a_thirteenth_login_within_an_hour_asks_nothing(iracing, command, environment) -> None:
    command("auth", "login")
    file = Path(environment["IRACING_DATA_DIR"], "logins.json")
    [owner] = json.loads(file.read_bytes())
    file.write_text(json.dumps({owner: [time.time() - 60 * number for number in range(12)]}))
    iracing.reset_calls()

    for arguments in ((), ("--browser", "--no-open")):
        completed = command("auth", "login", *arguments)
        assert completed.returncode == 5
        assert "the next one is possible at" in completed.stderr
    assert iracing.calls["tokens"] == 0


def test_iracings_own_limit_tells_when_to_come_again(environment, command) -> None:
    with Simulator(RememberedWorld(), logins_per_hour=1) as simulator:
        environment |= simulator.environment()
        assert command("auth", "login").returncode == 0
        completed = command("auth", "login")

    assert completed.returncode == 5
    assert "try again after" in completed.stderr


def test_a_login_in_the_browser_needs_no_user_and_is_kept_through_a_refresh(
    iracing, browser_login, command, environment
) -> None:
    without(environment, "IRACING_USERNAME", "IRACING_PASSWORD")
    process, address = browser_login()

    page = httpx.get(address, follow_redirects=True)
    shown, said = process.communicate(timeout=30)

    assert process.returncode == 0, said
    assert "You are logged in" in page.text
    assert "granted by:             browser" in shown
    assert "user:" not in shown

    iracing.faults.set({"endpoint": "series/get", "kind": "unauthorized", "times": 1})
    assert done(command("run", "--json"))["status"] == "ok"
    assert (iracing.calls["logins"], iracing.calls["refreshes"]) == (1, 1)
    assert tokens_in(environment)["granted_by"] == "browser"

    iracing.expire_tokens()
    completed = command("run", "--refresh", "--json")
    assert completed.returncode == 4
    assert "auth login --browser" in completed.stderr + completed.stdout


def test_a_public_client_logs_in_without_a_secret(environment, browser_login, free_port) -> None:
    callback = f"http://127.0.0.1:{free_port}/callback"
    with Simulator(RememberedWorld(), client_secret="", redirect_uri=callback) as simulator:
        environment |= {name: value for name, value in simulator.environment().items() if value}
        process, address = browser_login()
        httpx.get(address, follow_redirects=True)
        said = process.communicate(timeout=30)[1]

    assert process.returncode == 0, said


def test_a_denial_ends_the_login(iracing, browser_login) -> None:
    iracing.faults.set({"endpoint": "oauth2/authorize", "kind": "status:403"})
    process, address = browser_login()

    page = httpx.get(address, follow_redirects=True)
    said = process.communicate(timeout=30)[1]

    assert process.returncode == 4
    assert "access_denied" in page.text
    assert "access_denied" in said
    assert iracing.calls["tokens"] == 0


def test_a_wrong_state_ends_the_login(iracing, browser_login, environment) -> None:
    process, _ = browser_login()

    page = httpx.get(environment["IRACING_REDIRECT_URI"], params={"code": "c0de", "state": "other"})
    said = process.communicate(timeout=30)[1]

    assert process.returncode == 4
    assert "another state" in page.text
    assert "another state" in said
    assert "c0de" not in said
    assert iracing.calls["tokens"] == 0


def test_no_one_is_waited_for_longer_than_asked(iracing, command) -> None:
    completed = command("auth", "login", "--browser", "--no-open", "--wait", "1")

    assert completed.returncode == 4
    assert "within 1 seconds" in completed.stderr


def test_a_second_login_in_the_browser_finds_the_port_taken(iracing, browser_login, command) -> None:
    browser_login()

    completed = command("auth", "login", "--browser", "--no-open")

    assert completed.returncode == 2
    assert "IRACING_REDIRECT_URI" in completed.stderr


def test_nothing_secret_is_said_even_at_debug(iracing, browser_login, command, environment) -> None:
    said = []
    secrets = set(SECRETS)

    def note(*arguments: str) -> None:
        completed = command("auth", *arguments)
        assert completed.returncode == 0, completed.stderr
        said.append(completed.stdout + completed.stderr)
        file = Path(environment["IRACING_DATA_DIR"], "token.json")
        if file.exists():
            secrets.update(tokens_in(environment)[name] for name in ("access_token", "refresh_token"))

    note("login")
    note("status")
    process, address = browser_login()
    answer = httpx.get(address)
    httpx.get(answer.headers["location"])
    said.append("".join(process.communicate(timeout=30)))
    secrets.add(httpx.URL(answer.headers["location"]).params["code"])
    note("status", "--json")
    note("logout")

    assert len(secrets) == 7
    assert [secret for secret in secrets if secret in "".join(said)] == []


@pytest.fixture
def keyring_file(environment: dict[str, str], tmp_path: Path) -> Path:
    environment |= {
        "PYTHONPATH": str(Path(__file__).parents[1] / "support"),
        "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
        "KEYRING_FILE": str(tmp_path / "keyring.json"),
    }
    return tmp_path / "keyring.json"


def test_the_keyring_keeps_what_a_login_used_until_the_logout(iracing, process, environment, keyring_file) -> None:
    completed = process("auth", "login", "--store", "keyring")
    assert completed.returncode == 0, completed.stderr
    assert json.loads(keyring_file.read_text()) == {
        f"iracing-sync/{name.removeprefix('IRACING_').lower()}": environment[name] for name in CREDENTIALS
    }

    without(environment, *CREDENTIALS)
    assert process("auth", "status").returncode == 0
    iracing.expire_tokens()
    done(process("run", "--json"))
    assert iracing.calls["logins"] == 2

    assert process("auth", "logout").returncode == 0
    assert json.loads(keyring_file.read_text()) == {}
    assert not Path(environment["IRACING_DATA_DIR"], "keyring").exists()
    assert process("auth", "status").returncode == 4


def test_a_locked_keyring_is_a_warning_to_those_who_read_and_an_error_to_those_who_write(
    iracing, process, environment, keyring_file
) -> None:
    process("auth", "login", "--store", "keyring")
    environment["KEYRING_IS_LOCKED"] = "1"
    iracing.reset_calls()

    assert process("auth", "login", "--store", "keyring").returncode == 2
    assert iracing.calls["tokens"] == 0
    without(environment, *CREDENTIALS)
    completed = process("auth", "status")
    assert completed.returncode == 4
    assert "keyring cannot be read: KeyringLocked" in completed.stderr


def test_without_the_package_the_keyring_is_asked_for_by_name(iracing, process, environment, tmp_path) -> None:
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent" / "keyring.py").write_text("raise ModuleNotFoundError('keyring')\n")
    environment["PYTHONPATH"] = str(tmp_path / "absent")

    completed = process("auth", "login", "--store", "keyring")

    assert completed.returncode == 2
    assert "install iracing-sync with its extra, as iracing-sync[keyring]" in completed.stderr
    assert process("auth", "login").returncode == 0


def test_a_person_at_a_terminal_is_asked_for_what_is_missing(iracing, environment, started) -> None:
    without(environment, "IRACING_USERNAME", "IRACING_PASSWORD")
    ours, theirs = pty.openpty()
    process = started("auth", "login", stdin=theirs, start_new_session=True)
    patience = threading.Timer(60, process.kill)
    patience.start()
    answer_prompt(process, ours, "IRACING_USERNAME:", "demo@example.com")
    answer_prompt(process, ours, "IRACING_PASSWORD: ", "demo-password")
    shown, said = process.communicate(timeout=60)
    patience.cancel()
    os.close(ours)
    os.close(theirs)

    assert process.returncode == 0, said
    assert "user:                   demo@example.com" in shown
    assert "demo-password" not in shown + said
    assert "only with IRACING_USERNAME set" in said


def answer_prompt(process: Any, terminal: int, prompt: str, answer: str) -> None:
    said = ""
    while not said.endswith(prompt):
        letter = process.stderr.read(1)
        assert letter, said
        said += letter
    os.write(terminal, f"{answer}\n".encode())


def test_a_refresh_whose_answer_is_lost_costs_one_login_in_the_next_run(environment, command) -> None:
    with Simulator(RememberedWorld(), rate_limit=10_000, token_lifetime=1) as simulator:
        environment |= simulator.environment()
        done(command("run", "--max-calls", "1", "--json"), 5)
        time.sleep(1)
        simulator.faults.set([{"endpoint": "oauth2/token", "kind": "lost_answer", "times": 1}])

        lost = command("run", "--refresh", "--max-calls", "1", "--json")
        found = command("run", "--refresh", "--max-calls", "1", "--json")

    assert done(lost, 5)["api_calls"] == 0
    assert "no answer from iRacing's token endpoint" in lost.stderr
    assert done(found, 5)["api_calls"] == 1
    assert "the refresh token is no longer good: a full login is needed" in found.stderr
    assert {name: simulator.calls[name] for name in ("logins", "refreshes", "burnt")} == {
        "logins": 2,
        "refreshes": 1,
        "burnt": 1,
    }


def test_another_program_gets_a_token_that_is_good_for_a_while(iracing, command, environment) -> None:
    token = command("auth", "token")
    assert token.returncode == 0, token.stderr
    again = json.loads(command("auth", "token", "--json").stdout)

    kept = tokens_in(environment)
    assert token.stdout.strip() == again["access_token"] == kept["access_token"]
    assert kept["access_token"] not in token.stderr
    answer = httpx.get(
        f"{iracing.environment()['IRACING_API_URL']}/data/series/get",
        headers={"authorization": f"Bearer {again['access_token']}"},
    )
    assert answer.status_code == 200


def test_a_token_that_ends_soon_is_refreshed_before_it_is_given_away(iracing, command, environment) -> None:
    command("auth", "login")
    path = Path(environment["IRACING_DATA_DIR"], "token.json")
    content = json.loads(path.read_bytes())
    first = content["tokens"]["access_token"]
    content["tokens"]["expires_at"] = time.time() + 90
    content["tokens"]["renew_at"] = time.time() + 30
    path.write_text(json.dumps(content))

    given = command("auth", "token").stdout.strip()

    assert given != first
    assert given == tokens_in(environment)["access_token"]
    without(environment, *CREDENTIALS)
    assert command("auth", "token").returncode == 4
