"""What was seen is made again to the byte that the client got, or it is said why it can't be."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from graphql_schema import schema
from graphql_schema.limits import Limits
from graphql_schema.oversight.seen import executing
from graphql_schema.paging import Cursors
from registry.core.db import Database
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role
from registry.profiles.models import record_keys, revisions
from registry.seen.kept import Gone
from registry.seen.operations import Asked
from tests.factories import actor, amended, record, work
from tests.nodes import Node

pytestmark = pytest.mark.anyio
SEEN = """
    query Seen($index: Long!, $reason: String!) {
      logSeen(index: $index, reason: $reason) {
        proof why answer officerReference
        records { profileId version versionNow code differs
          fields { path then recordNow shownNow withheldThen withheldNow changed shownDiffers } }
      }
    }"""
SEARCH = """
    query Find($c: SearchCriteriaInput!, $first: Int!) {
      search(criteria: $c, first: $first, language: "sw") {
        edges { cursor node { score band reasons { sentence recordValue } profile { id ...Shown } } }
        pageInfo { hasNextPage endCursor }
      }
    }
    fragment Shown on Profile {
      id registerNumber names { full } phones { number } convictions { court } standing
      redactions { path reason } freshness { group ageDays } }"""
OPEN = """
    query Open($id: ID!, $all: Boolean!) {
      profile(id: $id) {
        names { full kind } birthDate phones @include(if: $all) { number } county
        versions { version change } redactions { path ruleId }
      }
    }"""
WHY = "A complaint of an invented person"


async def seen(node: Node, answer: httpx.Response, **variables: Any) -> Any:  # Any: JSON
    entry = await node.entry(answer)
    given = {"index": entry["index"], "reason": WHY} | variables
    return (await node.data(SEEN, given, by=Role.AUDITOR))["logSeen"]


def data_of(answer: httpx.Response) -> str:
    """Return the bytes of ``data`` as the client got them."""
    behind = answer.text.partition('"data":')[2]
    return behind[: json.JSONDecoder().raw_decode(behind)[1]]


async def moved_on(node: Node) -> None:
    """Let days go by and every record say something else."""
    node.clock.wait(timedelta(days=40).total_seconds())

    def run(connection: Connection) -> None:
        other = record(names=[{"full": "Peter Otieno"}], birth_date="1950", phones=None, county="Kisumu")
        for profile in node.people[:2]:
            amended(connection, profile, other, now=node.clock())

    await node.database.write(run)


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.SUPERVISOR, Role.REGISTRAR])
async def test_a_search_and_a_profile_are_made_again_to_the_byte(node: Node, role: Role) -> None:
    criteria = {"name": "Juma Hamisi Mwakio"}
    found = await node.ask(SEARCH, {"c": criteria, "first": 1}, by=role)
    opened = await node.ask(OPEN, {"id": node.profile_id(), "all": True}, by=role)
    await moved_on(node)

    for answer in (found, opened):
        told = await seen(node, answer)

        assert "errors" not in answer.json(), answer.text
        assert (told["proof"], told["why"]) == ("EXACT", None)
        assert told["answer"] == data_of(answer)
        assert told["records"][0]["versionNow"] == 2
        assert "names" in told["records"][0]["differs"]


async def test_what_was_withheld_then_is_not_opened_for_the_auditor(node: Node) -> None:
    """A partner's officer, who was shown little, and an investigator, who was shown more, asked the same."""
    little = await node.ask(OPEN, {"id": node.profile_id(), "all": True}, by=Role.SUPERVISOR)
    told = await seen(node, little)
    fields = {each["path"]: each for each in told["records"][0]["fields"]}
    withheld = {each["path"] for each in little.json()["data"]["profile"]["redactions"]}

    assert told["proof"] == "EXACT"
    assert {name for name, each in fields.items() if each["withheldThen"]} <= withheld
    assert all(each["then"] is None for each in fields.values() if each["withheldThen"])
    assert fields["names"]["then"] == fields["names"]["recordNow"] == fields["names"]["shownNow"]
    assert "kind" in fields["names"]["then"]
    assert "script" not in fields["names"]["then"]  # the document did not ask for it


