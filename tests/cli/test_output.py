"""What a command prints cannot be written: a run is as it is written down, and nothing is a fault of ours."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Shell = Callable[..., "subprocess.CompletedProcess[str]"]

FULL = Path("/dev/full")


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Shell:
    """Run a command with its streams as a shell gives them."""

    def run(*arguments: str, streams: str) -> "subprocess.CompletedProcess[str]":
        line = ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "iracing_sync", *arguments]
        return subprocess.run(
            line, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def last_run(ask) -> tuple[str, int]:
    [row] = ask("SELECT status, exit_code FROM sync_run ORDER BY started_at DESC LIMIT 1")
    return row


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_run_whose_summary_cannot_be_written_ends_as_it_is_written_down(synthetic, shell, ask, as_json) -> None:
    ran = shell("run", "--headless", *as_json, streams=">/dev/full")

    assert (last_run(ask), ran.returncode) == (("ok", 0), 0)
    assert "iracing-sync: the output cannot be written: No space left on device" in ran.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_command_that_only_prints_fails_where_it_cannot(synthetic, command, shell) -> None:
    command("run")
    ran = shell("schedule", streams=">/dev/full")

    assert (ran.returncode, ran.stderr) == (1, "iracing-sync: the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_process_without_streams_does_its_work(synthetic, shell, ask, streams) -> None:
    assert shell("run", "--headless", streams=streams).returncode == 0
    assert last_run(ask) == ("ok", 0)
    assert shell("status", streams=streams).returncode == 0


def test_a_run_that_nobody_reads_to_the_end_is_as_it_is_written_down(synthetic, shell, ask) -> None:
    ran = shell("run", "--headless", streams="| true; exit 0")

    assert last_run(ask) == ("ok", 0)
    assert "fault" not in ran.stderr
