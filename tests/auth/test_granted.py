"""Tokens for officers: stated by the client or signed by their authority, and under an agreement for those abroad."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import changes, directory, jose, validity
from auth.changes import Agreed
from auth.keys import make_grant
from auth.models import clients
from auth.scope import Scope
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.auth.conftest import TokenEndpoint
from tests.auth.household import AGENCY, DETAILS, ISSUER, MOMENT, OFFICER, Desk, desk
from tests.auth.test_routes import part
from tests.auth.tokens import compact, pair, signer

pytestmark = pytest.mark.anyio

AUTHORITY = pair("ES256", 70)
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PARTNER = Desk(pair("ES256", 71), id="nl-invented-desk")
ABROAD = {
    "type": DETAILS["type"], "purpose": "missing_child", "case_reference": "2026-118842", "legal_basis": "nl:Wpg:8",
    "officer": "NL/4471", "agreement": "NL-2026-01",
}  # fmt: skip
AGREED = Agreed(
    code="NL-2026-01", agency="nl-invented", tier="full", purposes=("missing_child",), legal_bases=("nl:Wpg:8",),
    since=MOMENT, until=MOMENT + timedelta(days=365), distinct_subjects=50, hosts=(), contact="contact@partner.example",
)  # fmt: skip


@pytest.fixture(autouse=True)
async def _partner(endpoint: TokenEndpoint) -> None:
    """An agency abroad with its agreement, and an authority that signs for our own agency's officers."""

    def enrol(connection: Connection) -> None:
        changes.put_grant_keys(connection, AGENCY, {"keys": [dict(AUTHORITY.jwk)]})
        directory.enrol_agency(connection, "nl-invented", name="An invented agency abroad", country="NL")
        directory.enrol_client(connection, PARTNER.id, "nl-invented", jwks={"keys": [dict(PARTNER.keys.jwk)]})
        directory.enrol_officer(connection, "nl-invented", "NL/4471", chain="north", roles=[Role.PARTNER_OFFICER])
        changes.agree(connection, AGREED)

    await endpoint.node.database.write(enrol)


def granted(details: dict[str, str] = DETAILS, agency: str = AGENCY) -> str:
    return make_grant(agency, ISSUER, AUTHORITY.private_pem, MOMENT, acr="urn:example:loa:high", details=details)


async def with_grant(endpoint: TokenEndpoint, grant: str) -> httpx.Response:
    return await endpoint.post(desk().form(grant_type=JWT_BEARER, assertion=grant))


# -- an officer whose authority has signed


async def test_what_the_authority_signed_is_kept_with_the_entry_and_can_be_checked_again(
    endpoint: TokenEndpoint, officer: UUID
) -> None:
    grant = granted()

    answer = await with_grant(endpoint, grant)

    entry = (await endpoint.entries())[-1]
    kept = entry["body"]["events"][0]["details"]
    assert answer.status_code == 200, answer.text
    assert (entry["operation"], entry["officer"], entry["officer_reference"]) == (JWT_BEARER, officer, OFFICER)
    assert (kept["attribution"], kept["grant"], kept["acr"]) == ("granted", grant, "urn:example:loa:high")
    assert jose.is_signed(jose.Profile(frozenset({"authorization-grant+jwt"}), frozenset({"ES256"}), "X").parse(grant),
                          kept["grant_key"])  # fmt: skip


async def test_a_granted_token_says_when_the_officer_signed_in(endpoint: TokenEndpoint) -> None:
    token = (await with_grant(endpoint, granted())).json()["access_token"]

    assert part(token, 1)["attribution"] == "granted"
    assert part(token, 1)["auth_time"] == int(MOMENT.timestamp())
    assert part(token, 1)["sub"] == f"{AGENCY} {OFFICER}"


async def test_a_stated_token_leaves_no_evidence_but_the_client_s_word(endpoint: TokenEndpoint) -> None:
    await endpoint.post(desk().form([DETAILS]))

    kept = (await endpoint.entries())[-1]["body"]["events"][0]["details"]
    assert kept["attribution"] == "stated"
    assert "grant" not in kept


async def test_a_token_without_officer_is_the_agency_s(endpoint: TokenEndpoint) -> None:
    await endpoint.post(desk().form())

    assert (await endpoint.entries())[-1]["body"]["events"][0]["details"]["attribution"] == "agency"


