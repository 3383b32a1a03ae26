"""Use cases of the register: read, propose, decide.

Each is visible? permitted? do, record, return a view.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from auth.actor import Officer
from registry.core.errors import Forbidden, InputRefused, NotFound
from registry.core.ids import new_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Action, FieldClass
from registry.profiles import intake, queries, vetting, views
from registry.profiles.indexing import Indexed, indexed
from registry.profiles.parts import Record
from registry.profiles.vetting import Proposal, State
from registry.profiles.views import ProfileView, ProposalView, VersionView
from registry.work import Work, operation

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One page of proposals, oldest first."""

    proposals: tuple[ProposalView, ...]
    has_next: bool


@operation(Action.PROFILE_READ)
def read_profile(work: Work, profile: UUID, wanted: Iterable[str] | None = None) -> ProfileView:
    """Open one profile. Raises NotFound."""
    work.require(Action.PROFILE_READ)
    readable = work.readable()
    fetched = views.columns(wanted, readable)
    row = queries.by_id(work.connection, profile, fetched)
    if row is None:
        raise NotFound("No such profile.", field="id")
    work.record("profile:read", (profile,))
    return views.profile(row, fetched, readable)


@operation(Action.PROFILE_READ)
def read_versions(work: Work, profile: UUID) -> tuple[VersionView, ...] | None:
    """Return who made and vetted each version, newest first; None where that is withheld."""
    work.require(Action.PROFILE_READ)
    work.record("profile:versions:read", (profile,))
    if FieldClass.PROVENANCE not in work.readable():
        return None
    return tuple(views.version(row) for row in queries.versions(work.connection, profile))


@operation(Action.PROFILE_CHANGE_PROPOSE)
def propose_profile(work: Work, record: object, reason: str) -> ProposalView:
    """Propose a new profile. Raises intake.Problems, InputRefused, Forbidden."""
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    read = intake.record(record, work.edition, owner=work.actor.agency)
    return _propose(work, _proposal(work, officer, read, _reason(reason), profile=new_id(), base=None))


@operation(Action.PROFILE_CHANGE_PROPOSE)
def propose_amendment(work: Work, profile: UUID, record: object, reason: str) -> ProposalView:
    """Propose the whole new state of a profile that the actor's agency owns."""
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    row = queries.by_id(work.connection, profile, ("owner",))
    if row is None:
        raise NotFound("No such profile.", field="profileId")
    base = queries.current_revision(work.connection, profile)
    read = intake.record(record, work.edition, owner=row["owner"])
    if row["owner"] != work.actor.agency:
        raise Forbidden("Only the record's owner amends it.", code="NOT_OWNER", remedy=f"Ask {row['owner']}.")
    return _propose(work, _proposal(work, officer, read, _reason(reason), profile=profile, base=base))


def _propose(work: Work, proposal: Proposal) -> ProposalView:
    if proposal.record.owner != work.actor.agency:
        raise _not_owner()
    queries.add_proposals(work.connection, [proposal])
    work.record("profile:change:proposed", (proposal.profile,), proposal=str(proposal.id))
    return views.proposal(proposal, work.readable())


def _proposal(
    work: Work, officer: Officer, record: Record, reason: str, *, profile: UUID, base: UUID | None
) -> Proposal:
    _check_not_future(record, work.now)
    return Proposal(
        id=new_id(), profile=profile, base=base, state=State.PENDING, reason=reason, proposed_by=officer.id,
        proposed_agency=work.actor.agency, proposed_chain=officer.chain, proposed_at=work.now, decided_by=None,
        decided_at=None, note=None, version=None, record=record,
    )  # fmt: skip


def _check_not_future(record: Record, now: datetime) -> None:
    dates = {f"convictions[{place}].convicted_on": each.convicted_on for place, each in enumerate(record.convictions)}
    today = PartialDate(now.year, now.month, now.day)
    for field, date in (dates | {"birth_date": record.birth_date}).items():
        if date is not None and date > today:
            raise InputRefused("lies in the future.", field=field, code="DATE_IN_FUTURE", remedy="Correct it.")


def _not_owner() -> Forbidden:
    return Forbidden("A record is proposed by its owner.", code="NOT_OWNER", remedy="Leave record_owner out.")


def _reason(text: str, field: str = "reason") -> str:
    line = " ".join(text.split())
    if not 3 <= len(line) <= REASON_LENGTH or not intake.is_plain(text):
        raise InputRefused(
            f"is not a sentence of 3 to {REASON_LENGTH} characters.", field=field, code="REASON_MALFORMED",
            remedy="Say in a sentence why.",
        )  # fmt: skip
    return line


