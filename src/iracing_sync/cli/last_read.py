"""Until when the changes were read, kept in the folder of data for the next time."""

from datetime import datetime, timedelta
from pathlib import Path

from iracing_sync.errors import SettingsError
from iracing_sync.folders import DATA_DIR, claim_folder, unwritable
from iracing_sync.instants import instant
from iracing_sync.private_files import write_private

NAME = "changes-read"


def last_read(folder: Path, *, begins: bool = False) -> datetime | None:
    """Return from when on changes have not been read.

    Where that was never marked: None for whoever `begins` to mark it, else it raises SettingsError.
    """
    try:
        return instant((folder / NAME).read_text().strip()) + timedelta(microseconds=1)
    except (OSError, ValueError):
        if begins:
            return None
        raise SettingsError(
            "--since last: the changes were never marked as read; `iracing-sync changes --mark-read` does it"
        ) from None


def mark_read(folder: Path, at: datetime) -> None:
    """Write down that the changes until an instant were read; raises SettingsError where that cannot be kept."""
    try:
        claim_folder(folder, DATA_DIR)
        write_private(folder / NAME, f"{at.isoformat()}\n".encode())
    except OSError as error:
        raise unwritable(folder, error) from error
