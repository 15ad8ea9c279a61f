"""Only public machines are called, however an address is written."""

import pytest

from app.gateways.addresses import AddressRefused, callable_at, parse

HOSTILE = {
    "without TLS": "http://example.org/hook",
    "another scheme": "file:///etc/passwd",
    "gopher": "gopher://example.org/",
    "no scheme": "//example.org/hook",
    "no host": "https:///hook",
    "no slashes": "https:example.org",
    "a user": "https://admin@example.org/",
    "a user and a password": "https://admin:secret@example.org/",
    "a host as the user": "https://example.org@127.0.0.1/",
    "an escaped host as the user": "https://example.org%40127.0.0.1/",
    "a backslash": "https://example.org\\@127.0.0.1/",
    "a fragment": "https://example.org/#@127.0.0.1",
    "a space": "https://example.org /",
    "a line": "https://example.org/\r\nX-Header: 1",
    "a tab": "https://exam\tple.org/",
    "digits in a circle": "https://①②⑦.⓪.⓪.①/",
    "a full stop that is none": "https://127。0。0。1/",
    "this machine by name": "https://localhost/",
    "this machine with a full stop": "https://localhost./",
    "a name without a domain": "https://intranet/",
    "a full stop at the end": "https://example.org./",
    "an underscore": "https://a_b.example.org/",
    "port 0": "https://example.org:0/",
    "a port too high": "https://example.org:65536/",
    "a port that is none": "https://example.org:https/",
    "two ports": "https://example.org:443:80/",
    "loopback": "https://127.0.0.1/",
    "loopback elsewhere": "https://127.1.2.3/",
    "loopback, shortened": "https://127.1/",
    "loopback in decimal": "https://2130706433/",
    "loopback in hexadecimal": "https://0x7f000001/",
    "loopback in dotted hexadecimal": "https://0x7f.0x0.0x0.0x1/",
    "loopback in octal": "https://0177.0.0.1/",
    "loopback in long octal": "https://00000177.0.0.1/",
    "loopback in one octal number": "https://017700000001/",
    "a public address in decimal": "https://134744072/",
    "a public address in octal": "https://010.8.8.8/",
    "a number too many": "https://1.2.3.4.5/",
    "a number too large": "https://8.8.8.256/",
    "any address": "https://0.0.0.0/",
    "zero": "https://0/",
    "private, 10": "https://10.0.0.1/",
    "private, 172": "https://172.16.0.1/",
    "private, 192": "https://192.168.1.1/",
    "shared with customers": "https://100.64.0.1/",
    "link-local, the metadata of clouds": "https://169.254.169.254/latest/meta-data/",
    "the host of Azure": "https://168.63.129.16/",
    "the metadata of Oracle": "https://192.0.0.192/",
    "the metadata of Alibaba": "https://100.100.100.200/",
    "documentation": "https://203.0.113.1/",
    "benchmarks": "https://198.18.0.1/",
    "multicast": "https://224.0.0.1/",
    "reserved": "https://240.0.0.1/",
    "broadcast": "https://255.255.255.255/",
    "IPv6 loopback": "https://[::1]/",
    "IPv6 loopback in full": "https://[0:0:0:0:0:0:0:1]/",
    "IPv6 any": "https://[::]/",
    "IPv4 mapped": "https://[::ffff:127.0.0.1]/",
    "IPv4 mapped in hexadecimal": "https://[::ffff:7f00:1]/",
    "a public IPv4 mapped": "https://[::ffff:808:808]/",
    "IPv4 compatible": "https://[::7f00:1]/",
    "NAT64": "https://[64:ff9b::7f00:1]/",
    "NAT64 of the metadata": "https://[64:ff9b::a9fe:a9fe]/",
    "local NAT64": "https://[64:ff9b:1::a00:1]/",
    "6to4": "https://[2002:7f00:1::]/",
    "6to4 of a private address": "https://[2002:a00:1::1]/",
    "Teredo": "https://[2001:0:7f00:1::1]/",
    "IPv6 link-local": "https://[fe80::1]/",
    "IPv6 link-local of an interface": "https://[fe80::1%25eth0]/",
    "an interface": "https://[2606:4700::1111%eth0]/",
    "an interface, escaped": "https://[2606:4700::1111%25eth0]/",
    "IPv6 site-local": "https://[fec0::1]/",
    "IPv6 unique local": "https://[fd00:ec2::254]/",
    "IPv6 multicast": "https://[ff02::1]/",
    "IPv6 documentation": "https://[2001:db8::1]/",
    "IPv6 written unusually": "https://[2606:4700:0:0::1111]/",
    "no IPv6": "https://[example.org]/",
    "too long": "https://example.org/" + "a" * 2000,
}
PUBLIC = {
    "https://example.org": ("example.org", 443, "/"),
    "https://EXAMPLE.org/Hook?a=1": ("example.org", 443, "/Hook?a=1"),
    "https://hooks.example.org:8443/": ("hooks.example.org", 8443, "/"),
    "https://xn--bcher-kva.example/%41": ("xn--bcher-kva.example", 443, "/%41"),
    "https://8.8.8.8/": ("8.8.8.8", 443, "/"),
    "https://[2606:4700::1111]:444/": ("2606:4700::1111", 444, "/"),
    "https://1.h2/": ("1.h2", 443, "/"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_address_is_refused_as_it_is_written(kind):
    with pytest.raises(AddressRefused) as refused:
        parse(HOSTILE[kind])

    assert "example.org" not in str(refused.value), "what was sent is not repeated"


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_address_is_accepted(url):
    address = parse(url)

    assert (address.host, address.port, address.target) == PUBLIC[url]


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.org:443/", "example.org"),
        ("https://example.org:8443/", "example.org:8443"),
        ("https://[2606:4700::1111]:444/", "[2606:4700::1111]:444"),
    ],
)
def test_the_host_header_names_what_was_asked_for(url, authority):
    assert parse(url).authority == authority


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/", "https://localhost/"]
)
def test_a_development_machine_may_call_itself(url):
    assert parse(url, loopback=True)
    with pytest.raises(AddressRefused):
        parse(url)


@pytest.mark.parametrize(
    "kind",
    [
        "without TLS",
        "loopback in decimal",
        "loopback in octal",
        "IPv4 mapped",
        "private, 10",
        "link-local, the metadata of clouds",
        "a user",
        "a name without a domain",
    ],
)
def test_a_development_machine_calls_nothing_else_within(kind):
    with pytest.raises(AddressRefused):
        parse(HOSTILE[kind], loopback=True)


def test_without_tls_a_development_machine_calls_itself_alone():
    with pytest.raises(AddressRefused):
        parse("http://8.8.8.8/", loopback=True)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::808:808", True),
        ("64:ff9b::7f00:1", False),
        ("::ffff:8.8.8.8", False),
        ("fe80::1%2", False),
        ("2606:4700::1111%2", False),
        ("127.0.0.1", False),
        ("192.168.0.1", False),
        ("", False),
        ("localhost", False),
    ],
)
def test_what_a_name_stands_for_is_checked_too(address, may):
    assert callable_at(address) is may
