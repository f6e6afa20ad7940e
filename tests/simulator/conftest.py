"""A client that behaves as iRacing expects, and the worlds to ask."""

import os
from pathlib import Path

import httpx
import pytest

from iracing_sync.simulator import ReplayWorld
from iracing_sync.simulator.service.token_office import masked_secret

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def recordings():
    folder = ROOT / os.environ.get("IRACING_RECORDINGS", "../shared/recordings")
    if not folder.is_dir():
        pytest.skip(f"no recordings in {folder}; set IRACING_RECORDINGS")
    return folder


@pytest.fixture(scope="session")
def replay(recordings):
    return ReplayWorld(recordings)


class Client:
    """Logs in and follows links."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.http = httpx.Client(base_url=simulator.url)

    def token(self, **form):
        given = self.simulator.environment()
        name, user = given["IRACING_CLIENT_ID"], given["IRACING_USERNAME"]
        login = {
            "grant_type": "password_limited",
            "client_id": name,
            "client_secret": masked_secret(given["IRACING_CLIENT_SECRET"], name),
            "username": user,
            "password": masked_secret(given["IRACING_PASSWORD"], user),
            "scope": "iracing.auth",
        }
        return self.http.post("/oauth2/token", data={**login, **form})

    def log_in(self):
        self.bearer = {"Authorization": f"Bearer {self.token().json()['access_token']}"}
        return self

    def data(self, endpoint, **params):
        return self.http.get(f"/data/{endpoint}", params=params, headers=self.bearer)

    def document(self, endpoint, **params):
        answer = self.data(endpoint, **params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return self.http.get(body["link"]).json() if isinstance(body, dict) else body


@pytest.fixture
def client_of():
    clients = []

    def client_of(simulator):
        clients.append(Client(simulator))
        return clients[-1].log_in()

    yield client_of
    for client in clients:
        client.http.close()
