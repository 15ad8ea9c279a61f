"""Sends webhooks: one POST to a checked address; nothing of the reply is kept but its kind.

A name is resolved once, every address that it has must be one that may be called, and the
connection goes to an address that was checked: between the check and the call the name cannot
come to mean another machine. TLS is verified against the name. Redirects are not followed,
proxies of the environment are not used, and the body of a reply is not read.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Literal

import httpx

from app.gateways.addresses import Address, AddressRefused, callable_at, parse

Resolve = Callable[[str, int], Sequence[str]]
Result = Literal[
    "2xx", "3xx", "4xx", "410", "5xx", "timeout", "unreachable", "certificate", "address"
]
_PATIENCE = 15.0
_CONNECTING = 5.0
_MOST_ADDRESSES = 4
_RESOLVERS = 16

# It would write every address into the service's log.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Reply:
    """What became of a call: its kind, and how long the receiver asks to be left alone."""

    result: Result
    retry_after: timedelta | None = None


def system_addresses(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as this machine resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Gateway:
    """Calls public addresses.

    Args:
        resolve: Finds the addresses of a name.
        loopback: Whether this machine itself may be called too, for development.
        trust: Which certificates are believed; those that everybody believes if left out.
        patience: Seconds that one call may take, from the name to the reply.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = system_addresses,
        loopback: bool = False,
        trust: ssl.SSLContext | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        self._resolve = resolve
        self._loopback = loopback
        self._trust = trust
        self._patience = patience
        # A name server that does not answer holds up one of these, and nobody else's thread.
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolver")

    def check(self, url: str) -> None:
        """Look at an address as it is written, without asking what its name stands for.

        Raises:
            AddressRefused: It is not one that may be called.
        """
        parse(url, loopback=self._loopback)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, now: datetime
    ) -> Reply:
        """Post a body; whatever goes wrong is a kind of reply."""
        try:
            async with asyncio.timeout(self._patience):
                address = parse(url, loopback=self._loopback)
                return await self._post(address, body, headers, now)
        except AddressRefused:
            return Reply("address")
        except (TimeoutError, httpx.TimeoutException):
            return Reply("timeout")
        except httpx.HTTPError as failure:
            return Reply("certificate" if _caused_by_tls(failure) else "unreachable")

    async def _post(
        self, address: Address, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Reply:
        failure: httpx.HTTPError | None = None
        for checked in await self._addresses(address):
            try:
                return await self._post_to(checked, address, body, headers, now)
            except (httpx.ConnectError, httpx.ConnectTimeout) as unconnected:
                failure = unconnected
        raise failure or AddressRefused

    async def _addresses(self, address: Address) -> list[str]:
        """The addresses to call, all of them checked; the name is asked for once.

        Raises:
            AddressRefused: The name has none, or one that may not be called.
        """
        if address.literal:
            return [address.host]
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._resolvers, self._resolve, address.host, address.port
            )
        except (OSError, UnicodeError):
            raise AddressRefused from None
        inward = address.scheme == "http"
        if not all(self._may_call(one, inward=inward) for one in found):
            raise AddressRefused
        return list(dict.fromkeys(found))[:_MOST_ADDRESSES]

    def _may_call(self, found: str, *, inward: bool) -> bool:
        """Whether an address may be called; without TLS, only one of this machine itself."""
        if callable_at(found):
            return not inward
        return callable_at(found, loopback=self._loopback)

    async def _post_to(
        self,
        checked: str,
        address: Address,
        body: bytes,
        headers: Mapping[str, str],
        now: datetime,
    ) -> Reply:
        url = httpx.URL(
            scheme=address.scheme,
            host=checked,
            port=address.port,
            raw_path=address.target.encode("ascii"),
        )
        # A client for one call: a connection is verified for one name and used for no other.
        async with (
            httpx.AsyncClient(
                verify=self._context,
                trust_env=False,
                follow_redirects=False,
                timeout=httpx.Timeout(self._patience, connect=_CONNECTING),
            ) as client,
            client.stream(
                "POST",
                url,
                content=body,
                headers={**headers, "Host": address.authority},
                extensions={} if address.literal else {"sni_hostname": address.host},
            ) as reply,
        ):
            gone = reply.status_code == 410
            return Reply(
                "410" if gone else _KINDS.get(reply.status_code // 100, "unreachable"),
                _patience_asked(reply.headers.get("Retry-After"), now),
            )

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._trust or httpx.create_ssl_context()


_KINDS: dict[int, Result] = {2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}


def _patience_asked(header: str | None, now: datetime) -> timedelta | None:
    """What a `Retry-After` header says: seconds, or a date."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return timedelta(seconds=int(header[:9]))
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max(until.replace(tzinfo=until.tzinfo or UTC) - now, timedelta())


def _caused_by_tls(failure: BaseException | None) -> bool:
    while failure is not None:
        if isinstance(failure, ssl.SSLError):
            return True
        failure = failure.__cause__ or failure.__context__
    return False
