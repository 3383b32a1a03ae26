"""Trusted documents on both databases: two officers, one text, and what the log says of it."""

import asyncio
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.actor import Documents
from auth.four_eyes import State
from auth.models import clients, trusted_documents
from registry.core.db import Database
from registry.core.errors import InputRefused, LimitExceeded, RegistryError
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role
from registry.documents import operations, queries
from registry.documents.approval import digest
from registry.documents.queries import DocumentFilter
from registry.documents.views import DocumentView
from registry.work import Work
from tests.factories import CLIENT, ELSEWHERE, actor, enrol_cast, statements, work
from tests.registry.documents.scenes import QUESTION, TEXT, approved, asked, identifier, proposed, read

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def cast(database: Database) -> None:
    await database.write(enrol_cast)


def refusal(run: Any) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        run()
    return caught.value


def by(connection: Connection, role: Role = Role.SUPERVISOR, **more: Any) -> Work:
    return work(connection, actor(connection, role=role, **more))


async def test_the_clients_agency_proposes_and_another_chain_lets_in(database: Database) -> None:
    def run(connection: Connection) -> None:
        waiting = proposed(connection)
        made = operations.approve(by(connection), identifier(waiting))

        assert (waiting.state, waiting.decided_by, waiting.decided_at) == ("proposed", None, None)
        assert (made.state, made.client, made.name, made.text) == ("approved", CLIENT, "DEMO find", TEXT)
        assert made.document_id == f"sha256:{digest(TEXT)}"
        assert made.operations == (QUESTION,)
        assert made.decided_by != made.proposed_by
        assert queries.by_id(connection, identifier(made)) is not None

    await database.write(run)


async def test_a_supervisor_of_another_agency_may_be_the_second(database: Database) -> None:
    def run(connection: Connection) -> DocumentView:
        return operations.approve(by(connection, agency=ELSEWHERE), identifier(proposed(connection)))

    assert (await database.write(run)).state == "approved"


async def test_nobody_decides_on_an_own_proposal(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        supervisor = by(connection)
        own = operations.propose(supervisor, asked(), read)
        other = by(connection, name="2")  # of the same chain
        return [refusal(partial(operations.approve, each, identifier(own))).code for each in (supervisor, other)]

    assert await database.write(run) == ["OWN_PROPOSAL", "SAME_CHAIN"]


async def test_for_a_client_of_elsewhere_or_of_nobody_nothing_is_proposed(database: Database) -> None:
    def run(connection: Connection) -> list[tuple[str, str | None, str]]:
        found = [refusal(partial(proposed, connection, client=each)) for each in ("ke-elsewhere-desk", "nobody")]
        return [(each.code, each.field, str(each)) for each in found]

    first, second = await database.write(run)

    assert first == second
    assert first[:2] == ("NOT_FOUND", "client")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": ""}, "TEXT_MALFORMED", "name"),
        ({"name": "x" * 81}, "TEXT_MALFORMED", "name"),
        ({"name": "hidden \u202e"}, "TEXT_MALFORMED", "name"),
        ({"reason": "x"}, "REASON_MALFORMED", "reason"),
    ],
)
async def test_what_breaks_a_rule_is_named_and_nothing_is_kept(
    database: Database, changes: dict[str, str], code: str, field: str
) -> None:
    def run(connection: Connection) -> tuple[RegistryError, int]:
        refused = refusal(partial(proposed, connection, **changes))
        return refused, connection.execute(sa.select(sa.func.count()).select_from(trusted_documents)).scalar_one()

    refused, kept = await database.write(run)

    assert (refused.code, refused.field, kept) == (code, field, 0)


@pytest.mark.parametrize("problem", [InputRefused("x", code="GRAPHQL_PARSE_FAILED"), LimitExceeded("x")], ids=str)
async def test_a_text_that_the_roof_refuses_is_not_kept(database: Database, problem: RegistryError) -> None:
    def no(_text: str) -> Any:
        raise problem

    def run(connection: Connection) -> tuple[RegistryError, list[DocumentView]]:
        refused = refusal(lambda: operations.propose(by(connection, Role.REGISTRAR), asked(), no))
        page = operations.list_documents(by(connection), DocumentFilter(), after=None, limit=9)
        return refused, list(page.documents)

    assert await database.write(run) == (problem, [])


