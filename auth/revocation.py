"""Tokens that are given back before they end (RFC 7009).

    POST /oauth/revoke      token=eyJ…&client_assertion=…        200, and refused from the next request on

A client gives back its own tokens only. One that has ended, or is none of ours, is answered like one that is revoked.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import revoked_tokens
from auth.once import insert_once
from auth.tokens import Claims

KEPT_LONGER = timedelta(seconds=60)
"""A row outlives its token by this, in case another worker's clock is behind."""


def revoke(connection: Connection, claims: Claims, now: datetime) -> bool:
    """Remember that a token was given back, until it would end anyway; say whether it was not before."""
    return insert_once(
        connection, revoked_tokens, token_id=claims.token_id, client=claims.client, revoked_at=now,
        expires_at=claims.expires_at + KEPT_LONGER,
    )  # fmt: skip


def purge(connection: Connection, now: datetime) -> int:
    """Forget tokens that have ended by now; return how many."""
    return connection.execute(sa.delete(revoked_tokens).where(revoked_tokens.c.expires_at < now)).rowcount
