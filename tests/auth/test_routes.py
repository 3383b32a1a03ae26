"""The token endpoint's good answers, and what is public about it."""

import json
from base64 import urlsafe_b64decode
from uuid import UUID

import pytest

from auth.keys import make_assertion, make_proof
from auth.resource import Presented, Resource
from auth.tokens import claims_of
from registry.audit.events import Outcome
from tests.auth.conftest import TokenEndpoint
from tests.auth.household import AGENCY, AUDIENCE, CLIENT, DETAILS, ISSUER, MOMENT, OFFICER, desk
from tests.auth.tokens import ALGORITHMS, pair

pytestmark = pytest.mark.anyio


def part(token: str, number: int) -> dict[str, object]:
    text = token.split(".")[number]
    value: dict[str, object] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return value


@pytest.mark.parametrize("algorithm", [*ALGORITHMS, "Ed25519"])
async def test_a_client_proves_itself_with_any_of_the_algorithms(endpoint: TokenEndpoint, algorithm: str) -> None:
    answer = await endpoint.post(desk(algorithm).form())

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_our_own_client_side_makes_proofs_that_are_accepted(endpoint: TokenEndpoint, algorithm: str) -> None:
    assertion = make_assertion(CLIENT, ISSUER, pair(algorithm).private_pem, MOMENT)

    answer = await endpoint.post(desk().form(client_assertion=assertion))

    assert answer.status_code == 200, answer.text


async def test_a_token_tells_officer_purpose_case_and_ground(endpoint: TokenEndpoint) -> None:
    answer = (await endpoint.post(desk().form([DETAILS]))).json()

    assert answer["token_type"] == "DPoP"
    assert answer["expires_in"] == 300
    assert answer["authorization_details"] == [DETAILS]
    assert part(answer["access_token"], 0)["typ"] == "at+jwt"
    assert part(answer["access_token"], 1)["authorization_details"] == [DETAILS]
    assert part(answer["access_token"], 1)["attribution"] == "stated"


async def test_a_token_is_one_our_own_resource_accepts(endpoint: TokenEndpoint) -> None:
    node = endpoint.node
    resource = Resource.of(node.settings, node.signing, node.clock)

    token = (await endpoint.post(desk().form([DETAILS]))).json()["access_token"]
    proof = make_proof(desk().keys.private_pem, "POST", AUDIENCE, MOMENT, token=token)
    claims = resource.caller(Presented("POST", AUDIENCE, (f"DPoP {token}",), (proof,))).claims

    assert claims.client == CLIENT
    assert claims.details is not None
    assert claims.details.officer == OFFICER
    assert claims == claims_of(part(token, 1), issuer=ISSUER, audience=AUDIENCE)


async def test_without_details_a_token_names_no_officer(endpoint: TokenEndpoint) -> None:
    answer = (await endpoint.post(desk().form())).json()

    assert "authorization_details" not in answer
    assert "authorization_details" not in part(answer["access_token"], 1)


async def test_a_token_leaves_an_entry_that_says_who_and_why(endpoint: TokenEndpoint, officer: UUID) -> None:
    answer = (await endpoint.post(desk().form([DETAILS]))).json()

    entry = await endpoint.entry()
    assert entry["kind"] == "token"
    assert entry["operation"] == "client_credentials"
    assert entry["outcome"] == Outcome.ALLOWED
    assert entry["code"] is None
    assert (entry["client"], entry["agency"], entry["officer"]) == (CLIENT, AGENCY, officer)
    assert (entry["purpose"], entry["case_reference"]) == (DETAILS["purpose"], DETAILS["case_reference"])
    assert entry["legal_basis"] == DETAILS["legal_basis"]
    assert entry["token_id"] == part(answer["access_token"], 1)["jti"]
    assert entry["source"] == "127.0.0.1"


async def test_a_request_may_name_its_client_and_what_the_token_is_for(endpoint: TokenEndpoint) -> None:
    answer = await endpoint.post(desk().form(client_id=CLIENT, resource=AUDIENCE, scope=""))

    assert answer.status_code == 200, answer.text


async def test_a_proof_without_a_key_name_is_tried_with_the_only_key_that_fits(endpoint: TokenEndpoint) -> None:
    assertion = desk().assertion({"kid": None, "typ": None})

    answer = await endpoint.post(desk().form(client_assertion=assertion))

    assert answer.status_code == 200, answer.text


async def test_the_public_key_is_published_without_its_private_half(endpoint: TokenEndpoint) -> None:
    answer = await endpoint.http.get("/oauth/jwks")

    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert key["kid"] == endpoint.node.signing_key.kid


async def test_the_metadata_lists_what_works(endpoint: TokenEndpoint) -> None:
    answer = (await endpoint.http.get("/.well-known/oauth-authorization-server")).json()

    assert answer["issuer"] == ISSUER
    assert answer["token_endpoint"] == f"{ISSUER}/oauth/token"
    assert answer["jwks_uri"] == f"{ISSUER}/oauth/jwks"
    assert answer["grant_types_supported"] == ["client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"]
    assert answer["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert set(answer["token_endpoint_auth_signing_alg_values_supported"]) == {"ES256", "PS256", "EdDSA", "Ed25519"}


async def test_addresses_never_come_from_the_request(endpoint: TokenEndpoint) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}

    metadata = await endpoint.http.get("/.well-known/oauth-authorization-server", headers=forged)
    answer = await endpoint.post(desk().form(), headers=forged)

    assert "evil" not in metadata.text
    assert part(answer.json()["access_token"], 1)["iss"] == ISSUER


async def test_nothing_may_be_kept_by_a_cache(endpoint: TokenEndpoint) -> None:
    answers = [
        await endpoint.post(desk().form()),
        await endpoint.post({}),
        await endpoint.http.get("/oauth/jwks"),
        await endpoint.http.get("/.well-known/oauth-authorization-server"),
    ]

    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
