"""Handing a photograph in and seeing it, on both databases: each address once, and only by who may."""

import asyncio
from dataclasses import fields
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.directory import Scope
from registry.audit.sealed import opened
from registry.core.db import Database
from registry.core.errors import Forbidden, LimitExceeded, NotFound, RegistryError
from registry.core.ids import new_id, public_id, read_public_id
from registry.core.sealing import Sealer, Tampered
from registry.disclosure.vocabulary import Role
from registry.photographs import limits, operations, queries, tickets
from registry.photographs.models import photographs, tickets as ticket_table
from registry.photographs.tickets import Kind
from registry.photographs.views import PhotographView
from registry.work import OPERATIONS
from tests.factories import AGENCY, CLIENT, MOMENT, actor, shut, work
from tests.registry.photographs.scenes import (
    asked,
    begun,
    image,
    registrar,
    secret_of,
    shown,
    unsuitable,
    upload,
    viewing,
)

pytestmark = pytest.mark.anyio
LATER = timedelta(seconds=1)


def row(connection: Connection, of: sa.Table = photographs) -> sa.RowMapping:
    return connection.execute(sa.select(of)).mappings().one()


def count(connection: Connection, of: sa.Table) -> int:
    number: int = connection.execute(sa.select(sa.func.count()).select_from(of)).scalar_one()
    return number


# -- asking for an address


async def test_an_officer_who_may_propose_gets_an_address_that_stands_nowhere(settled: Database) -> None:
    def ask(connection: Connection) -> None:
        asking = work(connection, registrar(connection))

        view = operations.begin_upload(asking, "An invented reason")

        ticket = row(connection, ticket_table)
        assert view.expires_at == MOMENT + timedelta(minutes=10) == ticket["expires_at"]
        assert read_public_id("photograph", view.photograph) == ticket["photograph"]
        assert ticket["digest"] == tickets.digest_of(secret_of(view))
        assert secret_of(view) not in repr(view)
        assert secret_of(view) not in repr(dict(ticket))
        assert [each.name for each in asking.events] == ["photograph:upload:begun"]
        told = asking.events[0].details
        assert "invented reason" not in str(told)
        assert opened(told, asking.sealer) == {
            "photograph": str(ticket["photograph"]), "why": {"reason": "An invented reason"},
        }  # fmt: skip
        assert not any(secret_of(view) in repr(each) for each in asking.events)

    await settled.write(ask)
    assert OPERATIONS["registry.photographs.operations.begin_upload"].value == "profile:change:propose"


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.SUPERVISOR, Role.AUDITOR])
async def test_who_may_not_propose_gets_none(settled: Database, role: Role) -> None:
    def ask(connection: Connection) -> None:
        with pytest.raises(Forbidden):
            operations.begin_upload(work(connection, actor(connection, role=role)), "An invented reason")
        assert count(connection, ticket_table) == 0

    await settled.write(ask)


async def test_a_store_is_not_filled_with_what_no_proposal_names(settled: Database, sealer: Sealer) -> None:
    def ask(connection: Connection) -> None:
        upload(connection, sealer)
        for _ in range(limits.WAITING - 1):
            begun(connection)

        with pytest.raises(LimitExceeded) as caught:
            begun(connection)

        assert caught.value.code == "UPLOADS_WAITING"
        begun(connection, actor(connection, role=Role.REGISTRAR, name="2"))
        begun(connection, at=MOMENT + limits.PUT_LIFE)

    await settled.write(ask)


# -- handing in


