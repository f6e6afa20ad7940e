"""Every fault of docs/faults.md, ordered from the simulator, through the command line."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import environment_of
from forks import call_apart
from leaks import in_database, in_folder, leaks
from remembered import RememberedWorld

from conftest import own_database
from iracing_sync.simulator import Simulator

pytestmark = pytest.mark.xdist_group("faults")

REPOSITORY = Path(__file__).parents[2]
AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
LIST = "season/list"
AT_ONCE = 12
"""So many commands run at a time: most of them wait most of the time."""


@dataclass(frozen=True)
class Case:
    """A fault that strikes `verify`, a command of one call, and what comes of it.

    `calls` are the answers asked of /data; `environment` may name the simulator's port.
    """

    exit_code: int
    words: str
    faults: tuple[dict[str, Any], ...]
    calls: int | None = None
    environment: dict[str, str] = field(default_factory=dict)


def fault(kind: str, times: int = -1, endpoint: str = LIST, **details: Any) -> dict[str, Any]:
    return {"endpoint": endpoint, "kind": kind, "times": times, **details}


def unused_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


EVIL = "https://evil.example/x?X-Amz-Signature=presigned"
PLAIN = "http://10.0.0.1/x?X-Amz-Signature=presigned"
MAINTENANCE = r"maintenance \(Site Maintenance; .*\); try again at \d\d:00 UTC"
REFUSED = "invalid_grant.*check IRACING_USERNAME and IRACING_PASSWORD"
QUICK = {"IRACING_TIMEOUT": "3"}
LEFT = r"not here after the 3 s of IRACING_TIMEOUT; try again later"
TOKENS = "oauth2/token"

CASES = {
    "400": Case(3, r"HTTP 400 \(Bad Request\)", (fault("status:400"),), 1),
    "401": Case(0, "stored", (fault("unauthorized", 1),), 2),
    "401 lasting": Case(4, "refuses a new token, too; log in again", (fault("unauthorized"),), 2),
    "403": Case(4, "check the scope and state of the OAuth client", (fault("status:403"),), 1),
    "404": Case(3, r"HTTP 404 \(Not Found\)", (fault("status:404"),), 1),
    "429": Case(0, "the rate limit refuses: the next call is in", (fault("status:429", 1),), 2),
    "429 lasting": Case(5, "the rate limit refused it 4 times in a row", (fault("status:429"),), 4),
    "500": Case(0, "HTTP 500 from 127.0.0.1; try 2 of 4", (fault("status:500", 1),), 2),
    "502": Case(0, "HTTP 502 from 127.0.0.1; try 2 of 4", (fault("status:502", 1),), 2),
    "504": Case(0, "HTTP 504 from 127.0.0.1; try 2 of 4", (fault("status:504", 1),), 2),
    "500 lasting": Case(5, "HTTP 500 from 127.0.0.1, 4 times in a row; try again later", (fault("status:500"),), 4),
    "503": Case(0, "HTTP 503 from 127.0.0.1; try 2 of 4", (fault("status:503", 1, body={"error": "Busy"}),), 2),
    "503 maintenance": Case(
        5, r"maintenance \(Site Maintenance; .*\); try again at \d\d:00 UTC", (fault("status:503"),), 1
    ),
    "redirect": Case(3, "127.0.0.1 sends us elsewhere, where the token must not go", (fault("redirect"),), 1),
    "html": Case(5, r"in maintenance \(127.0.0.1 sent a page\); try again at", (fault("html"),), 1),
    "wrong shape": Case(3, r"season/list.* \$", (fault("replace", body={"seasons": "none"}),), 1),
    "expired link": Case(0, "the link has ended, asking for another", (fault("expired_link", 1),), 2),
    "expired link lasting": Case(3, "two links in a row were refused", (fault("expired_link"),), 2),
    "foreign link": Case(3, "leads to evil.example by https: not", (fault("foreign_link", link=EVIL),), 1),
    "plain link": Case(3, "leads to 10.0.0.1 by http: not", (fault("foreign_link", link=PLAIN),), 1),
    "link redirect": Case(3, "redirected more than 3 times", (fault("link_redirect"),), 1),
    "link 500 lasting": Case(5, "HTTP 500 from 127.0.0.1, 4 times in a row", (fault("link_status:500"),), 1),
    "no name": Case(
        5, "the name nowhere.invalid cannot be resolved, 4 times", (), 0, {"IRACING_API_URL": "https://nowhere.invalid"}
    ),
    "no tls": Case(
        5, "no TLS connection with 127.0.0.1, 4 times", (), 0, {"IRACING_API_URL": "https://127.0.0.1:{port}"}
    ),
    "no connection": Case(
        5, "ConnectError on the way to 127.0.0.1, 4", (), 0, {"IRACING_API_URL": f"http://127.0.0.1:{unused_port()}"}
    ),
    "dropped": Case(0, "on the way to 127.0.0.1; try 2 of 4", (fault("drop", 1),), 2),
    "cut": Case(0, "on the way to 127.0.0.1; try 2 of 4", (fault("drop_late", 1),), 1),
    "cut lasting": Case(5, "on the way to 127.0.0.1, 4 times in a row", (fault("drop_late"),), 1),
    "short body": Case(5, "RemoteProtocolError on the way to 127.0.0.1, 4 times", (fault("short_body"),), 1),
    "half a document": Case(3, "are not JSON from .*, 4 times in a row", (fault("cut"),), 1),
    "gzip garbage": Case(0, "is not the gzip that it says; try 2 of 4", (fault("garbage_gzip", 1),), 1),
    "gzip garbage lasting": Case(3, "is not the gzip that it says, 4 times", (fault("garbage_gzip"),), 1),
    "large": Case(3, "larger than the 64 MB of IRACING_MAX_DOCUMENT_MB", (fault("big_body:100"),), 1),
    "bomb": Case(3, "larger than the 64 MB of IRACING_MAX_DOCUMENT_MB", (fault("big_body:100", gzip=True),), 1),
    "trickle": Case(5, LEFT, (fault("trickle:1"),), 1, QUICK),
    "hang": Case(5, LEFT, (fault("hang"),), 1, QUICK),
    "login refused": Case(
        4, "invalid_grant.*check IRACING_USERNAME and IRACING_PASSWORD", (), 0, {"IRACING_PASSWORD": "wrong"}
    ),
    "no login": Case(5, "token endpoint is not available", (fault("status:500", endpoint=TOKENS),), 0),
    "lost login": Case(5, "no answer from iRacing's token endpoint", (fault("lost_answer", 1, endpoint=TOKENS),), 0),
}


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    exit_code: int
    shown: str
    errors: str
    calls: int
    leaks: list[str]


def outcome(case: Case, database_url: str, folder: Path) -> Outcome:
    """Run the command into the fault."""
    with Simulator(RememberedWorld(), at=AT) as simulator:
        simulator.faults.set(list(case.faults))
        port = simulator.url.rpartition(":")[2]
        environment = {
            **environment_of(database_url, folder),
            "IRACING_LOG_LEVEL": "DEBUG",
            **simulator.environment(),
            **{name: value.format(port=port) for name, value in case.environment.items()},
        }
        ran = call_apart(("verify", "--year", "2024", "--quarter", "4"), environment, folder)
        found = leaks(simulator, [("said", ran.stdout + ran.stderr), *in_folder(folder)])
        return Outcome(ran.returncode, ran.stdout, ran.stderr, simulator.calls["data"], found)


@pytest.fixture(scope="module")
def outcomes(server_url, migrated, tmp_path_factory) -> Iterator[dict[str, Outcome]]:
    with own_database(server_url, migrated) as database_url:
        folders = {name: tmp_path_factory.mktemp("fault") for name in CASES}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            coming = {name: pool.submit(outcome, case, database_url, folders[name]) for name, case in CASES.items()}
            ended = {name: one.result() for name, one in coming.items()}
        with Simulator(RememberedWorld()) as simulator:
            ended["database"] = Outcome(0, "", "", 0, leaks(simulator, in_database(database_url)))
        yield ended


@pytest.mark.parametrize("name", CASES)
def test_a_fault_ends_as_the_docs_say(outcomes, name) -> None:
    case, ended = CASES[name], outcomes[name]

    # an empty database lacks every season that the list names, which `verify` tells with exit 3
    expected = 3 if case.exit_code == 0 else case.exit_code
    assert ended.exit_code == expected, ended.errors
    assert re.search(case.words, ended.errors + ended.shown), ended.errors
    assert "Traceback" not in ended.errors
    assert ("listed by iRacing" in ended.shown) == (case.exit_code == 0)
    assert case.calls in (None, ended.calls)
    assert ended.leaks == []


def test_no_fault_leaves_a_secret_in_the_database(outcomes) -> None:
    assert outcomes["database"].leaks == []


def test_the_docs_name_every_fault_and_its_exit_code() -> None:
    rows = [
        line.split("|") for line in (REPOSITORY / "docs/faults.md").read_text().splitlines() if line.startswith("| `")
    ]
    documented = {name: int(row[4]) for row in rows for name in re.findall(r"`([^`]+)`", row[1])}

    assert documented == {name: case.exit_code for name, case in CASES.items()}
