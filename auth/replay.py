"""The memory of proofs already used: one table, so that all workers share it and a restart forgets nothing.

A proof is remembered by (kind, client, jti), never by its text, which can be written in two ways.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import replays
from auth.once import insert_once
from registry.audit.submission import Once
from registry.core.engines import insert_new
from registry.core.errors import Unauthenticated

KEPT_LONGER = timedelta(seconds=60)
"""A row outlives its proof by this, in case another worker's clock is behind."""


def once(kind: str, whose: str, token_id: str, *, expires_at: datetime) -> Once:
    """Return what is remembered of a proof: ``whose`` is its client, or the thumbprint of its key."""
    digest = hashlib.sha256(json.dumps([kind, whose, token_id]).encode()).digest()
    return Once(digest, expires_at + KEPT_LONGER)


def use(connection: Connection, kind: str, client: str, token_id: str, *, expires_at: datetime) -> None:
    """Use a proof; raises Unauthenticated when it has been used before."""
    used = once(kind, client, token_id, expires_at=expires_at)
    if not insert_once(connection, replays, digest=used.digest, expires_at=used.expires_at):
        raise Unauthenticated(
            "has been used before.", code="ASSERTION_REPLAYED", field="jti", remedy="Sign a new one for each request."
        )


def used(connection: Connection, uses: Sequence[Once]) -> frozenset[int]:
    """Use proofs, and return the places of those that have been used before, or stand earlier in the list.

    They are taken in the order of their digests, so that of two workers none waits for the other.
    """
    rows = {each.digest: each.expires_at for each in uses}
    left = set(insert_new(connection, replays, [(digest, rows[digest]) for digest in sorted(rows)]))
    before = set()
    for place, each in enumerate(uses):
        if each.digest in left:
            left.discard(each.digest)
        else:
            before.add(place)
    return frozenset(before)


def purge(connection: Connection, now: datetime) -> int:
    """Forget proofs that would be refused as expired anyway; return how many."""
    return connection.execute(sa.delete(replays).where(replays.c.expires_at < now)).rowcount
