"""Alerts: whoever meets a hidden record is answered as for none, and its owner's cleared officers are told."""

from typing import Any

import pytest
from sqlalchemy import Connection

from auth.models import officers
from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from registry.notices import queries
from registry.notices.notice import Topic
from tests import abroad, factories
from tests.factories import AGENCY, ELSEWHERE
from tests.graphql_schema.notices.following import deliveries
from tests.nodes import Node, code_of, shown
from tests.registry.profiles.scenes import hide
from tests.streams import reading

pytestmark = pytest.mark.anyio
PROFILE = "query ($id: ID!) { profile(id: $id) { id sex names { full } redactions { ruleId } } }"
ALERT = "id profileId registerNumber at how agency officerId officerReference caseReference"
ALERTS = f"query ($after: String) {{ alerts(first: 2, after: $after) {{ edges {{ node {{ {ALERT} }} }} \
    pageInfo {{ hasNextPage endCursor }} }} }}"
FOLLOWED = "subscription { alerted { how agency } }"
NONE = {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
PERSON = {"names": [{"full": "Zqx Kanari Silent"}], "phones": ["+254790417263"]}


async def hidden(node: Node, clearance: str = "covert") -> str:
    """Bring a hidden record into the register; return its id."""
    return public_id("profile", await node.database.write(lambda connection: hide(connection, clearance, **PERSON)))


async def clear(node: Node, clearance: str) -> None:
    """Clear the owner's supervisor for records of a clearance."""

    def change(connection: Connection) -> None:
        chosen = (officers.c.agency == AGENCY) & (officers.c.reference == "vetting/supervisor/1")
        assert connection.execute(officers.update().where(chosen).values(clearance=clearance)).rowcount == 1

    await node.database.write(change)


async def alerts(node: Node, after: str | None = None, **options: Any) -> Any:
    """Return a page of alerts, as a supervisor of the owner reads it."""
    return (await node.data(ALERTS, {"after": after}, **{"by": Role.SUPERVISOR} | options))["alerts"]


def told(page: Any) -> list[tuple[str, str]]:
    return [(each["node"]["how"], each["node"]["agency"]) for each in page["edges"]]


async def strangers(node: Node) -> dict[str, str]:
    """Return tokens of officers who must not know of the record, by their agency."""
    await node.database.write(abroad.enrolled)
    return {
        ELSEWHERE: node.token(agency=ELSEWHERE, case="CR 77/2026"), abroad.AGENCY: abroad.token(node, case="CR 77/2026")
    }  # fmt: skip


@pytest.mark.parametrize("agency", [ELSEWHERE, abroad.AGENCY])
async def test_who_opens_a_foreign_hidden_record_is_answered_like_for_none_and_its_owner_finds_one_alert(
    node: Node, agency: str
) -> None:
    """On PostgreSQL the row is hidden before disclosure sees it: its owner is told all the same."""
    profile, token = await hidden(node), (await strangers(node))[agency]
    await clear(node, "covert")

    answers = [await node.ask(PROFILE, {"id": each}, token=token) for each in (profile, public_id("profile", new_id()))]
    page = await alerts(node)

    assert code_of(answers[0]) == "NOT_FOUND"
    assert shown(answers[0]) == shown(answers[1])
    assert len(answers[0].content) == len(answers[1].content)
    (alert,) = (each["node"] for each in page["edges"])
    assert alert.pop("id") != alert.pop("officerId")
    assert alert.pop("at").endswith("Z")
    assert alert.pop("registerNumber") == len(node.people) + 1
    assert alert == {
        "profileId": profile, "how": "ID", "agency": agency, "caseReference": "CR 77/2026",
        "officerReference": abroad.OFFICER if agency == abroad.AGENCY else "child-protection/investigator/1",
    }  # fmt: skip
    events = [(await node.entry(each))["body"]["events"] for each in answers]
    assert [[each["name"] for each in one] for one in events] == [
        ["profile:silent:refused", "profile:read:refused"], ["profile:read:refused"],
    ]  # fmt: skip
    assert events[0][0]["details"]["numbers"] == [len(node.people) + 1]


async def test_opening_a_hidden_record_and_one_that_is_not_there_takes_the_same_statements(node: Node) -> None:
    """Also for the owner's own officers who are not cleared: to them the database shows the row."""
    profile = await hidden(node)
    tokens = {**await strangers(node), AGENCY: node.token()}

    for token in tokens.values():
        seen = []
        for each in (profile, public_id("profile", new_id())):
            with node.statements() as executed:
                await node.ask(PROFILE, {"id": each}, token=token)
            seen.append(executed)
        assert seen[0] == seen[1]
        assert len(seen[0]) == (3 if node.database.dialect == "postgresql" else 2)


async def test_an_ordinary_record_that_is_shown_raises_no_alert(node: Node) -> None:
    token = (await strangers(node))[ELSEWHERE]

    answer = await node.ask(PROFILE, {"id": node.profile_id()}, token=token)

    assert node.profile_id() in answer.text
    assert await node.database.read(queries.newest) == 0


async def test_an_alert_is_shown_and_counted_to_cleared_supervisors_of_the_owner_alone(node: Node) -> None:
    """Of two records, one of a clearance that the reader has not got: it is passed over, and leaves no gap."""
    token = (await strangers(node))[ELSEWHERE]
    secret, covert = await hidden(node, "secret"), await hidden(node, "covert")
    for each in (secret, covert, secret, secret):
        await node.ask(PROFILE, {"id": each}, token=token)

    assert await alerts(node) == NONE
    assert await alerts(node, token=node.token(Role.SUPERVISOR, agency=ELSEWHERE)) == NONE
    for role in set(Role) - {Role.SUPERVISOR}:
        assert code_of(await node.ask(ALERTS, by=role)) == "FORBIDDEN"
    await clear(node, "secret")
    first = await alerts(node)
    second = await alerts(node, after=first["pageInfo"]["endCursor"])

    assert [len(each["edges"]) for each in (first, second)] == [2, 1]
    assert [each["pageInfo"]["hasNextPage"] for each in (first, second)] == [True, False]
    assert {each["node"]["profileId"] for page in (first, second) for each in page["edges"]} == {secret}
    assert len({each["node"]["id"] for page in (first, second) for each in page["edges"]}) == 3


async def test_one_question_leaves_one_alert_of_a_record_however_often_it_asks_and_each_question_its_own(
    node: Node,
) -> None:
    profile, token = await hidden(node), (await strangers(node))[ELSEWHERE]
    await clear(node, "covert")

    for _ in range(2):
        await node.ask("query ($id: ID!) { a: profile(id: $id) { sex } b: profile(id: $id) { sex } }", {"id": profile},
                       token=token)  # fmt: skip

    assert told(await alerts(node)) == [("ID", ELSEWHERE)] * 2


async def test_reading_alerts_is_entered_with_the_records_that_were_told_of(node: Node) -> None:
    profile, token = await hidden(node), (await strangers(node))[ELSEWHERE]
    await clear(node, "covert")
    await node.ask(PROFILE, {"id": profile}, token=token)

    answer = await node.ask(ALERTS, by=Role.SUPERVISOR)

    (event,) = (await node.entry(answer))["body"]["events"]
    assert (event["name"], event["details"]["numbers"]) == ("alerts:listed", [1])
    assert len(event["records"]) == 1


async def test_an_alert_is_told_as_it_happens_to_who_is_cleared_and_passes_others_by(node: Node) -> None:
    profile, token = await hidden(node), (await strangers(node))[ELSEWHERE]

    async with reading(node, FOLLOWED, by=Role.SUPERVISOR) as stream:
        first = await stream.event()
        await node.ask(PROFILE, {"id": profile}, token=token)
        await stream.heartbeat()
        await stream.heartbeat()
        await clear(node, "covert")
        told_ = await stream.event()
        entered = await deliveries(node, stream.request_id)

    assert first is not None
    assert told_ is not None
    assert (first.data, told_.data) == ({"alerted": None}, {"alerted": {"how": "ID", "agency": ELSEWHERE}})
    assert [each["body"]["events"][0]["name"] for each in entered] == ["alerts:followed", "alert:told"]


async def test_an_alert_holds_no_more_than_its_register_number_of_a_record(node: Node) -> None:
    """Notices have no policies of their own: the id of a hidden record does not lie there."""
    profile, token = await hidden(node), (await strangers(node))[ELSEWHERE]
    await node.ask(PROFILE, {"id": profile}, token=token)

    notice = await node.database.read(lambda connection: queries.following(connection, Topic.ALERT, AGENCY, 0))

    assert notice is not None
    assert notice.news.profile is None
    assert notice.news.details.keys() == {"number", "how", "agency", "officer", "reference", "case"}
    assert factories.CLIENT not in str(notice)
