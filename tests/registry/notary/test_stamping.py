"""Time-stamps by an authority that really stamps (openssl), for whoever holds its certificate and nothing else."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry.core.errors import InputRefused, NotFound, ProofFailed
from registry.notary import checking, stamping
from registry.notary.running import Rounds
from registry.notary.signing import Notary
from tests.registry.notary.conftest import ORIGIN, SIGNERS, Desk
from tests.registry.witness.serving import served

pytestmark = pytest.mark.anyio
CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = {0}/serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[root]
basicConstraints = critical, CA:true
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Authority:
    """An authority of time-stamps with keys of its own."""

    def __init__(self, folder: Path):
        folder.mkdir()
        self.folder = folder
        (folder / "serial").write_text("01", encoding="ascii")
        (folder / "openssl.cnf").write_text(CONFIGURATION.format(folder), encoding="ascii")
        self.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out root.key")
        self.openssl("req -x509 -new -key root.key -subj /CN=DEMO-root -days 2 -config openssl.cnf -extensions root"
                     " -out root.pem")  # fmt: skip
        self.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out tsa.key")
        self.openssl("req -new -key tsa.key -subj /CN=DEMO-tsa -config openssl.cnf -out tsa.csr")
        self.openssl("x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile openssl.cnf"
                     " -extensions signer -out tsa.pem")  # fmt: skip

    def openssl(self, command: str) -> None:
        """Run openssl in the authority's folder."""
        subprocess.run(["openssl", *command.split()], cwd=self.folder, check=True, capture_output=True)

    def reply(self, query: bytes) -> bytes:
        """Stamp."""
        (self.folder / "query.tsq").write_bytes(query)
        self.openssl("ts -reply -queryfile query.tsq -signer tsa.pem -inkey tsa.key -config openssl.cnf -out reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()

    @contextmanager
    def sitting(self, *replies: bytes) -> Iterator[stamping.Stamping]:
        """Serve: these replies first, then honest ones."""
        left = list(replies)

        async def reply(request: Request) -> Response:
            query = await request.body()
            return Response(left.pop(0) if left else await asyncio.to_thread(self.reply, query))

        with served(Starlette(routes=[Route("/tsr", reply, methods=["POST"])])) as address:
            yield stamping.opened(f"{address}/tsr", loopback=True)


async def signed(desk: Desk, authority: stamping.Stamping) -> None:
    """Let a notary sign all that waits."""
    store = desk.store
    store.open()
    rounds = Rounds(Notary(store, ORIGIN, SIGNERS), store, desk.signing, timedelta(minutes=10), stamping=authority)
    while await rounds.one(desk.at):
        pass
    store.close()


async def test_a_tree_is_stamped_once_an_hour_and_proved_to_whoever_holds_the_certificate(desk: Desk) -> None:
    authority = Authority(desk.folder / "authority")
    source = checking.folder_source(desk.folder / "published")
    roots = (authority.folder / "root.pem").read_bytes()
    with authority.sitting() as stamps:
        for minutes, size in ((0, 2), (59, 2), (60, 6)):
            desk.at += timedelta(minutes=minutes)
            await desk.enter(2)
            await signed(desk, stamps)
            assert stamping.newest(desk.log(), source, roots).size == size
            desk.at -= timedelta(minutes=minutes)
    assert desk.problems() == []

    other = Authority(desk.folder / "other")
    with pytest.raises(ProofFailed):
        stamping.newest(desk.log(), source, (other.folder / "root.pem").read_bytes())
    with pytest.raises(InputRefused):
        stamping.newest(desk.log(), source, b"DEMO")
    older = desk.folder / "published" / "timestamp" / "2.tsr"
    (older.parent / "6.tsr").write_bytes(older.read_bytes())
    with pytest.raises(ProofFailed):
        stamping.newest(desk.log(), source, roots)
    (older.parent / "6.tsr").unlink()
    with pytest.raises(NotFound):
        stamping.newest(desk.log(), source, roots)


async def test_an_authority_that_is_away_or_lies_holds_nothing_up_and_is_asked_again(desk: Desk) -> None:
    authority = Authority(desk.folder / "authority")
    await desk.enter(1)
    query = TimestampRequestBuilder().data(b"DEMO").hash_algorithm(HashAlgorithm.SHA256).build()
    of_another = authority.reply(query.as_bytes())
    with authority.sitting(b"DEMO", of_another) as stamps:
        for minutes, is_there in ((0, False), (4, False), (1, False), (5, True)):
            desk.at += timedelta(minutes=minutes)
            await desk.enter(1)
            await signed(desk, stamps)
            assert (desk.folder / "published" / "timestamp").exists() is is_there
    assert desk.problems() == []
