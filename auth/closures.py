"""The kill switch where a request has been let in already: answers that wait for the log, and streams.

    turned_away(connection, [entry, …])     frozenset({0}): what was shut out between its question and its answer
    count(connection)                       grows with each closing: whoever listens looks again

A request reads closures with the rest of live state (directory.actor). What is closed after that must not be answered
either, so the log's writer asks once more, under the log's lock: behind the entry of a closing, no entry of whom it
shut out is allowed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import agreements, closures
from auth.scope import Scope, officer_key
from registry.audit.events import Entry, Outcome

LATEST = timedelta(seconds=30)
"""How much sooner a closing may have come than the question, and yet not be seen by it: clocks, and the time that both
take to their commits."""

_RELEASING = frozenset({Outcome.ALLOWED, Outcome.PARTIAL})

_RECENT = (
    sa.select(closures.c.scope, closures.c.key, closures.c.closed_at, agreements.c.agency)
    .outerjoin_from(
        closures, agreements, (closures.c.scope == Scope.AGREEMENT.value) & (agreements.c.code == closures.c.key)
    )
    .where(closures.c.closed_at > sa.bindparam("moment", type_=closures.c.closed_at.type))
    .where(closures.c.opened_at.is_(None))
)


def turned_away(connection: Connection, waiting: Sequence[Entry]) -> frozenset[int]:
    """Return the places of entries whose answers may not leave any more."""
    releasing = [(place, entry) for place, entry in enumerate(waiting) if entry.outcome in _RELEASING]
    if not releasing:
        return frozenset()
    recent = connection.execute(_RECENT, {"moment": min(entry.at for _, entry in releasing) - LATEST}).all()
    if not recent:
        return frozenset()
    shut = {(row.scope, row.key) for row in recent}
    abroad = [(row.agency, row.closed_at) for row in recent if row.scope == Scope.AGREEMENT]
    withheld = [row.closed_at for row in recent if row.scope == Scope.FIELD_CLASS]
    return frozenset(
        place for place, entry in releasing if not shut.isdisjoint(_names(entry)) or _overtaken(entry, abroad, withheld)
    )


def _names(entry: Entry) -> list[tuple[str, str]]:
    """Return every key by which whoever an entry is about may have been shut out."""
    agency, officer = entry.agency or "", entry.officer_reference
    named = [(Scope.CLIENT.value, entry.client or ""), (Scope.AGENCY.value, agency)]
    return [*named, (Scope.OFFICER.value, officer_key(agency, officer))] if officer else named


def _overtaken(entry: Entry, abroad: Sequence[tuple[str, datetime]], withheld: Sequence[datetime]) -> bool:
    """Say whether a field class, or an agreement of the agency, was closed while this was answered.

    An entry does not say what it rests on, so whatever was under way is asked for again.
    """
    return any(closed_at > entry.at for closed_at in withheld) or any(
        agency == entry.agency and closed_at > entry.at for agency, closed_at in abroad
    )


def count(connection: Connection) -> int:
    """Return how many closings there have been; no row is ever deleted."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(closures)).scalar_one())
