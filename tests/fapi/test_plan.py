"""The OpenID Foundation's plan for FAPI 2.0, client credentials, private key and DPoP, but for its negative proofs.

Each test is named after its module (``fapi2-security-profile-final-…``) and asks what the module asks;
docs/authorization.md has the table. The suite itself needs Java and MongoDB, and a node that the world can reach.
"""

import json
import time
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from tests.auth.tokens import signer
from tests.fapi.party import GRAPHQL, ISSUER, TOKEN, Party, is_answered
from tests.fapi.rs256 import rs256

ALLOWED = {"ES256", "PS256", "EdDSA", "Ed25519"}


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says, without believing it."""
    part = token.split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return said


def test_discovery_end_point_verification(party: Party) -> None:
    found = party.http.get("/.well-known/oauth-authorization-server")
    said = found.json()

    assert found.headers["content-type"] == "application/json"
    assert said["issuer"] == ISSUER
    assert said["token_endpoint"] == TOKEN
    assert "client_credentials" in said["grant_types_supported"]
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    for name in ("token_endpoint_auth_signing_alg_values_supported", "dpop_signing_alg_values_supported"):
        assert set(said[name]) == ALLOWED
    assert {"authorization_endpoint", "scopes_supported", "registration_endpoint"}.isdisjoint(said)
    keys = party.http.get(said["jwks_uri"].removeprefix(ISSUER)).json()["keys"]
    assert keys
    for key in keys:
        assert {"d", "p", "q", "k"}.isdisjoint(key)
        assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")


def test_happy_flow(party: Party, other: Party) -> None:
    answers = [each.ask() for each in (party, other)]

    tokens = [answer.json()["access_token"] for answer in answers]
    for answer in answers:
        assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json()["expires_in"] <= 300
    assert [claims_of(token)["client_id"] for token in tokens] == [party.id, other.id]
    assert [is_answered(each.query(token)) for each, token in zip((party, other), tokens, strict=True)] == [True, True]
    assert not is_answered(party.query(tokens[1])), "each token is its own client's"
    assert all(len(set(claims_of(token)["jti"])) > 8 for token in tokens)


@pytest.mark.parametrize("scheme", ["dpop", "DPOP", "DPoP"])
def test_access_token_type_header_case_sensitivity(party: Party, scheme: str) -> None:
    assert is_answered(party.query(party.token(), scheme=scheme))


def test_check_dpop_proof_nbf_exp(party: Party) -> None:
    now = int(time.time())
    bounds = {"nbf": now - 10, "exp": now + 60}

    token = party.ask(proofs=lambda: (party.proof(bounds, url=TOKEN),)).json()["access_token"]

    assert is_answered(party.query(token, lambda: (party.proof(bounds, token=token),)))


@pytest.mark.parametrize("seconds", [-10, 10], ids=["10 s before", "10 s after"])
def test_ensure_dpop_proof_with_iat_10_seconds_before_and_after_succeeds(party: Party, seconds: int) -> None:
    """Two modules. A second of the ten is left for the way there."""
    iat = {"iat": int(time.time()) + seconds - (seconds > 0)}

    token = party.ask(proofs=lambda: (party.proof(iat, url=TOKEN),)).json()["access_token"]

    assert is_answered(party.query(token, lambda: (party.proof(iat, token=token),)))


def test_ensure_holder_of_key_required(party: Party) -> None:
    answer = party.ask(proofs=lambda: ())

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_ensure_client_id_in_token_endpoint(party: Party, other: Party) -> None:
    assert party.ask(lambda: party.form(client_id=party.id)).status_code == 200

    answer = party.ask(lambda: party.form(client_id=other.id))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_ensure_signed_client_assertion_with_rs256_fails(party: Party) -> None:
    """RSA keys may sign with PS256; the others have a key of that kind to try with."""
    sign = rs256(party.keys.private_pem) if party.algorithm == "PS256" else signer(party.keys.private_pem)

    answer = party.ask(lambda: party.form(client_assertion=party.assertion(header={"alg": "RS256"}, sign=sign)))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize("missing", ["client_assertion", "client_assertion_type"])
def test_ensure_client_assertion_in_token_endpoint(party: Party, missing: str) -> None:
    answer = party.ask(lambda: party.form(**{missing: None}))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails(party: Party) -> None:
    answer = party.ask(lambda: party.form(client_assertion=party.assertion({"exp": int(time.time()) - 300})))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize("aud", ["https://other.example", f"{ISSUER}/other", GRAPHQL])
def test_ensure_client_assertion_with_wrong_aud_fails(party: Party, aud: str) -> None:
    answer = party.ask(lambda: party.form(client_assertion=party.assertion({"aud": aud})))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_ensure_client_assertion_with_no_sub_fails(party: Party) -> None:
    answer = party.ask(lambda: party.form(client_assertion=party.assertion({"sub": None})))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
