"""What a token says and whether it is still good, for those whose task is to know it (RFC 7662).

    POST /oauth/introspect    token=eyJ…&client_assertion=…      {"active": true, "client_id": …, "cnf": …, …}

The scope ``introspect_tokens`` lets a client ask. Whatever is wrong with a token, the answer is ``{"active": false}``.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from auth import directory, tokens
from auth.directory import Client
from auth.tokens import Claims
from registry.core.errors import Forbidden, Unauthenticated

SCOPE = "introspect_tokens"
INACTIVE: dict[str, Any] = {"active": False}  # Any: JSON


def check_scope(client: Client) -> None:
    """Raise Forbidden for a client whose task it is not."""
    if SCOPE not in client.scopes:
        raise Forbidden(
            "This client may not ask after tokens.", code="INTROSPECTION_REFUSED",
            remedy=f"Ask the node's operator for the scope {SCOPE}.",
        )  # fmt: skip


def told(connection: Connection, claims: Claims | None, now: datetime, *, issuer: str, audience: str) -> dict[str, Any]:
    """Return what is answered: of a token that is good by the state of this moment all it says, else nothing."""
    if claims is None:
        return INACTIVE
    try:
        directory.actor(connection, claims, now)
    except Unauthenticated:
        return INACTIVE
    return {"active": True, "token_type": "DPoP" if claims.jkt else "Bearer"} | tokens.payload(
        claims, issuer=issuer, audience=audience
    )
