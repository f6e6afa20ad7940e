import importlib.util
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from iracing_sync.embedded import embedded_postgres, is_kept, keep_up, let_go, url_if_up
from iracing_sync.errors import DatabaseError, SettingsError

QUICK = {"fsync": "off"}

USE_AND_HANG = """
import sys, time
from pathlib import Path
from iracing_sync.embedded import embedded_postgres
with embedded_postgres(Path(sys.argv[1]), {"fsync": "off"}) as url:
    print(url, flush=True)
    time.sleep(600)
"""


def ask(url: str, statement: str) -> str:
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql", 1), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return str(cursor.fetchone()[0]) if cursor.description else ""


def server_pid(folder: Path) -> int:
    return int((folder / "postgresql/data/postmaster.pid").read_text().split()[0])


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A stopped server stays a zombie where nobody collects the dead, as in a container without an init.
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def user_that_is_killed(folder: Path) -> str:
    with subprocess.Popen([sys.executable, "-c", USE_AND_HANG, folder], stdout=subprocess.PIPE, text=True) as user:
        url = user.stdout.readline().strip()
        user.send_signal(signal.SIGKILL)
    return url


def test_rows_outlive_the_server(tmp_path):
    with embedded_postgres(tmp_path, QUICK) as url:
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        first = server_pid(tmp_path)

    assert not runs(first)
    with embedded_postgres(tmp_path, QUICK) as url:
        assert ask(url, "SELECT answer FROM kept") == "42"


def test_two_users_share_one_server_and_the_last_one_stops_it(tmp_path):
    with ExitStack() as first, ExitStack() as second:
        url = first.enter_context(embedded_postgres(tmp_path, QUICK))
        pid = server_pid(tmp_path)
        assert second.enter_context(embedded_postgres(tmp_path, QUICK)) == url
        assert server_pid(tmp_path) == pid

        first.close()
        assert ask(url, "SELECT 1") == "1"

        second.close()
        assert not runs(pid)


def test_a_server_left_by_a_killed_user_is_taken_over_and_then_stopped(tmp_path):
    left = user_that_is_killed(tmp_path)
    pid = server_pid(tmp_path)
    assert runs(pid)

    with embedded_postgres(tmp_path, QUICK) as url:
        assert url == left
        assert server_pid(tmp_path) == pid
    assert not runs(pid)


def test_a_server_that_was_killed_itself_is_started_anew(tmp_path):
    with embedded_postgres(tmp_path, QUICK) as url:
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(server_pid(tmp_path), signal.SIGKILL)

    with embedded_postgres(tmp_path, QUICK) as url:
        assert ask(url, "SELECT answer FROM kept") == "42"


def test_a_process_number_that_now_belongs_to_another_program_is_no_server(tmp_path):
    with embedded_postgres(tmp_path, QUICK):
        stale = (tmp_path / "postgresql/data/postmaster.pid").read_text().split("\n", 1)[1]
    (tmp_path / "postgresql/data/postmaster.pid").write_text(f"{os.getpid()}\n{stale}")

    with embedded_postgres(tmp_path, QUICK) as url:
        assert ask(url, "SELECT 1") == "1"


def test_an_initdb_that_was_broken_off_is_begun_again(tmp_path):
    (tmp_path / "postgresql/data.new/half").mkdir(parents=True)
    (tmp_path / "postgresql/mutex").touch()

    with embedded_postgres(tmp_path, QUICK) as url:
        assert ask(url, "SELECT current_database()") == "iracing"


def test_the_server_listens_on_no_tcp_address(server_url):
    assert ask(server_url, "SHOW listen_addresses") == ""


def test_only_its_owner_may_reach_the_socket(tmp_path):
    with embedded_postgres(tmp_path, QUICK) as url:
        home = tmp_path / "postgresql"
        socket = Path(str(make_url(url).query["host"]))  # elsewhere where the path would be too long for a socket
        assert {folder.stat().st_mode & 0o777 for folder in (home, home / "data", socket)} == {0o700}


