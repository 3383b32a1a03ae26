"""Nonces for proofs: for clients whose clocks are off, or from whom we want each proof fresh (RFC 9449, 8 and 9).

    nonces = Nonces(key)
    nonces.fresh("nl-desk", now)            what the client puts into its next proof
    nonces.is_good("nl-desk", nonce, now)   within the last minute

Nothing is remembered: a nonce is an HMAC of its half minute and its client, so every worker knows it.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime

SECONDS = 30
"""How long one nonce is handed out; it is good for as long again."""


@dataclass(frozen=True, slots=True)
class Nonces:
    """Makes and knows the nonces of one node."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "Nonces":
        """Return those made with a key drawn from a secret that has other uses too."""
        return cls(hmac.digest(secret, b"registry dpop nonce v1", hashlib.sha256))

    def fresh(self, client: str, now: datetime) -> str:
        """Return the nonce of this half minute."""
        return self._of(client, int(now.timestamp()) // SECONDS)

    def is_good(self, client: str, nonce: str | None, now: datetime) -> bool:
        """Say whether a nonce is the client's, of this half minute or the one before."""
        if nonce is None or not nonce.isascii():
            return False
        bucket = int(now.timestamp()) // SECONDS
        return any(hmac.compare_digest(self._of(client, each), nonce) for each in (bucket, bucket - 1))

    def _of(self, client: str, bucket: int) -> str:
        made = hmac.digest(self.key, f"{bucket} {client}".encode(), hashlib.sha256)
        return urlsafe_b64encode(made[:18]).decode()
