"""What several officers do at the same moment: one of them wins, and the register is whole."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import RegistryError
from registry.profiles.operations import duties, reading
from registry.profiles.standing import Change
from tests.factories import MOMENT, named, proposed, record, vetted
from tests.registry.profiles.invariant import check_register
from tests.registry.profiles.scenes import approving, enrol_two, proposal_of, registrar, rejecting

pytestmark = pytest.mark.anyio


def entering(value: object, profile: UUID | None = None) -> Callable[[Connection], UUID]:
    return lambda connection: proposed(connection, value, profile=profile)


async def at_once(url: str, *uses: Callable[[Connection], Any]) -> list[Any]:
    """Run each in a transaction of its own, all at the same time; return answers and codes."""
    databases = [open_database(Settings(database_url=url, lock_seconds=20)).keeper for _ in uses]
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
        amendments = [await database.write(entering(named(name), profile)) for name in ("First One", "Second One")]

        answers = await at_once(
            database_url,
            *[approving(each, name) for name, each in zip("12", amendments, strict=True)],
        )

        refused = [each for each in answers if isinstance(each, str)]
        assert refused == ["PROPOSAL_OUTDATED"], answers
        await database.read(check_register)
        view = await database.read(lambda connection: reading.read_profile(registrar(connection), profile))
        assert view.version == version


async def test_many_approved_at_once_have_numbers_without_gaps(database: Database, database_url: str) -> None:
    people_ = [f"Invented Person{number} Common" for number in range(6)]
    proposals = [await database.write(entering(named(name))) for name in people_]
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
    waiting = [await database.write(entering(named(name))) for name in names]
    waiting += [
        await database.write(entering(named(name), profile)) for name, profile in zip(names, known, strict=True)
    ]
    waiting += [await database.write(entering(named(names[0]), known[3]))]

    answers = await at_once(
        database_url, *[approving(each) for each in waiting], *[rejecting(each, "2") for each in waiting[::2]]
    )

    refused = [each for each in answers if isinstance(each, str)]
    assert set(refused) <= {"PROPOSAL_NOT_PENDING", "PROPOSAL_OUTDATED"}, answers
    assert not any(isinstance(each, BaseException) for each in answers)
    await database.read(check_register)


async def test_of_two_changes_of_standing_at_once_one_wins(database: Database, database_url: str) -> None:
    profile = await database.write(lambda connection: vetted(connection, record()))
    await database.write(enrol_two)
    seal, retire = [
        await database.write(lambda connection, change=change: proposal_of(connection, profile, change))  # type: ignore[misc]
        for change in (Change.SEAL, Change.RETIRE)
    ]

    answers = await at_once(database_url, approving(seal, "1"), approving(retire, "2"))

    assert [each for each in answers if isinstance(each, str)] == ["PROPOSAL_OUTDATED"], answers
    await database.read(check_register)


async def test_of_two_merges_that_meet_in_a_record_one_wins(database: Database, database_url: str) -> None:
    """Each wants what the other has taken, and nobody waits for ever."""
    one, two = [
        await database.write(lambda connection, name=name: vetted(connection, named(name)))  # type: ignore[misc]
        for name in ("Ali Bakari", "Cheptoo Dorcas")
    ]
    await database.write(enrol_two)

    def merging(into: UUID, other: UUID) -> Callable[[Connection], UUID]:
        return lambda c: proposal_of(c, into, Change.MERGE, other=other, record=named("Ali Bakari"))

    merges = [await database.write(merging(one, two)), await database.write(merging(two, one))]

    answers = await at_once(database_url, *[approving(each, name) for each, name in zip(merges, "12", strict=True)])

    refused = [each for each in answers if isinstance(each, str)]
    assert len(refused) == 1, answers
    assert refused[0] in ("PROPOSAL_OUTDATED", "UNAVAILABLE"), answers
    await database.read(check_register)


async def test_the_sweep_ends_no_record_whose_end_is_put_off_at_once(database: Database, database_url: str) -> None:
    """Whichever comes first, what search finds and what stands agree."""
    late = MOMENT + timedelta(days=2)
    ends = {"expires_on": (MOMENT + timedelta(days=1)).date().isoformat()}
    for number in range(4):
        name = f"Invented Person{number}"
        profile = await database.write(lambda connection, name=name: vetted(connection, named(name, **ends)))  # type: ignore[misc]
        proposal = await database.write(entering(named(name, expires_on="2030-01-01"), profile))
        await database.write(enrol_two)

        answers = await at_once(
            database_url, approving(proposal), lambda connection: duties.expire_due(connection, late)
        )

        assert not any(isinstance(each, BaseException) for each in answers), answers
        await database.read(check_register)
