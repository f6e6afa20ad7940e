"""The settings: environment and .env, checked once, then passed by argument."""

import os
import re
import shlex
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from iracing_sync.errors import SettingsError
from iracing_sync.instants import Clock, instant, now, stopped_at
from iracing_sync.places import ENV_FILE, default_cache_dir, default_data_dir, env_file, in_full, is_open_for_writing
from iracing_sync.secret_sources import from_credentials_directory, from_file
from iracing_sync.validation_words import words_for

PREFIX = "IRACING_"
LONGEST_DAYS = 36_500
LONGEST_SECONDS = 2_000_000
"""What PostgreSQL takes in milliseconds."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NO_SETTINGS = {ENV_FILE, "IRACING_RECORDINGS"}
"""What bears our prefix, too: where the settings are, and where the tests find recordings."""
SECRETS = ("database_url", "client_id", "client_secret", "username", "password", "broker_url")


LIBPQ = "libpq"
"""In the place of an address: PGHOST, PGSERVICE and the like say where."""

DRIVER = "postgresql+psycopg"
NO_ADDRESS = "expected a PostgreSQL address such as postgresql://user@host/database, service=NAME, or libpq"


def with_driver(url: str) -> str:
    """Write whatever people have for an address as a URL that names the driver; raises ValueError where it is none."""
    if url == LIBPQ:
        return f"{DRIVER}://"
    if "://" not in url and "=" in url:
        return f"{DRIVER}:///?{urlencode(_words_of_libpq(url))}"
    return re.sub(r"^postgres(ql)?://", f"{DRIVER}://", url)


def _with_driver(url: object) -> object:
    """Write an address, and leave what is no text to the check of its type."""
    return with_driver(url) if isinstance(url, str) else url


def _words_of_libpq(said: str) -> dict[str, str]:
    """Read `service=league` or `host=… dbname=…`."""
    from psycopg import Error  # a tenth of a second that no other address costs
    from psycopg.conninfo import conninfo_to_dict

    try:
        return {key: str(value) for key, value in conninfo_to_dict(said).items()}
    except Error:
        raise ValueError(NO_ADDRESS) from None


def _upper(level: object) -> object:
    """Write a log level as the logging module does."""
    return level.upper() if isinstance(level, str) else level


def _without_slash(url: str) -> str:
    """Drop the slash at the end, so that paths can be added to it."""
    return url.rstrip("/")


def _on_loopback(url: str) -> str:
    """Let only an address pass at which this machine can wait for a browser."""
    parts = urlsplit(url)
    has_place = parts.scheme == "http" and parts.hostname in LOOPBACK and parts.port
    if not has_place or parts.query or parts.fragment or parts.username:
        raise ValueError("it must be http on a port of this machine, as in http://127.0.0.1:8912/callback")
    return url


MOMENTS = range(2008, 2100)
"""The years from iRacing's first on; with those far from them neither Python nor PostgreSQL can reckon."""


def _moment(said: object) -> object:
    """Read a moment as iRacing writes one: a day, or a day and a time, in UTC where no zone is named."""
    try:
        moment = instant(said) if isinstance(said, str) else said
    except (ValueError, OverflowError):
        moment = None
    if not isinstance(moment, datetime) or moment.year not in MOMENTS:
        raise ValueError("expected a moment such as 2025-09-09 or 2025-09-09T12:00, in UTC")
    return moment


