"""The commands that show and clear the cache; they need neither database nor credentials."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from results import done

from iracing_sync.documents import Document
from iracing_sync.fetch.cache.document_cache import DocumentCache

LISTED = b'{"seasons": [{"season_id": 1}]}'
ACTIVE, OVER = {"season_year": 2025, "season_quarter": 2}, {"season_year": 2019, "season_quarter": 1}


@pytest.fixture
def alone(environment):
    """Leave only the settings of the cache."""
    for name in [name for name in environment if name.startswith("IRACING_") and name != "IRACING_CACHE_DIR"]:
        del environment[name]


@pytest.fixture
def kept(tmp_path, alone):
    """Keep documents of several ages in hours."""

    def keep(*documents: tuple[str, str, dict[str, int], float]) -> Path:
        cache = DocumentCache(tmp_path / "cache")
        for key, endpoint, params, hours in documents:
            at = datetime.now(UTC) - timedelta(hours=hours)
            body = LISTED if endpoint == "season/list" else b"[]"
            cache.cache_or_fetch(key, 0, lambda to=(endpoint, params, body), at=at: Document(*to, at), refresh=True)
        cache.close()
        return tmp_path / "cache"

    return keep


def shown(completed) -> dict[str, object]:
    assert completed.returncode == 0, completed.stderr
    return json.loads(completed.stdout)


def test_info_tells_of_each_document_whether_it_is_fresh_old_or_settled(kept, command) -> None:
    folder = kept(
        ("iracing:series", "series/get", {}, 20),
        ("iracing:seasons", "series/seasons", {}, 22),
        ("iracing:tracks", "track/get", {}, 100),
        ("iracing:cars", "car/get", {}, 200),
        ("iracing:season:list:2019:1", "season/list", OVER, 5000),
    )
    found = shown(command("cache", "info", "--json"))

    assert found["folder"] == str(folder)
    assert (found["entries"], found["limit_bytes"]) == (5, 1024**3)
    assert found["size_bytes"] > sum(document["size_bytes"] for document in found["documents"]) > 0
    assert {document["key"]: document["state"] for document in found["documents"]} == {
        "iracing:series": "fresh",
        "iracing:seasons": "old",
        "iracing:tracks": "fresh",
        "iracing:cars": "old",
        "iracing:season:list:2019:1": "settled",
    }
    assert {document["body_bytes"] for document in found["documents"]} == {len(b"[]"), len(LISTED)}
    [listed] = [document for document in found["documents"] if document["state"] == "settled"]
    assert listed["name"] == "season/list?season_quarter=1&season_year=2019"
    assert 5000 * 3600 <= listed["age_seconds"] < 5000 * 3600 + 60
    assert datetime.fromisoformat(listed["fetched_at"]).tzinfo is not None


def test_info_for_people_is_a_line_for_each_document_and_one_for_all(kept, command, environment) -> None:
    kept(("iracing:series", "series/get", {}, 50))
    environment["IRACING_CACHE_MAX_MB"] = "7"
    first, last = command("cache", "info").stdout.splitlines()

    assert first.split() == ["old", "2", "d", "2", "h", first.split()[5], "B", "iracing:series", "(series/get)"]
    assert last.startswith("1 entry, ")
    assert "of 7.3 MB in " in last


@pytest.mark.parametrize(
    ("arguments", "dropped", "left"),
    [
        ((), 3, []),
        (("--key", "iracing:seasons"), 1, ["iracing:seasons:2025:2", "iracing:series"]),
        (("--key", "iracing:seasons*"), 2, ["iracing:series"]),
        (("--key", "*"), 3, []),
        (("--key", "iracing:season"), 0, ["iracing:seasons", "iracing:seasons:2025:2", "iracing:series"]),
    ],
)
def test_clear_drops_what_is_meant_and_says_how_much(kept, command, arguments, dropped, left) -> None:
    kept(
        ("iracing:series", "series/get", {}, 1),
        ("iracing:seasons", "series/seasons", {}, 1),
        ("iracing:seasons:2025:2", "series/seasons", ACTIVE, 1),
    )

    assert shown(command("cache", "clear", *arguments, "--json"))["dropped"] == dropped
    assert [document["key"] for document in shown(command("cache", "info", "--json"))["documents"]] == left


def test_clear_says_how_many_entries_went(kept, command) -> None:
    folder = kept(("iracing:series", "series/get", {}, 1))

    assert command("cache", "clear").stdout == f"1 entry dropped from {folder}\n"
    assert command("cache", "clear").stdout == f"0 entries dropped from {folder}\n"


@pytest.mark.parametrize("what", ["info", "clear"])
def test_where_there_is_no_cache_yet_none_is_made(alone, command, tmp_path, what) -> None:
    found = shown(command("cache", what, "--json"))

    assert found.get("entries", found.get("dropped")) == 0
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("what", ["info", "clear"])
def test_a_cache_out_of_reach_is_a_wrong_setting(alone, command, tmp_path, what) -> None:
    (tmp_path / "cache").write_text("not a folder")
    completed = command("cache", what)

    assert completed.returncode == 2
    assert "IRACING_CACHE_DIR" in completed.stderr


def test_a_damaged_cache_is_said_and_left_for_who_writes_to_set_aside(kept, command) -> None:
    folder = kept(("iracing:series", "series/get", {}, 1))
    (folder / "cache.db").write_bytes(b"garbage")
    looked = command("cache", "info", "--json")

    assert looked.returncode == 2
    assert "file is not a database" in looked.stderr
    assert (folder / "cache.db").read_bytes() == b"garbage"
    assert "set aside" in command("cache", "clear").stderr
    assert shown(command("cache", "info", "--json"))["entries"] == 0


def test_a_cleared_document_is_asked_for_again(synthetic, command) -> None:
    done(command("run", "--json"))
    keys = [document["key"] for document in shown(command("cache", "info", "--json"))["documents"]]
    assert keys == sorted(keys)
    assert {"iracing:seasons", "iracing:series"} < set(keys)

    assert command("cache", "clear", "--key", "iracing:series").returncode == 0
    result = done(command("run", "--json"))

    assert (result["api_calls"], result["cache_hits"]) == (1, 5)
    assert synthetic.calls["by_endpoint"]["series/get"] == 2
