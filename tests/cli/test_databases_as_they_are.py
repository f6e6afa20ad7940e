"""Databases as they are: other defaults, encodings, URLs and rights, others' additions, revisions older and newer."""

import gc
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from results import done
from sqlalchemy.engine import make_url

from conftest import REPOSITORY, administer
from iracing_sync.database import connect, head_revision
from iracing_sync.errors import DatabaseError
from iracing_sync.unix_account import as_account

DEFAULTS = (
    "DateStyle = 'SQL, DMY'",
    "DateStyle = 'German'",
    "IntervalStyle = 'sql_standard'",
    "bytea_output = 'escape'",
    "search_path = 'nowhere'",
    "default_transaction_isolation = 'serializable'",
    "TimeZone = 'Pacific/Chatham'",
    "lock_timeout = '1ms'",
)


@pytest.mark.empty_database
@pytest.mark.parametrize("default", DEFAULTS)
def test_what_a_database_sets_by_default_does_not_matter(synthetic, command, ask, database_url, default) -> None:
    name = make_url(database_url).database
    administer(database_url, f"ALTER DATABASE {name} SET {default}")

    first, second = done(command("run", "--json")), done(command("run", "--json", "--refresh"))

    assert first["tables"]["event"]["inserted"] > 400
    assert sum(counts["inserted"] + counts["updated"] for counts in second["tables"].values()) == 0
    assert ask("SELECT count(*) FROM event WHERE starts_at > '2024-01-01'")[0][0] > 400
    assert command("schedule", "--json").returncode == 0


@contextmanager
def database_in(server_url: str, encoding: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    administer(
        server_url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE_PROVIDER libc LOCALE 'C'"
    )
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def test_a_database_without_an_encoding_works(synthetic, command, environment, server_url) -> None:
    with database_in(server_url, "SQL_ASCII") as environment["IRACING_DATABASE_URL"]:
        assert done(command("run", "--json"))["seasons"]["seen"] > 20
        assert command("schedule").returncode == 0


def test_a_database_that_cannot_hold_every_name_is_refused_in_one_line(
    synthetic, command, environment, server_url
) -> None:
    with database_in(server_url, "LATIN1") as environment["IRACING_DATABASE_URL"]:
        ran = command("run")
        gc.collect()  # a connection that was left open complains here

    assert ran.returncode == 6
    assert "is encoded in LATIN1, which cannot hold every name: make one with CREATE DATABASE" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("option", ["pgbouncer=true", "schema=public", "connection_limit=1", "pgbouncer=true&schema=x"])
def test_what_other_tools_write_into_a_url_is_left_out(command, environment, option) -> None:
    environment["IRACING_DATABASE_URL"] += f"&{option}"

    assert command("db", "current").returncode == 0


def test_a_socket_may_stand_in_the_place_of_the_host(command, environment, database_url) -> None:
    url = make_url(database_url)
    folder = str(url.query["host"]).replace("/", "%2F")
    environment["IRACING_DATABASE_URL"] = f"postgresql://{url.username}@{folder}:{url.query['port']}/{url.database}"

    assert command("db", "current").returncode == 0


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cret-word@127.0.0.1:1/db",
        "postgresql://me@127.0.0.1:1/db?password=s3cret-word",
        "postgresql://127.0.0.1:1/db?user=me&password=s3cret-word&sslpassword=s3cret-word",
        "postgresql://me@127.0.0.1:1/db?passfile=/s3cret-word",
        "postgresql://me:s3cret-word@/db?host=/nowhere",
        "postgresql://me:s3cret-word@127.0.0.1:1/db?no_such_option=s3cret-word",
        "postgresql://me:s3cret-word@[::1/db",
        "postgresql://me:half@s3cret-word@127.0.0.1:1/db",
        "postgresql://me:12/s3cret-word@127.0.0.1:1/db",
        "postgresql://me:12?s3cret-word@127.0.0.1:1/db",
        "postgresql://me:s3cret-word@127.0.0.1:port/db",
    ],
)
def test_a_password_shows_nowhere_whatever_part_of_the_url_it_stands_in(command, environment, url) -> None:
    environment |= {"IRACING_DATABASE_URL": url, "IRACING_LOG_LEVEL": "DEBUG"}

    for arguments in (("status",), ("db", "current"), ("run",)):
        ran = command(*arguments)
        assert ran.returncode in (2, 6), ran.stderr
        assert "s3cret-word" not in ran.stdout + ran.stderr
        assert "this is a fault of iracing-sync" not in ran.stderr
        assert "Traceback" not in ran.stderr


