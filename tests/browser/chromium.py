"""Headless Chromium, driven over WebDriver, the W3C's protocol of plain HTTP and JSON."""

import json
import shutil
import subprocess
import time
from contextlib import contextmanager

import httpx

from tests.node import needed

BINARIES = ("chromium", "google-chrome")  # Debian's, and what CI machines have
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTED = "started successfully on port "
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE_SECONDS = 30
TIMEOUTS = {"script": 60_000, "pageLoad": 60_000, "implicit": 0}


@contextmanager
def chromium(profile):
    """A browser with a profile folder of its own; it ends when it is left."""
    found = next((one for one in BINARIES if shutil.which(one)), BINARIES[0])
    binary, driver = needed(found, "chromedriver")
    process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True)
    with process, process.stdout as said:
        line = next(line for line in said if STARTED in line)
        port = line.split(STARTED)[1].strip().rstrip(".")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=90, verify=False) as http:
            browser = Browser(http, binary, profile)
            try:
                yield browser
            finally:
                browser.end()
                process.terminate()


class Browser:
    """One browser with one tab."""

    def __init__(self, http, binary, profile):
        self._http, self._session = http, ""
        options = {"binary": binary, "args": [*FLAGS, f"--user-data-dir={profile}"]}
        wish = {"alwaysMatch": {"goog:chromeOptions": options, "timeouts": TIMEOUTS}}
        self._session = f"/session/{self._ask('POST', '/session', capabilities=wish)['sessionId']}"

    def open(self, address):
        """Go to an address and wait until it is loaded."""
        self._ask("POST", "/url", url=address)

    def reload(self):
        self._ask("POST", "/refresh")

    @property
    def address(self):
        """What stands in the address bar."""
        return self._ask("GET", "/url")

    @property
    def cookies(self):
        return self._ask("GET", "/cookie")

    def run(self, script, *arguments):
        """What a function body returns in the page; a promise is waited for."""
        body = f"const given = arguments; return (async () => {{ {script} }})()"
        return self._ask("POST", "/execute/sync", script=body, args=arguments)

    def click(self, selector, count=1):
        """Click on the only element, or on each of so many."""
        for found in self._elements(selector, count):
            self._ask("POST", f"/element/{found}/click")

    def type(self, selector, text):
        """Type into the only such element, and leave it."""
        (found,) = self._elements(selector, 1)
        self._ask("POST", f"/element/{found}/value", text=f"{text}\ue004")

    def text(self, selector):
        """The text of the only such element."""
        (found,) = self._elements(selector, 1)
        return self._ask("GET", f"/element/{found}/text")

    def wait_for(self, condition):
        """Wait until an expression is true in the page."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.run(f"return Boolean({condition})"):
            assert time.monotonic() < until, f"{condition}: {self.run(PAGE)}"
            time.sleep(0.02)

    def end(self):
        self._ask("DELETE", "")

    def _elements(self, selector, count):
        self.wait_for(f"document.querySelectorAll({json.dumps(selector)}).length === {count}")
        found = self._ask("POST", "/elements", using="css selector", value=selector)
        return [one[ELEMENT] for one in found]

    def _ask(self, method, path, **body):
        content = {"json": body} if method == "POST" else {}
        reply = self._http.request(method, self._session + path, **content).json()["value"]
        if isinstance(reply, dict) and "error" in reply:
            raise AssertionError(f"{method} {path}: {reply['error']}: {reply['message']}")
        return reply


PAGE = "return document.body.innerText"
