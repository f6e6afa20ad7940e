"""The versions that a report of a fault needs."""

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from psycopg import pq

NAME = "iracing-sync"
NAME_OF_PACKAGE = re.compile(r"[\w.-]+")


def versions() -> Iterator[str]:
    """Yield Python, the system, and every package that is used, those of the extras that are installed too."""
    yield f"Python {platform.python_version()}, {platform.platform(terse=True)}"
    found = [f"{name} {number}" for name in packages() if (number := version_of(name))]
    yield ", ".join([*found, f"libpq {pq.version()}"])


def packages() -> list[str]:
    """Return what is required, each once."""
    return sorted({NAME_OF_PACKAGE.match(one)[0] for one in requires(NAME) or ()})  # type: ignore[index] # each has one


def version_of(package: str) -> str | None:
    """Return the version of a package, None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
