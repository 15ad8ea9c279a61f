"""Starts the service for the tests, over real sockets and a real database."""

import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import uvicorn

from app import main
from app.settings import Settings
from app.storage import schema
from app.use_cases import accounts


class Clock:
    """The service's clock; it stands at a fixed moment until a test moves it."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.now = datetime(2027, 3, 1, 12, tzinfo=UTC)

    def advance(self, **amount):
        self.now += timedelta(**amount)

    def __call__(self):
        return self.now


class Machine(httpx.Client):
    """An HTTP client of one account; it fetches a new access token when its own has run out."""

    def __init__(self, base_url, credential, clock, scope=None):
        # No TLS on loopback: loading the certificates would cost more than most tests.
        super().__init__(base_url=base_url, timeout=60, verify=False)
        self._credential, self._clock, self._scope, self._fetched = credential, clock, scope, None

    def send(self, request, **options):
        if "Authorization" not in request.headers:
            request.headers["Authorization"] = f"Bearer {self._access_token()}"
        return super().send(request, **options)

    def _access_token(self):
        if self._fetched is None or self._fetched[1] != self._clock.now:
            form = {"grant_type": "client_credentials"} | (
                {"scope": self._scope} if self._scope else {}
            )
            request = self.build_request("POST", "/v1/oauth/token", data=form)
            reply = super().send(request, auth=httpx.BasicAuth(*self._credential))
            self._fetched = (reply.json()["access_token"], self._clock.now)
        return self._fetched[0]


class RunningService:
    """The service on a port of its own."""

    def __init__(self, database_url, home, **settings):
        self.clock = Clock()
        # The clock stands still, so nothing would come back of what a test has used up.
        unlimited = {"rate_limit": 0}
        self.settings = Settings(home=home, database_url=database_url, **(unlimited | settings))
        self.deployment = main.deploy(self.settings, clock=self.clock)
        schema.migrate(self.deployment.database)
        app = main.create_app(self.deployment, closing_every=3600, delivering_every=3600)
        config = uvicorn.Config(app, port=0, log_level="warning", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self):
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join()

    def http(self):
        """A client without credentials."""
        return httpx.Client(base_url=self.url, timeout=60, verify=False)

    def client_of_a_new_account(self, **options):
        """A machine client of an account of its own."""
        return self.client_of(self.new_account(), **options)

    def new_account(self):
        """The name of a new account."""
        name = f"account {uuid.uuid4()}"
        with self.deployment.database.writing() as session:
            accounts.add_account(session, name)
        return name

    def client_of(self, account, *, scopes=(), partnership=None, scope=None):
        """A machine client of an account, perhaps limited in scopes or to one partnership."""
        with self.deployment.database.writing() as session:
            made = accounts.add_client(session, account, scopes=scopes, partnership=partnership)
        return Machine(self.url, (str(made.client), made.secret), self.clock, scope)
