"""The service as its clients see it: HTTP calls, each of them counted."""

import asyncio
import re
import uuid
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, Self

import httpx

from app.demo.printing import Progress

# How many answers a survey platform has under way at once.
CONNECTIONS = 32
_TRIES = 5
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
Submission = tuple[str, Mapping[str, Any]]  # a respondent's token, and what they answer


class DemonstrationFailed(Exception):
    """The service did not answer as it should; the message says where."""


class Credential(httpx.Auth):
    """A client's id and secret, exchanged for an access token whenever one is needed."""

    requires_response_body = True

    def __init__(self, token_url: str, client_id: str, client_secret: str) -> None:
        self._exchange = httpx.Request(
            "POST",
            token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": client_id,
                "client_secret": client_secret,
            },
        )
        self._token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with a token; fetch a token first where there is none, or it ran out."""
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
            if (yield request).status_code != 401:
                return
        reply = yield self._exchange
        self._token = reply.json().get("access_token", "")
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class Calls:
    """Calls the service: as a machine with a credential, and as respondents with their tokens."""

    def __init__(self, base_url: str, *, client_id: str, client_secret: str) -> None:
        self.made: Counter[tuple[str, str]] = Counter()
        self._base_url = base_url
        self._machine = httpx.Client(
            base_url=base_url,
            timeout=300,
            # It runs on this machine: no proxy stands between.
            trust_env=False,
            auth=Credential(f"{base_url}/v1/oauth/token", client_id, client_secret),
            event_hooks={"response": [self._count]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def get(self, path: str, **options: Any) -> Any:
        """The JSON at a path."""
        return self.send("GET", path, **options).json()

    def post(self, path: str, body: Any, *, status: int = 201) -> Any:
        """The JSON of the reply to a body."""
        return self.send("POST", path, status=status, json=body).json()

    def send(self, method: str, path: str, *, status: int = 200, **options: Any) -> httpx.Response:
        """The reply to a call of the machine.

        Raises:
            DemonstrationFailed: It has another status.
        """
        try:
            return _as_expected(self._machine.request(method, path, **options), status)
        except httpx.TransportError as failure:
            raise DemonstrationFailed(f"{method} {path}: {type(failure).__name__}") from failure

    def as_respondent(self, token: str, path: str) -> Any:
        """The JSON that the holder of a token is shown."""
        return self.get(path, headers={"Authorization": f"Bearer {token}"}, auth=None)

    def submit(self, path: str, submissions: Sequence[Submission], label: str) -> list[str]:
        """Send answers as a survey platform does, some at a time; the key of each.

        Raises:
            DemonstrationFailed: One was not accepted.
        """
        progress = Progress(label, len(submissions))
        return asyncio.run(self._submit(path, list(submissions), progress))

    async def _submit(
        self, path: str, submissions: list[Submission], progress: Progress
    ) -> list[str]:
        waiting, keys = iter(submissions), list[str]()
        options: dict[str, Any] = {
            "base_url": self._base_url,
            "timeout": 60,
            "trust_env": False,
            "event_hooks": {"response": [self._count_later]},
        }
        try:
            async with httpx.AsyncClient(**options) as client, asyncio.TaskGroup() as workers:
                for _ in range(CONNECTIONS):
                    workers.create_task(_work(client, path, waiting, keys, progress))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return keys

    def _count(self, reply: httpx.Response) -> None:
        path = _ID.sub("{id}", reply.request.url.path)
        self.made[reply.request.method, path] += 1

    async def _count_later(self, reply: httpx.Response) -> None:
        self._count(reply)


async def _work(
    client: httpx.AsyncClient,
    path: str,
    waiting: Iterator[Submission],
    keys: list[str],
    progress: Progress,
) -> None:
    for token, body in waiting:
        key = uuid.uuid4().hex
        await _send(client, path, token, body, key)
        keys.append(key)
        progress.step()


async def _send(
    client: httpx.AsyncClient, path: str, token: str, body: Mapping[str, Any], key: str
) -> None:
    """Send one answer; after a lost reply or a full queue once more, with the same key."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    for _ in range(_TRIES):
        try:
            reply = await client.post(path, json=body, headers=headers)
        except httpx.TransportError:
            continue
        if reply.status_code != 503:
            _as_expected(reply, 201)
            return
        await asyncio.sleep(float(reply.headers.get("Retry-After", 1)))
    raise DemonstrationFailed(f"POST {path}: no answer after {_TRIES} tries")


def _as_expected(reply: httpx.Response, status: int) -> httpx.Response:
    if reply.status_code == status:
        return reply
    asked = f"{reply.request.method} {_ID.sub('{id}', reply.request.url.path)}"
    raise DemonstrationFailed(f"{asked}: {reply.status_code} instead of {status}: {reply.text}")
