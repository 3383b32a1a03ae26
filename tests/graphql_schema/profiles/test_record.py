"""A record over GraphQL: every field of it goes in, is vetted, and comes back to those who may read it."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from graphql_schema import schema
from registry.core.ids import new_id, public_id
from registry.disclosure.access import Access
from registry.disclosure.vocabulary import FieldClass, Purpose, Role, Use
from registry.profiles.forms import members
from registry.profiles.markings import as_given
from registry.profiles.parts import VERIFIED
from registry.profiles.record import GROUPS
from registry.profiles.views import CALLED
from registry.work import Work
from tests import factories
from tests.graphql_schema.asking import SEARCH, only_entry
from tests.graphql_schema.profiles.complete import (
    EVERYTHING,
    LAWFUL,
    answered,
    camel,
    complete,
    crowded,
    given,
)
from tests.graphql_schema.profiles.steps import (
    ABOUT,
    AMEND,
    OPEN,
    PROPOSE,
    REASON,
    VIEW,
    broken,
    decided,
    entered,
    made,
    payload,
    sent,
    uploaded,
    uuid_of,
)
from tests.nodes import Node, code_of, shown
from tests.registry.disclosure.cases import KE

pytestmark = pytest.mark.anyio
OPEN_PROPOSAL = f"query ($id: ID!) {{ proposal(id: $id) {{ record {{ {EVERYTHING} }} documents {{ reference }} }} }}"
DIFFERENCES = """query ($id: ID!, $since: DateTime!, $until: DateTime!) {
    profileDifferences(id: $id, since: $since, until: $until) { group } }"""
SCHEMA = schema.build()
SPOKEN_OF = frozenset({"versions", "duplicates", "redactions", "obligations", "standing", "contested", "freshness"})
"""Fields of a profile that are no group of the record."""


def groups_of(seen: dict[str, Any]) -> dict[str, Any]:
    """Return the groups of a record in an answer, but for freshness."""
    names = {camel(CALLED.get(name, name)) for name in GROUPS} - {"freshness"}
    return {name: value for name, value in seen.items() if name in names}


# -- what goes in comes out


@pytest.mark.parametrize(
    ("type_", "part"), [(each.part.__name__, each.part) for each in GROUPS.values() if each.part], ids=str
)
def test_the_schema_has_every_member_of_every_part_and_no_other(type_: str, part: type) -> None:
    output, entry = SCHEMA.type_map[type_], SCHEMA.type_map[f"{type_}Input"]
    assert isinstance(output, GraphQLObjectType)
    assert isinstance(entry, GraphQLInputObjectType)
    kept, given = ({camel(each.name) for each in members(kind)} for kind in (part, as_given(part)))

    assert set(entry.fields) == given
    assert set(output.fields) - {"ageDays", "overdue", "codes"} == kept


def test_the_schema_has_every_group_of_a_record_and_no_other() -> None:
    record, profile = SCHEMA.type_map["RecordInput"], SCHEMA.type_map["Profile"]
    assert isinstance(record, GraphQLInputObjectType)
    assert isinstance(profile, GraphQLObjectType)
    about = {"id", "registerNumber", "version", "recordedAt", "mergedFrom", "tombstone"}

    assert set(record.fields) == {camel(name) for name in GROUPS} - {"owner"}
    assert set(profile.fields) - about - SPOKEN_OF == {
        camel(CALLED.get(name, name)) for name in GROUPS if name != "freshness"
    }


async def test_a_record_with_everything_is_proposed_vetted_and_read_back_whole(node: Node) -> None:
    node.endpoint.service = replace(node.endpoint.service, edition=LAWFUL)
    value = complete(photograph=await uploaded(node), parents=True)
    assert set(given(value)) == set(SCHEMA.type_map["RecordInput"].fields)  # type: ignore[attr-defined]
    document = {"kind": "JUDGMENT", "reference": "DEMO judgment 7"}

    answer = await sent(node, PROPOSE, {"record": given(value), "reason": REASON, "documents": [document]})
    proposal = made(answer)
    seen = (await node.data(OPEN_PROPOSAL, {"id": proposal["id"]}, by=Role.SUPERVISOR))["proposal"]
    approval = await decided(node, "Approve", proposal)
    read = await node.ask(OPEN, {"id": proposal["profileId"]}, by=Role.SUPERVISOR)

    assert groups_of(seen["record"]) == answered(value)
    assert seen["documents"] == [{"reference": "DEMO judgment 7"}]
    assert made(approval)["state"] == "APPROVED"
    profile = read.json()["data"]["profile"]
    assert groups_of(profile) == answered(value)
    assert (profile["standing"], profile["contested"], profile["redactions"]) == ("VETTED", False, [])
    assert (profile["version"], profile["mergedFrom"], profile["tombstone"]) == (1, None, None)
    for step, name in ((answer, "profilePropose"), (approval, "proposalApprove"), (read, "profile")):
        entry = await only_entry(node, step, "allowed", None)
        assert entry["operation"] == name
        assert [each["records"] for each in entry["body"]["events"]] == [[uuid_of(profile["id"])]]


async def test_nothing_in_that_record_is_empty(node: Node) -> None:
    """So the test above compares values, and not null with null."""
    value = answered(complete(photograph="A" * 23, parents=True))

    def leaves(path: str, each: Any) -> dict[str, Any]:
        if isinstance(each, dict):
            return {name: leaf for key, inner in each.items() for name, leaf in leaves(f"{path}.{key}", inner).items()}
        return leaves(path, each[0]) if isinstance(each, list) and each else {path: each}

    assert [path for path, leaf in leaves("", value).items() if leaf in (None, [], "")] == []
    assert node.people


async def test_handling_codes_of_others_are_taken_in_and_told(node: Node) -> None:
    handling = {"releasableTo": ["TZ", "UG"], "onward": "H0", "codes": ["SIENA:H1", "TLP:GREEN"], "excluded": ["UG"]}
    answer = await sent(node, PROPOSE, {"record": given(complete()) | {"handling": handling}, "reason": REASON})
    odd = await sent(node, PROPOSE, {
        "record": given(complete()) | {"handling": {"codes": ["TLP:RED", "TLP:PURPLE"]}}, "reason": REASON,
    })  # fmt: skip

    asked = "query ($id: ID!) { proposal(id: $id) { record { handling { releasableTo onward clearance codes } } } }"
    seen = (await node.data(asked, {"id": made(answer)["id"]}, by=Role.SUPERVISOR))["proposal"]["record"]["handling"]

    assert seen == {
        "releasableTo": ["TZ"], "onward": "H1", "clearance": "restricted",
        "codes": ["SIENA:H3", "INTERPOL:RESTRICTED", "TLP:AMBER"],
    }  # fmt: skip
    assert broken(odd) == [("HANDLING_CODE_UNKNOWN", "record.handling.codes[1]")]


async def test_an_amendment_leaves_what_it_does_not_say_out_of_the_record(node: Node) -> None:
    """A proposal is the whole new state: what is left out is gone, and the differences say so."""
    profile = await entered(node, complete())
    less = {name: each for name, each in complete().items() if name not in ("phones", "custody", "tier")}

    proposal = made(await sent(node, AMEND, {"profileId": profile, "record": given(less), "reason": REASON}))

    gone = {each["group"]: (each["before"], each["after"]) for each in proposal["differences"]}
    assert gone.keys() == {"phones", "custody", "tier"}
    assert gone["tier"] == ("two", "one")
    assert gone["phones"][0].startswith('{"number":"+254733000111"')
    assert gone["phones"][1] is None


# -- freshness


async def test_each_group_says_how_old_it_is_and_whether_it_is_overdue(node: Node) -> None:
    value = complete()
    value["freshness"] = [
        {"group": "names", "verified_on": "2026-11-01", "verified_by": "DEMO office"},
        {"group": "phones", "verified_on": "2025-11-21", "verified_by": "DEMO office", "due_on": "2026-11-20"},
        {"group": "places", "verified_on": "2026-11-21", "verified_by": "DEMO office", "due_on": "2026-11-21"},
    ]
    profile = await entered(node, value)

    seen = (await node.data(OPEN, {"id": profile}, by=Role.INVESTIGATOR))["profile"]["freshness"]

    by_group = {each["group"]: each for each in seen}
    assert (by_group["names"]["ageDays"], by_group["names"]["overdue"]) == (20, False)
    assert (by_group["phones"]["ageDays"], by_group["phones"]["overdue"]) == (365, True)
    assert (by_group["places"]["ageDays"], by_group["places"]["overdue"]) == (0, False)
    assert (by_group["emails"]["verifiedOn"], by_group["emails"]["ageDays"], by_group["emails"]["overdue"]) == (
        None, None, False,
    )  # fmt: skip
    held = [name for name in VERIFIED if name in value]
    assert [each["group"] for each in seen] == [name for name in held if name != "notes"]


# -- who sees what of it


async def everything_for(node: Node, profile: str, role: Role, purpose: Purpose) -> httpx.Response:
    return await node.ask(OPEN, {"id": profile}, token=node.token(role, purpose=purpose))


@pytest.fixture(scope="module")
def profiles() -> dict[Node, str]:
    """The complete person of each shared node, entered once."""
    return {}


async def complete_person(node: Node, profiles: dict[Any, str]) -> str:
    if id(node) not in profiles:
        profiles[id(node)] = await entered(node, complete(photograph=await uploaded(node)))
    return profiles[id(node)]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("purpose", list(Purpose))
async def test_whoever_reads_gets_the_fields_that_a_rule_opens_and_is_told_of_the_others(
    shared: Node, profiles: dict[Any, str], role: Role, purpose: Purpose
) -> None:
    opened = KE.decide(Access(frozenset({role}), purpose, factories.AGENCY, "KE")).may(Use.READ)
    profile = await complete_person(shared, profiles)

    answer = await everything_for(shared, profile, role, purpose)

    if role in (Role.DESK_OFFICER, Role.AUDITOR) or not opened:
        assert code_of(answer) == "FORBIDDEN"
        assert answer.json()["data"] == {"profile": None}
        entry = await only_entry(shared, answer, "denied", "FORBIDDEN")
        assert [each["name"] for each in entry["body"]["events"]] == ["profile:read:refused"]
        assert entry["body"]["events"][0]["records"] == [uuid_of(profile)]
        return
    seen = answer.json()["data"]["profile"]
    withheld = {each["path"] for each in seen["redactions"]}
    for name, group in GROUPS.items():
        shown = camel(CALLED.get(name, name))
        if group.field_class in opened:
            assert seen[shown] or name == "parents", name
            assert shown not in withheld
        else:
            assert seen[shown] is None, name
            assert shown in withheld


@pytest.mark.parametrize(
    "purpose", [Purpose.CRIMINAL_INVESTIGATION, Purpose.MISSING_CHILD, Purpose.OFFENDER_SUPERVISION]
)
async def test_free_notes_and_sources_are_never_for_an_investigator(
    shared: Node, profiles: dict[Any, str], purpose: Purpose
) -> None:
    profile = await complete_person(shared, profiles)

    answer = await everything_for(shared, profile, Role.INVESTIGATOR, purpose)

    seen = answer.json()["data"]["profile"]
    assert (seen["notes"], seen["sources"], seen["recordOwner"]) == (None, None, None)
    assert "Demo note text" not in answer.text
    assert "Demo source reference" not in answer.text
    assert "notes" in {each["path"] for each in seen["redactions"]}


async def test_an_alias_is_left_out_where_aliases_are_withheld(
    shared: Node, profiles: dict[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = await complete_person(shared, profiles)
    asked = Work.access
    shut = frozenset({FieldClass.ALIASES})
    monkeypatch.setattr(Work, "access", lambda work: replace(asked(work) or pytest.fail("no access"), closed=shut))

    seen = (await shared.data(OPEN, {"id": profile}))["profile"]

    assert [each["kind"] for each in seen["names"]] == ["PREVIOUS"]
    assert "names[kind in (ALIAS, NICKNAME)]" in [each["path"] for each in seen["redactions"]]


# -- whom one may not know of


ORDER = {"kind": "registration", "court": "DEMO court", "number": "MISC 7/2026", "made_on": "2026-02-03"}


async def ordered(node: Node, category: str = "ordered") -> str:
    """Enter a person who was never convicted, or was under age at the offence."""
    value = factories.named("Baraka Demo Wekesa", category=category, orders=[ORDER], convictions=None)
    return await entered(node, value)


@pytest.mark.parametrize("category", ["ordered", "juvenile"])
async def test_a_person_ordered_without_conviction_does_not_exist_for_an_investigator(
    node: Node, category: str
) -> None:
    """Absent and hidden are the same answer, byte for byte but for the request's own id."""
    hidden = await ordered(node, category)
    absent = public_id("profile", new_id())
    picture = public_id("photograph", new_id())
    moments = {"since": "2026-01-01T00:00:00Z", "until": "2026-11-21T00:00:00Z"}

    for document, variables in (
        (OPEN, lambda id_: {"id": id_}),
        (DIFFERENCES, lambda id_: {"id": id_} | moments),
        (VIEW, lambda id_: {"input": {"profileId": id_, "photographId": picture}}),
    ):
        answers = [await node.ask(document, variables(each)) for each in (hidden, absent)]

        told = [shown(each) for each in answers]
        assert told[0] == told[1]
        assert "NOT_FOUND" in told[0]
        assert len(answers[0].content) == len(answers[1].content)
        for each in answers:
            await only_entry(node, each, "denied", "NOT_FOUND")
    found = await node.data(SEARCH, {"c": {"name": "Baraka Demo Wekesa"}})
    assert hidden not in str(found)


