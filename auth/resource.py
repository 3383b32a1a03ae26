"""Whose request this is: a token, and the proof that whoever sends it holds its key.

    Authorization: DPoP <access token>        DPoP: <proof>              RFC 9449, section 7
    Authorization: Bearer <access token>      over a client's certificate  RFC 8705, section 3

    resource = Resource(issuer, audience, node.signing)
    caller = resource.caller(Presented.of(request, url))               no I/O
    actor = directory.actor(connection, caller.claims, now())           live state, one statement

There are no other tokens: one that is bound to nothing is refused, and one that comes without what it is bound to.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from starlette.requests import Request

from auth import dpop, jose
from auth.dpop import Proof
from auth.jwk import ALGORITHMS
from auth.nonces import Nonces
from auth.signatures import Signed
from auth.tokens import PROFILE, Claims, audience, claims_of
from registry.audit.submission import Once
from registry.core.clock import Clock, now
from registry.core.config import Settings
from registry.core.errors import Unauthenticated

_CLOCK_DIFFERENCE = timedelta(seconds=10)
"""Workers on two machines may issue and read a token within one second of different clocks."""
_KEPT = 1024
"""Tokens remembered; the oldest are forgotten, and read anew when they come again."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request shows of who sends it."""

    method: str
    url: str
    """Our own address of what is asked: the configured one, never the request's."""
    authorization: tuple[str, ...]
    proofs: tuple[str, ...]
    certificate: str | None = None
    """SHA-256 thumbprint of the client's certificate, as the proxy that ended TLS told it."""

    @classmethod
    def of(cls, request: Request, url: str, certificate: str | None = None) -> "Presented":
        """Return what stands in the headers."""
        headers = request.headers
        return cls(
            request.method, url, tuple(headers.getlist("authorization")), tuple(headers.getlist("dpop")), certificate
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, by what they have shown; live state is still to be read."""

    claims: Claims
    proof: Proof | None = None
    """None over a certificate: the connection proves, and nothing can be replayed."""
    signed: Signed | None = None
    """The request's signature, where it carries one."""

    def anew(self) -> "Caller":
        """Return who calls at a stream's next turn: proof and signature were good when it was opened."""
        return replace(self, proof=None, signed=replace(self.signed, is_checked=True) if self.signed else None)

    @property
    def once(self) -> Once | None:
        """What the request uses up."""
        if self.proof is not None:
            return self.proof.once
        return self.signed.once(self.claims.client, self.claims.expires_at) if self.signed else None


class Keys(Protocol):
    """The public keys that tokens are checked with: auth/signing.py's Ring."""

    def get(self, kid: str) -> Mapping[str, str] | None:
        """Return the key of this name, if it may verify at this moment."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Reads the access tokens of one issuer."""

    issuer: str
    audience: str
    keys: Keys
    """Those that may verify at this moment; during a change of keys there are two."""
    clock: Clock = now
    nonces: Nonces | None = None
    """They tell the time where a client's clock is off; whether one is required, live state says."""
    _read: OrderedDict[str, tuple[str, Claims]] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )
    """Tokens that were found to be ours, and what they say: a client sends one for minutes, and a signature takes as
    long to check as three statements. Whether a token is still good is asked each time."""

    @classmethod
    def of(cls, settings: Settings, keys: Keys, clock: Clock = now, nonces: Nonces | None = None) -> "Resource":
        """Return the reader of this node's own tokens."""
        return cls(settings.public_url, audience(settings), keys, clock, nonces)

    def caller(self, presented: Presented) -> Caller:
        """Return who calls. Raises Unauthenticated: TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, PROOF_REFUSED."""
        scheme, token = _token(presented.authorization)
        claims = self.claims(token)
        if claims.certificate is not None and presented.certificate != claims.certificate:
            raise PROFILE.refusal("cnf", "binds the token to another certificate.")
        if claims.jkt is None:
            if scheme != "bearer" or presented.proofs:
                raise PROFILE.refusal("cnf", "binds the token to a certificate, not to a key.", "Send it as Bearer.")
            return Caller(claims)
        if scheme != "dpop":
            raise PROFILE.refusal("cnf", "binds the token to a key.", "Send Authorization: DPoP with a proof.")
        return Caller(claims, self._proof(presented, token, claims))

    def claims(self, token: str) -> Claims:
        """Return what a token says. Raises Unauthenticated: TOKEN_INVALID when it is none of ours, TOKEN_EXPIRED."""
        claims, moment = self._claims(token), self.clock()
        if claims.expires_at <= moment:
            raise Unauthenticated("The token has expired.", code="TOKEN_EXPIRED", remedy="Get a new one.")
        if claims.issued_at > moment + _CLOCK_DIFFERENCE:
            raise PROFILE.refusal("iat", "lies in the future.")
        return claims

    def _claims(self, token: str) -> Claims:
        kid, known = self._read.get(token, (None, None))
        if known is not None and self.keys.get(kid or "") is not None:  # a key may have been withdrawn meanwhile
            return known
        compact = PROFILE.parse(token)
        if not jose.is_signed(compact, self.keys.get(compact.kid or "")):
            raise PROFILE.refusal("token", "is not signed by this node.")
        claims = claims_of(compact.claims, issuer=self.issuer, audience=self.audience)
        self._read[token] = compact.kid or "", claims
        if len(self._read) > _KEPT:
            self._read.popitem(last=False)
        return claims

    def _proof(self, presented: Presented, token: str, claims: Claims) -> Proof:
        moment = self.clock()
        if len(presented.proofs) != 1:
            raise dpop.PROFILE.refusal("DPoP", "has to come once.", "Sign a proof for each request.")
        proof = dpop.checked(
            presented.proofs[0], method=presented.method, url=presented.url, now=moment, token=token,
            is_timely=lambda nonce: self.nonces is not None and self.nonces.is_good(claims.client, nonce, moment),
        )  # fmt: skip
        if proof.jkt != claims.jkt:
            raise dpop.PROFILE.refusal("jwk", "is not the key that the token is bound to.")
        return proof


def _token(authorization: tuple[str, ...]) -> tuple[str, str]:
    """Return the scheme and the token of the one Authorization there is."""
    scheme, _, token = (authorization[0] if len(authorization) == 1 else "").strip().partition(" ")
    if scheme.lower() not in ("dpop", "bearer") or not token.strip():
        raise Unauthenticated(
            "The request carries no token.", code="TOKEN_MISSING", remedy="Send Authorization: DPoP <token>."
        )
    return scheme.lower(), token.strip()


_ERRORS = {
    "PROOF_REFUSED": "invalid_dpop_proof",
    "PROOF_REPLAYED": "invalid_dpop_proof",
    "PROOF_NONCE": "use_dpop_nonce",
}


def www_authenticate(error: Unauthenticated) -> str:
    """Return the challenge of a 401 answer (RFC 9449, 7.1); without a token there is no error to name."""
    algorithms = f'algs="{" ".join(ALGORITHMS)}"'
    if error.code == "TOKEN_MISSING":
        return f'DPoP realm="registry", {algorithms}'
    kind = _ERRORS.get(error.code, "invalid_token")
    return f'DPoP realm="registry", error="{kind}", error_description="{error.code}", {algorithms}'
