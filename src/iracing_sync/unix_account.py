"""Whom a server runs as if we are root, and what runs under the number of a process."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from iracing_sync.errors import DatabaseError

if sys.platform != "win32":
    import pwd

NO_SETPRIV = (
    "PostgreSQL refuses to run as root and setpriv is missing: install util-linux, run as an ordinary user, "
    "or set IRACING_DATABASE_URL"
)


def server_account(data: Path) -> tuple[int, int] | None:
    """Return whom the server runs as if we are root: the owner of its data, or else `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    known = {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
    return known.get("postgres") or known.get("nobody") or (65534, 65534)


def as_account(account: tuple[int, int] | None) -> list[str]:
    """Return the words before a command that run it as `account`, able to pass folders that only root may enter."""
    if account is None:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise DatabaseError(NO_SETPRIV)
    user, group = (str(number) for number in account)
    identity = ["--securebits", "+no_setuid_fixup", "--reuid", user, "--regid", group, "--clear-groups"]
    return [setpriv, *identity, "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]


def program_name(pid: int) -> str | None:
    """Return the name of a running program, null if there is none or it has ended."""
    if Path("/proc/self/stat").exists():
        return program_name_on_linux(pid)
    command = ["/bin/ps", "-p", str(pid), "-o", "comm="]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  a number and fixed words
    return Path(found.stdout.strip()).name or None


def program_name_on_linux(pid: int) -> str | None:
    """Read /proc, where a dead process keeps its name, with the state Z, until its parent notices."""
    try:
        name, state = Path(f"/proc/{pid}/stat").read_text().split("(", 1)[1].rsplit(") ", 1)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state.startswith("Z") else name
