"""A passkey in software: what a browser and its authenticator do together, honest unless told otherwise.

made = authenticator.make(options, origin)      navigator.credentials.create(options), as JSON
signed = authenticator.sign(options, origin)    navigator.credentials.get(options), as JSON

Written from Web Authentication level 3, sections 6.1 and 6.5, so that the suite says what the node should read.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from struct import pack
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

UP, UV, AT = 0x01, 0x04, 0x40


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    counter: int = 0
    flags: int = UP | UV
    algorithm: int = -7
    """What it says its key is for (COSE)."""
    officer: bytes = b""
    counts: bool = True

    def make(self, options: dict[str, Any], origin: str, **changes: Any) -> dict[str, Any]:
        public = options["publicKey"]
        self.officer = decoded(public["user"]["id"])
        credential = bytes(16) + pack(">H", len(self.credential_id)) + self.credential_id + cbor.encode(self.cose())
        authenticator_data = self._data(public["rp"]["id"], AT) + credential
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": authenticator_data})
        client = self._client("webauthn.create", public["challenge"], origin, changes)
        return self._answer({"clientDataJSON": encoded(client), "attestationObject": encoded(attestation)})

    def cose(self) -> dict[int, Any]:
        """Return the public key (RFC 9053, 7.1.1)."""
        point = self.key.public_key().public_numbers()
        return {1: 2, 3: self.algorithm, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}

    def sign(self, options: dict[str, Any], origin: str, *, rp: str | None = None, **changes: Any) -> dict[str, Any]:
        public = options["publicKey"]
        self.counter += self.counts
        authenticator_data = self._data(rp or public["rpId"], 0)
        client = self._client("webauthn.get", public["challenge"], origin, changes)
        signed = authenticator_data + hashlib.sha256(client).digest()
        return self._answer({
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(authenticator_data),
            "signature": encoded(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": encoded(self.officer),
        })  # fmt: skip

    def _data(self, rp: str, more: int) -> bytes:
        return hashlib.sha256(rp.encode()).digest() + bytes([self.flags | more]) + pack(">I", self.counter)

    @staticmethod
    def _client(kind: str, challenge: str, origin: str, changes: dict[str, Any]) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False} | changes
        ).encode()

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = encoded(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