async def test_a_text_is_open_once_for_a_client_and_may_come_again_when_it_ended(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        codes, note = [], "An invented reason"
        first = proposed(connection)
        codes.append(refusal(partial(proposed, connection)).code)
        operations.reject(by(connection), identifier(first), note)
        second = approved(connection)
        codes.append(refusal(partial(proposed, connection)).code)
        operations.withdraw(by(connection, Role.REGISTRAR), identifier(second), note)
        codes.append(approved(connection).state)
        page = operations.list_documents(by(connection), DocumentFilter(), after=None, limit=9)
        return codes + [each.state for each in page.documents]

    assert await database.write(run) == [
        "DOCUMENT_PROPOSED_ALREADY", "DOCUMENT_PROPOSED_ALREADY", "approved", "rejected", "withdrawn", "approved",
    ]  # fmt: skip


async def test_the_same_text_of_two_clients_is_decided_on_twice(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        approved(connection)
        registrar = by(connection, Role.REGISTRAR, agency=ELSEWHERE)
        return [operations.propose(registrar, asked(client="ke-elsewhere-desk"), read).state]

    assert await database.write(run) == ["proposed"]


async def test_a_rejection_says_why(database: Database) -> None:
    def run(connection: Connection) -> tuple[str, DocumentView]:
        waiting = identifier(proposed(connection))
        wordless = refusal(lambda: operations.reject(by(connection), waiting, ""))
        return wordless.code, operations.reject(by(connection), waiting, "It asks for more than is needed")

    code, view = await database.write(run)

    assert code == "REASON_MALFORMED"
    assert (view.state, view.note) == ("rejected", "It asks for more than is needed")


async def test_whatever_is_decided_stays_decided(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        made = identifier(approved(connection))
        operations.withdraw(by(connection, Role.REGISTRAR), made, "An invented reason")
        return [
            refusal(lambda: operations.approve(by(connection), made)).code,
            refusal(lambda: operations.reject(by(connection), made, "An invented reason")).code,
            refusal(lambda: operations.withdraw(by(connection, Role.REGISTRAR), made, "An invented reason")).code,
        ]

    assert await database.write(run) == ["DOCUMENT_STATE"] * 3


async def test_of_two_that_decide_at_once_one_is_told_so(database: Database) -> None:
    """Each in a transaction of its own, both having seen the proposal."""
    waiting = identifier(await database.write(proposed))

    async def decide(decision: Any) -> str:
        def run(connection: Connection) -> str:
            return str(decision(by(connection)).state)

        try:
            return await database.write(run)
        except RegistryError as refused:
            return refused.code

    told = await asyncio.gather(
        decide(lambda work: operations.approve(work, waiting)),
        decide(lambda work: operations.reject(work, waiting, "An invented reason")),
    )

    assert sorted(told) in (["DOCUMENT_STATE", "approved"], ["DOCUMENT_STATE", "rejected"])


async def test_a_document_that_somebody_took_further_is_not_written_over(database: Database) -> None:
    def run(connection: Connection) -> str:
        made = identifier(approved(connection))
        seen = queries.by_id(connection, made)
        assert seen is not None
        operations.withdraw(by(connection, Role.REGISTRAR), made, "An invented reason")
        return refusal(lambda: queries.put(connection, seen, seen)).code

    assert await database.write(run) == "DOCUMENT_STATE"


async def test_of_what_is_not_there_nothing_can_be_done(database: Database) -> None:
    def run(connection: Connection) -> list[tuple[str, str | None]]:
        runs = (
            lambda: operations.approve(by(connection), new_id()),
            lambda: operations.reject(by(connection), new_id(), "An invented reason"),
            lambda: operations.withdraw(by(connection), new_id(), "An invented reason"),
        )
        return [(each.code, each.field) for each in map(refusal, runs)]

    assert await database.write(run) == [("NOT_FOUND", "trustedDocumentId")] * 3


async def test_documents_are_paged_and_chosen_by_client_and_state(database: Database) -> None:
    def run(connection: Connection) -> None:
        first, second = approved(connection), proposed(connection, text=TEXT + " ", name="DEMO other")

        def page(chosen: DocumentFilter, limit: int = 9, after: Any = None) -> operations.DocumentPage:
            return operations.list_documents(by(connection), chosen, after=after, limit=limit)

        one = page(DocumentFilter(), limit=1)
        assert ([each.id for each in one.documents], one.has_next, one.last) == ([first.id], True, identifier(first))
        two = page(DocumentFilter(), limit=1, after=one.last)
        assert ([each.id for each in two.documents], two.has_next) == ([second.id], False)
        assert [each.id for each in page(DocumentFilter(state=State.PROPOSED)).documents] == [second.id]
        assert [each.id for each in page(DocumentFilter(client=CLIENT)).documents] == [first.id, second.id]
        assert page(DocumentFilter(client="nobody")) == operations.DocumentPage((), None, has_next=False)
        assert [each.name for each in queries.approved(connection)] == ["DEMO find"]

    await database.write(run)


async def test_a_page_costs_one_statement(database: Database) -> None:
    def run(connection: Connection) -> int:
        approved(connection)
        auditor = by(connection, Role.AUDITOR)
        with statements(connection) as seen:
            operations.list_documents(auditor, DocumentFilter(CLIENT, State.APPROVED), after=None, limit=9)
        return len(seen)

    assert await database.write(run) == 1


async def test_each_step_stands_in_the_log_with_the_digest_and_without_the_text(database: Database) -> None:
    def run(connection: Connection) -> list[Any]:
        registrar, supervisor = by(connection, Role.REGISTRAR), by(connection)
        waiting = operations.propose(registrar, asked(), read)
        operations.approve(supervisor, identifier(waiting))
        operations.withdraw(registrar, identifier(waiting), "An invented reason")
        refusal(lambda: operations.propose(registrar, asked(client="nobody"), read))
        return [*registrar.events, *supervisor.events]

    events = await database.write(run)

    assert [each.name for each in events] == [
        "document:proposed", "document:withdrawn", "document:propose:refused", "document:approved",
    ]  # fmt: skip
    said = [each.details.get("asked") or each.details for each in events]  # a refused one says what was asked
    assert {each["sha256"] for each in said} == {digest(TEXT)}
    assert [each["client"] for each in said] == [CLIENT, CLIENT, "nobody", CLIENT]
    assert "search" not in str([each.details for each in events])


async def test_a_text_is_found_by_its_digest(database: Database) -> None:
    def run(connection: Connection) -> list[str | None]:
        proposed(connection)
        return [queries.text(connection, each) for each in (digest(TEXT), digest(""))]

    assert await database.write(run) == [TEXT, None]


async def test_a_client_that_nobody_has_looked_at_may_send_anything(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        return list(connection.execute(sa.select(clients.c.documents)).scalars())

    assert await database.write(run) == [Documents.OFF.value] * 2
