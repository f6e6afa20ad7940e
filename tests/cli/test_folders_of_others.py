"""Folders that settings name: what we make is ours alone, what was there stays as it was, reading changes nothing."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from other_user import NOBODY
from results import done

from iracing_sync.folders import MARK

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for another user")

OF_THE_DATABASE = [("status",), ("changes",), ("schedule",), ("calls",), ("plan",), ("db", "check"), ("db", "current")]
AFTER_A_RUN = [*OF_THE_DATABASE, ("verify", "--year", "2025", "--quarter", "2")]
READING = [("cache", "info"), ("auth", "status"), *OF_THE_DATABASE]


def tree(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return mode, owner and group of all that is there."""
    found = {path: path.lstat() for path in (folder, *folder.rglob("*"))}
    return {str(path): (stat.S_IMODE(one.st_mode), one.st_uid, one.st_gid) for path, one in found.items()}


def open_to_others(folder: Path) -> list[str]:
    return [path for path, (mode, _, _) in tree(folder).items() if mode & 0o077]


@pytest.fixture
def given(tmp_path) -> dict[str, Path]:
    """Return an empty folder for each setting, which others may read."""
    folders = {name: tmp_path / name for name in ("data", "cache")}
    for folder in folders.values():
        folder.mkdir()
        folder.chmod(0o755)
    return folders


@pytest.fixture
def system(tmp_path) -> Path:
    """Return a folder like the system's own, full of what is not ours."""
    folder = tmp_path / "etc"
    (folder / "ssh").mkdir(parents=True)
    for name in ("passwd", "ssh/key"):
        (folder / name).touch()
        (folder / name).chmod(0o644)
    folder.chmod(0o755)
    return folder


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_reading_command_makes_no_folder(command, tmp_path, arguments) -> None:
    command(*arguments)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_reading_command_changes_no_folder_that_is_there(command, tmp_path, given, arguments) -> None:
    before = tree(tmp_path)
    command(*arguments)

    assert tree(tmp_path) == before


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_reading_command_neither_marks_nor_shuts_what_an_earlier_version_made(
    synthetic, command, tmp_path, arguments
) -> None:
    done(command("run", "--json"))
    for folder in (tmp_path / "data", tmp_path / "cache"):
        (folder / MARK).unlink()
        folder.chmod(0o755)
    before = tree(tmp_path)
    read = command(*arguments)

    assert read.returncode == 0, read.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize("arguments", AFTER_A_RUN, ids=" ".join)
def test_a_reading_command_makes_no_embedded_database(environment, command, tmp_path, arguments) -> None:
    del environment["IRACING_DATABASE_URL"]
    read = command(*arguments)

    assert read.returncode == 6
    assert "no database yet" in read.stderr
    assert "iracing-sync run" in read.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reading_command_finds_the_embedded_database_that_a_run_made(
    synthetic, environment, command, tmp_path
) -> None:
    del environment["IRACING_DATABASE_URL"]
    ran = command("run", "--json")
    done(ran)
    (tmp_path / "data" / MARK).unlink()
    (tmp_path / "data").chmod(0o755)
    before = tree(tmp_path)
    read = command("status")

    shown = f"database: the embedded PostgreSQL in {tmp_path / 'data'}, schema iracing"
    assert f"{shown}; to look at it: iracing-sync db shell" in ran.stderr
    assert read.returncode == 0, read.stderr
    assert {path: found for path, found in tree(tmp_path).items() if "/postgresql/data/" not in path} == {
        path: found for path, found in before.items() if "/postgresql/data/" not in path
    }


def test_what_a_run_makes_is_ours_alone(synthetic, command, tmp_path) -> None:
    done(command("run", "--json"))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "data"]
    assert [open_to_others(tmp_path / name) for name in ("data", "cache")] == [[], []]


def test_an_empty_folder_that_others_may_read_stays_so_and_what_we_put_into_it_is_ours_alone(
    synthetic, command, given
) -> None:
    assert done(command("run", "--json"))["warnings"] == []

    assert [open_to_others(folder) for folder in given.values()] == [[str(folder)] for folder in given.values()]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in given.values()] == [0o755, 0o755]


@pytest.mark.parametrize("within", ["cache", "data"])
def test_one_of_our_folders_may_lie_in_the_other(synthetic, command, environment, tmp_path, within) -> None:
    other = {"cache": "DATA", "data": "CACHE"}[within]
    environment[f"IRACING_{other}_DIR"] = str(tmp_path / within / "other")

    assert done(command("run", "--json"))["warnings"] == []
    assert done(command("run", "--json"))["cache_hits"] == 6


def test_a_folder_of_an_earlier_version_works_on(synthetic, command, tmp_path) -> None:
    done(command("run", "--json"))
    for folder in (tmp_path / "data", tmp_path / "cache"):
        (folder / MARK).unlink()
    result = done(command("run", "--json"))

    assert (result["warnings"], result["cache_hits"]) == ([], 6)
    assert (tmp_path / "data" / MARK).exists()
    assert (tmp_path / "cache" / MARK).exists()


