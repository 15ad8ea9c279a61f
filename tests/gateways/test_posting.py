"""Calls really made, to a server on this machine: pinned, patient for a while, and incurious."""

import asyncio
import datetime
import socket
import ssl
import threading

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.gateways.webhooks import Gateway, Reply
from tests.receiving import Receiver

NOW = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
NAME = "hooks.example.org"


def post(gateway, url, body=b"{}", headers=None):
    return asyncio.run(gateway.post(url, body, headers or {}, now=NOW))


def standing_for(*addresses):
    """Resolves every name to these addresses, and notes who was asked for."""

    def resolve(host, port):
        resolve.asked.append(host)
        return addresses

    resolve.asked = []
    return resolve


@pytest.fixture
def receiver():
    with Receiver() as listening:
        yield listening


@pytest.fixture
def here():
    """A gateway that may call this machine."""
    return Gateway(loopback=True)


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A server's certificate for NAME, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    encoded = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(made.public_bytes(encoded) + key.private_bytes(encoded, form, plain))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=file)


def test_a_body_arrives_as_it_is_with_its_headers(here, receiver):
    reply = post(here, f"{receiver.url}?a=1", b'{"a": 1}', {"webhook-id": "1"})

    (received,) = receiver.received
    assert reply == Reply("2xx")
    assert received.body == b'{"a": 1}'
    assert received.path == "/hook?a=1"
    assert received.headers["webhook-id"] == "1"
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize(
    ("status", "result"),
    [(200, "2xx"), (299, "2xx"), (304, "3xx"), (400, "4xx"), (410, "410"), (503, "5xx")],
)
def test_the_kind_of_the_reply_is_all_that_is_kept(here, receiver, status, result):
    receiver.answers = [(status, {"X-Secret": "inside"})]

    assert post(here, receiver.url) == Reply(result)


def test_a_redirect_is_not_followed(here, receiver):
    with Receiver() as inner:
        receiver.answers = [(307, {"Location": inner.url})]

        assert post(here, receiver.url) == Reply("3xx")
        assert inner.received == []
        followed = httpx.post(receiver.url, content=b"{}", follow_redirects=True)
        assert followed.status_code == 204
        assert len(inner.received) == 1, "the redirect leads there"


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::1",), ()])
def test_a_name_that_leads_inwards_is_not_called(addresses):
    assert post(Gateway(resolve=standing_for(*addresses)), f"https://{NAME}/") == Reply("address")


def test_a_name_that_does_not_exist_says_no_more_than_one_that_leads_inwards():
    def unknown(host, port):
        raise socket.gaierror

    assert post(Gateway(resolve=unknown), f"https://{NAME}/") == Reply("address")


def test_an_address_is_checked_again_when_it_is_called(receiver):
    assert post(Gateway(), receiver.url) == Reply("address")
    assert receiver.received == []


class Rebinding:
    """A name that stands for one machine when it is asked for first, and for another afterwards."""

    def __init__(self):
        self.asked = 0

    def __call__(self, host, port):
        self.asked += 1
        return ["127.0.0.1" if self.asked == 1 else "127.0.0.2"]


def test_the_connection_goes_to_the_address_that_was_checked(here, certified):
    server, trust = certified
    rebinding = Rebinding()
    with Receiver(trust=server) as checked, Receiver("127.0.0.2", checked.port) as inner:
        gateway = Gateway(resolve=rebinding, loopback=True, trust=trust)

        assert post(gateway, f"https://{NAME}:{checked.port}/hook") == Reply("2xx")

        assert len(checked.received) == 1
        assert checked.received[0].headers["host"] == f"{NAME}:{checked.port}"
        assert inner.received == []
        assert rebinding.asked == 1
        # Who checks first and lets the name be asked for again arrives at the other machine.
        again = Rebinding()
        assert again(NAME, 443) == ["127.0.0.1"]
        httpx.post(f"http://{again(NAME, 443)[0]}:{checked.port}/hook", content=b"{}")
        assert len(inner.received) == 1


def test_the_certificate_is_of_the_name_and_not_of_the_address(certified):
    server, trust = certified
    with Receiver(trust=server) as receiver:
        gateway = Gateway(resolve=standing_for("127.0.0.1"), loopback=True, trust=trust)
        at = f":{receiver.port}/hook"

        assert post(gateway, f"https://{NAME}{at}") == Reply("2xx")
        assert post(gateway, f"https://other.example.org{at}") == Reply("certificate")
        assert post(gateway, f"https://127.0.0.1{at}") == Reply("certificate")


def test_a_certificate_that_nobody_vouches_for_is_not_believed(certified):
    server, _ = certified
    with Receiver(trust=server) as receiver:
        gateway = Gateway(resolve=standing_for("127.0.0.1"), loopback=True)

        reply = post(gateway, f"https://{NAME}:{receiver.port}/hook")

        assert reply == Reply("certificate")
        assert receiver.received == []


def test_where_one_address_of_a_name_is_dead_the_next_is_called(certified):
    server, trust = certified
    with Receiver(trust=server) as receiver:
        gateway = Gateway(
            resolve=standing_for("127.0.0.3", "127.0.0.1"), loopback=True, trust=trust
        )

        assert post(gateway, f"https://{NAME}:{receiver.port}/hook") == Reply("2xx")


def test_nobody_there_is_unreachable(here):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert post(here, f"http://127.0.0.1:{port}/") == Reply("unreachable")


def test_what_is_not_http_is_unreachable(here, receiver):
    receiver.behave = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    assert post(here, receiver.url) == Reply("unreachable")


def test_a_receiver_that_drips_is_not_waited_for(receiver):
    gone = threading.Event()

    def drip(handler):
        # Each byte comes in time; the whole never does.
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        try:
            while not gone.wait(0.05):
                handler.wfile.write(b"a")
        except OSError:
            gone.set()

    receiver.behave = drip

    assert post(Gateway(loopback=True, patience=0.5), receiver.url) == Reply("timeout")
    assert gone.wait(10), "the connection is given up"


def test_a_name_server_that_does_not_answer_is_not_waited_for():
    answered = threading.Event()

    def hang(host, port):
        answered.wait(10)
        return ["127.0.0.1"]

    gateway = Gateway(resolve=hang, loopback=True, patience=0.2)

    assert post(gateway, f"https://{NAME}/") == Reply("timeout")
    answered.set()


def test_the_body_of_a_reply_is_not_read(here, receiver):
    stopped = threading.Event()

    def pour(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                handler.wfile.write(b"a" * 65536)
        except OSError:
            stopped.set()

    receiver.behave = pour

    assert post(here, receiver.url) == Reply("2xx")
    assert stopped.wait(10), "whoever pours is cut off"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Mon, 01 Mar 2027 12:10:00 GMT", 600),
        ("Mon, 01 Mar 2027 11:00:00 GMT", 0),
        ("9" * 400, 999_999_999),
        ("soon", None),
        ("Mon, 01 Jan 2024 00:00:00 +9999999999999999", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_a_receiver_may_ask_to_be_left_alone(here, receiver, header, seconds):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 503 Busy\r\nRetry-After: " + header.encode() + b"\r\n\r\n")

    receiver.behave = answer

    waits = None if seconds is None else datetime.timedelta(seconds=seconds)
    assert post(here, receiver.url) == Reply("5xx", waits)


def test_a_proxy_of_the_environment_is_not_used(here, receiver, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert post(here, receiver.url) == Reply("2xx")


def test_no_address_is_logged(here, receiver, caplog):
    with caplog.at_level("INFO"):
        post(here, receiver.url)

    assert caplog.records == []
