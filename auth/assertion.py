"""Client assertions: a client proves with its key who it is (private_key_jwt, RFC 7523 and FAPI 2.0, 5.3.2.1).

    {"iss": "ke-dci-desk", "sub": "ke-dci-desk", "aud": "https://registry.example",
     "exp": 1795278460, "iat": 1795278400, "jti": "0197f3…"}

``aud`` is our issuer as one text: a list, or the endpoint's address, is how a proof meant for another
server finds its way here. Clocks may differ by ten seconds.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from auth import jose, names
from auth.jwk import ALGORITHMS

LONGEST_LIFE = 300
"""Seconds that an assertion may still be good for when it arrives."""
CLOCK_DIFFERENCE = 10
"""Seconds that a client's clock may be ahead of ours; FAPI 2.0 wants 10 accepted and 60 refused."""

PROFILE = jose.Profile(
    types=frozenset({"", "jwt", "client-authentication+jwt"}),
    algorithms=frozenset(ALGORITHMS),
    code="ASSERTION_REFUSED",
)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A proof that has been checked, all but its single use."""

    client: str
    token_id: str
    expires_at: datetime


def parse(text: str) -> jose.Compact:
    """Read an assertion that names a client; nothing is proved yet."""
    compact = PROFILE.parse(text)
    if not names.is_client(compact.claims.get("sub")):
        raise PROFILE.refusal("sub", "is not the id of a client.")
    return compact


def checked(compact: jose.Compact, *, issuer: str, now: datetime) -> Assertion:
    """Return what an assertion proves, once its signature has been found good."""
    claims, moment = compact.claims, now.timestamp()
    if claims.get("iss") != claims["sub"]:
        raise PROFILE.refusal("iss", "is not the client that sub names.")
    if claims.get("aud") != issuer:
        raise PROFILE.refusal("aud", "is not our issuer as one text.", f"Write {issuer}")
    expiry = PROFILE.moment(claims, "exp")
    if expiry <= moment:
        raise PROFILE.refusal("exp", "has passed.")
    if expiry > moment + LONGEST_LIFE:
        raise PROFILE.refusal("exp", f"is more than {LONGEST_LIFE} seconds ahead.", "60 are enough.")
    for member in ("iat", "nbf"):
        if member in claims and PROFILE.moment(claims, member) > moment + CLOCK_DIFFERENCE:
            raise PROFILE.refusal(member, "lies in the future.", "Set the clock.")
    return Assertion(claims["sub"], PROFILE.token_id(claims), datetime.fromtimestamp(expiry, UTC))
