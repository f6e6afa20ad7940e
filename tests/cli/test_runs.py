"""What each run was asked, how it ended and what it did; and what a report of a fault needs."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from results import done

from iracing_sync.cli import COMMANDS

SOURCE = Path(__file__).parents[2] / "src"
NAMED = re.compile(r"iracing-sync ((?:[a-z-]+ ?)+)")
"""A command as a message names it."""

GROUPS = ("auth", "cache", "db", "export")


def shown(ran) -> str:
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_runs_are_listed_newest_first_with_what_they_did(synthetic, command, ask) -> None:
    first = done(command("run", "--json"))
    synthetic.faults.set([{"endpoint": "series/get", "kind": "status:500"}])
    failed = command("run", "--refresh", "--json")
    assert failed.returncode != 0

    newest, oldest = json.loads(shown(command("runs", "--json")))["runs"]
    assert (oldest["run_id"], oldest["status"], oldest["exit_code"]) == (first["run_id"], "ok", 0)
    assert oldest["counters"]["seasons"] == first["seasons"]
    assert (newest["exit_code"], newest["arguments"]["refresh"]) == (failed.returncode, True)

    said = shown(command("runs"))
    assert said.splitlines()[0].split() == [
        *("run", "began", "took", "status", "exit", "changed", "calls", "warn", "asked")
    ]
    assert said.endswith("2 runs\n")
    assert newest["run_id"][:8] in said
    assert "29 of 29" in said
    assert [row["run_id"] for row in json.loads(shown(command("runs", "--failed", "--json")))["runs"]] == [
        newest["run_id"]
    ]
    rows = csv.DictReader(io.StringIO(shown(command("runs", "--csv", "--limit", "1"))))
    assert [row["run_id"] for row in rows] == [newest["run_id"]]
    assert shown(command("runs", "--at", "2020-01-01")).endswith("0 runs\n")


def test_a_run_that_is_not_there_is_said(command, synthetic) -> None:
    for name, said in (("", "ID is blank"), ("last", "there is no run yet: iracing-sync run"), ("x", "no run x")):
        ended = command("runs", "show", name)
        assert (ended.returncode, said in ended.stderr) == (2, True)


def test_one_run_is_told_whole_by_the_beginning_of_its_id(synthetic, command) -> None:
    result = done(command("run", "--json", "--series", "101"))

    for name in (result["run_id"], result["run_id"][:8].upper(), "last"):
        said = shown(command("runs", "show", name))
        assert f"run {result['run_id']}" in said
        assert "asked: --series 101" in said
        assert f"{result['api_calls']} API calls" in said
        assert f"its calls: iracing-sync calls --run {result['run_id']}" in said
    assert json.loads(shown(command("runs", "show", "last", "--json")))["counters"]["run_id"] == result["run_id"]


@pytest.mark.parametrize(("wanted", "words"), [("zz", "there is no run zz"), ("", "ID is blank")])
def test_an_id_that_means_none_or_several_is_refused(synthetic, command, wanted, words) -> None:
    done(command("run", "--json"))
    done(command("run", "--json"))

    ran = command("runs", "show", wanted)

    assert (ran.returncode, words in ran.stderr) == (2, True), ran.stderr


def test_a_run_that_was_killed_is_aborted(synthetic, command, ask) -> None:
    done(command("run", "--json"))
    ask("UPDATE sync_run SET status = 'running', exit_code = NULL, finished_at = NULL RETURNING 1")

    [row] = json.loads(shown(command("runs", "--json")))["runs"]
    assert (row["status"], row["seconds"]) == ("aborted", None)
    assert json.loads(shown(command("runs", "--failed", "--json")))["runs"] == [row]
    assert ": aborted" in shown(command("runs", "show"))


def test_the_version_is_the_first_line_and_what_a_report_needs_follows(command) -> None:
    first, python, packages = shown(command("--version")).splitlines()

    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", first)
    assert python.startswith("Python 3.")
    named = {part.split()[0] for part in packages.split(", ")}
    assert {"httpx", "sqlalchemy", "psycopg", "libpq", "diskcache"} <= named


def test_what_the_account_may_still_ask(synthetic, command) -> None:
    assert command("db", "upgrade").returncode == 0
    assert "nothing is known yet" in shown(command("calls", "--left"))
    assert json.loads(shown(command("calls", "--left", "--json"))) == {"left": None}
    asked = done(command("run", "--json"))["api_calls"]

    left = json.loads(shown(command("calls", "--left", "--json")))["left"]
    assert (left["limit"], left["used"]) == (10_000, asked)
    assert left["left"] is None or left["left"] == 10_000 - asked - 10_000 * left["reserve_pct"] / 100
    assert re.search(r"calls until|the last window is over", shown(command("calls", "--left")))


def named_commands() -> set[tuple[str, ...]]:
    """Return the commands that messages name, each with that of its group."""
    found = {words for path in SOURCE.rglob("*.py") for words in NAMED.findall(path.read_text())}
    words = {tuple(word for word in one.split() if not word.startswith("-")) for one in found}
    return {one[: 2 if one[0] in GROUPS else 1] for one in words if one and one[0] in COMMANDS}


def test_every_command_that_a_message_names_is_there(command) -> None:
    named = named_commands()

    assert {("run",), ("status",), ("changes",), ("db", "upgrade"), ("db", "shell"), ("auth", "login")} <= named
    for words in sorted(named):
        assert command(*words, "--help").returncode == 0, words
