"""Who may call the GraphQL endpoint, and how they are told apart: machines by token and proof.

callers.caller(request)                          no I/O: what the request shows
callers.actor(connection, caller, now, document)  live state: who that is at this moment
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection
from starlette.requests import Request

from auth import directory, signatures, validity
from auth.actor import Actor
from auth.nonces import Nonces
from auth.resource import Caller, Presented, Resource
from auth.signatures import Signed
from registry.core.errors import Unauthenticated
from registry.disclosure.vocabulary import Attribution


class Callers(Protocol):
    """One kind of callers."""

    def caller(self, request: Request) -> Caller:
        """Return who calls, by what the request shows. Raises Unauthenticated."""

    def actor(self, connection: Connection, caller: Caller, now: datetime, document: str | None) -> Actor:
        """Return who that is by the state of this moment. Raises Unauthenticated."""


class NonceNeeded(Unauthenticated):
    """The proof carries no nonce of ours that is still good; the answer brings one (RFC 9449, section 9)."""

    default_code = "PROOF_NONCE"

    def __init__(self, nonce: str) -> None:
        super().__init__(
            "carries no nonce that is still good.",
            field="nonce",
            remedy="Sign a proof with the DPoP-Nonce of this answer.",
        )
        self.nonce = nonce


def _no_certificate(_request: Request) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Machines:
    """Clients of agencies, with access tokens."""

    resource: Resource
    url: str
    """Our own address of the endpoint."""
    nonces: Nonces
    home: str
    """The register's country."""
    certificate: Callable[[Request], str | None] = _no_certificate
    """Reads the thumbprint of a client's certificate where a proxy tells it."""
    signatures: bool = False
    """Whether signed requests are looked at."""

    def caller(self, request: Request) -> Caller:
        """Return who calls, by token and proof."""
        caller = self.resource.caller(Presented.of(request, self.url, self.certificate(request)))
        return replace(caller, signed=Signed.of(request, self.url)) if self.signatures else caller

    def actor(self, connection: Connection, caller: Caller, now: datetime, document: str | None) -> Actor:
        """Return who that is; then, since only now it is known, whether the proof's nonce is good."""
        actor = directory.actor(connection, caller.claims, now, document, home=self.home)
        proof = caller.proof
        if actor.nonces and proof is not None and not self.nonces.is_good(actor.client, proof.nonce, now):
            raise NonceNeeded(self.nonces.fresh(actor.client, now))
        return self._signed(connection, caller, actor, now)

    def _signed(self, connection: Connection, caller: Caller, actor: Actor, now: datetime) -> Actor:
        """Return the actor by how surely it is known who asks: their agency's word, signed with the question."""
        if caller.signed is None:
            if actor.must_sign:
                raise signatures.needed()
            return actor
        client = directory.client(connection, actor.client)
        caller.signed.check(validity.good(client.keys if client else {"keys": []}, now), now)
        is_whole = actor.attribution is Attribution.GRANTED
        return replace(actor, attribution=Attribution.SIGNED) if is_whole else actor
