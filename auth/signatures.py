"""Signed requests and answers (RFC 9421), with the digest of what they hold (RFC 9530): evidence that outlives a token.

    Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
    Signature-Input: registry=("@method" "@target-uri" "content-digest" "authorization" "dpop");created=1795278400;
                     keyid="…";tag="registry"
    Signature: registry=:K2qGT5srn2OGbOIDzQ6kYT+ruaycnDAAUpKv…:

The client signs with a key that is enrolled for it. Token and proof are covered, so whose word it is, for which officer
and case, is signed with the question; and as a proof is good once, so is the signature. Over a certificate, where there
is no proof, its ``nonce`` is what can be used once. Our own address is checked, never the one that the request names.

    signed = Signed.of(request, url)        None where nothing is signed
    signed.check_body(body)                 before anything is asked of the database
    signed.check(keys, now)                 with the keys of the client that the token names

Answers are signed with the key that tokens are signed with (/oauth/jwks), when ``Accept-Signature`` asks for it, and to
whoever has signed the request. They cover what was asked: an answer can't be shown as that to another question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import http_sf
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from auth import jwk, replay
from auth.keys import SigningKey
from registry.audit.receipts import HEADER
from registry.audit.submission import Once
from registry.core.clock import Clock
from registry.core.errors import Unauthenticated

TAG = "registry"
"""What tells our signatures from those that proxies add."""
ANSWERED = "registry-answer"
LIFE = timedelta(seconds=60)
CLOCK_DIFFERENCE = timedelta(seconds=10)
COVERED = ("@method", "@target-uri", "content-digest", "authorization")
"""What a request's signature has to cover; with a proof that too, without one it has a nonce."""
ANSWER_COVERED = (
    "@status", "content-type", "content-digest", "x-request-id", HEADER,
    '"@method";req', '"@target-uri";req', '"content-digest";req',
)  # fmt: skip
LONGEST = 4096
"""Characters of the three headers together."""
LEAST_NONCE, LONGEST_NONCE = 8, 128
_ALGORITHMS: tuple[tuple[type, type[HTTPSignatureAlgorithm]], ...] = (
    (ec.EllipticCurvePublicKey, algorithms.ECDSA_P256_SHA256),
    (rsa.RSAPublicKey, algorithms.RSA_PSS_SHA512),
    (ed25519.Ed25519PublicKey, algorithms.ED25519),
)
"""By the kind of key; a request can't choose another one."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A request, as the library reads one: at our own address."""

    method: str
    url: str
    headers: Any  # Any: whatever has items(): each line of the head


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that carries a signature; whether it is good, ``check`` says."""

    message: _Message
    has_proof: bool
    key: str
    """The name of the key that is said to have signed."""
    nonce: str | None = None
    is_checked: bool = False
    """Of a stream's later turns: it was good when the stream was opened."""

    @classmethod
    def of(cls, request: Request, url: str) -> "Signed | None":
        """Return what is signed; None where nothing is. Raises Unauthenticated (SIGNATURE_REFUSED)."""
        headers = request.headers
        if "signature-input" not in headers and "signature" not in headers:
            return None
        if sum(len(headers.get(name, "")) for name in ("signature-input", "signature", "content-digest")) > LONGEST:
            raise refused(f"is longer than {LONGEST} characters.")
        if "content-digest" not in headers:
            raise refused("comes without a Content-Digest.", "Send Content-Digest, and cover it.")
        told = _ours(", ".join(headers.getlist("signature-input")))
        nonce = told.get("nonce")
        is_nonce = isinstance(nonce, str) and LEAST_NONCE <= len(nonce) <= LONGEST_NONCE
        message = _Message(request.method, url, headers)
        return cls(message, "dpop" in headers, str(told.get("keyid")), nonce if is_nonce else None)

    def check_body(self, body: bytes) -> None:
        """Hold a body to its digest, which the signature covers. Raises Unauthenticated (SIGNATURE_REFUSED)."""
        try:
            ContentDigest.verify(self.message.headers["content-digest"], body)
        except HTTPMessageSignaturesException:
            raise refused("and Content-Digest are not of this body.") from None

    def check(self, jwks: Mapping[str, Any], now: datetime) -> None:
        """Check the signature with a client's own keys. Raises Unauthenticated (SIGNATURE_REFUSED)."""
        if self.is_checked:
            return
        needed = (*COVERED, "dpop") if self.has_proof else COVERED
        if not self.has_proof and self.nonce is None:
            raise refused("covers no proof and has no nonce.", f"Add a new nonce of {LEAST_NONCE} characters or more.")
        known = _known(jwks, self.key)
        if known is None:
            raise refused("is of no key that is enrolled for this client.")
        verifier = _Verifier(known[1], known[0], now)
        try:
            verifier.verify(self.message, expect_tag=TAG, require_components=needed, max_age=LIFE)
        except (HTTPMessageSignaturesException, ValueError):
            raise refused("is not good.", f"Cover {', '.join(needed)}, with created, keyid and tag.") from None

    def once(self, client: str, expires_at: datetime) -> Once | None:
        """Return what is used up where no proof is: the nonce, until the token that is signed with it has expired."""
        return replay.once("signature", client, self.nonce, expires_at=expires_at) if self.nonce else None


