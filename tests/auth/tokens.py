"""Tokens made by hand, so that a test can send what no library would: RFC 7515 in thirty lines."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from auth.keys import KeyPair, generate_client_key

Signer = Callable[[bytes], bytes]
ALGORITHMS = ("ES256", "PS256", "EdDSA")


@cache
def pair(algorithm: str = "ES256", number: int = 0) -> KeyPair:
    """Return a key; each number is another one."""
    assert number >= 0
    return generate_client_key(algorithm)


def encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def signer(private_pem: str) -> Signer:
    """Return what signs with a private key, by the algorithm its kind is used with here."""
    key = load_pem_private_key(private_pem.encode(), password=None)

    def sign(message: bytes) -> bytes:
        if isinstance(key, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        if isinstance(key, RSAPrivateKey):
            return key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        assert isinstance(key, Ed25519PrivateKey)
        return key.sign(message)

    return sign


def shared_secret(secret: bytes) -> Signer:
    """Return HS256 with this secret."""
    return lambda message: hmac.digest(secret, message, hashlib.sha256)


def compact(header: Mapping[str, object] | str, claims: Mapping[str, object] | str, sign: Signer) -> str:
    """Return a token whose parts are written as they are given, valid JSON or not."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, claims)]
    message = ".".join(encoded(part.encode("utf-8", "surrogatepass")) for part in parts)
    return f"{message}.{encoded(sign(message.encode()))}"