async def test_a_photograph_is_kept_sealed_and_of_its_ticket(settled: Database, sealer: Sealer) -> None:
    def hand_in(connection: Connection) -> None:
        where = begun(connection)

        view = operations.take_in(connection, sealer, MOMENT + LATER, secret_of(where), image())

        assert view == PhotographView(where.photograph, image().digest, 320, 200, "image/jpeg")
        kept = row(connection)
        officer = registrar(connection).officer
        assert officer
        assert public_id("photograph", kept["id"]) == where.photograph
        assert (kept["agency"], kept["uploaded_by"], kept["uploaded_at"]) == (AGENCY, officer.id, MOMENT + LATER)
        assert (kept["profile"], kept["key_id"]) == (None, "invented-1")
        assert kept["source_digest"] == image().source_digest
        assert image().content[:200] not in kept["content"]
        assert len(kept["content"]) > len(image().content)
        assert count(connection, ticket_table) == 0
        assert queries.described(connection, [kept["id"], new_id()]) == {kept["id"]: view}

    await settled.write(hand_in)


async def test_every_kept_column_is_written(settled: Database, sealer: Sealer) -> None:
    await settled.write(lambda connection: upload(connection, sealer))

    kept = await settled.read(row)

    assert {name for name, value in kept.items() if value is None} == {"profile"}
    assert {each.name for each in fields(queries.Sealed)} - {"key"} <= set(kept)


async def test_an_address_is_good_once(settled: Database, sealer: Sealer) -> None:
    where = await settled.write(begun)
    secret = secret_of(where)
    await settled.write(lambda connection: operations.take_in(connection, sealer, MOMENT, secret, image()))

    with pytest.raises(NotFound) as caught:
        await settled.write(lambda connection: operations.take_in(connection, sealer, MOMENT, secret, image()))

    assert caught.value.code == "TICKET_UNKNOWN"
    assert await settled.read(lambda connection: count(connection, photographs)) == 1


async def test_of_many_who_use_an_address_at_once_one_succeeds(settled: Database, sealer: Sealer) -> None:
    secret = secret_of(await settled.write(begun))

    attempts = [
        settled.write(lambda connection: operations.take_in(connection, sealer, MOMENT, secret, image()))
        for _ in range(6)
    ]  # fmt: skip
    ends = await asyncio.gather(*attempts, return_exceptions=True)

    assert [type(each) for each in ends].count(PhotographView) == 1
    assert {each.code for each in ends if isinstance(each, RegistryError)} == {"TICKET_UNKNOWN"}
    assert await settled.read(lambda connection: count(connection, photographs)) == 1


async def test_what_can_not_be_kept_leaves_nothing_and_its_address_good(settled: Database, sealer: Sealer) -> None:
    secret = secret_of(await settled.write(begun))

    with pytest.raises(sa.exc.IntegrityError):
        await settled.write(lambda connection: operations.take_in(connection, sealer, MOMENT, secret, unsuitable()))

    await settled.write(lambda connection: operations.take_in(connection, sealer, MOMENT, secret, image()))


# -- seeing


async def test_a_profile_s_photograph_is_shown_with_who_asked_and_why(settled: Database, sealer: Sealer) -> None:
    def see(connection: Connection) -> None:
        photograph, profile = shown(connection, sealer)
        view = operations.issue_view_ticket(asked(connection), photograph, profile)

        delivery = operations.deliver(connection, sealer, MOMENT + LATER, secret_of(view))

        assert view.expires_at == MOMENT + timedelta(seconds=60)
        assert (delivery.media_type, delivery.content) == ("image/jpeg", image().content)
        assert delivery.digest == image().digest
        assert (delivery.ticket.photograph, delivery.ticket.profile) == (photograph, profile)
        assert (delivery.ticket.purpose, delivery.ticket.client) == ("criminal_investigation", CLIENT)
        assert secret_of(view) not in repr(delivery)

    await settled.write(see)


async def test_an_address_shows_once(settled: Database, sealer: Sealer) -> None:
    def see(connection: Connection) -> None:
        secret = viewing(connection, *shown(connection, sealer))
        operations.deliver(connection, sealer, MOMENT, secret)

        with pytest.raises(NotFound):
            operations.deliver(connection, sealer, MOMENT, secret)

    await settled.write(see)


