"""Deciding: an officer of another chain lets a change in, whole or in part, returns it, or rejects it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from registry.core.engines import lock
from registry.core.errors import Conflict, NotFound
from registry.core.ids import new_id, read_public_id
from registry.disclosure.vocabulary import Action
from registry.notices.notice import News, Topic
from registry.photographs import queries as photographs
from registry.profiles import coherence, publication, queries, recalls, rows, vetting, views
from registry.profiles.disclosed import Known, of_row
from registry.profiles.facts import of_record
from registry.profiles.headline import day, headline
from registry.profiles.indexing import Indexed, indexed
from registry.profiles.intake import Problems
from registry.profiles.operations import duplicates, watching
from registry.profiles.operations.duplicates import Different
from registry.profiles.operations.proposing import may_propose_on, proposal_mask
from registry.profiles.operations.reading import may_know, meet
from registry.profiles.operations.text import sentence
from registry.profiles.record import Record
from registry.profiles.standing import (
    SEARCHABLE,
    SUPERVISED,
    WITHDRAWS,
    Change,
    Standing,
    after,
    on,
)
from registry.profiles.vetting import LETS_IN, Decision, Proposal, State
from registry.profiles.views import ProposalView
from registry.work import Work, operation

CREATING = 0x7265676E6577
"""The advisory lock's key ("regnew"): one new record is let in at a time."""


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One page of proposals, oldest first."""

    proposals: tuple[ProposalView, ...]
    has_next: bool


@operation(Action.PROFILE_CHANGE_DECIDE)
def approve_change(
    work: Work, proposal: UUID, note: str | None = None, *, fields: Sequence[str] | None = None,
    different_from: Sequence[Different] = (),
) -> ProposalView:  # fmt: skip
    """Approve a change that an officer of another chain proposed; it is searchable from the commit on.

    ``fields`` names the groups that are let in; the others are returned, and ``note`` says why. ``different_from``
    tells a new record from those that became alike since it was proposed.
    """
    work.require(Action.PROFILE_CHANGE_DECIDE)
    said = None if note is None and fields is None else sentence(note or "", "note")
    found = _found(work, proposal)
    base = _base(work, found)
    _check_known(work, found, base)
    decision = Decision.APPROVE if fields is None else Decision.APPROVE_IN_PART
    decided = _decided(work, found, decision, said)
    version = replace(decided, version=queries.next_version(work.connection, decided.profile))
    if fields is not None:
        version = _accepted(work, version, base, fields)
        queries.decide(work.connection, [decided])
        queries.add_proposals(work.connection, work.sealer, [version])
    elif decided.change is not Change.CREATE:
        queries.decide(work.connection, [version])
    if decided.change is Change.CREATE:
        lock(work.connection, CREATING)  # two of one person, let in at once, would not see each other
        duplicates.check_new(work, decided.profile, version.record, different_from)
    _publish(work, version)
    _tell(work, version, base)
    work.tell(_decision(decided))
    concerned = (version.profile, *([version.other] if version.other else ()))
    work.record("profile:change:approved", concerned, proposal=str(proposal), version=version.version,
                change=version.change.value, **({"fields": list(fields)} if fields is not None else {}))  # fmt: skip
    answer = decided if fields is not None else version
    seen = proposal_mask(work, answer, ())
    return views.proposal(replace(answer, version=version.version), base, seen, work.now.date())


def _decision(decided: Proposal) -> News:
    """Return what the agency that proposed is told."""
    told = {"change": decided.change.value, "state": decided.state.value, "proposed_by": str(decided.proposed_by)}
    other = {"other": str(decided.other)} if decided.other else {}
    return News(Topic.DECISION, decided.proposed_agency, decided.id, decided.profile, told | other)


def _accepted(work: Work, decided: Proposal, base: Record | None, fields: Sequence[str]) -> Proposal:
    """Return the version that holds the accepted groups only; without a review or an end it gets its own."""
    today = work.now.date()
    record = vetting.accepted(decided, base, fields)
    if not {"category", "tier"}.isdisjoint(fields):  # days that were those of another class are set anew
        record = replace(
            record,
            review_on=record.review_on if "review_on" in fields else None,
            expires_on=record.expires_on if "expires_on" in fields else None,
        )
    record = coherence.dated(record, work.edition, today)
    if broken := [*coherence.problems(record, work.edition), *coherence.too_long(record, work.edition, today)]:
        raise Problems(broken)
    return replace(decided, id=new_id(), state=State.APPROVED, part_of=decided.id, record=record)


def _publish(work: Work, version: Proposal) -> None:
    """Make the version current, and those it draws with it."""
    line = headline(version.record, work.edition, _brought_at(work, version))
    index = _index(work, version)
    if version.change is Change.CREATE:
        publication.publish_new(work.connection, [(version, index or Indexed((), (), ""), line)])
        return
    digest = rows.digest(version.record) if version.standing is Standing.REMOVED else None
    publication.publish(work.connection, version, index, line, digest=digest)
    photographs.close(work.connection, version.profile)
    if version.other is not None:
        _publish_other(work, version)


def _brought_at(work: Work, version: Proposal) -> datetime:
    """Return when this state of the record was let in: a change of its standing alone verifies nothing of it."""
    assert version.decided_at is not None
    if version.change in (Change.CREATE, Change.AMEND):
        return version.decided_at
    return queries.brought_at(work.connection, version.profile)


def _index(work: Work, version: Proposal) -> Indexed | None:
    searchable = version.standing in SEARCHABLE
    return indexed(version.record, work.edition, work.sealer.blind) if searchable else None


def _publish_other(work: Work, version: Proposal) -> None:
    """Let the second record of a merge lead to the first, or stand alone again after a split."""
    assert version.other is not None
    assert version.decided_at is not None
    current = queries.current_revision(work.connection, version.other, deciding=True)
    now = queries.proposal(work.connection, work.sealer, current) if current else None
    if now is None or current != version.other_base:
        raise _outdated()
    merged = version.change is Change.MERGE
    before = now if merged else queries.before_merge(work.connection, work.sealer, version.other)
    assert before is not None
    since_merged = not merged and version.contested and not _was_contested(work, now.part_of)
    second = replace(
        version, id=new_id(), profile=version.other, other=version.profile, base=now.id, record=before.record,
        other_base=None, part_of=version.id, version=queries.next_version(work.connection, version.other),
        standing=Standing.MERGED if merged else Standing.VETTED,
        contested=before.contested or since_merged,
    )  # fmt: skip
    queries.add_proposals(work.connection, work.sealer, [second])
    whose = (version.other, version.profile) if merged else (version.profile, version.other)
    photographs.move(work.connection, *whose, [_photograph(each.id) for each in second.record.photographs])
    line = headline(second.record, work.edition, queries.brought_at(work.connection, version.other))
    publication.publish(
        work.connection, second, _index(work, second), line, merged_into=version.profile if merged else None
    )


def _was_contested(work: Work, merge: UUID | None) -> bool:
    """Whether the record that answered for both was contested when they were merged."""
    made = queries.proposal(work.connection, work.sealer, merge) if merge else None
    return made is not None and made.contested


def _photograph(named: str) -> UUID:
    return read_public_id("photograph", named)


def _outdated() -> Conflict:
    return Conflict("The profile has changed since this was proposed.", code="PROPOSAL_OUTDATED",
                    remedy="Propose the change anew from its present state.")  # fmt: skip


def _tell(work: Work, version: Proposal, base: Record | None) -> None:
    """Leave a recall for everyone who received what does not hold any more, and word for those who watch."""
    if base is not None:
        watching.tell_watchers(work, version.profile)
    if version.change is Change.SPLIT and version.other is not None:
        watching.tell_watchers(work, version.other)
    if version.change in WITHDRAWS or (base is not None and _withdraws(work, version.record, base)):
        recalls.owe(work, version, "withdrawn")
    elif base is not None and (version.change in CORRECTS or version.record != base):
        recalls.owe(work, version, "corrected")


CORRECTS = frozenset({Change.AMEND, Change.MERGE, Change.SPLIT, Change.CONTEST, Change.SETTLE})
"""Changes that those who received the record lately are told of."""


def _withdraws(work: Work, record: Record, base: Record) -> bool:
    """Whether a conviction stands no more, quashed or left out, or the category is one that fewer may know of."""
    categories = work.edition.categories
    is_closer = set(categories[record.category].roles) < set(categories[base.category].roles)
    return is_closer or bool(_standing_convictions(base) - _standing_convictions(record))


def _standing_convictions(record: Record) -> set[tuple[str, ...]]:
    """Return what tells each apart; one case may end in several, and one of them be quashed."""
    return {
        (each.court, each.case_number, each.offence, str(each.convicted_on))
        for each in record.convictions if coherence.stands(each)
    }  # fmt: skip


@operation(Action.PROFILE_CHANGE_DECIDE)
def reject_change(work: Work, proposal: UUID, note: str) -> ProposalView:
    """Reject a change that an officer of another chain proposed, and say why."""
    work.require(Action.PROFILE_CHANGE_DECIDE)
    return _closed(work, proposal, Decision.REJECT, note, "profile:change:rejected")


@operation(Action.PROFILE_CHANGE_DECIDE)
def return_change(work: Work, proposal: UUID, note: str) -> ProposalView:
    """Return a change to its proposer, and say what is to be mended."""
    work.require(Action.PROFILE_CHANGE_DECIDE)
    return _closed(work, proposal, Decision.RETURN, note, "profile:change:returned")


@operation(Action.PROFILE_CHANGE_PROPOSE)
def withdraw_change(work: Work, proposal: UUID, note: str) -> ProposalView:
    """Withdraw an own proposal, and say why."""
    work.require(Action.PROFILE_CHANGE_PROPOSE)
    return _closed(work, proposal, Decision.WITHDRAW, note, "profile:change:withdrawn")


def _closed(work: Work, proposal: UUID, decision: Decision, note: str, event: str) -> ProposalView:
    said = sentence(note, "note")
    found = _found(work, proposal)
    base = _base(work, found)
    if decision is not Decision.WITHDRAW:
        _check_known(work, found, base)
    decided = _decided(work, found, decision, said)
    queries.decide(work.connection, [decided])
    brought = {each.id for each in decided.record.photographs} - {
        each.id for each in (base.photographs if base else ())
    }
    photographs.release(work.connection, decided.profile, [_photograph(each) for each in sorted(brought)])
    work.record(event, (decided.profile,), proposal=str(proposal))
    work.tell(_decision(decided))
    return _seen(work, decided, base, _profiles_of(work, [decided]))


def _found(work: Work, identifier: UUID) -> Proposal:
    proposal = queries.proposal(work.connection, work.sealer, identifier, deciding=True)
    if proposal is None or proposal.part_of is not None:
        raise NotFound("No such proposal.", field="proposalId")
    work.concerned.append(proposal.profile)
    return proposal


def _check_known(work: Work, proposal: Proposal, base: Record | None) -> None:
    """Refuse to decide on a record that must not be known of, as it stood or as it is proposed. Raises NotFound."""
    known = Known(work)
    stood = [of_record(each, Standing.VETTED) for each in (proposal.record, base) if each is not None]
    if any(map(known.is_hidden, stood)):
        raise NotFound("No such proposal.", field="proposalId")


def _base(work: Work, proposal: Proposal) -> Record | None:
    """Return the record that a proposal was drawn from."""
    base = queries.proposal(work.connection, work.sealer, proposal.base) if proposal.base else None
    return base.record if base else None


def _decided(work: Work, proposal: Proposal, decision: Decision, note: str | None) -> Proposal:
    assert work.actor.officer is not None
    if decision is not Decision.WITHDRAW and (proposal.change in SUPERVISED or _is_at_rest(work, proposal)):
        work.require(Action.PROFILE_LIFE_DECIDE)
    current = queries.current_revision(work.connection, proposal.profile, deciding=True)
    acts_for = work.acts_for()
    decided = vetting.decide(
        proposal, decision, by=work.actor, at=work.now, note=note, current=current, acts_for=acts_for
    )
    if decision in LETS_IN and proposal.change is not Change.CREATE:
        _check_standing(work, proposal)
    return decided


def _is_at_rest(work: Work, proposal: Proposal) -> bool:
    """Whether only keepers know of the record, and so decide on it: nobody else sees what there is to decide."""
    row = queries.by_id(work.connection, proposal.profile)
    return row is not None and not may_know(work, row)


def _check_standing(work: Work, proposal: Proposal) -> None:
    """See that the records still stand as what may be changed so: the time of one may have ended meanwhile."""
    other = (proposal.other,) if proposal.change is Change.MERGE and proposal.other else ()
    for profile in (proposal.profile, *other):
        queries.current_revision(work.connection, profile, deciding=True)
        row = queries.by_id(work.connection, profile)
        assert row is not None
        after(on(Standing(row["standing_now"]), day(row["expires_on"]), work.now.date()), proposal.change)


@operation(Action.PROFILE_CHANGE_READ)
def read_proposal(work: Work, identifier: UUID) -> ProposalView:
    """Open one proposal. Raises NotFound."""
    work.require(Action.PROFILE_CHANGE_READ)
    proposal = queries.proposal(work.connection, work.sealer, identifier)
    concerned = {} if proposal is None else _profiles_of(work, [proposal])
    if proposal is None or proposal.part_of is not None or not _may_see(work, proposal, concerned):
        for row in concerned.values():
            meet(work, row)
        raise NotFound("No such proposal.", field="id")
    work.record("profile:change:read", (proposal.profile,), **_told(work, [proposal]))
    return _seen(work, proposal, _base(work, proposal), concerned)


def _profiles_of(work: Work, proposals: Sequence[Proposal]) -> dict[UUID, Any]:
    """Return the profiles that these proposals concern, as they stand now."""
    concerned = {each.profile for each in proposals} | {each.other for each in proposals if each.other}
    return dict(queries.by_ids(work.connection, list(concerned), ())) if concerned else {}


def _concerned(proposal: Proposal, profiles: dict[UUID, Any]) -> list[Any]:
    return [profiles[each] for each in (proposal.profile, proposal.other) if each in profiles]


def _may_see(work: Work, proposal: Proposal, profiles: dict[UUID, Any]) -> bool:
    """Whether this actor may know of the proposal: each record is one it may know of, or its own agency's.

    What is proposed may be hidden though what stands now is not, or is not there yet. A record that is in the register
    and is not shown is hidden by the database (core/reach.py).
    """
    if _is_in_register(proposal) and proposal.profile not in profiles:
        return False
    proposed = of_record(proposal.record, Standing.VETTED)
    rows = _concerned(proposal, profiles)
    return not Known(work).is_hidden(proposed) and all(may_propose_on(work, row) for row in rows)


def _is_in_register(proposal: Proposal) -> bool:
    return proposal.change is not Change.CREATE or proposal.state in (State.APPROVED, State.IN_PART)


def _seen(work: Work, proposal: Proposal, base: Record | None, profiles: dict[UUID, Any]) -> ProposalView:
    """Return the view of a proposal; what a record at rest holds is shown to its keepers only."""
    present = [of_row(work, row) for row in _concerned(proposal, profiles)]
    return views.proposal(proposal, base, proposal_mask(work, proposal, present), work.now.date())


@operation(Action.PROFILE_CHANGE_READ)
def list_proposals(work: Work, state: State, *, after: UUID | None, limit: int) -> ProposalPage:
    """Return proposals of a state, oldest first."""
    work.require(Action.PROFILE_CHANGE_READ)
    known: list[Proposal] = []
    present: dict[UUID, Any] = {}
    while True:  # a page is as long as if what must not be known of were not there
        found = queries.proposals(work.connection, work.sealer, state, after=after, limit=limit + 1)
        present |= _profiles_of(work, found)
        known += [each for each in found if _may_see(work, each, present)]
        if len(known) > limit or len(found) <= limit:
            break
        after = found[-1].id
    shown = known[:limit]
    bases = queries.records(work.connection, work.sealer, [each.base for each in shown if each.base])
    work.record("profile:change:listed", tuple(dict.fromkeys(each.profile for each in shown)), state=state.value,
                **_told(work, shown))  # fmt: skip
    seen = tuple(_seen(work, each, bases.get(each.base) if each.base else None, present) for each in shown)
    return ProposalPage(seen, len(known) > limit)


def _told(work: Work, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """Return what was decided on the records as proposed, for the log."""
    return Known(work).told([of_record(each.record, Standing.VETTED) for each in proposals])


@operation(Action.PROFILE_CHANGE_DECIDE)
def approve_many(work: Work, proposals: Sequence[Proposal], indexes: Sequence[Indexed] | None = None) -> int:
    """Approve proposals of new profiles, in one transaction; return how many. No duplicates are looked for.

    ``indexes``, where another process has made them, spares making them here.
    """
    work.require(Action.PROFILE_CHANGE_DECIDE)
    acts_for = work.acts_for()
    decided = [
        replace(
            vetting.decide(each, Decision.APPROVE, by=work.actor, at=work.now, note=None, current=None,
                           acts_for=acts_for),
            version=1,
        )
        for each in proposals
    ]  # fmt: skip
    made = indexes or [indexed(each.record, work.edition, work.sealer.blind) for each in decided]
    lines = [headline(each.record, work.edition, work.now) for each in decided]
    publication.publish_new(work.connection, list(zip(decided, made, lines, strict=True)))
    work.record("profile:change:approved", tuple(each.profile for each in decided), count=len(decided))
    return len(decided)
