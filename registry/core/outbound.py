"""The one HTTP client of a node that calls out: to the national identity provider, and to partners under an agreement.

    outbound = Outbound({"id.example.org"})
    answer = await outbound.get("https://id.example.org/.well-known/openid-configuration")
    answer.status, answer.headers["content-type"], answer.content

What an attacker could do with a request of ours is what this file refuses (CWE-918; OWASP ASVS 5.0, 1.3.6):

1. https only, to a host that is listed; ``host`` stands for port 443, ``host:8443`` for another.
2. The name is resolved once, every address it has must be a public one, and the connection goes to one of those
   addresses: a name that means something else a moment later changes nothing (DNS rebinding).
3. The certificate is checked against the name all the same, and against the authorities that the machine trusts.
4. No redirect is followed, no proxy taken from the environment, no cookie kept, no encoding accepted.
5. Connecting, reading, and the whole have their time; the answer has its size, counted while it streams.

``networks`` are those of ours that may be called as well, where a provider stands within a government's own network.
``loopback`` lets tests call a server on this machine, in the clear as well: it then opens nothing else.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from registry.core.errors import Forbidden, Unavailable

USER_AGENT = "registry"
"""Nothing of version or country: whoever is asked needs neither."""
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.0, 5.0, 10.0
MOST_BYTES = 1_048_576
"""A key set has some kilobytes, an answer of a partner some hundred."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Collection[str]]]

_NEVER = tuple(map(ip_network, (
    "64:ff9b::/96", "64:ff9b:1::/48",  # an IPv4 address within, which a gateway opens (RFC 6052, 8215)
    "2002::/16", "2001::/32",          # 6to4 and Teredo, likewise
    "168.63.129.16/32",                # a cloud's own service, on a public address
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Outbound:
    """Calls hosts that are listed, and no other."""

    def __init__(  # each limit is named where a client is made
        self, hosts: Collection[str], *, loopback: bool = False, most_bytes: int = MOST_BYTES,
        seconds: float = TOTAL_SECONDS, networks: Collection[Network] = (), resolve: Resolve | None = None,
        trusted: ssl.SSLContext | None = None,
    ):  # fmt: skip
        self._hosts = frozenset(each.lower() for each in hosts)
        self._loopback = loopback
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._networks = tuple(networks)
        self._resolve = resolve or _resolved
        self._trusted = trusted or ssl.create_default_context()

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch. Raises Forbidden (OUTBOUND_REFUSED) before, and Unavailable (OUTBOUND_FAILED) after the call."""
        return await self.send("GET", url, headers=headers)

    async def post(self, url: str, content: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Hand something in. Raises as ``get``."""
        return await self.send("POST", url, content=content, headers=headers)

    async def send(
        self, method: str, url: str, *, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:  # fmt: skip
        """Make one request and return the whole answer, whatever its status. Raises as ``get``."""
        address = self._listed(url)
        try:
            async with asyncio.timeout(self._seconds):
                pinned = await self._pinned(address)
                return await self._exchanged(method, address, pinned, content, headers or {})
        except (httpx.HTTPError, OSError, TimeoutError, ValueError) as problem:
            raise _failed(f"did not answer as it should ({type(problem).__name__}).", address.host) from problem

    def _listed(self, url: str) -> httpx.URL:
        """Return the address, read strictly."""
        try:
            address = httpx.URL(url)
        except (httpx.InvalidURL, TypeError, ValueError):
            raise _refused("is no address.") from None
        if address.scheme != "https" and not (self._loopback and address.scheme == "http"):
            raise _refused("is not https.")
        if address.userinfo or address.fragment or not address.host.isascii():
            raise _refused("holds what no address of ours holds.")
        usual = {"https": 443, "http": 80}[address.scheme]
        place = address.host if address.port in (None, usual) else f"{address.host}:{address.port}"
        if place not in self._hosts:
            raise _refused("is not on the list of those we call.")
        return address

    async def _pinned(self, address: httpx.URL) -> str:
        """Resolve the name once, and return the address to connect to."""
        found = [_unmapped(ip_address(each)) for each in await self._resolve(address.host, address.port or 443)]
        if not found:
            raise _failed("has no address.", address.host)
        if not all(self._may_call(each) for each in found):
            raise _refused("leads to an address that is not a public one.")
        return str(found[0])

    def _may_call(self, address: Address) -> bool:
        if self._loopback:
            return address.is_loopback
        is_ours = any(address in each for each in self._networks) and not (address.is_loopback or address.is_link_local)
        return is_ours or _is_public(address)

    async def _exchanged(
        self, method: str, address: httpx.URL, pinned: str, content: bytes, headers: Mapping[str, str]
    ) -> Answer:  # fmt: skip
        said = httpx.Headers(headers)  # whose names know no case, so that ours replace what a caller sets
        said.update({"host": address.netloc.decode("ascii"), "user-agent": USER_AGENT, "accept-encoding": "identity"})
        request = httpx.Request(
            method, address.copy_with(host=pinned), content=content or None, headers=said,
            extensions={
                "sni_hostname": address.host,
                "timeout": {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": 1.0},
            },
        )  # fmt: skip
        # The transport alone: httpx's client would bring redirects, cookies and the environment's proxies.
        async with httpx.AsyncHTTPTransport(verify=self._trusted, trust_env=False, retries=0) as transport:
            response = await transport.handle_async_request(request)
            try:
                return Answer(response.status_code, response.headers, await self._body(response, address.host))
            finally:
                await response.aclose()

    async def _body(self, response: httpx.Response, host: str) -> bytes:
        """Read on only as long as the answer is not too large."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise _failed("answered in an encoding that was not asked for.", host)
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > self._most_bytes:
                raise _failed(f"answered with more than {self._most_bytes} bytes.", host)
        return bytes(content)


def _unmapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one only spells (::ffff:127.0.0.1)."""
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _is_public(address: Address) -> bool:
    """Whether an address belongs to the world: none of ours, of the link, of a metadata service, of a group."""
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and not any(address in each for each in _NEVER)


async def _resolved(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _refused(rule: str) -> Forbidden:
    return Forbidden(
        rule, code="OUTBOUND_REFUSED", field="url", remedy="Only listed hosts are called (docs/hardening.md)."
    )


def _failed(what: str, host: str) -> Unavailable:
    return Unavailable(f"{host} {what}", code="OUTBOUND_FAILED", remedy="Try again later, or ask those who run it.")
