"""`auth`: log in, see who is logged in, log out."""

import logging
import sys
import time
import webbrowser
from dataclasses import asdict, replace
from datetime import UTC, datetime
from enum import StrEnum

import typer

from iracing_sync.app.access import credentials_of, open_access
from iracing_sync.app.database import open_shared_database
from iracing_sync.cli.ending import leave
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say, write
from iracing_sync.cli.options import AS_JSON
from iracing_sync.cli.output import print_json
from iracing_sync.cli.start import start
from iracing_sync.errors import AccessRefused
from iracing_sync.fetch.http.client import http_client
from iracing_sync.login.access import HOW_TO_GET_A_CLIENT, Access, Credentials
from iracing_sync.login.browser import BrowserLogin, listen_for_callback
from iracing_sync.login.session import WARN_DAYS, session_of
from iracing_sync.secret_sources import forget_keyring, has_keyring, keep_in_keyring, require_keyring
from iracing_sync.settings import Settings
from iracing_sync.whole_numbers import LARGEST

log = logging.getLogger(__name__)

app = new_app("Log in at iRacing and out again.")


GOOD_FOR_SECONDS = 120


class Store(StrEnum):
    """Where secrets may be kept for later runs."""

    KEYRING = "keyring"


@app.command()
def login(
    browser: bool = typer.Option(False, "--browser", help="Log in at iRacing's own page; no password is needed here."),
    open_page: bool = typer.Option(True, "--open/--no-open", help="With --browser: open the page, or only print it."),
    wait: float = typer.Option(
        300, min=1, max=LARGEST, metavar="SECONDS", help="With --browser: give up after this time."
    ),
    store: Store | None = typer.Option(None, help="Keep client, username and password for later runs."),
    headless: bool = typer.Option(False, "--headless", help="Never ask for what is missing."),
    as_json: bool = AS_JSON,
) -> None:
    """Log in, with the password from the settings or in the browser, and keep the tokens."""
    settings = start()
    if store:
        require_keyring()
    who = credentials_of(settings)
    if sys.stdin.isatty() and not headless:
        who = ask_for_missing(
            who, ("client_id",) if browser else ("client_id", "client_secret", "username", "password")
        )
    with open_shared_database(settings) as engine, http_client() as http:
        access = open_access(settings, who, http, engine)
        if browser:
            login_in_browser(access, who, settings, open_page=open_page, seconds=wait)
        else:
            access.login()
        keep(who, settings, store)
        show_session(access, who, as_json=as_json)


@app.command()
def status(as_json: bool = AS_JSON) -> None:
    """Show who is logged in, for how long, and when the client was last used; asks iRacing nothing."""
    settings = start()
    who = credentials_of(settings)
    with http_client() as http:
        show_session(open_access(settings, who, http), who, as_json=as_json)


@app.command()
def token(as_json: bool = AS_JSON) -> None:
    """Print an access token that is good for two minutes or more, for another program of the same client."""
    settings = start()
    who = credentials_of(settings)
    with open_shared_database(settings) as engine, http_client() as http:
        tokens = open_access(settings, who, http, engine).live_tokens(good_for=GOOD_FOR_SECONDS)
    if as_json:
        expires_at = datetime.fromtimestamp(tokens.expires_at, UTC)
        print_json({"access_token": tokens.access_token, "expires_at": expires_at.isoformat(timespec="seconds")})
    else:
        write(tokens.access_token)


@app.command()
def logout(as_json: bool = AS_JSON) -> None:
    """Revoke the session at iRacing; delete the tokens, and what the keyring holds for us."""
    settings = start()
    with open_shared_database(settings) as engine, http_client() as http:
        was_logged_in = open_access(settings, credentials_of(settings), http, engine).logout()
    if had_keyring := has_keyring(settings.data_dir):
        forget_keyring(settings.data_dir)
    if as_json:
        print_json({"was_logged_in": was_logged_in, "had_keyring": had_keyring})
        return
    if had_keyring:
        say("the keyring holds nothing of ours any more")
    say("logged out" if was_logged_in else "not logged in")


def ask_for_missing(who: Credentials, names: tuple[str, ...]) -> Credentials:
    """Ask the person at the terminal for what is missing."""
    missing = [name for name in names if not getattr(who, name)]
    hidden = {"client_secret", "password"}
    answers = {name: typer.prompt(f"IRACING_{name.upper()}", hide_input=name in hidden, err=True) for name in missing}
    return replace(who, **{name: answer.strip() for name, answer in answers.items()})


def login_in_browser(access: Access, who: Credentials, settings: Settings, *, open_page: bool, seconds: float) -> None:
    """Send the person to iRacing's page and wait for what the browser brings back."""
    if not who.client_id:
        raise AccessRefused(
            f"a login in the browser is asked for, but not set: IRACING_CLIENT_ID. {HOW_TO_GET_A_CLIENT}"
        )
    access.require_login_room()
    login = BrowserLogin()
    with listen_for_callback(settings.redirect_uri, login) as listener:
        address = login.address(settings.oauth_url, who.client_id, settings.redirect_uri)
        say(f"log in at iRacing: {address}", err=True)
        if open_page and not webbrowser.open(address):
            say("no browser could be opened here: open that address yourself", err=True)
        code = listener.wait(seconds)
    access.login_with_code(code, login.verifier, settings.redirect_uri)


def keep(who: Credentials, settings: Settings, store: Store | None) -> None:
    """Keep the secrets where asked for; else say what later runs will miss."""
    if store:
        keep_in_keyring(settings.data_dir, asdict(who))
        return
    found = credentials_of(settings)
    if lost := [name for name in ("client_id", "username") if getattr(found, name) != getattr(who, name)]:
        names = " and ".join(f"IRACING_{name.upper()}" for name in lost)
        say(f"later runs find this login only with {names} set, or after `--store keyring`", err=True)


def show_session(access: Access, who: Credentials, *, as_json: bool) -> None:
    """Print the session; raises AccessRefused where there is none."""
    session = session_of(access.tokens_on_disk(), who, time.time())
    if as_json:
        print_json(session.as_dict())
    else:
        for line in session.lines():
            say(line)
    days = session.days_until_disabled
    if days is not None and days < WARN_DAYS:
        log.warning("iRacing disables this client in %d days unless it is used", days)
    if not session.is_live:
        leave(AccessRefused(session.lack()))