async def test_the_last_answer_before_a_moment_is_found_by_its_officer(node: Node) -> None:
    first = await node.ask(OPEN, {"id": node.profile_id(), "all": False})
    between = node.clock()
    node.clock.wait(60)
    await node.ask(OPEN, {"id": node.profile_id(1), "all": True})
    officer = (await node.entry(first))["officer"]
    question = """query At($o: ID!, $at: DateTime!) { logSeenAt(officerId: $o, at: $at, reason: "A complaint") {
        proof answer records { profileId } } }"""
    given = {"o": public_id("officer", officer), "at": between.isoformat()}

    told = (await node.data(question, given, by=Role.AUDITOR))["logSeenAt"]
    before = await node.ask(question, given | {"at": "2020-01-01T00:00:00Z"}, by=Role.AUDITOR)

    assert (told["proof"], told["answer"]) == ("EXACT", data_of(first))
    assert before.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_looking_takes_a_reason_and_is_an_entry_about_the_same_persons(node: Node) -> None:
    answer = await node.ask(OPEN, {"id": node.profile_id(), "all": True})
    index = (await node.entry(answer))["index"]

    refused = await node.ask(SEEN, {"index": index, "reason": " "}, by=Role.AUDITOR)
    others = await node.ask(SEEN, {"index": index, "reason": WHY}, by=Role.SUPERVISOR)
    looked = await node.ask(SEEN, {"index": index, "reason": WHY}, by=Role.AUDITOR)
    (event,) = (await node.entry(looked))["body"]["events"]

    assert refused.json()["errors"][0]["extensions"]["code"] == "REASON_MALFORMED"
    assert others.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert (event["name"], event["records"]) == ("log:seen", [str(node.people[0])])
    assert WHY not in str(event)


async def test_what_cannot_be_made_again_is_named_and_not_guessed(node: Node) -> None:
    """Each of these is done to the database, as its administrator could."""
    answer = await node.ask(OPEN, {"id": node.profile_id(), "all": True})
    found = await node.ask(SEARCH, {"c": {"name": "Juma Hamisi Mwakio"}, "first": 1})

    async def after(*statements: Any) -> tuple[str, str | None, str | None]:
        def change(connection: Connection) -> None:
            for each in statements:
                connection.execute(each)

        await node.database.write(change)
        made = await seen(node, answer)
        return made["proof"], made["why"], made["records"][0]["code"]

    first = revisions.c.profile == node.people[0]
    assert await after(sa.update(revisions).where(first).values(decided_at=node.clock())) == ("EXACT", None, None)
    details = sa.select(revisions.c.identity).where(first)
    identity = await node.database.read(lambda connection: connection.execute(details).scalar_one())
    forged = sa.update(revisions).where(first).values(identity=identity | {"birth_date": "1972"})
    assert await after(forged) == ("DIFFERS", None, None)
    keys = sa.delete(record_keys).where(record_keys.c.profile == node.people[0])
    assert await after(keys) == ("UNPROVED", "RECORD_ERASED", "RECORD_ERASED")
    assert (await seen(node, found))["why"] == "RECORD_ERASED"
    assert (await seen(node, await node.ask("{ __typename }")))["why"] == "DIGEST_NOT_KEPT"


async def test_only_a_query_is_executed_again(database: Database) -> None:
    """Whatever an entry holds: a document of another kind is not made again, so nothing is ever done a second time."""
    execute = executing(schema.build(), Limits(), Cursors(b"invented"))
    mutation = Asked('mutation { watchEnd(input: {watchId: "x"}) { userErrors { code } } }', None, {})

    def run(connection: Connection) -> None:
        with pytest.raises(Gone, match="PART_NOT_REBUILT"):
            execute(work(connection, actor(role=Role.AUDITOR)), mutation)

    await database.read(run)