async def test_a_supervisor_finds_the_person_ordered_without_conviction(node: Node) -> None:
    profile = await ordered(node)

    seen = (await node.data(OPEN, {"id": profile}, by=Role.SUPERVISOR))["profile"]
    found = await node.data(SEARCH, {"c": {"name": "Baraka Demo Wekesa"}}, by=Role.SUPERVISOR)

    assert (seen["category"], seen["convictions"]) == ("ordered", [])
    assert (seen["expiresOn"], seen["reviewOn"]) == ("2031-02-03", "2027-11-21")
    assert profile in str(found)


async def test_a_minor_at_the_offence_needs_the_class_and_the_courts_own_order(node: Node) -> None:
    young = given(complete()) | {"birthDate": "1998"}

    plain = await sent(node, PROPOSE, {"record": young, "reason": REASON})
    order = young["orders"][0] | {"madeOn": "2025-04-01"}
    juvenile = young | {"category": "juvenile", "orders": [order], "expiresOn": "2030-04-01", "reviewOn": None}
    for_longer = await sent(node, PROPOSE, {"record": juvenile | {"expiresOn": "2030-04-02"}, "reason": REASON})
    put_off = await sent(node, PROPOSE, {"record": juvenile | {"reviewOn": "2027-11-22"}, "reason": REASON})
    without = await sent(node, PROPOSE, {"record": juvenile | {"orders": [], "expiresOn": None}, "reason": REASON})
    lawful = await sent(node, PROPOSE, {"record": juvenile, "reason": REASON})

    assert broken(plain) == [("JUVENILE_CLASS", "record.convictions[0]")]
    assert broken(without) == [("ORDER_MISSING", "record.orders")]
    assert broken(for_longer) == [("EXPIRY_TOO_LATE", "record.expiresOn")]
    assert broken(put_off) == [("REVIEW_TOO_LATE", "record.reviewOn")]
    assert payload(lawful)["userErrors"] == []
    await only_entry(node, plain, "failed", "JUVENILE_CLASS")


