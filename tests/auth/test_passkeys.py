"""Passkeys over HTTP, on both databases: who may register one, what an authenticator has to say, and what ends them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import Connection

from auth import ceremonies, directory, invitations, passkeys
from auth.actor import STEP_UP
from auth.cookies import PROOF, SESSION
from auth.directory import Scope
from auth.models import ceremonies as begun_table, invitations as invited_table, passkeys as table
from auth.passkeys import MOST, Passkeys, Registered, is_copied
from auth.people import Person
from registry.core.db import Database
from registry.core.ids import new_id
from tests.auth.authenticator import AT, UP, UV, Authenticator, encoded
from tests.auth.browser import INVESTIGATOR, Browser
from tests.factories import AGENCY, MOMENT
from tests.nodes import URL, Node, code_of, running

pytestmark = pytest.mark.anyio


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    async with running(database_url, tmp_path / "keys") as started:
        yield started


@pytest.fixture
def browser(node: Node) -> Browser:
    """A browser, and a passkey that nobody knows yet."""
    return Browser(node)


async def kept(node: Node) -> list[Any]:
    return await node.database.read(lambda connection: list(connection.execute(sa.select(table).order_by(table.c.id))))


async def reason(browser: Browser, answer: Any) -> str:
    """Require the usual refusal, and return the reason that the log has."""
    assert answer.status_code == 401, answer.text
    assert SESSION not in browser.cookies
    told = answer.json()["errors"][0]
    assert told["message"] == "You could not be signed in."
    assert told["extensions"]["code"] == "SIGN_IN_REFUSED"
    entry = await browser.node.entry(answer)
    found: str = entry["body"]["events"][0]["details"]["reason"]
    return found


# -- invitations


async def test_an_invitation_registers_one_passkey_and_no_second(browser: Browser) -> None:
    secret = await browser.invitation()
    assert (await browser.register(invitation=secret)).json()["count"] == 1

    again = await Browser(browser.node).register(invitation=secret)

    assert code_of(again) == "SIGN_IN_REFUSED"
    assert len(await kept(browser.node)) == 1


async def test_of_two_who_begin_with_one_invitation_one_is_told_no(browser: Browser) -> None:
    secret, other = await browser.invitation(), Browser(browser.node)
    options = [(await each.post("/session/registration", {"invitation": secret})).json() for each in (browser, other)]

    answers = [
        await each.post("/session/registration/made", {"response": each.passkey.make(option, URL), "name": "key"})
        for each, option in zip((browser, other), options, strict=True)
    ]

    assert [answer.status_code for answer in answers] == [200, 401]
    assert await reason(other, answers[1]) == "invitation_used"
    assert len(await kept(browser.node)) == 1


async def test_an_invitation_is_good_for_a_quarter_of_an_hour(browser: Browser) -> None:
    secret = await browser.invitation()
    browser.node.clock.wait(invitations.LIFE.total_seconds())

    assert await reason(browser, await browser.register(invitation=secret)) == "invitation_unknown"


async def test_a_new_invitation_takes_the_place_of_the_last(browser: Browser) -> None:
    first = await browser.invitation()
    await browser.invitation()

    assert await reason(browser, await browser.register(invitation=first)) == "invitation_unknown"


async def test_of_an_invitation_the_register_keeps_a_hash_only(browser: Browser) -> None:
    secret = await browser.invitation()

    rows = await browser.node.database.read(lambda connection: list(connection.execute(sa.select(invited_table))))

    assert [row.digest for row in rows] == [invitations.digest_of(secret)]


@pytest.mark.parametrize("value", ["nobody's", 7, None], ids=["unknown", "number", "null"])
async def test_what_is_no_invitation_registers_nothing(browser: Browser, value: object) -> None:
    assert await reason(browser, await browser.register(invitation=value)) == "invitation_unknown"


async def test_an_officer_who_is_shut_out_registers_nothing(browser: Browser) -> None:
    await browser.node.database.write(lambda connection: directory.close(
        connection, Scope.OFFICER, f"{AGENCY} {INVESTIGATOR}", by="somebody", reason="lost", at=browser.node.clock()
    ))  # fmt: skip
    secret = await browser.invitation()

    assert await reason(browser, await browser.register(invitation=secret)) == "officer_unknown"


# -- an authenticator makes a passkey


async def test_user_verification_and_a_key_of_its_own_are_asked_for(browser: Browser) -> None:
    secret = await browser.invitation()

    made = (await browser.post("/session/registration", {"invitation": secret})).json()["publicKey"]
    signed = (await browser.post("/session/passkey")).json()["publicKey"]

    assert made["authenticatorSelection"]["userVerification"] == signed["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["rp"]["id"] == signed["rpId"] == "registry.example"
    assert [each["alg"] for each in made["pubKeyCredParams"]] == [-7, -8]
    assert not signed.get("allowCredentials")


@pytest.mark.parametrize(
    ("flags", "origin", "changes", "algorithm"),
    [
        (UP, URL, {}, -7),
        (UV, URL, {}, -7),
        (UP | UV, "https://elsewhere.example", {}, -7),
        (UP | UV, f"https://sub.{URL.removeprefix('https://')}", {}, -7),
        (UP | UV, URL, {"type": "webauthn.get"}, -7),
        (UP | UV, URL, {"challenge": encoded(b"x" * 43)}, -7),
        (UP | UV, URL, {}, -257),
        (UP | UV, URL, {}, -9999),
    ],
    ids=["not-verified", "not-present", "elsewhere", "below-us", "signed", "challenge", "RS256", "unknown"],
)
async def test_a_passkey_that_was_not_made_as_asked_is_not_kept(
    browser: Browser, flags: int, origin: str, changes: dict[str, Any], algorithm: int
) -> None:
    browser.passkey.flags, browser.passkey.algorithm = flags, algorithm
    options = (await browser.post("/session/registration", {"invitation": await browser.invitation()})).json()

    made = browser.passkey.make(options, origin, **changes)
    answer = await browser.post("/session/registration/made", {"response": made, "name": "key"})

    assert (await reason(browser, answer)).startswith("passkey_")
    assert await kept(browser.node) == []


class OfAnotherAlgorithm(Authenticator):
    """Its key is whole, and of a kind that was not asked for: RS256 (RFC 8230, 4)."""

    def cose(self) -> dict[int, Any]:
        public = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
        return {1: 3, 3: -257, -1: public.n.to_bytes(256), -2: public.e.to_bytes(3)}


def test_a_whole_key_of_another_algorithm_makes_no_passkey() -> None:
    keys, challenge = Passkeys.of(URL), b"an invented challenge of 32 octet"
    options = keys.registration_options(Person(new_id(), AGENCY, INVESTIGATOR, frozenset()), challenge, [])

    assert keys.made(challenge, Authenticator().make(options, URL)).counter == 0
    with pytest.raises(ValueError, match="another algorithm"):
        keys.made(challenge, OfAnotherAlgorithm().make(options, URL))


@pytest.mark.parametrize("response", [{}, {"id": "x"}, {"id": "x", "rawId": "x", "response": 7}], ids=str)
async def test_what_is_no_answer_of_an_authenticator_is_refused(browser: Browser, response: dict[str, Any]) -> None:
    await browser.post("/session/registration", {"invitation": await browser.invitation()})

    answer = await browser.post("/session/registration/made", {"response": response, "name": "key"})

    assert (await reason(browser, answer)).startswith("passkey_")


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb", None, 7], ids=repr)
async def test_a_passkey_has_a_name(browser: Browser, name: object) -> None:
    await browser.post("/session/registration", {"invitation": await browser.invitation()})

    answer = await browser.post("/session/registration/made", {"response": {}, "name": name})

    assert code_of(answer) == "SESSION_INPUT_REFUSED"


async def test_a_challenge_is_answered_once(browser: Browser) -> None:
    secret = await browser.invitation()
    options = (await browser.post("/session/registration", {"invitation": secret})).json()
    browser.passkey.flags = UP
    bad = browser.passkey.make(options, URL)
    await browser.post("/session/registration/made", {"response": bad, "name": "key"})
    browser.passkey.flags = UP | UV
    good = browser.passkey.make(options, URL)

    answer = await browser.post("/session/registration/made", {"response": good, "name": "key"})

    assert await reason(browser, answer) == "not_begun"


# -- a second passkey


async def test_who_has_just_signed_in_registers_a_second_passkey_and_signs_in_with_it(browser: Browser) -> None:
    await browser.enrol()
    await browser.sign_in()
    first, browser.passkey = browser.passkey, Authenticator()

    answer = await browser.register(name="spare key")

    assert answer.json()["count"] == 2
    other = Browser(browser.node, browser.passkey)
    assert (await other.sign_in()).status_code == 200
    assert [each["name"] for each in (await other.get("/session/passkeys")).json()["passkeys"]] == [
        "blue key", "spare key",
    ]  # fmt: skip
    assert first.credential_id != browser.passkey.credential_id


async def test_who_signed_in_a_while_ago_proves_it_anew_before_a_passkey_comes_or_goes(browser: Browser) -> None:
    await browser.enrol()
    await browser.sign_in()
    own = (await browser.get("/session/passkeys")).json()["passkeys"][0]["id"]
    browser.node.clock.wait(STEP_UP.total_seconds() + 1)

    assert code_of(await browser.register()) == "STEP_UP_REQUIRED"
    assert code_of(await browser.delete(f"/session/passkeys/{own}")) == "STEP_UP_REQUIRED"

    await browser.sign_in(anew=True)
    browser.passkey = Authenticator()
    assert (await browser.register()).status_code == 200


async def test_what_a_session_has_begun_ends_with_it(browser: Browser) -> None:
    await browser.enrol()
    await browser.sign_in()
    browser.passkey = Authenticator()
    options = (await browser.post("/session/registration")).json()
    proof = browser.cookies[PROOF]
    await browser.delete("/session")
    browser.cookies[PROOF] = proof

    made = browser.passkey.make(options, URL)
    answer = await browser.post("/session/registration/made", {"response": made, "name": "key"})

    assert answer.status_code == 401
    assert len(await kept(browser.node)) == 1


async def test_the_same_passkey_is_not_registered_twice_nor_more_than_ten(browser: Browser) -> None:
    await browser.enrol()
    await browser.sign_in()
    assert code_of(await browser.register()) == "PASSKEY_KNOWN"

    for _ in range(MOST - 1):
        browser.passkey = Authenticator()
        assert (await browser.register()).status_code == 200
    browser.passkey = Authenticator()

    assert code_of(await browser.register()) == "PASSKEYS_TOO_MANY"


# -- a passkey signs


@pytest.mark.parametrize(
    ("flags", "origin", "changes", "rp"),
    [
        (UP, URL, {}, None),
        (UV, URL, {}, None),
        (UP | UV, "https://elsewhere.example", {}, None),
        (UP | UV, URL, {"type": "webauthn.create"}, None),
        (UP | UV, URL, {"challenge": encoded(b"x" * 43)}, None),
        (UP | UV, URL, {}, "elsewhere.example"),
    ],
    ids=["not-verified", "not-present", "elsewhere", "made", "challenge", "other-party"],
)
async def test_a_signature_that_was_not_asked_for_lets_nobody_in(
    browser: Browser, flags: int, origin: str, changes: dict[str, Any], rp: str | None
) -> None:
    await browser.enrol()
    browser.passkey.flags = flags
    options = (await browser.post("/session/passkey")).json()

    answer = await browser.signed(browser.passkey.sign(options, origin, rp=rp, **changes))

    assert (await reason(browser, answer)).startswith("passkey_")


async def test_an_unknown_a_revoked_and_a_strangers_passkey_are_told_alike(browser: Browser) -> None:
    await browser.enrol()
    stranger = Browser(browser.node)
    stranger.passkey.officer = browser.passkey.officer
    forged = Browser(browser.node, Authenticator(credential_id=browser.passkey.credential_id))
    forged.passkey.officer = browser.passkey.officer
    unknown, wrong = await stranger.sign_in(), await forged.sign_in()
    (row,) = await kept(browser.node)
    await browser.node.database.write(
        lambda connection: passkeys.revoke(connection, row.id, "lost", browser.node.clock())
    )
    revoked = await browser.sign_in()

    assert await reason(stranger, unknown) == await reason(forged, wrong) == "passkey_ValueError"
    assert await reason(browser, revoked) == "passkey_revoked"
    told = {answer.text.replace(answer.headers["x-request-id"], "") for answer in (unknown, wrong, revoked)}
    assert len(told) == 1


async def test_a_passkey_that_says_it_is_another_officers_lets_nobody_in(browser: Browser) -> None:
    await browser.enrol()
    browser.passkey.officer = bytes(16)

    assert await reason(browser, await browser.sign_in()) == "officer_unknown"


async def test_a_counter_that_does_not_go_up_revokes_the_passkey_and_ends_its_sessions(browser: Browser) -> None:
    await browser.enrol()
    await browser.sign_in()
    copy = Browser(browser.node, Authenticator(
        key=browser.passkey.key, credential_id=browser.passkey.credential_id, officer=browser.passkey.officer,
    ))  # fmt: skip

    answer = await copy.sign_in()

    assert await reason(copy, answer) == "passkey_copied"
    (row,) = await kept(browser.node)
    assert row.revoked_why == "copied"
    assert code_of(await browser.get("/session")) == "SESSION_ENDED"
    browser.cookies.clear()
    assert await reason(browser, await browser.sign_in()) == "passkey_revoked"


async def test_an_authenticator_that_does_not_count_signs_in_again_and_again(browser: Browser) -> None:
    browser.passkey.counts = False
    await browser.enrol()

    assert [(await browser.sign_in()).status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize(
    ("before", "now", "copied"),
    [(0, 0, False), (0, 1, False), (1, 2, False), (1, 1, True), (2, 1, True), (1, 0, True)],
)  # fmt: skip
def test_a_counter_goes_up_or_is_none(before: int, now: int, copied: bool) -> None:
    assert is_copied(before, now) is copied


async def test_of_two_signatures_with_one_counter_one_is_taken(browser: Browser) -> None:
    await browser.enrol()
    (row,) = await kept(browser.node)
    found = await browser.node.database.read(lambda connection: passkeys.found(connection, row.credential_id))
    assert found is not None
    at = browser.node.clock()

    taken = [
        await browser.node.database.write(lambda connection: passkeys.used(connection, found, 1, at)) for _ in range(2)
    ]

    assert taken == [True, False]


async def test_a_signature_is_one_passkey_s_and_its_officer_s_others_stay_as_they_are(
    database: Database, officer: UUID
) -> None:
    def run(connection: Connection) -> None:
        for name in ("blue", "spare"):
            passkeys.keep(connection, officer, Registered(name.encode(), b"", 0), name, MOMENT)
        blue, spare = passkeys.known(connection, officer)

        assert passkeys.used(connection, blue, 1, MOMENT)

        assert [each.counter for each in passkeys.known(connection, officer)] == [1, 0]
        assert passkeys.used(connection, spare, 1, MOMENT)

    await database.write(run)


async def test_what_was_signed_once_lets_nobody_in_again(browser: Browser) -> None:
    await browser.enrol()
    options = (await browser.post("/session/passkey")).json()
    signed, proof = browser.passkey.sign(options, URL), browser.cookies[PROOF]
    assert (await browser.signed(signed)).status_code == 200

    thief = Browser(browser.node, cookies={PROOF: proof})

    assert await reason(thief, await thief.signed(signed)) == "not_begun"


async def test_what_was_signed_for_one_browser_lets_nobody_in_at_another(browser: Browser) -> None:
    await browser.enrol()
    options = (await browser.post("/session/passkey")).json()
    other = Browser(browser.node)
    await other.post("/session/passkey")

    assert await reason(other, await other.signed(browser.passkey.sign(options, URL))) == "passkey_ValueError"


# -- revoked


async def test_an_officer_revokes_the_own_passkey_and_its_sessions_end(browser: Browser) -> None:
    await browser.enrol()
    await browser.sign_in()
    spare, browser.passkey = browser.passkey, Authenticator()
    await browser.register(name="spare key")
    other = Browser(browser.node, browser.passkey)
    await other.sign_in()
    lost = (await other.get("/session/passkeys")).json()["passkeys"][0]["id"]

    assert (await other.delete(f"/session/passkeys/{lost}")).json() == {"revoked": lost}

    assert code_of(await browser.get("/session")) == "SESSION_ENDED"
    assert (await other.get("/session")).status_code == 200
    again = Browser(browser.node, spare)
    assert await reason(again, await again.sign_in()) == "passkey_revoked"
    assert code_of(await other.delete(f"/session/passkeys/{lost}")) == "NOT_FOUND"


async def test_nobody_revokes_anothers_passkey(browser: Browser) -> None:
    await browser.enrol()
    await browser.sign_in()
    colleague = Browser(browser.node)
    await colleague.enrol("records/registrar/1")
    await colleague.sign_in()
    theirs = (await browser.get("/session/passkeys")).json()["passkeys"][0]["id"]

    assert code_of(await colleague.delete(f"/session/passkeys/{theirs}")) == "NOT_FOUND"
    assert code_of(await colleague.delete("/session/passkeys/none")) == "ID_MALFORMED"


# -- what is left behind


async def test_what_nobody_ended_is_forgotten_and_what_is_used_is_not_left(browser: Browser) -> None:
    await browser.enrol()
    await browser.post("/session/passkey")
    await browser.invitation()
    over = browser.node.clock() + invitations.LIFE * 2

    forgotten = await browser.node.database.write(lambda connection: ceremonies.purge(connection, over))

    left = await browser.node.database.read(
        lambda connection: [connection.execute(sa.select(sa.func.count()).select_from(each)).scalar()
                            for each in (begun_table, invited_table)]
    )  # fmt: skip
    assert forgotten == 3
    assert left == [0, 0]


def test_the_flags_of_an_authenticator_are_those_of_the_specification() -> None:
    assert (UP, UV, AT) == (1, 4, 64)
