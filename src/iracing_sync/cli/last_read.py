"""Until when the changes were read, kept in the folder of data for the next time."""

from datetime import datetime
from pathlib import Path

from iracing_sync.errors import SettingsError
from iracing_sync.folders import DATA_DIR, claim_folder
from iracing_sync.instants import instant
from iracing_sync.private_files import write_private

NAME = "changes-read"


def last_read(folder: Path) -> datetime:
    """Return until when the changes were read; raises SettingsError where that was never marked."""
    try:
        return instant((folder / NAME).read_text().strip())
    except (OSError, ValueError):
        raise SettingsError(
            "--since last: the changes were never marked as read; `iracing-sync changes --mark-read` does it"
        ) from None


def mark_read(folder: Path, at: datetime) -> None:
    """Write down that the changes until an instant were read; raises SettingsError where that cannot be kept."""
    try:
        claim_folder(folder, DATA_DIR)
        write_private(folder / NAME, f"{at.isoformat()}\n".encode())
    except OSError as error:
        raise SettingsError(f"--mark-read: {folder} cannot be written: {error.strerror}; set {DATA_DIR}") from error
