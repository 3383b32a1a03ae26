"""Use cases of the register, on both databases: proposed, vetted, amended, read."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Conflict, Forbidden, InputRefused, NotFound, RegistryError
from registry.core.ids import new_id, public_id, read_public_id
from registry.disclosure.vocabulary import Purpose, Role
from registry.models import metadata
from registry.profiles import operations, queries
from registry.profiles.indexing import indexed, unpacked
from registry.profiles.intake import Problems
from registry.profiles.models import match_records, name_rarity, profiles, revisions, search_keys
from registry.profiles.vetting import State
from registry.search.operations import search
from registry.search.query import SearchQuery
from registry.synthetic.register import people
from registry.work import Work
from tests.factories import (
    AGENCY,
    EDITION,
    ELSEWHERE,
    MOMENT,
    actor,
    amended,
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

pytestmark = pytest.mark.anyio
T = TypeVar("T")


async def done(database: Database, use: Callable[[Connection], T]) -> T:
    """Do something in one transaction, and check the whole register afterwards."""
    answer = await database.write(use)
    await database.read(check_register)
    return answer


def check_register(connection: Connection) -> None:
    """What must hold of the register at any moment, whatever happened to it."""
    current = connection.execute(
        sa.select(profiles, revisions.c.state, revisions.c.profile, revisions.c.version).join(revisions)
    ).all()
    size = connection.execute(sa.text("SELECT value FROM counters WHERE name = 'profiles'")).scalar() or 0
    newest = pairs(
        connection, sa.select(revisions.c.profile, sa.func.max(revisions.c.version)).group_by(revisions.c.profile)
    )
    assert sorted(row.number for row in current) == list(range(1, size + 1))
    keys: set[tuple[int, int]] = set()
    rarity: Counter[int] = Counter()
    texts: dict[int, str] = {}
    for row in current:
        assert (row.state, row.profile, row.version) == ("approved", row.id, newest[row.id])
        kept = queries.proposal(connection, row.current)
        assert kept is not None
        index = indexed(kept.record, EDITION)
        assert (tuple(unpacked(row.blocking_keys)), tuple(unpacked(row.name_tokens))) == (index.keys, index.tokens)
        keys |= {(key, row.number) for key in index.keys}
        rarity.update(index.tokens)
        texts[row.number] = index.record
    assert {(key, number) for key, number in connection.execute(sa.select(search_keys))} == keys
    assert pairs(connection, sa.select(match_records)) == texts
    assert {token: many for token, many in pairs(connection, sa.select(name_rarity)).items() if many} == rarity


def pairs(connection: Connection, statement: sa.Select[Any]) -> dict[Any, Any]:
    """Return two columns as a mapping."""
    return {key: value for key, value in connection.execute(statement)}  # noqa: C416  a row is more than a tuple


def found(connection: Connection, **criteria: Any) -> list[UUID]:
    """Search as an investigator; return the profiles, best first."""
    page = search(work(connection, actor()), SearchQuery(**criteria), limit=20)
    return [read_public_id("profile", hit.profile.id) for hit in page.hits]


def registrar(connection: Connection, agency: str = AGENCY) -> Work:
    return work(connection, actor(role=Role.REGISTRAR, agency=agency))


def supervisor(connection: Connection, name: str = "1") -> Work:
    return work(connection, actor(role=Role.SUPERVISOR, name=name))


def proposing(value: object, profile: UUID | None = None) -> Callable[[Connection], UUID]:
    return lambda connection: proposed(connection, value, profile=profile)


def approving(proposal: UUID, name: str = "1") -> Callable[[Connection], Any]:
    return lambda connection: operations.approve_change(supervisor(connection, name), proposal)


def rejecting(proposal: UUID, name: str = "1") -> Callable[[Connection], Any]:
    return lambda connection: operations.reject_change(supervisor(connection, name), proposal, "Not him")


def enrol_two(connection: Connection) -> None:
    """Enrol the two who will decide at once, so that they wait for nothing else."""
    for name in "12":
        supervisor(connection, name)


async def everything(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table."""
    return await database.read(
        lambda connection: {
            name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for name, table in metadata.tables.items()
        }
    )


