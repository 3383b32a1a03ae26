"""Sessions: who is signed in at a browser. Rules and queries.

    secret = cookies.secret()
    number = open_session(connection, secret, SignedIn(officer, Method.PASSKEY, at, passkey=key), source="192.0.2.1")
    who = actor(connection, cookies.digest(secret), now, home="KE")        live state, one statement
    renew(connection, number, new_secret, at)                              step-up: another secret, the same session

A session is a row. What the browser holds is 256 random bits; the row keeps their SHA-256. It ends after fifteen
minutes without a question and eight hours after it began (docs/signing-in.md), when its owner or an administrator ends
it, and with the passkey it was opened by; who is shut out is shut out here as well: that is read on each request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth import reasons
from auth.actor import Actor
from auth.directory import (
    CLOSED_CLASSES,
    REFERENCE,
    Scope,
    agreement_of,
    field_classes,
    from_abroad,
    is_shut,
    officer_of,
    officer_shut,
)
from auth.models import agencies, agreements, case_contexts, officers, sessions
from registry.audit import meters
from registry.core import reach
from registry.core.columns import Moment
from registry.core.errors import Unauthenticated
from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Attribution, Purpose

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down that a session is in use: it is idle up to so much sooner."""
KEPT = timedelta(days=30)
"""How long an ended session stays in the list; the log has it for ever."""
CLIENT = "browser"
"""What the log calls the client of every session."""


class Method(StrEnum):
    """How somebody signed in."""

    IDENTITY = "identity"
    """At the national identity provider."""
    PASSKEY = "passkey"
    """With a passkey that is registered here."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a good proof of identity says."""

    officer: UUID
    method: Method
    authenticated_at: datetime
    """When the person proved who they are: at the provider it may be earlier than now."""
    passkey: UUID | None = None
    provider_session: str | None = None
    """What the provider calls its own session, by which it ends ours."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner sees it."""

    id: UUID
    officer: UUID
    agency: str
    reference: str
    method: Method
    source: str | None
    created_at: datetime
    authenticated_at: datetime
    seen_at: datetime
    expires_at: datetime

    def as_json(self, *, current: UUID | None = None) -> dict[str, object]:
        """Return it as an answer tells it."""
        return {
            "id": public_id("session", self.id), "agency": self.agency, "officer": self.reference,
            "method": self.method.value, "source": self.source,
            "createdAt": told(self.created_at), "authenticatedAt": told(self.authenticated_at),
            "seenAt": told(self.seen_at), "expiresAt": told(min(self.expires_at, self.seen_at + IDLE)),
            "isCurrent": self.id == current,
        }  # fmt: skip


