"""The command line, called from manage.py: in the place of that process, or as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from io import UnsupportedOperation
from typing import Any, NoReturn

from django.core.management.base import CommandError

from iracing_sync.contrib.django.connection import address
from iracing_sync.contrib.django.options import database, schema
from iracing_sync.errors import SettingsError
from iracing_sync.settings import Settings, load_settings, variable_name


def environment() -> dict[str, str]:
    """Return the environment with the project's database and schema in it, unless a setting names others.

    Only our user can read the environment of a process, and so the password, but everybody its command line. Raises
    SettingsError where the project's database is no PostgreSQL.
    """
    try:
        settings = load_settings()
    except SettingsError:  # the command line says so
        return dict(os.environ)
    return os.environ | {variable_name(field): value for field, value in of_project(settings).items()}


def project_settings() -> Settings:
    """Return the settings, with the project's database and schema; raises SettingsError where one is unusable."""
    return load_settings(**of_project(load_settings()))


def of_project(settings: Settings) -> dict[str, str]:
    """Return what of the settings is the project's, because none names another."""
    said = {} if settings.database_url else {"database_url": address(database())}
    return said | ({} if "schema_name" in settings.model_fields_set else {"schema_name": schema()})


def command_of(words: Sequence[str]) -> list[str]:
    """Return what starts the command line."""
    return [sys.executable, "-m", "iracing_sync", *words]


def become(words: Sequence[str]) -> NoReturn:
    """Let the command line take the place of this process, so that signals, terminal and exit code are its own."""
    try:
        variables = environment()
    except SettingsError as error:
        sys.stderr.write(f"iracing-sync: {error}\n")
        sys.exit(error.exit_code)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(sys.executable, command_of(words), variables)  # noqa: S606 - ours, without a shell
    sys.exit(subprocess.call(command_of(words), env=variables))  # noqa: S603 - ours


def run(words: Sequence[str], stdout: Any, stderr: Any) -> None:
    """Run the command line; raises CommandError, with its exit code, where that is no success."""
    try:
        variables = environment()
    except SettingsError as error:
        raise CommandError(str(error), returncode=error.exit_code) from None
    ended = subprocess.run(  # noqa: S603 - ours
        command_of(words),
        env=variables,
        stdout=descriptor(stdout),
        stderr=descriptor(stderr),
        text=True,
        check=False,
    )
    pass_on(ended.stdout, stdout)
    pass_on(ended.stderr, stderr)
    if ended.returncode:
        command = " ".join(["iracing-sync", *words[:1]])
        raise CommandError(f"{command} ended with exit {ended.returncode}", returncode=ended.returncode)


def descriptor(stream: Any) -> int:
    """Return where a process can write what is for a stream: to it, or to a pipe where it is only Python's own."""
    try:
        return int(stream.fileno())
    except (AttributeError, UnsupportedOperation, OSError):
        return subprocess.PIPE


def pass_on(written: str | None, stream: Any) -> None:
    """Write what came over a pipe."""
    if written:
        stream.write(written, ending="")
