"""Deciding: a second officer of another chain lets a change in, whole or in part, returns or rejects it."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import directory
from registry.core.db import Database
from registry.core.errors import Conflict, Forbidden, InputRefused
from registry.core.ids import new_id, public_id, read_public_id
from registry.disclosure.vocabulary import Role
from registry.profiles import publication, queries
from registry.profiles.headline import headline
from registry.profiles.indexing import indexed
from registry.profiles.intake import Problems
from registry.profiles.models import revisions
from registry.profiles.operations import deciding, duties, proposing, reading
from registry.profiles.record import GROUPS
from registry.profiles.standing import SUPERVISED, Change
from registry.profiles.vetting import DECISIONS, Decision, State
from registry.work import Work
from tests.factories import (
    EDITION,
    MOMENT,
    SEALER,
    actor,
    amended,
    approved,
    changed,
    conviction,
    named,
    proposed,
    read,
    record,
    vetted,
    work,
)  # fmt: skip
from tests.registry.profiles.scenes import (
    approving,
    code_of,
    done,
    everything,
    found,
    proposal_of,
    registrar,
    supervisor,
    undone,
)
from tests.registry.profiles.whole import whole

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


def decide(connection: Connection, decision: Decision, proposal: UUID, *, by: Work | None = None) -> Any:
    """Decide as an officer who may."""
    if decision is Decision.WITHDRAW:
        return deciding.withdraw_change(by or registrar(connection), proposal, "A note")
    deciding_ = by or supervisor(connection)
    return {
        Decision.APPROVE: lambda: deciding.approve_change(deciding_, proposal, "A note"),
        Decision.APPROVE_IN_PART: lambda: deciding.approve_change(
            deciding_, proposal, "A note", fields=["names", "convictions"]
        ),
        Decision.RETURN: lambda: deciding.return_change(deciding_, proposal, "A note"),
        Decision.REJECT: lambda: deciding.reject_change(deciding_, proposal, "A note"),
    }[decision]()


_BY = {state: decision for (_, decision), state in DECISIONS.items()}


def brought(connection: Connection, state: State, proposal: UUID) -> None:
    """Bring a pending proposal into a state by a real decision."""
    if state is not State.PENDING:
        decide(connection, _BY[state], proposal)


# -- every state and decision


@pytest.mark.parametrize("kind", ["new", "amendment"])
@pytest.mark.parametrize("state", State)
async def test_each_decision_on_each_state_stands_or_is_refused(database: Database, state: State, kind: str) -> None:
    def propose(connection: Connection) -> UUID:
        profile = vetted(connection, named("Ali Bakari")) if kind == "amendment" else None
        proposal = proposed(connection, record(), profile=profile)
        brought(connection, state, proposal)
        return proposal

    proposal = await done(database, propose)
    before = await database.read(everything)
    told: dict[str, str] = {}

    def attempt(connection: Connection, decision: Decision) -> None:
        code = code_of(lambda: told.update({decision.value: decide(connection, decision, proposal).state}))
        if code is not None:
            told[decision.value] = code
            assert everything(connection) == before
            return
        assert deciding.read_proposal(supervisor(connection), proposal).state == told[decision.value]

    for decision in Decision:
        await undone(database, partial(attempt, decision=decision))

    assert told == {
        decision.value: DECISIONS[state, decision].value if (state, decision) in DECISIONS else "PROPOSAL_NOT_PENDING"
        for decision in Decision
    }


@pytest.mark.parametrize("state", [State.RETURNED, State.REJECTED, State.WITHDRAWN])
async def test_what_was_not_let_in_is_kept_and_never_found(database: Database, state: State) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def close(connection: Connection) -> tuple[Any, Work]:
        by = registrar(connection) if state is State.WITHDRAWN else supervisor(connection)
        return decide(connection, _BY[state], proposal, by=by), by

    view, asking = await done(database, close)

    assert (view.state, view.version, view.note) == (state.value, None, "A note")
    assert [each.name for each in asking.events] == [f"profile:change:{state.value}"]
    assert await database.read(lambda connection: found(connection, name="Juma Hamisi Mwakio")) == []
    kept = await database.read(lambda connection: deciding.read_proposal(supervisor(connection), proposal))
    (listed,) = await database.read(
        lambda c: deciding.list_proposals(supervisor(c), state, after=None, limit=9).proposals
    )  # fmt: skip
    assert listed.record.names == kept.record.names == read(record()).names
    assert replace(listed, record=view.record) == replace(kept, record=view.record) == view


async def test_an_approved_proposal_is_the_first_version(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def approve(connection: Connection) -> tuple[Any, Work]:
        by = work(connection, actor(role=Role.SUPERVISOR), MOMENT + timedelta(hours=1))
        return deciding.approve_change(by, proposal, " Checked  with the court "), by

    view, asking = await done(database, approve)

    officer = asking.actor.officer
    assert officer is not None
    assert (view.state, view.version, view.note) == ("approved", 1, "Checked with the court")
    assert (view.decided_by, view.decided_at) == (public_id("officer", officer.id), MOMENT + timedelta(hours=1))
    (event,) = asking.events
    assert (event.name, event.details) == (
        "profile:change:approved", {"proposal": str(proposal), "version": 1, "change": "create"},
    )  # fmt: skip


async def test_register_numbers_have_no_gaps(database: Database) -> None:
    def fill(connection: Connection) -> list[int]:
        first = vetted(connection, named("Ali Bakari"))
        rejected = proposed(connection, named("Not Him"))
        deciding.reject_change(supervisor(connection), rejected, "Not him")
        second = vetted(connection, named("Cheptoo Dorcas"))
        amended(connection, first, named("Ali Bakari Omar"))
        return [
            reading.read_profile(registrar(connection), profile).register_number
            for profile in (first, second, vetted(connection, named("Eunice Furaha")))
        ]

    assert await done(database, fill) == [1, 2, 3]


async def test_a_number_of_an_approval_that_was_undone_is_given_again(database: Database) -> None:
    def fail(connection: Connection) -> None:
        vetted(connection, record())
        raise InputRefused("is wrong.")

    with pytest.raises(InputRefused):
        await database.write(fail)

    profile = await done(database, lambda connection: vetted(connection, record()))
    view = await database.read(lambda connection: reading.read_profile(registrar(connection), profile))
    assert view.register_number == 1


# -- four eyes

ALL_BUT_WITHDRAWAL = [each for each in Decision if each is not Decision.WITHDRAW]


@pytest.mark.parametrize("decision", ALL_BUT_WITHDRAWAL)
async def test_neither_the_proposer_nor_a_colleague_of_the_chain_decides(
    database: Database, decision: Decision
) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def attempt(connection: Connection, name: str) -> str | None:
        by = work(connection, actor(role=Role.REGISTRAR, name=name))
        return code_of(lambda: decide(connection, decision, proposal, by=by))

    told = [await database.write(lambda c, name=name: attempt(c, name)) for name in ("1", "2")]  # type: ignore[misc]

    assert told == ["OWN_PROPOSAL", "SAME_CHAIN"]


async def test_only_the_proposer_withdraws(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    with pytest.raises(Forbidden) as caught:
        await database.write(
            lambda c: deciding.withdraw_change(work(c, actor(role=Role.REGISTRAR, name="2")), proposal, "A note")
        )

    assert caught.value.code == "NOT_PROPOSER"


def enrolled(connection: Connection, role: Role, name: str = "1", chain: str | None = None) -> Work:
    return work(connection, actor(connection, role=role, name=name, chain=chain))


def officer_of(by: Work) -> UUID:
    assert by.actor.officer is not None
    return by.actor.officer.id


DELEGATIONS: dict[str, tuple[list[tuple[str, str]], bool]] = {
    "nobody": ([], True),
    "the proposer let the decider act": ([("proposer", "decider")], False),
    "the decider let the proposer act": ([("decider", "proposer")], False),
    "a third let both act": ([("third", "proposer"), ("third", "decider")], False),
    "a third let the proposer act": ([("third", "proposer")], True),
    "a third let the decider act": ([("third", "decider")], True),
    "the decider let a third act": ([("decider", "third")], True),
}
"""Who let whom act, and whether the decision then stands."""


@pytest.mark.parametrize("case", DELEGATIONS)
async def test_nobody_decides_on_an_own_proposal_through_a_delegate(database: Database, case: str) -> None:
    delegations, stands = DELEGATIONS[case]

    def attempt(connection: Connection, decision: Decision, since: datetime) -> str | None:
        officers = {
            "proposer": enrolled(connection, Role.REGISTRAR), "decider": enrolled(connection, Role.SUPERVISOR),
            "third": enrolled(connection, Role.SUPERVISOR, "3", "inspection"),
        }  # fmt: skip
        for officer, to in delegations:
            directory.delegate(connection, officer_of(officers[officer]), officer_of(officers[to]), since=since,
                               until=since + DAY)  # fmt: skip
        view = proposing.propose_profile(officers["proposer"], record(), "A reason")
        proposal = read_public_id("proposal", view.id)
        return code_of(lambda: decide(connection, decision, proposal, by=officers["decider"]))

    for decision in ALL_BUT_WITHDRAWAL:
        for since, refused in ((MOMENT, not stands), (MOMENT - 2 * DAY, False), (MOMENT + DAY, False)):
            told = await undone(database, partial(attempt, decision=decision, since=since))
            assert told == ("OWN_PROPOSAL" if refused else None), (decision, since)


async def test_in_bulk_nobody_decides_through_a_delegate_either(database: Database) -> None:
    def attempt(connection: Connection) -> str | None:
        proposer, decider = enrolled(connection, Role.REGISTRAR), enrolled(connection, Role.SUPERVISOR)
        directory.delegate(connection, officer_of(proposer), officer_of(decider), since=MOMENT, until=MOMENT + DAY)
        added = proposing.propose_many(proposer, [read(record())], "An invented import")
        return code_of(lambda: deciding.approve_many(decider, added))

    assert await database.write(attempt) == "OWN_PROPOSAL"


async def test_the_database_itself_refuses_a_proposer_who_decides(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def forge(connection: Connection) -> None:
        connection.execute(
            revisions.update()
            .where(revisions.c.id == proposal)
            .values(state="rejected", decided_by=revisions.c.proposed_by, decided_at=MOMENT)
        )

    with pytest.raises(sa.exc.IntegrityError):
        await done(database, forge)


async def test_a_decision_that_is_refused_leaves_whom_it_was_about(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def ask(connection: Connection) -> tuple[Work, UUID]:
        asking = registrar(connection)
        with pytest.raises(Forbidden):
            deciding.approve_change(asking, proposal)
        kept = queries.proposal(connection, SEALER, proposal)
        assert kept is not None
        return asking, kept.profile

    asking, profile = await done(database, ask)

    (event,) = asking.events
    assert (event.name, event.records) == ("profile:change:decide:refused", (profile,))
    assert event.details == {"proposal": str(proposal)}


BEFORE = {Change.WITHHOLD: Change.RELEASE, Change.SETTLE: Change.CONTEST, Change.RESTORE: Change.RETIRE,
          Change.SPLIT: Change.MERGE}  # fmt: skip
"""What has to have happened before a change can be proposed."""


@pytest.mark.parametrize("change", [each for each in Change if each is not Change.CREATE])
async def test_release_sealing_removal_and_restoring_are_decided_by_supervisors_alone(
    database: Database, change: Change
) -> None:
    """A registrar of another chain decides on everything else."""

    def propose(connection: Connection) -> UUID:
        profile, other = vetted(connection, record()), vetted(connection, named("Ali Bakari"))
        second: dict[str, Any] = {"other": other} if change in (Change.MERGE, Change.SPLIT) else {}
        if change in BEFORE:
            merging: dict[str, Any] = {"record": record()} if change is Change.SPLIT else {}
            changed(connection, profile, BEFORE[change], **second, **merging)
        brings: dict[str, Any] = {"record": record(sex="other")} if change in (Change.AMEND, Change.MERGE) else {}
        return proposal_of(connection, profile, change, **second, **brings)

    proposal = await done(database, propose)

    def attempt(connection: Connection, decision: Decision) -> tuple[str | None, list[str]]:
        by = work(connection, actor(role=Role.REGISTRAR, chain="another"))
        return code_of(lambda: decide(connection, decision, proposal, by=by)), [each.name for each in by.events]

    for decision in ALL_BUT_WITHDRAWAL:
        code, events = await undone(database, partial(attempt, decision=decision))
        if change in SUPERVISED:
            assert (code, events) == ("FORBIDDEN", ["profile:change:decide:refused"])
        else:
            in_parts = decision is not Decision.APPROVE_IN_PART or change is Change.AMEND
            assert code == (None if in_parts else "NOT_IN_PARTS")


# -- in part


async def test_of_a_new_record_some_groups_are_let_in_and_the_others_returned(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, whole()))
    let_in = ["names", "birth_date", "convictions", "phones"]

    def approve(connection: Connection) -> tuple[Any, Work]:
        by = supervisor(connection)
        return deciding.approve_change(by, proposal, "No document for the rest", fields=let_in), by

    view, asking = await done(database, approve)

    assert (view.state, view.version, view.note) == ("in_part", 1, "No document for the rest")
    assert asking.events[0].details["fields"] == let_in
    profile = read_public_id("profile", view.profile_id)
    seen = await database.read(lambda connection: reading.read_profile(registrar(connection), profile))
    known = read(whole())
    for name, group in GROUPS.items():
        if name in ("freshness", "owner", "review_on", "expires_on", "legal_basis", "category"):
            continue
        assert getattr(seen, name) == (getattr(known, name) if name in let_in else group.default), name
    assert (seen.record_owner, seen.legal_basis, seen.category) == (known.owner, known.legal_basis, known.category)
    kept = await database.read(lambda connection: deciding.read_proposal(supervisor(connection), proposal))
    assert kept.record.places == known.places  # what was proposed stays as it was proposed


async def test_a_record_let_in_without_its_days_gets_those_of_its_class(database: Database) -> None:
    """No entry is without a review, and none without an end but those for life."""
    proposal = await done(database, lambda connection: proposed(connection, whole(tier="two")))

    view = await done(database, approving(proposal, note="A note", fields=["names", "convictions"]))

    profile = read_public_id("profile", view.profile_id)
    seen = await database.read(lambda connection: reading.read_profile(registrar(connection), profile))
    assert (seen.tier, str(seen.review_on), str(seen.expires_on)) == ("one", "2031-11-21", "2030-03-09")


async def test_of_an_amendment_some_groups_are_let_in_and_all_others_stay(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    change = record(sex="other", county="Lamu", phones=["0733000000"], emails=None)
    amendment = await done(database, lambda connection: proposed(connection, change, profile=profile))

    view = await done(database, approving(amendment, note="Only these are proved", fields=["county", "emails"]))

    assert (view.state, view.version) == ("in_part", 2)
    assert {each.group for each in view.differences} == {"sex", "county", "phones", "emails"}
    seen = await database.read(lambda connection: reading.read_profile(registrar(connection), profile))
    before = read(record())
    assert (seen.county, seen.emails, seen.sex, seen.phones) == ("Lamu", (), before.sex, before.phones)
    assert await database.read(lambda c: found(c, phone="0733000000")) == []
    versions = await database.read(lambda c: reading.read_versions(registrar(c), profile))
    assert versions is not None
    assert [(each.version, each.change) for each in versions] == [(2, "amend"), (1, "create")]


async def test_the_part_that_was_let_in_is_no_proposal_of_its_own(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))
    await done(database, approving(proposal, note="A note", fields=["names", "convictions"]))

    def look(connection: Connection) -> tuple[int, list[str | None]]:
        listed = [
            each for state in State
            for each in deciding.list_proposals(supervisor(connection), state, after=None, limit=9).proposals
        ]  # fmt: skip
        part = connection.execute(sa.select(revisions.c.id).where(revisions.c.part_of == proposal)).scalar_one()
        return len(listed), [
            code_of(lambda: deciding.read_proposal(supervisor(connection), part)),
            code_of(lambda: deciding.reject_change(supervisor(connection), part, "A note")),
        ]

    assert await database.write(look) == (1, ["NOT_FOUND", "NOT_FOUND"])


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        (["names"], [("convictions", "LIST_MALFORMED")]),
        (["names", "phones"], [("convictions", "LIST_MALFORMED")]),
    ],
)
async def test_what_is_left_of_a_new_record_keeps_the_rules_of_a_whole_one(
    database: Database, fields: list[str], codes: list[tuple[str, str]]
) -> None:
    """Names without the conviction are no ground to hold anybody."""
    proposal = await done(database, lambda connection: proposed(connection, record()))
    before = await database.read(everything)

    with pytest.raises(Problems) as caught:
        await done(database, approving(proposal, note="A note", fields=fields))

    assert [(each.field, each.code) for each in caught.value.found] == codes
    assert await database.read(everything) == before


async def test_part_of_an_amendment_that_contradicts_the_rest_is_refused(database: Database) -> None:
    """A birth date that makes a minor at the offence needs the category that was left out."""
    order = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 4/2024", "made_on": "2024-02-05"}
    profile = await done(database, lambda connection: vetted(connection, record()))
    change = record(birth_date="1999", category="juvenile", orders=[order])
    amendment = await done(database, lambda connection: proposed(connection, change, profile=profile))

    with pytest.raises(Problems) as caught:
        await done(database, approving(amendment, note="A note", fields=["birth_date"]))

    assert [each.code for each in caught.value.found] == ["JUVENILE_CLASS"]
    view = await done(database, approving(amendment, note="A note", fields=["birth_date", "category", "orders"]))
    assert view.version == 2


@pytest.mark.parametrize("note", [None, "", "  "])
async def test_whoever_leaves_something_out_says_why(database: Database, note: str | None) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    with pytest.raises(InputRefused) as caught:
        await done(database, approving(proposal, note=note, fields=["names", "convictions"]))

    assert (caught.value.code, caught.value.field) == ("REASON_MALFORMED", "note")


@pytest.mark.parametrize("fields", [[], ["victims"], ["names", "?"]], ids=str)
async def test_only_groups_of_a_record_are_let_in(database: Database, fields: list[str]) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    with pytest.raises(InputRefused) as caught:
        await done(database, approving(proposal, note="A note", fields=fields))

    assert (caught.value.code, caught.value.field) == ("GROUP_UNKNOWN", "fields")


# -- amending


async def test_an_amendment_takes_the_place_of_what_was_known_before(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    other = await done(database, lambda connection: vetted(connection, named("Juma Hamisi Mwakio")))

    await done(database, lambda connection: amended(connection, profile, named("Peter Otieno", phones=["0733000000"])))

    def look(connection: Connection) -> list[list[UUID]]:
        return [
            found(connection, name="Juma Hamisi Mwakio"),
            found(connection, phone="+254712345678"),
            found(connection, name="Peter Otieno"),
            found(connection, phone="+254733000000"),
        ]

    assert await database.read(look) == [[other], [], [profile], [profile]]


async def test_a_name_that_nobody_bears_any_more_is_counted_as_such(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, named("Juma Mwakio")))
    await done(database, lambda connection: amended(connection, profile, named("Peter Otieno")))
    await done(database, lambda connection: amended(connection, profile, named("Juma Mwakio")))

    assert await database.read(lambda connection: found(connection, name="Juma Mwakio")) == [profile]
    assert await database.read(lambda connection: found(connection, name="Peter Otieno")) == []


async def test_of_two_amendments_from_one_state_the_second_is_outdated(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    first = await done(database, lambda connection: proposed(connection, named("First One"), profile=profile))
    second = await done(database, lambda connection: proposed(connection, named("Second One"), profile=profile))
    await done(database, lambda connection: approved(connection, first))

    with pytest.raises(Conflict) as caught:
        await done(database, lambda connection: approved(connection, second))

    assert caught.value.code == "PROPOSAL_OUTDATED"
    rejected = await done(database, lambda connection: deciding.reject_change(supervisor(connection), second, "Old"))
    assert rejected.state == "rejected"


async def test_what_was_drawn_from_an_older_state_is_never_published(database: Database) -> None:
    """Also where the use case has not seen it: the last word is the statement's."""
    profile = await done(database, lambda connection: vetted(connection, record()))
    amendment = await done(database, lambda connection: proposed(connection, named("First One"), profile=profile))

    def publish(connection: Connection) -> None:
        kept = queries.proposal(connection, SEALER, amendment)
        assert kept is not None
        decided = replace(kept, state=State.APPROVED, version=2, decided_by=new_id(), decided_at=MOMENT, base=new_id())
        publication.publish(
            connection, decided, indexed(kept.record, EDITION, SEALER.blind), headline(kept.record, EDITION, MOMENT)
        )

    with pytest.raises(Conflict) as caught:
        await done(database, publish)

    assert caught.value.code == "PROPOSAL_OUTDATED"


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize("change", [Change.AMEND, Change.RELEASE, Change.CONTEST, Change.MERGE])
async def test_what_was_proposed_of_a_live_record_is_not_let_in_once_its_time_is_over(
    database: Database, change: Change, swept: bool
) -> None:
    """An amendment that puts off the end would bring the record back, after everyone was told that it is gone."""
    ends, later = record(expires_on="2026-11-22"), MOMENT + 2 * DAY

    def propose(connection: Connection) -> UUID:
        profile, other = vetted(connection, ends), vetted(connection, named("Ali Bakari"))
        later_end = record(expires_on="2030-01-01")
        brings: dict[str, Any] = {"record": later_end} if change in (Change.AMEND, Change.MERGE) else {}
        second: dict[str, Any] = {"other": other} if change is Change.MERGE else {}
        proposal = proposal_of(connection, profile, change, **brings, **second)
        if swept:
            assert duties.expire_due(connection, later) == 1
        return proposal

    proposal = await done(database, propose)

    with pytest.raises(Conflict) as caught:
        await done(database, approving(proposal, now=later))

    assert caught.value.code == "STANDING"
    closed = await done(database, lambda c: deciding.reject_change(supervisor(c, now=later), proposal, "Too late"))
    assert closed.state == "rejected"