# -- proposing


async def test_a_proposal_is_not_searchable_until_it_is_approved(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))
    before = await database.read(lambda connection: found(connection, name="Juma Mwakio", phone="+254712345678"))

    profile = await done(database, lambda connection: approved(connection, proposal))
    after = await database.read(lambda connection: found(connection, name="Juma Mwakio"))

    assert (before, after) == ([], [profile])


async def test_a_proposal_tells_who_made_it_and_what_it_holds(database: Database) -> None:
    def propose(connection: Connection) -> tuple[Any, Work]:
        proposing = registrar(connection)
        return operations.propose_profile(proposing, record(), "  As the court\n ordered "), proposing

    view, asking = await done(database, propose)

    officer = asking.actor.officer
    assert officer is not None
    assert (view.state, view.reason, view.version, view.note) == ("pending", "As the court ordered", None, None)
    assert (view.proposed_by, view.proposed_agency, view.proposed_chain, view.proposed_at) == (
        public_id("officer", officer.id), AGENCY, "records", MOMENT,
    )  # fmt: skip
    assert view.record.names == read(record()).names
    assert view.record.record_owner == AGENCY
    (event,) = asking.events
    assert event.name == "profile:change:proposed"
    assert event.records == (read_public_id("profile", view.profile_id),)
    assert event.details == {"proposal": str(read_public_id("proposal", view.id))}


async def test_a_malformed_record_is_refused_and_nothing_is_written(database: Database) -> None:
    before = await everything(database)

    with pytest.raises(Problems):
        await database.write(
            lambda connection: operations.propose_profile(registrar(connection), record(sex="?"), "A reason")
        )

    assert await everything(database) == before


REASONS = ["", "  ", "ab", "a" * 501, "a\x00reason", "a \ud800 reason", "a \u202e reason", "a\x1breason"]


@pytest.mark.parametrize("reason", REASONS)
async def test_a_reason_is_a_sentence(database: Database, reason: str) -> None:
    proposal = await database.write(lambda connection: proposed(connection, record()))
    attempts: list[tuple[Callable[[Connection], Any], str]] = [
        (lambda connection: operations.propose_profile(registrar(connection), record(), reason), "reason"),
        (lambda connection: operations.propose_many(registrar(connection), [read(record())], reason), "reason"),
        (lambda connection: operations.reject_change(supervisor(connection), proposal, reason), "note"),
        (lambda connection: operations.approve_change(supervisor(connection), proposal, reason), "note"),
    ]
    told = []

    for attempt, _ in attempts:
        with pytest.raises(InputRefused) as caught:
            await database.write(attempt)
        told.append((caught.value.code, caught.value.field))

    assert told == [("REASON_MALFORMED", field) for _, field in attempts]
    assert (
        await database.read(lambda connection: queries.proposals(connection, State.APPROVED, after=None, limit=9)) == []
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": "2026-11-22", "convictions": [conviction(convicted_on="2027")]}, "convictions[0].convicted_on"),
        ({"convictions": [conviction(convicted_on="2026-12")]}, "convictions[0].convicted_on"),
        ({"convictions": [conviction(), conviction(convicted_on="2026-11-22")]}, "convictions[1].convicted_on"),
    ],
)
async def test_what_a_record_tells_lies_in_the_past(database: Database, changes: dict[str, Any], field: str) -> None:
    value = record(**changes)
    attempts: list[Callable[[Connection], Any]] = [
        lambda connection: operations.propose_profile(registrar(connection), value, "A reason"),
        lambda connection: operations.propose_many(registrar(connection), [read(value)], "A reason"),
    ]

    for attempt in attempts:
        with pytest.raises(InputRefused) as caught:
            await database.write(attempt)
        assert (caught.value.code, caught.value.field) == ("DATE_IN_FUTURE", field)


@pytest.mark.parametrize("known", ["2026", "2026-11", "2026-11-21"])
async def test_today_is_no_future_however_vaguely_it_is_known(database: Database, known: str) -> None:
    value = record(convictions=[conviction(convicted_on=known)])

    profile = await done(database, lambda connection: vetted(connection, value))

    assert await database.read(lambda connection: queries.current_revision(connection, profile)) is not None


