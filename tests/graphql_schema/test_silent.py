"""What the wire tells of a record that must not be known of: what it tells of one that is not there."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from registry.notices.models import notices
from registry.profiles.operations import deciding
from tests.factories import AGENCY, ELSEWHERE, actor, approved, proposed, record, work
from tests.nodes import Node, shown
from tests.registry.profiles.scenes import cleared, hide

pytestmark = pytest.mark.anyio
PERSON = {"names": [{"full": "Zqx Kanari Silent"}], "phones": ["+254790417263"]}
DOCUMENTS = {
    "profile": "query($id: ID!) { profile(id: $id) { id sex names { full } redactions { ruleId } } }",
    "node": "query($id: ID!) { node(id: $id) { id ... on Profile { sex } } }",
    "aliased": "query($id: ID!) { a: profile(id: $id) { b: sex duplicates { score } versions { version } } }",
    "differences": """query($id: ID!) { profileDifferences(id: $id, since: "2026-01-01T00:00:00Z",
        until: "2026-11-20T00:00:00Z") { path } }""",
}
SEARCH = """query($phone: String!) { search(criteria: {phone: $phone}, first: 5) {
    edges { node { score profile { id } } } pageInfo { hasNextPage } } }"""
ALERTS = sa.select(notices.c.audience, notices.c.details).where(notices.c.topic == "alert")


async def alerts(node: Node) -> list[Any]:
    """Return what owners were told."""
    found = await node.database.read(lambda connection: connection.execute(ALERTS).all())
    return [(row.audience, row.details["how"]) for row in found]


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.SUPERVISOR])
@pytest.mark.parametrize("form", DOCUMENTS)
async def test_a_hidden_record_is_answered_byte_for_byte_like_none(node: Node, form: str, role: Role) -> None:
    profile = await node.database.write(lambda connection: hide(connection, "covert", **PERSON))
    nobody = public_id("profile", new_id())

    answers = [
        await node.ask(DOCUMENTS[form], {"id": each}, by=role) for each in (public_id("profile", profile), nobody)
    ]

    assert "NOT_FOUND" in answers[0].text
    assert shown(answers[0]) == shown(answers[1])
    assert answers[0].status_code == answers[1].status_code
    assert (AGENCY, "id") in await alerts(node)


async def test_how_a_record_that_was_made_secret_once_came_in_is_no_more_told(node: Node) -> None:
    """PostgreSQL shows first versions by what they said themselves; whether the record is hidden since is asked too."""

    def settle(connection: Connection) -> tuple[str, str]:
        first = proposed(connection, record(**PERSON))
        profile = approved(connection, first)
        made = proposed(connection, record(**PERSON, handling={"clearance": "covert"}), profile=profile)
        deciding.approve_change(work(connection, cleared(actor(role=Role.SUPERVISOR), "covert")), made)
        return public_id("proposal", first), public_id("profile", profile)

    first, profile = await node.database.write(settle)
    token = node.token(Role.REGISTRAR, agency=ELSEWHERE)
    listed = "{ proposals(state: APPROVED, first: 20) { edges { node { id profileId } } } }"
    opened = "query($id: ID!) { proposal(id: $id) { id } }"

    answers = [
        await node.ask(listed, token=token),
        *[await node.ask(opened, {"id": each}, token=token) for each in (first, public_id("proposal", new_id()))],
    ]

    assert node.profile_id() in answers[0].text
    assert first not in answers[0].text
    assert profile not in answers[0].text
    assert "NOT_FOUND" in answers[1].text
    assert shown(answers[1]) == shown(answers[2])


async def test_a_search_that_meets_it_is_answered_like_one_that_meets_nobody_and_its_owner_is_told(node: Node) -> None:
    await node.database.write(lambda connection: hide(connection, "witness_protection", **PERSON))

    answers = [await node.ask(SEARCH, {"phone": each}) for each in ("0790417263", "0790417264")]

    assert '"edges":[]' in answers[0].text
    assert shown(answers[0]) == shown(answers[1])
    assert await alerts(node) == [(AGENCY, "search")]
    entry = await node.entry(answers[0])
    assert [each["name"] for each in entry["body"]["events"]] == ["profile:silent:refused", "profile:searched"]
