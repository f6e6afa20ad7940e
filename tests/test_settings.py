import os
from pathlib import Path

import pytest

from iracing_sync import places
from iracing_sync.errors import SettingsError
from iracing_sync.places import use_env_file
from iracing_sync.settings import OwnSettings, doubts, load_settings, require_spelt_database


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where no .env is lying about
    monkeypatch.setattr(places, "default_config_dir", lambda: tmp_path / "config")


def test_without_any_setting_the_defaults_hold():
    given = load_settings()

    assert given.database_url is None
    assert given.schema_name == "iracing"
    assert given.api_url == "https://members-ng.iracing.com"
    assert given.oauth_url == "https://oauth.iracing.com/oauth2"
    assert (given.api_rps, given.cache_ttl, given.log_level, given.log_format) == (4, 86400, "INFO", "text")


def test_the_environment_comes_before_the_env_file(monkeypatch):
    Path(".env").write_text("IRACING_SCHEMA=from_file\nIRACING_API_RPS=2\nIRACING_UNHEARD_OF=1\nOTHER=2\n")
    monkeypatch.setenv("IRACING_SCHEMA", "from_environment")

    assert load_settings().schema_name == "from_environment"
    assert load_settings().api_rps == 2


def test_own_settings_heed_neither_environment_nor_files(monkeypatch, tmp_path):
    Path(".env").write_text("IRACING_API_RPS=2\n")
    (tmp_path / "iracing_database_url").write_text("postgresql://me@db/precious")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("IRACING_SCHEMA", "precious")
    monkeypatch.setenv("IRACING_PASSWORD", "hidden")

    own = OwnSettings(cache_ttl=7)

    assert (own.cache_ttl, own.api_rps, own.schema_name) == (7, 4, "iracing")
    assert (own.database_url, own.password) == (None, None)


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("IRACING_API_RPS", "")
    monkeypatch.setenv("IRACING_DATABASE_URL", "")

    assert load_settings().api_rps == 4
    assert load_settings().database_url is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_url_gets_the_driver_we_ship(monkeypatch, scheme):
    monkeypatch.setenv("IRACING_DATABASE_URL", f"{scheme}://someone@db/league")

    assert load_settings().database_url == "postgresql+psycopg://someone@db/league"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("redis://", "redis://"),
        ("valkeys://:word@host:6379/1", "rediss://:word@host:6379/1"),
        ("redis+socket:///run/valkey.sock", "redis+socket:///run/valkey.sock"),
        ("valkey://one:1/0;valkey://two:2/0", "redis://one:1/0;redis://two:2/0"),
        ("amqps://user:word@host//", "amqps://user:word@host//"),
    ],
)
def test_a_broker_is_a_redis_a_valkey_or_a_rabbitmq(monkeypatch, given, meant):
    monkeypatch.setenv("IRACING_BROKER_URL", given)

    assert load_settings().broker_url.get_secret_value() == meant


@pytest.mark.parametrize(
    "given",
    ["nonsense", " ", "http://host/", "sqs://", "redis:host", "redis://host/one", "redis://host:99999", "amqp://h:0//"],
)
def test_what_is_no_broker_is_refused(monkeypatch, given):
    monkeypatch.setenv("IRACING_BROKER_URL", given)

    with pytest.raises(SettingsError, match="IRACING_BROKER_URL: expected the address of a Redis, Valkey or RabbitMQ"):
        load_settings()


@pytest.mark.parametrize("secret", ["client_id", "username"])
def test_an_identity_may_come_from_a_file(monkeypatch, tmp_path, secret):
    (tmp_path / "secret").write_text("  hidden\n")
    monkeypatch.setenv(f"IRACING_{secret.upper()}_FILE", str(tmp_path / "secret"))

    assert getattr(load_settings(), secret) == "hidden"


@pytest.mark.parametrize("secret", ["client_secret", "password"])
def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path, secret):
    (tmp_path / "secret").write_text("  hidden\n")
    monkeypatch.setenv(f"IRACING_{secret.upper()}_FILE", str(tmp_path / "secret"))

    assert getattr(load_settings(), secret).get_secret_value() == "hidden"


def test_a_database_url_may_come_from_a_file_named_in_the_env_file(tmp_path):
    (tmp_path / "secret").write_text("postgres://db/league\n")
    Path(".env").write_text(f"IRACING_DATABASE_URL_FILE={tmp_path / 'secret'}\n")

    assert load_settings().database_url == "postgresql+psycopg://db/league"


