"""Access to iRacing: who logs in, and the tokens of whoever that is."""

from contextlib import AbstractContextManager, nullcontext

import httpx
from sqlalchemy import Engine

from iracing_sync.locks import account_lock
from iracing_sync.login.access import Access, Credentials, owner_of_tokens
from iracing_sync.login.token_file import TokenFile
from iracing_sync.secret_sources import from_keyring, has_keyring
from iracing_sync.settings import Settings


def open_access(settings: Settings, who: Credentials, http: httpx.Client, engine: Engine | None = None) -> Access:
    """Give the tokens of these credentials; `engine` adds a lock that other machines respect."""

    def guard() -> AbstractContextManager[None]:
        return account_lock(engine, owner_of_tokens(settings.oauth_url, who)) if engine else nullcontext()

    return Access(settings.oauth_url, who, TokenFile(settings.data_dir / "token.json"), http, guard=guard)


def credentials_of(settings: Settings) -> Credentials:
    """Return who logs in: what is set, else what an earlier login left in the system's keyring."""
    known = {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret and settings.client_secret.get_secret_value(),
        "username": settings.username,
        "password": settings.password and settings.password.get_secret_value(),
    }
    kept = from_keyring() if not all(known.values()) and has_keyring(settings.data_dir) else {}
    return Credentials(**{name: value or kept.get(name, "") for name, value in known.items()})
