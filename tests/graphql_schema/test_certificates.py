"""Certificates over HTTP: proposed, issued, shown, warned of, revoked; and what each is told."""

from typing import Any

import pytest

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio

CERTIFICATE = """id number state office proposedBy proposedAt months decidedBy decidedAt validUntil endedAt endedWhy
    against holder { names birthDate } reason sameAsShown"""
HOLDER: dict[str, Any] = {
    "names": ["Juma Hamisi Mwakio"], "birthDate": "1971-05-17",
    "identifiers": [{"type": "NATIONAL_ID", "value": "DEMO7777771", "country": "KE"}],
}  # fmt: skip
LOOK = (
    f"""query ($n: String!, $s: CertificatePersonInput) {{ certificate(number: $n, shown: $s) {{ {CERTIFICATE} }} }}"""
)
LIST = f"""query ($s: CertificateState, $a: String) {{ certificates(state: $s, first: 1, after: $a) {{
    edges {{ cursor node {{ {CERTIFICATE} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
SEARCH = """query ($c: SearchCriteriaInput!, $l: LanguageTag) { search(criteria: $c, first: 5, language: $l) { edges {
    node { score band discriminator needs reasons { sentence }
      warning { code certificate validUntil sentence } } } } }"""
ALIKE = {"name": "Juma Hamisi Mwakio", "birthDate": "1971-05-17"}


async def told(node: Node, mutation: str, given: dict[str, Any], role: Role) -> dict[str, Any]:
    document = f"""mutation ($i: {mutation[0].upper()}{mutation[1:]}Input!) {{ done: {mutation}(input: $i) {{
        certificate {{ {CERTIFICATE} }} userErrors {{ code field message remedy }} }} }}"""
    payload: dict[str, Any] = (await node.data(document, {"i": given}, by=role))["done"]
    return payload


async def done(node: Node, mutation: str, given: dict[str, Any], role: Role) -> dict[str, Any]:
    payload = await told(node, mutation, given, role)
    assert payload["userErrors"] == []
    certificate: dict[str, Any] = payload["certificate"]
    return certificate


async def issued(node: Node) -> dict[str, Any]:
    given = {"profileIds": [node.profile_id()], "holder": HOLDER, "reason": "An invented confusion"}
    waiting = await done(node, "certificatePropose", given, Role.INVESTIGATOR)
    decision = {"certificateId": waiting["id"], "decision": "ISSUE"}
    return await done(node, "certificateDecide", decision, Role.SUPERVISOR)


async def test_a_certificate_from_its_proposal_to_its_end(node: Node) -> None:
    made = await issued(node)
    (hit,) = (await node.data(SEARCH, {"c": ALIKE}))["search"]["edges"]
    seen = (await node.data(LOOK, {"n": made["number"], "s": HOLDER}))["certificate"]
    revoke = {"certificateId": made["id"], "why": "ASKED"}
    ended = await done(node, "certificateRevoke", revoke, Role.DESK_OFFICER)
    (after,) = (await node.data(SEARCH, {"c": ALIKE}))["search"]["edges"]

    assert (made["state"], made["validUntil"], made["against"]) == ("ISSUED", "2028-11-21", [node.profile_id()])
    assert made["holder"] == {"names": HOLDER["names"], "birthDate": HOLDER["birthDate"]}
    warning = hit["node"]["warning"]
    assert (warning["code"], warning["certificate"], warning["validUntil"]) == (
        "NOT_THIS_PERSON", made["number"], "2028-11-21",
    )  # fmt: skip
    assert (seen["sameAsShown"], seen["holder"], seen["reason"]) == (True, None, None)
    assert (ended["state"], ended["endedWhy"], ended["holder"], ended["against"]) == ("REVOKED", "ASKED", None, [])
    assert after["node"] == hit["node"] | {"warning": None}
    assert code_of(await node.ask(LOOK, {"n": made["number"]})) == "NOT_FOUND"


async def test_sentences_come_in_the_language_that_was_asked_for(node: Node) -> None:
    await issued(node)
    found = {
        language: (await node.data(SEARCH, {"c": ALIKE, "l": language}))["search"]["edges"][0]["node"]
        for language in ("en", "sw-KE", "de", None)
    }

    assert found[None] == found["en"] == found["de"]
    assert found["sw-KE"]["warning"]["sentence"] != found["en"]["warning"]["sentence"]
    assert all(each["sentence"].startswith(("For: ", "Against: ")) for each in found["en"]["reasons"])
    assert all(each["sentence"].startswith(("Inaunga mkono: ", "Inapinga: ")) for each in found["sw-KE"]["reasons"])


async def test_a_second_discriminator_is_asked_for(shared: Node) -> None:
    with_date, without = [
        (await shared.data(SEARCH, {"c": criteria}))["search"]["edges"][0]["node"]
        for criteria in (ALIKE, {"name": "Juma Hamisi Mwakio", "phone": "0799000001"})
    ]

    assert (with_date["discriminator"], with_date["needs"]) == (True, [])
    assert (without["discriminator"], without["needs"]) == (False, ["birthDate", "identifiers", "email", "handle"])
    assert without["band"] != "STRONG"


async def test_the_keepers_page_through_certificates(node: Node) -> None:
    first, second = await issued(node), await issued(node)

    one = (await node.data(LIST, {}, by=Role.SUPERVISOR))["certificates"]
    two = (await node.data(LIST, {"a": one["pageInfo"]["endCursor"]}, by=Role.SUPERVISOR))["certificates"]
    gone = (await node.data(LIST, {"s": "REVOKED"}, by=Role.SUPERVISOR))["certificates"]

    assert [each["edges"][0]["node"]["id"] for each in (one, two)] == [first["id"], second["id"]]
    assert [each["pageInfo"]["hasNextPage"] for each in (one, two)] == [True, False]
    assert gone["edges"] == []


async def test_what_is_refused_is_told_with_its_remedy(node: Node) -> None:
    made = await issued(node)
    cases = [
        ("certificatePropose", {"profileIds": [node.profile_id()], "holder": HOLDER | {"birthDate": "1971"},
                                "reason": "An invented confusion"}, Role.REGISTRAR, "DATE_MALFORMED"),
        ("certificateDecide", {"certificateId": made["id"], "decision": "REJECT"}, Role.SUPERVISOR,
         "CERTIFICATE_STATE"),
        ("certificateDecide", {"certificateId": made["id"], "decision": "REJECT", "why": "TIME_OVER"}, Role.SUPERVISOR,
         "CODE_UNKNOWN"),
        ("certificateRevoke", {"certificateId": made["id"], "why": "TIME_OVER"}, Role.REGISTRAR, "CODE_UNKNOWN"),
    ]  # fmt: skip

    for mutation, given, role, code in cases:
        payload = await told(node, mutation, given, role)
        assert [each["code"] for each in payload["userErrors"]] == [code]
        assert all(each["remedy"] for each in payload["userErrors"])
        assert payload["certificate"] is None


async def test_the_desk_certifies_whoever_proved_who_they_are(node: Node) -> None:
    opened = """mutation { subjectRequestOpen(input: {kind: CORRECTION, channel: WALK_IN, reference: "DEMO/2/2026",
        applicant: {name: "DEMO Juma Mwakio", contact: "desk-demo@example.org"}}) { request { id } } }"""
    identify = """mutation ($r: ID!) { subjectRequestIdentify(input: {requestId: $r, documents: [
        {kind: NATIONAL_ID, digest: "%s"}, {kind: PASSPORT, digest: "%s"}]}) { request { state } } }"""
    request = (await node.data(opened, by=Role.DESK_OFFICER))["subjectRequestOpen"]["request"]["id"]
    given = {
        "requestId": request,
        "profileIds": [node.profile_id()],
        "holder": HOLDER,
        "reason": "An invented confusion",
    }

    early = await told(node, "subjectRequestCertify", given, Role.DESK_OFFICER)
    await node.data(identify % ("a" * 64, "b" * 64), {"r": request}, by=Role.DESK_OFFICER)
    waiting = await done(node, "subjectRequestCertify", given, Role.DESK_OFFICER)

    assert [each["code"] for each in early["userErrors"]] == ["REQUEST_STATE"]
    assert (waiting["state"], waiting["office"]) == ("PROPOSED", factories.AGENCY)


@pytest.mark.parametrize("mutation", ["certificateDecide", "certificateRevoke"])
async def test_missing_and_of_another_kind_look_the_same(shared: Node, mutation: str) -> None:
    more = {"certificateDecide": {"decision": "ISSUE"}, "certificateRevoke": {"why": "ASKED"}}[mutation]
    document = (
        f"""mutation ($i: {mutation[0].upper()}{mutation[1:]}Input!) {{ {mutation}(input: $i) {{ __typename }} }}"""
    )
    answers = [
        await shared.ask(document, {"i": {"certificateId": identifier} | more}, by=Role.SUPERVISOR)
        for identifier in (public_id("certificate", new_id()), public_id("profile", new_id()))
    ]

    assert [code_of(each) for each in answers] == ["NOT_FOUND", "NOT_FOUND"]
    assert answers[0].json()["errors"][0]["message"] == answers[1].json()["errors"][0]["message"]
