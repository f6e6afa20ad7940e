import logging
import multiprocessing
import pickle
import sqlite3
import stat
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import diskcache
import pytest

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, SettingsError
from iracing_sync.fetch.cache.document_cache import DocumentCache
from iracing_sync.fetch.source import DocumentSource

START = datetime(2025, 9, 9, tzinfo=UTC)


class FakeClock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


class FakeClient:
    """Answers with the number of the fetch."""

    def __init__(self, clock):
        self.clock = clock
        self.asked = []

    def fetch(self, endpoint, params=None, *, cached="miss", **_patience):
        self.asked.append((endpoint, params, cached))
        body = b'[{"track_id": %d}]' if endpoint == "track/get" else b"[%d]"
        return Document(endpoint, params or {}, body % len(self.asked), self.clock())


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def client(clock):
    return FakeClient(clock)


@pytest.fixture
def cache(tmp_path, clock):
    cache = DocumentCache(tmp_path / "cache", clock)
    yield cache
    cache.close()


@pytest.fixture
def fetch(cache, client):
    def fetch(**options):
        return cache.cache_or_fetch("iracing:series", 60, lambda: client.fetch("constants/divisions"), **options)

    return fetch


@pytest.fixture
def a_source(cache, client, clock):
    def build(**options):
        ledger = []
        fields = {"ttl": 60, "refresh": False, "offline": False, **options}
        return DocumentSource(cache, client, ledger=ledger.append, clock=clock, **fields), ledger

    return build


def test_a_document_is_fetched_once_while_it_is_young(fetch, client, clock):
    first = fetch()
    clock.now += timedelta(seconds=59)
    second = fetch()

    assert (first.from_cache, second.from_cache) == (False, True)
    assert (second.body, second.fetched_at, second.endpoint) == (b"[1]", START, "constants/divisions")
    assert len(client.asked) == 1


def test_a_document_in_which_something_cannot_be_read_is_asked_for_again(cache, clock):
    def fetched(body, **options):
        fetch = partial(Document, "series/get", {}, body, clock())
        return cache.cache_or_fetch("iracing:series", 60, fetch, **options).body

    spoilt, healed = b'[{"series_id": 1}, null]', b'[{"series_id": 1}, {"series_id": 2}]'
    assert fetched(spoilt) == fetched(healed, offline=True) == spoilt
    assert fetched(healed, settled=lambda _: True) == fetched(spoilt) == healed


def test_an_old_document_is_fetched_anew(fetch, clock):
    fetch()
    clock.now += timedelta(seconds=60)

    assert fetch().body == b"[2]"


def test_a_document_from_the_future_is_fetched_anew(fetch, clock):
    fetch()
    clock.now -= timedelta(days=1)

    assert fetch().body == b"[2]"


def test_refresh_bypasses_the_cache_but_fills_it(fetch):
    fetch()

    assert fetch(refresh=True).body == b"[2]"
    assert fetch().body == b"[2]"


def test_refresh_bypasses_also_what_was_fetched_by_a_clock_that_is_ahead(fetch, clock):
    fetch()
    clock.now -= timedelta(days=300)

    assert fetch(refresh=True).body == b"[2]"


def test_offline_takes_a_document_of_any_age(fetch, clock):
    fetch()
    clock.now += timedelta(days=400)

    assert fetch(offline=True).body == b"[1]"


def test_offline_says_what_is_missing(fetch, client):
    with pytest.raises(DocumentError, match="iracing:series is not in the cache; run without --offline"):
        fetch(offline=True)
    assert client.asked == []


def test_a_large_document_comes_back_whole(cache, clock):
    body = b"[" + b",".join(b'"%032x"' % (number**9) for number in range(20_000)) + b"]"
    cache.cache_or_fetch("big", 60, lambda: Document("track/get", {}, body, clock()))

    assert cache.read("big").body == body


def test_a_failed_fetch_leaves_nothing_behind(cache):
    def fail():
        raise DocumentError("cut in half")

    with pytest.raises(DocumentError):
        cache.cache_or_fetch("key", 60, fail)
    assert cache.read("key") is None


def test_the_folder_is_private(cache):
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_a_wrong_setting(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="IRACING_CACHE_DIR"):
        DocumentCache(tmp_path / "file" / "cache", required=True)


def test_the_cache_tells_its_size_and_can_be_cleared(cache, fetch):
    fetch()

    assert len(list(cache.entries())) == 1
    assert cache.clear() == 1
    assert cache.read("iracing:series") is None


class Hostile:
    """Makes a file when it is unpickled."""

    def __init__(self, path, padding=b""):
        self.path = path
        self.padding = padding

    def __reduce__(self):
        return Path.write_bytes, (self.path, b"owned" + self.padding)


