"""The folder of a site: a manifest tells which files in it are ours, and nobody else's is touched."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from iracing_sync.errors import SettingsError
from iracing_sync.private_files import file_lock

MANIFEST = ".iracing-sync-site.json"
COMING = ".iracing-sync-site.coming"
"""A line for each file that is about to come, before it is there: whatever ends us, it is known to be ours."""

LOCK = ".iracing-sync-site.lock"

SUFFIX = "abcd1234"
"""As what a file is called while it is written aside ends in."""

Put = Callable[[Path, Iterable[bytes]], bool]
"""Writes a file aside and renames it, unless it held the same: then false."""


class SiteFolder:
    """A folder while one process publishes into it; `made_of` is by what the files were made, where that was kept."""

    def __init__(self, folder: Path, put: Put, folder_mode: int) -> None:
        self._folder, self._put, self._folder_mode = folder, put, folder_mode
        self._former: dict[str, str] = read_coming(folder / COMING) | read_manifest(folder / MANIFEST)
        self._held: dict[str, str] = {}
        self.written: list[str] = []
        self.removed: list[str] = []

    def is_made_of(self, name: str, made_of: str) -> bool:
        """Tell whether a file is there that was made of just that; it then stays."""
        if self._former.get(name) != made_of or not (self._folder / name).is_file():
            return False
        self._held[name] = made_of
        return True

    def is_of_others(self, name: str) -> bool:
        """Tell whether a file is there that we did not write."""
        return name not in self._former and (self._folder / name).exists()

    def write(self, name: str, parts: Iterable[bytes], made_of: str = "") -> None:
        """Put a file in its place; raises SettingsError where one is there that we did not write."""
        path = self._folder / name
        if self.is_of_others(name):
            raise SettingsError(
                f"{path} is there and {MANIFEST} does not know it as ours: choose another folder, or move it away"
            )
        self._make(path.parent)
        if name not in self._former:
            with (self._folder / COMING).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
        self._held[name] = made_of
        if self._put(path, parts):
            self.written.append(name)

    def end(self) -> None:
        """Remove what belongs to the site no longer, and write the manifest."""
        for name in sorted(self._former.keys() - self._held.keys()):
            (self._folder / name).unlink(missing_ok=True)
            self.removed.append(name)
        self._sweep()
        self.keep_manifest(self._held)
        (self._folder / COMING).unlink(missing_ok=True)

    def keep_manifest(self, held: dict[str, str]) -> None:
        """Write down what is ours."""
        self._put(self._folder / MANIFEST, [orjson.dumps(held, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)])

    def broken_off(self) -> None:
        """Keep in the manifest what was there and what came to it, where publishing ended before its time."""
        self.keep_manifest(self._former | self._held)

    def _sweep(self) -> None:
        """Remove what was written aside by one who was killed before it could be renamed."""
        for folder in {(self._folder / name).parent for name in self._held}:
            for one in folder.glob(".*"):
                name, _, suffix = one.name[1:].rpartition(".")
                if len(suffix) == len(SUFFIX) and str((folder / name).relative_to(self._folder)) in self._held:
                    one.unlink(missing_ok=True)

    def _make(self, folder: Path) -> None:
        for one in (*reversed(folder.relative_to(self._folder).parents), folder.relative_to(self._folder)):
            place = self._folder / one
            if not place.exists():
                place.mkdir()
                place.chmod(self._folder_mode)


@contextmanager
def open_site(folder: Path, put: Put, umask: int) -> Iterator[SiteFolder]:
    """Give a folder to publish into, made if need be; whoever else publishes into it waits.

    Raises SettingsError where it cannot be written.
    """
    mode = 0o777 & ~umask
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(mode)
        with file_lock(folder / LOCK):
            site = SiteFolder(folder, put, mode)
            try:
                yield site
            except BaseException:
                site.broken_off()
                raise
            site.end()
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written: {error.strerror}") from error


def read_manifest(path: Path) -> dict[str, str]:
    """Return what is ours in a folder, and what it was made of."""
    try:
        held: Any = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    names = held if isinstance(held, dict) else {}
    return {name: str(made_of) for name, made_of in names.items() if is_inside(name)}


def read_coming(path: Path) -> dict[str, str]:
    """Return what one who was killed was about to write; of what it was made is not known."""
    try:
        names = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {name: "" for name in names if is_inside(name)}


def is_inside(name: str) -> bool:
    """Tell whether a name of the manifest leads nowhere else: it may have been written by others."""
    return not os.path.isabs(name) and ".." not in Path(name).parts
