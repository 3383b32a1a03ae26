"""Sessions over HTTP, on both databases: how they begin, what keeps them, how they end."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.requests import Request

from auth import ceremonies, cookies, directory, sessions as session_rules
from auth.actor import STEP_UP
from auth.browsers import Browsers
from auth.cookies import PROOF, SESSION
from auth.directory import Scope
from auth.models import agreements, case_contexts, sessions as table
from auth.sessions import ABSOLUTE, IDLE, KEPT, purge
from auth.tokens import Claims
from graphql_schema.limits import Limits
from graphql_schema.subscriptions import Places
from registry.audit.log import log_unavailable
from registry.core.errors import BudgetSpent
from registry.disclosure.vocabulary import Role
from tests.auth.browser import CASE, INVESTIGATOR, OWN, Browser
from tests.factories import AGENCY
from tests.nodes import URL, Node, code_of, running

pytestmark = pytest.mark.anyio


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    async with running(database_url, tmp_path / "keys") as started:
        yield started


@pytest.fixture
async def browser(node: Node) -> Browser:
    """A browser at which an investigator has signed in."""
    found = Browser(node)
    assert (await found.enrol()).status_code == 200
    assert (await found.sign_in()).json() == {"isSignedIn": True}
    return found


SEX = "query($id: ID!) { profile(id: $id) { sex } }"
ADMINISTRATOR = "signing-in/administrator/1"


async def sex(browser: Browser) -> Any:
    """Ask for one field of one person."""
    return await browser.ask(SEX, id=browser.node.profile_id())


async def administrator(node: Node) -> Browser:
    """A browser at which an administrator has signed in."""

    def enrol(connection: sa.Connection) -> None:
        directory.enrol_officer(
            connection, AGENCY, ADMINISTRATOR, chain="signing-in", roles=[Role.ADMINISTRATOR]
        )  # fmt: skip

    await node.database.write(enrol)
    found = Browser(node)
    await found.enrol(ADMINISTRATOR)
    await found.sign_in()
    return found


async def kept(node: Node) -> list[Any]:
    """Return the rows of sessions, oldest first."""
    return await node.database.read(
        lambda connection: list(connection.execute(sa.select(table).order_by(table.c.id)))
    )  # fmt: skip


# -- from the door to a person


async def test_an_officer_registers_a_passkey_signs_in_opens_a_case_and_reads_a_person(browser: Browser) -> None:
    await browser.open_case()

    answer = await sex(browser)

    assert answer.json()["data"] == {"profile": {"sex": "MALE"}}, answer.text
    entry = await browser.node.entry(answer)
    assert entry["client"] == "browser"
    assert entry["officer_reference"] == INVESTIGATOR
    assert entry["case_reference"] == CASE["case_reference"]
    assert entry["purpose"] == CASE["purpose"]
    assert entry["legal_basis"] == CASE["legal_basis"]
    assert entry["token_id"]


async def test_the_whole_way_stands_in_the_log(browser: Browser) -> None:
    await browser.open_case()
    await browser.delete("/session/case")
    await browser.delete("/session")

    events = [
        entry["body"]["events"][0]["name"] for entry in await browser.node.entries() if entry["kind"] == "session"
    ]

    assert events == [
        "passkey:begun", "passkey:registered", "session:begun", "session:opened", "case:opened", "case:closed",
        "session:ended",
    ]  # fmt: skip


async def test_of_the_cookies_secret_the_register_keeps_a_hash_only(browser: Browser) -> None:
    secret = browser.cookies[SESSION]

    (row,) = await kept(browser.node)

    assert row.digest == cookies.digest(secret)
    assert secret.encode() not in repr(row).encode()
    assert len(secret) == 43
    assert secret not in str(await browser.node.entries())


async def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(node: Node) -> None:
    browser = Browser(node)
    await browser.enrol()

    answer = await browser.sign_in()

    given = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{SESSION}="))
    attributes = {part.strip().lower() for part in given.split(";")[1:]}
    assert attributes == {"path=/", "secure", "httponly", "samesite=strict"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


# -- the case


async def test_without_a_case_no_person_is_shown(browser: Browser) -> None:
    answer = await sex(browser)

    assert code_of(answer) == "CASE_CONTEXT_REQUIRED"
    assert not (answer.json().get("data") or {}).get("profile")


async def test_a_case_that_is_closed_shows_no_person_any_more(browser: Browser) -> None:
    await browser.open_case()
    assert (await browser.delete("/session/case")).json() == {"case": None}

    assert code_of(await sex(browser)) == "CASE_CONTEXT_REQUIRED"


async def test_one_case_is_open_at_a_time_and_all_are_kept(browser: Browser) -> None:
    await browser.open_case()
    await browser.open_case(case_reference="CR 13/2026")

    assert (await browser.get("/session")).json()["case"]["case_reference"] == "CR 13/2026"
    rows = await browser.node.database.read(
        lambda connection: list(connection.execute(sa.select(case_contexts).order_by(case_contexts.c.id)))
    )
    assert [(row.case_reference, row.closed_at is None) for row in rows] == [
        ("CR 12/2026", False), ("CR 13/2026", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": "curiosity"}, "purpose"),
        ({"purpose": None}, "purpose"),
        ({"case_reference": "what I like"}, "case_reference"),
        ({"legal_basis": "none"}, "legal_basis"),
        ({"legal_basis": 7}, "legal_basis"),
        ({"agreement": "KE-1"}, "agreement"),
        ({"agreement": "?"}, "agreement"),
    ],
    ids=["purpose", "no-purpose", "case", "basis", "number", "unknown-agreement", "malformed-agreement"],
)
async def test_a_case_is_checked_by_the_countrys_edition(browser: Browser, change: dict[str, Any], field: str) -> None:
    answer = await browser.open_case(**change)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "CASE_REFUSED"
    assert answer.json()["errors"][0]["extensions"]["field"] == field
    assert (await browser.get("/session")).json()["case"] is None


async def test_a_partners_officer_names_an_agreement_that_is_in_force_and_holds_the_purpose(node: Node) -> None:
    moment = node.clock()

    def enrol(connection: sa.Connection) -> None:
        directory.enrol_agency(connection, "ug-invented", name="An invented agency abroad", country="UG")
        directory.enrol_officer(connection, "ug-invented", "UG/1", chain="desk", roles=[Role.PARTNER_OFFICER])
        connection.execute(sa.insert(agreements).values(
            code="UG-2026-01", agency="ug-invented", tier="full", purposes=["missing_child"],
            legal_bases=[CASE["legal_basis"]], since=moment, until=moment + IDLE, contact="desk@ug.example",
        ))  # fmt: skip

    await node.database.write(enrol)
    browser = Browser(node)
    await browser.enrol("UG/1", "ug-invented")
    await browser.sign_in()

    assert code_of(await browser.open_case(purpose="missing_child")) == "CASE_REFUSED"
    assert code_of(await browser.open_case(agreement="UG-2026-01")) == "CASE_REFUSED"
    other = {"purpose": "missing_child", "legal_basis": "KE-DPA-30-1-B"}
    assert code_of(await browser.open_case(**other, agreement="UG-2026-01")) == "CASE_REFUSED"
    opened = await browser.open_case(purpose="missing_child", agreement="UG-2026-01")
    assert opened.status_code == 200, opened.text
    assert (await browser.get("/session")).json()["case"]["agreement"] == "UG-2026-01"

    await node.database.write(lambda connection: directory.close(
        connection, Scope.AGREEMENT, "UG-2026-01", by="somebody", reason="suspended", at=moment
    ))  # fmt: skip
    assert (await browser.get("/session")).json()["case"] is None
    assert code_of(await sex(browser)) == "CASE_CONTEXT_REQUIRED"


# -- how long


async def test_fifteen_minutes_without_a_question_end_a_session(browser: Browser) -> None:
    browser.node.clock.wait(IDLE.total_seconds())

    assert code_of(await browser.get("/session")) == "SESSION_ENDED"
    assert SESSION not in browser.cookies


async def test_questions_keep_a_session_for_eight_hours_and_no_longer(browser: Browser) -> None:
    await browser.open_case()
    step = 14 * 60
    for _ in range(int(ABSOLUTE.total_seconds()) // step):
        browser.node.clock.wait(step)
        assert (await sex(browser)).status_code == 200

    browser.node.clock.wait(ABSOLUTE.total_seconds() % step)

    assert code_of(await sex(browser)) == "SESSION_ENDED"


async def test_that_a_session_is_in_use_is_written_once_a_minute(browser: Browser) -> None:
    begun = (await kept(browser.node))[0].seen_at
    browser.node.clock.wait(59)
    await sex(browser)
    assert (await kept(browser.node))[0].seen_at == begun

    browser.node.clock.wait(1)
    await sex(browser)

    assert (await kept(browser.node))[0].seen_at == browser.node.clock()


async def test_looking_at_ones_session_keeps_it_no_longer(browser: Browser) -> None:
    browser.node.clock.wait(14 * 60)
    assert (await browser.get("/session")).status_code == 200
    browser.node.clock.wait(60)

    assert (await browser.get("/session")).status_code == 401


async def test_a_session_that_was_over_a_month_ago_is_forgotten(browser: Browser) -> None:
    await browser.open_case()
    at = browser.node.clock()

    assert await browser.node.database.write(lambda connection: purge(connection, at + KEPT)) == 0
    over = at + KEPT + ABSOLUTE + IDLE
    assert await browser.node.database.write(lambda connection: purge(connection, over)) == 1


# -- who ends it


async def test_who_signs_out_is_out_and_the_browser_forgets(browser: Browser) -> None:
    secret = browser.cookies[SESSION]

    answer = await browser.delete("/session")

    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert browser.cookies == {}
    browser.cookies[SESSION] = secret
    assert code_of(await browser.get("/session")) == "SESSION_ENDED"


async def test_an_officer_sees_the_own_sessions_and_ends_one_elsewhere(browser: Browser) -> None:
    elsewhere = Browser(browser.node, browser.passkey)
    await elsewhere.sign_in()
    listed = (await browser.get("/session/list")).json()["sessions"]
    (other,) = [each["id"] for each in listed if not each["isCurrent"]]
    shown = [(await each.get("/session")).json()["session"]["isCurrent"] for each in (browser, elsewhere)]

    await browser.delete(f"/session/list/{other}")

    assert len(listed) == 2
    assert shown == [True, True]
    assert code_of(await elsewhere.get("/session")) == "SESSION_ENDED"
    assert (await browser.get("/session")).status_code == 200


async def test_nobody_sees_or_ends_anothers_session(browser: Browser) -> None:
    colleague = Browser(browser.node)
    await colleague.enrol("records/registrar/1")
    await colleague.sign_in()
    (own,) = (await browser.get("/session/list")).json()["sessions"]

    seen = await colleague.post("/session/list", {"agency": AGENCY, "officer": INVESTIGATOR})
    ended = await colleague.delete(f"/session/list/{own['id']}")

    assert code_of(seen) == "FORBIDDEN"
    assert code_of(ended) == "NOT_FOUND"
    assert (await browser.get("/session")).status_code == 200


async def test_an_administrator_sees_and_ends_any(browser: Browser) -> None:
    desk = await administrator(browser.node)
    found = (await desk.post("/session/list", {"agency": AGENCY, "officer": INVESTIGATOR})).json()["sessions"]

    answer = await desk.delete(f"/session/list/{found[0]['id']}")

    assert answer.status_code == 200
    assert code_of(await browser.get("/session")) == "SESSION_ENDED"
    entry = await browser.node.entry(answer)
    assert entry["body"]["events"][0]["details"]["why"] == "ended_by_administrator"
    unknown = await desk.post("/session/list", {"agency": AGENCY, "officer": "nobody"})
    assert code_of(unknown) == "NOT_FOUND"
    assert code_of(await desk.delete(f"/session/list/{found[0]['id']}")) == "NOT_FOUND", "it is over"


@pytest.mark.parametrize(
    ("scope", "key"),
    [(Scope.OFFICER, f"{AGENCY} {INVESTIGATOR}"), (Scope.AGENCY, AGENCY)],
    ids=["officer", "agency"],
)
async def test_the_kill_switch_ends_what_a_session_may_from_the_next_request_on(
    browser: Browser, scope: Scope, key: str
) -> None:
    await browser.open_case()
    await browser.node.database.write(lambda connection: directory.close(
        connection, scope, key, by="somebody", reason="lost", at=browser.node.clock()
    ))  # fmt: skip

    assert code_of(await sex(browser)) == "SESSION_ENDED"
    assert code_of(await browser.get("/session")) == "SESSION_ENDED"


async def test_who_signs_in_again_at_the_same_browser_has_another_session_and_no_second(browser: Browser) -> None:
    first = browser.cookies[SESSION]

    await browser.sign_in()

    assert browser.cookies[SESSION] != first
    rows = await kept(browser.node)
    assert [row.ended_why for row in rows] == ["signed_in_anew", None]


# -- to prove anew


async def test_to_prove_anew_steps_up_for_five_minutes_with_another_secret(browser: Browser) -> None:
    browser.node.clock.wait(STEP_UP.total_seconds() + 1)
    first = browser.cookies[SESSION]
    assert (await browser.get("/session")).json()["steppedUpUntil"] is None

    assert (await browser.sign_in(anew=True)).status_code == 200

    assert (await browser.get("/session")).json()["steppedUpUntil"] == "2026-11-21T09:10:01Z"
    assert browser.cookies[SESSION] != first
    assert len(await kept(browser.node)) == 1
    browser.cookies[SESSION] = first
    assert (await browser.get("/session")).status_code == 401


async def test_a_session_that_is_proved_anew_ends_when_it_would_have_ended(browser: Browser) -> None:
    (before,) = await kept(browser.node)
    browser.node.clock.wait(600)

    await browser.sign_in(anew=True)

    (after,) = await kept(browser.node)
    assert after.expires_at == before.expires_at
    assert after.authenticated_at == browser.node.clock()


async def test_a_session_that_ended_meanwhile_is_not_proved_anew(browser: Browser) -> None:
    options = (await browser.post("/session/passkey", {"anew": True})).json()
    proof = browser.cookies[PROOF]
    await browser.delete("/session")
    browser.cookies[PROOF] = proof

    answer = await browser.signed(browser.passkey.sign(options, URL))

    assert code_of(answer) == "SIGN_IN_REFUSED"
    assert SESSION not in browser.cookies
    assert [row.ended_why for row in await kept(browser.node)] == ["signed_out"]


async def test_nobody_proves_anew_who_has_not_signed_in(node: Node) -> None:
    answer = await Browser(node).post("/session/passkey", {"anew": True})

    assert code_of(answer) == "SESSION_MISSING"


# -- other sites


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-registry-session": "1"},
        {"origin": URL},
        {"origin": "https://elsewhere.example", "x-registry-session": "1"},
        {"origin": f"{URL}.elsewhere.example", "x-registry-session": "1"},
        {"origin": "null", "x-registry-session": "1"},
        {"origin": URL, "x-registry-session": "0"},
    ],
    ids=["nothing", "no-origin", "no-header", "elsewhere", "alike", "null", "other-value"],
)
@pytest.mark.parametrize("path", ["/session/case", "/session/graphql"])
async def test_a_page_of_another_site_gets_nothing_done(browser: Browser, path: str, headers: dict[str, str]) -> None:
    body = CASE if path == "/session/case" else {"query": "{ __typename }"}

    answer = await browser.send("POST", path, headers, json=body)

    assert answer.status_code == 403, answer.text
    assert code_of(answer) == "CROSS_SITE"
    assert (await browser.node.entry(answer))["code"] == "CROSS_SITE"


async def test_a_form_gets_nothing_done(browser: Browser) -> None:
    answer = await browser.send("POST", "/session/case", data=CASE)

    assert code_of(answer) == "CONTENT_TYPE_UNSUPPORTED"


async def test_nothing_is_read_for_a_page_of_another_site(browser: Browser) -> None:
    assert code_of(await browser.send("GET", "/session", {})) == "CROSS_SITE"
    elsewhere = {"x-registry-session": "1", "origin": "https://elsewhere.example"}
    assert code_of(await browser.send("GET", "/session", elsewhere)) == "CROSS_SITE"


# -- what comes malformed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "BODY_NOT_JSON"),
        (b"[]", "BODY_NOT_JSON"),
        (b"\xff", "BODY_NOT_JSON"),
        (b'{"anew": true, "anew": false}', "BODY_NOT_JSON"),
        (b'{"anew": "yes"}', "SESSION_INPUT_REFUSED"),
        (b'{"officer": "somebody"}', "SESSION_INPUT_REFUSED"),
        (b'{"anew": ' + b" " * 70_000 + b"false}", "BODY_TOO_LARGE"),
    ],
    ids=["empty", "array", "bytes", "twice", "type", "member", "long"],
)
async def test_a_body_is_read_strictly(node: Node, content: bytes, code: str) -> None:
    headers = OWN | {"content-type": "application/json"}

    answer = await Browser(node).send("POST", "/session/passkey", headers, content=content)

    assert code_of(answer) == code
    assert (await node.entry(answer))["code"] == code


@pytest.mark.parametrize("path", ["/session/passkey/signed", "/session/registration/made"])
async def test_what_an_authenticator_answers_is_an_object(node: Node, path: str) -> None:
    answer = await Browser(node).post(path, {"response": 7})

    assert code_of(answer) == "SESSION_INPUT_REFUSED"


@pytest.mark.parametrize("value", ["x", "x" * 43 + "; " + SESSION + "=" + "y" * 43, "x" * 42 + "!"])
async def test_a_cookie_that_is_none_opens_nothing(node: Node, value: str) -> None:
    browser = Browser(node, cookies={SESSION: value})

    assert code_of(await browser.get("/session")) == "SESSION_MISSING"


async def test_a_secret_that_nobody_was_given_opens_nothing(node: Node) -> None:
    browser = Browser(node, cookies={SESSION: cookies.secret()})

    assert code_of(await browser.ask("{ __typename }")) == "SESSION_ENDED"
    assert code_of(await Browser(node).ask("{ __typename }")) == "SESSION_MISSING"


async def test_a_token_opens_no_session_and_a_cookie_no_machines_endpoint(browser: Browser) -> None:
    cookie = {"cookie": f"{SESSION}={browser.cookies[SESSION]}", **OWN}

    answer = await browser.node.http.post("/graphql", json={"query": "{ __typename }"}, headers=cookie)

    assert code_of(answer) == "TOKEN_MISSING"
    assert PROOF not in browser.cookies


async def test_a_browser_has_its_own_streams_whatever_others_have_open(node: Node) -> None:
    browsers = Browsers(URL, "KE", node.clock)
    places = Places(Limits())

    def claims(secret: str) -> Claims:
        headers = [(name.encode(), value.encode()) for name, value in OWN.items()]
        headers.append((b"cookie", f"{SESSION}={secret}".encode()))
        return browsers.caller(Request({"type": "http", "method": "POST", "headers": headers})).claims

    first, second = claims(cookies.secret()), claims(cookies.secret())
    for _ in range(Limits().streams_per_officer):
        places.take(first)

    with pytest.raises(BudgetSpent):
        places.take(first)
    places.take(second)


# -- how much it costs


async def test_a_question_of_a_session_asks_the_database_as_often_as_a_machines(browser: Browser) -> None:
    await browser.open_case()
    await sex(browser)

    with browser.node.statements() as seen:
        await sex(browser)

    with browser.node.statements() as machines:
        await browser.node.ask(SEX, {"id": browser.node.profile_id()})
    assert len(seen) == len(machines)


# -- when something fails


async def test_while_the_log_takes_no_entry_nobody_signs_in(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(node.app.state.node.writer), "is_full", property(lambda _: True))

    answer = await Browser(node).post("/session/passkey")

    assert (answer.status_code, code_of(answer)) == (503, "LOG_UNAVAILABLE")


async def test_a_mistake_of_ours_is_entered_and_tells_nothing(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(ceremonies, "begin", broken)

    answer = await Browser(node).post("/session/passkey")

    assert (answer.status_code, code_of(answer)) == (500, "INTERNAL")
    assert "secret of the house" not in answer.text
    assert (await node.entry(answer))["code"] == "INTERNAL"


async def test_a_refusal_that_the_log_does_not_take_is_told_as_that(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: Any, **__: Any) -> int:
        raise log_unavailable()

    monkeypatch.setattr(type(node.app.state.node.writer), "submit", gone)

    answer = await Browser(node).get("/session")

    assert (answer.status_code, code_of(answer)) == (503, "LOG_UNAVAILABLE")


async def test_that_a_session_is_in_use_may_fail_to_be_written_and_the_answer_stands(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(session_rules, "seen", broken)
    browser.node.clock.wait(120)

    assert (await sex(browser)).status_code == 200


async def test_a_node_without_a_provider_says_so(node: Node) -> None:
    browser = Browser(node)

    assert code_of(await browser.post("/session/identity")) == "IDENTITY_NONE"
    callback = await browser.send("GET", "/session/identity/callback?state=x", headers={})
    assert callback.status_code == 401
    ended = await node.http.post("/session/identity/ended", data={"logout_token": "x"})
    assert code_of(ended) == "SIGN_IN_REFUSED"


async def test_who_comes_back_to_a_node_that_has_no_provider_any_more_is_not_signed_in(node: Node) -> None:
    secret = cookies.secret()
    await node.database.write(
        lambda connection: ceremonies.begin(connection, ceremonies.Kind.IDENTITY, secret, node.clock())
    )

    answer = await Browser(node, cookies={PROOF: secret}).send("GET", "/session/identity/callback?state=x", headers={})

    assert answer.status_code == 401


async def test_the_page_that_signs_people_in_asks_nobody_else(node: Node) -> None:
    page = await node.http.get("/session/enter")
    script = await node.http.get("/session/enter.js")

    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert script.headers["content-type"].startswith("text/javascript")
    assert "http://" not in page.text + script.text
    assert "https://" not in page.text + script.text


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_an_address_answers_its_methods_and_no_other(node: Node, method: str) -> None:
    answer = await Browser(node).send(method, "/session/case")

    assert (answer.status_code, code_of(answer)) == (405, "METHOD_NOT_ALLOWED")