@pytest.fixture
def role(server_url: str) -> Iterator[str]:
    name = f"role_{uuid4().hex}"
    administer(server_url, f"CREATE ROLE {name} LOGIN")
    yield name
    administer(server_url, f"DROP ROLE {name}")


@pytest.mark.empty_database
def test_a_role_that_owns_only_its_schema_installs_and_loads(
    synthetic, command, environment, database_url, role
) -> None:
    administer(database_url, f"CREATE SCHEMA iracing AUTHORIZATION {role}")
    administer(database_url, f"REVOKE CREATE ON DATABASE {make_url(database_url).database} FROM PUBLIC")
    environment["IRACING_DATABASE_URL"] = make_url(database_url).set(username=role).render_as_string(False)
    try:
        assert command("db", "upgrade").returncode == 0
        assert done(command("run", "--json"))["seasons"]["seen"] > 20
        assert command("db", "check").returncode == 0
    finally:
        administer(database_url, "DROP SCHEMA iracing CASCADE")


@pytest.mark.parametrize("arguments", [("status",), ("schedule",), ("db", "check"), ("db", "upgrade"), ("run",)])
def test_a_role_that_may_not_even_look_is_told_which_rights_it_lacks(
    command, environment, database_url, role, arguments
) -> None:
    environment["IRACING_DATABASE_URL"] = make_url(database_url).set(username=role).render_as_string(False)

    ran = command(*arguments)

    assert ran.returncode == 6
    assert "this role lacks a right; docs/operations.md has those" in ran.stderr
    assert "fault of iracing-sync" not in ran.stderr


