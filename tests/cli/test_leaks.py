"""No command tells a secret: not in its log at DEBUG, not in the database, not in the cache or the ledger."""

import logging
import stat
from pathlib import Path

import pytest
from leaks import TOKEN_FILE, in_database, in_folder, leaks

COMMANDS = (
    ("auth", "login"),
    ("auth", "status"),
    ("auth", "status", "--json"),
    ("plan", "--json"),
    ("run", "--dry-run"),
    ("run", "--json"),
    ("run", "--refresh", "--headless"),
    ("run", "--offline"),
    ("run", "--year", "2025", "--quarter", "1"),
    ("run", "--history", "--since", "2024", "--max-calls", "4"),
    ("verify", "--year", "2024", "--quarter", "3"),
    ("changes", "--since", "2008-01-01"),
    ("schedule", "--json"),
    ("calls", "--json"),
    ("calls", "--summary"),
    ("cache", "info"),
    ("cache", "info", "--json"),
    ("cache", "clear", "--key", "iracing:cars"),
    ("db", "current"),
    ("db", "check"),
    ("demo",),
    ("run", "--notify-url", "http://127.0.0.1:9/?token=hidden-in-url"),
    ("auth", "logout"),
)


def test_the_search_finds_what_it_looks_for(synthetic, tmp_path) -> None:
    secret = synthetic.secrets()[0]
    Path(tmp_path / "log").write_text(f"the secret is {secret}, see https://x/?X-Amz-Signature=1")

    assert [leak.rpartition(": ")[2] for leak in leaks(synthetic, in_folder(tmp_path))] == [secret, "X-Amz-Signature="]


@pytest.mark.empty_database
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_command_tells_a_secret(synthetic, command, environment, database_url, tmp_path, form) -> None:
    environment |= {"IRACING_LOG_LEVEL": "DEBUG", "IRACING_LOG_FORMAT": form}
    said = []
    for arguments in COMMANDS if form == "text" else COMMANDS[:6]:
        ran = command(*arguments)
        assert "Traceback" not in ran.stderr, ran.stderr
        assert ran.returncode in (0, 3, 5), (arguments, ran.stderr)
        said += [(" ".join(arguments), ran.stdout + ran.stderr)]

    assert len(synthetic.secrets()) > 5
    assert any("DEBUG" in text for _, text in said)
    assert leaks(synthetic, said) == []
    assert leaks(synthetic, in_folder(tmp_path)) == []
    assert leaks(synthetic, in_database(database_url)) == []
    assert "hidden-in-url" not in "".join(text for _, text in said)


def test_the_tokens_are_in_one_file_that_only_its_owner_can_read(synthetic, command, environment) -> None:
    command("run")
    kept = Path(environment["IRACING_DATA_DIR"], TOKEN_FILE)

    assert any(secret in kept.read_text() for secret in synthetic.secrets())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_the_replayed_documents_are_signed_and_lose_it_on_the_way_here(replay, command, tmp_path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    assert command("run").returncode == 0

    assert leaks(replay, in_folder(tmp_path)) == []
