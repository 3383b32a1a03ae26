"""What goes wrong with us: nothing is answered that is not entered, and nothing of ours is told."""

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import directory
from registry.audit.models import entries
from registry.audit.spelling import committed
from registry.audit.submission import Submission
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.errors import InputRefused
from registry.disclosure.vocabulary import Role
from registry.profiles.operations import reading
from tests import factories
from tests.graphql_schema.asking import JSON, PROFILE, PROPOSE, SEARCH, limited, only_entry, proposal, query
from tests.graphql_schema.conftest import Said
from tests.nodes import Node, code_of, lines
from tests.registers import owned

pytestmark = pytest.mark.anyio


# -- what goes wrong with us


def broken(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    """Let opening a profile fail as only a bug can make it."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise problem

    monkeypatch.setattr(reading, "read_profile", fail)


async def test_an_unexpected_exception_is_masked_and_only_its_place_is_logged(
    shared: Node, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, RuntimeError("password=hunter2 of Juma Mwakio"))

    answer = await shared.ask(PROFILE, {"id": shared.profile_id()})

    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert error["message"] == "Internal error."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": answer.headers["x-request-id"]}
    assert answer.json()["data"] == {"profile": None}
    await only_entry(shared, answer, "failed", "INTERNAL")
    text = said()
    told = [each for each in lines(text) if each.get("request_id") == answer.headers["x-request-id"]]
    assert [each["event"] for each in told] == ["masked", "answered"]
    assert told[0]["problem"].startswith("RuntimeError at ")
    assert told[1]["code"] == "INTERNAL"
    assert "hunter2" not in text
    assert "Mwakio" not in text


async def test_a_mistake_outside_of_execution_is_500_and_masked(shared: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(directory, "actor", fail)
    answer = await shared.ask("{ __typename }")

    assert (answer.status_code, code_of(answer)) == (500, "INTERNAL")
    assert answer.json()["errors"][0]["message"] == "Internal error."
    assert "hunter2" not in answer.text
    await only_entry(shared, answer, "failed", "INTERNAL")


async def test_a_page_of_failures_tells_the_first_ones_and_how_many_more(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, InputRefused("is refused."))
    limited(node, execution_errors=2)

    document = "query ($i: ID!) { a: profile(id: $i) { id } b: profile(id: $i) { id } c: profile(id: $i) { id } }"
    answer = await node.ask(document, {"i": node.profile_id()})

    assert [each["extensions"]["code"] for each in answer.json()["errors"]] == [
        "BAD_USER_INPUT", "BAD_USER_INPUT", "ERRORS_NOT_TOLD",
    ]  # fmt: skip


async def by_owner(node: Node, change: Callable[[Connection], object]) -> None:
    """Change the schema, which only the tables' owner may."""
    owner = open_database(Settings(database_url=owned(node.app.state.node.settings.database_url)))
    await owner.write(change)
    await owner.close()


async def test_a_database_that_fails_half_way_answers_nothing_at_all(node: Node, said: Said) -> None:
    def rename(before: str, after: str) -> Callable[[Connection], object]:
        return lambda connection: connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

    await by_owner(node, rename("match_records", "lost"))
    try:
        both = '{ a: search(criteria: {name: "Juma Mwakio"}, first: 1) { edges { cursor } } b: __typename }'
        answer = await node.ask(both)
    finally:
        await by_owner(node, rename("lost", "match_records"))

    # SQLite has one kind of error for a table that is gone and for a file that is locked
    expected = (503, "UNAVAILABLE") if node.database.dialect == "sqlite" else (500, "INTERNAL")
    assert (answer.status_code, code_of(answer)) == expected
    assert "data" not in answer.json()
    assert "match_records" not in answer.text
    assert "Mwakio" not in said()
    await only_entry(node, answer, "failed", expected[1])


async def test_an_answer_that_would_be_too_large_is_not_given(node: Node) -> None:
    limited(node, response_bytes=100)

    read = await node.ask(PROFILE, {"id": node.profile_id()})
    before = await node.kept()
    changed = await node.ask(PROPOSE.replace("id profileId", "id profileId reason record { names { full } }"),
                             {"input": proposal(reason="long " * 60)}, by=Role.REGISTRAR)  # fmt: skip

    for answer in (read, changed):
        assert (answer.status_code, code_of(answer)) == (400, "RESPONSE_TOO_LARGE")
        assert "data" not in answer.json()
        await only_entry(node, answer, "failed", "RESPONSE_TOO_LARGE")
    assert await node.kept() == before


async def test_a_read_that_takes_too_long_ends_with_504(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(node, operation_seconds=0)

    async def slow(_work: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(node.database, "read", slow)
    answer = await node.ask(PROFILE, {"id": node.profile_id()})
    monkeypatch.undo()

    assert (answer.status_code, code_of(answer)) == (504, "TIMEOUT")
    assert "data" not in answer.json()
    await only_entry(node, answer, "failed", "TIMEOUT")


# -- 6 the entry


async def refuse_entries(node: Node) -> None:
    """Let the database refuse every entry, as it does when its disk is full."""

    def forbid(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        else:
            connection.exec_driver_sql("ALTER TABLE log_entries ADD CONSTRAINT full_disk CHECK (false) NOT VALID")

    await by_owner(node, forbid)


async def accept_entries(node: Node) -> None:
    def permit(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER full")
        else:
            connection.exec_driver_sql("ALTER TABLE log_entries DROP CONSTRAINT full_disk")

    await by_owner(node, permit)


async def test_without_its_entry_nothing_is_answered(node: Node) -> None:
    length, kept = await node.length(), await node.kept()
    await refuse_entries(node)

    answers = [
        await node.ask(SEARCH, {"c": {"name": "Juma Mwakio"}}),
        await node.ask(PROFILE, {"id": node.profile_id()}),
        await node.ask(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR),
        await node.ask("{ nothing }"),
        await node.ask("{ __typename }", token="none"),
    ]

    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"] == "1"
        assert "data" not in answer.json()
        assert "log-receipt" not in answer.headers
        assert "Mwakio" not in answer.text
        assert answer.json()["errors"][0]["extensions"]["code"] in ("LOG_UNAVAILABLE", "UNAVAILABLE")
    await accept_entries(node)
    assert await node.length() == length
    assert await node.kept() == kept
    assert (await node.ask(PROFILE, {"id": node.profile_id()})).status_code == 200


async def test_a_full_queue_refuses_before_anything_is_executed(node: Node) -> None:
    writer = node.app.state.node.writer
    while not writer.is_full:
        entry, durable = factories.entry(), asyncio.get_running_loop().create_future()
        writer._queue.put_nowait((Submission(entry), committed(entry), durable))

    with node.statements() as seen:
        answer = await node.ask(PROFILE, {"id": node.profile_id()})

    assert (answer.status_code, code_of(answer)) == (503, "LOG_UNAVAILABLE")
    assert not [each for each in seen if "profiles" in each]
    await writer._queue.join()
    assert (await node.ask(PROFILE, {"id": node.profile_id()})).status_code == 200


async def test_every_answer_has_exactly_one_entry_under_its_own_request_id(node: Node) -> None:
    answers = [
        await node.ask("{ __typename }"),
        await node.ask(SEARCH, {"c": {"name": "Juma Mwakio"}}),
        await node.ask(SEARCH, {"c": {}}),
        await node.ask("{"),
        await node.ask(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR),
        await node.ask(PROPOSE, {"input": proposal(reason="x")}, by=Role.REGISTRAR),
        await node.http.get("/graphql"),
        await node.http.post("/graphql", content=b"[]"),
        await node.http.post("/graphql", content=query(), headers={"content-type": JSON}),
    ]

    said = [answer.headers["x-request-id"] for answer in answers]
    assert [each["request_id"] for each in await node.entries()] == said
    assert [each["index"] for each in await node.entries()] == list(range(len(said)))


async def test_many_requests_at_once_each_have_their_entry_and_the_log_has_no_gap(node: Node) -> None:
    documents = ["{ __typename }", "{ nothing }", "{ logEntries(first: 1) { edges { cursor } } }"] * 10

    answers = await asyncio.gather(
        *(node.ask(each) for each in documents),
        *(node.ask(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR) for _ in range(5)),
    )

    log = await node.entries()
    assert sorted(each["request_id"] for each in log) == sorted(each.headers["x-request-id"] for each in answers)
    assert [each["index"] for each in log] == list(range(35))


async def test_the_log_cannot_be_changed_afterwards(node: Node) -> None:
    await node.ask("{ __typename }")

    for change in (entries.delete(), sa.update(entries).values(code="x")):
        with pytest.raises(sa.exc.DBAPIError, match=r"insert-only|permission denied"):
            await node.database.write(lambda connection, change=change: connection.execute(change))  # type: ignore[misc]

    assert await node.length() == 1


async def test_null_in_an_input_is_the_same_as_not_given(shared: Node) -> None:
    names = [{"full": "Invented Person", "script": None, "kind": None, "parts": None}]
    conviction = proposal()["record"]["convictions"][0] | {"victimSex": None, "victimAgeBand": None}
    given = proposal(names=names, convictions=[conviction], identifiers=None, county=None)

    answer = await shared.data(PROPOSE, {"input": given}, by=Role.REGISTRAR)

    assert answer["profilePropose"]["userErrors"] == []


async def test_a_part_of_a_name_that_is_given_twice_is_refused_not_dropped(shared: Node) -> None:
    parts = [{"kind": "MIDDLE", "text": "One"}, {"kind": "MIDDLE", "text": "Two"}]

    answer = await shared.data(
        PROPOSE, {"input": proposal(names=[{"full": "Invented One Two", "parts": parts}])}, by=Role.REGISTRAR
    )

    (error,) = answer["profilePropose"]["userErrors"]
    assert (error["code"], error["field"]) == ("LIST_MALFORMED", "record.names[0].parts")
