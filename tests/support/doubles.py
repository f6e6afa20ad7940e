"""Stand-ins for time and tokens, and clients that use them."""

import pytest

from iracing_sync.fetch.http.client import ApiClient, http_client
from iracing_sync.login.access import Access, Credentials
from iracing_sync.login.token_file import TokenFile

API_URL = "https://members-ng.iracing.com"
OAUTH_URL = "https://oauth.iracing.com/oauth2"


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 1_000_000.0
        self.slept = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def fake_time():
    return FakeTime()


@pytest.fixture
def http():
    with http_client() as client:
        yield client


@pytest.fixture
def store(tmp_path) -> TokenFile:
    return TokenFile(tmp_path / "private" / "token.json")


@pytest.fixture
def an_access(http, store, fake_time):
    def build(**changed):
        fields = {"client_id": "app", "client_secret": "s3cret", "username": "me@x.org", "password": "pw"}
        return Access(OAUTH_URL, Credentials(**{**fields, **changed}), store, http, fake_time.clock)

    return build


class FakeAccess:
    def __init__(self):
        self.rejected = []

    def bearer(self):
        return "token-2" if self.rejected else "token-1"

    def renew(self, rejected):
        self.rejected.append(rejected)
        return "token-2"


@pytest.fixture
def access():
    return FakeAccess()


@pytest.fixture
def calls():
    return []


@pytest.fixture
def api(access, calls, http, fake_time):
    return ApiClient(API_URL, access, ledger=calls.append, http=http, sleep=fake_time.sleep, clock=fake_time.clock)
