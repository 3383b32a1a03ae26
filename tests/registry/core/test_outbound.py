"""The one client that calls out: whom it calls, how long it waits, how much it takes. Servers are real, on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from registry.core.clock import now
from registry.core.errors import Forbidden, Unavailable
from registry.core.outbound import Outbound, Resolve

pytestmark = pytest.mark.anyio

NAME = "id.example.org"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-invented: yes\r\n\r\nok"


def resolving(*addresses: str) -> Resolve:
    """Return a resolver for which every name has these addresses."""

    async def resolve(_host: str, _port: int) -> Collection[str]:
        return addresses

    return resolve


class Server:
    """Says what it was told to say, and keeps what was said to it."""

    def __init__(self, says: bytes, *, then_waits: bool = False, for_ever: bool = False):
        self.says, self.then_waits, self.for_ever = says, then_waits, for_ever
        self.heard: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(await reader.readuntil(b"\r\n\r\n"))
        try:
            writer.write(self.says)
            while self.for_ever:
                writer.write(b"x" * 65_536)
                await writer.drain()
            if self.then_waits:
                await reader.read()  # until the other side gives up
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(server: Server, scheme: str = "http", tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    server.url = f"{scheme}://{NAME}:{port}/keys?all=1"
    try:
        yield server
    finally:
        listening.close()


def calling(server: Server, *, most_bytes: int = 1000, seconds: float = 5.0) -> Outbound:
    """Return a client that may call this server and nothing else."""
    place = server.url.split("/")[2]
    return Outbound({place}, loopback=True, most_bytes=most_bytes, seconds=seconds, resolve=resolving("127.0.0.1"))


# -- whom it calls


REFUSED = [
    "http://id.example.org/", "ftp://id.example.org/", "file:///etc/passwd", "gopher://id.example.org/",
    "//id.example.org/", "https://other.example.org/", "https://id.example.org.evil.example/", "https://id.example.org:8443/",
    "https://id.example.org./", "https://user@id.example.org/", "https://user:secret@id.example.org/",
    "https://id.example.org/#part", "https://id.example.org\\@evil.example/", "https://evil.example/id.example.org",
    "https://ïd.example.org/", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://id.example.org:99999/",
    "https://id.example.org%00.evil.example/", "", "not an address",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
async def test_an_address_that_is_not_https_to_a_listed_host_is_not_even_resolved(url: str) -> None:
    async def resolve(_host: str, _port: int) -> Collection[str]:
        pytest.fail("it was resolved")

    with pytest.raises(Forbidden) as refused:
        await Outbound({NAME}, resolve=resolve).get(url)

    assert refused.value.code == "OUTBOUND_REFUSED"


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:4136:e378::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_that_leads_to_a_private_address_is_not_called(address: str) -> None:
    with pytest.raises(Forbidden) as refused:
        await Outbound({NAME}, resolve=resolving(address)).get(f"https://{NAME}/")

    assert refused.value.code == "OUTBOUND_REFUSED"


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(Forbidden):
        await Outbound({NAME}, resolve=resolving("93.184.215.14", "10.0.0.1")).get(f"https://{NAME}/")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
async def test_for_tests_on_this_machine_nothing_but_this_machine_is_called(address: str) -> None:
    with pytest.raises(Forbidden):
        await Outbound({NAME}, loopback=True, resolve=resolving(address)).get(f"https://{NAME}/")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_may_be_called(address: str) -> None:
    assert Outbound({NAME})._may_call(ip_address(address))
    assert not Outbound({NAME}, loopback=True)._may_call(ip_address(address))


@pytest.mark.parametrize(("address", "may"), [
    ("10.20.1.1", True), ("fd00:20::1", True), ("10.21.0.1", False), ("192.168.0.1", False), ("127.0.0.1", False),
    ("169.254.169.254", False), ("93.184.215.14", True),
])  # fmt: skip
def test_networks_of_ours_may_be_called_where_they_are_listed(address: str, may: bool) -> None:
    """Loopback and the link never, whatever is listed."""
    listed = [ip_network(each) for each in ("10.20.0.0/16", "fd00:20::/32", "127.0.0.0/8", "169.254.0.0/16")]

    assert Outbound({NAME}, networks=listed)._may_call(ip_address(address)) is may


async def test_the_name_is_resolved_once_and_the_connection_goes_to_what_was_looked_at() -> None:
    """A name that leads elsewhere a moment later leads nowhere (DNS rebinding)."""
    asked: list[tuple[str, int]] = []

    async def resolve(host: str, port: int) -> Collection[str]:
        asked.append((host, port))
        return ["::ffff:127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async with serving(Server(OK)) as server:
        place = server.url.split("/")[2]
        answer = await Outbound({place}, loopback=True, resolve=resolve).get(server.url.replace(NAME, NAME.upper()))

    assert answer.content == b"ok"
    assert asked == [(NAME, int(place.partition(":")[2]))]


async def test_a_name_without_an_address_is_unavailable() -> None:
    with pytest.raises(Unavailable) as failed:
        await Outbound({NAME}, resolve=resolving()).get(f"https://{NAME}/")

    assert failed.value.code == "OUTBOUND_FAILED"


async def test_the_systems_own_resolver_is_asked_once_for_the_name() -> None:
    async with serving(Server(OK)) as server:
        url = server.url.replace(NAME, "localhost")
        outbound = Outbound({url.split("/")[2]}, loopback=True)

        assert (await outbound.get(url)).content == b"ok"


# -- what it says, and what it takes


async def test_a_request_says_where_it_goes_who_calls_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(Server(OK)) as server:
        answer = await calling(server).post(server.url, b"{}", {"Content-Type": "application/json", "User-Agent": "x"})

    head = server.heard[0].decode().lower()
    assert (answer.status, answer.headers["x-invented"], answer.content) == (200, "yes", b"ok")
    assert head.startswith("post /keys?all=1 http/1.1\r\n")
    assert sorted(line.partition(":")[0] for line in head.split("\r\n")[1:] if line) == [
        "accept-encoding", "content-length", "content-type", "host", "user-agent",
    ]  # fmt: skip
    assert f"host: {server.url.split('/')[2]}\r\n" in head
    assert "user-agent: registry\r\n" in head


async def test_a_redirect_is_an_answer_like_any_other() -> None:
    says = b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"
    async with serving(Server(says)) as server:
        answer = await calling(server).get(server.url)

    assert (answer.status, len(server.heard)) == (302, 1)


async def test_a_cookie_is_not_brought_back() -> None:
    async with serving(Server(OK.replace(b"x-invented: yes", b"set-cookie: a=b"))) as server:
        outbound = calling(server)
        await outbound.get(server.url)
        await outbound.get(server.url)

    assert not any(b"cookie" in each.lower() for each in server.heard)


@pytest.mark.parametrize("length", [b"", b"content-length: 999999999\r\n"], ids=["without a length", "with one"])
async def test_an_endless_answer_is_left_at_its_bound(length: bytes) -> None:
    async with serving(Server(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n", for_ever=True)) as server:
        with pytest.raises(Unavailable, match="more than 1000 bytes"):
            await calling(server).get(server.url)


async def test_an_answer_that_is_packed_is_not_unpacked() -> None:
    says = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok"
    async with serving(Server(says)) as server:
        with pytest.raises(Unavailable, match="encoding"):
            await calling(server).get(server.url)


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"])
async def test_whoever_does_not_come_to_an_end_is_left(says: bytes) -> None:
    async with serving(Server(says, then_waits=True)) as server:
        with pytest.raises(Unavailable) as failed:
            await calling(server, seconds=0.2).get(server.url)

    assert failed.value.code == "OUTBOUND_FAILED"


@pytest.mark.parametrize("says", [b"", b"not HTTP\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"])
async def test_what_is_no_whole_answer_is_unavailable(says: bytes) -> None:
    async with serving(Server(says)) as server:
        with pytest.raises(Unavailable):
            await calling(server).get(server.url)


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with serving(Server(OK)) as server:
        pass

    with pytest.raises(Unavailable):
        await calling(server).get(server.url)


# -- certificates


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server of that name shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Invented")])
    at = now()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1)).not_valid_after(at + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, private = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))  # fmt: skip
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(pem, private)
    return shows, ssl.create_default_context(cafile=str(pem))


@pytest.mark.parametrize(("name", "is_trusted", "is_answered"), [
    (NAME, True, True), ("other.example.org", True, False), (NAME, False, False),
], ids=["its own", "another's", "of nobody"])  # fmt: skip
async def test_the_certificate_is_the_names_although_an_address_is_called(
    tmp_path: Path, name: str, is_trusted: bool, is_answered: bool
) -> None:
    shows, trusts = certificate(tmp_path, name)
    async with serving(Server(OK), "https", shows) as server:
        outbound = Outbound({server.url.split("/")[2]}, loopback=True, resolve=resolving("127.0.0.1"),
                            trusted=trusts if is_trusted else None)  # fmt: skip
        if is_answered:
            assert (await outbound.get(server.url)).content == b"ok"
        else:
            with pytest.raises(Unavailable):
                await outbound.get(server.url)
            assert server.heard == []
