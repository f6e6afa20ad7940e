"""Many processes, one account: what iRacing sees of them."""

import json
import subprocess
import sys

import pytest

from iracing_sync.errors import ApiUnavailable
from iracing_sync.fetch.http.client import http_client
from iracing_sync.login.access import Access, Credentials
from iracing_sync.login.token_file import TokenFile
from iracing_sync.simulator import Simulator, SyntheticWorld

BEARER = """
import os, sys
from pathlib import Path
from iracing_sync.fetch.http.client import http_client
from iracing_sync.login.access import Access, Credentials
from iracing_sync.login.token_file import TokenFile
names = ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD")
who = Credentials(*(os.environ[f"IRACING_{name}"] for name in names))
sys.stdin.readline()
with http_client() as http:
    print(Access(os.environ["IRACING_OAUTH_URL"], who, TokenFile(Path(sys.argv[1])), http).bearer())
"""


@pytest.fixture
def simulator():
    with Simulator(SyntheticWorld()) as running:
        yield running


@pytest.fixture
def access_to(simulator, tmp_path):
    given = simulator.environment()
    names = ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD")
    credentials = Credentials(*(given[f"IRACING_{name}"] for name in names))
    with http_client() as http:
        yield lambda: Access(simulator.oauth_url, credentials, TokenFile(tmp_path / "private" / "token.json"), http)


def end_access_token(path):
    kept = json.loads(path.read_bytes())
    kept["tokens"] |= {"renew_at": 0, "expires_at": 0}
    path.write_text(json.dumps(kept))


def test_eight_processes_with_an_ended_token_make_one_refresh(simulator, access_to, tmp_path):
    access_to().bearer()
    path = tmp_path / "private" / "token.json"
    end_access_token(path)
    simulator.reset_calls()
    simulator.faults.set({"endpoint": "oauth2/token", "kind": "slow:0.5"})
    waiting = [
        subprocess.Popen(
            [sys.executable, "-c", BEARER, str(path)],
            env=simulator.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]

    for process in waiting:
        process.stdin.write("go\n")
        process.stdin.flush()
    bearers = {process.communicate(timeout=60)[0] for process in waiting}

    assert len(bearers) == 1
    assert bearers != {""}
    counts = simulator.calls
    assert (counts["refreshes"], counts["burnt"], counts["logins"], counts["tokens"]) == (1, 0, 0, 1)
    assert counts["most_tokens_at_once"] == 1


def test_a_lost_answer_costs_the_next_run_one_login(simulator, access_to, tmp_path):
    access_to().bearer()
    path = tmp_path / "private" / "token.json"
    end_access_token(path)
    before = path.read_bytes()
    access_to().bearer()
    path.write_bytes(before)  # the process died between the answer and the file
    simulator.reset_calls()

    assert access_to().bearer()
    counts = simulator.calls
    assert (counts["burnt"], counts["logins"], counts["tokens"]) == (1, 1, 2)


def test_a_broken_connection_is_a_passing_fault_and_the_tokens_stay(simulator, access_to, tmp_path):
    access_to().bearer()
    path = tmp_path / "private" / "token.json"
    end_access_token(path)
    simulator.faults.set({"endpoint": "oauth2/token", "kind": "drop", "times": 1})

    with pytest.raises(ApiUnavailable, match="no answer"):
        access_to().bearer()
    simulator.reset_calls()
    assert access_to().bearer()
    assert (simulator.calls["refreshes"], simulator.calls["logins"]) == (1, 0)
