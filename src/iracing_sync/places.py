"""Where our files are unless a setting says otherwise, and which file of settings is read."""

import os
import shlex
import stat
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path

from iracing_sync.errors import SettingsError

APP = "iracing-sync"
ENV_FILE = "IRACING_ENV_FILE"


def default_data_dir() -> Path:
    """Return where data are kept; root's are the machine's own."""
    return Path("/var/lib", APP) if is_root() else user_data_path(APP)


def default_cache_dir() -> Path:
    """Return where documents are cached; root's are the machine's own."""
    return Path("/var/cache", APP) if is_root() else user_cache_path(APP)


def default_config_dir() -> Path:
    """Return where a .env is looked for after the working folder; root's is the machine's own."""
    return Path("/etc", APP) if is_root() else user_config_path(APP)


def is_root() -> bool:
    """Tell whether we run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def in_full(folder: Path) -> Path:
    """Write a folder in full, whose ~ no shell has replaced; that of an unknown user stays."""
    return Path(os.path.expanduser(folder)).absolute()


def use_env_file(file: Path) -> None:
    """Let this process read `file` in the place of any .env; raises SettingsError where it is not there."""
    os.environ[ENV_FILE] = str(file)
    env_file()


def env_file() -> Path | None:
    """Return the one file that is read: the one that is named, else .env in the working folder, else the user's.

    Raises SettingsError where the named one is not there, or the one found is not to be trusted.
    """
    if named := os.environ.get(ENV_FILE):
        if not os.path.isfile(named):
            raise SettingsError(f"there is no file {named}: --env-file or {ENV_FILE} names the file of settings")
        return Path(named)
    for file in (Path(".env"), default_config_dir() / ".env"):
        if os.path.isfile(file):
            require_trust(file.absolute())
            return file.absolute()
    return None


def require_trust(file: Path) -> None:
    """Raise SettingsError for a file by which somebody else could say where our passwords go."""
    found = file.stat()
    if os.name == "posix" and found.st_uid not in (0, os.geteuid()):
        raise SettingsError(f"{file} belongs to another user (uid {found.st_uid}): name it with --env-file to trust it")
    if os.name == "posix" and found.st_mode & stat.S_IWOTH:
        raise SettingsError(f"{file} can be written by everybody: chmod go-w {shlex.quote(str(file))}")


def is_open_for_writing(file: Path) -> bool:
    """Tell whether others than its owner can write to a file."""
    return os.name == "posix" and bool(file.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
