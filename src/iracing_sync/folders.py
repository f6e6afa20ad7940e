"""Whose a folder is: what we make is private and bears a mark; what was there is used as it is, or refused.

Nothing here changes the mode or the owner of what we did not make. A link to a folder counts as that folder.
"""

import os
import shlex
import stat
from collections.abc import Collection
from pathlib import Path

from iracing_sync.errors import SettingsError

CACHE_DIR = "IRACING_CACHE_DIR"
DATA_DIR = "IRACING_DATA_DIR"

MARK = ".iracing-sync"
"""An empty file that says that a folder is ours."""

SIGNS = (("cache.db", "locks"), ("token.json.lock",), ("postgresql/mutex",))
"""What only we put together: versions before the mark left it in their folders."""

NOT_OTHERS = {"lost+found", "token.json", "logins.json", "keyring", "ledger"}
"""What makes a folder nobody else's: a new disk's own, and what one may move here from a folder of ours."""

SHOWN = 3


def unwritable(path: Path, error: OSError) -> SettingsError:
    """Return that a file or folder among our data cannot be written, and why."""
    return SettingsError(f"{path} cannot be written: {error.strerror}; {DATA_DIR} may name another place")


def claim_folder(folder: Path, setting: str) -> None:
    """Make a folder ours, or see that it is; `setting` names it.

    Raises SettingsError for one that is another's or open to others, OSError for one that cannot be made or marked.
    """
    make_folder(folder)
    require_ours(folder, setting)
    if not (folder / MARK).exists():
        (folder / MARK).touch(mode=0o600)


def require_ours(folder: Path, setting: str) -> None:
    """Raise SettingsError for a folder that is no place for our files; changes nothing.

    It must be our user's, not open to others for writing, and either empty or known by its mark to be ours.
    """
    require_safe(folder, setting)
    names = set(os.listdir(folder)) - NOT_OTHERS  # one look, for another process may be moving in
    if MARK in names or has_signs(folder):
        return
    if others := sorted(name for name in names if not (folder / name / MARK).exists()):
        shown = ", ".join(others[:SHOWN]) + (", …" if len(others) > SHOWN else "")
        raise SettingsError(
            f"the folder {folder} holds what is not iracing-sync's ({shown}): "
            f"set {setting} to one that is empty or not there yet"
        )


def require_safe(folder: Path, setting: str, owners: Collection[int] = ()) -> None:
    """Raise SettingsError for a folder of another user, who is none of `owners`, or one that others may write to."""
    found = folder.stat()
    if found.st_uid not in {os.geteuid(), *owners}:
        raise SettingsError(
            f"the folder {folder} belongs to another user (uid {found.st_uid}): set {setting} to one of your own"
        )
    if found.st_mode & 0o022:
        raise SettingsError(
            f"the folder {folder} is open to others for writing (mode {stat.S_IMODE(found.st_mode):04o}): "
            f"chmod go-w {shlex.quote(str(folder))}, or set {setting} to another"
        )


def make_folder(folder: Path) -> None:
    """Make a folder where there is none, and those above it, that nobody else can enter."""
    for one in (*reversed(folder.parents), folder):
        one.mkdir(mode=0o700, exist_ok=True)


def make_subfolder(folder: Path, setting: str) -> None:
    """Make a folder inside one of ours; raises SettingsError for one that others can write to."""
    make_folder(folder)
    require_safe(folder, setting)


def has_signs(folder: Path) -> bool:
    """Tell whether a version before the mark worked in a folder."""
    return any(all((folder / sign).exists() for sign in signs) for signs in SIGNS)
