"""Proposing: whatever changes the register waits for a second officer.

propose_profile(work, record, reason)                                    a new record
propose_change(work, profile, Change.SEAL, reason, order_number="…")     anything else
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from auth.actor import Officer
from registry.core.errors import Conflict, Forbidden, InputRefused, NotFound
from registry.core.ids import new_id, read_public_id
from registry.disclosure.access import Facts
from registry.disclosure.vocabulary import Action
from registry.photographs import queries as photographs
from registry.profiles import coherence, intake, queries, views
from registry.profiles.disclosed import Known, of_row
from registry.profiles.facts import of_record
from registry.profiles.headline import day
from registry.profiles.intake import Problems
from registry.profiles.operations import duplicates
from registry.profiles.operations.duplicates import Different
from registry.profiles.operations.reading import followed, may_know, meet_by_id
from registry.profiles.operations.text import order_number as read_order, sentence
from registry.profiles.parts import Source
from registry.profiles.prepared import Prepared
from registry.profiles.record import GROUPS, Record
from registry.profiles.rows import needed
from registry.profiles.standing import (
    CARRIES_A_RECORD,
    NEEDS_ORDER,
    NEEDS_OTHER,
    Change,
    Standing,
    after,
    contested_after,
    on,
)
from registry.profiles.vetting import Proposal
from registry.profiles.views import Mask, ProposalView, both
from registry.work import Work, operation


@operation(Action.PROFILE_CHANGE_PROPOSE)
def propose_profile(
    work: Work, record: object, reason: str, different_from: Sequence[Different] = (), documents: object = None
) -> ProposalView:
    """Propose a new profile, search first: likely duplicates are refused unless the officer says why they are others.

    Raises intake.Problems, InputRefused, Forbidden.
    """
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    read = _read(work, record, owner=work.actor.agency)
    if read.owner != work.actor.agency:
        raise not_owner()
    if read.expires_on and read.expires_on.earliest <= work.now.date():
        raise InputRefused("is over.", field="expires_on", code="EXPIRY_PAST",
                           remedy="An entry that is over is not brought in.")  # fmt: skip
    profile = new_id()
    line = sentence(reason)
    duplicates.check_new(work, profile, read, different_from)
    return _add(work, _proposal(work, officer, Change.CREATE, profile, read, line, standing=Standing.VETTED,
                                documents=_documents(work, documents)), None)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Present:
    """A profile as it stands, ready to be changed."""

    profile: UUID
    revision: UUID
    owner: str
    standing: Standing
    contested: bool
    record: Record


def present(work: Work, profile: UUID, *, field: str = "profileId") -> Present:
    """Return a profile as it stands. Raises NotFound, Conflict (ERASED)."""
    row = queries.by_id(work.connection, profile, needed(GROUPS))
    if row is None:
        raise NotFound("No such profile.", field=field)
    if row["erased_at"] is not None:
        raise Conflict("This record is erased.", code="ERASED", remedy="Nothing can be done with it any more.")
    revision = queries.current_revision(work.connection, profile)
    assert revision is not None
    record = views.whole(Known(work).reader, row)
    standing = on(Standing(row["standing_now"]), day(row["expires_on"]), work.now.date())
    return Present(profile, revision, record.owner, standing, bool(row["contested"]), record)


def _known(work: Work, profile: UUID, *, field: str = "profileId") -> Present:
    """Return a profile as it stands, if it is the own agency's or one that it may know of. Raises NotFound."""
    row = queries.by_id(work.connection, profile)
    if row is None or not may_propose_on(work, row):
        meet_by_id(work, profile, row)
        raise NotFound("No such profile.", field=field)
    return present(work, profile, field=field)


def may_propose_on(work: Work, row: Any) -> bool:  # Any: a row of profiles
    """Whether this actor may know of a record, or it is the own agency's, at rest or not, and not hidden from them."""
    return may_know(work, row) or (
        row["owner"] == work.actor.agency and not Known(work).is_hidden(of_row(work, row))
    )  # fmt: skip