@pytest.mark.parametrize("name", ["deep" * 30, "with a space, a comma and 'quotes'"])
def test_a_folder_whose_name_suits_no_socket_gets_a_temporary_one(tmp_path, name):
    with embedded_postgres(tmp_path / name, QUICK) as url:
        directory = Path(ask(url, "SHOW unix_socket_directories"))
        assert directory.stat().st_mode & 0o777 == 0o700
        assert len(os.fsencode(directory)) < 80
    assert not directory.exists()


def test_a_server_is_kept_up_between_its_users_until_it_is_let_go(tmp_path):
    url = keep_up(tmp_path)
    with embedded_postgres(tmp_path, QUICK) as again:
        assert again == url
    pid = server_pid(tmp_path)
    assert (runs(pid), url_if_up(tmp_path), is_kept(tmp_path)) == (True, url, True)

    assert let_go(tmp_path) is False
    assert (runs(pid), url_if_up(tmp_path), is_kept(tmp_path)) == (False, None, False)


def test_a_kept_server_that_is_killed_is_started_by_its_next_user_to_stay(tmp_path):
    keep_up(tmp_path)
    os.kill(server_pid(tmp_path), signal.SIGKILL)

    with embedded_postgres(tmp_path, QUICK) as url:
        assert ask(url, "SELECT 1") == "1"
    assert url_if_up(tmp_path) == url
    let_go(tmp_path)
    assert url_if_up(tmp_path) is None


def test_a_server_that_is_let_go_while_it_is_used_stops_with_its_last_user(tmp_path):
    keep_up(tmp_path)
    with embedded_postgres(tmp_path, QUICK) as url:
        assert let_go(tmp_path) is True
        assert ask(url, "SELECT 1") == "1"
    assert url_if_up(tmp_path) is None


def test_settings_of_libpq_in_the_environment_do_not_lead_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("PGPORT", "5999")
    monkeypatch.setenv("PGDATA", "/nonexistent")

    with embedded_postgres(tmp_path, QUICK) as url:
        assert ask(url, "SHOW port") == "5432"


def test_without_the_wheel_the_message_names_both_ways_out(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with (
        pytest.raises(SettingsError, match=r"IRACING_DATABASE_URL.*iracing-sync\[embedded\]"),
        embedded_postgres(tmp_path),
    ):
        pass


def test_a_server_that_cannot_start_says_why(tmp_path):
    with pytest.raises(DatabaseError, match="shared_buffers"), embedded_postgres(tmp_path, {"shared_buffers": "none"}):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="about root only")
class TestAsRoot:
    def test_no_folder_above_changes_its_mode(self, tmp_path):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        before = [(folder.stat().st_mode, folder.stat().st_uid) for folder in (closed, *closed.parents)]

        with embedded_postgres(closed, QUICK) as url:
            assert ask(url, "SELECT 1") == "1"

        assert [(folder.stat().st_mode, folder.stat().st_uid) for folder in (closed, *closed.parents)] == before

    def test_a_folder_that_was_there_keeps_mode_and_owner(self, tmp_path):
        home = tmp_path / "elsewhere"
        home.mkdir()
        home.chmod(0o755)
        (home / "mutex").touch()
        (tmp_path / "postgresql").symlink_to(home)

        with embedded_postgres(tmp_path, QUICK) as url:
            assert ask(url, "SELECT 1") == "1"

        assert (home.stat().st_mode & 0o777, home.stat().st_uid) == (0o755, 0)

    def test_the_server_runs_as_an_ordinary_user(self, tmp_path):
        with embedded_postgres(tmp_path, QUICK):
            assert Path(f"/proc/{server_pid(tmp_path)}").stat().st_uid != 0

    def test_a_missing_setpriv_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", "/nonexistent")

        with pytest.raises(DatabaseError, match="setpriv"), embedded_postgres(tmp_path):
            pass
