"""Which addresses may be called: public ones, written in the one usual way.

A caller names an address and this machine calls it, from inside the operator's network. So
whatever leads inwards is refused, however it is written: other schemes, credentials, IP addresses
as one number, in hexadecimal or in octal, and names that stand for an inner address.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_LONGEST = 2000
_PRINTABLE = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # neither space, quote, `\`, `^`, `{`, `|` nor `}`
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")  # what some read as an IPv4 address
_PORTS = {"https": 443, "http": 80}
# IANA's registry of special-purpose addresses, multicast, and where Azure hides its host.
_INNER = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("168.63.129.16/32", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
        *("192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
]
_UNICAST = ipaddress.ip_network("2000::/3")  # the only part of IPv6 that is routed to everybody
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """The service does not call this address; the message says why and never repeats it."""


@dataclass(frozen=True)
class Address:
    """Where a call goes.

    Attributes:
        scheme: `https`, or `http` to this machine.
        host: A name in lower case, or an IP address.
        port: The port, the scheme's own where none was named.
        target: Path and query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> bool:
        """Whether the host is an IP address and not a name."""
        return _is_literal(self.host)

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str, *, loopback: bool = False) -> Address:
    """Read an address.

    Args:
        url: As the caller wrote it.
        loopback: Whether this machine itself may be called too, then also without TLS.

    Raises:
        AddressRefused: It is not one that may be called.
    """
    if len(url) > _LONGEST or not _PRINTABLE.fullmatch(url):
        raise AddressRefused("An address is printable ASCII of at most 2000 characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("This is not an address.") from None
    if "@" in parts.netloc or "#" in url:
        raise AddressRefused("An address has neither credentials nor a fragment.")
    if parts.scheme not in _PORTS:
        raise AddressRefused("An address begins with https://.")
    host = _host(parts.hostname or "", bracketed="[" in parts.netloc, loopback=loopback)
    if parts.scheme == "http" and not (loopback and _of_this_machine(host)):
        raise AddressRefused("An address begins with https://.")
    if port == 0:
        raise AddressRefused("There is no port 0.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port or _PORTS[parts.scheme], target)


def callable_at(address: str, *, loopback: bool = False) -> bool:
    """Whether an IP address may be called."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if "%" in address:  # an interface of this machine
        return False
    if found.is_loopback:
        return loopback
    if found.version == 6 and found in _NAT64:
        found = ipaddress.IPv4Address(found.packed[-4:])
    if found.version == 6 and found not in _UNICAST:
        return False
    return not any(found in network for network in _INNER)


def _is_literal(host: str) -> bool:
    return ":" in host or _NUMBER.fullmatch(host) is not None


def _host(host: str, *, bracketed: bool, loopback: bool) -> str:
    if bracketed or _is_literal(host):
        try:
            # Written otherwise than it would be printed, it is read differently by different code.
            usual = str(ipaddress.ip_address(host)) == host
        except ValueError:
            usual = False
        if not usual:
            raise AddressRefused("An IP address is written in its usual form.")
        if not callable_at(host, loopback=loopback):
            raise AddressRefused("Only public addresses are called.")
        return host
    if not _NAME.fullmatch(host) or not ("." in host or (loopback and host == "localhost")):
        raise AddressRefused("A host is the full name of a machine, or its public IP address.")
    return host


def _of_this_machine(host: str) -> bool:
    return host == "localhost" or (_is_literal(host) and ipaddress.ip_address(host).is_loopback)