@operation(Action.PROFILE_CHANGE_DECIDE)
def approve_change(work: Work, proposal: UUID, note: str | None = None) -> ProposalView:
    """Approve a change that an officer of another chain proposed; it is searchable from the commit on."""
    work.require(Action.PROFILE_CHANGE_DECIDE)
    decided = _decided(work, proposal, State.APPROVED, None if note is None else _reason(note, "note"))
    decided = replace(decided, version=queries.next_version(work.connection, decided.profile))
    index = indexed(decided.record, work.edition)
    if decided.base is None:
        queries.publish_new(work.connection, [(decided, index)])
    else:
        queries.publish_amendment(work.connection, decided, index)
    work.record("profile:change:approved", (decided.profile,), proposal=str(proposal), version=decided.version)
    return views.proposal(decided, work.readable())


@operation(Action.PROFILE_CHANGE_DECIDE)
def reject_change(work: Work, proposal: UUID, note: str) -> ProposalView:
    """Reject a change that an officer of another chain proposed, and say why."""
    work.require(Action.PROFILE_CHANGE_DECIDE)
    decided = _decided(work, proposal, State.REJECTED, _reason(note, "note"))
    queries.reject(work.connection, decided)
    work.record("profile:change:rejected", (decided.profile,), proposal=str(proposal))
    return views.proposal(decided, work.readable())


def _decided(work: Work, identifier: UUID, state: State, note: str | None) -> Proposal:
    proposal = queries.proposal(work.connection, identifier, deciding=True)
    if proposal is None:
        raise NotFound("No such proposal.", field="proposalId")
    work.concerned.append(proposal.profile)
    current = queries.current_revision(work.connection, proposal.profile, deciding=True)
    return vetting.decide(proposal, state, by=work.actor, at=work.now, note=note, current=current)


@operation(Action.PROFILE_CHANGE_READ)
def read_proposal(work: Work, identifier: UUID) -> ProposalView:
    """Open one proposal. Raises NotFound."""
    work.require(Action.PROFILE_CHANGE_READ)
    proposal = queries.proposal(work.connection, identifier)
    if proposal is None:
        raise NotFound("No such proposal.", field="id")
    work.record("profile:change:read", (proposal.profile,))
    return views.proposal(proposal, work.readable())


@operation(Action.PROFILE_CHANGE_READ)
def list_proposals(work: Work, state: State, *, after: UUID | None, limit: int) -> ProposalPage:
    """Return proposals of a state, oldest first."""
    work.require(Action.PROFILE_CHANGE_READ)
    found = queries.proposals(work.connection, state, after=after, limit=limit + 1)
    shown = found[:limit]
    work.record("profile:change:listed", tuple(dict.fromkeys(each.profile for each in shown)), state=state.value)
    readable = work.readable()
    return ProposalPage(tuple(views.proposal(each, readable) for each in shown), len(found) > limit)


# -- in bulk, for imports


@operation(Action.PROFILE_CHANGE_PROPOSE)
def propose_many(work: Work, records: Sequence[Record], reason: str) -> list[Proposal]:
    """Propose new profiles from records already read, in one transaction."""
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    if any(each.owner != work.actor.agency for each in records):
        raise _not_owner()
    line = _reason(reason)
    added = [_proposal(work, officer, each, line, profile=new_id(), base=None) for each in records]
    queries.add_proposals(work.connection, added)
    work.record("profile:change:proposed", tuple(each.profile for each in added), count=len(added))
    return added


@operation(Action.PROFILE_CHANGE_DECIDE)
def approve_many(work: Work, proposals: Sequence[Proposal], indexes: Sequence[Indexed] | None = None) -> int:
    """Approve proposals of new profiles, in one transaction; return how many.

    ``indexes``, where another process has made them, spares making them here.
    """
    work.require(Action.PROFILE_CHANGE_DECIDE)
    decided = [
        replace(
            vetting.decide(each, State.APPROVED, by=work.actor, at=work.now, note=None, current=None), version=1
        )
        for each in proposals
    ]  # fmt: skip
    made = indexes or [indexed(each.record, work.edition) for each in decided]
    queries.publish_new(work.connection, list(zip(decided, made, strict=True)))
    work.record("profile:change:approved", tuple(each.profile for each in decided), count=len(decided))
    return len(decided)
