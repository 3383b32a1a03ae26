"""RFC 3161 time-stamps, as an option: somebody who keeps the time for a living has seen the log's tree.

    stamping = opened("https://tsa.example/tsr")
    token = await stamping.stamped(checkpoint, at)          None where it is not due, or the authority did not answer
    newest(log, source, certificate)                        how many entries were there when, proved

What is stamped is the checkpoint's text (origin, size, root) and not its signatures: so whoever has the log can make it
again for any size. One an hour is enough, and useful beside witnesses: a court knows the form. Of an answer nothing is
believed but that it is of our question; that it was signed is for whoever holds the authority's certificate. Needs
the extra ``timestamps``, and is imported only where the setting ``timestamp_url`` or ``--tsa`` asks for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from registry.core.errors import InputRefused, NotFound, ProofFailed, RegistryError
from registry.core.outbound import Answer, Network, Outbound
from registry.core.telemetry import log, problem_of
from registry.notary.checking import Log, Source
from registry.notary.store import NEWEST, stamp_path
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.strict import Malformed, decimal

AGAIN = timedelta(minutes=5)
"""After how long an authority that did not answer is asked again."""
QUERY = "application/timestamp-query"
LONGEST = 65_536
"""Bytes of a token with its certificates."""


@dataclass(slots=True)
class Stamping:
    """The authority that is asked, and how often."""

    url: str
    outbound: Outbound
    every: timedelta
    _due: datetime | None = None

    async def stamped(self, checkpoint: Checkpoint, at: datetime) -> bytes | None:
        """Return a token for a checkpoint, where it is time for one."""
        if self._due is not None and at < self._due:
            return None
        self._due = at + min(self.every, AGAIN)
        request = TimestampRequestBuilder().data(checkpoint.text.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
        try:
            answer = await self.outbound.post(self.url, request.as_bytes(), {"content-type": QUERY})
            _believe(answer, request)
        except (RegistryError, ValueError) as problem:
            log.warning("timestamp_failed", problem=problem_of(problem))
            return None
        self._due = at + self.every
        return answer.content


def opened(url: str, networks: Sequence[Network] = (), *, loopback: bool = False) -> Stamping:
    """Return the authority at an address, of which a token an hour is wanted."""
    outbound = Outbound({urlsplit(url).netloc}, networks=networks, loopback=loopback, most_bytes=LONGEST)
    return Stamping(url, outbound, timedelta(hours=1))


def _believe(answer: Answer, request: TimeStampRequest) -> None:
    """See that an answer grants what was asked. Raises ValueError."""
    token = decode_timestamp_response(answer.content)
    if answer.status != HTTPStatus.OK or PKIStatus(token.status) != PKIStatus.GRANTED:
        raise ValueError("is no token")
    is_ours = token.tst_info.message_imprint.message == request.message_imprint.message
    if not is_ours or token.tst_info.nonce != request.nonce:
        raise ValueError("is a token of something else")


class Stamped(NamedTuple):
    """What an authority says: so many entries were there by then."""

    size: int
    at: datetime


def newest(log: Log, source: Source, roots: bytes) -> Stamped:
    """Return what the newest time-stamp of a published log says. Raises ProofFailed, NotFound, InputRefused."""
    try:
        verifier = VerifierBuilder(roots=load_pem_x509_certificates(roots)).build()
    except ValueError as problem:
        raise InputRefused("holds no certificate in PEM.", field="--tsa") from problem
    try:
        size = decimal((source(NEWEST, 32) or b"").decode("ascii", "replace").removesuffix("\n"), "newest time-stamp")
        token = source(stamp_path(size), LONGEST)
        if token is None:
            raise NotFound("No such time-stamp is published there.", code="CHECKPOINT_MISSING")
        checkpoint = Checkpoint(log.checkpoint.origin, size, log.reader.root_at(size))
        found = decode_timestamp_response(token)
        verifier.verify(found, sha256(checkpoint.text.encode()).digest())
    except (VerificationError, ValueError, Malformed) as problem:
        raise ProofFailed("The newest time-stamp does not hold.") from problem
    return Stamped(size, found.tst_info.gen_time)
