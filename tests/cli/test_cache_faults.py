"""A cache that is damaged, full or out of reach never ends a run."""

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Completed
from other_user import NOBODY
from results import done

from iracing_sync.folders import MARK

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for another user")


def total(result) -> int:
    return sum(counts["inserted"] for counts in result["tables"].values())


def without_cache(command, simulator, *arguments: str) -> str:
    """Run, check that all went well but the cache, and return the one warning."""
    result = done(command("run", "--json", *arguments))
    assert result["status"] == "ok"
    assert result["api_calls"] == simulator.calls["data"] == 7
    assert total(result) > 1000
    [warning] = result["warnings"]
    return str(warning)


def test_a_run_leaves_its_cache_closed(synthetic, command, tmp_path) -> None:
    done(command("run", "--json"))

    assert [file.name for file in (tmp_path / "cache").glob("cache.db*")] == ["cache.db"]


def test_a_damaged_cache_is_said_and_the_documents_are_fetched(synthetic, command, tmp_path) -> None:
    done(command("run", "--json"))
    (tmp_path / "cache" / "cache.db").write_bytes(os.urandom(50_000))

    result = done(command("run", "--json"))

    assert (result["api_calls"], result["cache_hits"]) == (7, 0)
    [warning] = result["warnings"]
    assert "is damaged (file is not a database): set aside as" in warning
    assert done(command("run", "--json"))["warnings"] == []


def test_an_altered_document_is_said_and_fetched(synthetic, command, tmp_path) -> None:
    done(command("run", "--json"))
    files = list((tmp_path / "cache").rglob("*.val"))
    for file in files:
        file.write_bytes(file.read_bytes()[:-10])

    result = done(command("run", "--json"))

    assert result["api_calls"] == len(files) > 0
    assert [warning.split(" is dropped")[0].split(":")[0] for warning in result["warnings"]] == [
        "cache entry iracing"
    ] * len(files)


def run_under_a_limit(process, environment, most: int) -> Completed:
    """Run where no file may grow beyond a size, as on a full disk; Python's own would be cut and stay so."""
    environment["PYTHONDONTWRITEBYTECODE"] = "1"

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return process("run", "--json", preexec_fn=limit)


@pytest.mark.parametrize("most", [4096, 40_000])
def test_on_a_full_disk_a_new_cache_is_done_without(synthetic, process, environment, most) -> None:
    result = done(run_under_a_limit(process, environment, most))

    assert result["api_calls"] == synthetic.calls["data"] == 7
    [warning] = result["warnings"]
    assert "IRACING_CACHE_DIR" in warning


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """Mount two megabytes where the cache is."""
    folder = tmp_path / "cache"
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if not mount or not unmount or os.geteuid() != 0:
        pytest.skip("only root may mount")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m,mode=0700", "none", folder], check=False).returncode:
        pytest.skip("mounts are forbidden here")
    yield folder
    subprocess.run([unmount, folder], check=True)


@pytest.mark.parametrize("kilobytes", [0, 100, 300])
def test_a_disk_that_is_full_or_fills_up_is_said_once(replay, process, small_disk, kilobytes) -> None:
    (small_disk / MARK).touch()
    (small_disk / "filler").write_bytes(bytes(2 * 1024 * 1024 - kilobytes * 1024))

    result = done(process("run", "--json"))

    assert (result["api_calls"], result["status"]) == (7, "ok")
    [warning] = result["warnings"]
    assert "database or disk is full" in warning


def test_a_folder_that_cannot_be_made_is_said_and_done_without(synthetic, command, environment) -> None:
    environment["IRACING_CACHE_DIR"] = "/proc/nope"
    warning = without_cache(command, synthetic)

    assert "/proc/nope" in warning
    assert "IRACING_CACHE_DIR" in warning


def test_a_file_in_the_place_of_the_folder_is_said_and_done_without(synthetic, command, tmp_path) -> None:
    (tmp_path / "cache").write_text("not a folder")

    assert "IRACING_CACHE_DIR" in without_cache(command, synthetic)
    assert (tmp_path / "cache").read_text() == "not a folder"


@needs_root
def test_the_folder_of_another_user_is_refused_and_left_as_it_is(synthetic, command, tmp_path) -> None:
    (tmp_path / "cache").mkdir(mode=0o755)
    os.chown(tmp_path / "cache", NOBODY, NOBODY)

    assert f"belongs to another user (uid {NOBODY})" in without_cache(command, synthetic)
    assert list((tmp_path / "cache").iterdir()) == []
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("place", ["/proc/nope", "cache.txt"])
def test_offline_a_cache_out_of_reach_is_a_wrong_setting(synthetic, command, environment, tmp_path, place) -> None:
    (tmp_path / "cache.txt").write_text("not a folder")
    environment["IRACING_CACHE_DIR"] = str(tmp_path / place)
    completed = command("run", "--json", "--offline")

    assert completed.returncode == 2
    assert "IRACING_CACHE_DIR" in completed.stderr
    assert "Traceback" not in completed.stderr


def test_lock_files_that_cannot_be_made_do_not_end_a_run(synthetic, command, tmp_path) -> None:
    done(command("run", "--json"))
    for lock in (tmp_path / "cache" / "locks").iterdir():
        lock.unlink()
        lock.mkdir()

    result = done(command("run", "--json", "--refresh"))

    assert result["api_calls"] == 7
    [warning] = result["warnings"]
    assert "cannot be locked" in warning
