"""psql on a database: which program, and how it is told where to connect without a word that others could read."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence

from psycopg import pq
from sqlalchemy import Engine

from iracing_sync.embedded_server import programs_folder
from iracing_sync.errors import SettingsError

NO_PSQL = "psql is not installed: install PostgreSQL's client, or iracing-sync[embedded], which has it"


def open_psql(engine: Engine, schema: str, words: Sequence[str], umask: int) -> int:
    """Run psql on the database of an engine with the schema first on its search path, and return its exit code.

    What is typed goes to psql, Ctrl-C too. Raises SettingsError where there is no psql.
    """
    program, environment = psql_program(), os.environ | libpq_variables(engine, schema)
    before = signal.getsignal(signal.SIGINT)
    with subprocess.Popen([program, *words], env=environment, umask=umask) as running:  # noqa: S603 - psql itself
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return running.wait()
        finally:
            signal.signal(signal.SIGINT, before)


def psql_program() -> str:
    """Return the machine's psql, else that of the embedded PostgreSQL; raises SettingsError where there is none."""
    if installed := shutil.which("psql"):
        return installed
    try:
        return str(programs_folder() / "psql")
    except SettingsError:
        raise SettingsError(NO_PSQL) from None


def libpq_variables(engine: Engine, schema: str) -> Mapping[str, str]:
    """Return the environment in which libpq connects as an engine does, password and all.

    Only our user can read the environment of a process, but everybody its command line.
    """
    _, options = engine.dialect.create_connect_args(engine.url)
    names = {one.keyword.decode(): one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar}
    path = f"-c search_path={schema},public"
    given = {**options, "options": f"{options.get('options', '')} {path}".strip()}
    known = {names[key]: str(value) for key, value in given.items() if key in names}
    return known | {"PGAPPNAME": "iracing-sync db shell"}
