"""What a reader owns: a file with a name or package id of a track or car a line, and what is free."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import typer

from iracing_sync.content import Package
from iracing_sync.errors import SettingsError
from iracing_sync.plain_text import one_line
from iracing_sync.queries.matching_names import ids_meant
from iracing_sync.tables.rows import Row

OWNED = typer.Option(
    None, metavar="FILE", help="What you own: a file with a name or package id of a track or car a line."
)


def owned_packages(packages: Mapping[Package, Row], file: Path | None) -> frozenset[Package]:
    """Return what is free and what a file names, a name or id a line; raises SettingsError for a line that is none."""
    free = {package for package, row in packages.items() if row["is_free"]}
    return frozenset(free | set(named_in(file, packages) if file else ()))


def named_in(file: Path, packages: Mapping[Package, Row]) -> Iterator[Package]:
    """Yield what the lines of a file name; what follows a # is a remark."""
    names = dict(enumerate(packages))
    texts = {number: one_line(packages[package]["name"]) for number, package in names.items()}
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise SettingsError(f"--owned {file}: it is no text in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"--owned {file}: it cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        if said := line.partition("#")[0].strip():
            yield from packages_meant(said, packages, texts, names, f"--owned {file}, line {number}")


def packages_meant(
    said: str, packages: Mapping[Package, Row], texts: Mapping[int, str], names: Mapping[int, Package], where: str
) -> set[Package]:
    """Return the packages that an id or a name means."""
    if said.isascii() and said.isdigit():
        if found := {package for package in packages if package.package_id == int(said)}:
            return found
        raise SettingsError(f"{where}: no package has the id {said}")
    try:
        return {names[number] for number in ids_meant(texts, said, "track or car")}
    except SettingsError as error:
        raise SettingsError(f"{where}: {error}") from None
