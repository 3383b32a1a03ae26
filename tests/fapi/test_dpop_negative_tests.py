"""The plan's module ``dpop-negative-tests``: its 32 steps at the resource, and what of them fits at the token endpoint.

A step is a request in which one thing is different; its number is its place in the suite.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.auth.tokens import encoded, pair
from tests.fapi.party import GRAPHQL, TOKEN, Party, is_answered, kind, new_jti, signing
from tests.fapi.rs256 import rs256

Proofs = Callable[[], tuple[str, ...]]


@dataclass(frozen=True)
class Attempt:
    """One party at one of the two addresses."""

    party: Party
    url: str
    token: str | None = None

    def proof(self, claims: Mapping[str, object] | None = None, header: Mapping[str, object] | None = None,
              **how: Any) -> str:  # fmt: skip
        return self.party.proof(claims, header, url=self.url, token=self.token, **how)

    def send(self, proofs: Proofs, **how: Any) -> httpx.Response:
        if self.token is None:
            return self.party.ask(proofs=proofs)
        return self.party.query(self.token, proofs, **how)

    def is_accepted(self, proofs: Proofs, **how: Any) -> bool:
        answer = self.send(proofs, **how)
        return answer.status_code == 200 if self.token is None else is_answered(answer)


@pytest.fixture
def at_resource(party: Party) -> Attempt:
    return Attempt(party, GRAPHQL, party.token())


@pytest.fixture
def at_token_endpoint(party: Party) -> Attempt:
    return Attempt(party, TOKEN)


def private_jwk(party: Party) -> dict[str, str]:
    """Return the private half of a party's key as a JWK."""
    key: Any = load_pem_private_key(party.held.private_pem.encode(), password=None)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return party.jwk | {"d": encoded(key.private_numbers().private_value.to_bytes(32))}
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return party.jwk | {"d": encoded(key.private_bytes_raw())}
    assert isinstance(key, rsa.RSAPrivateKey)
    return party.jwk | {"d": encoded(key.private_numbers().d.to_bytes(256))}


def without(member: str) -> Callable[[Attempt], tuple[str, ...]]:
    """Return a proof whose header or claims lack a member."""
    if member in ("typ", "alg", "jwk"):
        return lambda attempt: (attempt.proof(header={member: None}),)
    return lambda attempt: (attempt.proof({member: None}),)


def at(seconds: int) -> Callable[[Attempt], tuple[str, ...]]:
    return lambda attempt: (attempt.proof({"iat": int(time.time()) + seconds}),)


def rs256_of(attempt: Attempt) -> tuple[str, ...]:
    """RS256 by an RSA key; a key of another kind can only say so."""
    party = attempt.party
    sign = rs256(party.held.private_pem) if party.algorithm == "PS256" else signing(party.held.private_pem)
    return (attempt.proof(header={"alg": "RS256"}, sign=sign),)


def badly_signed(attempt: Attempt) -> tuple[str, ...]:
    good = signing(attempt.party.held.private_pem)
    return (attempt.proof(sign=lambda message: good(message)[:-8] + b"\x00invalid"[:8]),)


def with_another_key(attempt: Attempt) -> tuple[str, ...]:
    other = pair(kind(attempt.party.algorithm), 40)
    public = {name: value for name, value in other.jwk.items() if name != "kid"}
    return (attempt.proof(header={"jwk": public}, sign=signing(other.private_pem)),)


REFUSED: dict[str, Callable[[Attempt], tuple[str, ...]]] = {
    "02 more than one proof": lambda attempt: (attempt.proof(), attempt.proof()),
    "03 not a well-formed JWT": lambda attempt: (attempt.proof().replace(".", ""),),
    "04 without typ": without("typ"),
    "05 without alg": without("alg"),
    "06 without jwk": without("jwk"),
    "07 without jti": without("jti"),
    "08 without htm": without("htm"),
    "09 without htu": without("htu"),
    "10 without iat": without("iat"),
    "12 another typ": lambda attempt: (attempt.proof(header={"typ": "jwt"}),),
    "13 RS256": rs256_of,
    "14 alg none": lambda attempt: (attempt.proof(header={"alg": "none"}, sign=lambda _message: b""),),
    "15 a signature that does not fit": badly_signed,
    "16 a private key in jwk": lambda attempt: (attempt.proof(header={"jwk": private_jwk(attempt.party)}),),
    "17 another htm": lambda attempt: (attempt.proof({"htm": "PUT"}),),
    "20 another htu": lambda attempt: (attempt.proof({"htu": "https://other.example/graphql"}),),
    "30 no proof": lambda _attempt: (),
}
"""Steps that are alike at both addresses; the number is the suite's."""