async def test_an_agency_without_grant_keys_signs_for_nobody(endpoint: TokenEndpoint) -> None:
    answer = await endpoint.post(
        PARTNER.form(grant_type=JWT_BEARER, assertion=granted(ABROAD, "nl-invented")), proof=PARTNER.proof()
    )

    assert answer.json()["error"] == "invalid_grant"


async def test_a_grant_that_another_signed_in_the_authority_s_name_is_none(endpoint: TokenEndpoint) -> None:
    header, claims = part(granted(), 0), part(granted(), 1)

    answer = await with_grant(endpoint, compact(header, claims, signer(pair("ES256", 72).private_pem)))

    assert answer.json()["error"] == "invalid_grant"


async def test_the_client_may_repeat_what_the_authority_signed_and_not_change_it(endpoint: TokenEndpoint) -> None:
    forms = [
        desk().form([DETAILS | more], grant_type=JWT_BEARER, assertion=granted(),
                    client_assertion=desk().assertion(jti=f"assertion-{number}"))
        for number, more in enumerate(({}, {"case_reference": "OB 99/3/2026"}))
    ]  # fmt: skip

    repeated, changed = [await endpoint.post(form) for form in forms]

    assert repeated.status_code == 200, repeated.text
    assert changed.json()["error"] == "invalid_authorization_details"


async def test_a_grant_is_missing_where_one_is_said_to_come(endpoint: TokenEndpoint) -> None:
    answer = await endpoint.post(desk().form(grant_type=JWT_BEARER))

    assert (answer.json()["error"], answer.json()["code"]) == ("invalid_request", "PARAMETER_REFUSED")


async def test_an_officer_who_is_shut_out_gets_nothing_by_a_grant(endpoint: TokenEndpoint, officer: UUID) -> None:
    await endpoint.node.database.write(lambda db: factories.shut(db, Scope.OFFICER, officer))

    answer = await with_grant(endpoint, granted())

    assert answer.json()["code"] == "OFFICER_REFUSED"


async def test_a_refused_grant_is_used_up_by_the_attempt(endpoint: TokenEndpoint) -> None:
    grant = granted(DETAILS | {"officer": "INV/0"})
    await with_grant(endpoint, grant)

    again = await endpoint.post(
        desk().form(grant_type=JWT_BEARER, assertion=grant, client_assertion=desk().assertion(jti="another-proof"))
    )

    assert again.json()["code"] == "GRANT_REPLAYED"


@pytest.mark.parametrize(
    ("since", "until", "is_good"),
    [(-1, 1, True), (0, 1, True), (1, 2, False), (-2, -1, False), (-2, 0, False)],
    ids=["in force", "from now on", "not yet", "ended", "ended now"],
)
@pytest.mark.parametrize("whose", ["client", "authority"])
async def test_a_key_counts_within_its_time(
    endpoint: TokenEndpoint, since: int, until: int, is_good: bool, whose: str
) -> None:
    def bound(connection: Connection) -> None:
        key = (AUTHORITY if whose == "authority" else desk().keys).jwk
        kept = validity.bounded(dict(key), since=MOMENT + timedelta(hours=since), until=MOMENT + timedelta(hours=until))
        if whose == "authority":
            changes.put_grant_keys(connection, AGENCY, {"keys": [kept]})
        else:
            changes.put_client_keys(connection, desk().id, {"keys": [kept]})

    await endpoint.node.database.write(bound)

    answer = await with_grant(endpoint, granted())

    error = {"client": "invalid_client", "authority": "invalid_grant"}[whose]
    assert (answer.status_code == 200) is is_good
    assert answer.json().get("error", error) == error


# -- an officer abroad


async def from_abroad(endpoint: TokenEndpoint, **changed: str | None) -> httpx.Response:
    item = {name: value for name, value in (ABROAD | changed).items() if value is not None}
    return await endpoint.post(PARTNER.form([item]), proof=PARTNER.proof())


