"""Whose a folder is, decided on real folders with real modes and owners."""

import os
import shutil
import subprocess
from contextlib import chdir
from pathlib import Path

import pytest
from other_user import NOBODY, as_nobody

from iracing_sync.errors import SettingsError
from iracing_sync.folders import MARK, claim_folder, make_subfolder, require_ours

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for another user")


def claim(folder: Path) -> None:
    claim_folder(folder, "IRACING_DATA_DIR")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def state(folder: Path) -> tuple[object, ...]:
    found = folder.stat()
    return (found.st_mode, found.st_uid, found.st_gid, found.st_mtime_ns, sorted(folder.iterdir()))


def refused(folder: Path, why: str) -> None:
    """See that a folder is refused in one line that names the setting, by who reads and who writes, and left alone."""
    before = state(folder)
    for look in (claim_folder, require_ours):
        with pytest.raises(SettingsError, match=why) as caught:
            look(folder, "IRACING_DATA_DIR")
        assert str(folder) in str(caught.value)
        assert "IRACING_DATA_DIR" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert state(folder) == before


def test_what_we_make_is_private_and_marked(tmp_path):
    before = os.umask(0)
    try:
        claim(tmp_path / "made" / "too")
    finally:
        os.umask(before)

    assert [mode(tmp_path / path) for path in ("made", "made/too", f"made/too/{MARK}")] == [0o700, 0o700, 0o600]


@pytest.mark.parametrize("found", [0o755, 0o750, 0o700])
def test_an_empty_folder_is_used_with_the_mode_it_has(tmp_path, found):
    (tmp_path / "given").mkdir()
    (tmp_path / "given").chmod(found)
    claim(tmp_path / "given")
    (tmp_path / "given" / "anything").touch()
    claim(tmp_path / "given")

    assert mode(tmp_path / "given") == found
    assert (tmp_path / "given" / MARK).exists()


def test_a_new_disk_counts_as_empty(tmp_path):
    (tmp_path / "lost+found").mkdir()
    claim(tmp_path)

    assert (tmp_path / MARK).exists()


def test_looking_marks_nothing(tmp_path):
    require_ours(tmp_path, "IRACING_DATA_DIR")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "left",
    [("cache.db", "locks/"), ("token.json.lock",), ("postgresql/", "postgresql/mutex"), ("token.json", "ledger/")],
)
def test_a_folder_of_an_earlier_version_is_ours_and_gets_the_mark(tmp_path, left):
    for name in left:
        (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).touch()
    claim(tmp_path)

    assert (tmp_path / MARK).exists()


def test_a_folder_that_only_holds_another_of_ours_is_ours(tmp_path):
    claim(tmp_path / "both" / "cache")
    claim(tmp_path / "both")

    assert (tmp_path / "both" / MARK).exists()


@pytest.mark.parametrize(
    "found", [("thesis.txt",), ("cache.db",), ("locks/",), ("postgresql/",), ("a", "b", "c", "d"), (".config/",)]
)
def test_a_folder_with_what_is_not_ours_is_refused(tmp_path, found):
    for name in found:
        (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).touch()

    refused(tmp_path, f"holds what is not iracing-sync's .{found[0].rstrip('/')}")


def test_a_link_is_judged_by_what_it_leads_to(tmp_path):
    for name in ("system", "own"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
        (tmp_path / f"link to {name}").symlink_to(tmp_path / name)
    (tmp_path / "system" / "passwd").touch()
    claim(tmp_path / "link to own")

    assert (tmp_path / "own" / MARK).exists()
    assert mode(tmp_path / "own") == 0o755
    refused(tmp_path / "link to system", "holds what is not iracing-sync's")
    assert mode(tmp_path / "system") == 0o755


def test_a_link_that_leads_nowhere_cannot_be_used(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    with pytest.raises(OSError, match="link"):
        claim(tmp_path / "link")


@pytest.mark.parametrize("found", [0o777, 0o1777, 0o775, 0o757])
def test_a_folder_that_others_may_write_to_is_refused_with_the_remedy(tmp_path, found):
    claim(tmp_path / "shared place")
    (tmp_path / "shared place").chmod(found)

    refused(tmp_path / "shared place", rf"open to others for writing .mode {found:04o}.: chmod go-w '/.*shared place'")


@as_root
def test_the_folder_of_another_user_is_refused_even_by_root(common):
    with as_nobody(), pytest.raises(PermissionError):
        claim(common / "not ours to make")
    (common / "theirs").mkdir()
    os.chown(common / "theirs", NOBODY, NOBODY)

    refused(common / "theirs", f"belongs to another user .uid {NOBODY}.")


@as_root
def test_the_folder_of_root_is_refused_to_anyone_else(common):
    claim(common / "roots")
    (common / "roots").chmod(0o755)

    with as_nobody():
        refused(common / "roots", "belongs to another user .uid 0.")


@as_root
def test_a_folder_on_a_disk_that_cannot_be_written_is_ours_only_with_the_mark(tmp_path):
    for name in ("marked", "bare"):
        (tmp_path / name).mkdir()
    (tmp_path / "marked" / MARK).touch()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    bind = [mount, "--bind", tmp_path, tmp_path]
    if not mount or not unmount or subprocess.run(bind, check=False).returncode:
        pytest.skip("mounts are forbidden here")
    try:
        subprocess.run([mount, "-o", "remount,ro,bind", tmp_path], check=True)
        claim(tmp_path / "marked")
        require_ours(tmp_path / "bare", "IRACING_DATA_DIR")
        with pytest.raises(OSError, match="Read-only"):
            claim(tmp_path / "bare")
    finally:
        subprocess.run([unmount, tmp_path], check=True)


def test_a_relative_folder_is_meant_from_here(tmp_path):
    with chdir(tmp_path):
        claim(Path("here/there"))

    assert (tmp_path / "here" / "there" / MARK).exists()


def test_a_folder_in_ours_is_private_and_refused_once_others_may_write_to_it(tmp_path):
    make_subfolder(tmp_path / "locks", "IRACING_CACHE_DIR")
    assert mode(tmp_path / "locks") == 0o700

    (tmp_path / "locks").chmod(0o777)
    with pytest.raises(SettingsError, match="open to others for writing"):
        make_subfolder(tmp_path / "locks", "IRACING_CACHE_DIR")
    assert mode(tmp_path / "locks") == 0o777
