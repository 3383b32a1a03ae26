"""OAuth clients that nobody here wrote work unchanged: Authlib, and two certified for FAPI 2.0.

Each finds the server by its metadata, gets a token with a key of its own kind, asks twice, has the token looked at, and
gives it back; with nonces and without.
"""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]  # it has no types
from authlib.oauth2.rfc7523 import PrivateKeyJWT  # type: ignore[import-untyped]  # as above
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from sqlalchemy import Connection

from auth import directory, dpop, introspection
from auth.keys import KeyPair, generate_client_key
from registry.core.ids import new_id
from registry.demo.cast import BY_NAME
from tests.journeys.served import CLIENTS, ROOT, Served, changed

PLAYER = BY_NAME["investigator"]
DETAILS = {
    "type": "urn:registry:query:v1", "purpose": PLAYER.purpose.value, "case_reference": PLAYER.case_reference,
    "legal_basis": PLAYER.legal_basis, "officer": PLAYER.officer,
}  # fmt: skip
QUESTION = {
    "query": "query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 1) { edges { node { band } } } }",
    "variables": {"c": {"name": "Jumaa Khamis Mwakyo"}},
}
ALGORITHMS = ("ES256", "PS256", "Ed25519")
SECONDS = 60


@dataclass(frozen=True)
class Enrolled:
    """A client of the investigator's agency, and the half of its key that only it has."""

    id: str
    pair: KeyPair

    def task(self) -> dict[str, str]:
        """Return what its program is told of it."""
        return {"client": self.id, "kid": self.pair.jwk["kid"], "key": self.pair.private_pem}


@cache
def key(algorithm: str) -> KeyPair:
    return generate_client_key(algorithm)


def enrolled(served: Served, algorithm: str, *, nonces: bool = False, scopes: tuple[str, ...] = ()) -> Enrolled:
    """Enrol a new client with such a key."""
    client = Enrolled(f"demo-stranger-{new_id()}", key(algorithm))

    def enrol(connection: Connection) -> None:
        directory.enrol_client(
            connection, client.id, PLAYER.agency, jwks={"keys": [client.pair.jwk]}, scopes=scopes, nonces=nonces
        )

    changed(served.folder, enrol)
    return client


def run(program: str, served: Served, client: Enrolled, algorithm: str, **more: Any) -> dict[str, Any]:
    """Run a program of tests/clients to its end, and return what it tells."""
    task = client.task() | {"issuer": served.url, "algorithm": algorithm, "details": [DETAILS], "question": QUESTION}
    done = subprocess.run(
        ["node", CLIENTS / f"{program}.mjs"], input=json.dumps(task | more), cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def is_found(answer: dict[str, Any]) -> bool:
    return bool(answer["data"]["search"]["edges"])


@pytest.mark.parametrize("nonces", [False, True], ids=["plain", "nonces"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("program", ["oauth4webapi", "openid_client"])
def test_a_certified_library_asks_and_gives_its_token_back(
    served: Served, program: str, algorithm: str, nonces: bool
) -> None:
    client = enrolled(served, algorithm, nonces=nonces)
    auditor = enrolled(served, algorithm, scopes=(introspection.SCOPE,))

    told = run(program, served, client, algorithm, auditor=auditor.task())

    assert told["type"] == "dpop"
    assert told["details"] == [DETAILS]
    assert [is_found(answer) for answer in told["answers"]] == [True, True]
    assert (told["introspected"]["active"], told["introspected"]["client_id"]) == (True, client.id)
    assert told["introspected"]["cnf"]["jkt"]
    assert told["afterwards"] == "invalid_token"
    assert told.get("nonces", int(nonces)) == int(nonces)


def test_a_certified_library_is_told_what_is_wrong_with_its_request(served: Served) -> None:
    client = enrolled(served, "ES256")
    task = client.task() | {"issuer": served.url, "algorithm": "ES256", "question": QUESTION}
    wrong = task | {"details": [DETAILS | {"purpose": "curiosity"}]}

    done = subprocess.run(
        ["node", CLIENTS / "oauth4webapi.mjs"], input=json.dumps(wrong), cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=SECONDS,
    )  # fmt: skip

    assert done.returncode == 1, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["failed"], told["cause"]) == ("token", "invalid_authorization_details")


KINDS: dict[str, Callable[..., Any]] = {
    "ES256": ECKey.import_key,
    "PS256": RSAKey.import_key,
    "Ed25519": OKPKey.import_key,
}


def proof(algorithm: str, url: str, token: str | None = None) -> str:
    """Return a proof made by hand: Authlib makes none."""
    held = KINDS[algorithm](key(algorithm).private_pem)
    claims = {"jti": str(new_id()), "htm": "POST", "htu": url, "iat": int(time.time())}
    if token is not None:
        claims["ath"] = dpop.digest(token)
    header = {"typ": "dpop+jwt", "alg": algorithm, "jwk": held.as_dict(private=False)}
    return jwt.encode(header, claims, held, algorithms=[algorithm])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_authlib_asks_with_our_issuer_as_audience_a_short_life_and_a_proof_made_by_hand(
    served: Served, algorithm: str
) -> None:
    client, address = enrolled(served, algorithm), f"{served.url}/oauth/token"
    session = OAuth2Session(
        client.id, KINDS[algorithm](client.pair.private_pem), token_endpoint_auth_method="private_key_jwt"
    )
    claims = {"aud": served.url, "exp": int(time.time()) + 60}
    session.register_client_auth_method(PrivateKeyJWT(address, claims=claims, alg=algorithm))

    granted = session.fetch_token(
        address, grant_type="client_credentials", authorization_details=json.dumps([DETAILS]),
        headers={"DPoP": proof(algorithm, address)},
    )  # fmt: skip

    token, url = granted["access_token"], f"{served.url}/graphql"
    shown = {"Authorization": f"DPoP {token}", "DPoP": proof(algorithm, url, token)}
    assert is_found(httpx.post(url, json=QUESTION, headers=shown).json())
    assert granted["authorization_details"] == [DETAILS]
