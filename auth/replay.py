"""The memory of proofs already used: one table, so that all workers share it and a restart forgets nothing.

A proof is remembered by (kind, client, jti), never by its text, which can be written in two ways.
"""

import hashlib
import json
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import replays
from auth.once import insert_once
from registry.core.errors import Unauthenticated

KEPT_LONGER = timedelta(seconds=60)
"""A row outlives its proof by this, in case another worker's clock is behind."""


def use(connection: Connection, kind: str, client: str, token_id: str, *, expires_at: datetime) -> None:
    """Use a proof; raises Unauthenticated when it has been used before."""
    digest = hashlib.sha256(json.dumps([kind, client, token_id]).encode()).digest()
    if not insert_once(connection, replays, digest=digest, expires_at=expires_at + KEPT_LONGER):
        raise Unauthenticated(
            "has been used before.", code="ASSERTION_REPLAYED", field="jti", remedy="Sign a new one for each request."
        )


def purge(connection: Connection, now: datetime) -> int:
    """Forget proofs that would be refused as expired anyway; return how many."""
    return connection.execute(sa.delete(replays).where(replays.c.expires_at < now)).rowcount
