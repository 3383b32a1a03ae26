"""What has to be done, over GraphQL: verifications, reviews, rates by office, recalls; and the offence catalogue."""

from typing import Any

import pytest

from registry.disclosure.vocabulary import Role
from registry.editions.edition import load
from tests import factories
from tests.graphql_schema.asking import only_entry
from tests.graphql_schema.profiles.complete import complete
from tests.graphql_schema.profiles.steps import amended, changed, entered, opened, uuid_of
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio
DUE = "edges { cursor node { profileId registerNumber post dueOn daysOverdue } } pageInfo { hasNextPage endCursor }"
RECALLS = """query ($first: Int!, $after: String) { recalls(first: $first, after: $after) { edges { node {
    id profileId agency kind orderNumber lastDisclosedAt createdAt } } pageInfo { hasNextPage endCursor } } }"""
OFFICES = "{ offices { owner post records verificationsOverdue reviewsOverdue overdueRate } }"
DAY = 86_400
YEAR = 365 * DAY


def due(question: str) -> str:
    return f"query ($first: Int!, $after: String) {{ {question}(first: $first, after: $after) {{ {DUE} }} }}"


async def paged(node: Node, document: str, size: int, **options: Any) -> list[dict[str, Any]]:
    """Read page after page; return the nodes of all."""
    nodes: list[dict[str, Any]] = []
    after = None
    while True:
        (page,) = (await node.data(document, {"first": size, "after": after}, **options)).values()
        assert len(page["edges"]) <= size
        nodes += [each["node"] for each in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]


def verified(on: str, due_on: str | None = None) -> list[dict[str, str]]:
    each = {"group": "names", "verified_on": on, "verified_by": "DEMO office"}
    return [each | ({"due_on": due_on} if due_on else {})]


async def three_late(node: Node) -> list[str]:
    """Enter three people whose verification is overdue, the second for the longest."""
    return [
        await entered(node, factories.named(name, birth_date=born, tier=tier, freshness=verified(on), owner_post=post))
        for name, born, tier, on, post in (
            ("Kamau Demo Mugo", "1961", "one", "2025-11-19", "DEMO post A"),  # 12 months: due 2026-11-19
            ("Halima Demo Abdi", "1972", "three", "2026-01-10", "DEMO post A"),  # 3 months: due 2026-04-10
            ("Pendo Demo Safari", "1983", "two", "2026-05-20", "DEMO post B"),  # 6 months: due 2026-11-20
        )
    ]


# -- verification


async def test_overdue_verifications_are_listed_longest_first_in_pages(node: Node) -> None:
    first, second, third = await three_late(node)
    in_time = await entered(node, factories.named("Otieno Demo Were", tier="three", freshness=verified("2026-08-21")))

    for size in (1, 2, 100):
        listed = await paged(node, due("verificationsOverdue"), size, by=Role.REGISTRAR)
        assert [(each["profileId"], each["dueOn"], each["daysOverdue"], each["post"]) for each in listed] == [
            (second, "2026-04-10", 225, "DEMO post A"),
            (first, "2026-11-19", 2, "DEMO post A"),
            (third, "2026-11-20", 1, "DEMO post B"),
        ]
    node.clock.wait(DAY)
    tomorrow = await paged(node, due("verificationsOverdue"), 100, by=Role.REGISTRAR)
    assert in_time in [each["profileId"] for each in tomorrow]


async def test_a_verification_that_a_group_names_itself_is_due_then(node: Node) -> None:
    value = factories.named("Kamau Demo Mugo", freshness=verified("2026-11-01", "2026-11-20"))
    profile = await entered(node, value)

    (listed,) = await paged(node, due("verificationsOverdue"), 10, by=Role.SUPERVISOR)
    await amended(node, profile, value | {"freshness": verified("2026-11-21")})

    assert (listed["profileId"], listed["dueOn"]) == (profile, "2026-11-20")
    assert await paged(node, due("verificationsOverdue"), 10, by=Role.SUPERVISOR) == []


async def test_the_list_names_whose_records_it_showed(node: Node) -> None:
    people = await three_late(node)

    answer = await node.ask(due("verificationsOverdue"), {"first": 2}, by=Role.REGISTRAR)

    entry = await only_entry(node, answer, "allowed", None)
    (event,) = entry["body"]["events"]
    assert event["name"] == "duty:verifications:listed"
    assert event["records"] == [uuid_of(people[1]), uuid_of(people[0])]


