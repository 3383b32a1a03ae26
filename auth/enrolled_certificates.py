"""The certificates that a client's tokens may be bound to, as they are enrolled and kept. Pure.

    {"thumbprint": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2", "subject": "CN=desk,O=DCI", "not_before": 1795278400,
     "not_after": 1826814400}

What counts is the thumbprint (RFC 8705, 2.2); subject and time are the certificate's own words, kept for whoever has to
renew it. One that was enrolled by its thumbprint alone, before certificates were handed in whole, tells neither.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from auth import validity
from auth.jwk import LEAST_RSA_BITS, MOST_KEYS
from auth.validity import NOT_AFTER, NOT_BEFORE
from registry.core.errors import Conflict, InputRefused, NotFound

LONGEST = 12_000
"""Characters in PEM; a certificate of ours has a tenth of it."""
LONGEST_SUBJECT = 240
_PEM = re.compile(r"\s*-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*", re.ASCII)

Kept = Mapping[str, Any]  # Any: JSON


class State(StrEnum):
    """Where a certificate stands at a moment."""

    WAITING = "waiting"
    """Its time has not begun."""
    GOOD = "good"
    ENDED = "ended"
    """It will never be good again; it makes room for another."""


def read(pem: str, field: str = "certificate") -> dict[str, Any]:
    """Return a certificate as it is kept: one in PEM, and nothing beside it. Raises InputRefused (KEY_REFUSED)."""
    if len(pem) > LONGEST or not _PEM.fullmatch(pem):
        raise _refused(
            field, "is not one certificate in PEM.", "Send what openssl x509 -in FILE prints: no key, no chain."
        )
    try:
        found = x509.load_pem_x509_certificate(pem.encode())
        key, subject = found.public_key(), found.subject.rfc4514_string()
    except (ValueError, UnsupportedAlgorithm):
        raise _refused(field, "is not a certificate.", "Make it anew.") from None
    if not is_strong(key):
        raise _refused(field, "holds a key that is not accepted.", "Use P-256, RSA of 2048 bits and more, or Ed25519.")
    if len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise _refused(field, f"names a subject of more than {LONGEST_SUBJECT} printable characters.", "Shorten it.")
    return {
        "thumbprint": thumbprint(found.public_bytes(Encoding.DER)), "subject": subject,
        NOT_BEFORE: int(found.not_valid_before_utc.timestamp()), NOT_AFTER: int(found.not_valid_after_utc.timestamp()),
    }  # fmt: skip


def thumbprint(der: bytes) -> str:
    """Return what a certificate is known by (RFC 8705, 3.1)."""
    return urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def added(kept: Sequence[Kept], certificate: Kept, at: datetime) -> list[Kept]:
    """Return a client's certificates with one more; those that have ended make room.

    Raises Conflict (KEY_KNOWN, KEYS_TOO_MANY) and InputRefused (KEY_TIME) for one that has ended.
    """
    if certificate["thumbprint"] in thumbprints(kept):
        raise Conflict("is there already.", field="certificate", code="KEY_KNOWN", remedy="Have a new one made.")
    if validity.has_ended(certificate, at):
        raise InputRefused("has ended.", field="certificate", code="KEY_TIME", remedy="Have it renewed.")
    living = [each for each in kept if not validity.has_ended(each, at)]
    if len(living) >= MOST_KEYS:
        raise Conflict(f"would be one of more than {MOST_KEYS} certificates.", field="certificate",
                       code="KEYS_TOO_MANY", remedy="Withdraw one first.")  # fmt: skip
    return [*living, certificate]


def collected(certificates: Sequence[Kept], at: datetime) -> list[Kept]:
    """Return a new client's certificates, added one after the other. Raises as ``added``."""
    kept: list[Kept] = []
    for each in certificates:
        kept = added(kept, each, at)
    return kept


def without(kept: Sequence[Kept], thumbprint: str) -> list[Kept]:
    """Return a client's certificates without one. Raises NotFound."""
    left = [each for each in kept if each["thumbprint"] != thumbprint]
    if len(left) == len(kept):
        raise NotFound("No such certificate.", field="thumbprint")
    return left


def thumbprints(kept: Sequence[Kept]) -> list[str]:
    """Return what they are known by."""
    return [each["thumbprint"] for each in kept]


def good(kept: Sequence[Kept], at: datetime) -> frozenset[str]:
    """Return the thumbprints of those that are good at a moment."""
    return frozenset(each["thumbprint"] for each in kept if validity.is_good(each, at))


def state(certificate: Kept, at: datetime) -> State:
    """Return where a certificate stands."""
    if validity.has_ended(certificate, at):
        return State.ENDED
    return State.GOOD if validity.is_good(certificate, at) else State.WAITING


def is_strong(key: object) -> bool:
    """Whether a certificate may hold such a key: the rule for clients' own."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= LEAST_RSA_BITS
    is_p256 = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    return is_p256 or isinstance(key, ed25519.Ed25519PublicKey)


def _refused(field: str, rule: str, remedy: str) -> InputRefused:
    return InputRefused(rule, field=field, code="KEY_REFUSED", remedy=remedy)