@operation(Action.PROFILE_CHANGE_PROPOSE)
def propose_change(  # noqa: PLR0913  each is named where a change is proposed
    work: Work, profile: UUID, change: Change, reason: str, *, record: object = None, other: UUID | None = None,
    order_number: str | None = None, documents: object = None,
) -> ProposalView:  # fmt: skip
    """Propose a change of a profile that the actor's agency owns.

    ``record`` is the whole new state, for changes that bring one; ``other`` the second record of a merge or split.
    Raises NotFound, Forbidden (NOT_OWNER), Conflict (STANDING, CONTESTED, …), intake.Problems, InputRefused.
    """
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    now = _known(work, profile)
    if now.owner != work.actor.agency:
        raise Forbidden("Only the record's owner changes it.", code="NOT_OWNER", remedy=f"Ask {now.owner}.")
    line = sentence(reason)
    state = _new_state(work, now, change, record, other)
    proposed = _proposal(
        work, officer, change, profile, state, line, base=now.revision, other=other,
        other_base=queries.current_revision(work.connection, other) if other else None,
        standing=_standing(now, change, state),
        contested=contested_after(change, contested=now.contested) or _is_contested(work, change, other),
        order_number=read_order(order_number, needed=change in NEEDS_ORDER),
        documents=_documents(work, documents),
    )  # fmt: skip
    return _add(work, proposed, now)


def _standing(now: Present, change: Change, state: Record) -> Standing:
    """Return what the record will stand as; whose category or handling changes is released for partners anew."""
    made = after(now.standing, change)
    is_other = (state.category, state.handling) != (now.record.category, now.record.handling)
    return Standing.VETTED if made is Standing.SHAREABLE and is_other else made


def _is_contested(work: Work, change: Change, other: UUID | None) -> bool:
    """Say whether a merge brings a dispute with it: the record that answers for both is contested then."""
    row = queries.by_id(work.connection, other) if change is Change.MERGE and other else None
    return row is not None and bool(row["contested"])


FOR_SUBJECTS = frozenset({Change.CONTEST, Change.RETIRE, Change.REMOVE})
"""What the desk proposes because the person of a record asked for it."""


@operation(Action.DESK_ANSWER)
def propose_for_subject(
    work: Work, profile: UUID, change: Change, reason: str, *, order_number: str | None = None,
    documents: object = None,
) -> ProposalView:  # fmt: skip
    """Propose what the person of a record asks for: that it is contested, retired or removed (DPA 2019 s. 34, 36, 40).

    An ordinary proposal, which an officer of another chain decides. The desk proposes for the person and not for an
    owner, so the record may be any agency's; of a merged one it is the record that answers for it.
    Raises NotFound, Conflict (STANDING, CONTESTED, ERASED), InputRefused.
    """
    officer = work.require(Action.DESK_ANSWER)
    if change not in FOR_SUBJECTS:
        raise InputRefused("is not for a data subject's request.", field="change", code="CODE_UNKNOWN",
                           remedy="Ask the record's owner to propose it.")  # fmt: skip
    row, last = followed(work, profile)
    if row is None or Known(work).is_hidden(of_row(work, row)):
        meet_by_id(work, last, row)
        raise NotFound("No such profile.", field="profileId")
    now = present(work, last)
    proposed = _proposal(
        work, officer, change, now.profile, now.record, sentence(reason), base=now.revision,
        standing=after(now.standing, change), contested=contested_after(change, contested=now.contested),
        order_number=read_order(order_number, needed=change in NEEDS_ORDER), documents=_documents(work, documents),
    )  # fmt: skip
    return _add(work, proposed, now)


