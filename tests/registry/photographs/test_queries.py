"""The room's tables, on both databases: what a proposal may name, what is forgotten, what is erased."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.errors import Conflict
from registry.core.ids import new_id
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer
from registry.photographs import limits, operations, queries
from registry.photographs.models import photographs, tickets
from tests.factories import AGENCY, ELSEWHERE, MOMENT, statements
from tests.registry.photographs.scenes import begun, image, shown, upload, viewing

pytestmark = pytest.mark.anyio


def count(connection: Connection, of: sa.Table = photographs) -> int:
    number: int = connection.execute(sa.select(sa.func.count()).select_from(of)).scalar_one()
    return number


async def test_a_proposal_may_name_what_its_agency_uploaded_and_what_the_profile_has(
    settled: Database, sealer: Sealer
) -> None:
    def name(connection: Connection) -> None:
        own, theirs = upload(connection, sealer), upload(connection, sealer, agency=ELSEWHERE)
        photograph, profile = shown(connection, sealer)
        unknown = new_id()

        asked = [unknown, own, theirs, photograph, unknown]

        assert queries.missing(connection, AGENCY, profile, asked) == [unknown, theirs]
        assert queries.missing(connection, ELSEWHERE, profile, asked) == [unknown, own]
        assert queries.missing(connection, AGENCY, new_id(), asked) == [unknown, theirs, photograph]
        assert queries.missing(connection, AGENCY, profile, []) == []

    await settled.write(name)


async def test_a_photograph_is_one_profile_s_for_good(settled: Database, sealer: Sealer) -> None:
    def attach(connection: Connection) -> None:
        first, second, profile = upload(connection, sealer), upload(connection, sealer), new_id()

        queries.attach(connection, profile, [first, second, first])
        queries.attach(connection, profile, [second])
        queries.attach(connection, profile, [])

        assert queries.is_of(connection, first, profile)
        for asked in ([first], [new_id()], [upload(connection, sealer), second]):
            with pytest.raises(Conflict) as caught:
                queries.attach(connection, new_id(), asked)
            assert caught.value.code == "PHOTOGRAPH_TAKEN"

    await settled.write(attach)


async def test_of_two_profiles_that_name_a_photograph_at_once_one_gets_it(settled: Database, sealer: Sealer) -> None:
    photograph = await settled.write(lambda connection: upload(connection, sealer))
    one, other = new_id(), new_id()

    ends = await asyncio.gather(
        settled.write(lambda connection: queries.attach(connection, one, [photograph])),
        settled.write(lambda connection: queries.attach(connection, other, [photograph])),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in ends) == ["Conflict", "NoneType"]


async def test_facts_of_many_are_one_statement(settled: Database, sealer: Sealer) -> None:
    def describe(connection: Connection) -> None:
        ids = [upload(connection, sealer) for _ in range(3)]

        with statements(connection) as seen:
            told = queries.described(connection, ids)

        assert set(told) == set(ids)
        assert len(seen) == 1
        assert "content" not in seen[0]
        assert queries.described(connection, []) == {}

    await settled.write(describe)


async def test_tickets_are_forgotten_once_they_are_over(settled: Database, sealer: Sealer) -> None:
    def purge(connection: Connection) -> None:
        viewing(connection, *shown(connection, sealer))
        begun(connection)

        assert queries.purge_tickets(connection, MOMENT + limits.GET_LIFE) == 0
        assert queries.purge_tickets(connection, MOMENT + limits.GET_LIFE + timedelta(seconds=1)) == 1
        assert queries.purge_tickets(connection, MOMENT + limits.PUT_LIFE + timedelta(seconds=1)) == 1
        assert count(connection, tickets) == 0

    await settled.write(purge)


async def test_what_no_proposal_names_in_time_is_removed(settled: Database, sealer: Sealer) -> None:
    def purge(connection: Connection) -> None:
        _, profile = shown(connection, sealer)
        upload(connection, sealer)
        recent = upload(connection, sealer, at=MOMENT + timedelta(hours=1))
        now = MOMENT + limits.UNATTACHED_LIFE + timedelta(minutes=30)

        assert queries.purge_unattached(connection, now - limits.UNATTACHED_LIFE) == 1

        assert queries.missing(connection, AGENCY, profile, [recent]) == []
        assert count(connection) == 2

    await settled.write(purge)


async def test_erasing_a_profile_leaves_no_content_no_key_and_no_address(settled: Database, sealer: Sealer) -> None:
    def erase(connection: Connection) -> None:
        photograph, profile = shown(connection, sealer)
        queries.attach(connection, profile, [upload(connection, sealer)])
        other, elsewhere = shown(connection, sealer)
        for one, of in ((photograph, profile), (other, elsewhere)):
            viewing(connection, one, of)

        assert queries.erase(connection, profile) == 2

        assert connection.execute(sa.select(photographs.c.id)).scalars().all() == [other]
        assert connection.execute(sa.select(tickets.c.photograph)).scalars().all() == [other]
        assert queries.erase(connection, profile) == 0

    await settled.write(erase)


async def test_what_is_kept_of_a_profile_stays_with_its_addresses(settled: Database, sealer: Sealer) -> None:
    def erase(connection: Connection) -> None:
        photograph, profile = shown(connection, sealer)
        queries.attach(connection, profile, [upload(connection, sealer)])
        viewing(connection, photograph, profile)

        assert queries.erase(connection, profile, keep=[photograph]) == 1

        assert queries.is_of(connection, photograph, profile)
        assert count(connection, tickets) == 1

    await settled.write(erase)


async def test_a_merger_moves_photographs_and_closes_their_addresses(settled: Database, sealer: Sealer) -> None:
    def move(connection: Connection) -> None:
        photograph, profile = shown(connection, sealer)
        stays, target = upload(connection, sealer), new_id()
        queries.attach(connection, profile, [stays])
        for each in (photograph, stays):
            viewing(connection, each, profile)

        assert queries.move(connection, profile, target, [photograph, new_id()]) == 1

        assert queries.is_of(connection, photograph, target)
        assert queries.is_of(connection, stays, profile)
        assert connection.execute(sa.select(tickets.c.photograph)).scalars().all() == [stays]
        viewing(connection, photograph, target)

    await settled.write(move)


async def test_keys_are_wrapped_anew_and_the_content_stays_as_it_is(settled: Database, sealer: Sealer) -> None:
    """A rotation: a newer key stands first, the older one still unwraps."""
    newer = Sealer(FileKeys({"invented-2": bytes(32), "invented-1": bytes(range(32))}), bytes(32))
    newest_only = Sealer(FileKeys({"invented-2": bytes(32)}), bytes(32))

    def rotate(connection: Connection) -> None:
        photograph, profile = shown(connection, sealer)
        upload(connection, newer)
        before = queries.sealed(connection, photograph, profile)

        ((found, wrapped),) = queries.keys_of_others(connection, newer.current, limit=10)
        queries.put_key(connection, found, newer.rewrap(found, wrapped))

        after = queries.sealed(connection, photograph, profile)
        assert before
        assert after
        assert found == photograph
        assert after["content"] == before["content"]
        assert after["key_id"] == "invented-2"
        assert queries.keys_of_others(connection, newer.current, limit=10) == []
        secret = viewing(connection, photograph, profile)
        assert operations.deliver(connection, newest_only, MOMENT, secret).content == image().content

    await settled.write(rotate)
