"""Attempts that end without a token: what is told, what is entered, and that nothing is told unentered."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection
from starlette.requests import ClientDisconnect
from structlog.testing import capture_logs

from auth import directory, grants, jose, routes
from auth.directory import Scope
from registry.audit.log import Writer
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.errors import Unavailable
from tests import factories
from tests.auth.conftest import TokenEndpoint
from tests.auth.household import AGENCY, CLIENT, DETAILS, ISSUER, MOMENT, InventedNode, desk
from tests.auth.tokens import ALGORITHMS, compact, pair, signer

pytestmark = pytest.mark.anyio

FORM = "application/x-www-form-urlencoded"


def forged(algorithm: str = "ES256", **claims: object) -> str:
    """Return a proof of the client's that somebody else signed."""
    client = desk(algorithm)
    return compact(client.header(), client.claims(**claims), signer(pair(algorithm, 1).private_pem))


@pytest.mark.parametrize(
    ("changed", "error", "code", "outcome"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type", "GRANT_TYPE_UNSUPPORTED", "failed"),
        ({"grant_type": ""}, "invalid_request", "PARAMETER_REFUSED", "failed"),
        ({"client_assertion": ""}, "invalid_request", "PARAMETER_REFUSED", "failed"),
        ({"client_assertion": "x"}, "invalid_client", "ASSERTION_REFUSED", "denied"),
        ({"client_assertion": forged()}, "invalid_client", "CLIENT_REFUSED", "denied"),
        ({"client_assertion": desk().assertion(exp=None)}, "invalid_client", "ASSERTION_REFUSED", "denied"),
        ({"client_assertion": desk().assertion(aud=[ISSUER])}, "invalid_client", "ASSERTION_REFUSED", "denied"),
        ({"client_id": "another-desk"}, "invalid_client", "ASSERTION_REFUSED", "denied"),
        ({"scope": "all"}, "invalid_scope", "SCOPE_UNKNOWN", "failed"),
        ({"resource": "https://other.example"}, "invalid_target", "RESOURCE_UNKNOWN", "failed"),
        ({"authorization_details": "{"}, "invalid_authorization_details", "DETAILS_REFUSED", "failed"),
        ({"authorization_details": json.dumps([DETAILS | {"purpose": "curiosity"}])}, "invalid_authorization_details",
         "DETAILS_REFUSED", "failed"),
        ({"authorization_details": json.dumps([DETAILS | {"officer": "INV/0"}])}, "invalid_authorization_details",
         "OFFICER_REFUSED", "denied"),
    ],
)  # fmt: skip
async def test_a_refusal_is_told_with_a_stable_code_and_entered(
    endpoint: TokenEndpoint, changed: dict[str, str], error: str, code: str, outcome: str
) -> None:
    answer = await endpoint.post(desk().form(**changed))

    entry = await endpoint.entry()
    assert answer.status_code == 400
    assert (answer.json()["error"], answer.json()["code"]) == (error, code)
    assert set(answer.json()) == {"error", "error_description", "code"}
    assert (entry["kind"], entry["outcome"], entry["code"]) == ("token", outcome, code)
    assert entry["token_id"] is None


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"{}", "headers": {"Content-Type": "application/json"}}, 400),
        ({"content": b"grant_type=client_credentials"}, 400),
        ({"content": b"grant_type=client_credentials", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"content": b"grant_type=a&grant_type=b", "headers": {"Content-Type": FORM}}, 400),
        ({"content": b"", "headers": {"Content-Type": FORM}}, 400),
        ({"content": b"\xff\xfe", "headers": {"Content-Type": FORM}}, 400),
        ({"content": b"a=" + b"x" * 16_384, "headers": {"Content-Type": FORM}}, 413),
        ({"content": b"grant_type=client_credentials", "headers": {"Content-Type": FORM, "Authorization": "B e"}}, 400),
    ],
    ids=["json", "no type", "multipart", "repeated", "empty", "not text", "long", "two proofs"],
)  # fmt: skip
async def test_a_malformed_request_is_refused_and_entered(
    endpoint: TokenEndpoint, request_: dict[str, Any], status: int
) -> None:
    answer = await endpoint.post(**request_)

    entry = await endpoint.entry()
    assert answer.status_code == status
    assert answer.json()["error"] == "invalid_request"
    assert entry["outcome"] == "failed"
    assert entry["operation"] in ("unknown", "client_credentials")


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Authorization": "Basic eDp5"}], ids=str)
async def test_a_good_form_with_another_type_or_a_second_proof_is_refused(
    endpoint: TokenEndpoint, headers: dict[str, str]
) -> None:
    answer = await endpoint.post(desk().form(), headers=headers)

    assert answer.json()["error"] == "invalid_request"


