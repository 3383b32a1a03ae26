"""Access tokens (RFC 9068): signed by this node, good for five minutes at most.

    {"iss": "https://registry.example", "aud": "https://registry.example/graphql",
     "sub": "ke-dci-desk", "client_id": "ke-dci-desk", "iat": …, "exp": …, "jti": "0197f3…",
     "authorization_details": [{"type": "urn:registry:query:v1", "purpose": …, "officer": …, …}]}

A token says who asked and why. What the asker may do is read from the register on each request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auth import jose
from auth.details import Details, of_item
from auth.keys import SigningKey
from registry.core.config import Settings

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


def audience(settings: Settings) -> str:
    """Return the address that tokens are for."""
    return f"{settings.public_url}/graphql"


def issue(claims: Claims, key: SigningKey, *, issuer: str, audience: str) -> str:
    """Return the signed token."""
    payload: dict[str, Any] = {  # JSON
        "iss": issuer,
        "aud": audience,
        "sub": claims.client,
        "client_id": claims.client,
        "iat": int(claims.issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "jti": claims.token_id,
    }
    if claims.details:
        payload["authorization_details"] = claims.details.as_json()
    return jose.sign(payload, key.private, algorithm="ES256", kid=key.kid, kind="at+jwt")


def claims_of(payload: Mapping[str, Any], *, issuer: str, audience: str) -> Claims:
    """Read what a token of ours says, all but whether it is still good."""
    if payload.get("iss") != issuer:
        raise PROFILE.refusal("iss", "is another issuer.")
    if payload.get("aud") != audience:
        raise PROFILE.refusal("aud", "is another audience.")
    client = payload.get("client_id")
    if not isinstance(client, str) or client != payload.get("sub"):
        raise PROFILE.refusal("client_id", "is not the client that sub names.")
    issued, expires = (datetime.fromtimestamp(PROFILE.moment(payload, name), UTC) for name in ("iat", "exp"))
    return Claims(client, PROFILE.token_id(payload), issued, expires, _details(payload))


def _details(payload: Mapping[str, Any]) -> Details | None:
    if "authorization_details" not in payload:
        return None
    try:
        (item,) = payload["authorization_details"]
        return of_item(item)
    except (KeyError, TypeError, ValueError):  # another version of this program signed it
        raise PROFILE.refusal("authorization_details", "is not understood here.") from None