@pytest.mark.parametrize("way", ["itself", "link"])
@pytest.mark.parametrize("arguments", [("cache", "info"), ("cache", "clear"), ("run", "--offline")], ids=" ".join)
def test_a_folder_of_the_system_is_no_cache_and_stays_as_it_is(
    command, environment, system, tmp_path, arguments, way
) -> None:
    (tmp_path / "link").symlink_to(system)
    environment["IRACING_CACHE_DIR"] = str(system if way == "itself" else tmp_path / "link")
    before = tree(system)
    completed = command(*arguments)

    assert completed.returncode == 2
    assert "holds what is not iracing-sync's (passwd, ssh): set IRACING_CACHE_DIR" in completed.stderr
    assert tree(system) == before


def test_a_run_does_without_a_cache_that_is_another_folder(synthetic, command, environment, system) -> None:
    environment["IRACING_CACHE_DIR"] = str(system)
    before = tree(system)
    result = done(command("run", "--json"))

    [warning] = result["warnings"]
    assert "holds what is not iracing-sync's (passwd, ssh): set IRACING_CACHE_DIR" in warning
    assert (result["api_calls"], tree(system)) == (7, before)


@pytest.mark.parametrize(
    "arguments", [("run",), ("auth", "login"), ("auth", "logout"), ("db", "upgrade")], ids=" ".join
)
@pytest.mark.parametrize("way", ["itself", "link"])
def test_a_folder_of_others_is_no_place_for_data(
    synthetic, command, environment, system, tmp_path, arguments, way
) -> None:
    if arguments[0] == "db":
        del environment["IRACING_DATABASE_URL"]
    (tmp_path / "link").symlink_to(system)
    environment["IRACING_DATA_DIR"] = str(system if way == "itself" else tmp_path / "link")
    before = tree(system)
    completed = command(*arguments)

    assert completed.returncode == 2, completed.stderr
    assert "holds what is not iracing-sync's (passwd, ssh): set IRACING_DATA_DIR" in completed.stderr
    assert tree(system) == before
    assert synthetic.calls["data"] == 0


@pytest.mark.parametrize("path", ["file", "file/below", "loop", "x" * 300, "  "])
def test_what_can_be_no_folder_is_said_in_one_line(environment, command, tmp_path, path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    environment["IRACING_DATA_DIR"] = str(tmp_path / path) if path.strip() else path
    del environment["IRACING_DATABASE_URL"]

    ran = command("run")

    assert ran.returncode == 2, ran.stderr
    assert "IRACING_DATA_DIR" in ran.stderr
    assert "fault of iracing-sync" not in ran.stderr


@pytest.mark.parametrize("embedded", [True, False], ids=["embedded", "own server"])
def test_data_are_not_kept_where_others_may_write(synthetic, command, environment, given, embedded) -> None:
    if embedded:
        del environment["IRACING_DATABASE_URL"]
    given["data"].chmod(0o1777)
    completed = command("run")

    assert completed.returncode == 2
    assert f"is open to others for writing (mode 1777): chmod go-w {given['data']}" in completed.stderr
    assert list(given["data"].iterdir()) == []


@pytest.fixture
def token(synthetic, command, tmp_path) -> Path:
    assert command("auth", "login").returncode == 0
    return tmp_path / "data" / "token.json"


@pytest.mark.parametrize("arguments", [("auth", "status"), ("run", "--json")], ids=" ".join)
def test_a_token_file_open_to_others_is_said_and_shut(command, token, arguments) -> None:
    token.chmod(0o644)
    completed = command(*arguments)

    assert completed.returncode == 0
    assert f"{token} was open to others (mode 0644): its mode is now 0600; log in again" in completed.stderr
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert "open to others" not in command(*arguments).stderr


@needs_root
@pytest.mark.parametrize("arguments", [("auth", "status"), ("run", "--json")], ids=" ".join)
def test_a_token_file_of_another_user_is_refused_and_left_alone(command, token, arguments) -> None:
    token.chmod(0o644)
    os.chown(token, NOBODY, NOBODY)
    completed = command(*arguments)

    assert completed.returncode == 2
    assert f"{token} belongs to another user (uid {NOBODY})" in completed.stderr
    assert stat.S_IMODE(token.stat().st_mode) == 0o644


def test_a_link_in_the_place_of_the_token_file_is_not_followed(command, token, system) -> None:
    token.unlink()
    token.symlink_to(system / "passwd")
    command("auth", "status")

    assert stat.S_IMODE((system / "passwd").stat().st_mode) == 0o644


def test_the_embedded_database_changes_no_folder_that_it_did_not_make(synthetic, command, environment, given) -> None:
    del environment["IRACING_DATABASE_URL"]
    done(command("run", "--json"))
    home = given["data"] / "postgresql"
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (given["data"], home)] == [0o755, 0o700]

    home.chmod(0o777)
    completed = command("run", "--json")

    assert completed.returncode == 2
    assert f"the folder {home} is open to others for writing (mode 0777)" in completed.stderr
    assert stat.S_IMODE(home.stat().st_mode) == 0o777
    shutil.rmtree(home)
