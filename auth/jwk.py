"""Public keys as JSON Web Keys (RFC 7517, 7518, 8037), and their names (RFC 7638).

    {"kty": "EC", "crv": "P-256", "x": "…", "y": "…", "kid": "…", "use": "sig"}

A key is rebuilt from its public members only. Three kinds are strong enough: P-256, RSA of
2048 bits and more, and Ed25519 (FAPI 2.0, 5.4.1). A shared secret (``oct``) is none of them.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from registry.core.errors import InputRefused

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey
PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

ALGORITHMS = {"ES256": "EC", "PS256": "RSA", "EdDSA": "OKP", "Ed25519": "OKP"}
"""Signature algorithms and the kind of key each needs; Ed25519 is RFC 9864's name of EdDSA."""
LEAST_RSA_BITS = 2048
MOST_RSA_BITS = 4096
"""Beyond it one check costs more than all else in a request."""
MOST_KEYS = 4
"""Keys of one client: old and new, for two machines."""
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key ready for use."""

    jwk: Mapping[str, str]
    """Its public members, ``kid``, and nothing else."""
    material: PublicKey

    @property
    def kid(self) -> str:
        """Its name."""
        return self.jwk["kid"]

    @property
    def algorithms(self) -> frozenset[str]:
        """What it may verify."""
        return frozenset(name for name, kind in ALGORITHMS.items() if kind == self.jwk["kty"])


def public_key(jwk: object, field: str = "key") -> VerifyingKey:
    """Read one key strictly; raises InputRefused naming the member."""
    if not isinstance(jwk, Mapping):
        raise _refused(field, "is not a JSON object.")
    if not _PRIVATE.isdisjoint(jwk):
        raise _refused(field, "holds private or secret members.", "Send the public key, and replace the leaked one.")
    kind = jwk.get("kty")
    if kind not in ("EC", "RSA", "OKP"):
        raise _refused(f"{field}.kty", "is none of EC, RSA, OKP.")
    _check_use(jwk, str(kind), field)
    members, read = _KINDS[str(kind)]
    public = {"kty": str(kind)} | {name: _text(jwk, name, field) for name in members}
    try:
        material = read(public)
    except ValueError:
        raise _refused(field, "is not a valid public key of a kind that is accepted.") from None
    return VerifyingKey(public | {"kid": _kid(jwk, field) or thumbprint(public)}, material)


def key_set(jwks: object, field: str = "keys") -> dict[str, list[dict[str, str]]]:
    """Return a client's JWK Set as it is kept: public members only, each key with a name of its own."""
    found = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_KEYS:
        raise _refused(field, f"is not a JWK Set of 1 to {MOST_KEYS} keys.")
    keys = [public_key(jwk, f"{field}[{place}]") for place, jwk in enumerate(found)]
    if len({key.kid for key in keys}) != len(keys):
        raise _refused(field, "names two keys alike.", "Give each its own kid.")
    return {"keys": [dict(key.jwk) for key in keys]}


def of_material(key: PublicKey) -> VerifyingKey:
    """Return our own public key with its JWK, named by its thumbprint."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        point = key.public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": _encoded(point.x, 32), "y": _encoded(point.y, 32)}
    elif isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        jwk = {"kty": "RSA", "n": _encoded(numbers.n), "e": _encoded(numbers.e)}
    else:
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": _encoded(int.from_bytes(key.public_bytes_raw()), 32)}
    return public_key(jwk)


def thumbprint(jwk: Mapping[str, str]) -> str:
    """Return the SHA-256 thumbprint of a public key (RFC 7638)."""
    text = json.dumps(dict(jwk), sort_keys=True, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _check_use(jwk: Mapping[str, Any], kind: str, field: str) -> None:
    if jwk.get("use", "sig") != "sig":
        raise _refused(f"{field}.use", "is not sig.")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise _refused(f"{field}.key_ops", "does not name verify.")
    if jwk.get("alg") is not None and (kind, jwk["alg"]) not in [(need, name) for name, need in ALGORITHMS.items()]:
        raise _refused(f"{field}.alg", "is not an algorithm that is accepted for such a key.")


def _kid(jwk: Mapping[str, Any], field: str) -> str | None:
    kid = jwk.get("kid")
    if kid is None:
        return None
    if not isinstance(kid, str) or not 1 <= len(kid) <= 128 or not (kid.isascii() and kid.isprintable()):
        raise _refused(f"{field}.kid", "is not a text of 1 to 128 printable ASCII characters.")
    return kid


def _text(jwk: Mapping[str, Any], name: str, field: str) -> str:
    value = jwk.get(name)
    if not isinstance(value, str) or not _BASE64URL.fullmatch(value):
        raise _refused(f"{field}.{name}", "is not a base64url text.")
    return value


def _elliptic(jwk: Mapping[str, str]) -> PublicKey:
    if jwk["crv"] != "P-256":
        raise ValueError("another curve")
    point = ec.EllipticCurvePublicNumbers(_integer(jwk["x"], 32), _integer(jwk["y"], 32), ec.SECP256R1())
    return point.public_key()


def _rsa(jwk: Mapping[str, str]) -> PublicKey:
    key = rsa.RSAPublicNumbers(_integer(jwk["e"]), _integer(jwk["n"])).public_key()
    if not LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
        raise ValueError("too short or too long")
    return key


def _edwards(jwk: Mapping[str, str]) -> PublicKey:
    if jwk["crv"] != "Ed25519":
        raise ValueError("another curve")
    return ed25519.Ed25519PublicKey.from_public_bytes(_decoded(jwk["x"]))


_KINDS: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, str]], PublicKey]]] = {
    "EC": (("crv", "x", "y"), _elliptic),
    "RSA": (("e", "n"), _rsa),
    "OKP": (("crv", "x"), _edwards),
}
"""The members RFC 7638 counts, and how a key is made of them."""


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _integer(text: str, length: int | None = None) -> int:
    octets = _decoded(text)
    if length is not None and len(octets) != length:
        raise ValueError("another length")
    return int.from_bytes(octets)


def _encoded(number: int, length: int | None = None) -> str:
    octets = number.to_bytes(length or (number.bit_length() + 7) // 8)
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _refused(field: str, rule: str, remedy: str = "Send a public P-256, RSA or Ed25519 key as JWK.") -> InputRefused:
    return InputRefused(rule, field=field, code="KEY_REFUSED", remedy=remedy)


_STAND_IN_EDWARDS = {"kty": "OKP", "crv": "Ed25519", "x": "OXrQS1wjw0qyASynxaPnIR-qvWkJY-_CmLgMYdLNi8c"}
STAND_INS: dict[str, dict[str, str]] = {
    "ES256": {
        "kty": "EC",
        "crv": "P-256",
        "x": "k6LBL3JMH7twUvuGn_SqI5I57v4skYtXzqdgFSWdyWg",
        "y": "V2K0CRH7lWxm0UATNg4x5qDwcKpG4xuOhbHYIAXfaN0",
    },
    "PS256": {"kty": "RSA", "e": "AQAB", "n": _encoded(2**2048 - 1, 256)},
    "EdDSA": _STAND_IN_EDWARDS,
    "Ed25519": _STAND_IN_EDWARDS,
}
"""Keys that take the place of a key nobody enrolled; whatever they say, the answer is no."""
