"""An officer asks whom they have met over a person, and pages through it."""

from datetime import timedelta

import pytest

from registry.meetings.looking import Deconfliction
from tests.factories import EDITION, ELSEWHERE
from tests.graphql_schema.asking import PROFILE
from tests.nodes import Node

pytestmark = pytest.mark.anyio
MEETINGS = """query Met($after: String) { meetings(first: 1, after: $after) {
    edges { cursor node { profileId agency caseReference } } pageInfo { hasNextPage hasPreviousPage } } }"""


async def test_officers_page_through_whom_they_have_met(node: Node) -> None:
    chore = Deconfliction(EDITION, 30)
    await node.database.write(lambda connection: chore(connection, node.clock()))
    for place in (0, 1):
        for token in (node.token(), node.token(agency=ELSEWHERE, case="CR 7/2026")):
            await node.data(PROFILE, {"id": node.profile_id(place)}, token=token)
    await node.database.write(lambda connection: chore(connection, node.clock() + timedelta(seconds=1)))

    first = (await node.data(MEETINGS))["meetings"]
    second = (await node.data(MEETINGS, {"after": first["edges"][0]["cursor"]}))["meetings"]
    found = [each["node"] for page in (first, second) for each in page["edges"]]

    assert {each["profileId"] for each in found} == {node.profile_id(0), node.profile_id(1)}
    assert {(each["agency"], each["caseReference"]) for each in found} == {(ELSEWHERE, "CR 7/2026")}
    assert first["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False}
    assert second["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}
