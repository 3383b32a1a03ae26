"""Access tokens (RFC 9068): signed by this node, good for five minutes at most.

    {"iss": "https://registry.example", "aud": "https://registry.example/graphql",
     "sub": "ke-dci-desk", "client_id": "ke-dci-desk", "iat": …, "exp": …, "jti": "0197f3…",
     "cnf": {"jkt": "0ZcO…"}, "attribution": "stated",
     "authorization_details": [{"type": "urn:registry:query:v1", "purpose": …, "officer": …, …}]}

A token says who asked and why, and whose key has to be shown with it (``cnf``). Where the officer's authority has
signed, ``sub`` is the officer, ``<agency> <reference>``, which no client is called. What the asker may do is read from
the register on each request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auth import jose
from auth.details import Details, of_item
from auth.keys import SigningKey
from registry.core.config import Settings
from registry.disclosure.vocabulary import Attribution

PROFILE = jose.Profile(types=frozenset({"at+jwt"}), algorithms=frozenset({"ES256"}), code="TOKEN_INVALID")


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says."""

    client: str
    token_id: str
    issued_at: datetime
    expires_at: datetime
    details: Details | None = None
    """Officer, purpose and case; without them no person is opened."""
    jkt: str | None = None
    """Thumbprint of the key whose proof has to come with it (RFC 9449, 6.1)."""
    certificate: str | None = None
    """Thumbprint of the certificate over which it has to come (RFC 8705, 3.1)."""
    attribution: Attribution = Attribution.AGENCY
    """How surely it is known who asks."""
    authenticated_at: datetime | None = None
    """When the officer proved to their authority who they are."""
    subject: str | None = None
    """The officer whom their authority has signed for, as ``auth.scope.officer_key`` calls them."""
    session: bytes | None = None
    """SHA-256 of a session's secret: then this is no token, and all else is known only when the session is read."""


def audience(settings: Settings) -> str:
    """Return the address that tokens are for."""
    return f"{settings.public_url}/graphql"


def issue(claims: Claims, key: SigningKey, *, issuer: str, audience: str) -> str:
    """Return the signed token."""
    said = payload(claims, issuer=issuer, audience=audience)
    return jose.sign(said, key.private, algorithm="ES256", kid=key.kid, kind="at+jwt")


def payload(claims: Claims, *, issuer: str, audience: str) -> dict[str, Any]:
    """Return what a token says, member by member."""
    said: dict[str, Any] = {  # JSON
        "iss": issuer,
        "aud": audience,
        "sub": claims.subject or claims.client,
        "client_id": claims.client,
        "iat": int(claims.issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "jti": claims.token_id,
    }
    if claims.details:
        said["authorization_details"] = claims.details.as_json()
        said["attribution"] = claims.attribution.name.lower()
    if claims.authenticated_at is not None:
        said["auth_time"] = int(claims.authenticated_at.timestamp())
    said["cnf"] = confirmation(claims)
    return said


def confirmation(claims: Claims) -> dict[str, str]:
    """Return what a token is bound to, by the names of RFC 9449 and RFC 8705."""
    return {name: value for name, value in (("jkt", claims.jkt), ("x5t#S256", claims.certificate)) if value}


def claims_of(payload: Mapping[str, Any], *, issuer: str, audience: str) -> Claims:
    """Read what a token of ours says, all but whether it is still good."""
    if payload.get("iss") != issuer:
        raise PROFILE.refusal("iss", "is another issuer.")
    if payload.get("aud") != audience:
        raise PROFILE.refusal("aud", "is another audience.")
    client, subject = payload.get("client_id"), payload.get("sub")
    if not isinstance(client, str) or not isinstance(subject, str):
        raise PROFILE.refusal("client_id", "or sub is not given.")
    issued, expires = (datetime.fromtimestamp(PROFILE.moment(payload, name), UTC) for name in ("iat", "exp"))
    wanted = _details(payload)
    jkt, certificate = _confirmation(payload)
    attribution = _attribution(payload) if wanted else Attribution.AGENCY
    if subject != client and (attribution is not Attribution.GRANTED or " " not in subject):
        raise PROFILE.refusal("sub", "is neither the client nor an officer whose authority has signed.")
    return Claims(
        client, PROFILE.token_id(payload), issued, expires, wanted, jkt, certificate, attribution,
        _authenticated_at(payload), subject if subject != client else None,
    )  # fmt: skip


def _confirmation(payload: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return what a token is bound to; one that is bound to nothing is none of ours."""
    bound = payload.get("cnf")
    jkt, certificate = (bound.get("jkt"), bound.get("x5t#S256")) if isinstance(bound, Mapping) else (None, None)
    if not (isinstance(jkt, str) or isinstance(certificate, str)):
        raise PROFILE.refusal("cnf", "binds the token to no key.")
    return jkt, certificate


def _attribution(payload: Mapping[str, Any]) -> Attribution:
    try:
        return Attribution[str(payload.get("attribution")).upper()]
    except KeyError:
        raise PROFILE.refusal("attribution", "is not known here.") from None


def _authenticated_at(payload: Mapping[str, Any]) -> datetime | None:
    return datetime.fromtimestamp(PROFILE.moment(payload, "auth_time"), UTC) if "auth_time" in payload else None


def _details(payload: Mapping[str, Any]) -> Details | None:
    if "authorization_details" not in payload:
        return None
    try:
        (item,) = payload["authorization_details"]
        return of_item(item)
    except (KeyError, TypeError, ValueError):  # another version of this program signed it
        raise PROFILE.refusal("authorization_details", "is not understood here.") from None
