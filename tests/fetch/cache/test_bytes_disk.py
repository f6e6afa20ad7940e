"""What the cache takes: a limit, a full disk, a folder in which nothing can be written, many threads."""

import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from other_user import NOBODY, as_nobody

from iracing_sync.documents import Document
from iracing_sync.errors import SettingsError
from iracing_sync.fetch.cache.document_cache import DocumentCache

MB = 1024 * 1024


def a_document(size: int = 10) -> Document:
    """Return a document that does not compress."""
    return Document("constants/divisions", {}, os.urandom(size), datetime.now(UTC))


def kept(cache: DocumentCache, key: str, size: int) -> bool:
    """Fetch a document and tell whether it is in the cache then."""
    document = a_document(size)
    assert cache.cache_or_fetch(key, 60, lambda: document).body == document.body
    return cache.read(key) is not None


@pytest.fixture
def small(tmp_path) -> Iterator[DocumentCache]:
    cache = DocumentCache(tmp_path / "cache", size_limit=MB)
    yield cache
    cache.close()


def test_the_documents_stored_longest_ago_make_room_for_new_ones(small) -> None:
    assert all(kept(small, f"{number:02}", MB // 10) for number in range(30))

    assert [entry.key for entry in small.entries()] == [f"{number:02}" for number in range(21, 30)]
    assert MB * 0.8 < small.volume() <= MB
    assert sum(file.stat().st_size for file in small.folder.rglob("*.val")) <= MB


def test_a_document_stored_anew_is_no_longer_the_oldest(small) -> None:
    for key in ("nightly", "finished", "nightly", *"abcdefg"):
        small.cache_or_fetch(key, 60, lambda: a_document(MB // 8), refresh=True)

    assert small.read("nightly") is None
    assert [entry.key for entry in small.entries()] == [*"abcdefg"]


def test_small_documents_make_room_too(small) -> None:
    assert all(kept(small, f"{number:03}", 20_000) for number in range(100))
    assert small.volume() <= MB


def test_a_document_beyond_the_limit_is_used_and_said_and_evicts_nothing(small) -> None:
    assert kept(small, "other", 1000)
    assert not kept(small, "giant", 2 * MB)
    assert not kept(small, "giant", 2 * MB)

    assert small.read("other") is not None
    [warning] = small.warnings
    assert "IRACING_CACHE_MAX_MB" in warning


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_the_disk_has_no_room_for_is_used_said_once_and_leaves_nothing(tmp_path) -> None:
    cache = DocumentCache(tmp_path / "cache")
    with no_room_beyond(100_000):
        assert [kept(cache, key, 500_000) for key in "ab"] == [False, False]

    [warning] = cache.warnings
    assert "File too large" in warning
    assert list(cache.folder.rglob("*.val")) == []
    assert kept(cache, "c", 500_000)


def test_a_row_for_which_the_disk_has_no_room_leaves_no_file(tmp_path) -> None:
    cache = DocumentCache(tmp_path / "cache")
    with no_room_beyond(60_000):
        came = [kept(cache, f"{number}", 35_000) for number in range(10)]

    assert False in came
    assert len(cache.warnings) == 1
    assert len(list(cache.folder.rglob("*.val"))) == sum(came)
    assert kept(cache, "a", 35_000)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for another user")
@pytest.mark.parametrize("is_there", [True, False], ids=["read-only", "cannot be made"])
def test_without_a_folder_to_write_in_nothing_is_cached_and_that_is_said(common, is_there) -> None:
    if is_there:
        (common / "cache").mkdir(mode=0o500)
        os.chown(common / "cache", NOBODY, NOBODY)
    with as_nobody():
        cache = DocumentCache(common / "cache")
        assert [kept(cache, key, 10) for key in "aab"] == [False] * 3
        with pytest.raises(SettingsError, match="Permission denied"):
            DocumentCache(common / "cache", required=True)

    [warning] = cache.warnings
    assert "Permission denied" in warning
    assert "IRACING_CACHE_DIR" in warning


def in_threads(work, number: int = 8) -> list[object]:
    """Do something in many threads at once and return what came of it."""
    came, barrier = [], threading.Barrier(number)

    def begin(index: int) -> None:
        barrier.wait()
        try:
            came.append(work(index))
        except BaseException as error:
            came.append(error)

    threads = [threading.Thread(target=begin, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came


def test_threads_that_want_one_document_fetch_it_once(tmp_path) -> None:
    cache = DocumentCache(tmp_path / "cache")
    fetches = []

    def fetch() -> Document:
        fetches.append(1)
        time.sleep(0.2)
        return a_document()

    bodies = in_threads(lambda _: cache.cache_or_fetch("one", 60, fetch).body)

    assert len(fetches) == 1
    assert bodies == [cache.read("one").body] * 8


def test_threads_store_many_documents_within_the_limit(small) -> None:
    came = in_threads(lambda index: [kept(small, f"{index}-{number}", MB // 20) for number in range(10)])

    assert all(isinstance(results, list) for results in came), came
    assert small.warnings == []
    assert small.volume() <= MB


def test_threads_that_find_the_damage_at_once_set_it_aside_once(tmp_path) -> None:
    cache = DocumentCache(tmp_path / "cache")
    cache.cache_or_fetch("one", 60, a_document)
    cache.close()
    with (cache.folder / "cache.db").open("r+b") as file:
        file.write(b"garbage!" * 4096)
    (cache.folder / "cache.db-wal").write_bytes(b"")
    cache.close()

    bodies = in_threads(lambda index: len(cache.cache_or_fetch(f"{index}", 60, a_document).body))

    assert bodies == [10] * 8
    assert len(cache.warnings) == 1
    assert len(list(tmp_path.glob("cache.broken-*"))) == 1
    assert len(list(cache.entries())) == 8