@pytest.mark.parametrize("question", ["verificationsOverdue", "reviewsDue"])
async def test_an_agency_is_told_of_its_own_records(node: Node, question: str) -> None:
    people = await three_late(node)
    node.clock.wait(6 * YEAR)  # class one is over by then

    own = await paged(node, due(question), 100, by=Role.REGISTRAR)
    others = await paged(node, due(question), 100, token=node.token(Role.REGISTRAR, agency=factories.ELSEWHERE))

    assert [each["profileId"] for each in own] == people[1:]
    assert others == []


async def test_a_cursor_is_good_for_its_own_question_only(node: Node) -> None:
    await three_late(node)
    page = (await node.data(due("verificationsOverdue"), {"first": 1}, by=Role.REGISTRAR))["verificationsOverdue"]
    after = page["pageInfo"]["endCursor"]

    for document, by in (
        (due("reviewsDue"), Role.REGISTRAR),
        (due("verificationsOverdue"), Role.SUPERVISOR),
        (RECALLS, Role.REGISTRAR),
    ):
        assert code_of(await node.ask(document, {"first": 1, "after": after}, by=by)) == "CURSOR_INVALID"
    assert code_of(await node.ask(due("reviewsDue"), {"first": 0}, by=Role.REGISTRAR)) == "PAGE_SIZE"


# -- review


async def test_entries_for_life_are_reviewed_too(node: Node) -> None:
    """No end for class three, and all the same somebody asks every five years whether it is still needed."""
    profile = await entered(node, complete() | {"tier": "three", "expires_on": None, "review_on": None})
    document = "query ($id: ID!) { profile(id: $id) { expiresOn reviewOn } }"
    assert (await node.data(document, {"id": profile}))["profile"] == {"expiresOn": None, "reviewOn": "2031-11-21"}

    node.clock.wait(5 * YEAR)
    early = await paged(node, due("reviewsDue"), 3, by=Role.SUPERVISOR)
    node.clock.wait(2 * DAY)
    listed = await paged(node, due("reviewsDue"), 3, by=Role.SUPERVISOR)

    assert early == []
    assert profile in [each["profileId"] for each in listed]
    assert {each["dueOn"] for each in listed} == {"2031-11-21"}


# -- rates by office


async def test_each_office_has_its_rate(node: Node) -> None:
    await three_late(node)
    await entered(node, factories.named("Otieno Demo Were", owner_post="DEMO post B"))

    answer = await node.ask(OFFICES, by=Role.SUPERVISOR)

    by_post = {each["post"]: each for each in answer.json()["data"]["offices"]}
    assert by_post["DEMO post A"] == {
        "owner": factories.AGENCY, "post": "DEMO post A", "records": 2, "verificationsOverdue": 2,
        "reviewsOverdue": 0, "overdueRate": 1.0,
    }  # fmt: skip
    assert (by_post["DEMO post B"]["records"], by_post["DEMO post B"]["overdueRate"]) == (2, 0.5)
    assert by_post[None]["records"] == len(node.people)
    entry = await only_entry(node, answer, "allowed", None)
    assert [each["name"] for each in entry["body"]["events"]] == ["duty:offices:counted"]


async def test_what_is_withdrawn_counts_for_no_office(node: Node) -> None:
    first, *_ = await three_late(node)
    await changed(node, first, "RETIRE")

    offices = (await node.data(OFFICES, by=Role.SUPERVISOR))["offices"]

    assert {each["post"]: each["records"] for each in offices} == {None: 6, "DEMO post A": 1, "DEMO post B": 1}
    assert first not in str(await paged(node, due("verificationsOverdue"), 100, by=Role.REGISTRAR))


# -- recalls