@pytest.mark.empty_database
def test_a_role_that_may_make_no_temporary_tables_is_told_so_and_no_row_is_blamed(
    synthetic, command, environment, database_url, role
) -> None:
    name = make_url(database_url).database
    administer(database_url, f"CREATE SCHEMA iracing AUTHORIZATION {role}")
    administer(database_url, f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
    environment["IRACING_DATABASE_URL"] = make_url(database_url).set(username=role).render_as_string(False)
    try:
        done(command("run", "--json"))
        synthetic.faults.set(
            [{"endpoint": "series/seasons", "kind": "edit", "path": ["0", "schedule_description"], "value": "new"}]
        )
        ran = command("run", "--json", "--refresh")

        assert ran.returncode == 6
        assert "temporary tables" in ran.stderr
        assert "refuses a row" not in ran.stderr
    finally:
        administer(database_url, "DROP SCHEMA iracing CASCADE")


def test_what_others_add_is_theirs_and_what_of_ours_is_gone_is_named(command, database_url) -> None:
    added = (
        "ALTER TABLE event ADD COLUMN my_note text",
        "CREATE INDEX mine ON event (my_note)",
        "CREATE TABLE my_table (id int REFERENCES series (series_id))",
        "CREATE VIEW my_view AS SELECT season_id FROM season",
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER mine BEFORE INSERT ON season FOR EACH ROW EXECUTE FUNCTION nothing()",
        "COMMENT ON COLUMN event.track_id IS 'our own words'",
    )
    for statement in added:
        administer(database_url, f"SET search_path TO iracing; {statement}")
    assert command("db", "check").returncode == 0

    gone = (
        "DROP VIEW sync_status",
        "ALTER TABLE event_time DROP COLUMN repeat_minutes CASCADE",
        "DROP INDEX ix_event_track_id",
        "ALTER TABLE season ALTER COLUMN rookie_season TYPE integer USING NULL",
    )
    for statement in gone:
        administer(database_url, f"SET search_path TO iracing; {statement}")
    ran = command("db", "check")

    assert ran.returncode == 6
    assert "view sync_status is missing" in ran.stdout
    assert "column event_time.repeat_minutes is missing" in ran.stdout
    assert "index ix_event_track_id of event is missing" in ran.stdout
    assert "check ck_event_time_repeat_minutes is missing" in ran.stdout
    assert "view session_schedule is missing" in ran.stdout  # which reads the column


@pytest.mark.empty_database
def test_the_roles_of_the_docs_may_write_and_read_and_no_more(synthetic, command, environment, database_url) -> None:
    page = (REPOSITORY / "docs/operations.md").read_text().partition("<!-- roles -->\n```sql\n")[2].partition("```")[0]
    names = {name: f"{name}_{uuid4().hex}" for name in ("iracing_writer", "iracing_reader")}
    database = make_url(database_url)
    for name, own in {**names, "DATABASE racing": f"DATABASE {database.database}"}.items():
        page = page.replace(name, own)
    administer(database_url, page)
    writer, reader = (database.set(username=name).render_as_string(False) for name in names.values())
    try:
        for url, arguments, exit_code in (
            (writer, ("run", "--json"), 0),
            (writer, ("run", "--json", "--refresh"), 0),
            (reader, ("schedule", "--json"), 0),
            (reader, ("changes",), 0),
            (reader, ("calls", "--summary"), 0),
            (reader, ("status",), 0),
            (reader, ("db", "check"), 0),
            (reader, ("run",), 6),
        ):
            environment["IRACING_DATABASE_URL"] = url
            ran = command(*arguments)
            assert ran.returncode == exit_code, (arguments, ran.stderr)
            assert "Traceback" not in ran.stderr
    finally:
        for name in names.values():
            administer(database_url, f"DROP OWNED BY {name} CASCADE")
            administer(database_url, f"DROP ROLE {name}")


@pytest.mark.empty_database
def test_an_empty_schema_is_said_in_one_line_and_stays_empty(command, ask) -> None:
    ran = command("db", "check")

    assert (ran.returncode, ran.stdout) == (6, "")
    assert "is not there or empty: `iracing-sync db upgrade` makes it" in ran.stderr
    assert ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'iracing'") == [(0,)]


@pytest.mark.parametrize("arguments", [("run",), ("status",), ("db", "check"), ("db", "upgrade")])
def test_a_schema_newer_than_the_program_asks_for_a_newer_program(synthetic, command, ask, arguments) -> None:
    ask("UPDATE alembic_version SET version_num = '9999' RETURNING 1")

    ran = command(*arguments)

    assert ran.returncode == 6, ran.stderr
    newer = f"is at revision 9999, newer than the {head_revision()} of this version: upgrade iracing-sync"
    assert newer in ran.stderr


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004"])
@pytest.mark.parametrize("arguments", [("run",), ("status",), ("db", "upgrade")])
def test_a_database_of_before_the_first_release_is_told_how_it_is_made_anew(
    synthetic, command, ask, database_url, arguments, revision
) -> None:
    administer(database_url, "COMMENT ON TABLE iracing.sync_run IS NULL")  # no table had one then
    ask(f"UPDATE alembic_version SET version_num = '{revision}' RETURNING 1")

    ran = command(*arguments)

    assert ran.returncode == 6, ran.stderr
    assert "predates the first release and cannot be upgraded" in ran.stderr
    assert "`DROP SCHEMA iracing CASCADE` in psql, then `iracing-sync run`" in ran.stderr


POOLER = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"


@contextmanager
def pooler(database_url: str, mode: str, folder: Path, port: int) -> Iterator[str]:
    url = make_url(database_url)
    socket = Path(str(url.query["host"]))
    folder.chmod(0o777)
    place = f"host={socket} port={url.query['port']} dbname={url.database} user={url.username}"
    settings = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "auth_type": "any",
        "auth_file": folder / "users",
        "pool_mode": mode,
        "unix_socket_dir": "",
    }
    (folder / "users").write_text(f'"{url.username}" ""\n')
    written = "\n".join(f"{name} = {value}" for name, value in settings.items())
    (folder / "pgbouncer.ini").write_text(f"[databases]\npooled = {place}\n[pgbouncer]\n{written}\n")
    owner = socket.stat()
    account = (owner.st_uid, owner.st_gid) if os.geteuid() == 0 else None  # as root it would refuse to run
    running = subprocess.Popen(
        [*as_account(account), POOLER, str(folder / "pgbouncer.ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"postgresql://{url.username}@127.0.0.1:{port}/pooled"
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                psycopg.connect(address).close()
                break
            except psycopg.OperationalError:
                assert running.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield address
    finally:
        running.terminate()
        running.wait()


@pytest.mark.skipif(not Path(POOLER).exists(), reason="pgbouncer is absent: apt-get install pgbouncer")
@pytest.mark.parametrize(("mode", "exit_code"), [("session", 0), ("transaction", 6)])
def test_a_pooler_works_by_session_and_is_recognised_by_transaction(
    synthetic, command, environment, database_url, tmp_path_factory, free_port, mode, exit_code
) -> None:
    folder = tmp_path_factory.mktemp("pooler")
    with pooler(database_url, mode, folder, free_port) as environment["IRACING_DATABASE_URL"]:
        ran = command("run")

    assert ran.returncode == exit_code, ran.stderr
    assert ("a transaction pooler stands before the database" in ran.stderr) == (mode == "transaction")


def test_an_unknown_option_of_libpq_is_said(database_url) -> None:
    with pytest.raises(DatabaseError, match=r"cannot be reached: .*no_such_option"):
        connect(f"{database_url}&no_such_option=1", "iracing")
