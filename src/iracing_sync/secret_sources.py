"""Where a secret may be kept other than in the environment: a file, systemd's credentials, the system's keyring."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from iracing_sync.errors import SettingsError
from iracing_sync.extras import how_to_install
from iracing_sync.folders import DATA_DIR, claim_folder

if TYPE_CHECKING:
    from types import ModuleType

log = logging.getLogger(__name__)

SERVICE = "iracing-sync"
KEYRING_NAMES = ("client_id", "client_secret", "username", "password")


def from_file(variable: str, file: Path) -> str | None:
    """Return a file's content without the white space around it, null if nothing is left."""
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}: cannot read {file} ({type(error).__name__})") from None


def from_credentials_directory(variable: str) -> str | None:
    """Return the systemd credential that is named like the variable, in either case."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    for name in (variable.lower(), variable):
        file = Path(folder, name)
        if file.is_file():
            return from_file(f"CREDENTIALS_DIRECTORY, {name}", file)
    return None


def has_keyring(folder: Path) -> bool:
    """Tell whether an earlier login left secrets in the keyring, by its marker in the data folder."""
    return marker(folder).is_file()


def from_keyring() -> dict[str, str]:
    """Return our entries; none, with a warning, where the keyring is shut."""
    keyring = _keyring()
    try:
        found = {name: keyring.get_password(SERVICE, name) for name in KEYRING_NAMES}
    except keyring.errors.KeyringError as error:
        log.warning("the system's keyring cannot be read: %s", type(error).__name__)
        return {}
    return {name: value for name, value in found.items() if value}


def require_keyring() -> None:
    """Raise SettingsError where there is no keyring to write to."""
    keyring = _keyring()
    try:
        keyring.get_password(SERVICE, KEYRING_NAMES[0])
    except keyring.errors.KeyringError as error:
        raise unusable(error) from None


def keep_in_keyring(folder: Path, values: Mapping[str, str]) -> None:
    """Keep the values that are not empty, and mark the data folder so that later runs look there."""
    keyring = _keyring()
    try:
        for name in KEYRING_NAMES:
            if values.get(name):
                keyring.set_password(SERVICE, name, values[name])
    except keyring.errors.KeyringError as error:
        raise unusable(error) from None
    claim_folder(folder, DATA_DIR)
    marker(folder).touch(mode=0o600)


def forget_keyring(folder: Path) -> None:
    """Remove our entries and the marker."""
    keyring = _keyring()
    for name in KEYRING_NAMES:
        try:
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)
        except keyring.errors.KeyringError as error:
            raise unusable(error) from None
    marker(folder).unlink(missing_ok=True)


def marker(folder: Path) -> Path:
    """Return the file that tells that the keyring is used."""
    return folder / "keyring"


def unusable(error: Exception) -> SettingsError:
    """Say that the keyring does not work here; the error itself might quote an entry."""
    return SettingsError(f"the system's keyring cannot be used ({type(error).__name__}): set the secrets otherwise")


def _keyring() -> "ModuleType":
    """Import the keyring package, which no one needs who does not ask for it."""
    try:
        import keyring.errors  # an extra, and slow to find its backend
    except ModuleNotFoundError:
        raise SettingsError(f"the system's keyring needs a package: {how_to_install('keyring')}") from None
    return keyring
