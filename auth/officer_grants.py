"""Officer grants: an agency's authority signs for its officer, purpose and case (RFC 7523, 2.1; RFC 9396).

    {"typ": "authorization-grant+jwt", "alg": "ES256", "kid": "…"}
    {"iss": "nl-police", "sub": "NL/4471", "aud": "https://registry.example", "exp": …, "iat": …, "jti": "0197f3…",
     "auth_time": 1795278000, "acr": "urn:example:loa:high", "authorization_details": [{…, "officer": "NL/4471"}]}

``iss`` is the agency as it is enrolled here, and only its grant keys are looked at: a client's key signs for nobody.
The whole text is kept with the log's entry, so that who asked is the agency's word, signed, and not ours.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from auth import details, jose
from auth.details import Details
from auth.jwk import ALGORITHMS

LONGEST_LIFE = 120
"""Seconds that a grant may still be good for when it arrives."""
CLOCK_DIFFERENCE = 10
"""Seconds that the authority's clock may be ahead of ours."""
LONGEST_SIGN_IN = timedelta(hours=8)
"""How long ago the officer may have signed in at their authority: a working day."""
LONGEST_ACR = 200

PROFILE = jose.Profile(
    types=frozenset({"authorization-grant+jwt"}), algorithms=frozenset(ALGORITHMS), code="GRANT_REFUSED"
)


@dataclass(frozen=True, slots=True)
class OfficerGrant:
    """A grant that has been checked, all but its single use."""

    agency: str
    token_id: str
    expires_at: datetime
    authenticated_at: datetime
    acr: str
    """How the officer signed in, by the authority's names."""
    details: Details
    text: str = field(repr=False)
    """The evidence."""


def parse(text: str) -> jose.Compact:
    """Read a grant; nothing is proved yet."""
    return PROFILE.parse(text)


def checked(
    compact: jose.Compact, *, agency: str, issuer: str, country: details.Country, now: datetime
) -> OfficerGrant:
    """Return what a grant says, once its signature has been found good; ``agency`` is the client's own.

    Raises Unauthenticated (GRANT_REFUSED) and InputRefused (DETAILS_REFUSED), naming the member.
    """
    claims, moment = compact.claims, now.timestamp()
    if claims.get("iss") != agency:
        raise PROFILE.refusal("iss", "is not the agency of this client.")
    if claims.get("aud") != issuer:
        raise PROFILE.refusal("aud", "is not our issuer as one text.", f"Write {issuer}")
    if "act" in claims:
        raise PROFILE.refusal("act", "is not offered.", "Let the officer's own agency sign, and ask with its client.")
    expiry, signed_at = PROFILE.moment(claims, "exp"), PROFILE.moment(claims, "iat")
    if expiry <= moment:
        raise PROFILE.refusal("exp", "has passed.")
    if expiry > moment + LONGEST_LIFE:
        raise PROFILE.refusal("exp", f"is more than {LONGEST_LIFE} seconds ahead.")
    if max(signed_at, PROFILE.moment({"nbf": signed_at} | dict(claims), "nbf")) > moment + CLOCK_DIFFERENCE:
        raise PROFILE.refusal("iat", "or nbf lies in the future.", "Set the clock.")
    return OfficerGrant(
        agency, PROFILE.token_id(claims), datetime.fromtimestamp(expiry, UTC), _authenticated_at(claims, now),
        _acr(claims), _details(claims, country), compact.text,
    )  # fmt: skip


def _authenticated_at(claims: Any, now: datetime) -> datetime:  # Any: JSON, as below
    seconds, moment = PROFILE.moment(claims, "auth_time"), now.timestamp()
    if not moment - LONGEST_SIGN_IN.total_seconds() <= seconds <= moment + CLOCK_DIFFERENCE:
        hours = LONGEST_SIGN_IN.seconds // 3600
        raise PROFILE.refusal("auth_time", f"is not within the last {hours} hours.", "Let the officer sign in anew.")
    return datetime.fromtimestamp(seconds, UTC)


def _acr(claims: Any) -> str:
    value = claims.get("acr")
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_ACR:
        raise PROFILE.refusal("acr", "does not tell how the officer signed in.")
    if not (value.isascii() and value.isprintable()):
        raise PROFILE.refusal("acr", "is not printable ASCII.")
    return value


def _details(claims: Any, country: details.Country) -> Details:
    found = details.checked(claims.get(details.PARAMETER), country)
    if claims.get("sub") != found.officer:
        raise PROFILE.refusal("sub", "is not the officer that authorization_details names.")
    return found
