"""The outbox of recalls: whoever received a record is owed a word when it doesn't hold any more.

Data Protection Act 2019 s. 40: third parties who received the data are told. The cross-border room sends what stands
here and writes down who acknowledged it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import disclosures
from registry.core.engines import insert_many
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Purpose
from registry.editions import life
from registry.profiles import queries
from registry.profiles.models import profiles, recalls
from registry.profiles.standing import SEARCHABLE
from registry.profiles.vetting import Proposal
from registry.work import Work

Kind = Literal["withdrawn", "corrected"]
NOT_TOLD = frozenset({Purpose.SUBJECT_REQUEST.value})
"""What the desk looks up goes to the person concerned, who is answered there."""


def owe(work: Work, version: Proposal, kind: Kind) -> int:
    """Leave a recall for each recipient but the owner; return how many.

    Of a correction only those of the last months are told, as the country edition says; of a withdrawal all.
    """
    concerned = [version.profile, *([version.other] if version.other else ())]
    known_by = queries.with_merged(work.connection, concerned)  # who received one of these knows the person by it
    since = None
    if kind == "corrected":
        day = life.notice_since(work.edition, work.now.date())
        since = datetime(day.year, day.month, day.day, tzinfo=work.now.tzinfo)
    owed = [
        _row(profile, agency, kind, version.id, version.order_number, last, work.now)
        for profile in known_by
        for agency, last in disclosures.recipients(work.connection, profile, since=since, but=NOT_TOLD)
        if agency != version.record.owner
    ]
    insert_many(work.connection, recalls, owed)
    return len(owed)


def _row(
    profile: UUID, agency: str, kind: Kind, revision: UUID, order_number: str | None, last: datetime, now: datetime
) -> tuple[object, ...]:
    return (new_id(), profile, agency, kind, revision, order_number, last, now, None)


def owed(
    connection: Connection, owner: str, known: Collection[str], *, at_rest: bool, after: UUID | None, limit: int
) -> list[sa.RowMapping]:  # fmt: skip
    """Return recalls of an agency's records of known clearances that nobody has acknowledged, oldest first.

    ``at_rest``: of all of them, whatever they stand as.
    """
    statement = (
        sa.select(recalls)
        .join(profiles, profiles.c.id == recalls.c.profile)
        .where(recalls.c.acknowledged_at.is_(None), profiles.c.owner == owner, profiles.c.clearance.in_(known))
    )
    if not at_rest:
        statement = statement.where(profiles.c.standing.in_([each.value for each in SEARCHABLE]))
    if after is not None:
        statement = statement.where(recalls.c.id > after)
    return list(connection.execute(statement.order_by(recalls.c.id).limit(limit)).mappings())


def owe_expired(connection: Connection, profile: UUID, owner: str, revision: UUID, now: datetime) -> int:
    """Leave recalls for the recipients of a record whose time is over."""
    owed_rows = [
        _row(each, agency, "withdrawn", revision, None, last, now)
        for each in queries.with_merged(connection, [profile])
        for agency, last in disclosures.recipients(connection, each, but=NOT_TOLD)
        if agency != owner
    ]
    insert_many(connection, recalls, owed_rows)
    return len(owed_rows)