def told(moment: datetime) -> str:
    """Return a moment as answers tell it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def session_ended() -> Unauthenticated:
    """Return the refusal of a secret that opens nothing: unknown, ended, over, or its officer shut out."""
    return Unauthenticated("There is no such session, or it has ended.", code="SESSION_ENDED", remedy="Sign in again.")


_NOW = sa.bindparam("now", type_=Moment())
_IS_LIVE = (
    sessions.c.ended_at.is_(None)
    & (sessions.c.expires_at > _NOW)
    & (sessions.c.seen_at > sa.bindparam("idle_since", type_=Moment()))
)
_MAY_ASK = ~officer_shut() & ~is_shut(Scope.AGENCY, officers.c.agency)

_ACTOR = (
    sa.select(
        sessions.c.id.label("session"),
        sessions.c.authenticated_at,
        sessions.c.seen_at,
        officers.c.agency,
        agencies.c.country,
        officers.c.id,
        officers.c.reference,
        officers.c.chain,
        officers.c.roles,
        officers.c.clearance,
        case_contexts.c.purpose,
        case_contexts.c.case_reference,
        case_contexts.c.legal_basis,
        case_contexts.c.agreement.label("asked_under"),
        agreements.c.code.label("agreement"),
        agreements.c.tier,
        agreements.c.distinct_subjects,
        CLOSED_CLASSES.label("closed_classes"),
        agreements.c.purposes,
        agreements.c.legal_bases,
        reasons.OWED,
        *meters.spent(meters.principals(REFERENCE, officers.c.agency, case_contexts.c.case_reference)),
        *reach.reaching(officers.c.id, agencies.c.code, agencies.c.country, case_contexts.c.purpose),
    )
    .select_from(
        sessions.join(officers, officers.c.id == sessions.c.officer)
        .join(agencies, agencies.c.code == officers.c.agency)
        .outerjoin(
            case_contexts, (case_contexts.c.session == sessions.c.id) & case_contexts.c.closed_at.is_(None)
        )
        .outerjoin(
            agreements,
            (agreements.c.code == case_contexts.c.agreement)
            & (agreements.c.agency == officers.c.agency)
            & (agreements.c.since <= _NOW)
            & (agreements.c.until > _NOW)
            & ~is_shut(Scope.AGREEMENT, agreements.c.code),
        )
    )
    .where(sessions.c.digest == sa.bindparam("digest"), _IS_LIVE, _MAY_ASK)
)  # fmt: skip


def actor(connection: Connection, digest: bytes, now: datetime, *, home: str) -> tuple[Actor, datetime]:
    """Return who asks, by the state of this moment, and when they were last seen. Raises Unauthenticated.

    A case whose agreement is not in force any more is no case: what needs one is refused.
    """
    given = {"digest": digest, "now": now, "idle_since": now - IDLE} | meters.windows(now)
    row = connection.execute(_ACTOR, given | reach.asking(connection, purpose=None, home=home)).first()
    if row is None:
        raise session_ended()
    is_partner = row.country != home
    officer = officer_of(row, row.reference)
    case = (Purpose(row.purpose), row.case_reference, row.legal_basis) if _holds(row, is_partner=is_partner) else None
    purpose, case_reference, legal_basis = case or (None, None, None)
    found = Actor(
        CLIENT, row.agency, str(row.session), officer=from_abroad(officer) if is_partner else officer,
        purpose=purpose, case_reference=case_reference, legal_basis=legal_basis,
        principal=f"{row.agency} {row.reference}", spent=meters.read_spent(row),
        country=row.country, is_partner=is_partner, agreement=agreement_of(row),
        attribution=Attribution.GRANTED, closed=field_classes(row.closed_classes),
        authenticated_at=row.authenticated_at, session=row.session, owes=row.owes,
    )  # fmt: skip
    return found, row.seen_at


def _holds(row: Any, *, is_partner: bool) -> bool:  # Any: a row of the statement
    """Say whether a case is open, and its agreement, which a partner needs, still in force and for this."""
    if row.purpose is None:
        return False
    if row.agreement is None:
        return row.asked_under is None and not is_partner
    return row.purpose in row.purposes and row.legal_basis in row.legal_bases


def open_session(
    connection: Connection, secret_digest: bytes, proof: SignedIn, at: datetime, source: str | None
) -> UUID:
    """Write down a new session and return its number."""
    number = new_id()
    connection.execute(
        sa.insert(sessions).values(
            id=number,
            digest=secret_digest,
            officer=proof.officer,
            method=proof.method.value,
            passkey=proof.passkey,
            provider_session=proof.provider_session,
            source=source,
            created_at=at,
            authenticated_at=proof.authenticated_at,
            seen_at=at,
            expires_at=at + ABSOLUTE,
        )
    )
    return number


def renew(connection: Connection, number: UUID, secret_digest: bytes, proof: SignedIn, at: datetime) -> bool:
    """Write down that its owner has proved anew who they are, and give it another secret.

    It ends when it would have ended. False for a session that is another officer's, or over.
    """
    done = connection.execute(
        sa.update(sessions)
        .where(sessions.c.id == number, sessions.c.officer == proof.officer, _IS_LIVE)
        .values(digest=secret_digest, authenticated_at=proof.authenticated_at, seen_at=at),
        {"now": at, "idle_since": at - IDLE},
    )
    return done.rowcount == 1


def is_due(seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to write down that a session is in use."""
    return now - seen_at >= SEEN_EVERY