@pytest.mark.parametrize("padding", [b"", b"x" * 100_000], ids=["in the row", "in a file"])
def test_a_pickle_in_the_cache_is_refused_and_the_document_fetched_anew(fetch, cache, tmp_path, caplog, padding):
    trap = tmp_path / "trap"
    with diskcache.Cache(str(cache.folder)) as plain:
        plain["iracing:series"] = Hostile(trap, padding)

    with caplog.at_level(logging.WARNING):
        document = fetch()

    assert document.body == b"[1]"
    assert not trap.exists()
    assert "iracing:series is dropped" in caplog.text
    assert cache.read("iracing:series").body == b"[1]"


def test_a_pickled_key_is_never_unpickled(cache, tmp_path):
    trap = tmp_path / "trap"
    with sqlite3.connect(cache.folder / "cache.db") as database:
        row = (pickle.dumps(Hostile(trap)), 0, b"x")
        database.execute("INSERT INTO Cache (key, raw, store_time, value) VALUES (?, ?, 0, ?)", row)
    database.close()

    assert list(cache.entries()) == []
    assert cache.clear() == 1
    assert not trap.exists()


def test_a_file_outside_the_folder_is_neither_read_nor_removed(cache, fetch, tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(b"private")
    with sqlite3.connect(cache.folder / "cache.db") as database:
        row = ("iracing:series", 1, 2, "../outside")
        database.execute("INSERT INTO Cache (key, raw, store_time, mode, filename) VALUES (?, ?, 0, ?, ?)", row)
    database.close()

    assert fetch().body == b"[1]"
    assert outside.read_bytes() == b"private"


@pytest.mark.parametrize("damage", [b"", b"no zlib", b"\x78\x9c\x4b\x04\x00\x00\x62\x00\x62"])
def test_a_damaged_entry_counts_as_absent(cache, fetch, damage):
    fetch()
    alter_entry(cache, "?", damage)

    assert fetch().body == b"[2]"


def test_a_truncated_entry_counts_as_absent(cache, fetch):
    fetch()
    alter_entry(cache, "substr(value, 1, length(value) - 3)")

    assert fetch().body == b"[2]"


def alter_entry(cache, value, *given):
    """Put other bytes in the place of the one entry."""
    with sqlite3.connect(cache.folder / "cache.db") as database:
        assert database.execute(f"UPDATE Cache SET value = {value}", given).rowcount == 1
    database.close()


def fetch_slowly(folder, refresh, ready, start):
    """Run in a process of its own: fetches of all of them append a line to one file."""
    cache = DocumentCache(folder / "cache")

    def fetch():
        with (folder / "fetches").open("a") as file:
            file.write("fetched\n")
        time.sleep(1)
        return Document("constants/divisions", {}, b"[]", datetime.now(UTC))

    ready.release()
    start.wait(30)
    cache.cache_or_fetch("iracing:series", 60, fetch, refresh=refresh)
    cache.close()


@pytest.mark.parametrize("refresh", [False, True])
def test_processes_that_want_one_document_fetch_it_once(tmp_path, refresh):
    context = multiprocessing.get_context("spawn")
    ready, start = context.Semaphore(0), context.Event()
    processes = [context.Process(target=fetch_slowly, args=(tmp_path, refresh, ready, start)) for _ in range(3)]
    for process in processes:
        process.start()
    assert all(ready.acquire(timeout=30) for _ in processes)
    start.set()
    for process in processes:
        process.join(30)

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert (tmp_path / "fetches").read_text() == "fetched\n"


def test_the_source_tells_the_ledger_of_a_hit(a_source, client):
    source, ledger = a_source()

    source.document("series/past_seasons", {"series_id": 3})
    source.document("series/past_seasons", {"series_id": 3})

    assert client.asked == [("series/past_seasons", {"series_id": 3}, "miss")]
    assert [(call.cached, call.endpoint, call.params, call.http_status) for call in ledger] == [
        ("hit", "series/past_seasons", {"series_id": 3}, None)
    ]


def test_a_catalogue_is_kept_seven_times_as_long(a_source, client, clock):
    source, _ = a_source()
    source.document("track/get")
    source.document("constants/divisions")

    clock.now += timedelta(seconds=400)
    source.document("track/get")
    source.document("constants/divisions")

    assert [endpoint for endpoint, _, _ in client.asked] == ["track/get", "constants/divisions", "constants/divisions"]


def test_a_refreshed_source_says_so_to_the_client(a_source, client):
    source, _ = a_source(refresh=True)
    source.document("constants/divisions")

    assert [cached for _, _, cached in client.asked] == ["refresh"]


def test_one_document_can_be_fetched_fresh(a_source, client, clock):
    source, _ = a_source()
    source.document("constants/divisions")
    clock.now += timedelta(seconds=1)

    assert source.document("constants/divisions", fresh=True).body == b"[2]"
    assert client.asked[1][2] == "refresh"


def test_an_offline_source_needs_no_client(cache, fetch, clock):
    fetch()
    source = DocumentSource(cache, None, ttl=60, refresh=True, offline=True, ledger=[].append, clock=clock)

    assert source.document("series/get", fresh=True).from_cache
    with pytest.raises(DocumentError, match="--offline"):
        source.document("track/get")