class _Keys(HTTPSignatureKeyResolver):
    """One key, which was looked for already."""

    def __init__(self, key: Any):
        self.key = key

    def resolve_public_key(self, key_id: str) -> Any:  # noqa: ARG002  the library's name
        return self.key

    def resolve_private_key(self, key_id: str) -> Any:  # noqa: ARG002  as above
        return self.key


class _Verifier(HTTPMessageVerifier):
    """The library's, but by the moment that it is handed: rules here don't read the clock."""

    def __init__(self, algorithm: type[HTTPSignatureAlgorithm], key: Any, now: datetime):
        super().__init__(signature_algorithm=algorithm, key_resolver=_Keys(key))
        self.now = now

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Raise unless it was created within the last minute, and has not expired by its own word."""
        created, expires = sig_input.params.get("created"), sig_input.params.get("expires")
        earliest, latest = (self.now - (max_age or LIFE)).timestamp(), (self.now + CLOCK_DIFFERENCE).timestamp()
        if type(created) is not int or not earliest <= created <= latest:
            raise InvalidSignature("created")
        if expires is not None and expires <= self.now.timestamp():  # a whole number: the library has looked
            raise InvalidSignature("expires")


def _known(jwks: Mapping[str, Any], kid: str) -> tuple[jwk.PublicKey, type[HTTPSignatureAlgorithm]] | None:
    """Return the enrolled key of this name, and how a key of its kind signs."""
    for each in jwks["keys"]:
        if each["kid"] == kid:
            key = jwk.public_key(each).material
            return key, next(algorithm for kind, algorithm in _ALGORITHMS if isinstance(key, kind))
    return None


def _ours(header: str) -> Mapping[str, Any]:
    """Return the parameters of the one signature with our tag; whether they are signed, the verifier says."""
    try:
        found: Any = http_sf.parse(header.encode("ascii"), tltype="dictionary")
        ours: list[dict[str, Any]] = [told for _, told in found.values() if told.get("tag") == TAG]
    except (ValueError, TypeError):
        raise refused("can't be read.") from None
    if len(ours) != 1:
        raise refused("is not there once with our tag.", f'Write tag="{TAG}".')
    return ours[0]


def needed() -> Unauthenticated:
    """Return the error of a client that has agreed to sign, and has not."""
    return Unauthenticated(
        "is missing: this client signs its requests.", code="SIGNATURE_NEEDED", field="Signature",
        remedy="Sign each request (RFC 9421).",
    )  # fmt: skip


def refused(rule: str, remedy: str | None = None) -> Unauthenticated:
    """Return the error that names the rule."""
    return Unauthenticated(rule, code="SIGNATURE_REFUSED", field="Signature", remedy=remedy)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer, as the library reads one, with the request that it answers."""

    status_code: int
    headers: Any  # Any: as above
    request: _Message


class Keys(Protocol):
    """The keys that tokens are signed with: auth/signing.py's Ring."""

    def current(self, now: datetime) -> SigningKey:
        """Return the one that signs at this moment."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs the answers of one address."""

    keys: Keys
    url: str
    clock: Clock

    def sign(self, request: Request, response: Response) -> None:
        """Sign an answer for whoever asks for that, or has signed the question; a stream has no digest, so none."""
        wanted = "accept-signature" in request.headers or "signature-input" in request.headers
        if wanted and not isinstance(response, StreamingResponse):
            now = self.clock()
            sign_answer(request, self.url, response, self.keys.current(now), now)


def sign_answer(request: Request, url: str, response: Response, key: SigningKey, now: datetime) -> None:
    """Sign an answer that is there whole, in its own headers."""
    absent = {
        *(() if "content-digest" in request.headers else ('"content-digest";req',)),
        *(() if HEADER in response.headers else (HEADER,)),
    }
    components = [each for each in ANSWER_COVERED if each not in absent]
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=_Keys(key.private)
    )  # fmt: skip
    answer = _Answer(response.status_code, response.headers, _Message(request.method, url, request.headers))
    signer.sign(
        answer, key_id=key.kid, created=now, tag=ANSWERED, label=TAG, covered_component_ids=components,
        body=bytes(response.body), include_alg=True,
    )  # fmt: skip


def sign_request(  # noqa: PLR0913  each is a part of what is signed
    method: str, url: str, headers: dict[str, str], body: bytes, key: jwk.PrivateKey, kid: str, now: datetime, *,
    nonce: str | None = None,
) -> None:  # fmt: skip
    """Add a client's signature to the headers of a request that holds its token and, if there is one, its proof."""
    proof = [name for name in headers if name.lower() == "dpop"]
    algorithm = next(algorithm for kind, algorithm in _ALGORITHMS if isinstance(key.public_key(), kind))
    HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=_Keys(key)).sign(
        _Message(method, url, headers), key_id=kid, created=now, nonce=nonce, tag=TAG, label=TAG, body=body,
        covered_component_ids=(*COVERED[:2], "authorization", *(["dpop"] if proof else [])), include_alg=False,
    )  # fmt: skip