def test_a_secret_given_twice_is_refused(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("hidden")
    monkeypatch.setenv("IRACING_PASSWORD", "other")
    monkeypatch.setenv("IRACING_PASSWORD_FILE", str(tmp_path / "secret"))

    with pytest.raises(SettingsError, match="IRACING_PASSWORD and IRACING_PASSWORD_FILE are both set"):
        load_settings()


def test_a_secret_whose_file_is_missing_is_refused(monkeypatch):
    monkeypatch.setenv("IRACING_PASSWORD_FILE", "/nonexistent/secret")

    with pytest.raises(SettingsError, match="IRACING_PASSWORD_FILE: cannot read /nonexistent/secret"):
        load_settings()


@pytest.mark.parametrize("name", ["iracing_password", "IRACING_PASSWORD"])
def test_a_secret_may_come_from_a_systemd_credential(monkeypatch, tmp_path, name):
    (tmp_path / name).write_text("hidden\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    assert load_settings().password.get_secret_value() == "hidden"
    assert load_settings().client_id is None


def test_the_environment_and_its_files_come_before_systemd_credentials(monkeypatch, tmp_path):
    for name in ("iracing_password", "iracing_username"):
        (tmp_path / name).write_text("from systemd")
    (tmp_path / "file").write_text("from file")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("IRACING_PASSWORD", "from environment")
    monkeypatch.setenv("IRACING_USERNAME_FILE", str(tmp_path / "file"))

    assert load_settings().password.get_secret_value() == "from environment"
    assert load_settings().username == "from file"


@pytest.mark.parametrize("place", ["http://localhost:9000/back", "http://[::1]:8912/callback"])
def test_the_redirect_may_go_to_any_port_of_this_machine(monkeypatch, place):
    monkeypatch.setenv("IRACING_REDIRECT_URI", place)

    assert load_settings().redirect_uri == place


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IRACING_SCHEMA", "No-Such"),
        ("IRACING_SCHEMA", "iracing\n"),
        ("IRACING_API_RPS", "0"),
        ("IRACING_API_RPS", "nan"),
        ("IRACING_API_URL", "members-ng.iracing.com"),
        ("IRACING_CACHE_TTL", "-1"),
        ("IRACING_CACHE_TTL", "a day"),
        ("IRACING_CACHE_TTL", "9" * 30),
        ("IRACING_GRACE_DAYS", "999999999999"),
        ("IRACING_LOCK_TIMEOUT", "1e30"),
        ("IRACING_CACHE_MAX_MB", "0"),
        ("IRACING_LOG_LEVEL", "chatty"),
        ("IRACING_LOG_FORMAT", "xml"),
        ("IRACING_REDIRECT_URI", "https://127.0.0.1:8912/callback"),
        ("IRACING_REDIRECT_URI", "http://example.com:8912/callback"),
        ("IRACING_REDIRECT_URI", "http://127.0.0.1/callback"),
        ("IRACING_REDIRECT_URI", "http://127.0.0.1:99999/callback"),
        ("IRACING_REDIRECT_URI", "http://127.0.0.1:8912/callback?x=1"),
        ("IRACING_DATABASE_URL", "mysql://user:hunter2@db/league"),
    ],
)
def test_an_unusable_value_is_named_by_its_variable_and_not_shown(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError, match=f"^{variable}: ") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_secrets_are_not_shown_with_the_settings(monkeypatch):
    monkeypatch.setenv("IRACING_PASSWORD", "hunter2")
    monkeypatch.setenv("IRACING_DATABASE_URL", "postgresql://user:hunter2@db/league")

    assert "hunter2" not in repr(load_settings())


def test_root_keeps_data_where_the_machine_does(monkeypatch):
    monkeypatch.setattr(places.os, "geteuid", lambda: 0)

    assert load_settings().data_dir == Path("/var/lib/iracing-sync")
    assert load_settings().cache_dir == Path("/var/cache/iracing-sync")