async def test_parents_names_are_refused_where_no_law_asks_for_them(shared: Node) -> None:
    answer = await sent(shared, PROPOSE, {"record": given(complete(parents=True)), "reason": REASON})

    assert broken(answer) == [("PARENTS_NAMES", "record.parents")]


# -- what it costs


WHOLE = f"query ($id: ID!) {{ profile(id: $id) {{ {ABOUT} {EVERYTHING} versions {{ version reason }} }} }}"
PAGE = f"""query ($c: SearchCriteriaInput!) {{ search(criteria: $c, first: 20) {{ edges {{ node {{
    score band reasons {{ sentence }} profile {{ {ABOUT} {EVERYTHING} }} }} }} }} }}"""
MOST_STATEMENTS = 8


async def test_a_whole_profile_takes_eight_statements_at_most_whatever_it_holds(node: Node) -> None:
    crowd = crowded(50)
    large = await node.database.write(lambda connection: factories.vetted(connection, crowd))

    counts = []
    for profile in (node.profile_id(1), public_id("profile", large)):
        with node.statements() as seen:
            whole = (await node.data(WHOLE, {"id": profile}, by=Role.SUPERVISOR))["profile"]
        counts.append(len(seen))

    assert len(whole["phones"]) == len(whole["convictions"]) == len(whole["notes"]) == 50
    assert counts[0] == counts[1] <= MOST_STATEMENTS


async def test_a_list_of_twenty_takes_no_more_than_a_profile_and_four(node: Node) -> None:
    for place in range(20):
        value = factories.named(f"Achieng Invented {chr(65 + place)}kinyi", birth_date=f"19{60 + place}")
        await node.database.write(lambda connection, value=value: factories.vetted(connection, value))  # type: ignore[misc]

    with node.statements() as one:
        await node.data(WHOLE, {"id": node.profile_id()}, by=Role.SUPERVISOR)
    with node.statements() as listed:
        hits = (await node.data(PAGE, {"c": {"name": "Achieng Invented"}}, by=Role.SUPERVISOR))["search"]["edges"]

    assert len(hits) == 20
    assert len(listed) <= len(one) + 4