def _new_state(work: Work, now: Present, change: Change, given: object, other: UUID | None) -> Record:
    """Return the record that a change proposes."""
    if change is Change.CREATE:
        raise InputRefused("is not for a profile that exists.", field="change", code="CODE_UNKNOWN",
                           remedy="Amend it.")  # fmt: skip
    if (other is not None) != (change in NEEDS_OTHER):
        raise InputRefused("is for a merge or a split, and needed there.", field="otherProfileId",
                           code="OTHER_PROFILE", remedy="Name the second profile then, and only then.")  # fmt: skip
    second = None if other is None else _second(work, now, change, other)
    if change not in CARRIES_A_RECORD and change is not Change.RESTORE:
        if given is not None:
            raise InputRefused("is not changed by this.", field="record", code="RECORD_NOT_CHANGED",
                               remedy="Leave it out, or amend.")  # fmt: skip
        return now.record
    if given is None:
        before = _before_merge(work, now, other) if change is Change.SPLIT else now.record
        if before is None:
            after(now.standing, change)  # what can't be split needs no record for it
        if change in (Change.AMEND, Change.MERGE) or before is None:
            raise InputRefused("is not given.", field="record", code="FIELD_MISSING", remedy="Give the whole record.")
        return _not_over(work, change, before)
    read = _read(work, given, owner=now.owner, before=now.record)
    if read.owner != now.owner:
        raise not_owner()
    known = (now.record, *([second.record] if second else ()))
    photographs.attach(work.connection, now.profile, _photographs(work, now.profile, read, known))
    return _not_over(work, change, read)


def _before_merge(work: Work, now: Present, other: UUID | None) -> Record | None:
    """Return the record as it was before the merge that a split undoes; None once it was changed since."""
    merge = queries.proposal(work.connection, work.sealer, now.revision)
    if merge is None or (merge.change, merge.other) != (Change.MERGE, other) or merge.base is None:
        return None
    return queries.records(work.connection, work.sealer, [merge.base])[merge.base]


def _not_over(work: Work, change: Change, record: Record) -> Record:
    """Refuse to bring back an entry whose time is over: it would be over again at once."""
    if change is Change.RESTORE and record.expires_on and record.expires_on.earliest <= work.now.date():
        raise InputRefused("is over.", field="expires_on", code="EXPIRY_PAST",
                           remedy="Give the record with the expiry that holds now, and its ground.")  # fmt: skip
    return record


def _second(work: Work, now: Present, change: Change, other: UUID) -> Present:
    """Return the second record of a merge or a split."""
    second = _known(work, other, field="otherProfileId")
    if other == now.profile:
        raise InputRefused("is the same profile.", field="otherProfileId", code="OTHER_PROFILE",
                           remedy="Name the second one.")  # fmt: skip
    if second.owner != work.actor.agency:
        raise Forbidden("Only the owner of both records merges or splits them.", code="NOT_OWNER",
                        field="otherProfileId", remedy=f"Ask {second.owner}.")  # fmt: skip
    if change is Change.MERGE:
        after(second.standing, change)
    elif not queries.is_merged_into(work.connection, other, now.profile):
        raise Conflict("This record was not merged into that one.", code="NOT_MERGED", remedy="Look at its versions.")
    return second


def _read(work: Work, given: object, *, owner: str, before: Record | None = None) -> Record:
    """Read a record and give it its days; its review stays when it was, whatever else of it is amended."""
    read = intake.record(given, work.edition, owner=owner)
    if before is not None and read.review_on is None and read.category == before.category:
        read = replace(read, review_on=before.review_on)
    today = work.now.date()
    if ahead := [*coherence.not_yet(read, today), *coherence.too_long(read, work.edition, today)]:
        raise Problems(ahead)
    return coherence.dated(read, work.edition, work.now.date())


def _documents(work: Work, given: object) -> tuple[Source, ...]:
    return () if given is None else intake.documents(given, work.edition)


