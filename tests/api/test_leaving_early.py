"""A respondent whose connection breaks leaves nothing in the log: that they came is theirs."""

import logging
import socket
import time

import pytest

WAYS = {
    "directly": "Content-Type: application/json\r\n",
    "the long way": "Content-Type: application/json; charset=utf-8\r\n",
}


def half_sent(service, path, headers):
    """Send half of a body, and go away."""
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        head = f"POST {path} HTTP/1.1\r\nHost: here\r\n{headers}Content-Length: 900\r\n\r\n"
        line.sendall(head.encode() + b'{"overall"')
        time.sleep(0.1)
    time.sleep(0.3)


@pytest.mark.parametrize("path", ["/v1/responses", "/v1/receipts/check"])
@pytest.mark.parametrize("headers", WAYS.values(), ids=WAYS)
def test_nothing_is_logged(service, caplog, path, headers):
    token = "Authorization: Bearer 0000-0000-0000-0000\r\n"
    with caplog.at_level(logging.INFO):
        half_sent(service, path, headers + token)

    assert caplog.records == []
