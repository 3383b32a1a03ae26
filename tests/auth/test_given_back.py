"""Tokens given back (RFC 7009), and what is told of them (RFC 7662)."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from auth import directory, revocation
from auth.models import clients, revoked_tokens
from auth.resource import Resource
from auth.scope import Scope
from auth.tokens import Claims
from registry.core.errors import Unauthenticated
from tests import factories
from tests.auth.conftest import TokenEndpoint
from tests.auth.household import AGENCY, AUDIENCE, CLIENT, DETAILS, ISSUER, MOMENT, OFFICER, Desk, desk
from tests.auth.tokens import pair

pytestmark = pytest.mark.anyio

OURS = desk()
OTHER = Desk(pair("ES256", 60), id="ke-invented-other")


@dataclass
class Ends:
    """The two addresses, with a token that was just issued."""

    endpoint: TokenEndpoint
    token: str

    async def send(self, to: str, token: str | None, by: Desk = OURS, **form: str) -> httpx.Response:
        self.endpoint.node.clock.wait(0.001)
        proof = by.assertion(jti=f"proof-{self.endpoint.node.clock.moment.microsecond}")
        parameters = by.form(client_assertion=proof) | ({"token": token} if token is not None else {}) | form
        del parameters["grant_type"]
        return await self.endpoint.post(parameters, proof=None, to=to)

    async def revoke(self, token: str | None = None, **how: Any) -> httpx.Response:
        return await self.send("/oauth/revoke", self.token if token is None else token, **how)

    async def introspect(self, token: str | None = None, by: Desk = OTHER, **how: Any) -> httpx.Response:
        return await self.send("/oauth/introspect", self.token if token is None else token, by, **how)

    def claims(self) -> Claims:
        node = self.endpoint.node
        return Resource.of(node.settings, node.signing, node.clock).claims(self.token)

    async def is_live(self) -> bool:
        """Say whether the token is good for a request at this moment."""
        claims = self.claims()
        try:
            await self.endpoint.node.database.write(lambda db: directory.actor(db, claims, MOMENT))
        except Unauthenticated:
            return False
        return True


@pytest.fixture
async def ends(endpoint: TokenEndpoint) -> Ends:
    await endpoint.node.database.write(
        lambda db: directory.enrol_client(
            db, OTHER.id, AGENCY, jwks={"keys": [dict(OTHER.keys.jwk)]}, scopes=["introspect_tokens"]
        )
    )
    answer = await endpoint.post(desk().form([DETAILS]))
    return Ends(endpoint, answer.json()["access_token"])


# -- given back


async def test_a_token_is_not_good_any_more_from_the_next_request_on(ends: Ends) -> None:
    assert await ends.is_live()

    answer = await ends.revoke()

    assert (answer.status_code, answer.json()) == (200, {})
    assert not await ends.is_live()


async def test_another_token_of_the_client_stays_good(ends: Ends) -> None:
    await ends.revoke()

    answer = await ends.endpoint.post(desk().form([DETAILS], client_assertion=desk().assertion(jti="another-proof")))

    assert answer.status_code == 200
    assert await replace(ends, token=answer.json()["access_token"]).is_live()


@pytest.mark.parametrize("times", [1, 3])
async def test_a_token_may_be_given_back_often_and_is_kept_once(ends: Ends, times: int) -> None:
    answers = [await ends.revoke(token_type_hint="access_token") for _ in range(times)]

    kept = await ends.endpoint.node.database.read(lambda db: db.execute(sa.select(revoked_tokens)).all())
    assert {answer.status_code for answer in answers} == {200}
    assert [(row.token_id, row.client) for row in kept] == [(ends.claims().token_id, CLIENT)]


async def test_a_token_that_is_given_back_leaves_an_entry_with_its_name(ends: Ends) -> None:
    await ends.revoke()

    entry = (await ends.endpoint.entries())[-1]
    assert (entry["kind"], entry["operation"], entry["outcome"]) == ("token", "revoke", "allowed")
    assert (entry["client"], entry["token_id"]) == (CLIENT, ends.claims().token_id)
    assert entry["body"]["events"][0]["name"] == "token:revoked"


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 9000], ids=["nonsense", "three parts", "long"])
async def test_what_is_no_token_of_ours_is_told_like_one_that_is_revoked(ends: Ends, token: str) -> None:
    answer = await ends.revoke(token)

    assert (answer.status_code, answer.json()) == (200, {})


async def test_a_client_gives_back_its_own_tokens_only(ends: Ends) -> None:
    answer = await ends.revoke(by=OTHER)

    assert (answer.status_code, answer.json()["error"], answer.json()["code"]) == (
        400, "invalid_request", "TOKEN_FOREIGN",
    )  # fmt: skip
    assert await ends.is_live()
    assert (await ends.endpoint.entries())[-1]["outcome"] == "denied"


@pytest.mark.parametrize("to", ["/oauth/revoke", "/oauth/introspect"])
async def test_who_asks_proves_who_they_are(ends: Ends, to: str) -> None:
    forged = Desk(pair("ES256", 61), id=OTHER.id)

    answers = [await ends.send(to, ends.token, forged), await ends.send(to, ends.token, OTHER, client_id=CLIENT)]
    without = await ends.endpoint.post({"token": ends.token}, proof=None, to=to)

    assert [answer.json()["error"] for answer in answers] == ["invalid_client", "invalid_client"]
    assert without.json()["error"] == "invalid_request"
    assert await ends.is_live()


@pytest.mark.parametrize("to", ["/oauth/revoke", "/oauth/introspect"])
async def test_a_proof_is_good_once_there_too(ends: Ends, to: str) -> None:
    form = OTHER.form(token=ends.token)
    del form["grant_type"]

    answers = [await ends.endpoint.post(form, proof=None, to=to) for _ in range(2)]

    assert answers[1].json()["code"] == "ASSERTION_REPLAYED"


@pytest.mark.parametrize("to", ["/oauth/revoke", "/oauth/introspect"])
async def test_a_token_has_to_be_named(ends: Ends, to: str) -> None:
    answer = await ends.send(to, None, OTHER)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_what_was_given_back_is_forgotten_when_it_would_have_ended(ends: Ends) -> None:
    await ends.revoke()
    ends_at = ends.claims().expires_at + revocation.KEPT_LONGER
    database = ends.endpoint.node.database

    assert await database.write(lambda db: revocation.purge(db, ends_at)) == 0
    assert await database.write(lambda db: revocation.purge(db, ends_at + timedelta(seconds=1))) == 1


# -- asked after


async def test_of_a_good_token_all_is_told_that_it_says(ends: Ends) -> None:
    said = (await ends.introspect()).json()

    assert said["active"] is True
    assert (said["iss"], said["aud"], said["client_id"], said["token_type"]) == (ISSUER, AUDIENCE, CLIENT, "DPoP")
    assert said["cnf"] == {"jkt": ends.claims().jkt}
    assert said["authorization_details"] == [DETAILS]
    assert said["exp"] - said["iat"] == 300


async def test_of_a_token_that_is_not_good_nothing_is_told(ends: Ends) -> None:
    database = ends.endpoint.node.database
    answers = [await ends.introspect("nonsense")]
    await ends.revoke()
    answers.append(await ends.introspect())
    await database.write(lambda db: db.execute(sa.delete(revoked_tokens)).close())
    await database.write(lambda db: factories.shut(db, Scope.OFFICER, f"{AGENCY} {OFFICER}"))
    answers.append(await ends.introspect())

    assert [answer.json() for answer in answers] == [{"active": False}] * 3
    assert {answer.status_code for answer in answers} == {200}


async def test_a_token_that_has_ended_is_not_good(ends: Ends) -> None:
    ends.endpoint.node.clock.wait(301)
    late = OTHER.assertion(iat=int(MOMENT.timestamp()) + 301, exp=int(MOMENT.timestamp()) + 361)

    answer = await ends.introspect(client_assertion=late)

    assert answer.json() == {"active": False}


async def test_only_whose_task_it_is_may_ask(ends: Ends) -> None:
    answer = await ends.introspect(by=desk())

    assert (answer.status_code, answer.json()["code"]) == (403, "INTROSPECTION_REFUSED")
    assert (await ends.endpoint.entries())[-1]["code"] == "INTROSPECTION_REFUSED"


async def test_a_scope_that_is_taken_away_ends_with_the_next_request(ends: Ends) -> None:
    before = await ends.introspect()
    await ends.endpoint.node.database.write(
        lambda db: db.execute(sa.update(clients).where(clients.c.id == OTHER.id).values(scopes=[])).close()
    )

    after = await ends.introspect()

    assert (before.status_code, after.status_code) == (200, 403)


async def test_each_question_after_a_token_leaves_its_entry(ends: Ends) -> None:
    await asyncio.gather(ends.introspect(), ends.introspect("nonsense"))

    told = [entry["body"]["events"][0] for entry in (await ends.endpoint.entries())[-2:]]
    assert [each["name"] for each in told] == ["token:introspected"] * 2
    assert sorted(each["details"]["active"] for each in told) == [False, True]
