"""Use cases of certificates: one officer proposes, an officer of another chain issues; anybody who searches may ask.

propose, propose_for_subject       who is confused with whom, and by what they are known again
decide                             issue or reject
revoke                             the person asked, the paper is lost, it was a mistake: what is known is erased
read                               a number that somebody shows: does it stand, is the document its holder's?
list_certificates, read_paper      for those who keep certificates
end_due                            time is over, profiles are removed: for the sweep
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from auth.actor import Officer
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.certificates import intake, issuing, numbers, queries, recognition, views
from registry.certificates.intake import Asked, Holder, Presented
from registry.certificates.issuing import BY_OFFICERS, OPEN, Certificate, State, Why
from registry.certificates.queries import Stated
from registry.certificates.views import CertificateView, Paper
from registry.certificates.warnings import tokens
from registry.core.errors import Conflict, InputRefused, NotFound
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Action, Purpose
from registry.editions import life
from registry.matching import record as match_record
from registry.profiles import finding, postings, queries as profile_queries
from registry.profiles.disclosed import Known, of_row
from registry.profiles.operations.reading import may_know, meet, meet_by_id
from registry.work import Work, operation

ENDED_AT_ONCE = 200
"""Certificates that one sweep ends in one transaction."""


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """One page of certificates, oldest first."""

    certificates: tuple[CertificateView, ...]
    last: UUID | None
    has_next: bool


# -- issuing


@operation(Action.CERTIFICATE_PROPOSE)
def propose(work: Work, asked: Asked) -> CertificateView:
    """Propose a certificate for somebody who is mistaken for these profiles.

    Raises NotFound for a profile that the officer may not know of, InputRefused.
    """
    officer = work.require(Action.CERTIFICATE_PROPOSE)
    known = profile_queries.by_ids(work.connection, intake.against(asked), ())
    if not all(each in known and may_know(work, known[each]) for each in asked.against):
        for each in asked.against:
            meet_by_id(work, each, known.get(each))
        raise NotFound("No such profile.", field="profileIds")
    return _proposed(work, officer, asked)


@operation(Action.DESK_ANSWER)
def propose_for_subject(work: Work, asked: Asked) -> CertificateView:
    """Propose a certificate for somebody who proved at the desk who they are (registry/desk).

    Which profiles they are mistaken for an officer who may search has told the desk. Raises NotFound, InputRefused.
    """
    officer = work.require(Action.DESK_ANSWER)
    rows, known = profile_queries.by_ids(work.connection, intake.against(asked), ()), Known(work)
    if sum(known.exists(of_row(work, row)) for row in rows.values()) < len(set(asked.against)):
        for each in asked.against:
            meet_by_id(work, each, rows.get(each))
        raise NotFound("No such profile.", field="profileIds")
    return _proposed(work, officer, asked)


def _proposed(work: Work, officer: Officer, asked: Asked) -> CertificateView:
    today = work.now.date()
    person = intake.person(asked.person, work.edition, today, least_documents=1)
    made = match_record.describe(person.identity(), region=work.edition.phone_region, blind=work.sealer.blind).record
    holder = Holder(person.names, person.birth_date, intake.reason(asked), match_record.write(made))
    certificate = Certificate(
        id=new_id(), proposed_by=officer.id, proposed_agency=work.actor.agency, proposed_chain=officer.chain,
        proposed_for=tuple(sorted(work.acts_for())), proposed_at=work.now,
        months=intake.months(asked, work.edition),
    )  # fmt: skip
    against = intake.against(asked)
    queries.add(work.connection, work.sealer, certificate, holder, against=against, tokens=tokens(made, work.sealer))
    work.record("certificate:proposed", against, certificate=str(certificate.id))
    return views.certificate(certificate, against, holder)


@operation(Action.CERTIFICATE_DECIDE)
def decide(work: Work, identifier: UUID, *, why_not: Why | None = None) -> CertificateView:
    """Issue a certificate that an officer of another chain proposed; with ``why_not``, reject it.

    Raises NotFound, Forbidden (OWN_PROPOSAL, SAME_CHAIN), Conflict (CERTIFICATE_STATE, CERTIFICATE_ON_REGISTER),
    InputRefused (CODE_UNKNOWN).
    """
    work.require(Action.CERTIFICATE_DECIDE)
    found = _found(work, identifier, whole=True)
    acts_for = work.acts_for()
    before = found.certificate
    if why_not is not None:
        decided = issuing.rejected(before, _by_officers(why_not), by=work.actor, at=work.now, acts_for=acts_for)
    else:
        until = life.add_months(work.now.date(), before.months)
        decided = issuing.issued(
            before, number=numbers.new_number(), valid_until=until, by=work.actor, at=work.now, acts_for=acts_for
        )
        _check_another(work, found)
    holder = queries.holders(work.connection, work.sealer, [identifier]).get(identifier)
    queries.put(work.connection, before, decided)
    work.record(f"certificate:{decided.state.value}", tuple(found.against), certificate=str(identifier))
    is_issued = decided.state is State.ISSUED
    return views.certificate(decided, found.against if is_issued else (), holder if is_issued else None)


def _check_another(work: Work, found: Stated) -> None:
    """Refuse to certify somebody whose document stands in one of the records: that is to be mended first."""
    identifier = found.certificate.id
    holder = queries.holders(work.connection, work.sealer, [identifier])[identifier]
    theirs = set(match_record.read(holder.match).numbers)
    listed = [row["register_number"] for row in found.against.values()]
    records = postings.records(work.connection, listed, work.now.date())
    if any(theirs.intersection(match_record.read(text).numbers) for _, text, _ in records):
        raise Conflict("A document of this person stands in one of these records.", code="CERTIFICATE_ON_REGISTER",
                       remedy="See who they are, or have the record amended first.")  # fmt: skip


@operation(Action.CERTIFICATE_KEEP)
def revoke(work: Work, identifier: UUID, why: Why) -> CertificateView:
    """End a certificate; whatever is held of its holder is erased.

    Raises NotFound, Conflict (CERTIFICATE_STATE), InputRefused (CODE_UNKNOWN).
    """
    officer = work.require(Action.CERTIFICATE_KEEP)
    found = _found(work, identifier)
    ended = issuing.revoked(found.certificate, _by_officers(why), by=officer.id, at=work.now)
    queries.put(work.connection, found.certificate, ended)
    work.record("certificate:revoked", tuple(found.against), certificate=str(identifier), why=why.value)
    return views.certificate(ended, ())


def _by_officers(why: Why) -> Why:
    if why not in BY_OFFICERS:
        raise InputRefused("follows by itself.", field="why", code="CODE_UNKNOWN",
                           remedy=f"Write one of: {', '.join(each.value for each in BY_OFFICERS)}.")  # fmt: skip
    return why


# -- reading


@operation(Action.CERTIFICATE_READ)
def read(work: Work, presented: Presented) -> CertificateView:
    """Say whether the certificate of a number stands, and whether the document that was shown is its holder's.

    Its holder is not told: an officer compares, and learns no more than was shown. Unknown, expired, revoked, and
    against nobody whom this officer may know of: NotFound, told alike. Raises InputRefused.
    """
    work.require(Action.CERTIFICATE_READ)
    number = numbers.read(presented.number)
    today = work.now.date()
    shown = None if presented.shown is None else intake.person(presented.shown, work.edition, today)
    found = queries.standing(work.connection, number, today)
    known = _visible(work, found) if found else ()
    for row in found.against.values() if found else ():
        meet(work, row)
    if found is None or not (known or _is_at_its_desk(work, found)):
        raise NotFound("No such certificate.", field="number")
    work.record("certificate:read", known, certificate=str(found.certificate.id), presented=work.told(presented))
    same = None
    if shown is not None:
        holder = queries.holders(work.connection, work.sealer, [found.certificate.id])[found.certificate.id]
        question = finding.prepared(work, shown.identity())
        same = recognition.is_holder(question, match_record.read(holder.match))
    return views.certificate(found.certificate, known, same_as_shown=same)


@operation(Action.CERTIFICATE_KEEP)
def list_certificates(work: Work, state: State | None, *, after: UUID | None, limit: int) -> CertificatePage:
    """Return certificates of a state, or all that are proposed or issued, oldest first, with their holders.

    The desk is told of those of its own office; others also of those against profiles that they may know of.
    """
    work.require(Action.CERTIFICATE_KEEP)
    states = OPEN if state is None else frozenset({state})
    found = queries.listed(work.connection, states, after=after, limit=limit + 1)
    shown = [each for each in found[:limit] if _is_known(work, each)]
    people = queries.holders(work.connection, work.sealer, [each.certificate.id for each in shown])
    concerned = dict.fromkeys(profile for each in shown for profile in _visible(work, each))
    work.record("certificates:listed", tuple(concerned), certificates=[str(each.certificate.id) for each in shown])
    seen = tuple(
        views.certificate(each.certificate, _visible(work, each), people.get(each.certificate.id)) for each in shown
    )
    return CertificatePage(seen, found[:limit][-1].certificate.id if found else None, len(found) > limit)


@operation(Action.CERTIFICATE_KEEP)
def read_paper(work: Work, number: str) -> Paper:
    """Return what is printed for the holder. Raises NotFound, InputRefused (FORM_MALFORMED)."""
    work.require(Action.CERTIFICATE_KEEP)
    found = queries.standing(work.connection, numbers.read(number), work.now.date())
    if found is None or not _is_known(work, found):
        raise NotFound("No such certificate.", field="number")
    identifier = found.certificate.id
    work.record("certificate:printed", _visible(work, found), certificate=str(identifier))
    return views.paper(found.certificate, queries.holders(work.connection, work.sealer, [identifier])[identifier])


# -- what the use cases share


def _found(work: Work, identifier: UUID, *, whole: bool = False) -> Stated:
    """Return a certificate that this actor may know of; ``whole``: with all it is against. Raises NotFound."""
    found = queries.by_id(work.connection, identifier)
    if found is None or not _is_known(work, found) or (whole and len(_visible(work, found)) < len(found.against)):
        raise NotFound("No such certificate.", field="certificateId")
    work.concerned.extend(found.against)
    return found


def _is_known(work: Work, found: Stated) -> bool:
    """Whether this actor may know of a certificate: the own office's, or one against somebody they may know of."""
    return found.certificate.proposed_agency == work.actor.agency or bool(_visible(work, found))


