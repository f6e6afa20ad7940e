"""`auth`: log in, see who is logged in, log out."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from iracing_sync.api.oauth import Access, Credentials
    from iracing_sync.settings import Settings

app = typer.Typer(help="Log in at iRacing and out again.", no_args_is_help=True, rich_markup_mode=None)

JSON = typer.Option(False, "--json", help="Print one JSON object.")


class Store(StrEnum):
    """Where secrets may be kept for later runs."""

    KEYRING = "keyring"


@app.command()
def login(
    browser: bool = typer.Option(False, "--browser", help="Log in at iRacing's own page; no password is needed here."),
    open_page: bool = typer.Option(True, "--open/--no-open", help="With --browser: open the page, or only print it."),
    wait: float = typer.Option(300, min=1, metavar="SECONDS", help="With --browser: give up after this time."),
    store: Store | None = typer.Option(None, help="Keep client, username and password for later runs."),
    headless: bool = typer.Option(False, "--headless", help="Never ask for what is missing."),
    as_json: bool = JSON,
) -> None:
    """Log in, with the password from the settings or in the browser, and keep the tokens."""
    from iracing_sync.api.client import http_client
    from iracing_sync.cli.opened import access_for, credentials_of, shared_database, start_log
    from iracing_sync.secret_sources import require_keyring
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    if store:
        require_keyring()
    who = credentials_of(settings)
    if sys.stdin.isatty() and not headless:
        who = completed(who, ("client_id",) if browser else ("client_id", "client_secret", "username", "password"))
    with shared_database(settings) as engine, http_client() as http:
        access = access_for(who, settings, http, engine)
        if browser:
            login_in_browser(access, who, settings, open_page=open_page, seconds=wait)
        else:
            access.login()
        keep(who, settings, store)
        show_session(access, who, as_json=as_json)


@app.command()
def status(as_json: bool = JSON) -> None:
    """Show who is logged in, for how long, and when the client was last used; asks iRacing nothing."""
    from iracing_sync.api.client import http_client
    from iracing_sync.cli.opened import access_for, credentials_of, start_log
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    who = credentials_of(settings)
    with http_client() as http:
        show_session(access_for(who, settings, http), who, as_json=as_json)


@app.command()
def logout() -> None:
    """Revoke the session at iRacing; delete the tokens, and what the keyring holds for us."""
    from iracing_sync.api.client import http_client
    from iracing_sync.cli.opened import opened_access, shared_database, start_log
    from iracing_sync.secret_sources import forget_keyring, has_keyring
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    with shared_database(settings) as engine, http_client() as http:
        was_logged_in = opened_access(settings, http, engine).logout()
    if has_keyring(settings.data_dir):
        forget_keyring(settings.data_dir)
        typer.echo("the keyring holds nothing of ours any more")
    typer.echo("logged out" if was_logged_in else "not logged in")


def completed(who: Credentials, names: tuple[str, ...]) -> Credentials:
    """Ask the person at the terminal for what is missing."""
    missing = [name for name in names if not getattr(who, name)]
    hidden = {"client_secret", "password"}
    answers = {name: typer.prompt(f"IRACING_{name.upper()}", hide_input=name in hidden, err=True) for name in missing}
    return replace(who, **{name: answer.strip() for name, answer in answers.items()})


def login_in_browser(access: Access, who: Credentials, settings: Settings, *, open_page: bool, seconds: float) -> None:
    """Send the person to iRacing's page and wait for what the browser brings back."""
    import webbrowser

    from iracing_sync.api.browser import Attempt, listening
    from iracing_sync.api.oauth import HOW_TO_GET_A_CLIENT
    from iracing_sync.errors import AccessRefused

    if not who.client_id:
        raise AccessRefused(
            f"a login in the browser is asked for, but not set: IRACING_CLIENT_ID. {HOW_TO_GET_A_CLIENT}"
        )
    access.require_login_room()
    attempt = Attempt()
    with listening(settings.redirect_uri, attempt) as listener:
        address = attempt.address(settings.oauth_url, who.client_id, settings.redirect_uri)
        typer.echo(f"log in at iRacing: {address}", err=True)
        if open_page and not webbrowser.open(address):
            typer.echo("no browser could be opened here: open that address yourself", err=True)
        code = listener.wait(seconds)
    access.login_with_code(code, attempt.verifier, settings.redirect_uri)


def keep(who: Credentials, settings: Settings, store: Store | None) -> None:
    """Keep the secrets where asked for; else say what later runs will miss."""
    from dataclasses import asdict

    from iracing_sync.cli.opened import credentials_of
    from iracing_sync.secret_sources import keep_in_keyring

    if store:
        keep_in_keyring(settings.data_dir, asdict(who))
        return
    found = credentials_of(settings)
    if lost := [name for name in ("client_id", "username") if getattr(found, name) != getattr(who, name)]:
        names = " and ".join(f"IRACING_{name.upper()}" for name in lost)
        typer.echo(f"later runs find this login only with {names} set, or after `--store keyring`", err=True)


def show_session(access: Access, who: Credentials, *, as_json: bool) -> None:
    """Print the session; raises AccessRefused where there is none."""
    import time

    from iracing_sync.api.session import WARN_DAYS, session_of
    from iracing_sync.cli.shown import print_json
    from iracing_sync.errors import AccessRefused

    session = session_of(access.stored(), who, time.time())
    if as_json:
        print_json(session.as_dict())
    else:
        for line in session.lines():
            typer.echo(line)
    days = session.days_until_disabled
    if days is not None and days < WARN_DAYS:
        logging.getLogger(__name__).warning("iRacing disables this client in %d days unless it is used", days)
    if not session.is_live:
        raise AccessRefused(session.lack())
