"""Proofs of possession: whoever holds a token shows, with each request, that they hold its key (RFC 9449).

    {"typ": "dpop+jwt", "alg": "ES256", "jwk": {…}}
    {"jti": "0197f3…", "htm": "POST", "htu": "https://registry.example/graphql", "iat": 1795278400, "ath": "fUHy…"}

A stolen token is worth nothing without the key, and a stolen proof nothing at another address, a minute later, with
another token, or a second time. ``checked`` does the twelve checks of section 4.3, all but the two that need more: the
caller compares the nonce's client, and uses the proof up (``Proof.once``).
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from auth import jose, jwk, replay
from auth.jwk import ALGORITHMS
from registry.audit.submission import Once
from registry.core.errors import InputRefused

LIFE = timedelta(seconds=60)
"""How long after it was signed a proof is good."""
CLOCK_DIFFERENCE = timedelta(seconds=10)
"""How far a client's clock may be ahead of ours."""

PROFILE = jose.Profile(types=frozenset({"dpop+jwt"}), algorithms=frozenset(ALGORITHMS), code="PROOF_REFUSED")


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that has been checked, all but its single use."""

    jkt: str
    """Thumbprint of the key (RFC 7638)."""
    token_id: str
    expires_at: datetime
    nonce: str | None = None

    @property
    def once(self) -> Once:
        """What is remembered of it once it is used."""
        return replay.once("dpop", self.jkt, self.token_id, expires_at=self.expires_at)


def checked(
    text: str, *, method: str, url: str, now: datetime, token: str | None = None,
    is_timely: Callable[[str], bool] = lambda _nonce: False,
) -> Proof:  # fmt: skip
    """Check a proof for a request; ``url`` is our own address, ``token`` what it has to speak for at the resource.

    ``is_timely`` says whether a nonce is ours and still good: then it tells the time, in the place of a clock that may
    be off (section 4.3, 11). Raises Unauthenticated (PROOF_REFUSED) naming the member and the rule.
    """
    compact = PROFILE.parse(text)
    key = _key(compact)
    if not jose.is_signed(compact, key.jwk):
        raise PROFILE.refusal("proof", "is not signed by the key that it names.")
    claims = compact.claims
    if claims.get("htm") != method:
        raise PROFILE.refusal("htm", "is not the method of this request.", f"Write {method}.")
    if _address(claims.get("htu")) != _address(url):
        raise PROFILE.refusal("htu", "is not the address of this request.", f"Write {url}")
    signed_at, nonce = PROFILE.moment(claims, "iat"), claims.get("nonce")
    if nonce is not None and not isinstance(nonce, str):
        raise PROFILE.refusal("nonce", "is not a text.")
    is_now = (now - LIFE).timestamp() <= signed_at <= (now + CLOCK_DIFFERENCE).timestamp()
    if not is_now and not (nonce and is_timely(nonce)):
        raise PROFILE.refusal("iat", f"is not within the last {LIFE.seconds} seconds.", "Set the clock.")
    if token is not None and claims.get("ath") != digest(token):
        raise PROFILE.refusal("ath", "is not the digest of this token.", "Sign a proof for each request.")
    return Proof(
        thumbprint(key), PROFILE.token_id(claims), now + LIFE + CLOCK_DIFFERENCE, nonce
    )  # it may be ahead of us by that


def _key(compact: jose.Compact) -> jwk.VerifyingKey:
    """Return the key that a proof brings: here, and only here, a header's key is looked at."""
    try:
        key = jwk.public_key(compact.header.get("jwk"), "jwk")
    except InputRefused as refusal:
        raise PROFILE.refusal(refusal.field or "jwk", str(refusal.args[0]), refusal.remedy) from None
    if compact.algorithm not in key.algorithms:
        raise PROFILE.refusal("alg", "does not fit the key.")
    return key


def thumbprint(key: jwk.VerifyingKey) -> str:
    """Return the thumbprint of a key, whatever it calls itself."""
    return jwk.thumbprint({name: value for name, value in key.jwk.items() if name != "kid"})


def digest(token: str) -> str:
    """Return what stands in ``ath`` for a token."""
    return urlsafe_b64encode(hashlib.sha256(token.encode("ascii")).digest()).rstrip(b"=").decode()


_PORTS = {"https": 443, "http": 80}


def _address(value: object) -> tuple[str, str, int | None, str] | None:
    """Return an address without query and fragment, in its normal form (RFC 3986, 6.2.2 and 6.2.3)."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:  # brackets that don't close, a port that is none
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return scheme, parts.hostname, port or _PORTS[scheme], parts.path or "/"
