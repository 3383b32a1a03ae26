"""Officers sign in at the national identity provider: against a real one, npm's oidc-provider."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from structlog.testing import capture_logs

from auth import cookies, directory, people
from auth.cookies import PROOF, SESSION
from auth.directory import Scope
from auth.oidc import RelyingParty
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.errors import Unavailable
from registry.core.private import write_private
from tests.auth.browser import INVESTIGATOR, Browser
from tests.auth.identity import CALLBACK_URL, CLIENT, HIGH, LOW, OTHER, arrive, provider, set_ahead
from tests.auth.tokens import compact, pair, signer
from tests.factories import AGENCY
from tests.journeys.served import run
from tests.nodes import Node, code_of, running

pytestmark = pytest.mark.anyio
SUBJECT = "subject-of-an-invented-officer"


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """The provider of this worker."""
    run("deploy/bootstrap.sh", "identity")
    with provider() as started:
        yield started


@pytest.fixture
async def node(database_url: str, tmp_path: Path, issuer: str, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    write_private(tmp_path / "identity.pem", pair("ES256", 90).private_pem)
    changes: dict[str, Any] = {
        "identity_issuer": issuer,
        "identity_client_id": CLIENT,
        "identity_key_file": str(tmp_path / "identity.pem"),
        "identity_acr": HIGH,
    }
    async with running(database_url, tmp_path / "keys", **changes) as started:
        started.clock.moment = now()  # the provider has a clock of its own
        await started.database.write(
            lambda connection: people.identify(connection, AGENCY, INVESTIGATOR, issuer=issuer, subject=SUBJECT)
        )
        yield started


@pytest.fixture
def browser(node: Node) -> Browser:
    return Browser(node)


async def begun(browser: Browser, **asked: Any) -> str:
    """Begin, and return where the browser is sent."""
    answer = await browser.post("/session/identity", asked)
    assert answer.status_code == 200, answer.text
    address: str = answer.json()["location"]
    return address


async def returned(browser: Browser, parameters: dict[str, str]) -> Any:
    """Come back from the provider, as a browser does: from another site, without our header."""
    strict = browser.cookies.pop(SESSION, None)
    answer = await browser.send("GET", "/session/identity/callback", headers={"accept": "text/html"}, params=parameters)
    if strict and SESSION not in browser.cookies:
        browser.cookies[SESSION] = strict
    return answer


async def test_an_officer_whom_the_provider_knows_is_signed_in_and_reads_a_person(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)

    answer = await returned(browser, parameters)

    assert answer.status_code == 200, answer.text
    assert PROOF not in browser.cookies
    await browser.open_case()
    shown = await browser.ask("query($id: ID!) { profile(id: $id) { sex } }", id=browser.node.profile_id())
    assert shown.json()["data"] == {"profile": {"sex": "MALE"}}


async def refusal(browser: Browser, answer: Any) -> str:
    """Require that nobody was let in, told in the usual words, and return the reason that the log has."""
    assert answer.status_code == 401, answer.text
    assert SESSION not in browser.cookies
    assert "You could not be signed in." in answer.text
    entry = await browser.node.entry(answer)
    assert entry["code"] == "SIGN_IN_REFUSED"
    assert entry["outcome"] == "denied"
    reason: str = entry["body"]["events"][0]["details"]["reason"]
    assert reason not in answer.text
    return reason


async def test_what_is_sent_to_the_provider_is_pushed_and_the_browser_carries_a_reference_only(
    browser: Browser,
) -> None:
    address = await begun(browser)

    assert sorted(parse_qs(urlsplit(address).query)) == ["client_id", "request_uri"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "another"}, "state_wrong"),
        ({"state": ""}, "state_wrong"),
        ({"iss": "http://127.0.0.1:1"}, "issuer_wrong"),
        ({"iss": ""}, "issuer_wrong"),
        ({"code": "another"}, "code_refused"),
        ({"error": "access_denied"}, "provider_refused"),
    ],
    ids=["state", "no-state", "issuer", "no-issuer", "code", "error"],
)
async def test_an_answer_that_is_not_the_providers_to_this_browser_lets_nobody_in(
    browser: Browser, change: dict[str, str], reason: str
) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)

    answer = await returned(browser, parameters | change)

    assert await refusal(browser, answer) == reason


async def test_a_code_is_used_once_and_so_is_what_has_begun(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)
    kept = dict(browser.cookies)
    assert (await returned(browser, parameters)).status_code == 200

    browser.cookies = dict(kept)

    assert await refusal(browser, await returned(browser, parameters)) == "not_begun"


async def test_a_code_that_the_provider_has_taken_once_lets_nobody_in(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)
    party = browser.node.app.state.node.identity
    await party.finish(browser.cookies[PROOF], parameters)

    assert await refusal(browser, await returned(browser, parameters)) == "code_refused"


async def test_a_code_that_is_over_lets_nobody_in(browser: Browser, issuer: str) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)
    await set_ahead(issuer, 61)
    try:
        answer = await returned(browser, parameters)
    finally:
        await set_ahead(issuer, 0)

    assert await refusal(browser, answer) == "code_refused"


async def test_what_begins_in_one_browser_ends_in_no_other(browser: Browser, node: Node) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)
    other = Browser(node)
    await begun(other)

    assert await refusal(other, await returned(other, parameters)) == "state_wrong"
    assert await refusal(Browser(node), await returned(Browser(node), parameters)) == "not_begun"


async def test_ten_minutes_are_all_there_is(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)
    browser.node.clock.wait(601)

    assert await refusal(browser, await returned(browser, parameters)) == "not_begun"


async def test_a_subject_whom_nobody_has_enrolled_is_told_what_everybody_is_told(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login="somebody-else")

    assert await refusal(browser, await returned(browser, parameters)) == "officer_unknown"


async def test_the_same_subject_of_another_provider_is_another_person(browser: Browser) -> None:
    await browser.node.database.write(
        lambda connection: people.identify(
            connection, AGENCY, INVESTIGATOR, issuer="https://login.elsewhere.example", subject=SUBJECT
        )
    )
    parameters = await arrive(await begun(browser), login=SUBJECT)

    assert await refusal(browser, await returned(browser, parameters)) == "officer_unknown"


async def test_whoever_proved_themselves_too_weakly_is_not_let_in(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT, acr=LOW)

    assert await refusal(browser, await returned(browser, parameters)) == "acr_too_low"


async def test_whoever_says_no_at_the_provider_is_not_let_in(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login=None)

    assert await refusal(browser, await returned(browser, parameters)) == "provider_refused"


async def test_an_officer_who_is_shut_out_is_not_let_in(browser: Browser) -> None:
    await browser.node.database.write(
        lambda connection: directory.close(
            connection, Scope.OFFICER, f"{AGENCY} {INVESTIGATOR}", by="somebody", reason="lost", at=browser.node.clock()
        )
    )
    parameters = await arrive(await begun(browser), login=SUBJECT)

    assert await refusal(browser, await returned(browser, parameters)) == "officer_unknown"


async def test_to_prove_anew_gives_the_session_another_secret_and_keeps_its_case(browser: Browser) -> None:
    await returned(browser, await arrive(await begun(browser), login=SUBJECT))
    await browser.open_case()
    first = browser.cookies[SESSION]
    before = (await browser.get("/session")).json()

    await returned(browser, await arrive(await begun(browser, anew=True), login=SUBJECT))

    after = (await browser.get("/session")).json()
    assert browser.cookies[SESSION] != first
    assert after["session"]["id"] == before["session"]["id"]
    assert after["case"] == before["case"]
    browser.cookies[SESSION] = first
    assert (await browser.get("/session")).status_code == 401


async def test_who_signs_in_again_at_the_same_browser_leaves_no_second_session(browser: Browser) -> None:
    await returned(browser, await arrive(await begun(browser), login=SUBJECT))
    first = browser.cookies[SESSION]

    await returned(browser, await arrive(await begun(browser), login=SUBJECT))

    assert len((await browser.get("/session/list")).json()["sessions"]) == 1
    browser.cookies[SESSION] = first
    assert code_of(await browser.get("/session")) == "SESSION_ENDED"


async def test_another_officer_cannot_prove_anew_for_this_one(browser: Browser, issuer: str) -> None:
    other = "records/registrar/1"
    await browser.node.database.write(
        lambda connection: people.identify(connection, AGENCY, other, issuer=issuer, subject="subject-of-a-colleague")
    )
    await returned(browser, await arrive(await begun(browser), login=SUBJECT))
    session = browser.cookies.pop(SESSION)
    browser.cookies[SESSION] = session

    address = await begun(browser, anew=True)
    answer = await returned(browser, await arrive(address, login="subject-of-a-colleague"))

    entry = await browser.node.entry(answer)
    assert answer.status_code == 401
    assert entry["body"]["events"][0]["details"]["reason"] == "another_officer"
    assert browser.cookies[SESSION] == session


async def test_a_provider_that_is_not_there_lets_nobody_in_and_the_node_lives(tmp_path: Path) -> None:
    write_private(tmp_path / "identity.pem", pair("ES256", 90).private_pem)
    settings = Settings(
        identity_issuer="http://127.0.0.1:9", identity_client_id=CLIENT, identity_acr=HIGH,
        identity_key_file=str(tmp_path / "identity.pem"),
    )  # fmt: skip
    party = RelyingParty.of(settings, now)
    assert party is not None

    with pytest.raises(Unavailable) as refused:
        await party.begin(cookies.secret())

    assert refused.value.code == "IDENTITY_UNAVAILABLE"


# -- what the provider itself refuses of us, should we ever ask in another way


@pytest.mark.parametrize(
    "change",
    [{"code_challenge": None}, {"code_challenge_method": "plain"}, {"redirect_uri": f"{CALLBACK_URL}/elsewhere"}],
    ids=["no-pkce", "plain-pkce", "another-address"],
)
async def test_the_provider_takes_no_request_without_pkce_or_for_another_address(
    browser: Browser, change: dict[str, str | None]
) -> None:
    party = browser.node.app.state.node.identity
    asked: dict[str, str] = {}
    ask = party.provider.fetch

    async def altered(url: str, form: dict[str, str] | None) -> Any:
        if form is None:
            return await ask(url, None)
        asked.update(form)
        return await ask(url, {name: value for name, value in (form | change).items() if value is not None})

    party.provider.fetch = altered
    answer = await browser.post("/session/identity")
    party.provider.fetch = ask

    assert answer.status_code == 503
    assert code_of(answer) == "IDENTITY_UNAVAILABLE"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == CALLBACK_URL


async def test_the_provider_lets_no_other_client_use_what_we_have_pushed(browser: Browser) -> None:
    address = (await begun(browser)).replace(f"client_id={CLIENT}", f"client_id={OTHER}")

    async with httpx.AsyncClient() as http:
        answer = await http.get(address)

    assert answer.status_code in (302, 303, 400)
    assert "code=" not in answer.headers.get("location", "")
    assert "/interaction/" not in answer.headers.get("location", "")


async def test_the_provider_gives_no_token_to_another_verifier(browser: Browser) -> None:
    parameters = await arrive(await begun(browser), login=SUBJECT)
    party = browser.node.app.state.node.identity
    ask = party.provider.fetch

    async def altered(url: str, form: dict[str, str] | None) -> Any:
        return await ask(url, form if form is None else form | {"code_verifier": "x" * 43})

    party.provider.fetch = altered
    answer = await returned(browser, parameters)
    party.provider.fetch = ask

    assert await refusal(browser, answer) == "code_refused"


# -- the provider says that somebody has signed out


def said_out(browser: Browser, issuer: str, **changed: Any) -> str:
    """Return a logout token as the provider would sign it."""
    key, at = pair("ES256", 92), int(browser.node.clock().timestamp())
    claims = {
        "iss": issuer, "aud": CLIENT, "iat": at, "exp": at + 120, "jti": "0123456789abcdef", "sub": SUBJECT,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    } | changed  # fmt: skip
    return compact({"alg": "ES256", "typ": "logout+jwt", "kid": key.jwk["kid"]}, claims, signer(key.private_pem))


async def told_out(browser: Browser, text: str) -> httpx.Response:
    return await browser.node.http.post("/session/identity/ended", data={"logout_token": text})


async def test_who_signs_out_at_the_provider_is_out_here(browser: Browser, issuer: str) -> None:
    await returned(browser, await arrive(await begun(browser), login=SUBJECT))
    text = said_out(browser, issuer)

    answer = await told_out(browser, text)

    assert answer.status_code == 200
    assert code_of(await browser.get("/session")) == "SESSION_ENDED"
    entry = await browser.node.entry(answer)
    assert entry["body"]["events"][0]["details"] == {"why": "ended_by_provider", "sessions": 1}
    again = await told_out(browser, text)
    assert (again.status_code, code_of(again)) == (400, "ASSERTION_REPLAYED")


async def test_the_provider_ends_the_session_it_names_and_no_other_nor_one_of_a_passkey(
    browser: Browser, node: Node, issuer: str
) -> None:
    await returned(browser, await arrive(await begun(browser), login=SUBJECT))
    with_passkey = Browser(node)
    await with_passkey.enrol()
    await with_passkey.sign_in()

    another = await told_out(browser, said_out(browser, issuer, sid="another-session"))
    assert another.status_code == 200
    assert (await browser.get("/session")).status_code == 200
    await told_out(browser, said_out(browser, issuer, jti="fedcba9876543210"))

    assert (await browser.get("/session")).status_code == 401
    assert (await with_passkey.get("/session")).status_code == 200


@pytest.mark.parametrize("form", [{}, {"logout_token": ""}, {"logout_token": "none"}], ids=["empty", "blank", "text"])
async def test_what_is_no_logout_token_ends_nothing(browser: Browser, form: dict[str, str]) -> None:
    answer = await browser.node.http.post("/session/identity/ended", data=form or {"other": "x"})

    assert answer.status_code == 400
    assert code_of(answer) == "SIGN_IN_REFUSED"


@pytest.mark.parametrize("query", ["state=a&state=b", "state=%ff", "&".join(f"p{n}=1" for n in range(17))])
async def test_an_answer_that_is_malformed_lets_nobody_in(browser: Browser, query: str) -> None:
    await begun(browser)

    answer = await browser.send("GET", f"/session/identity/callback?{query}", headers={})

    assert await refusal(browser, answer) == "answer_malformed"


async def test_use_of_a_passkey_beside_the_provider_is_a_warning(browser: Browser) -> None:
    await browser.enrol()

    with capture_logs() as told:
        await browser.sign_in()

    assert [line["log_level"] for line in told if line["event"] == "passkey_beside_provider"] == ["warning"]