def seen(connection: Connection, number: UUID, now: datetime) -> None:
    """Write down that a session is in use; of several requests of one minute, one does."""
    connection.execute(
        sa.update(sessions).where(sessions.c.id == number, sessions.c.seen_at <= now - SEEN_EVERY).values(seen_at=now)
    )


_LISTED = (
    sa.select(
        sessions.c.id,
        sessions.c.officer,
        officers.c.agency,
        officers.c.reference,
        sessions.c.method,
        sessions.c.source,
        sessions.c.created_at,
        sessions.c.authenticated_at,
        sessions.c.seen_at,
        sessions.c.expires_at,
    )
    .join_from(sessions, officers, officers.c.id == sessions.c.officer)
    .where(_IS_LIVE)
    .order_by(sessions.c.id)
)


def listed(connection: Connection, officer: UUID, now: datetime) -> list[Session]:
    """Return an officer's sessions that are not over, oldest first."""
    rows = connection.execute(_LISTED.where(sessions.c.officer == officer), {"now": now, "idle_since": now - IDLE})
    return [Session(**{**each, "method": Method(each["method"])}) for each in rows.mappings()]


def officer_of_session(connection: Connection, number: UUID, now: datetime) -> UUID | None:
    """Return whose session this is, unless it is over."""
    found = _LISTED.where(sessions.c.id == number)
    row = connection.execute(found, {"now": now, "idle_since": now - IDLE}).first()
    return row.officer if row else None


def end(connection: Connection, number: UUID, why: str, at: datetime) -> bool:
    """End one session; False when it has ended before."""
    return bool(_end(connection, sessions.c.id == number, why, at))


def end_by(connection: Connection, digest: bytes, why: str, at: datetime) -> bool:
    """End the session that a secret opens; False when it has ended before."""
    return bool(_end(connection, sessions.c.digest == digest, why, at))


def end_all(connection: Connection, officer: UUID, why: str, at: datetime) -> int:
    """End every session of an officer, and return how many."""
    return len(_end(connection, sessions.c.officer == officer, why, at))


def end_opened_by(connection: Connection, passkey: UUID, why: str, at: datetime) -> int:
    """End the sessions that a passkey has opened, and return how many."""
    return len(_end(connection, sessions.c.passkey == passkey, why, at))


def end_of_provider(connection: Connection, issuer: str, why: str, at: datetime, *, subject: str | None,
                    provider_session: str | None) -> int:  # fmt: skip
    """End what a provider says is over: one of its sessions, or all of a subject's. Never another provider's."""
    whose = sa.select(officers.c.id).where(officers.c.identity_issuer == issuer)
    if subject is not None:
        whose = whose.where(officers.c.identity_subject == subject)
    which = sessions.c.officer.in_(whose) & (sessions.c.method == Method.IDENTITY.value)
    if provider_session is not None:
        which &= sessions.c.provider_session == provider_session
    return len(_end(connection, which, why, at))


def _end(connection: Connection, which: sa.ColumnElement[bool], why: str, at: datetime) -> list[UUID]:
    ended = sa.update(sessions).where(sessions.c.ended_at.is_(None), which).values(ended_at=at, ended_why=why)
    return list(connection.execute(ended.returning(sessions.c.id)).scalars())


def purge(connection: Connection, now: datetime) -> int:
    """Forget sessions, and what they asked for, that were over a month ago."""
    over = sa.select(sessions.c.id).where(sessions.c.expires_at < now - KEPT)
    connection.execute(sa.delete(case_contexts).where(case_contexts.c.session.in_(over)))
    return connection.execute(sa.delete(sessions).where(sessions.c.expires_at < now - KEPT)).rowcount