async def test_under_an_agreement_an_officer_abroad_is_given_a_token(endpoint: TokenEndpoint) -> None:
    answer = await from_abroad(endpoint)

    entry = (await endpoint.entries())[-1]
    assert answer.status_code == 200, answer.text
    assert answer.json()["authorization_details"] == [ABROAD]
    assert (entry["case_reference"], entry["legal_basis"]) == ("2026-118842", "nl:Wpg:8")
    assert entry["body"]["events"][0]["details"]["agreement"] == "NL-2026-01"


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"agreement": None, "legal_basis": "KE-DPA-30-1-B", "case_reference": "OB 1/2/2026"}, "agreement"),
        ({"agreement": "NL-2025-01"}, "agreement"),
        ({"purpose": "criminal_investigation"}, "purpose"),
        ({"legal_basis": "nl:Wpg:9"}, "legal_basis"),
        ({"legal_basis": "KE-DPA-30-1-B"}, "legal_basis"),
    ],
)
async def test_what_the_agreement_does_not_hold_is_refused(
    endpoint: TokenEndpoint, changed: dict[str, str | None], member: str
) -> None:
    answer = await from_abroad(endpoint, **changed)

    assert answer.json()["error"] == "invalid_authorization_details"
    assert answer.json()["error_description"].startswith(f"authorization_details[0].{member}: ")


@pytest.mark.parametrize("hours", [-1, 366 * 24])
async def test_an_agreement_holds_from_its_beginning_to_its_end(endpoint: TokenEndpoint, hours: int) -> None:
    since = MOMENT - timedelta(hours=hours)
    shifted = replace(AGREED, since=since, until=since + timedelta(days=365))
    await endpoint.node.database.write(lambda db: changes.change_agreement(db, shifted))

    answer = await from_abroad(endpoint)

    assert answer.json()["error"] == "invalid_authorization_details"


async def test_an_agreement_that_is_shut_holds_nothing(endpoint: TokenEndpoint) -> None:
    await endpoint.node.database.write(lambda db: factories.shut(db, Scope.AGREEMENT, "NL-2026-01"))

    answer = await from_abroad(endpoint)

    assert answer.json()["error"] == "invalid_authorization_details"


async def test_an_agreement_is_its_agency_s_own(endpoint: TokenEndpoint) -> None:
    answer = await endpoint.post(desk().form([DETAILS | {"agreement": "NL-2026-01"}]))

    assert answer.json()["error"] == "invalid_authorization_details"


# -- nonces


def require_nonces(connection: Connection) -> None:
    connection.execute(sa.update(clients).where(clients.c.id == desk().id).values(nonces=True))


async def test_a_client_with_nonces_is_told_one_and_asks_again(endpoint: TokenEndpoint) -> None:
    await endpoint.node.database.write(require_nonces)

    refused = await endpoint.post(desk().form())
    nonce = refused.headers["dpop-nonce"]
    answer = await endpoint.post(desk().form(), proof=desk().proof(nonce=nonce))

    assert (refused.status_code, refused.json()["error"]) == (400, "use_dpop_nonce")
    assert answer.status_code == 200, "the assertion was not used up by the first"
    assert answer.headers["dpop-nonce"] == nonce


@pytest.mark.parametrize(
    ("seconds", "is_good"), [(0, True), (31, True), (61, False)], ids=["new", "of the half minute before", "old"]
)
async def test_a_nonce_is_good_for_half_a_minute_to_a_minute(
    endpoint: TokenEndpoint, seconds: int, is_good: bool
) -> None:
    await endpoint.node.database.write(require_nonces)
    nonce = (await endpoint.post(desk().form())).headers["dpop-nonce"]
    endpoint.node.clock.wait(seconds)
    now = int(endpoint.node.clock().timestamp())
    proof = desk().proof(nonce=nonce, at=endpoint.node.clock())

    answer = await endpoint.post(desk().form(client_assertion=desk().assertion(iat=now, exp=now + 60)), proof=proof)

    assert (answer.status_code == 200) is is_good


async def test_another_client_s_nonce_is_none(endpoint: TokenEndpoint) -> None:
    await endpoint.node.database.write(require_nonces)
    stranger = endpoint.node.nonces.fresh(PARTNER.id, MOMENT)

    answer = await endpoint.post(desk().form(), proof=desk().proof(nonce=stranger))

    assert answer.json()["error"] == "use_dpop_nonce"


async def test_without_nonces_none_is_handed_out(endpoint: TokenEndpoint) -> None:
    answer = await endpoint.post(desk().form(authorization_details=json.dumps([DETAILS])))

    assert "dpop-nonce" not in answer.headers
