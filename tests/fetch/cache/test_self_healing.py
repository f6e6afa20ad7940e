"""A damaged cache: set aside or dropped, said, and the documents fetched anew."""

import logging
import multiprocessing
import random
import shutil
import sqlite3
from datetime import UTC, datetime

import pytest

from iracing_sync.documents import Document
from iracing_sync.fetch.cache.document_cache import DocumentCache

NOON = datetime(2025, 9, 9, 12, tzinfo=UTC)
LARGE = b"[" + b",".join(b'"%032x"' % (number**9) for number in range(20_000)) + b"]"


def a_document(body: bytes = b"[1]") -> Document:
    return Document("constants/divisions", {}, body, NOON)


def opened(folder) -> DocumentCache:
    return DocumentCache(folder, lambda: NOON)


def fetched(cache: DocumentCache, body: bytes = b"[1]", key: str = "iracing:series") -> Document:
    return cache.cache_or_fetch(key, 60, lambda: a_document(body))


@pytest.fixture
def folder(tmp_path):
    """Return a folder with one large entry, which is in a file, and one small one."""
    cache = opened(tmp_path / "cache")
    fetched(cache)
    fetched(cache, LARGE, "large")
    cache.close()
    return tmp_path / "cache"


def set_aside(folder) -> list[str]:
    return sorted(item.name for item in folder.parent.iterdir() if ".broken-" in item.name)


def foreign(database) -> None:
    database.unlink()
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE Settings (note)")
        connection.execute("CREATE TABLE Cache (of, ours)")
    connection.close()


def cut(database) -> None:
    database.write_bytes(database.read_bytes()[:5000])


def scrambled(database) -> None:
    content = database.read_bytes()
    database.write_bytes(content[:100] + b"\xa5" * (len(content) - 100))


@pytest.mark.parametrize(
    "damage",
    [lambda database: database.write_bytes(b"garbage" * 1000), foreign, cut, scrambled],
    ids=["garbage", "another program's", "cut short", "scrambled"],
)
def test_a_damaged_database_is_set_aside_on_opening_and_a_new_one_begun(folder, damage, caplog) -> None:
    damage(folder / "cache.db")

    cache = opened(folder)

    assert fetched(cache, b"[2]").body == b"[2]"
    assert fetched(cache).body == b"[2]"
    assert set_aside(folder) == ["cache.broken-20250909T120000Z"]
    [warning] = cache.warnings
    assert warning in caplog.text
    assert str(folder) in warning
    assert "cache.broken-20250909T120000Z" in warning


def test_what_was_set_aside_holds_the_old_files_and_only_the_latest_is_kept(folder) -> None:
    (folder / "cache.db").write_bytes(b"first")
    opened(folder).close()
    (folder / "cache.db").write_bytes(b"second")
    DocumentCache(folder, lambda: NOON.replace(hour=13)).close()

    assert set_aside(folder) == ["cache.broken-20250909T130000Z"]
    assert (folder.with_name("cache.broken-20250909T130000Z") / "cache.db").read_bytes() == b"second"


def test_what_others_put_into_the_folder_stays_there(folder) -> None:
    (folder / "thesis.txt").write_text("mine")
    (folder / "cache.db").write_bytes(b"garbage")
    opened(folder).close()

    assert (folder / "thesis.txt").read_text() == "mine"
    assert not (folder.with_name("cache.broken-20250909T120000Z") / "thesis.txt").exists()


def test_where_there_is_no_room_beside_the_folder_damage_is_set_aside_in_it(folder) -> None:
    folder.with_name("cache.broken-20250909T120000Z").write_text("in the way")
    (folder / "cache.db").write_bytes(b"garbage")
    cache = opened(folder)

    assert (folder / "broken-20250909T120000Z" / "cache.db").read_bytes() == b"garbage"
    assert fetched(cache, b"[2]").body == b"[2]"


def overwrite(folder) -> None:
    """Damage the database under an open cache; its pages are read anew."""
    with (folder / "cache.db").open("r+b") as file:
        file.write(b"garbage!" * 4096)
    (folder / "cache.db-wal").write_bytes(b"")


def shorten(folder) -> None:
    """Cut the database short under an open cache, which would end the process if it were mapped."""
    cut(folder / "cache.db")


@pytest.mark.parametrize("damage", [overwrite, shorten])
def test_damage_that_shows_only_later_is_set_aside_once_and_the_work_goes_on(folder, damage) -> None:
    cache = opened(folder)
    damage(folder)

    assert fetched(cache, b"[2]").body == b"[2]"
    assert fetched(cache).body == b"[2]"
    assert len(cache.warnings) == 1
    assert set_aside(folder) == ["cache.broken-20250909T120000Z"]


def test_a_second_damage_in_one_run_leaves_it_without_a_cache(folder) -> None:
    cache = opened(folder)
    overwrite(folder)
    fetched(cache)
    cache.close()
    overwrite(folder)

    assert [fetched(cache, body).body for body in (b"[2]", b"[3]")] == [b"[2]", b"[3]"]
    assert len(cache.warnings) == 2
    assert "IRACING_CACHE_DIR" in cache.warnings[1]