BROKERS = ("redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "pyamqp")
NO_BROKER = "expected the address of a Redis, Valkey or RabbitMQ: redis://host:6379/0, or amqp://user@host//"


def _of_a_broker(url: SecretStr) -> SecretStr:
    """Let only what a worker can try pass, one or some parted by `;`; Valkey is spoken to as Redis is."""
    addresses = re.sub(r"\bvalkey(s?)://", r"redis\1://", url.get_secret_value())
    if not all(map(_is_of_a_broker, addresses.split(";"))):
        raise ValueError(NO_BROKER)
    return SecretStr(addresses)


def _is_of_a_broker(address: str) -> bool:
    parts = urlsplit(address)
    is_numbered = parts.scheme not in ("redis", "rediss") or re.fullmatch("/?[0-9]*", parts.path)
    try:
        has_port = parts.port != 0
    except ValueError:  # it is no number, or too large a one
        return False
    return bool(parts.scheme in BROKERS and "://" in address and is_numbered and has_port)


def _not_blank(folder: Path) -> Path:
    """Refuse what looks like nothing: it would be a folder that nobody finds again."""
    if not str(folder).strip():
        raise ValueError("expected a folder, not blanks")
    return folder


def _like(pattern: str, words: str) -> AfterValidator:
    """Let only text of a pattern pass; `words` say what that is."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


DatabaseUrl = Annotated[
    str,
    BeforeValidator(_with_driver),
    _like(r"(?s)postgresql\+psycopg://.*", NO_ADDRESS),
]
SchemaName = Annotated[
    str,
    _like(r"[a-z_][a-z0-9_]{0,62}", "expected a name of at most 63 small letters, digits and _, no digit first"),
]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)]
Loopback = Annotated[str, AfterValidator(_on_loopback)]
Address = Annotated[
    str, _like(r"(?s)https?://[^/\s].*", "expected an address such as https://host"), AfterValidator(_without_slash)
]
BrokerUrl = Annotated[SecretStr, AfterValidator(_of_a_broker)]
Folder = Annotated[Path, AfterValidator(_not_blank), AfterValidator(in_full)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Settings(BaseSettings):
    """What a person may set; each field's variable is IRACING_ and its name in capitals, IRACING_SCHEMA aside."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    database_url: DatabaseUrl | None = Field(default=None, repr=False)
    schema_name: SchemaName = Field(default="iracing", validation_alias="IRACING_SCHEMA")
    client_id: str | None = None
    client_secret: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    api_url: Address = "https://members-ng.iracing.com"
    oauth_url: Address = "https://oauth.iracing.com/oauth2"
    redirect_uri: Loopback = "http://127.0.0.1:8912/callback"
    api_rps: float = Field(default=4, gt=0, allow_inf_nan=False)
    api_reserve_pct: float = Field(default=10, ge=0, lt=100)
    api_parallel: int = Field(default=4, ge=1, le=16)
    timeout: float = Field(default=120, gt=0, le=LONGEST_SECONDS, allow_inf_nan=False)
    max_document_mb: int = Field(default=64, ge=1)
    cache_dir: Folder = Field(default_factory=default_cache_dir)
    cache_ttl: int = Field(default=86400, ge=0, le=LONGEST_DAYS * 86400)
    cache_max_mb: int = Field(default=1024, ge=1)
    data_dir: Folder = Field(default_factory=default_data_dir)
    grace_days: int = Field(default=21, ge=0, le=LONGEST_DAYS)
    lock_timeout: float = Field(default=60, gt=0, le=LONGEST_SECONDS, allow_inf_nan=False)
    ledger_days: int = Field(default=90, ge=1, le=LONGEST_DAYS)
    log_level: LogLevel = "INFO"
    log_format: Literal["text", "json"] = "text"
    at: Moment | None = None
    broker_url: BrokerUrl | None = None

    database_url_file: Path | None = Field(default=None, exclude=True, repr=False)
    client_id_file: Path | None = Field(default=None, exclude=True, repr=False)
    client_secret_file: Path | None = Field(default=None, exclude=True, repr=False)
    username_file: Path | None = Field(default=None, exclude=True, repr=False)
    password_file: Path | None = Field(default=None, exclude=True, repr=False)
    broker_url_file: Path | None = Field(default=None, exclude=True, repr=False)

    @property
    def clock(self) -> Clock:
        """Return what tells the present moment: the clock of this machine, unless a moment is set."""
        return stopped_at(self.at) if self.at else now

    @property
    def cache_max_bytes(self) -> int:
        """Return how large the cache may grow."""
        return self.cache_max_mb * 1024 * 1024

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Look for each secret that is not set: in the file that is named for it, then among systemd's credentials."""
        return {**given, **{secret: found for secret in SECRETS if (found := _elsewhere(secret, given))}}


class OwnSettings(Settings):
    """Settings that neither the environment nor a file has a say in."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - all of them are passed by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given, and nothing else."""
        return (init_settings,)

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Look nowhere else."""
        return given


def load_settings(**given: Any) -> Settings:
    """Return the settings, what is given before what is set; raises SettingsError where one is unusable."""
    file = env_file()
    try:
        return Settings(_env_file=file, **given)  # type: ignore[call-arg] # pydantic's own
    except ValidationError as error:
        faults = [f"{spelling(str(fault['loc'][0]), given)}: {words_for(fault)}" for fault in error.errors()]
        raise SettingsError("; ".join(faults)) from None  # the cause would show what was given
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the file {file} cannot be read: {type(error).__name__}") from None


def doubts() -> Iterator[str]:
    """Yield what seems wrong with the environment and the file of settings, without any value."""
    file = env_file()
    if file and is_open_for_writing(file):
        yield f"{file} can be written by others, who could have our passwords: chmod go-w {shlex.quote(str(file))}"
    for name, meant in unknown_names().items():
        yield f"{name} is not a setting" + (f": did you mean {meant}?" if meant else "")


def require_spelt_database(settings: Settings) -> None:
    """Raise SettingsError where the database is the embedded one for want of a letter in the name of its URL."""
    if settings.database_url is not None:
        return
    for name, meant in unknown_names().items():
        if meant in ("IRACING_DATABASE_URL", "IRACING_DATABASE_URL_FILE"):
            raise SettingsError(
                f"{name} is not a setting, and {meant} is not set: rename it, or remove it to use the embedded database"
            )


def unknown_names() -> dict[str, str | None]:
    """Return the names that look like settings and are none, each with the setting it is most like, if any."""
    known = {variable_name(field) for field in Settings.model_fields}
    in_file = DotEnvSettingsSource(Settings, env_file=env_file()).env_vars  # in small letters
    names = {name.upper() for name in (*os.environ, *in_file) if name.upper().startswith(PREFIX)}
    return {name: nearest(name, known) for name in sorted(names - known - NO_SETTINGS)}


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name that another is most like, if any; what all begin with says nothing."""
    ends = [one.removeprefix(PREFIX) for one in known]
    return next((PREFIX + end for end in get_close_matches(name.removeprefix(PREFIX), ends, n=1)), None)


def variable_name(field: str) -> str:
    """Return the environment variable of a field."""
    name = field.upper().removeprefix(PREFIX)
    return PREFIX + ("SCHEMA" if name == "SCHEMA_NAME" else name)


def spelling(field: str, given: Container[str]) -> str:
    """Return what a person wrote to set a field: an option, or its environment variable."""
    return f"--{field}" if field in given else variable_name(field)


def _elsewhere(secret: str, given: dict[str, Any]) -> str | None:
    """Return what a file holds of a secret, null where it is set directly or nowhere."""
    variable, file = variable_name(secret), given.get(f"{secret}_file")
    if file and given.get(secret):
        raise SettingsError(f"{variable} and {variable}_FILE are both set: keep one")
    if given.get(secret):
        return None
    return from_file(f"{variable}_FILE", Path(file)) if file else from_credentials_directory(variable)
