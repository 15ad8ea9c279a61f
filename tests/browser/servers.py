"""What stands around a page: the platform that serves it, and the line between it and the service.

Both are on ports of their own, so the page, the line and the service are of three origins.
"""

import http.client
import mimetypes
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

PAGE = Path(__file__).parent / "page"
SERVICE = "https://poet.example.org"  # as the page names the service
PASSED_ON = {
    *("authorization", "content-type", "idempotency-key", "accept-language", "origin"),
    *("access-control-request-method", "access-control-request-headers"),
}


@dataclass
class Request:
    """What a browser sent."""

    method: str
    path: str
    headers: dict
    body: bytes


@dataclass
class Line:
    """The line between a page and the service, on which replies may get lost.

    Attributes:
        url: Where it is.
        lost: Paths of which the next replies are lost, one each.
        heard: What passed.
    """

    url: str = ""
    lost: list = field(default_factory=list)
    heard: list = field(default_factory=list)

    def sent_to(self, path):
        """What was posted to a path."""
        return [one for one in self.heard if (one.method, one.path) == ("POST", path)]


class Quiet(BaseHTTPRequestHandler):
    """Writes no log. One connection a request: no browser repeats a lost one by itself."""

    def log_message(self, *_):
        pass

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def line(service):
    """A line to the service at an address."""
    between, host = Line(), urlsplit(service).netloc

    class PassesOn(Quiet):
        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            between.heard.append(Request(self.command, self.path, dict(self.headers), body))
            kept = {
                name: value for name, value in self.headers.items() if name.lower() in PASSED_ON
            }
            upstream = http.client.HTTPConnection(host, timeout=60)
            upstream.request(self.command, self.path, body or None, kept)
            reply = upstream.getresponse()
            content = reply.read()
            upstream.close()
            if self.command == "POST" and self.path in between.lost:
                between.lost.remove(self.path)
                return
            headers = {
                name: value
                for name, value in reply.getheaders()
                if name.lower() != "content-length"
            }
            self.reply(reply.status, headers, content)

        do_GET = do_OPTIONS = do_POST  # noqa: N815

    with _serving(PassesOn) as between.url:
        yield between


@contextmanager
def site(service, files=(), documents=None):
    """The address of a platform with the worked page, which names the service that it speaks to.

    Args:
        files: Folders whose files it serves too, by the name of the folder.
        documents: Texts that it serves too, by name.
    """
    documents = documents or {}

    class Serves(Quiet):
        def do_GET(self):
            name = urlsplit(self.path).path.lstrip("/") or "index.html"
            headers = {"Content-Type": mimetypes.guess_type(name)[0] or "text/plain"}
            body = self._content(name)
            if body is None:
                self.reply(404, headers, b"")
            else:
                self.reply(200, headers, body)

        def _content(self, name):
            if name in documents:
                return documents[name].encode()
            for path in [PAGE / name, *(folder / name for folder in files)]:
                if path.is_file():
                    content = path.read_bytes()
                    return content.replace(SERVICE.encode(), service.encode())
            return None

    with _serving(Serves) as url:
        yield url


@contextmanager
def _serving(handler):
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
