"""Client certificates, as a proxy that ends TLS tells them (RFC 9440): a token may be bound to one (RFC 8705).

    Client-Cert: :MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQK…:        DER in base64, between colons

    certificate = read(header, now)
    certificate.thumbprint                  what stands in the token as cnf.x5t#S256, and is enrolled for the client

The handshake proved to the proxy that the client holds the certificate's key. Who issued it does not count here: the
client's agency has enrolled this very certificate (RFC 8705, 2.2; auth/enrolled_certificates.py), as it enrolled its
keys. That the header comes from the proxy, and from nobody else, is the business of ``registry/proxies.py``.
"""

import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from starlette.requests import Request

from auth.enrolled_certificates import is_strong, thumbprint
from registry.core.clock import Clock
from registry.core.errors import Unauthenticated

HEADER = "client-cert"
STATE = "client_certificates"
"""Where ``registry/proxies.py`` leaves what the proxy said."""
LONGEST = 12_000
"""Characters of a header; a certificate of ours has a tenth of it."""
_BYTES = re.compile(r":([A-Za-z0-9+/]+={0,2}):", re.ASCII)
"""A byte sequence of structured fields (RFC 8941, 3.3.5)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that is good at this moment."""

    thumbprint: str
    """SHA-256 of its DER, base64url."""


def read(header: str, now: datetime) -> Certificate:
    """Read the header strictly. Raises Unauthenticated (CERTIFICATE_REFUSED) naming the rule."""
    written = _BYTES.fullmatch(header) if len(header) <= LONGEST else None
    if written is None:
        raise _refused("is not one certificate, DER in base64 between colons.")
    try:
        octets = b64decode(written[1], validate=True)
        certificate = x509.load_der_x509_certificate(octets)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise _refused("is not a certificate.") from None
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise _refused("is not valid at this moment.", "Renew it, and have the new one enrolled.")
    if not is_strong(key):
        raise _refused("holds a key that is not accepted.", "Use P-256, RSA of 2048 bits and more, or Ed25519.")
    return Certificate(thumbprint(octets))


def presented(request: Request, clock: Clock) -> str | None:
    """Return the thumbprint of the certificate that a request came over, if it came over one.

    Raises Unauthenticated (CERTIFICATE_REFUSED).
    """
    told: list[str] = getattr(request.state, STATE, [])
    if len(told) > 1:
        raise _refused("is told more than once.")
    return read(told[0], clock()).thumbprint if told else None


def _refused(rule: str, remedy: str | None = None) -> Unauthenticated:
    return Unauthenticated(rule, code="CERTIFICATE_REFUSED", field="Client-Cert", remedy=remedy)
