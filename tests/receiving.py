"""A web server on this machine that receives webhooks, and answers them as a test wants it to."""

import asyncio
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.use_cases.delivering import deliver_due
from tests.walkthrough import ok
from tests.whole import INSTRUMENT

EVENTS = ["evaluation.stage_changed", "report.published", "instrument.published"]


@dataclass(frozen=True)
class Received:
    """One call as it came in."""

    path: str
    headers: dict
    body: bytes


class Receiver:
    """Listens on a port of its own.

    Attributes:
        received: What came, in order.
        answers: Statuses with headers, taken in turn; the last one stays.
        behave: What is done instead of answering, if anything.
    """

    def __init__(self, host="127.0.0.1", port=0, *, trust=None):
        self.received, self.answers, self.behave = [], [(204, {})], None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                names = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Received(self.path, names, body))
                if receiver.behave is not None:
                    receiver.behave(self)
                    return
                last = len(receiver.answers) == 1
                status, headers = receiver.answers[0] if last else receiver.answers.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # who was cut off says so on standard error
        if trust is not None:
            self._server.socket = trust.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self):
        return self._server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"


def register(client, url, events=EVENTS, **members):
    """Register a webhook; with its secret."""
    body = {"url": url, "events": events} | members
    return ok(client.post("/v1/webhooks", json=body), 201)


def publish(client, code="pulse", **members):
    """Publish an instrument: the quickest event."""
    return ok(client.post("/v1/instruments", json=INSTRUMENT | {"code": code} | members), 201)


def deliver(service):
    """Deliver until nothing is due; how many attempts it took."""
    attempts = 0
    while made := asyncio.run(deliver_due(service.deployment)):
        attempts += made
    return attempts


def log_of(client, webhook, **query):
    """The deliveries of a webhook, the newest first."""
    path = f"/v1/webhooks/{webhook['id']}/deliveries"
    return ok(client.get(path, params=query))["items"]
