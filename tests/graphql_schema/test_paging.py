"""Pages: a cursor is good for one question, client, officer and case, and rows that come or go don't matter."""

import base64
from datetime import timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, strategies as st
from sqlalchemy import Connection

from graphql_schema.paging import MOST, Cursors, checked_size
from registry.audit.models import leaves
from registry.core.errors import InputRefused
from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio

PLACES = st.one_of(st.integers(-(2**53), 2**53), st.text(), st.lists(st.integers(-10_000, 10_000), max_size=3))
CURSORS = Cursors(b"k" * 32)
SEARCH = """query Find($c: SearchCriteriaInput!, $first: Int!, $after: String) {
    search(criteria: $c, first: $first, after: $after) {
      edges { cursor node { score profile { id } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
LOG = """query Log($first: Int!, $after: String, $filter: LogFilterInput, $turned: Boolean = false) {
    logEntries(first: $first, after: $after, filter: $filter, oldestFirst: $turned, reason: "Complaint of a subject") {
      edges { cursor node { index } } pageInfo { hasNextPage endCursor } } }"""
PROPOSALS = """query Waiting($first: Int!, $after: String, $state: ProposalState = PENDING) {
    proposals(state: $state, first: $first, after: $after) {
      edges { cursor node { id state } } pageInfo { hasNextPage endCursor } } }"""
ALIKE = {"name": "Achieng Invented"}


@given(PLACES)
def test_a_cursor_reads_back_as_the_place_it_was_made_of(place: object) -> None:
    cursor = CURSORS.make(["search", {"name": "x"}], "desk officer case", place)

    assert CURSORS.read(["search", {"name": "x"}], "desk officer case", cursor) == place


@given(st.one_of(st.text(), st.binary().map(lambda octets: base64.urlsafe_b64encode(octets).decode())))
def test_nothing_but_our_own_cursor_is_believed(cursor: str) -> None:
    with pytest.raises(InputRefused) as caught:
        CURSORS.read("question", "principal", cursor)

    assert caught.value.code == "CURSOR_INVALID"


@pytest.mark.parametrize(
    ("reader", "question", "principal"),
    [
        (Cursors(b"x" * 32), "question", "principal"),
        (CURSORS, "another", "principal"),
        (CURSORS, "question", "another"),
    ],
)
def test_another_key_question_or_principal_refuses_the_cursor(reader: Cursors, question: str, principal: str) -> None:
    cursor = CURSORS.make("question", "principal", [1, 2])

    with pytest.raises(InputRefused, match="no cursor of this question"):
        reader.read(question, principal, cursor)


@pytest.mark.parametrize("size", [1, 50, MOST])
def test_a_page_holds_one_to_a_hundred_nodes(size: int) -> None:
    assert checked_size(size) == size


@pytest.mark.parametrize("size", [0, -1, MOST + 1, 1_000_000])
def test_any_other_size_is_refused(size: int) -> None:
    with pytest.raises(InputRefused) as caught:
        checked_size(size)

    assert (caught.value.code, caught.value.field) == ("PAGE_SIZE", "first")


# -- over HTTP


async def page(node: Node, document: str, variables: dict[str, Any], **options: Any) -> Any:
    """Return one page of the only connection that the document asks for."""
    (found,) = (await node.data(document, variables, **options)).values()
    return found


async def walked(node: Node, document: str, variables: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """Return the nodes of all pages, one after the other."""
    nodes: list[dict[str, Any]] = []
    after = None
    while True:
        found = await page(node, document, variables | {"after": after}, **options)
        nodes += [edge["node"] for edge in found["edges"]]
        if not found["pageInfo"]["hasNextPage"]:
            return nodes
        after = found["pageInfo"]["endCursor"]


@pytest.mark.parametrize("first", [0, -1, 101])
@pytest.mark.parametrize(
    ("document", "by"), [(SEARCH, Role.INVESTIGATOR), (LOG, Role.AUDITOR), (PROPOSALS, Role.REGISTRAR)]
)
async def test_a_page_of_another_size_is_refused_in_every_connection(
    shared: Node, document: str, by: Role, first: int
) -> None:
    variables = {"first": first} | ({"c": ALIKE} if document is SEARCH else {})
    answer = await shared.ask(document, variables, by=by)

    assert (answer.status_code, code_of(answer)) == (200, "PAGE_SIZE")
    assert answer.json()["errors"][0]["extensions"]["field"] == "first"


async def test_the_size_of_a_page_must_be_given(shared: Node) -> None:
    answer = await shared.ask('{ search(criteria: {name: "x y"}) { edges { cursor } } }')

    assert (answer.status_code, code_of(answer)) == (400, "GRAPHQL_VALIDATION_FAILED")


async def test_a_page_says_where_it_stands(shared: Node) -> None:
    first = await page(shared, SEARCH, {"c": ALIKE, "first": 2})
    second = await page(shared, SEARCH, {"c": ALIKE, "first": 2, "after": first["pageInfo"]["endCursor"]})

    cursors = [edge["cursor"] for edge in first["edges"]]
    assert first["pageInfo"] == {
        "hasNextPage": True, "hasPreviousPage": False, "startCursor": cursors[0], "endCursor": cursors[1],
    }  # fmt: skip
    assert second["pageInfo"]["hasPreviousPage"]
    assert not second["pageInfo"]["hasNextPage"]


async def test_no_hit_is_an_empty_page(shared: Node) -> None:
    found = await page(shared, SEARCH, {"c": {"phone": "+254700000000"}, "first": 2})

    assert found["edges"] == []
    assert found["pageInfo"] == {
        "hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None,
    }  # fmt: skip


async def test_pages_of_one_are_the_whole_answer_in_the_same_order(shared: Node) -> None:
    whole = [edge["node"] for edge in (await page(shared, SEARCH, {"c": ALIKE, "first": 100}))["edges"]]

    assert await walked(shared, SEARCH, {"c": ALIKE, "first": 1}) == whole
    assert len(whole) == 3
    assert [each["score"] for each in whole] == sorted((each["score"] for each in whole), reverse=True)


@pytest.mark.parametrize("size", [1, 2, 100])
async def test_one_may_go_on_after_any_edge_with_pages_of_another_size(shared: Node, size: int) -> None:
    whole = (await page(shared, SEARCH, {"c": ALIKE, "first": 100}))["edges"]

    rest = await walked_after(shared, whole[0]["cursor"], size)

    assert rest == [edge["node"]["profile"]["id"] for edge in whole[1:]]


async def walked_after(node: Node, after: str, size: int) -> list[str]:
    found: list[str] = []
    while True:
        answer = await page(node, SEARCH, {"c": ALIKE, "first": size, "after": after})
        found += [edge["node"]["profile"]["id"] for edge in answer["edges"]]
        if not answer["pageInfo"]["hasNextPage"]:
            return found
        after = answer["pageInfo"]["endCursor"]


@pytest.mark.parametrize("by", [Role.AUDITOR, Role.REGISTRAR])
async def test_a_cursor_of_one_connection_is_none_of_another(shared: Node, by: Role) -> None:
    foreign = (await page(shared, SEARCH, {"c": ALIKE, "first": 1}))["pageInfo"]["endCursor"]

    answer = await shared.ask(LOG if by is Role.AUDITOR else PROPOSALS, {"first": 1, "after": foreign}, by=by)

    assert code_of(answer) == "CURSOR_INVALID"


@pytest.mark.parametrize(
    ("criteria", "asking"),
    [
        ({"name": "Achieng Invente"}, {}),
        (ALIKE | {"sex": "FEMALE"}, {}),
        (ALIKE, {"case": "CR 13/2026"}),
        (ALIKE, {"agency": factories.ELSEWHERE}),
        (ALIKE, {"role": Role.REGISTRAR}),
    ],
)
async def test_a_cursor_serves_its_own_question_client_officer_and_case_only(
    shared: Node, criteria: dict[str, Any], asking: dict[str, Any]
) -> None:
    cursor = (await page(shared, SEARCH, {"c": ALIKE, "first": 1}))["pageInfo"]["endCursor"]

    answer = await shared.ask(SEARCH, {"c": criteria, "first": 1, "after": cursor}, token=shared.token(**asking))

    assert (answer.status_code, code_of(answer)) == (200, "CURSOR_INVALID")
    assert answer.json()["data"] == {"search": None}


@pytest.mark.parametrize("cursor", ["", "x", "é", "MTIz", "YXJyYXljb25uZWN0aW9uOjA=", "A" * 5000, "-" * 40])
async def test_a_forged_cursor_is_refused(shared: Node, cursor: str) -> None:
    answer = await shared.ask(SEARCH, {"c": ALIKE, "first": 1, "after": cursor})

    assert (answer.status_code, code_of(answer)) == (200, "CURSOR_INVALID")


async def test_an_altered_cursor_is_refused(shared: Node) -> None:
    cursor = (await page(shared, SEARCH, {"c": ALIKE, "first": 1}))["pageInfo"]["endCursor"]
    content = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))

    for place in range(len(content)):
        forged = bytes(content[:place]) + bytes([content[place] ^ 1]) + bytes(content[place + 1 :])
        after = base64.urlsafe_b64encode(forged).rstrip(b"=").decode()
        with pytest.raises(InputRefused):
            shared.endpoint.service.cursors.read("any", "one", after)

    answer = await shared.ask(SEARCH, {"c": ALIKE, "first": 1, "after": after})
    assert code_of(answer) == "CURSOR_INVALID"


async def test_people_who_come_meanwhile_repeat_nobody_and_hide_nobody(node: Node) -> None:
    """Scores move when names become more common; what has been shown stays behind the cursor all the same."""
    whole = {each["profile"]["id"] for each in await walked(node, SEARCH, {"c": ALIKE, "first": 100})}
    seen: list[str] = []
    after = None

    for turn in range(10):
        found = await page(node, SEARCH, {"c": ALIKE, "first": 1, "after": after})
        seen += [edge["node"]["profile"]["id"] for edge in found["edges"]]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
        newcomer = factories.named(f"Achieng Invented Newcomer{'abcdefghij'[turn]}", birth_date="1960")
        await node.database.write(lambda connection, newcomer=newcomer: factories.vetted(connection, newcomer))  # type: ignore[misc]

    assert len(seen) == len(set(seen))
    assert whole <= set(seen)


async def test_the_log_is_paged_newest_first_while_reading_adds_to_it(node: Node) -> None:
    for _ in range(5):
        await node.ask("{ __typename }")

    walk = await walked(node, LOG, {"first": 2}, by=Role.AUDITOR)

    assert [each["index"] for each in walk] == [4, 3, 2, 1, 0]


async def test_the_log_is_filtered_by_officer_profile_purpose_outcome_and_time(node: Node) -> None:
    opened = await node.ask("query ($id: ID!) { profile(id: $id) { sex } }", {"id": node.profile_id()})
    await node.ask("{ logEntries(first: 1) { edges { cursor } } }")  # denied
    await node.ask("{ __typename }", by=Role.REGISTRAR)
    officer = public_id("officer", (await node.entry(opened))["officer"])
    places = sa.select(leaves.c.at).order_by(leaves.c["index"])
    moments = await node.database.read(lambda connection: connection.execute(places).scalars().all())

    async def chosen(**given: object) -> list[int]:
        return [each["index"] for each in await walked(node, LOG, {"first": 1, "filter": given}, by=Role.AUDITOR)]

    assert await chosen(profileId=node.profile_id()) == [0]
    assert await chosen(profileId=node.profile_id(1)) == []
    assert await chosen(officerId=officer) == [1, 0]
    assert await chosen(purpose="REGISTER_MAINTENANCE") == [2]
    assert await chosen(outcome="DENIED") == [1]
    entered = moments[2]
    earlier = [place for place in (1, 0) if moments[place] < entered]  # a leaf's moment is in whole milliseconds
    assert await chosen(until=entered.isoformat()) == earlier
    abroad = entered.astimezone(timezone(timedelta(hours=1)))
    assert (await chosen(since=abroad.isoformat()))[-1] == 2 - moments[:2].count(entered)
    assert await chosen(query=f"officer:{officer} -outcome:allowed") == [1]
    assert await chosen(query=f"until:{entered:%Y-%m-%dT%H:%M:%S.%fZ}", officerId=officer) == earlier
    assert await chosen(officerId=public_id("officer", new_id())) == []


async def test_proposals_are_paged_oldest_first_while_others_come_and_go(node: Node) -> None:
    def propose(connection: Connection) -> list[str]:
        names = [f"Waiting Invented {word}" for word in ("One", "Two", "Three", "Four", "Five")]
        made = [factories.proposed(connection, factories.named(each)) for each in names]
        return [public_id("proposal", each) for each in sorted(made)]  # those of one millisecond have no order

    waiting = await node.database.write(propose)
    first = await page(node, PROPOSALS, {"first": 2}, by=Role.REGISTRAR)
    reject = 'mutation ($id: ID!) { proposalReject(input: {proposalId: $id, note: "not so"}) { userErrors { code } } }'
    await node.data(reject, {"id": waiting[1]}, by=Role.SUPERVISOR)  # the very one the cursor stands at
    await node.data(reject, {"id": waiting[3]}, by=Role.SUPERVISOR)
    (late, *_) = await node.database.write(propose)

    rest = await walked_proposals(node, first["pageInfo"]["endCursor"])

    assert [edge["node"]["id"] for edge in first["edges"]] == waiting[:2]
    assert rest[:3] == [waiting[2], waiting[4], late]
    answer = await node.ask(PROPOSALS, {"first": 1, "after": first["pageInfo"]["endCursor"], "state": "REJECTED"},
                            by=Role.REGISTRAR)  # fmt: skip
    assert code_of(answer) == "CURSOR_INVALID"


async def walked_proposals(node: Node, after: str) -> list[str]:
    found: list[str] = []
    while True:
        answer = await page(node, PROPOSALS, {"first": 2, "after": after}, by=Role.REGISTRAR)
        found += [edge["node"]["id"] for edge in answer["edges"]]
        if not answer["pageInfo"]["hasNextPage"]:
            return found
        after = answer["pageInfo"]["endCursor"]