async def test_another_profile_s_photograph_and_one_without_profile_do_not_exist(
    settled: Database, sealer: Sealer
) -> None:
    def see(connection: Connection) -> None:
        photograph, profile = shown(connection, sealer)
        unnamed = upload(connection, sealer)

        for of, by in ((photograph, new_id()), (unnamed, profile), (new_id(), profile)):
            with pytest.raises(NotFound) as caught:
                operations.issue_view_ticket(asked(connection), of, by)
            assert (caught.value.code, caught.value.field) == ("NOT_FOUND", "photographId")

    await settled.write(see)


async def test_an_address_is_good_for_its_kind_only(settled: Database, sealer: Sealer) -> None:
    def confuse(connection: Connection) -> None:
        see, put = viewing(connection, *shown(connection, sealer)), secret_of(begun(connection))

        with pytest.raises(NotFound):
            operations.deliver(connection, sealer, MOMENT, put)
        with pytest.raises(NotFound):
            operations.take_in(connection, sealer, MOMENT, see, image())

    await settled.write(confuse)


async def test_an_address_is_good_until_its_moment(settled: Database, sealer: Sealer) -> None:
    def wait(connection: Connection) -> None:
        see, put = viewing(connection, *shown(connection, sealer)), secret_of(begun(connection))

        with pytest.raises(NotFound):
            operations.deliver(connection, sealer, MOMENT + limits.GET_LIFE, see)
        with pytest.raises(NotFound):
            operations.take_in(connection, sealer, MOMENT + limits.PUT_LIFE, put, image())
        operations.deliver(connection, sealer, MOMENT + limits.GET_LIFE - LATER, see)
        operations.take_in(connection, sealer, MOMENT + limits.PUT_LIFE - LATER, put, image())

    await settled.write(wait)


@pytest.mark.parametrize("subject", [Scope.AGENCY, Scope.CLIENT, Scope.OFFICER])
async def test_who_is_suspended_meanwhile_holds_no_address(settled: Database, sealer: Sealer, subject: Scope) -> None:
    def shut_out(connection: Connection) -> None:
        secret = viewing(connection, *shown(connection, sealer))
        ticket = queries.ticket(connection, tickets.digest_of(secret))
        assert ticket
        key = {Scope.AGENCY: ticket.agency, Scope.CLIENT: ticket.client}.get(subject, ticket.officer)
        shut(connection, subject, key, at=MOMENT)

        with pytest.raises(NotFound) as caught:
            operations.deliver(connection, sealer, MOMENT, secret)

        assert caught.value.code == "TICKET_UNKNOWN"

    await settled.write(shut_out)


async def test_what_was_erased_meanwhile_is_not_shown(settled: Database, sealer: Sealer) -> None:
    def erase(connection: Connection) -> None:
        (photograph, profile), (other, elsewhere) = shown(connection, sealer), shown(connection, sealer)
        secrets = viewing(connection, photograph, profile), viewing(connection, other, elsewhere)
        queries.erase(connection, profile)
        connection.execute(sa.delete(photographs))

        for secret in secrets:
            with pytest.raises(NotFound) as caught:
                operations.deliver(connection, sealer, MOMENT, secret)
            assert caught.value.code == "TICKET_UNKNOWN"

    await settled.write(erase)


async def test_content_that_was_exchanged_in_the_table_is_not_shown(settled: Database, sealer: Sealer) -> None:
    """Each is sealed under its own key, bound to its own id: who can write to the table can't swap two persons."""

    def exchange(connection: Connection) -> str:
        photograph, profile = shown(connection, sealer)
        other = upload(connection, sealer)
        taken = connection.execute(sa.select(photographs).where(photographs.c.id == other)).mappings().one()
        names = ("key_id", "wrapped_key", "content")
        connection.execute(
            sa.update(photographs).where(photographs.c.id == photograph).values({name: taken[name] for name in names})
        )
        return viewing(connection, photograph, profile)

    secret = await settled.write(exchange)

    with pytest.raises(Tampered):
        await settled.write(lambda connection: operations.deliver(connection, sealer, MOMENT, secret))

    unused = await settled.read(lambda connection: queries.ticket(connection, tickets.digest_of(secret)))
    assert unused is not None
    assert unused.kind is Kind.GET