async def test_what_ends_a_record_is_let_in_after_its_time_too(database: Database) -> None:
    def propose(connection: Connection) -> UUID:
        profile = vetted(connection, record(expires_on="2026-11-22"))
        return proposal_of(connection, profile, Change.REMOVE)

    proposal = await done(database, propose)
    later = MOMENT + 2 * DAY

    view = await done(database, approving(proposal, now=later))

    profile = read_public_id("profile", view.profile_id)
    seen = await database.read(lambda c: reading.read_profile(supervisor(c, now=later), profile))
    assert seen.standing == "removed"


# -- verification is not put off by what verifies nothing


async def test_a_change_of_standing_does_not_put_off_the_next_verification(database: Database) -> None:
    """34 USC 20918: in person, each year, six or three months; releasing a record verifies nothing."""

    def live(connection: Connection) -> list[tuple[str, str]]:
        profile = vetted(connection, record(tier="three"))
        due = [("create", _verify_on(connection, profile))]
        for number, change in enumerate((Change.RELEASE, Change.CONTEST, Change.SETTLE, Change.WITHHOLD, Change.RETIRE,
                                         Change.RESTORE), 1):  # fmt: skip
            changed(connection, profile, change, now=MOMENT + number * 7 * DAY)
            due.append((change.value, _verify_on(connection, profile)))
        amended(connection, profile, record(tier="three", sex="other"), now=MOMENT + 60 * DAY)
        return [*due, ("amend", _verify_on(connection, profile))]

    told = await done(database, live)

    assert {day for change, day in told if change != "amend"} == {"2027-02-21"}
    assert told[-1] == ("amend", "2027-04-20")


