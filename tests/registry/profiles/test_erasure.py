"""Erasure, on both databases: what a removed record held is gone, the tombstone stays, and nobody brings it back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.errors import Conflict, NotFound
from registry.core.ids import public_id, read_public_id
from registry.disclosure.vocabulary import Role
from registry.models import metadata
from registry.photographs.models import photographs, tickets
from registry.profiles import pairs
from registry.profiles.erasure import CLOSED, ERASED, TABLES, Due, due, erase, forget_names, held
from registry.profiles.models import (
    decided_pairs,
    match_records,
    name_rarity,
    profiles,
    record_keys,
    revisions,
    search_keys,
)
from registry.profiles.operations import deciding, proposing, reading
from registry.profiles.standing import Change
from registry.profiles.vetting import State
from tests.factories import (
    EDITION,
    MOMENT,
    SEALER,
    actor,
    amended,
    changed,
    named,
    proposed,
    record,
    vetted,
    work,
)
from tests.registry.photographs.scenes import settle, upload, viewing

pytestmark = pytest.mark.anyio
GRACE = EDITION.removal_grace_days
OVER = MOMENT + timedelta(days=GRACE)
JUMA = record()
WANJIRU = named("Wanjiru Invented Njeri", phones=["+254722000001"])
"""Somebody whose one phone is sealed."""


def removed(connection: Connection, value: object = JUMA) -> UUID:
    """Bring a record in, amend it, and remove it by order."""
    profile = vetted(connection, value)
    amended(connection, profile, value | {"county": "Nairobi"} if isinstance(value, dict) else value)
    return changed(connection, profile, Change.REMOVE)


def erased(connection: Connection, *removed_records: UUID, at: datetime = OVER) -> tuple[UUID, ...]:
    return erase(connection, removed_records, at).profiles


def restore(connection: Connection, profile: UUID) -> None:
    """Propose to bring a record back."""
    registrar = work(connection, actor(connection, role=Role.REGISTRAR), OVER)
    proposing.propose_change(registrar, profile, Change.RESTORE, "It was another person's order")


def rows(connection: Connection, table: sa.Table) -> list[dict[str, Any]]:
    """Read a table in the order of its keys: PostgreSQL keeps none for rows that were written anew."""
    return [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]


# -- who is due


async def test_a_record_is_due_on_the_day_on_which_its_days_of_grace_are_over_and_not_before(
    database: Database,
) -> None:
    profile = await database.write(removed)
    last = (OVER - timedelta(days=1)).date()

    assert await database.read(lambda connection: due(connection, EDITION, last)) == Due((), (), 1, OVER.date())
    assert await database.read(lambda connection: due(connection, EDITION, OVER.date())) == Due((profile,), (), 0, None)


async def test_only_what_was_removed_is_due(database: Database) -> None:
    def fill(connection: Connection) -> None:
        for number, change in enumerate((None, Change.SEAL, Change.RETIRE)):
            profile = vetted(connection, named(f"Namesake{number} Invented", birth_date=f"19{70 + number}"))
            if change:
                changed(connection, profile, change)
        restored = removed(connection)
        changed(connection, restored, Change.RESTORE)

    await database.write(fill)

    assert await database.read(lambda connection: due(connection, EDITION, OVER.date())) == Due((), (), 0, None)


async def test_a_record_that_somebody_proposed_to_restore_waits_for_that_decision(database: Database) -> None:
    def propose(connection: Connection) -> UUID:
        profile = removed(connection)
        restore(connection, profile)
        return profile

    profile = await database.write(propose)

    assert await database.read(lambda connection: due(connection, EDITION, OVER.date())) == Due((), (profile,), 0, None)
    assert await database.write(lambda connection: erased(connection, profile)) == ()
    assert await database.read(lambda connection: len(rows(connection, record_keys))) == 1


async def test_one_that_was_restored_since_it_was_listed_is_left_alone(database: Database) -> None:
    def meanwhile(connection: Connection) -> tuple[UUID, ...]:
        profile = removed(connection)
        changed(connection, profile, Change.RESTORE)
        return erased(connection, profile)

    assert await database.write(meanwhile) == ()


# -- what goes, and what stays


async def test_the_key_goes_and_every_version_and_proposal_is_blank_while_the_decisions_stay(
    database: Database,
) -> None:
    def run(connection: Connection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        profile = removed(connection)
        before = rows(connection, revisions)
        erased(connection, profile)
        return before, rows(connection, revisions)

    before, after = await database.write(run)

    assert not await database.read(lambda connection: rows(connection, record_keys))
    assert len(after) == len(before) == 3
    gone = {"identity", "details", "sealed", "reason", "note"}
    for was, is_now in zip(before, after, strict=True):
        assert {name: value for name, value in is_now.items() if name not in gone} == {
            name: value for name, value in was.items() if name not in gone
        }
        assert (is_now["identity"], is_now["details"], is_now["sealed"]) == ({}, {}, {})
        assert (is_now["reason"], is_now["note"]) == (ERASED, None)
    assert after[-1]["order_number"] == "MISC 7/2026"


async def test_the_tombstone_stays_and_restoring_is_refused(database: Database) -> None:
    def run(connection: Connection) -> tuple[Any, Any]:
        profile = removed(connection)
        keeper = work(connection, actor(connection, role=Role.SUPERVISOR), OVER)
        before = reading.read_profile(keeper, profile)
        erased(connection, profile)
        after = reading.read_profile(keeper, profile)
        with pytest.raises(Conflict) as caught:
            restore(connection, profile)
        assert caught.value.code == "ERASED"
        with pytest.raises(NotFound):
            reading.read_profile(work(connection, actor(connection), OVER), profile)
        return before, after

    before, after = await database.write(run)

    assert after.tombstone == before.tombstone
    assert after.tombstone.order_number == "MISC 7/2026"
    assert after.tombstone.removed_at == MOMENT
    assert len(after.tombstone.digest) == 64
    assert (after.names, after.phones) == (None, None)
    assert (after.version, after.standing) == (3, "removed")


async def test_who_decided_what_can_still_be_read(database: Database) -> None:
    def run(connection: Connection) -> Any:
        profile = removed(connection)
        erased(connection, profile)
        return reading.read_versions(work(connection, actor(connection, role=Role.SUPERVISOR), OVER), profile)

    versions = await database.write(run)

    assert [(each.version, each.change) for each in versions] == [(3, "remove"), (2, "amend"), (1, "create")]
    assert {each.reason for each in versions} == {ERASED}


async def test_the_past_of_an_erased_record_is_gone_on_both_axes(database: Database) -> None:
    def run(connection: Connection) -> Any:
        profile = removed(connection)
        erased(connection, profile)
        keeper = work(connection, actor(connection, role=Role.SUPERVISOR), OVER)
        with pytest.raises(NotFound):
            reading.read_differences(keeper, profile, since=MOMENT - timedelta(days=1), until=OVER)
        return reading.read_profile(keeper, profile, known_at=MOMENT)

    view = await database.write(run)

    assert view.tombstone is not None
    assert view.names is None


async def test_proposals_that_waited_are_closed_and_lists_of_proposals_still_open(database: Database) -> None:
    def run(connection: Connection) -> tuple[list[Any], Any, list[str]]:
        profile = vetted(connection, JUMA)
        waiting = proposed(connection, JUMA | {"county": "Nairobi"}, profile=profile)
        changed(connection, profile, Change.REMOVE)
        erased(connection, profile)
        supervisor = work(connection, actor(connection, role=Role.SUPERVISOR), OVER)
        pages = [deciding.list_proposals(supervisor, state, after=None, limit=10).proposals for state in State]
        with pytest.raises(Conflict) as caught:
            deciding.approve_change(supervisor, waiting)
        assert caught.value.code == "PROPOSAL_NOT_PENDING"
        return list(pages), deciding.read_proposal(supervisor, waiting), [public_id("proposal", waiting)]

    pages, closed, waiting = await database.write(run)

    by_state = dict(zip(State, pages, strict=True))
    assert by_state[State.PENDING] == ()
    assert [each.id for each in by_state[State.WITHDRAWN]] == waiting
    assert len(by_state[State.APPROVED]) == 2
    assert (closed.state, closed.note, closed.decided_at) == ("withdrawn", CLOSED, OVER)
    assert closed.record.names is None


async def test_photographs_go_with_their_keys_and_addresses(database: Database) -> None:
    def run(connection: Connection) -> tuple[int, int]:
        settle(connection)
        photograph = upload(connection, SEALER)
        other = upload(connection, SEALER)
        pictured = JUMA | {"photographs": [{"id": public_id("photograph", photograph), "taken_on": "2026-01-02"}]}
        profile = vetted(connection, pictured)
        viewing(connection, photograph, profile)
        changed(connection, profile, Change.REMOVE)
        assert held(connection, [profile]).photographs == 1
        gone = erase(connection, [profile], OVER).photographs
        assert [row["id"] for row in rows(connection, photographs)] == [other]
        return gone, len(rows(connection, tickets))

    assert await database.write(run) == (1, 0)


async def test_what_search_still_had_and_pairs_go_too(database: Database) -> None:
    def run(connection: Connection) -> UUID:
        other = vetted(connection, WANJIRU)
        profile = removed(connection)
        number = connection.execute(sa.select(profiles.c.number).where(profiles.c.id == profile)).scalar_one()
        officer = actor(connection, role=Role.SUPERVISOR).officer
        assert officer is not None
        pairs.decide(connection, profile, other, same=False, reason="Juma and Wanjiru", by=officer.id, at=MOMENT)
        connection.execute(match_records.insert().values(number=number, record="[]", category="convicted", until="9"))
        connection.execute(search_keys.insert().values(key=-7, number=number))
        connection.execute(
            profiles.update()
            .where(profiles.c.id == profile)
            .values(blocking_keys=(-7).to_bytes(8, "little", signed=True))
        )
        erased(connection, profile)
        return other

    other = await database.write(run)

    assert not await database.read(lambda connection: rows(connection, decided_pairs))
    kept = await database.read(lambda connection: rows(connection, match_records))
    numbers = {row["number"] for row in kept}
    assert numbers == {row["number"] for row in await database.read(lambda connection: rows(connection, search_keys))}
    (left,) = [
        row for row in await database.read(lambda connection: rows(connection, profiles)) if row["number"] in numbers
    ]
    assert left["id"] == other


async def test_hashes_of_names_that_nobody_bears_go(database: Database) -> None:
    def run(connection: Connection) -> tuple[int, int]:
        vetted(connection, WANJIRU)
        before = len(rows(connection, name_rarity))
        profile = removed(connection)
        erased(connection, profile)
        forget_names(connection)
        return before, len(rows(connection, name_rarity))

    before, after = await database.write(run)

    assert after == before


async def test_of_the_profile_nothing_but_the_tombstone_is_left(database: Database) -> None:
    def run(connection: Connection) -> dict[str, Any]:
        erased(connection, removed(connection, JUMA | {"owner_post": "Desk 7", "review_on": "2030-01-01"}))
        (row,) = rows(connection, profiles)
        return row

    row = await database.write(run)

    assert (row["erased_at"], row["removed_at"]) == (OVER, MOMENT)
    assert row["digest"]
    assert {name for name, value in row.items() if value in (None, b"")} == {
        "post", "verify_on", "review_on", "expires_on", "merged_into", "blocking_keys", "name_tokens",
    }  # fmt: skip


async def test_others_keep_everything(database: Database) -> None:
    def run(connection: Connection) -> Any:
        other = vetted(connection, WANJIRU)
        erased(connection, removed(connection))
        return reading.read_profile(work(connection, actor(connection), OVER), other)

    view = await database.write(run)

    assert view.names[0].full == "Wanjiru Invented Njeri"
    assert [each.number for each in view.phones] == ["+254722000001"]


# -- merged records


def merged(connection: Connection, first: UUID, second: UUID, value: object = JUMA) -> None:
    """Merge the second record into the first."""
    changed(connection, first, Change.MERGE, record=value, other=second)


async def test_who_was_merged_into_a_removed_record_goes_with_it(database: Database) -> None:
    def run(connection: Connection) -> tuple[set[UUID], set[UUID], list[Any]]:
        first, second, third = (
            vetted(
                connection, named(f"Mwakio{each} Invented", birth_date=f"197{number}", phones=[f"+25473300000{number}"])
            )
            for number, each in enumerate("abc")
        )
        merged(connection, second, third)
        merged(connection, first, second)
        changed(connection, first, Change.REMOVE)
        assert held(connection, [first]).keys == 3
        gone = set(erased(connection, first))
        keeper = work(connection, actor(connection, role=Role.SUPERVISOR), OVER)
        views = [reading.read_profile(keeper, each) for each in (first, second, third)]
        with pytest.raises(Conflict, match="erased"):
            restore(connection, third)
        assert all(row["erased_at"] == OVER for row in rows(connection, profiles))
        assert not rows(connection, record_keys)
        assert all(row["identity"] == row["sealed"] == {} for row in rows(connection, revisions))
        return gone, {first, second, third}, views

    gone, people, views = await database.write(run)

    assert gone == people
    assert len({each.tombstone for each in views}) == 1


async def test_who_was_split_off_again_stays(database: Database) -> None:
    def run(connection: Connection) -> Any:
        first = vetted(connection, JUMA)
        second = vetted(connection, WANJIRU)
        merged(connection, first, second)
        changed(connection, first, Change.SPLIT, record=JUMA, other=second)
        changed(connection, first, Change.REMOVE)
        erased(connection, first)
        return reading.read_profile(work(connection, actor(connection), OVER), second)

    view = await database.write(run)

    assert view.names[0].full == "Wanjiru Invented Njeri"


async def test_a_merge_that_was_proposed_and_not_let_in_is_blanked_in_the_other_record(database: Database) -> None:
    """It holds what was known of both."""

    def run(connection: Connection) -> list[dict[str, Any]]:
        first, second = vetted(connection, WANJIRU), vetted(connection, JUMA)
        registrar = work(connection, actor(connection, role=Role.REGISTRAR))
        both = WANJIRU | {"phones": [*WANJIRU["phones"], *JUMA["phones"]]}
        view = proposing.propose_change(registrar, first, Change.MERGE, "Alike", record=both, other=second)
        proposal = read_public_id("proposal", view.id)
        changed(connection, second, Change.REMOVE)
        assert held(connection, [second]).revisions == 3
        erased(connection, second)
        return [row for row in rows(connection, revisions) if row["id"] == proposal]

    (row,) = await database.write(run)

    assert (row["state"], row["note"]) == ("withdrawn", CLOSED)
    assert row["identity"] == row["details"] == row["sealed"] == {}


# -- again, and in between


async def test_what_is_erased_is_not_erased_again(database: Database) -> None:
    def run(connection: Connection) -> None:
        profile = removed(connection)
        erased(connection, profile)
        before = {table.name: rows(connection, table) for table in (profiles, revisions)}
        assert erased(connection, profile, at=OVER + timedelta(days=1)) == ()
        assert before == {table.name: rows(connection, table) for table in (profiles, revisions)}
        assert due(connection, EDITION, OVER.date()) == Due((), (), 0, None)

    await database.write(run)


async def test_a_failure_leaves_the_record_whole(database: Database) -> None:
    profile = await database.write(removed)

    def fail(connection: Connection) -> None:
        erased(connection, profile)
        raise RuntimeError("the machine stops")

    with pytest.raises(RuntimeError):
        await database.write(fail)

    assert await database.read(lambda connection: len(rows(connection, record_keys))) == 1
    assert await database.read(lambda connection: all(row["identity"] for row in rows(connection, revisions)))


async def test_the_days_of_grace_are_the_country_editions(database: Database) -> None:
    patient = replace(EDITION, removal_grace_days=GRACE + 5)
    await database.write(removed)

    found = await database.read(lambda connection: due(connection, patient, OVER.date()))

    assert (found.ready, found.next_on) == ((), OVER.date() + timedelta(days=5))


def test_the_tables_to_be_cleared_are_tables() -> None:
    assert set(TABLES) <= set(metadata.tables)
