"""Signed tokens, and the only importer of PyJWT.

A token (RFC 7515, compact form) is three base64url parts:

    {"alg":"ES256","kid":"…","typ":"at+jwt"} . {"iss":"https://registry.example",…} . signature

PyJWT does the signatures and nothing else. It would let pass what a register can't: any
``typ``, members given twice, claims that are missing or of another type. So each use of a
token has its own ``Profile`` (RFC 8725, 3.11 and 3.12), which reads the text strictly before any key
is looked at, and claims are checked against the moment the caller hands over.

Keys are those that were enrolled, never those a header brings: ``jwk``, ``jku``, ``x5u`` and
``x5c`` are not looked at. A proof of possession alone brings its own (dpop.py).
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwt import PyJWS  # noqa: TID251  this is the one module that speaks JOSE
from jwt.algorithms import OKPAlgorithm  # noqa: TID251  as above
from jwt.exceptions import PyJWTError  # noqa: TID251  as above

from auth import strict
from auth.jwk import ALGORITHMS, STAND_INS, PrivateKey, public_key
from registry.core.errors import Unauthenticated

LONGEST = 8192
"""Characters of a token; ours have some 700."""
LONGEST_KID = 128
LATEST = 253_402_300_799
"""The last second of the year 9999: no moment beyond it can be written down."""
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)

_JWS = PyJWS(algorithms=["ES256", "PS256", "EdDSA"], options={"enforce_minimum_key_length": True})
_JWS.register_algorithm("Ed25519", OKPAlgorithm())  # RFC 9864's name for what PyJWT knows as EdDSA


@dataclass(frozen=True, slots=True)
class Compact:
    """A token that has been read and not yet believed."""

    text: str
    header: Mapping[str, Any]  # JSON: any value until a claim is checked
    claims: Mapping[str, Any]

    @property
    def algorithm(self) -> str:
        """The header's ``alg``, which its profile allows."""
        return str(self.header["alg"])

    @property
    def kid(self) -> str | None:
        """The name of the key that is said to have signed."""
        return self.header.get("kid")


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of token looks like, and the code of its refusal."""

    types: frozenset[str]
    """Values of ``typ`` in lower case; the empty one stands for none."""
    algorithms: frozenset[str]
    code: str

    def refusal(self, member: str, rule: str, remedy: str | None = None) -> Unauthenticated:
        """Return the error that names a member and the rule it breaks."""
        return Unauthenticated(rule, code=self.code, field=member, remedy=remedy)

    def parse(self, text: str) -> Compact:
        """Read a token strictly; nothing in it is believed yet."""
        if len(text) > LONGEST:
            raise self.refusal("token", f"is longer than {LONGEST} characters.")
        if not _COMPACT.fullmatch(text):
            raise self.refusal("token", "is not three base64url parts joined by dots.")
        header, claims, _ = text.split(".")
        compact = Compact(text, self._read(header, "header"), self._read(claims, "claims"))
        self._check(compact.header)
        return compact

    def _read(self, part: str, name: str) -> dict[str, Any]:
        try:
            value = strict.parse(urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8"))
        except ValueError:
            raise self.refusal(name, "is not JSON in which each member stands once.") from None
        if not isinstance(value, dict):
            raise self.refusal(name, "is not a JSON object.")
        return value

    def _check(self, header: Mapping[str, Any]) -> None:
        kind = header.get("typ", "")
        if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in self.types:
            raise self.refusal("typ", "names another kind of token.")
        if header.get("alg") not in sorted(self.algorithms):  # sorted: a list looks at an unhashable value calmly
            raise self.refusal("alg", "is not allowed here.", f"Use {', '.join(sorted(self.algorithms))}.")
        if "crit" in header:
            raise self.refusal("crit", "names extensions that are not understood here.")
        kid = header.get("kid", "")
        if not isinstance(kid, str) or len(kid) > LONGEST_KID:
            raise self.refusal("kid", f"is not a text of at most {LONGEST_KID} characters.")

    def moment(self, claims: Mapping[str, Any], member: str) -> float:
        """Return a numeric date (RFC 7519, section 2) as seconds since 1970."""
        value = claims.get(member)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LATEST:
            raise self.refusal(member, "is not a number of seconds since 1970.")
        return float(value)

    def token_id(self, claims: Mapping[str, Any]) -> str:
        """Return the ``jti``, by which a token is remembered: its text may be written in two ways."""
        value = claims.get("jti")
        if not isinstance(value, str) or not 8 <= len(value) <= 128 or not (value.isascii() and value.isprintable()):
            raise self.refusal("jti", "is not a text of 8 to 128 printable ASCII characters.")
        return value


def is_signed(compact: Compact, jwk: Mapping[str, Any] | None) -> bool:
    """Check the signature against one enrolled key.

    Without a key a stand-in of the same kind is read and used, so that the time of an answer
    doesn't tell whether there was one.
    """
    key = public_key(jwk or STAND_INS[compact.algorithm])
    try:
        _JWS.decode(compact.text, key.material, algorithms=sorted(key.algorithms))
    except PyJWTError:
        return False
    return jwk is not None


def chosen(jwks: Mapping[str, Any], compact: Compact) -> Mapping[str, Any] | None:
    """Return the enrolled key that the header names, or, when it names none, the only one that fits."""
    fitting = [jwk for jwk in jwks["keys"] if ALGORITHMS[compact.algorithm] == jwk["kty"]]
    if compact.kid is not None:
        fitting = [jwk for jwk in fitting if jwk["kid"] == compact.kid]
    return fitting[0] if len(fitting) == 1 else None


def sign(
    claims: Mapping[str, Any], key: PrivateKey, *, algorithm: str, kind: str, kid: str | None = None,
    jwk: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Return a signed token of this kind, whose header names its key, or brings it."""
    payload = json.dumps(claims, separators=(",", ":")).encode()
    header = {"typ": kind, "kid": kid, "jwk": jwk}
    return _JWS.encode(payload, key, algorithm, headers={name: value for name, value in header.items() if value})