async def received(node: Node, profile: str) -> None:
    """Let another agency open a profile."""
    seen = await node.data(
        "query ($id: ID!) { profile(id: $id) { sex } }", {"id": profile},
        token=node.token(agency=factories.ELSEWHERE),
    )  # fmt: skip
    assert seen["profile"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [("SEAL", "withdrawn"), ("RETIRE", "withdrawn"), ("REMOVE", "withdrawn"), ("CONTEST", "corrected")],
)
async def test_whoever_received_a_record_is_owed_a_word_when_it_does_not_hold_any_more(
    node: Node, change: str, kind: str
) -> None:
    profile = await entered(node, complete())
    await received(node, profile)
    node.clock.wait(DAY)
    await opened(node, profile)  # the owner's own reading is no disclosure

    await changed(node, profile, change)

    (owed,) = await paged(node, RECALLS, 10, by=Role.SUPERVISOR)
    told = await paged(node, RECALLS, 10, by=Role.REGISTRAR)
    assert len(told) == (1 if change == "CONTEST" else 0)  # of records at rest their keepers only learn
    assert {name: each for name, each in owed.items() if name != "id"} == {
        "profileId": profile, "agency": factories.ELSEWHERE, "kind": kind,
        "orderNumber": "MISC 7/2026" if change in ("SEAL", "REMOVE") else None,
        "lastDisclosedAt": "2026-11-21T09:00:00Z", "createdAt": "2026-11-22T09:00:00Z",
    }  # fmt: skip
    assert owed["id"].startswith("d")


async def test_a_quashed_conviction_beside_one_that_stands_is_recalled_as_withdrawn(node: Node) -> None:
    value = complete()
    value["convictions"] += [value["convictions"][0] | {"case_number": "SO 99/2016"}]
    profile = await entered(node, value)
    await received(node, profile)

    quashed = value | {"convictions": [value["convictions"][0], value["convictions"][1] | {"appeal": "quashed"}]}
    await amended(node, profile, quashed)

    assert [each["kind"] for each in await paged(node, RECALLS, 10, by=Role.SUPERVISOR)] == ["withdrawn"]


async def test_recalls_are_read_in_pages_oldest_first(node: Node) -> None:
    people = await three_late(node)
    for each in people:
        await received(node, each)
        await changed(node, each, "RETIRE")

    for size in (1, 2, 100):
        assert [each["profileId"] for each in await paged(node, RECALLS, size, by=Role.SUPERVISOR)] == people
    answer = await node.ask(RECALLS, {"first": 2}, by=Role.SUPERVISOR)
    (event,) = (await only_entry(node, answer, "allowed", None))["body"]["events"]
    assert (event["name"], event["records"]) == ("duty:recalls:listed", [uuid_of(each) for each in people[:2]])


async def test_nobody_is_owed_a_word_of_what_nobody_received(node: Node) -> None:
    profile = await entered(node, complete())
    await changed(node, profile, "RETIRE")

    assert await paged(node, RECALLS, 10, by=Role.REGISTRAR) == []


# -- the catalogue


async def test_a_penalty_that_nobody_has_read_says_so(shared: Node) -> None:
    document = """{ offenceCatalogue { version caveat offences { code statute section title status
        penalty { minimum maximum verified source } } } }"""

    answer = await shared.ask(document)

    catalogue = answer.json()["data"]["offenceCatalogue"]
    edition = load("ke")
    assert catalogue["version"] == edition.offence_catalogue_version
    assert "confirm before use" in catalogue["caveat"]
    assert [each["code"] for each in catalogue["offences"]] == list(edition.offences)
    by_code = {each["code"]: each["penalty"] for each in catalogue["offences"]}
    assert by_code["KE-SOA-3"]["verified"] is False
    assert by_code["KE-SOA-4"]["verified"] is True
    assert by_code["KE-SOA-6"]["minimum"] is None
    assert {each["verified"] for each in by_code.values()} == {True, False}
    assert all(each["source"] for each in by_code.values())
    entry = await only_entry(shared, answer, "allowed", None)
    assert [each["name"] for each in entry["body"]["events"]] == ["catalogue:read"]


async def test_an_unverified_penalty_drives_no_rule(node: Node) -> None:
    """Life for the one offence and no known penalty for the other: class, expiry and review are the same."""
    seen = []
    for offence, born in (("KE-SOA-3", "1961"), ("KE-SOA-6", "1972")):
        value = factories.named(f"DEMO {offence}", birth_date=born, convictions=[factories.conviction(offence=offence)])
        document = "query ($id: ID!) { profile(id: $id) { tier expiresOn reviewOn } }"
        seen.append((await node.data(document, {"id": await entered(node, value)}))["profile"])

    assert seen[0] == seen[1]
