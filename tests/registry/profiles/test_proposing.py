"""Proposing: strictly read, by the owner, and nothing is changed by it; many at once are entered, and nothing more."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.errors import Conflict, Forbidden, InputRefused, RegistryError
from registry.core.ids import new_id, public_id, read_public_id
from registry.disclosure.vocabulary import Role
from registry.profiles import coherence, queries
from registry.profiles.indexing import indexed
from registry.profiles.intake import Problems
from registry.profiles.models import profiles, revisions
from registry.profiles.operations import deciding, proposing, reading
from registry.profiles.parts import Source
from registry.profiles.standing import CARRIES_A_RECORD, NEEDS_ORDER, NEEDS_OTHER, Change
from registry.profiles.vetting import State
from registry.synthetic.register import people
from registry.work import Work
from tests.factories import (
    AGENCY,
    EDITION,
    ELSEWHERE,
    MOMENT,
    SEALER,
    actor,
    approved,
    conviction,
    named,
    proposed,
    read,
    record,
    statements,
    vetted,
    work,
)  # fmt: skip
from tests.registry.profiles.scenes import (
    SITUATIONS,
    approving,
    code_of,
    done,
    enrol_two,
    everything,
    found,
    proposal_of,
    registrar,
    staged,
    supervisor,
)

pytestmark = pytest.mark.anyio


def pending(connection: Connection) -> list[Any]:
    return queries.proposals(connection, SEALER, State.PENDING, after=None, limit=500)


# -- one new record


async def test_a_proposal_is_not_searchable_until_it_is_approved(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))
    before = await database.read(lambda connection: found(connection, name="Juma Mwakio", phone="+254712345678"))

    profile = await done(database, lambda connection: approved(connection, proposal))
    after = await database.read(lambda connection: found(connection, name="Juma Mwakio"))

    assert (before, after) == ([], [profile])


async def test_a_proposal_tells_who_made_it_and_what_it_holds(database: Database) -> None:
    def propose(connection: Connection) -> tuple[Any, Work]:
        by = registrar(connection)
        return proposing.propose_profile(by, record(), "  As the court\n ordered "), by

    view, asking = await done(database, propose)

    officer = asking.actor.officer
    assert officer is not None
    assert (view.state, view.change, view.reason, view.version, view.note) == (
        "pending", "create", "As the court ordered", None, None,
    )  # fmt: skip
    assert (view.proposed_by, view.proposed_agency, view.proposed_chain, view.proposed_at) == (
        public_id("officer", officer.id), AGENCY, "records", MOMENT,
    )  # fmt: skip
    assert view.record.names == read(record()).names
    assert view.record.record_owner == AGENCY
    assert {each.before for each in view.differences} == {None, "unknown"}
    (event,) = asking.events
    assert event.name == "profile:change:proposed"
    assert event.records == (read_public_id("profile", view.profile_id),)
    assert event.details == {"proposal": str(read_public_id("proposal", view.id)), "change": "create"}


async def test_a_malformed_record_is_refused_and_nothing_is_written(database: Database) -> None:
    before = await database.read(everything)

    with pytest.raises(Problems):
        await database.write(
            lambda connection: proposing.propose_profile(registrar(connection), record(sex="?"), "A reason")
        )

    assert await database.read(everything) == before


REASONS = ["", "  ", "ab", "a" * 501, "a\x00reason", "a \ud800 reason", "a \u202e reason", "a\x1breason"]


@pytest.mark.parametrize("reason", REASONS)
async def test_a_reason_is_a_sentence(database: Database, reason: str) -> None:
    profile = await database.write(lambda connection: vetted(connection, named("Ali Bakari")))
    proposal = await database.write(lambda connection: proposed(connection, record()))
    attempts: list[tuple[Callable[[Connection], Any], str]] = [
        (lambda connection: proposing.propose_profile(registrar(connection), named("A New One"), reason), "reason"),
        (lambda connection: proposing.propose_change(registrar(connection), profile, Change.RETIRE, reason), "reason"),
        (lambda connection: proposing.propose_many(registrar(connection), [read(record())], reason), "reason"),
        (lambda connection: deciding.reject_change(supervisor(connection), proposal, reason), "note"),
        (lambda connection: deciding.return_change(supervisor(connection), proposal, reason), "note"),
        (lambda connection: deciding.withdraw_change(registrar(connection), proposal, reason), "note"),
        (lambda connection: deciding.approve_change(supervisor(connection), proposal, reason), "note"),
    ]
    before = await database.read(everything)
    told = []

    for attempt, _ in attempts:
        with pytest.raises(InputRefused) as caught:
            await database.write(attempt)
        told.append((caught.value.code, caught.value.field))

    assert told == [("REASON_MALFORMED", field) for _, field in attempts]
    assert await database.read(everything) == before


async def test_a_reason_holds_no_victim_s_data(database: Database) -> None:
    with pytest.raises(InputRefused) as caught:
        await database.write(
            lambda connection: proposing.propose_profile(
                registrar(connection), record(), "Victim: Asha Wanjiru, aged 11"
            )
        )

    assert (caught.value.code, caught.value.field) == ("VICTIM_DATA", "reason")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": "2026-11-22", "convictions": [conviction(convicted_on="2027")]}, "birth_date"),
        ({"convictions": [conviction(convicted_on="2026-12")]}, "convictions[0].convicted_on"),
        ({"convictions": [conviction(), conviction(convicted_on="2026-11-22")]}, "convictions[1].convicted_on"),
        ({"phones": [{"number": "0712345678", "last_seen": "2026-11-22"}]}, "phones[0].last_seen"),
    ],
)
async def test_what_a_record_tells_lies_in_the_past(database: Database, changes: dict[str, Any], field: str) -> None:
    profile = await database.write(lambda connection: vetted(connection, named("Ali Bakari")))
    value = record(**changes)
    attempts: list[Callable[[Connection], Any]] = [
        lambda connection: proposing.propose_profile(registrar(connection), value, "A reason"),
        lambda connection: proposed(connection, value, profile=profile),
    ]

    for attempt in attempts:
        with pytest.raises(InputRefused) as caught:
            await database.write(attempt)
        assert caught.value.code in ("DATE_IN_FUTURE", "JUVENILE_CLASS")
        if caught.value.code == "DATE_IN_FUTURE":
            assert caught.value.field == field


@pytest.mark.parametrize("known", ["2026", "2026-11", "2026-11-21"])
async def test_today_is_no_future_however_vaguely_it_is_known(database: Database, known: str) -> None:
    value = record(convictions=[conviction(convicted_on=known)])

    profile = await done(database, lambda connection: vetted(connection, value))

    assert await database.read(lambda connection: queries.current_revision(connection, profile)) is not None


async def test_a_record_gets_its_review_and_its_end_when_it_is_handed_in(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record(tier="two")))

    view = await database.read(lambda connection: reading.read_profile(registrar(connection), profile))

    assert (str(view.review_on), str(view.expires_on)) == ("2031-11-21", "2040-03-09")


# -- by the owner


async def test_a_record_is_proposed_by_its_owner_only(database: Database) -> None:
    others = record(record_owner=ELSEWHERE)
    attempts: list[Callable[[Connection], Any]] = [
        lambda connection: proposing.propose_profile(registrar(connection), others, "A reason"),
        lambda connection: proposing.propose_many(registrar(connection), [read(record()), read(others)], "A reason"),
    ]

    for attempt in attempts:
        with pytest.raises(Forbidden) as caught:
            await done(database, attempt)
        assert caught.value.code == "NOT_OWNER"

    assert await database.read(pending) == []


@pytest.mark.parametrize("change", [each for each in Change if each is not Change.CREATE])
async def test_a_profile_is_changed_by_its_owner_only(database: Database, change: Change) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    more: dict[str, Any] = {"order_number": "MISC 7/2026"} if change in NEEDS_ORDER else {}

    with pytest.raises(Forbidden) as caught:
        await done(
            database,
            lambda connection: proposing.propose_change(
                registrar(connection, ELSEWHERE), profile, change, "A reason", record=record(), **more
            ),
        )

    assert (caught.value.code, caught.value.remedy) == ("NOT_OWNER", f"Ask {AGENCY}.")


async def test_an_owner_does_not_give_a_record_away(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    with pytest.raises(Forbidden) as caught:
        await done(database, lambda connection: proposed(connection, record(record_owner=ELSEWHERE), profile=profile))

    assert caught.value.code == "NOT_OWNER"


AT_REST = [each for each in SITUATIONS if each.name in ("sealed", "expired", "expired unswept", "retired", "removed")]


@pytest.mark.parametrize("situation", AT_REST, ids=lambda each: each.name)
async def test_to_other_agencies_a_record_at_rest_is_not_there(database: Database, situation: Any) -> None:
    scene = await done(database, lambda connection: staged(connection, situation))

    def attempt(connection: Connection, agency: str) -> str | None:
        by = registrar(connection, agency)
        return code_of(lambda: proposing.propose_change(by, scene.profile, Change.AMEND, "A reason", record=record()))

    assert await database.write(lambda connection: attempt(connection, ELSEWHERE)) == "NOT_FOUND"
    assert await database.write(lambda connection: attempt(connection, AGENCY)) == "STANDING"


# -- what a change needs


@pytest.mark.parametrize("change", sorted(NEEDS_ORDER))
@pytest.mark.parametrize(
    ("order", "code"), [(None, "ORDER_MISSING"), ("", "TEXT_MALFORMED"), ("x" * 81, "TEXT_MALFORMED"),
                        ("MISC\x00 7", "TEXT_MALFORMED")],
)  # fmt: skip
async def test_sealing_and_removal_name_the_order_of_a_court(
    database: Database, change: Change, order: str | None, code: str
) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    with pytest.raises(InputRefused) as caught:
        await done(database, lambda c: proposing.propose_change(
            registrar(c), profile, change, "A reason", order_number=order
        ))  # fmt: skip

    assert (caught.value.code, caught.value.field) == (code, "orderNumber")


@pytest.mark.parametrize("change", [each for each in Change if each not in NEEDS_OTHER and each is not Change.CREATE])
async def test_a_second_record_is_named_for_a_merge_or_split_only(database: Database, change: Change) -> None:
    profile, other = await done(
        database, lambda c: (vetted(c, record()), vetted(c, named("Ali Bakari")))
    )  # fmt: skip

    with pytest.raises(InputRefused) as caught:
        await done(database, lambda c: proposal_of(c, profile, change, other=other))

    assert (caught.value.code, caught.value.field) == ("OTHER_PROFILE", "otherProfileId")


@pytest.mark.parametrize("change", sorted(NEEDS_OTHER))
async def test_a_merge_or_split_names_another_record(database: Database, change: Change) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    def attempt(connection: Connection, other: UUID | None) -> str | None:
        return code_of(lambda: proposal_of(connection, profile, change, other=other, record=record()))

    told = [await database.write(lambda c, other=other: attempt(c, other)) for other in (None, profile, new_id())]  # type: ignore[misc]

    assert told == ["OTHER_PROFILE", "OTHER_PROFILE", "NOT_FOUND"]


async def test_only_what_was_merged_is_split(database: Database) -> None:
    profile, other = await done(database, lambda c: (vetted(c, record()), vetted(c, named("Ali Bakari"))))

    with pytest.raises(Conflict) as caught:
        await done(database, lambda c: proposal_of(c, profile, Change.SPLIT, other=other))

    assert caught.value.code == "NOT_MERGED"


@pytest.mark.parametrize(
    "change", [each for each in Change if each not in CARRIES_A_RECORD and each is not Change.RESTORE]
)
async def test_a_change_of_standing_brings_no_record(database: Database, change: Change) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    with pytest.raises(InputRefused) as caught:
        await done(database, lambda c: proposal_of(c, profile, change, record=record()))

    assert (caught.value.code, caught.value.field) == ("RECORD_NOT_CHANGED", "record")


@pytest.mark.parametrize("change", [Change.AMEND, Change.MERGE])
async def test_what_brings_a_record_has_one(database: Database, change: Change) -> None:
    profile, other = await done(database, lambda c: (vetted(c, record()), vetted(c, named("Ali Bakari"))))
    more: dict[str, Any] = {"other": other} if change is Change.MERGE else {}

    with pytest.raises(InputRefused) as caught:
        await done(database, lambda c: proposal_of(c, profile, change, **more))

    assert (caught.value.code, caught.value.field) == ("FIELD_MISSING", "record")


async def test_an_entry_whose_time_is_over_is_restored_with_a_new_end_only(database: Database) -> None:
    (expired,) = [each for each in SITUATIONS if each.name == "expired"]
    scene = await done(database, lambda connection: staged(connection, expired))

    def attempt(connection: Connection, **more: Any) -> str | None:
        return code_of(lambda: proposal_of(connection, scene.profile, Change.RESTORE, **more))

    assert await database.write(attempt) == "EXPIRY_PAST"
    assert await database.write(lambda c: attempt(c, record=record(expires_on="2026-11-21"))) == "EXPIRY_PAST"
    assert await database.write(lambda c: attempt(c, record=record(expires_on="2026-11-22"))) is None


async def test_an_amendment_that_breaks_a_rule_is_refused(database: Database) -> None:
    """Its only conviction quashed, a record has no ground any more: it is retired or removed, not amended."""
    profile = await done(database, lambda connection: vetted(connection, record()))

    with pytest.raises(Problems) as caught:
        await done(database, proposing_quashed(profile))

    assert [each.code for each in caught.value.found] == ["CONVICTION_WITHDRAWN"]


def proposing_quashed(profile: UUID) -> Callable[[Connection], UUID]:
    return lambda c: proposed(c, record(convictions=[conviction(appeal="quashed")]), profile=profile)


# -- documents


async def test_documents_of_a_proposal_are_kept_with_it_and_not_with_the_record(database: Database) -> None:
    given = [{"kind": "judgment", "reference": "SO 12/2015", "digest": "0" * 64, "dated_on": "2015-03-09"}]

    view = await done(
        database, lambda c: proposing.propose_profile(registrar(c), record(), "A reason", documents=given)
    )  # fmt: skip

    def kept(connection: Connection) -> tuple[tuple[Source, ...], tuple[Source, ...]]:
        proposal = queries.proposal(connection, SEALER, read_public_id("proposal", view.id))
        assert proposal is not None
        return proposal.documents, proposal.record.sources

    (document,), sources = await database.read(kept)
    assert (document.kind, document.reference, sources) == ("judgment", "SO 12/2015", ())


@pytest.mark.parametrize("documents", [7, "text", [7], [{"kind": "?", "reference": "x"}], [{"kind": "order"}]], ids=str)
async def test_documents_are_read_strictly(database: Database, documents: object) -> None:
    with pytest.raises(InputRefused):
        await database.write(
            lambda c: proposing.propose_profile(registrar(c), record(), "A reason", documents=documents)
        )

    assert await database.read(pending) == []


# -- reading proposals


async def test_a_proposal_is_read_in_two_statements(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def ask(connection: Connection) -> tuple[Any, int, Work]:
        asking = supervisor(connection)
        with statements(connection) as seen:
            view = deciding.read_proposal(asking, proposal)
        return view, len(seen), asking

    view, count, asking = await database.read(ask)

    assert (count, view.state, view.record.names) == (2, "pending", read(record()).names)
    assert [each.name for each in asking.events] == ["profile:change:read"]


async def test_proposals_are_listed_in_the_order_of_their_making_page_by_page(database: Database) -> None:
    names = [f"Invented Person{number}" for number in range(7)]
    made = []
    for name in names:
        made.append(await database.write(lambda c, name=name: proposed(c, named(name))))  # type: ignore[misc]
        await asyncio.sleep(0.002)
    await done(database, lambda connection: approved(connection, made[3]))

    def page(connection: Connection, after: UUID | None) -> tuple[list[UUID], int, Work, bool]:
        asking = supervisor(connection)
        with statements(connection) as seen:
            found_ = deciding.list_proposals(asking, State.PENDING, after=after, limit=4)
        return [read_public_id("proposal", each.id) for each in found_.proposals], len(seen), asking, found_.has_next

    first, count, asking, has_next = await database.read(lambda connection: page(connection, None))
    second, *_, has_third = await database.read(lambda connection: page(connection, first[-1]))

    assert first + second == made[:3] + made[4:]
    assert (has_next, has_third) == (True, False)
    assert count == 2
    assert asking.events[0].name == "profile:change:listed"
    assert (asking.events[0].details["state"], asking.events[0].details["decision"]["rules"]) == (
        "pending",
        [["P5", "P8"]],
    )
    assert len(asking.events[0].records) == 4


async def test_a_page_of_amendments_costs_one_statement_more_for_what_they_were_drawn_from(database: Database) -> None:
    def fill(connection: Connection) -> None:
        for name in ("Ali Bakari", "Cheptoo Dorcas", "Eunice Furaha"):
            profile = vetted(connection, named(name))
            proposed(connection, named(f"{name} Amended"), profile=profile)

    await done(database, fill)

    def page(connection: Connection) -> tuple[Any, int]:
        with statements(connection) as seen:
            found_ = deciding.list_proposals(supervisor(connection), State.PENDING, after=None, limit=9)
        return found_.proposals, len(seen)

    proposals, count = await database.read(page)

    assert count == 3
    assert [{each.group for each in one.differences} for one in proposals] == [{"names"}] * 3


# -- many in one transaction


async def test_many_are_proposed_and_approved_like_one(database: Database) -> None:
    records = [read(person, owner="x") for person in people(count=120, record_owner=AGENCY)]

    def fill(connection: Connection) -> tuple[int, list[Work]]:
        by, other = registrar(connection), supervisor(connection)
        added = proposing.propose_many(by, records, "An invented import")
        return deciding.approve_many(other, added), [by, other]

    count, asking = await done(database, fill)

    assert count == 120
    assert [each.events[0].name for each in asking] == ["profile:change:proposed", "profile:change:approved"]
    assert [(len(each.events[0].records), each.events[0].details) for each in asking] == [(120, {"count": 120})] * 2

    def kept(connection: Connection) -> list[Any]:
        let_in = queries.proposals(connection, SEALER, State.APPROVED, after=None, limit=500)
        numbers = queries.by_number(connection, range(1, 121), ("identity",))
        order = {row["id"]: number for number, row in numbers.items()}
        return [each.record for each in sorted(let_in, key=lambda each: order[each.profile])]

    today = MOMENT.date()
    assert await database.read(kept) == [coherence.dated(each, EDITION, today) for each in records]


async def test_what_is_proposed_in_bulk_is_entered_and_nothing_more(database: Database) -> None:
    records = [read(named("Ali Bakari")), read(named("Cheptoo Dorcas"))]

    added = await done(database, lambda c: proposing.propose_many(registrar(c), records, "An invented import"))

    assert [each.state for each in added] == [State.PENDING] * 2
    assert len(await database.read(pending)) == 2
    assert await database.read(lambda c: found(c, name="Ali Bakari")) == []
    assert await database.read(lambda c: c.execute(sa.select(sa.func.count()).select_from(profiles)).scalar()) == 0


async def test_indexes_that_another_process_made_are_taken(database: Database) -> None:
    records = [read(named("Ali Bakari")), read(named("Cheptoo Dorcas"))]

    def fill(connection: Connection) -> int:
        added = proposing.propose_many(registrar(connection), records, "An invented import")
        made = [indexed(each.record, EDITION, SEALER.blind) for each in added]
        return deciding.approve_many(supervisor(connection), added, made)

    assert await done(database, fill) == 2


async def test_nothing_approved_is_nothing_done(database: Database) -> None:
    assert await done(database, lambda connection: deciding.approve_many(supervisor(connection), [])) == 0


async def test_one_that_may_not_be_approved_stops_all_of_them(database: Database) -> None:
    proposals = await done(
        database,
        lambda connection: proposing.propose_many(
            registrar(connection), [read(named("Ali Bakari")), read(named("Cheptoo Dorcas"))], "An invented import"
        ),
    )
    attempts: list[tuple[str, Callable[[Connection], Any]]] = [
        ("OWN_PROPOSAL", lambda connection: deciding.approve_many(registrar(connection), proposals)),
        ("SAME_CHAIN", lambda connection: deciding.approve_many(
            work(connection, actor(role=Role.REGISTRAR, name="2")), proposals
        )),
        ("PROPOSAL_OUTDATED", lambda connection: deciding.approve_many(
            supervisor(connection), [proposals[0], replace(proposals[1], base=new_id())]
        )),
    ]  # fmt: skip
    for code, attempt in attempts:
        with pytest.raises(RegistryError) as caught:
            await done(database, attempt)
        assert caught.value.code == code

    await done(database, lambda connection: deciding.reject_change(supervisor(connection), proposals[1].id, "No."))
    with pytest.raises(Conflict) as conflict:
        await done(database, lambda connection: deciding.approve_many(supervisor(connection), proposals))
    assert conflict.value.code == "PROPOSAL_NOT_PENDING"
    assert (await database.read(everything))["profiles"] == []


# -- statements


@pytest.mark.parametrize(
    ("use", "most"),
    [
        (lambda connection, _, __: proposing.propose_profile(
            registrar(connection), named("Zebedee Qwerty"), "A reason"
        ), 7),  # two of them for words that nobody carries
        (lambda connection, profile, _: proposed(connection, record(), profile=profile), 6),
        (lambda connection, profile, _: proposal_of(connection, profile, Change.SEAL), 6),
        (lambda connection, _, new: approving(new)(connection), 16),
        (lambda connection, _, new: deciding.reject_change(supervisor(connection), new, "No."), 8),
    ],
    ids=["propose", "amend", "seal", "approve", "reject"],
)  # fmt: skip
async def test_changes_cost_few_statements(database: Database, use: Callable[..., Any], most: int) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    new = await done(database, lambda connection: proposed(connection, named("Ali Bakari")))
    await database.write(enrol_two)

    def count(connection: Connection) -> int:
        with statements(connection) as seen:
            use(connection, profile, new)
        return len([each for each in seen if each != "SELECT 1"])

    assert await done(database, count) <= most


async def test_the_state_of_a_proposal_is_one_that_the_database_knows(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(
            lambda c: c.execute(revisions.update().where(revisions.c.id == proposal).values(state="forgotten"))
        )
