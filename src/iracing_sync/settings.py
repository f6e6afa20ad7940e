"""The settings: environment and .env, checked once, then passed by argument."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from iracing_sync.errors import SettingsError

PREFIX = "IRACING_"
APP = "iracing-sync"
SECRETS = ("database_url", "client_id", "client_secret", "username", "password")


def default_data_dir() -> Path:
    """Return where data are kept; root's are the machine's own."""
    return Path("/var/lib", APP) if _is_root() else user_data_path(APP)


def default_cache_dir() -> Path:
    """Return where documents are cached; root's are the machine's own."""
    return Path("/var/cache", APP) if _is_root() else user_cache_path(APP)


def _is_root() -> bool:
    """Tell whether we run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _psycopg(url: object) -> object:
    """Name the driver in a URL that leaves it open."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url) if isinstance(url, str) else url


def _upper(level: object) -> object:
    """Write a log level as the logging module does."""
    return level.upper() if isinstance(level, str) else level


def _without_slash(url: str) -> str:
    """Drop the slash at the end, so that paths can be added to it."""
    return url.rstrip("/")


DatabaseUrl = Annotated[str, BeforeValidator(_psycopg), Field(pattern=r"^postgresql\+psycopg://")]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)]
Address = Annotated[str, Field(pattern=r"^https?://[^/\s]"), AfterValidator(_without_slash)]


class Settings(BaseSettings):
    """What a person may set; each field's variable is IRACING_ and its name in capitals, IRACING_SCHEMA aside."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    database_url: DatabaseUrl | None = Field(default=None, repr=False)
    schema_name: str = Field(default="iracing", pattern=r"^[a-z_][a-z0-9_]{0,62}$", validation_alias="IRACING_SCHEMA")
    client_id: str | None = None
    client_secret: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    api_url: Address = "https://members-ng.iracing.com"
    oauth_url: Address = "https://oauth.iracing.com/oauth2"
    api_rps: float = Field(default=4, gt=0, allow_inf_nan=False)
    api_reserve_pct: float = Field(default=10, ge=0, lt=100)
    api_parallel: int = Field(default=4, ge=1, le=16)
    timeout: float = Field(default=120, gt=0, allow_inf_nan=False)
    max_document_mb: int = Field(default=64, ge=1)
    cache_dir: Path = Field(default_factory=default_cache_dir)
    cache_ttl: int = Field(default=86400, ge=0)
    cache_max_mb: int = Field(default=1024, ge=1)
    data_dir: Path = Field(default_factory=default_data_dir)
    grace_days: int = Field(default=21, ge=0)
    ledger_days: int = Field(default=90, ge=1)
    log_level: LogLevel = "INFO"
    log_format: Literal["text", "json"] = "text"

    database_url_file: Path | None = Field(default=None, exclude=True, repr=False)
    client_id_file: Path | None = Field(default=None, exclude=True, repr=False)
    client_secret_file: Path | None = Field(default=None, exclude=True, repr=False)
    username_file: Path | None = Field(default=None, exclude=True, repr=False)
    password_file: Path | None = Field(default=None, exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Put the content of each secret's file in the place of the secret."""
        files = {secret: given[f"{secret}_file"] for secret in SECRETS if given.get(f"{secret}_file")}
        for secret in files:
            if given.get(secret):
                variable = variable_name(secret)
                raise SettingsError(f"{variable} and {variable}_FILE are both set: keep one")
        return {**given, **{secret: _read_secret(secret, Path(file)) for secret, file in files.items()}}


def load_settings(**overrides: object) -> Settings:
    """Return the settings; an override that is null leaves its setting alone."""
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = [f"{variable_name(str(fault['loc'][0]))}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("; ".join(faults)) from None  # the cause would show what was given
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the file .env cannot be read: {type(error).__name__}") from None


def variable_name(field: str) -> str:
    """Return the environment variable of a field."""
    name = field.upper().removeprefix(PREFIX)
    return PREFIX + ("SCHEMA" if name == "SCHEMA_NAME" else name)


def _read_secret(secret: str, file: Path) -> str | None:
    """Return a file's content without the white space around it, null if nothing is left."""
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable_name(secret)}_FILE: cannot read {file} ({type(error).__name__})") from None
