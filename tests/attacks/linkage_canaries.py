"""Canaries that a respondent carries into the service, and the search for them in what it left.

Whatever identifies somebody, and whatever they say, is a word that occurs nowhere else. It is sent
in every place where a request can hold one, in requests that are right and in all kinds of wrong
ones.
"""

import base64
import hashlib
import http.client
import json
import urllib.parse
from dataclasses import dataclass, field

ADDRESS = "127.77.66.55"
TEXT = "my manager quollberry shouts at us"
IN_PATH = "quollberry"
# The marks of a browser and of whatever stands between it and the service.
HEADERS = {
    "User-Agent": "Bandicoot/7.31",
    "X-Request-Id": "potoroo-4711-8a",
    "X-Forwarded-For": "198.51.100.77",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "Cookie": "session=bilbycookie",
    "Referer": "https://survey.example/numbatpage",
    "Accept-Language": "x-pademelon",
}
_FOUND_BY = {
    "address": ADDRESS,
    "text": IN_PATH,
    "agent": "Bandicoot",
    "request id": "potoroo-4711",
    "forwarded": "198.51.100.77",
    "trace": "0af7651916cd43dd",
    "cookie": "bilbycookie",
    "referer": "numbatpage",
    "language": "pademelon",
}


@dataclass
class Respondent:
    """Sends requests from one address, and remembers everything that came back."""

    url: str
    replies: list = field(default_factory=list)

    def send(self, method, path, body=b"", **headers):
        """Send one request; the status of its reply."""
        parts = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(
            parts.hostname, parts.port, timeout=60, source_address=(ADDRESS, 0)
        )
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if content else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, content, {**HEADERS, **kind, **named})
            reply = connection.getresponse()
            self.replies.append(str(reply.headers).encode() + reply.read())
            return reply.status
        finally:
            connection.close()

    def answer(self, code, body, key, path="/v1/responses"):
        """Send answers."""
        return self.send("POST", path, body, **_bearer(code), Idempotency_Key=key)


def wrong_requests(someone, *, live, spent, early, key, used_key):
    """All kinds of requests that are refused; their statuses.

    Args:
        live, spent, early: Access codes that are good, used up, and good later.
        key, used_key: Keys that are free, and used for another answer.
    """
    said = {"unwritten": TEXT}
    return [
        *_wrong_bodies(someone, live, key),
        someone.answer(spent, said, key),
        someone.answer(early, said, key),
        someone.answer(live, said, used_key),
        someone.answer(live, said, f"{key}!"),
        someone.answer(live, said, live.replace("-", "") + "00000000"),
        someone.answer(live[:-1] + "*", said, key),
        someone.answer(live, {"matters_most": TEXT}, key, path="/v1/verifications"),
        someone.send("POST", "/v1/responses", said, **_bearer(live)),
        someone.send("POST", "/v1/responses", said, Authorization=f"Basic {IN_PATH}"),
        someone.send("GET", f"/v1/questionnaire?t={live}", **_bearer(live)),
        someone.send("GET", f"/v1/questionnaire?language={IN_PATH}", **_bearer(spent)),
        someone.send("GET", f"/v1/responses/{live}"),
        someone.send("GET", f"/v1/{IN_PATH}?q={IN_PATH}"),
        someone.send("GET", f"/v1/evaluations/{IN_PATH}/privacy"),
        someone.send("DELETE", "/v1/responses", **_bearer(live)),
        someone.send("POST", "/v1/receipts/check", {"key": f"{key}!{TEXT}"}),
        someone.send("POST", "/v1/receipts/withdraw", {"key": key, TEXT: TEXT}),
    ]


def _wrong_bodies(someone, live, key):
    bodies = [
        b'{"unwritten": "%s' % TEXT.encode(),
        json.dumps({"unwritten": TEXT * 3000}).encode(),
        {TEXT: TEXT},
        {"answers": {"trust1": 3, TEXT: 1}},
        {"role": IN_PATH},
        {"overall": TEXT},
        {"answers": {"trust1": IN_PATH}},
        {"answers": {TEXT: 3}},
        {"answers": {"trust1": 77}, "unwritten": TEXT},
        {"statements": [{"outcome": TEXT, TEXT: TEXT}]},
        {"statements": [{"outcome": TEXT, "horizon": IN_PATH}]},
        {"statements": TEXT},
        {"unwritten": TEXT * 200},
        {"unwritten": f"{TEXT}\0"},
        {"depth": {TEXT: {"current": TEXT}}},
        [TEXT],
    ]
    yield from (someone.answer(live, body, key) for body in bodies)
    yield someone.send(
        "POST", "/v1/responses", TEXT.encode(), Content_Type=f"text/{IN_PATH}", **_bearer(live)
    )


def hits(contents, secrets):
    """Which canaries and secrets stand in which of some contents, in any usual spelling.

    Args:
        contents: Bytes by name.
        secrets: Codes and keys by name.
    """
    wanted = {name: _spellings(value) for name, value in {**_FOUND_BY, **secrets}.items()}
    found = set()
    for name, content in contents.items():
        folded = content.lower()
        for canary, spelled in wanted.items():
            if any(spelling in folded for spelling in spelled):
                found.add((canary, name))
    return found


def _spellings(value):
    """How a value might have been written down, in lower case; bytes of digests as they are."""
    text = value.encode()
    bare = value.replace("-", "").encode()
    spelled = {text, bare, text.hex().encode(), urllib.parse.quote(value).encode()}
    spelled |= {base64.b64encode(text).rstrip(b"="), value.encode("utf-16-le")}
    for name in ("md5", "sha1", "sha256"):
        for form in (text, bare):
            spelled.add(hashlib.new(name, form, usedforsecurity=False).hexdigest().encode())
    return {spelling.lower() for spelling in spelled}


def _bearer(code):
    return {"Authorization": f"Bearer {code}"}