def _verify_on(connection: Connection, profile: UUID) -> str:
    day: str = connection.execute(
        sa.text("SELECT verify_on FROM profiles WHERE id = :id").bindparams(
            sa.bindparam("id", profile, type_=revisions.c.id.type)
        )
    ).scalar_one()
    return day


async def test_an_amendment_does_not_put_off_the_review_of_an_entry(database: Database) -> None:
    """An entry for life is reviewed when it was to be, however often a phone number is added before."""

    def live(connection: Connection) -> list[str]:
        profile = vetted(connection, record(tier="three"))
        told = []
        for changes, days in (({}, 0), ({"sex": "other"}, 300), ({"review_on": "2028-01-01"}, 400), ({}, 500)):
            amended(connection, profile, record(tier="three", **changes), now=MOMENT + days * DAY)
            told.append(str(reading.read_profile(registrar(connection), profile).review_on))
        return told

    assert await done(database, live) == ["2031-11-21", "2031-11-21", "2028-01-01", "2028-01-01"]


async def test_a_record_of_another_category_is_reviewed_as_that_one_is(database: Database) -> None:
    order = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 4/2024", "made_on": "2024-02-05"}

    def live(connection: Connection) -> str:
        profile = vetted(connection, record())
        amended(connection, profile, record(category="ordered", orders=[order], convictions=[conviction()]))
        return str(reading.read_profile(registrar(connection), profile).review_on)

    assert await done(database, live) == "2027-11-21"