def test_a_locked_database_is_not_taken_for_a_damaged_one(folder) -> None:
    cache = opened(folder)
    cache._entries._entries.close()
    cache._entries._entries._timeout = 0.1
    with sqlite3.connect(folder / "cache.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert fetched(cache, b"[2]", "new").body == b"[2]"
    other.close()

    assert set_aside(folder) == []
    assert "database is locked" in cache.warnings[0]


def test_a_folder_that_is_removed_under_way_is_made_again(folder) -> None:
    cache = opened(folder)
    folder.rename(folder.with_name("elsewhere"))

    assert fetched(cache, b"[2]").body == b"[2]"
    assert fetched(cache).body == b"[2]"


def use(folder, ready, start, answers) -> None:
    """Run in a process of its own."""
    ready.release()
    start.wait(30)
    cache = DocumentCache(folder)
    answers.put((fetched(cache).body, len(cache.warnings)))
    cache.close()


def test_processes_that_find_the_damage_at_once_all_go_on(folder) -> None:
    (folder / "cache.db").write_bytes(b"garbage" * 1000)
    context = multiprocessing.get_context("spawn")
    ready, start, answers = context.Semaphore(0), context.Event(), context.Queue()
    processes = [context.Process(target=use, args=(folder, ready, start, answers)) for _ in range(4)]
    for process in processes:
        process.start()
    assert all(ready.acquire(timeout=30) for _ in processes)
    start.set()
    came = [answers.get(timeout=30) for _ in processes]
    for process in processes:
        process.join(30)

    assert [process.exitcode for process in processes] == [0] * 4
    assert [body for body, _ in came] == [b"[1]"] * 4
    assert sum(warnings for _, warnings in came) == 1
    assert len(set_aside(folder)) == 1


@pytest.fixture
def sql(folder):
    """Change the database behind the cache's back."""

    def change(statement: str, *values: object) -> None:
        with sqlite3.connect(folder / "cache.db") as connection:
            assert connection.execute(statement, values).rowcount == 1
        connection.close()

    return change


def test_an_entry_that_got_under_another_key_is_dropped_said_and_its_document_fetched(folder, sql) -> None:
    sql("UPDATE Cache SET key = 'iracing:seasons' WHERE key = 'large'")
    cache = opened(folder)

    assert fetched(cache, b"[2]", "iracing:seasons").body == b"[2]"
    assert cache.warnings == ["cache entry iracing:seasons is dropped: it is that of large"]


@pytest.mark.parametrize("is_open", [True, False], ids=["under way", "before"])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM Settings WHERE key = 'size'",
        "UPDATE Settings SET value = 'much' WHERE key = 'size'",
        "UPDATE Settings SET value = 1 << 60 WHERE key = 'size'",
        "UPDATE Settings SET value = 'few' WHERE key = 'disk_min_file_size'",
        "UPDATE Settings SET value = 'ten' WHERE key = 'cull_limit'",
        "DELETE FROM Settings WHERE key = 'cull_limit'",
        "UPDATE Cache SET size = 9e999 WHERE key = 'iracing:series'",
    ],
)
def test_damaged_settings_of_the_database_end_nothing(folder, sql, statement, is_open) -> None:
    cache = opened(folder) if is_open else None
    sql(statement)
    cache = cache or opened(folder)

    assert fetched(cache, b"[2]", "new").body == b"[2]"
    assert fetched(cache, b"[3]", "new").body == b"[2]"
    assert cache.volume() > 0


@pytest.mark.parametrize(
    "value",
    ["7", "x'ff'", "CAST(x'ff41' AS TEXT)", "NULL", "'/etc/passwd'"],
    ids=["number", "bytes", "torn", "none", "far"],
)
def test_a_row_that_names_no_file_of_ours_ends_nothing(folder, sql, value) -> None:
    sql(f"UPDATE Cache SET filename = {value} WHERE key = 'large'")
    cache = opened(folder)

    assert fetched(cache, b"[2]", "large").body == b"[2]"
    assert fetched(cache, b"[3]", "large").body == b"[2]"
    assert len(cache.warnings) == 1
    assert "large" in [entry.key for entry in cache.entries()]


def altered(content: bytes, dice: random.Random) -> bytes:
    """Flip bits, or overwrite stretches."""
    found = bytearray(content)
    for place in dice.choices(range(len(found)), k=dice.choice([1, 5, 20])):
        length = dice.choice([1, 16, 64])
        found[place] ^= 1 << dice.randrange(8)
        found[place + 1 : place + length] = dice.randbytes(len(found[place + 1 : place + length]))
    return bytes(found)


@pytest.mark.parametrize("is_open", [True, False], ids=["under way", "before"])
def test_whatever_happens_to_the_bytes_of_the_database_every_document_is_right(folder, tmp_path, is_open) -> None:
    cache = opened(folder)
    bodies = {f"iracing:season:{number}:schedule": b"[%d]" % number for number in range(20)}
    for key, body in bodies.items():
        fetched(cache, body, key)
    cache.close()
    for seed in range(60):
        dice = random.Random(seed)  # noqa: S311 - guards nothing
        copy = shutil.copytree(folder, tmp_path / f"{seed}" / "cache")
        cache = opened(copy) if is_open else None
        with (copy / "cache.db").open("r+b") as file:
            file.write(altered((folder / "cache.db").read_bytes(), dice))
        cache = cache or opened(copy)

        assert {key: fetched(cache, body, key).body for key, body in bodies.items()} == bodies, seed
        cache.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(file.read_bytes() + b"\0"),
        lambda file: file.write_bytes(file.read_bytes()[:1000] + b"\0\0\0\0" + file.read_bytes()[1004:]),
    ],
    ids=["missing", "empty", "cut short", "longer", "altered"],
)
def test_a_damaged_file_is_dropped_said_and_its_document_fetched(folder, damage, caplog) -> None:
    [file] = folder.rglob("*.val")
    damage(file)
    cache = opened(folder)

    with caplog.at_level(logging.WARNING):
        assert fetched(cache, b"[2]", "large").body == b"[2]"
    assert "large is dropped" in caplog.text
    assert len(cache.warnings) == 1
    assert fetched(cache).body == b"[1]"
    assert list(folder.rglob("*.val")) == []