def test_anyone_else_keeps_data_at_home(monkeypatch):
    monkeypatch.setattr(places.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/someone/data")
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/someone/cache")

    assert load_settings().data_dir == Path("/home/someone/data/iracing-sync")
    assert load_settings().cache_dir == Path("/home/someone/cache/iracing-sync")


def test_a_folder_may_be_given_from_here_or_from_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.setenv("IRACING_DATA_DIR", "~/data")
    monkeypatch.setenv("IRACING_CACHE_DIR", "cache")

    assert load_settings().data_dir == Path("/home/someone/data")
    assert load_settings().cache_dir == tmp_path / "cache"


def test_root_has_its_env_file_where_the_machine_does(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(places.os, "geteuid", lambda: 0)

    assert places.default_config_dir() == Path("/etc/iracing-sync")


def test_anyone_else_has_an_env_file_at_home(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(places.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/someone/config")

    assert places.default_config_dir() == Path("/home/someone/config/iracing-sync")


@pytest.fixture
def config(tmp_path) -> Path:
    """Return the user's own .env."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / ".env").write_text("IRACING_SCHEMA=of_the_user\n")
    return tmp_path / "config" / ".env"


@pytest.mark.usefixtures("config")
def test_the_env_file_of_the_user_counts_where_the_working_folder_has_none():
    assert load_settings().schema_name == "of_the_user"


@pytest.mark.usefixtures("config")
def test_only_the_first_env_file_that_is_found_is_read():
    Path(".env").write_text("IRACING_API_RPS=2\n")

    assert (load_settings().api_rps, load_settings().schema_name) == (2, "iracing")


@pytest.mark.usefixtures("config")
def test_a_folder_named_like_the_env_file_is_passed_over():
    Path(".env").mkdir()

    assert load_settings().schema_name == "of_the_user"


@pytest.mark.usefixtures("config")
def test_a_file_that_is_named_is_the_only_one_read(monkeypatch, tmp_path):
    monkeypatch.setenv("IRACING_ENV_FILE", "")  # to be put back as it was
    Path(".env").write_text("IRACING_API_RPS=2\n")
    (tmp_path / "league.env").write_text("IRACING_CACHE_TTL=7\n")
    use_env_file(Path("league.env"))

    assert (load_settings().cache_ttl, load_settings().api_rps, load_settings().schema_name) == (7, 4, "iracing")


@pytest.mark.parametrize("name", ["absent.env", "."])
def test_a_named_file_that_is_none_is_refused(monkeypatch, name):
    monkeypatch.setenv("IRACING_ENV_FILE", "")

    with pytest.raises(SettingsError, match=f"there is no file {name}: --env-file"):
        use_env_file(Path(name))


@pytest.mark.parametrize("mode", [0o666, 0o602])
def test_an_env_file_that_everybody_may_write_is_refused(mode):
    Path(".env").touch()
    Path(".env").chmod(mode)

    with pytest.raises(SettingsError, match=r"/\.env can be written by everybody: chmod go-w /"):
        load_settings()


def test_an_env_file_that_a_group_may_write_is_doubted():
    Path(".env").touch()
    Path(".env").chmod(0o664)

    [doubt] = doubts()
    assert load_settings().schema_name == "iracing"
    assert ".env can be written by others" in doubt


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_an_env_file_of_another_user_is_read_only_where_it_is_named(monkeypatch):
    Path(".env").write_text("IRACING_SCHEMA=theirs\n")
    os.chown(".env", 65534, 65534)

    with pytest.raises(SettingsError, match=r"belongs to another user \(uid 65534\): name it with --env-file"):
        load_settings()
    monkeypatch.setenv("IRACING_ENV_FILE", ".env")
    assert load_settings().schema_name == "theirs"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("IRACING_DATABSE_URL", "IRACING_DATABASE_URL"),
        ("IRACING_DB_URL", "IRACING_DATABASE_URL"),
        ("IRACING_PASSWORT", "IRACING_PASSWORD"),
        ("IRACING_PASSWORD_FIL", "IRACING_PASSWORD_FILE"),
        ("IRACING_CACHE_DIRECTORY", "IRACING_CACHE_DIR"),
    ],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_name_that_is_no_setting_is_said_with_the_nearest_and_without_its_value(monkeypatch, name, meant, place):
    if place == "file":
        Path(".env").write_text(f"{name}=hunter2\n")
    else:
        monkeypatch.setenv(name, "hunter2")

    assert list(doubts()) == [f"{name} is not a setting: did you mean {meant}?"]


def test_a_name_that_is_like_no_setting_is_said_alone(monkeypatch):
    monkeypatch.setenv("IRACING_XYZZY", "1")

    assert list(doubts()) == ["IRACING_XYZZY is not a setting"]


def test_of_the_names_we_know_nothing_is_said(monkeypatch):
    for name in ("SCHEMA", "PASSWORD_FILE", "DATABASE_URL_FILE", "LOG_LEVEL", "RECORDINGS", "ENV_FILE"):
        monkeypatch.setenv(f"IRACING_{name}", "")
    Path(".env").write_text("iracing_api_rps=2\nIRACING_SCHEMA=x\nDJANGO_DEBUG=1\n")

    assert list(doubts()) == []


def test_a_misspelt_database_is_not_filled_elsewhere(monkeypatch):
    monkeypatch.setenv("IRACING_DATABSE_URL", "postgresql://me:hunter2@db/league")

    with pytest.raises(
        SettingsError, match="IRACING_DATABSE_URL is not a setting, and IRACING_DATABASE_URL is not set"
    ):
        require_spelt_database(load_settings())

    monkeypatch.setenv("IRACING_DATABASE_URL", "postgresql://me@db/league")
    require_spelt_database(load_settings())