ACCEPTED: dict[str, Callable[[Attempt], tuple[str, ...]]] = {
    "18 htu with query and fragment": lambda attempt: (attempt.proof({"htu": f"{attempt.url}?a=b#c"}),),
    "19 htu without query and fragment": lambda attempt: (attempt.proof({"htu": attempt.url}),),
    "27 members that nobody knows": lambda attempt: (attempt.proof({"extra": [1]}, {"extra": "x"}),),
    "28 htu in upper case": lambda attempt: (
        attempt.proof({"htu": attempt.url.replace("https://registry.example", "HTTPS://REGISTRY.EXAMPLE")}),
    ),
    "29 htu with the scheme's own port": lambda attempt: (
        attempt.proof({"htu": attempt.url.replace(".example", ".example:443")}),
    ),
    "32 a good proof, at last": lambda attempt: (attempt.proof(),),
}


@pytest.mark.parametrize("step", REFUSED)
def test_a_step_is_refused_at_the_resource(at_resource: Attempt, step: str) -> None:
    answer = at_resource.send(lambda: REFUSED[step](at_resource))

    assert answer.status_code == 401
    assert 'error="invalid_dpop_proof"' in answer.headers["www-authenticate"]
    assert "data" not in answer.json()


@pytest.mark.parametrize("step", REFUSED)
def test_a_step_is_refused_at_the_token_endpoint(at_token_endpoint: Attempt, step: str) -> None:
    answer = at_token_endpoint.send(lambda: REFUSED[step](at_token_endpoint))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize("step", ACCEPTED)
def test_a_step_is_accepted_at_both(at_resource: Attempt, at_token_endpoint: Attempt, step: str) -> None:
    assert at_resource.is_accepted(lambda: ACCEPTED[step](at_resource))
    assert at_token_endpoint.is_accepted(lambda: ACCEPTED[step](at_token_endpoint))


def test_01_the_header_s_name_in_capitals_is_accepted(at_resource: Attempt) -> None:
    assert at_resource.is_accepted(lambda: (at_resource.proof(),), header="DPOP")


@pytest.mark.parametrize("claims", [{"ath": None}, {"ath": "x" * 43}], ids=["11 without ath", "25 another ath"])
def test_a_proof_speaks_for_its_token(at_resource: Attempt, claims: dict[str, object]) -> None:
    assert not at_resource.is_accepted(lambda: (at_resource.proof(claims),))


@pytest.mark.parametrize("seconds", [3600, -3600], ids=["21 an hour ahead", "22 an hour ago"])
def test_a_proof_of_another_hour_is_refused_unless_a_nonce_tells_the_time(at_resource: Attempt, seconds: int) -> None:
    """As the suite has it: where nonces are on, a clock that is off does no harm (RFC 9449, 4.3, 11)."""
    is_accepted = at_resource.is_accepted(lambda: at(seconds)(at_resource))

    assert is_accepted is at_resource.party.nonces


def test_23_24_the_same_proof_is_good_once_whichever_worker_sees_it(at_resource: Attempt) -> None:
    jti = new_jti()
    assert at_resource.is_accepted(lambda: (at_resource.proof({"jti": jti}),))

    again = [at_resource.is_accepted(lambda: (at_resource.proof({"jti": jti}),)) for _ in range(4)]

    assert again == [False] * 4


def test_26_a_proof_of_another_key_is_refused(at_resource: Attempt) -> None:
    assert not at_resource.is_accepted(lambda: with_another_key(at_resource))


def test_31_a_bound_token_is_no_bearer_token(at_resource: Attempt) -> None:
    answer = at_resource.send(lambda: (), scheme="Bearer")

    assert answer.status_code == 401
    assert "data" not in answer.json()


def test_a_proof_is_good_once_at_the_token_endpoint_too(at_token_endpoint: Attempt) -> None:
    jti = new_jti()
    assert at_token_endpoint.is_accepted(lambda: (at_token_endpoint.proof({"jti": jti}),))

    answer = at_token_endpoint.send(lambda: (at_token_endpoint.proof({"jti": jti}),))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_a_proof_for_the_token_endpoint_is_none_for_the_resource(at_resource: Attempt) -> None:
    assert not at_resource.is_accepted(lambda: (at_resource.proof({"htu": TOKEN}),))


def test_a_refusal_names_the_algorithms_that_are_accepted(at_resource: Attempt) -> None:
    challenge = at_resource.send(lambda: ("nonsense",)).headers["www-authenticate"]

    assert challenge.startswith("DPoP ")
    assert 'algs="ES256 PS256 EdDSA Ed25519"' in challenge