async def test_a_record_is_proposed_by_its_owner_only(database: Database) -> None:
    others = record(record_owner=ELSEWHERE)
    attempts: list[Callable[[Connection], Any]] = [
        lambda connection: operations.propose_profile(registrar(connection), others, "A reason"),
        lambda connection: operations.propose_many(registrar(connection), [read(record()), read(others)], "A reason"),
    ]

    for attempt in attempts:
        with pytest.raises(Forbidden) as caught:
            await done(database, attempt)
        assert caught.value.code == "NOT_OWNER"

    assert (
        await database.read(lambda connection: queries.proposals(connection, State.PENDING, after=None, limit=9)) == []
    )


async def test_a_profile_is_amended_by_its_owner_only(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    with pytest.raises(Forbidden) as caught:
        await done(
            database,
            lambda connection: operations.propose_amendment(
                registrar(connection, ELSEWHERE), profile, record(), "A reason"
            ),
        )
    assert (caught.value.code, caught.value.remedy) == ("NOT_OWNER", f"Ask {AGENCY}.")

    with pytest.raises(Forbidden) as caught:
        await done(database, lambda connection: proposed(connection, record(record_owner=ELSEWHERE), profile=profile))
    assert caught.value.code == "NOT_OWNER"


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    attempts: list[Callable[[Connection], Any]] = [
        lambda connection: operations.read_profile(work(connection, actor()), new_id()),
        lambda connection: operations.read_proposal(supervisor(connection), new_id()),
        lambda connection: operations.propose_amendment(registrar(connection), new_id(), record(), "A reason"),
        lambda connection: operations.approve_change(supervisor(connection), new_id()),
        lambda connection: operations.reject_change(supervisor(connection), new_id(), "A reason"),
    ]

    for attempt in attempts:
        with pytest.raises(NotFound):
            await database.write(attempt)

    assert (await everything(database))["revisions"] == []


async def test_a_proposal_is_no_profile(database: Database) -> None:
    """What is not vetted can neither be opened nor amended, by whoever guesses its id."""
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def guess(connection: Connection) -> None:
        kept = queries.proposal(connection, proposal)
        assert kept is not None
        with pytest.raises(NotFound):
            operations.read_profile(work(connection, actor()), kept.profile)
        with pytest.raises(NotFound):
            operations.propose_amendment(registrar(connection), kept.profile, record(), "A reason")
        assert operations.read_versions(registrar(connection), kept.profile) == ()

    await done(database, guess)


# -- deciding


async def test_an_approved_proposal_is_the_first_version(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def approve(connection: Connection) -> tuple[Any, Work]:
        deciding = work(connection, actor(role=Role.SUPERVISOR), MOMENT + timedelta(hours=1))
        return operations.approve_change(deciding, proposal, " Checked  with the court "), deciding

    view, asking = await done(database, approve)

    officer = asking.actor.officer
    assert officer is not None
    assert (view.state, view.version, view.note) == ("approved", 1, "Checked with the court")
    assert (view.decided_by, view.decided_at) == (public_id("officer", officer.id), MOMENT + timedelta(hours=1))
    (event,) = asking.events
    assert (event.name, event.details) == ("profile:change:approved", {"proposal": str(proposal), "version": 1})


async def test_register_numbers_have_no_gaps(database: Database) -> None:
    def fill(connection: Connection) -> list[int]:
        first = vetted(connection, named("Ali Bakari"))
        rejected = proposed(connection, named("Not Him"))
        operations.reject_change(supervisor(connection), rejected, "Not him")
        second = vetted(connection, named("Cheptoo Dorcas"))
        amended(connection, first, named("Ali Bakari Omar"))
        return [
            operations.read_profile(registrar(connection), profile).register_number
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
    view = await database.read(lambda connection: operations.read_profile(registrar(connection), profile))
    assert view.register_number == 1


async def test_a_rejected_proposal_is_kept_and_never_found(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def reject(connection: Connection) -> tuple[Any, Work]:
        deciding = supervisor(connection)
        return operations.reject_change(deciding, proposal, "Another person"), deciding

    view, asking = await done(database, reject)

    assert (view.state, view.version, view.note) == ("rejected", None, "Another person")
    assert [each.name for each in asking.events] == ["profile:change:rejected"]
    assert await database.read(lambda connection: found(connection, name="Juma Hamisi Mwakio")) == []
    kept = await database.read(lambda connection: operations.read_proposal(supervisor(connection), proposal))
    assert kept == view


@pytest.mark.parametrize("first", [operations.approve_change, operations.reject_change])
@pytest.mark.parametrize("then", [operations.approve_change, operations.reject_change])
async def test_a_decision_is_final(database: Database, first: Callable[..., Any], then: Callable[..., Any]) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))
    await done(database, lambda connection: first(supervisor(connection), proposal, "A note"))
    before = await everything(database)

    with pytest.raises(Conflict) as caught:
        await done(database, lambda connection: then(supervisor(connection, "2"), proposal, "A note"))

    assert caught.value.code == "PROPOSAL_NOT_PENDING"
    after = await everything(database)
    assert {name: after[name] for name in after if name != "officers"} == {
        name: before[name] for name in before if name != "officers"
    }


@pytest.mark.parametrize("decide", [operations.approve_change, operations.reject_change])
async def test_neither_the_proposer_nor_a_colleague_of_the_chain_decides(
    database: Database, decide: Callable[..., Any]
) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))
    codes = []

    def by(name: str) -> Callable[[Connection], Any]:
        return lambda connection: decide(work(connection, actor(role=Role.REGISTRAR, name=name)), proposal, "A note")

    for name in ("1", "2"):
        with pytest.raises(Forbidden) as caught:
            await done(database, by(name))
        codes.append(caught.value.code)

    assert codes == ["OWN_PROPOSAL", "SAME_CHAIN"]


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


