"""A photograph over GraphQL from end to end: handed in, named by a proposal, vetted, seen once, each step entered."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Purpose, Role
from registry.photographs import limits
from registry.profiles.parts import Photograph
from tests import factories
from tests.graphql_schema.asking import only_entry
from tests.graphql_schema.profiles.complete import complete, filled, given
from tests.graphql_schema.profiles.steps import (
    PROPOSE,
    REASON,
    UPLOAD,
    VIEW,
    broken,
    changed,
    decided,
    entered,
    handed_in,
    made,
    person,
    proposed,
    sent,
    upload_ticket,
    uploaded,
    uuid_of,
)
from tests.nodes import Node, code_of
from tests.registry.photographs.pictures import encoded, exif, gradient, with_exif

pytestmark = pytest.mark.anyio
SHOWN = "query ($id: ID!) { profile(id: $id) { photographs { id takenOn view } } }"


def pictured(*photographs: str, **changes: Any) -> dict[str, Any]:
    return complete() | {"photographs": [filled(Photograph, id=each) for each in photographs]} | changes


async def viewing(node: Node, profile: str, photograph: str, **options: Any) -> httpx.Response:
    options.setdefault("by", Role.INVESTIGATOR)
    return await sent(node, VIEW, {"profileId": profile, "photographId": photograph}, **options)


async def test_a_photograph_goes_from_hand_to_hand_and_is_seen_once(node: Node) -> None:
    """With the place of the picture in its metadata: what comes out has none."""
    original = with_exif("image/jpeg", encoded(gradient()), exif(6))

    upload = await sent(node, UPLOAD, {"reason": REASON})
    address = made(upload, "ticket")
    put = await handed_in(node, address["path"], original)
    photograph = put.json()["photograph"]
    profile = await entered(node, pictured(photograph))
    seen = (await node.data(SHOWN, {"id": profile}))["profile"]["photographs"]
    view = await viewing(node, profile, photograph)
    once = await node.http.get(made(view, "ticket")["path"])
    again = await node.http.get(made(view, "ticket")["path"])

    assert photograph == address["photograph"]
    assert seen == [{"id": photograph, "takenOn": "2025-03-01", "view": "LEFT"}]
    assert (once.status_code, once.headers["content-type"]) == (200, "image/jpeg")
    assert (once.headers["cache-control"], once.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert once.content != original
    assert not Image.open(BytesIO(once.content)).getexif()
    assert (again.status_code, code_of(again)) == (404, "TICKET_UNKNOWN")
    steps = [
        (upload, "mutation", "photographUpload", "photograph:upload:begun", []),
        (put, "photograph", "upload", "photograph:uploaded", []),
        (view, "mutation", "photographOpen", "photograph:opened", [uuid_of(profile)]),
        (once, "photograph", "delivery", "photograph:delivered", [uuid_of(profile)]),
    ]
    for answer, kind, operation, name, records in steps:
        entry = await only_entry(node, answer, "allowed", None)
        (event,) = entry["body"]["events"]
        assert (entry["kind"], entry["operation"], event["name"], event["records"]) == (kind, operation, name, records)
        assert (entry["case_reference"], entry["agency"]) == ("CR 12/2026", factories.AGENCY)
    assert (await node.entry(once))["purpose"] == "criminal_investigation"
    await only_entry(node, again, "denied", "TICKET_UNKNOWN")
    secrets = [address["path"].rpartition("/")[2], made(view, "ticket")["path"].rpartition("/")[2]]
    assert not [each for each in await node.entries() if any(secret in str(each) for secret in secrets)]


async def test_an_auditor_reads_who_looked_at_the_person(node: Node) -> None:
    photograph = await uploaded(node)
    profile = await entered(node, pictured(photograph))
    view = made(await viewing(node, profile, photograph), "ticket")
    await node.http.get(view["path"])
    document = """query ($id: ID!) { logEntries(filter: {profileId: $id}, first: 2, reason: "Complaint of a subject") {
        edges { node { kind operation officerReference events { name } } } } }"""

    edges = (await node.data(document, {"id": profile}, by=Role.AUDITOR))["logEntries"]["edges"]

    officer = "child-protection/investigator/1"
    assert [each["node"] for each in edges] == [
        {"kind": "photograph", "operation": "delivery", "officerReference": officer,
         "events": [{"name": "photograph:delivered"}]},
        {"kind": "mutation", "operation": "photographOpen", "officerReference": officer,
         "events": [{"name": "photograph:opened"}]},
    ]  # fmt: skip


async def test_an_address_ends_with_its_time(node: Node) -> None:
    photograph = await uploaded(node)
    profile = await entered(node, pictured(photograph))
    view = made(await viewing(node, profile, photograph), "ticket")
    late = await upload_ticket(node)

    node.clock.wait(limits.GET_LIFE.total_seconds())
    shown = await node.http.get(view["path"])
    node.clock.wait(limits.PUT_LIFE.total_seconds())
    put = await handed_in(node, late["path"], encoded(gradient()))

    assert view["expiresAt"] == "2026-11-21T09:01:00Z"
    assert (shown.status_code, put.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"GIF89a nothing of the kind", "image/jpeg", "IMAGE_FORMAT"),
        (encoded(gradient())[:-200], "image/jpeg", "IMAGE_DAMAGED"),
        (encoded(gradient()), "text/html", "CONTENT_TYPE_UNSUPPORTED"),
        (b"\0" * (limits.BYTES + 1), "image/jpeg", "IMAGE_TOO_LARGE"),
    ],
    ids=["no picture", "broken off", "another type", "too large"],
)
async def test_what_is_no_photograph_is_refused_and_may_be_tried_again(
    shared: Node, content: bytes, media_type: str, code: str
) -> None:
    address = await upload_ticket(shared)

    refused = await handed_in(shared, address["path"], content, media_type)
    better = await handed_in(shared, address["path"], encoded(gradient()))

    assert code_of(refused) == code
    assert better.status_code == 201
    await only_entry(shared, refused, "failed", code)


async def test_a_proposal_names_only_what_its_agency_uploaded_for_this_person(node: Node) -> None:
    elsewhere = node.token(Role.REGISTRAR, agency=factories.ELSEWHERE)
    theirs = await uploaded(node, token=elsewhere)
    taken = await uploaded(node)
    await entered(node, pictured(taken))
    nobodys = public_id("photograph", new_id())

    for photograph in (theirs, taken, nobodys, public_id("profile", new_id()), "A" * 23):
        value = person("Khadija Demo Salim", photographs=[filled(Photograph, id=photograph)])
        answer = await sent(node, PROPOSE, {"record": given(value), "reason": REASON})
        assert [code for code, _ in broken(answer)] == ["PHOTOGRAPH_UNKNOWN"], photograph
        assert broken(answer)[0][1] == "record.photographs"


@pytest.mark.parametrize(("name", "by"), [("Return", Role.SUPERVISOR), ("Reject", Role.SUPERVISOR),
                                          ("Withdraw", Role.REGISTRAR)])  # fmt: skip
async def test_what_a_proposal_brought_that_was_not_let_in_belongs_to_nobody_again(
    node: Node, name: str, by: Role
) -> None:
    photograph = await uploaded(node)
    entry = {"record": given(pictured(photograph)), "reason": REASON}
    proposal = made(await sent(node, PROPOSE, entry))
    made(await decided(node, name, proposal, by=by, note="The picture is of somebody else"))

    shown = await viewing(node, proposal["profileId"], photograph, by=Role.SUPERVISOR)
    again = await sent(node, PROPOSE, entry)

    assert [code for code, _ in broken(shown)] == ["NOT_FOUND"]
    assert made(again)["state"] == "PENDING"


async def test_a_photograph_is_shown_while_the_profile_shows_it(node: Node) -> None:
    """Neither before it is vetted, nor after it is taken out, nor by the id of another profile."""
    first, second = await uploaded(node), await uploaded(node)
    profile = await entered(node, pictured(first))
    proposal = made(await proposed(node, profile, "AMEND", value=pictured(second)))
    unvetted = await viewing(node, profile, second)
    await decided(node, "Approve", proposal)

    for of, photograph in ((profile, first), (node.profile_id(), second), (profile, public_id("photograph", new_id()))):
        answer = await viewing(node, of, photograph)
        assert [code for code, _ in broken(answer)] == ["NOT_FOUND"]
        await only_entry(node, answer, "denied", "NOT_FOUND")
    assert [code for code, _ in broken(unvetted)] == ["NOT_FOUND"]
    assert made(await viewing(node, profile, second), "ticket")["photograph"] == second


async def test_a_photograph_is_for_those_who_may_read_how_a_person_looks(node: Node) -> None:
    photograph = await uploaded(node)
    profile = await entered(node, pictured(photograph))

    supervision = await viewing(node, profile, photograph, token=node.token(purpose=Purpose.OFFENDER_SUPERVISION))
    auditor = await viewing(node, profile, photograph, by=Role.AUDITOR)
    upload = await sent(node, UPLOAD, {"reason": REASON}, by=Role.INVESTIGATOR)

    assert [code for code, _ in broken(supervision)] == ["NOT_FOUND"]
    assert code_of(auditor) == code_of(upload) == "FORBIDDEN"
    for answer in (auditor, upload):
        await only_entry(node, answer, "denied", "FORBIDDEN")


@pytest.mark.parametrize("change", ["SEAL", "REMOVE", "RETIRE"])
async def test_an_address_is_not_good_for_a_record_that_was_withdrawn(node: Node, change: str) -> None:
    photograph = await uploaded(node)
    profile = await entered(node, pictured(photograph))
    view = made(await viewing(node, profile, photograph), "ticket")

    await changed(node, profile, change)

    assert (await node.http.get(view["path"])).status_code == 404
    assert [code for code, _ in broken(await viewing(node, profile, photograph))] == ["NOT_FOUND"]


async def test_after_a_merge_the_photograph_is_the_persons_and_after_a_split_its_own_again(node: Node) -> None:
    mine, other = await uploaded(node), await uploaded(node)
    first = await entered(node, pictured(mine))
    second = await entered(node, person("Khadija Demo Salim", photographs=[filled(Photograph, id=other)]))

    await changed(node, first, "MERGE", value=pictured(mine, other), otherProfileId=second)
    merged = [made(await viewing(node, first, each), "ticket")["path"] for each in (mine, other)]
    shown = [(await node.http.get(each)).status_code for each in merged]
    await changed(node, first, "SPLIT", otherProfileId=second, value=pictured(mine))

    assert shown == [200, 200]
    assert made(await viewing(node, second, other), "ticket")
    assert made(await viewing(node, first, mine), "ticket")
    assert [code for code, _ in broken(await viewing(node, first, other))] == ["NOT_FOUND"]


async def test_so_many_photographs_wait_and_no_more(node: Node) -> None:
    for _ in range(limits.WAITING):
        await upload_ticket(node)

    answer = await sent(node, UPLOAD, {"reason": REASON})

    assert broken(answer) == [("UPLOADS_WAITING", None)]
    await only_entry(node, answer, "failed", "UPLOADS_WAITING")


async def test_the_reason_of_an_upload_says_something(shared: Node) -> None:
    assert broken(await sent(shared, UPLOAD, {"reason": " "})) == [("REASON_MALFORMED", "reason")]