def _photographs(work: Work, profile: UUID, record: Record, known: Sequence[Record] = ()) -> list[UUID]:
    """Return what a record names that is new; refuse what this agency has not uploaded, or what is somebody else's."""
    held = {each.id for one in known for each in one.photographs}
    unknown = InputRefused("names one that your agency has not uploaded for this person.", field="photographs",
                           code="PHOTOGRAPH_UNKNOWN", remedy="Upload it first.")  # fmt: skip
    try:
        named = [read_public_id("photograph", each.id) for each in record.photographs if each.id not in held]
    except (InputRefused, NotFound):
        raise unknown from None
    if named and photographs.missing(work.connection, work.actor.agency, profile, named):
        raise unknown
    return named


def _proposal(
    work: Work, officer: Officer, change: Change, profile: UUID, record: Record, reason: str, **more: Any
) -> Proposal:
    return Proposal(
        id=new_id(), profile=profile, change=change, base=more.pop("base", None), reason=reason, record=record,
        proposed_by=officer.id, proposed_agency=work.actor.agency, proposed_chain=officer.chain, proposed_at=work.now,
        proposed_for=tuple(sorted(work.acts_for())), **more,
    )  # fmt: skip


def _add(work: Work, proposal: Proposal, now: Present | None) -> ProposalView:
    new = [] if now is not None else _photographs(work, proposal.profile, proposal.record)
    queries.add_proposals(work.connection, work.sealer, [proposal])
    photographs.attach(work.connection, proposal.profile, new)  # last: PostgreSQL asks what they belong to
    concerned = (proposal.profile, *([proposal.other] if proposal.other else ()))
    work.record("profile:change:proposed", concerned, proposal=str(proposal.id), change=proposal.change.value)
    present = () if now is None else (of_record(now.record, now.standing),)
    return views.proposal(
        proposal, now.record if now else None, proposal_mask(work, proposal, present), work.now.date()
    )


def proposal_mask(work: Work, proposal: Proposal, present: Sequence[Facts]) -> Mask:
    """Return what of a proposal may leave: what may of the record as proposed and of those it concerns, as they stand.

    A record that would stand at rest is decided on as one that is being entered: it is for whoever decides to see what
    they let in. So is what of a record at rest only its keepers see.
    """
    known = Known(work)
    return both([known.mask(of_record(proposal.record, Standing.VETTED)), *map(known.mask, present)])


def not_owner() -> Forbidden:
    """Return the refusal of a record that somebody else owns."""
    return Forbidden("A record is proposed by its owner.", code="NOT_OWNER", remedy="Leave the owner out.")


@operation(Action.PROFILE_CHANGE_PROPOSE)
def propose_many(work: Work, records: Sequence[Record], reason: str) -> list[Proposal]:
    """Propose new profiles from records already read, in one transaction; they are entered, and nothing more.

    Likely duplicates are looked for when each is vetted.
    """
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    if any(each.owner != work.actor.agency for each in records):
        raise not_owner()
    line = sentence(reason)
    today = work.now.date()
    first = _proposal(work, officer, Change.CREATE, new_id(), records[0], line, standing=Standing.VETTED)
    added = [
        replace(first, id=new_id(), profile=new_id(), record=coherence.dated(each, work.edition, today))
        for each in records
    ]
    queries.add_proposals(work.connection, work.sealer, added)
    work.record("profile:change:proposed", tuple(each.profile for each in added), count=len(added))
    return added


@operation(Action.PROFILE_CHANGE_PROPOSE)
def propose_prepared(work: Work, prepared: Sequence[Prepared], reason: str) -> tuple[UUID, ...]:
    """Propose new profiles that another process has read and sealed, in one transaction; return their ids.

    Like propose_many: they are entered and nothing more. The first is opened, to see that the keys are this node's.
    """
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    record = prepared[0].opened(work.sealer)
    if record.owner != work.actor.agency:
        raise not_owner()
    like = _proposal(work, officer, Change.CREATE, new_id(), record, sentence(reason), standing=Standing.VETTED)
    entered = queries.add_prepared(work.connection, like, prepared)
    work.record("profile:change:proposed", entered, count=len(entered))
    return entered
