"""What a newcomer meets: help, words of ours, colours, a terminal of 80 columns, pipes, cron's mail."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from results import done

from iracing_sync.quarters import Quarter

GROUPS = {"auth": ("login", "status", "logout"), "db": ("upgrade", "current", "check"), "cache": ("info", "clear")}
SINGLE = ("run", "plan", "changes", "schedule", "verify", "calls", "status", "simulate", "demo")
COMMANDS = [*((one,) for one in SINGLE), *((group, one) for group, all_ in GROUPS.items() for one in all_)]

RED, GREEN, YELLOW = "\x1b[31m", "\x1b[32m", "\x1b[33m"


def at_terminal(arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> tuple[int, str]:
    """Run the command line at a terminal of 80 columns; return its exit code and what the terminal was sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-m", "iracing_sync", *arguments]
    running = subprocess.Popen(
        command, env={"TERM": "xterm", **environment}, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    sent = b""
    with suppress(OSError):  # how Linux says that the other side is closed
        while part := os.read(ours, 65536):
            sent += part
    os.close(ours)
    return running.wait(60), sent.decode()


def plain(sent: str) -> list[str]:
    """Return the lines of what a terminal was sent, without colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sent).replace("\r", "\n").split("\n")


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_the_help_of_every_command_speaks_as_people_do_and_tells_the_options_for_all(command, arguments) -> None:
    short, long = command(*arguments, "-h"), command(*arguments, "--help")

    assert short.returncode == 0
    assert short.stdout == long.stdout
    assert "<" not in short.stdout
    assert ">=" not in short.stdout
    for option in ("--json", "--env-file FILE", "--quiet", "--verbose", "--debug", "--help"):
        assert option in short.stdout
    assert max(map(len, short.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--year", "1900", "--quarter", "2"), "--year 1900: expected 2008 or more"),
        (("run", "--max-calls", "many"), "--max-calls many: expected a whole number"),
        (("run", "--series", "3", "--series", "x"), "--series x: expected a whole number"),
        (("run", "--series", "99999999999999999999"), "--series 99999999999999999999: expected 2147483647 or less"),
        (("run", "--series", "2147483648"), "--series 2147483648: expected 2147483647 or less"),
        (("calls", "--limit", "9" * 30), f"--limit {'9' * 30}: expected 2147483647 or less"),
        (("run", "--max-calls", "9" * 30), f"--max-calls {'9' * 30}: expected 2147483647 or less"),
        (("status", "--max-age", "inf"), "--max-age inf: expected 2147483647 or less"),
        (
            ("changes", "--since", "0001-01-01T00:00:00+14:00"),
            "--since 0001-01-01T00:00:00+14:00: expected 12h, 7d, 4w or a date such as 2025-05-01",
        ),
        (("run", "--yaer", "2025"), "no such option: --yaer: did you mean --year?"),
        (("run", "now"), "unexpected: now"),
        (("run", "--year"), "option --year requires an argument"),
        (("changes", "--severity", "grave"), "--severity grave: expected high, medium or low"),
        (("status", "--max-age", "old"), "--max-age old: expected a number"),
        (("simulate", "--at", "noon"), "--at noon: expected a moment such as 2025-05-14T09:00"),
        (("verify", "--year", "2025"), "--quarter is missing"),
        (("rnu",), "no such command rnu. Did you mean run?"),
        (("db", "upgrad"), "no such command upgrad. Did you mean upgrade?"),
    ],
)
def test_wrong_usage_is_one_line_of_ours(command, arguments, said) -> None:
    ran = command(*arguments)

    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"iracing-sync: {said}\n")


def test_a_setting_at_fault_is_said_in_words_of_ours(command, environment) -> None:
    environment |= {"IRACING_SCHEMA": "My Schema", "IRACING_CACHE_TTL": "a day", "IRACING_LOG_LEVEL": "loud"}

    said = command("status").stderr

    assert "IRACING_SCHEMA: expected a name of at most 63 small letters, digits and _" in said
    assert "IRACING_CACHE_TTL: expected a whole number" in said
    assert "IRACING_LOG_LEVEL: expected DEBUG, INFO, WARNING, ERROR or CRITICAL" in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("calls", "--limit", "0"), 2), (("schedule",), 6), (("run", "--refresh", "--offline"), 2), (("status",), 6)],
)
def test_an_error_is_an_object_too(command, environment, arguments, code) -> None:
    environment["IRACING_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"

    ran = command(*arguments, "--json")

    found = json.loads(ran.stdout)
    assert (ran.returncode, found["ok"], found["code"]) == (code, False, code)
    assert found["message"] in ran.stderr
    assert found["next"].startswith("iracing-sync ")


def test_what_was_shown_is_the_only_object_of_a_command_that_is_no_success(synthetic, command) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": ["0", "season_id"], "value": None}])
    done(command("run", "--json"), 3)

    ran = command("status", "--max-age", "0", "--json")

    assert ran.returncode == 8
    assert json.loads(ran.stdout)["is_fresh"] is False
    assert "--max-age allows 0" in ran.stderr


def test_cron_has_nothing_to_mail_where_all_is_well(synthetic, command) -> None:
    ran = command("run", "--quiet")

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "arguments", [("status", "--max-age", "26"), ("db", "check"), ("db", "upgrade"), ("cache", "clear")], ids=" ".join
)
def test_nor_where_it_watches(synthetic, command, arguments) -> None:
    done(command("run", "--json"))

    ran = command(*arguments, "--quiet")

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_cron_mails_what_is_not_well(synthetic, command) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": ["0", "season_id"], "value": None}])

    ran = command("--quiet", "run")

    assert ran.returncode == 3
    assert "season_id" in ran.stderr
    assert ran.stdout.splitlines()[-1].startswith("partial: ")


def test_the_log_has_iso_times_with_their_zone_and_the_id_of_the_run(synthetic, command, environment) -> None:
    line = command("run").stderr.splitlines()[-1]

    at, level, run_id, _ = line.split(" ", 3)
    assert datetime.fromisoformat(at).utcoffset() is not None
    assert level == "INFO"

    environment["IRACING_LOG_FORMAT"] = "json"
    ran = command("run", "--json")
    logged = [json.loads(line) for line in ran.stderr.splitlines()]
    assert {one["run_id"] for one in logged if one["message"].startswith("plan")} == {json.loads(ran.stdout)["run_id"]}
    assert all(datetime.fromisoformat(one["at"]).utcoffset() is not None for one in logged)
    assert re.fullmatch(r"\[[0-9a-f]{8}\]", run_id)


def test_verbose_names_every_document(synthetic, command) -> None:
    assert "series/get: fetched" not in command("run", "--dry-run").stderr

    assert "series/get: fetched" in command("run", "--dry-run", "--refresh", "-v").stderr


def test_only_debug_shows_where_an_error_comes_from(synthetic, command, monkeypatch) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("of a test")

    monkeypatch.setattr("iracing_sync.sync.lifecycle.sync_nightly", broken)

    assert "Traceback" not in command("run", "--verbose").stderr
    assert "Traceback" in command("run", "--debug").stderr


def test_a_run_that_ends_early_shows_no_zeros_and_the_reason_last(synthetic, command) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "status:503"}])

    ran = command("run", "--max-calls", "0")

    assert ran.returncode == 5
    assert ran.stdout == ""
    assert ran.stderr.splitlines()[-1].startswith("iracing-sync: ")


def test_after_a_run_two_lines_say_what_comes_next_but_not_to_cron(synthetic, command) -> None:
    *_, first, second = command("run").stdout.splitlines()

    assert first.startswith("next: iracing-sync changes ")
    assert second.strip().startswith("iracing-sync schedule ")
    assert "next:" not in command("run", "--headless").stdout


def test_a_terminal_shows_colours_and_nothing_wider_than_itself(synthetic, environment, tmp_path) -> None:
    code, sent = at_terminal(("run",), environment, tmp_path)

    assert code == 0
    assert f"{GREEN}ok" in sent
    drawn = [line for line in plain(sent) if " INFO " not in line]
    assert max(map(len, drawn)) <= 80, drawn
    assert "fetching series/seasons" in sent

    for arguments in (("calls",), ("calls", "--summary"), ("schedule",), ("status",), ("cache", "info"), ("changes",)):
        code, sent = at_terminal(arguments, environment, tmp_path)
        assert code == 0, sent
        assert all(len(line) <= 80 or " " not in line.strip() for line in plain(sent)), sent  # a path stays whole


def test_a_terminal_shows_the_reason_last_in_red_and_what_to_type(environment, tmp_path) -> None:
    environment["IRACING_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"

    code, sent = at_terminal(("run",), environment, tmp_path)

    assert code == 6
    assert f"{RED}iracing-sync: the database " in sent
    assert plain(sent)[-2 if plain(sent)[-1] else -3].startswith("next: iracing-sync "), sent


def test_who_wants_no_colour_gets_none(environment, tmp_path) -> None:
    environment |= {"NO_COLOR": "1", "IRACING_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    code, sent = at_terminal(("run",), environment, tmp_path)

    assert code == 6
    assert "\x1b[" not in sent


def test_a_pipe_whose_reader_leaves_ends_the_command_as_any_other(synthetic, command, environment, tmp_path) -> None:
    done(command("run", "--json"))
    line = f"{sys.executable} -m iracing_sync schedule --year 2025 --quarter 2 | head -1; echo ${{PIPESTATUS[0]}}"

    ran = subprocess.run(
        ["/bin/bash", "-c", line], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert ran.stderr == ""
    first, code = ran.stdout.splitlines()
    assert first
    assert code in ("141", "0")  # 0 where all of it fitted into the pipe


def test_the_rounds_of_a_quarter_are_those_that_run_in_it(synthetic, command, ask) -> None:
    done(command("run", "--json"))

    shown = json.loads(command("schedule", "--year", "2025", "--quarter", "2", "--json").stdout)["rounds"]

    quarter = Quarter(2025, 2)

    def runs_in_it(one: dict[str, str]) -> bool:
        begins, ends = datetime.fromisoformat(one["starts_at"]), datetime.fromisoformat(one["ends_at"])
        return begins < quarter.ends_at and ends > quarter.starts_at

    seasons = ", ".join({str(one["season_id"]) for one in shown})
    assert all(map(runs_in_it, shown))
    assert 0 < len(shown) < ask(f"SELECT count(*) FROM event WHERE season_id IN ({seasons})")[0][0]


def test_rounds_whose_day_is_not_known_are_shown_with_their_season(synthetic, command, database_url) -> None:
    done(command("run", "--json"))
    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as connection:
        connection.execute("UPDATE iracing.event SET starts_at = NULL, ends_at = NULL WHERE race_week_num = 3")

    ran = command("schedule", "--year", "2025", "--quarter", "2", "--tagged")

    assert ran.returncode == 0, ran.stderr
    assert any(line.split()[:2] == ["4/12", "?"] for line in ran.stdout.splitlines())


def test_offline_without_a_cache_promises_nothing(command, environment) -> None:
    ran = command("run", "--offline")

    assert "plan: 0 documents from the cache; not in it: series/seasons, " in ran.stderr
    assert command("plan", "--offline").stdout.splitlines()[-1].endswith("documents from the cache, 6 not in it")
    of_quarter = command("plan", "--offline", "--year", "2025", "--quarter", "2").stdout.splitlines()
    assert {line.split()[0] for line in of_quarter} == {"none", "0"}


def test_names_that_write_over_a_terminal_are_shown_escaped(synthetic, command) -> None:
    hostile = "Cup\x1b]0;owned\x07\n\u202eevil"
    edit = {"endpoint": "series/seasons", "kind": "edit", "path": ["0", "season_name"], "value": hostile}
    synthetic.faults.set([edit])
    done(command("run", "--json"))

    shown = command("schedule", "--year", "2025", "--quarter", "2").stdout

    assert r"Cup\x1b]0;owned\x07\n\u202eevil" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("arguments", [("demo",), ("simulate", "--port", "0")], ids=" ".join)
def test_without_the_packages_of_the_simulator_one_line_says_what_to_install(process, environment, arguments) -> None:
    code = "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n: None if n == 'uvicorn' else f(n)"
    environment["PYTHONPATH"] = str(sitecustomize(Path(environment["HOME"]), code))

    ran = process(*arguments)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "uvicorn is not installed: install iracing-sync with its extra" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def sitecustomize(folder: Path, code: str) -> Path:
    """Write what Python runs before anything else."""
    (folder / "sitecustomize.py").write_text(code)
    return folder


def test_completion_is_printed_for_the_shell_and_completes_commands(environment) -> None:
    def installed(*arguments: str, **more: str) -> str:
        command = [str(Path(sys.executable).with_name("iracing-sync")), *arguments]
        ran = subprocess.run(command, env=environment | more, capture_output=True, text=True, check=False)
        assert "Traceback" not in ran.stderr
        return ran.stdout

    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # it looks through every process of the machine
    assert "_IRACING_SYNC_COMPLETE" in installed("--show-completion", "bash", **named)
    words = {"COMP_WORDS": "iracing-sync sch", "COMP_CWORD": "1"}
    assert installed(_IRACING_SYNC_COMPLETE="complete_bash", **words).split() == ["schedule"]


def test_names_of_series_are_completed_from_the_database_and_without_one_there_are_none(
    synthetic, command, environment
) -> None:
    def completed(shell: str = "fish", typed: str = "C") -> list[str]:
        words = f"iracing-sync series {typed}"
        asked = {"_TYPER_COMPLETE_ARGS": words, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
        asked |= {"COMP_WORDS": words, "COMP_CWORD": "2", "_IRACING_SYNC_COMPLETE": f"complete_{shell}"}
        program = str(Path(sys.executable).with_name("iracing-sync"))
        ran = subprocess.run([program], env=environment | asked, capture_output=True, text=True, check=False)
        assert "Traceback" not in ran.stderr
        return ran.stdout.split("\n")[:-1] if ran.stdout.strip() else []

    assert completed() == []
    done(command("run", "--json"))
    assert "Copper Kettle Coupes" in completed()
    assert completed(typed="copp") == ["copper Kettle Coupes"]
    assert completed("bash", "copp") == [r"copper\ Kettle\ Coupes"]
    assert completed("bash", "Copper\\ K") == [r"Copper\ Kettle\ Coupes"]
    assert completed("bash", "'Copper K") == ["Copper Kettle Coupes"]
    environment["IRACING_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    assert completed() == []