async def test_versions_are_kept_newest_first_with_who_decided(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    for name in ("Second Name", "Third Name"):
        await done(database, approving(await done(database, proposing(named(name), profile))))

    versions = await database.read(lambda connection: operations.read_versions(registrar(connection), profile))

    assert versions is not None
    assert [each.version for each in versions] == [3, 2, 1]
    assert [each.reason for each in versions] == ["An invented change", "An invented change", "An invented reason"]
    assert all(each.proposed_by != each.decided_by for each in versions)
    view = await database.read(lambda connection: operations.read_profile(registrar(connection), profile))
    assert (view.version, view.register_number) == (3, 1)
    assert view.names == read(named("Third Name")).names


async def test_versions_are_withheld_from_those_who_may_not_know(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    def ask(connection: Connection) -> tuple[Any, list[str], list[str]]:
        asking = work(connection, actor())
        with statements(connection) as seen:
            answer = operations.read_versions(asking, profile)
        return answer, seen, [each.name for each in asking.events]

    assert await database.read(ask) == (None, [], ["profile:versions:read"])


async def test_of_two_amendments_from_one_state_the_second_is_outdated(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    first = await done(database, lambda connection: proposed(connection, named("First One"), profile=profile))
    second = await done(database, lambda connection: proposed(connection, named("Second One"), profile=profile))
    await done(database, lambda connection: approved(connection, first))

    with pytest.raises(Conflict) as caught:
        await done(database, lambda connection: approved(connection, second))

    assert caught.value.code == "PROPOSAL_OUTDATED"
    rejected = await done(database, lambda connection: operations.reject_change(supervisor(connection), second, "Old"))
    assert rejected.state == "rejected"


async def test_what_was_drawn_from_an_older_state_is_never_published(database: Database) -> None:
    """Also where the use case has not seen it: the last word is the statement's."""
    profile = await done(database, lambda connection: vetted(connection, record()))
    amendment = await done(database, proposing(named("First One"), profile))

    def publish(connection: Connection) -> None:
        kept = queries.proposal(connection, amendment)
        assert kept is not None
        decided = replace(kept, state=State.APPROVED, version=2, decided_by=new_id(), decided_at=MOMENT, base=new_id())
        queries.publish_amendment(connection, decided, indexed(kept.record, EDITION))

    with pytest.raises(Conflict) as caught:
        await done(database, publish)

    assert caught.value.code == "PROPOSAL_OUTDATED"
    await database.read(check_register)


# -- at once


async def at_once(url: str, *uses: Callable[[Connection], Any]) -> list[Any]:
    """Run each in a transaction of its own, all at the same time; return answers and codes."""
    databases = [open_database(Settings(database_url=url, lock_seconds=20)) for _ in uses]
    answers = await asyncio.gather(
        *[each.write(use) for each, use in zip(databases, uses, strict=True)], return_exceptions=True
    )
    for each in databases:
        await each.close()
    return [each.code if isinstance(each, RegistryError) else each for each in answers]


async def test_of_two_who_approve_at_once_one_wins(database: Database, database_url: str) -> None:
    for _ in range(5):
        proposal = await database.write(lambda connection: proposed(connection, record()))
        await database.write(enrol_two)

        answers = await at_once(database_url, *[approving(proposal, name) for name in "12"])

        refused = [each for each in answers if isinstance(each, str)]
        assert refused == ["PROPOSAL_NOT_PENDING"], answers
        await database.read(check_register)


async def test_of_approval_and_rejection_at_once_one_wins(database: Database, database_url: str) -> None:
    for _ in range(5):
        proposal = await database.write(lambda connection: proposed(connection, record()))
        await database.write(enrol_two)

        answers = await at_once(database_url, approving(proposal, "1"), rejecting(proposal, "2"))

        assert [each for each in answers if isinstance(each, str)] == ["PROPOSAL_NOT_PENDING"], answers
        await database.read(check_register)


async def test_of_two_amendments_approved_at_once_one_wins(database: Database, database_url: str) -> None:
    profile = await database.write(lambda connection: vetted(connection, record()))
    await database.write(enrol_two)
    for version in range(2, 5):
        amendments = [await database.write(proposing(named(name), profile)) for name in ("First One", "Second One")]

        answers = await at_once(
            database_url,
            *[approving(each, name) for name, each in zip("12", amendments, strict=True)],
        )

        refused = [each for each in answers if isinstance(each, str)]
        assert refused == ["PROPOSAL_OUTDATED"], answers
        await database.read(check_register)
        view = await database.read(lambda connection: operations.read_profile(registrar(connection), profile))
        assert view.version == version


async def test_many_approved_at_once_have_numbers_without_gaps(database: Database, database_url: str) -> None:
    people_ = [f"Invented Person{number} Common" for number in range(6)]
    proposals = [await database.write(proposing(named(name))) for name in people_]
    await database.write(enrol_two)

    answers = await at_once(
        database_url,
        *[approving(each) for each in proposals],
    )

    assert [each.state for each in answers] == ["approved"] * 6
    await database.read(check_register)


async def test_whatever_is_decided_at_once_the_register_is_whole(database: Database, database_url: str) -> None:
    """People who share names, so that everybody waits for the same counters: nobody waits for each other."""
    known = [await database.write(lambda connection: vetted(connection, named("Juma Hamisi Mwakio"))) for _ in range(4)]
    await database.write(enrol_two)
    names = ["Hamisi Juma Otieno", "Mwakio Peter Juma", "Otieno Juma Mwakio", "Peter Hamisi Otieno"]
    waiting = [await database.write(proposing(named(name))) for name in names]
    waiting += [
        await database.write(proposing(named(name), profile)) for name, profile in zip(names, known, strict=True)
    ]
    waiting += [await database.write(proposing(named(names[0]), known[3]))]

    answers = await at_once(
        database_url, *[approving(each) for each in waiting], *[rejecting(each, "2") for each in waiting[::2]]
    )

    refused = [each for each in answers if isinstance(each, str)]
    assert set(refused) <= {"PROPOSAL_NOT_PENDING", "PROPOSAL_OUTDATED"}, answers
    assert not any(isinstance(each, BaseException) for each in answers)
    await database.read(check_register)


# -- many in one transaction


async def test_many_are_proposed_and_approved_like_one(database: Database) -> None:
    records = [read(person, owner="x") for person in people(count=120, record_owner=AGENCY)]

    def fill(connection: Connection) -> tuple[int, list[Work]]:
        proposing, deciding = registrar(connection), supervisor(connection)
        added = operations.propose_many(proposing, records, "An invented import")
        return operations.approve_many(deciding, added), [proposing, deciding]

    count, asking = await done(database, fill)

    assert count == 120
    assert [each.events[0].name for each in asking] == ["profile:change:proposed", "profile:change:approved"]
    assert [(len(each.events[0].records), each.events[0].details) for each in asking] == [(120, {"count": 120})] * 2

    def kept(connection: Connection) -> list[Any]:
        found = queries.proposals(connection, State.APPROVED, after=None, limit=500)
        numbers = queries.by_number(connection, range(1, 121), ("sex",))
        order = {row["id"]: number for number, row in numbers.items()}
        return [each.record for each in sorted(found, key=lambda each: order[each.profile])]

    assert await database.read(kept) == records


async def test_indexes_that_another_process_made_are_taken(database: Database) -> None:
    records = [read(named("Ali Bakari")), read(named("Cheptoo Dorcas"))]

    def fill(connection: Connection) -> int:
        added = operations.propose_many(registrar(connection), records, "An invented import")
        return operations.approve_many(supervisor(connection), added, [indexed(each, EDITION) for each in records])

    assert await done(database, fill) == 2


async def test_nothing_approved_is_nothing_done(database: Database) -> None:
    assert await done(database, lambda connection: operations.approve_many(supervisor(connection), [])) == 0


async def test_one_that_may_not_be_approved_stops_all_of_them(database: Database) -> None:
    proposals = await done(
        database,
        lambda connection: operations.propose_many(
            registrar(connection), [read(named("Ali Bakari")), read(named("Cheptoo Dorcas"))], "An invented import"
        ),
    )
    attempts: list[tuple[str, Callable[[Connection], Any]]] = [
        ("OWN_PROPOSAL", lambda connection: operations.approve_many(registrar(connection), proposals)),
        ("PROPOSAL_OUTDATED", lambda connection: operations.approve_many(
            supervisor(connection), [proposals[0], replace(proposals[1], base=new_id())]
        )),
    ]  # fmt: skip
    for code, attempt in attempts:
        with pytest.raises(RegistryError) as caught:
            await done(database, attempt)
        assert caught.value.code == code

    await done(database, lambda connection: operations.reject_change(supervisor(connection), proposals[1].id, "No."))
    with pytest.raises(Conflict) as conflict:
        await done(database, lambda connection: operations.approve_many(supervisor(connection), proposals))
    assert conflict.value.code == "PROPOSAL_NOT_PENDING"
    assert (await everything(database))["profiles"] == []


# -- reading


async def test_a_profile_is_read_as_role_and_purpose_permit(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    def look(connection: Connection, role: Role, purpose: Purpose) -> Any:
        return operations.read_profile(work(connection, actor(role=role, purpose=purpose)), profile)

    investigating = await database.read(lambda c: look(c, Role.INVESTIGATOR, Purpose.MISSING_CHILD))
    supervising = await database.read(lambda c: look(c, Role.SUPERVISOR, Purpose.OFFENDER_SUPERVISION))
    maintaining = await database.read(lambda c: look(c, Role.REGISTRAR, Purpose.REGISTER_MAINTENANCE))

    assert [each.path for each in investigating.redactions] == ["legalBasis", "recordOwner", "versions"]
    assert (investigating.record_owner, investigating.handles) == (None, read(record()).handles)
    assert [each.path for each in supervising.redactions] == [
        "handles", "identifiers", "legalBasis", "recordOwner", "versions",
    ]  # fmt: skip
    assert (supervising.handles, supervising.identifiers) == (None, None)
    assert supervising.names == read(record()).names
    assert (maintaining.redactions, maintaining.record_owner) == ((), AGENCY)


async def test_a_profile_is_read_in_one_statement_that_names_asked_columns_only(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    def ask(connection: Connection) -> tuple[Any, list[str], Work]:
        asking = work(connection, actor())
        with statements(connection) as seen:
            view = operations.read_profile(asking, profile, ["sex", "record_owner", "redactions"])
        return view, seen, asking

    view, seen, asking = await database.read(ask)

    assert len(seen) == 1
    assert "revisions.sex" in seen[0]
    assert not any(name in seen[0] for name in ("names", "phones", "owner", "convictions", "birth_date"))
    assert (view.sex, view.names, view.record_owner) == ("male", None, None)
    assert [(each.name, each.records) for each in asking.events] == [("profile:read", (profile,))]


async def test_a_profile_that_is_not_there_leaves_the_attempt(database: Database) -> None:
    guessed = new_id()

    def ask(connection: Connection) -> Work:
        asking = work(connection, actor())
        with pytest.raises(NotFound):
            operations.read_profile(asking, guessed)
        return asking

    (event,) = (await database.read(ask)).events
    assert (event.name, event.records, event.details) == (
        "profile:read:refused", (guessed,), {"profile": str(guessed)},
    )  # fmt: skip


async def test_a_decision_that_is_refused_leaves_whom_it_was_about(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def ask(connection: Connection) -> tuple[Work, UUID]:
        asking = registrar(connection)
        with pytest.raises(Forbidden):
            operations.approve_change(asking, proposal)
        kept = queries.proposal(connection, proposal)
        assert kept is not None
        return asking, kept.profile

    asking, profile = await done(database, ask)

    (event,) = asking.events
    assert (event.name, event.records) == ("profile:change:decide:refused", (profile,))
    assert event.details == {"proposal": str(proposal)}


async def test_a_proposal_is_read_in_one_statement(database: Database) -> None:
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def ask(connection: Connection) -> tuple[Any, int, Work]:
        asking = supervisor(connection)
        with statements(connection) as seen:
            view = operations.read_proposal(asking, proposal)
        return view, len(seen), asking

    view, count, asking = await database.write(ask)

    assert (count, view.state, view.record.names) == (1, "pending", read(record()).names)
    assert [each.name for each in asking.events] == ["profile:change:read"]


async def test_proposals_are_listed_in_the_order_of_their_making_page_by_page(database: Database) -> None:
    names = [f"Invented Person{number}" for number in range(7)]
    made = []
    for name in names:
        made.append(await database.write(proposing(named(name))))
        await asyncio.sleep(0.002)
    await done(database, lambda connection: approved(connection, made[3]))

    def page(connection: Connection, after: UUID | None) -> tuple[list[UUID], int, Work, bool]:
        asking = supervisor(connection)
        with statements(connection) as seen:
            found = operations.list_proposals(asking, State.PENDING, after=after, limit=4)
        return [read_public_id("proposal", each.id) for each in found.proposals], len(seen), asking, found.has_next

    first, count, asking, has_next = await database.write(lambda connection: page(connection, None))
    second, *_, has_third = await database.write(lambda connection: page(connection, first[-1]))

    assert first + second == made[:3] + made[4:]
    assert (has_next, has_third) == (True, False)
    assert count == 1
    assert (asking.events[0].name, asking.events[0].details) == ("profile:change:listed", {"state": "pending"})
    assert len(asking.events[0].records) == 4


@pytest.mark.parametrize(
    ("use", "most"),
    [
        (lambda connection, _, __: proposed(connection, record()), 1),
        (lambda connection, profile, _: proposed(connection, record(), profile=profile), 3),
        (lambda connection, _, new: operations.approve_change(supervisor(connection), new), 9),
        (lambda connection, _, new: operations.reject_change(supervisor(connection), new, "No."), 3),
    ],
    ids=["propose", "amend", "approve", "reject"],
)
async def test_changes_cost_few_statements(database: Database, use: Callable[..., Any], most: int) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    new = await done(database, lambda connection: proposed(connection, named("Ali Bakari")))
    await database.write(enrol_two)

    def count(connection: Connection) -> int:
        with statements(connection) as seen:
            use(connection, profile, new)
        changes = [each for each in seen if "officers" not in each and "agencies" not in each]
        return len([each for each in changes if each != "SELECT 1"])

    assert await done(database, count) <= most