def _is_at_its_desk(work: Work, found: Stated) -> bool:
    """Whether the desk of the office that proposed a certificate asks; of others none learns of a hidden profile so."""
    return found.certificate.proposed_agency == work.actor.agency and work.actor.purpose is Purpose.SUBJECT_REQUEST


def _visible(work: Work, found: Stated) -> tuple[UUID, ...]:
    """Return the profiles that this actor may know of, of those a certificate is against."""
    return tuple(profile for profile, row in found.against.items() if may_know(work, row))


# -- by themselves


def end_due(connection: Connection, now: datetime) -> int:
    """End certificates whose last day is over, or whose profiles are all removed; return how many. For the sweep."""
    unlinked = queries.unlink_removed(connection)
    left = queries.stated(connection, list({certificate for certificate, _ in unlinked})) if unlinked else []
    gone = [each for each in left if not each.against and each.certificate.state in OPEN]
    over = queries.over(connection, now.date(), ENDED_AT_ONCE)
    for each in gone:
        ended = issuing.revoked(each.certificate, Why.PROFILES_GONE, by=None, at=now)
        queries.put(connection, each.certificate, ended)
    alone = {each.certificate.id for each in gone}
    expired = [each for each in over if each.certificate.id not in alone]
    for each in expired:
        queries.put(connection, each.certificate, issuing.expired(each.certificate, at=now))
    if unlinked or expired:
        append(connection, [_entry(now, unlinked, [*gone, *expired])])
    return len(gone) + len(expired)


def _entry(now: datetime, unlinked: Sequence[tuple[UUID, UUID]], ended: Sequence[Stated]) -> Entry:
    profiles = dict.fromkeys([*(profile for _, profile in unlinked), *(one for each in ended for one in each.against)])
    event = Event("certificate:ended", tuple(profiles), {
        "certificates": [str(each.certificate.id) for each in ended], "unlinked": len(unlinked),
    })  # fmt: skip
    return Entry(at=now, kind="command", operation="end_certificates", outcome=Outcome.ALLOWED,
                 request_id=str(new_id()), source="local", events=(event,))  # fmt: skip