async def test_a_body_of_16_kibibytes_is_read(endpoint: TokenEndpoint) -> None:
    content = b"grant_type=password&a=".ljust(16_384, b"x")

    answer = await endpoint.post(content=content, headers={"Content-Type": FORM})

    assert answer.json()["error"] == "unsupported_grant_type"


async def test_the_content_type_may_name_a_character_set(endpoint: TokenEndpoint) -> None:
    answer = await endpoint.post(desk().form(), headers={"Content-Type": f"{FORM}; charset=UTF-8"})

    assert answer.status_code == 200


async def test_a_body_is_not_read_beyond_the_limit(endpoint: TokenEndpoint) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield b"x" * 8192

    answer = await endpoint.post(content=endless(), headers={"Content-Type": FORM})

    assert answer.status_code == 413
    assert sent < 5


async def test_a_body_that_breaks_off_is_entered(endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_request: object) -> AsyncIterator[bytes]:
        yield b"grant_type"
        raise ClientDisconnect

    monkeypatch.setattr("starlette.requests.Request.stream", broken)

    answer = await endpoint.post(desk().form())

    assert answer.json()["code"] == "FORM_MALFORMED"
    assert (await endpoint.entry())["code"] == "FORM_MALFORMED"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_unknown_suspended_and_badly_signed_are_told_alike(
    endpoint: TokenEndpoint, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk(algorithm)
    checks: list[str] = []
    is_signed = jose.is_signed

    def counted(found: jose.Compact, key: Mapping[str, Any] | None) -> bool:
        checks.append(found.text)
        return is_signed(found, key)

    monkeypatch.setattr(jose, "is_signed", counted)
    unknown = client.assertion(iss="nobody", sub="nobody")
    unknown_key = client.assertion({"kid": "unknown"})

    answers = [
        await endpoint.post(client.form(client_assertion=proof)) for proof in (unknown, unknown_key, forged(algorithm))
    ]
    await endpoint.node.database.write(lambda connection: factories.shut(connection, Scope.CLIENT, CLIENT, at=MOMENT))
    answers.append(await endpoint.post(client.form(client_assertion=client.assertion())))

    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {400}
    own = ("x-request-id", "log-receipt")  # of the attempt; their lengths tell nothing either
    headers = [{name: value for name, value in answer.headers.items() if name not in own} for answer in answers]
    assert all(each == headers[0] for each in headers)
    assert len({len(answer.headers["log-receipt"]) for answer in answers}) == 1
    assert len(checks) == 4
    reasons = [entry["body"]["events"][0]["details"]["reason"] for entry in await endpoint.entries()]
    assert reasons == ["client_unknown", "key_unknown", "signature_bad", "closed"]


@pytest.mark.parametrize("subject", [Scope.AGENCY, Scope.CLIENT, Scope.OFFICER])
async def test_suspension_ends_tokens_at_once(endpoint: TokenEndpoint, officer: UUID, subject: Scope) -> None:
    before = await endpoint.post(desk().form([DETAILS]))

    key: dict[str, str | UUID] = {"agency": AGENCY, "client": CLIENT, "officer": officer}
    await endpoint.node.database.write(
        lambda connection: factories.shut(connection, subject, key[subject.value], at=MOMENT)
    )
    after = await endpoint.post(desk().form([DETAILS], client_assertion=desk().assertion(jti="another-proof")))

    assert (before.status_code, after.status_code) == (200, 400)
    assert (await endpoint.entries())[-1]["outcome"] == "denied"


async def test_a_proof_is_good_once(endpoint: TokenEndpoint) -> None:
    form = desk().form()

    first, second = await endpoint.post(form), await endpoint.post(form)

    assert (first.status_code, second.status_code) == (200, 400)
    assert second.json()["code"] == "ASSERTION_REPLAYED"
    assert [entry["outcome"] for entry in await endpoint.entries()] == ["allowed", "denied"]


async def test_a_proof_is_good_once_for_all_workers(endpoint: TokenEndpoint, database_url: str) -> None:
    other = open_database(Settings(database_url=database_url))
    form = desk().form()
    first = await endpoint.post(form)

    endpoint.node.database, ours = other, endpoint.node.database
    second = await endpoint.post(form)
    endpoint.node.database = ours
    await other.close()

    assert (first.status_code, second.json()["code"]) == (200, "ASSERTION_REPLAYED")


async def test_of_many_that_send_one_proof_at_once_one_gets_a_token(endpoint: TokenEndpoint) -> None:
    form = desk().form()

    answers = await asyncio.gather(*(endpoint.post(form) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 5
    assert len(await endpoint.entries()) == 6


async def test_a_proof_is_used_up_by_a_request_that_is_refused_for_its_details(endpoint: TokenEndpoint) -> None:
    form = desk().form([DETAILS | {"purpose": "curiosity"}])

    await endpoint.post(form)
    again = await endpoint.post(form | {"authorization_details": json.dumps([DETAILS])})

    assert again.json()["code"] == "ASSERTION_REPLAYED"


async def test_a_forged_proof_leaves_nothing_to_remember(endpoint: TokenEndpoint) -> None:
    await endpoint.post(desk().form(client_assertion=forged()))

    genuine = await endpoint.post(desk().form())

    assert genuine.status_code == 200


async def test_an_expired_proof_is_refused_by_our_clock(endpoint: TokenEndpoint) -> None:
    endpoint.node.clock.wait(60)

    answer = await endpoint.post(desk().form())

    assert answer.json()["error_description"].startswith("exp: has passed.")


@pytest.mark.parametrize("claimed", ["a\x00b", "x" * 101, "naïve", "\x1b[31m", "'; DROP TABLE clients"])
async def test_the_log_holds_a_claimed_client_only_if_it_could_be_one(endpoint: TokenEndpoint, claimed: str) -> None:
    await endpoint.post(desk().form(client_assertion=desk().assertion(iss=claimed, sub=claimed)))

    assert (await endpoint.entry())["client"] is None


async def test_a_description_holds_no_character_of_the_callers_that_could_do_harm(endpoint: TokenEndpoint) -> None:
    hostile = {'"\\\r\n\x1b[31m<script>é': 1}

    answer = await endpoint.post(desk().form([DETAILS | hostile]))

    description = answer.json()["error_description"]
    assert answer.json()["code"] == "DETAILS_REFUSED"
    assert all(" " <= character <= "~" and character not in '"\\' for character in description)


async def test_without_the_log_there_is_no_token(endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_connection: Connection, _entries: object) -> int:
        raise Unavailable("The log can't take an entry now.")

    form = desk().form()
    with monkeypatch.context() as patch:
        patch.setattr(grants, "append", refuse)
        answer = await endpoint.post(form)
    again = await endpoint.post(form)

    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable", "code": "UNAVAILABLE"})
    assert again.status_code == 200, "the proof was not used"


@pytest.mark.parametrize("changed", [{}, {"grant_type": "password"}, {"client_assertion": "x"}], ids=str)
async def test_without_the_log_nothing_is_told_at_all(
    endpoint: TokenEndpoint, changed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_writer: Writer, _entry: object) -> int:
        raise Unavailable("The log can't take an entry now.")

    def fail(_connection: Connection, _entries: object) -> int:
        raise RuntimeError("no space left")

    monkeypatch.setattr(Writer, "submit", refuse)
    monkeypatch.setattr(grants, "append", fail)

    answer = await endpoint.post(desk().form(**changed))

    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable", "code": "UNAVAILABLE"})
    assert await endpoint.entries() == []


async def test_when_the_log_is_full_nothing_is_begun(endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Writer, "is_full", True)

    answer = await endpoint.post(desk().form())

    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable", "code": "UNAVAILABLE"})
    assert await endpoint.entries() == []


async def test_when_the_register_does_not_answer_it_is_entered_and_told(
    endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_connection: Connection, _id: str) -> None:
        raise Unavailable("The register does not answer now.")

    monkeypatch.setattr(directory, "client", silent)

    answer = await endpoint.post(desk().form())

    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable", "code": "UNAVAILABLE"})
    assert (await endpoint.entry())["code"] == "UNAVAILABLE"


async def test_an_error_of_ours_is_entered_and_its_message_stays_here(
    endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_connection: Connection, _id: str) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(directory, "client", broken)

    with capture_logs() as lines:
        answer = await endpoint.post(desk().form())

    assert [line["event"] for line in lines] == ["token_failed"]
    assert "secret of ours" not in str(lines)
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert "secret" not in answer.text
    assert ((await endpoint.entry())["outcome"], (await endpoint.entry())["code"]) == ("failed", "INTERNAL")


async def test_a_code_that_is_not_listed_is_an_error_of_ours(
    endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(routes.ERRORS, "SCOPE_UNKNOWN")

    answer = await endpoint.post(desk().form(scope="all"))

    assert answer.json()["code"] == "INTERNAL"


async def test_only_post_asks_for_a_token(endpoint: TokenEndpoint, node: InventedNode) -> None:
    answer = await endpoint.http.get("/oauth/token")

    assert endpoint.node is node
    assert answer.status_code == 405
