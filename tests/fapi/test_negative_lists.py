"""What a JOSE library lets pass and a register can't, tried over HTTP: on assertions, proofs, grants and access tokens.

Each list was measured on PyJWT 2.15.1 (auth/jose.py says what we do instead), or is a rule of FAPI 2.0 (5.3.2.1, 5.3.4)
or RFC 8725. Each case is one request in which that one thing is wrong.
"""

import base64
import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.auth.tokens import compact, encoded, pair, shared_secret, signer
from tests.fapi.conftest import Served
from tests.fapi.party import (
    DETAILS,
    GRAPHQL,
    ISSUER,
    JWT_BEARER,
    QUESTION,
    TOKEN,
    Party,
    is_answered,
    new_jti,
    signing,
)
from tests.fapi.rs256 import rs256

TRIED = {
    "ES256, one worker": ("one worker", "ES256", False),
    "PS256, three workers, nonces": ("three workers", "PS256", True),
    "Ed25519, three workers": ("three workers", "Ed25519", False),
}
NOW = int(time.time())
Make = Callable[[Party], str]


@pytest.fixture(params=list(TRIED))
def party(request: pytest.FixtureRequest, nodes: Callable[[str], Served]) -> Party:
    """Fewer of the clients than the plan has: what is refused here is refused before algorithms differ."""
    node, algorithm, nonces = TRIED[request.param]
    return nodes(node).party(algorithm, nonces=nonces)


@cache
def short_rsa() -> str:
    """An RSA key of 1024 bits, which the library takes with no more than a warning."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  the point of it
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def short_jwk() -> dict[str, str]:
    key: Any = serialization.load_pem_private_key(short_rsa().encode(), password=None)
    return {"kty": "RSA", "e": "AQAB", "n": encoded(key.public_key().public_numbers().n.to_bytes(128))}


def doubled(party: Party, member: str) -> str:
    """Return an assertion's claims in which one member stands twice, the good one last."""
    said = json.dumps({
        "iss": party.id, "sub": party.id, "aud": ISSUER, "exp": NOW + 200, "jti": new_jti(),
    })  # fmt: skip
    return said.replace("{", f'{{"{member}": "x", ', 1)


def by_hand(party: Party, claims: str) -> str:
    head = {"alg": party.algorithm, "kid": party.keys.jwk["kid"], "typ": "JWT"}
    return compact(head, claims, signing(party.keys.private_pem))


ASSERTIONS: dict[str, Make] = {
    "typ of an access token": lambda p: p.assertion(header={"typ": "at+jwt"}),
    "typ of a proof": lambda p: p.assertion(header={"typ": "dpop+jwt"}),
    "typ of a grant": lambda p: p.assertion(header={"typ": "authorization-grant+jwt"}),
    "typ that is no text": lambda p: p.assertion(header={"typ": 1}),
    "alg none": lambda p: p.assertion(header={"alg": "none"}, sign=lambda _message: b""),
    "alg none, signed": lambda p: p.assertion(header={"alg": "none"}),
    "alg HS256 with the public key as PEM": lambda p: p.assertion(
        header={"alg": "HS256"}, sign=shared_secret(_public_pem(p))
    ),
    "alg HS256 with the public key as JWK": lambda p: p.assertion(
        header={"alg": "HS256"}, sign=shared_secret(json.dumps(p.keys.jwk).encode())
    ),
    "alg HS256 with the empty key": lambda p: p.assertion(header={"alg": "HS256"}, sign=shared_secret(b"")),
    "alg of another kind of key": lambda p: p.assertion(header={"alg": "PS256" if p.algorithm != "PS256" else "ES256"}),
    "alg in lower case": lambda p: p.assertion(header={"alg": p.algorithm.lower()}),
    "alg a list": lambda p: p.assertion(header={"alg": [p.algorithm]}),
    "kid unknown": lambda p: p.assertion(header={"kid": "another"}),
    "kid a path": lambda p: p.assertion(header={"kid": "../../../../dev/null"}),
    "kid an address": lambda p: p.assertion(header={"kid": "https://other.example/jwks"}),
    "kid of a statement": lambda p: p.assertion(header={"kid": "x' UNION SELECT 'secret"}),
    "kid too long": lambda p: p.assertion(header={"kid": "x" * 129}),
    "kid no text": lambda p: p.assertion(header={"kid": 7}),
    "crit": lambda p: p.assertion(header={"crit": ["exp"]}),
    "an unencoded payload": lambda p: p.assertion(header={"b64": False, "crit": ["b64"]}),
    "a key that the header brings": lambda p: p.assertion(
        header={"jwk": dict(pair("ES256", 50).jwk), "kid": None, "alg": "ES256"},
        sign=signer(pair("ES256", 50).private_pem),
    ),
    "another's key": lambda p: p.assertion(sign=_other_of_its_kind(p)),
    "without exp": lambda p: p.assertion({"exp": None}),
    "without aud": lambda p: p.assertion({"aud": None}),
    "without jti": lambda p: p.assertion({"jti": None}),
    "without iss": lambda p: p.assertion({"iss": None}),
    "another iss": lambda p: p.assertion({"iss": "another"}),
    "jti empty": lambda p: p.assertion({"jti": ""}),
    "jti a number": lambda p: p.assertion({"jti": 12345678}),
    "sub of nobody": lambda p: p.assertion({"iss": "nobody", "sub": "nobody"}),
    "aud a list that holds ours": lambda p: p.assertion({"aud": [ISSUER]}),
    "aud a list of ours and others": lambda p: p.assertion({"aud": [ISSUER, "https://other.example"]}),
    "aud the token endpoint": lambda p: p.assertion({"aud": TOKEN}),
    "aud the address for pushed requests": lambda p: p.assertion({"aud": f"{ISSUER}/oauth/par"}),
    "aud with a slash": lambda p: p.assertion({"aud": f"{ISSUER}/"}),
    "exp a text": lambda p: p.assertion({"exp": str(NOW + 60)}),
    "exp in a year": lambda p: p.assertion({"exp": NOW + 31_536_000}),
    "exp of 4000 digits": lambda p: p.assertion({"exp": 10**4000}),
    "exp 1e400": lambda p: by_hand(
        p, json.dumps({"iss": p.id, "sub": p.id, "aud": ISSUER, "jti": new_jti(), "exp": 0})[:-2] + "1e400}"
    ),
    "exp true": lambda p: p.assertion({"exp": True}),
    "nbf 61 s ahead": lambda p: p.assertion({"nbf": int(time.time()) + 61}),
    "iat 61 s ahead": lambda p: p.assertion({"iat": int(time.time()) + 61}),
    "sub twice": lambda p: by_hand(p, doubled(p, "sub")),
    "aud twice": lambda p: by_hand(p, doubled(p, "aud")),
    "nested without end": lambda p: by_hand(p, "[" * 3000),
    "claims a list": lambda p: by_hand(p, "[]"),
    "not JSON": lambda p: by_hand(p, "{'iss': 1}"),
    "NaN": lambda p: by_hand(p, '{"exp": NaN}'),
    "padded": lambda p: p.assertion() + "=",
    "five parts": lambda p: p.assertion() + ".x.y",
    "longer than 8 KiB": lambda p: p.assertion({"more": "x" * 9000}),
}


def _public_pem(party: Party) -> bytes:
    key: Any = serialization.load_pem_private_key(party.keys.private_pem.encode(), password=None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return found


def _other_of_its_kind(party: Party) -> Callable[[bytes], bytes]:
    return signing(party.held.private_pem)


@pytest.mark.parametrize("case", ASSERTIONS)
def test_an_assertion_is_refused(party: Party, case: str) -> None:
    answer = party.ask(lambda: party.form(client_assertion=ASSERTIONS[case](party)))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize("member", ["nbf", "iat"])
def test_an_assertion_whose_clock_is_8_seconds_ahead_is_accepted(party: Party, member: str) -> None:
    answer = party.ask(lambda: party.form(client_assertion=party.assertion({member: int(time.time()) + 8})))

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "client-authentication+jwt"])
def test_an_assertion_of_a_type_of_its_own_is_accepted(party: Party, typ: str | None) -> None:
    answer = party.ask(lambda: party.form(client_assertion=party.assertion(header={"typ": typ})))

    assert answer.status_code == 200, answer.text


def test_an_assertion_is_good_once_whichever_worker_sees_it(party: Party) -> None:
    jti = new_jti()

    answers = [party.ask(lambda: party.form(client_assertion=party.assertion({"jti": jti}))) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 400, 400, 400]
    assert {answer.json()["error"] for answer in answers[1:]} == {"invalid_client"}


PROOFS: dict[str, Make] = {
    "a shared secret as key": lambda p: p.proof(
        header={"jwk": {"kty": "oct", "k": encoded(b"x" * 32)}, "alg": "HS256"},
        sign=shared_secret(b"x" * 32),
        url=TOKEN,
    ),
    "a shared secret under an honest name": lambda p: p.proof(
        header={"jwk": {"kty": "oct", "k": encoded(b"x" * 32)}}, sign=shared_secret(b"x" * 32), url=TOKEN
    ),
    "RSA of 1024 bits": lambda p: p.proof(
        header={"jwk": short_jwk(), "alg": "PS256"}, sign=signer(short_rsa()), url=TOKEN
    ),
    "RS256 with a good RSA key": lambda p: p.proof(
        header={"jwk": _rsa_jwk(), "alg": "RS256"}, sign=rs256(pair("PS256", 50).private_pem), url=TOKEN
    ),
    "a key for encryption": lambda p: p.proof(header={"jwk": p.jwk | {"use": "enc"}}, url=TOKEN),
    "a key on another curve": lambda p: p.proof(header={"jwk": p.jwk | {"crv": "P-384", "kty": "EC"}}, url=TOKEN),
    "a key by address": lambda p: p.proof(header={"jwk": None, "jku": "https://other.example/jwks"}, url=TOKEN),
    "a key by certificate": lambda p: p.proof(header={"jwk": None, "x5c": ["MIIB"]}, url=TOKEN),
    "a key that is a text": lambda p: p.proof(header={"jwk": json.dumps(p.jwk)}, url=TOKEN),
    "a key that is a list": lambda p: p.proof(header={"jwk": [p.jwk]}, url=TOKEN),
    "an algorithm that is not the key's": lambda p: p.proof(
        header={"alg": "PS256" if p.algorithm != "PS256" else "ES256"}, url=TOKEN
    ),
    "crit": lambda p: p.proof(header={"crit": ["exp"]}, url=TOKEN),
    "typ of an assertion": lambda p: p.proof(header={"typ": "JWT"}, url=TOKEN),
    "iat a text": lambda p: p.proof({"iat": str(NOW)}, url=TOKEN),
    "iat true": lambda p: p.proof({"iat": True}, url=TOKEN),
    "jti empty": lambda p: p.proof({"jti": ""}, url=TOKEN),
    "jti short": lambda p: p.proof({"jti": "1234567"}, url=TOKEN),
    "htm in lower case": lambda p: p.proof({"htm": "post"}, url=TOKEN),
    "htu a list": lambda p: p.proof({"htu": [TOKEN]}, url=TOKEN),
    "htu in the clear": lambda p: p.proof({"htu": TOKEN.replace("https", "http")}, url=TOKEN),
    "htu with a user": lambda p: p.proof({"htu": TOKEN.replace("://", "://registry.example@")}, url=TOKEN),
    "htu at the socket's address": lambda p: p.proof({"htu": f"{p.http.base_url}oauth/token"}, url=TOKEN),
    "nonce no text": lambda p: p.proof({"nonce": 7}, url=TOKEN),
    "padded": lambda p: p.proof(url=TOKEN) + "=",
    "longer than 8 KiB": lambda p: p.proof({"more": "x" * 9000}, url=TOKEN),
}


def _rsa_jwk() -> dict[str, str]:
    return {name: value for name, value in pair("PS256", 50).jwk.items() if name != "kid"}


@pytest.mark.parametrize("case", PROOFS)
def test_a_proof_is_refused(party: Party, case: str) -> None:
    answer = party.ask(proofs=lambda: (PROOFS[case](party),))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


GRANTS: dict[str, Make] = {
    "signed by the client": lambda p: p.grant(sign=signing(p.keys.private_pem), header={"kid": p.keys.jwk["kid"]}),
    "signed by another under the right name": lambda p: p.grant(sign=signing(p.held.private_pem)),
    "alg none": lambda p: p.grant(header={"alg": "none"}, sign=lambda _message: b""),
    "typ of an assertion": lambda p: p.grant(header={"typ": "JWT"}),
    "typ of an access token": lambda p: p.grant(header={"typ": "at+jwt"}),
    "without typ": lambda p: p.grant(header={"typ": None}),
    "another agency": lambda p: p.grant({"iss": "ke-elsewhere"}),
    "the client as iss": lambda p: p.grant({"iss": p.id}),
    "aud a list": lambda p: p.grant({"aud": [ISSUER]}),
    "aud the token endpoint": lambda p: p.grant({"aud": TOKEN}),
    "aud the resource": lambda p: p.grant({"aud": GRAPHQL}),
    "another officer as sub": lambda p: p.grant({"sub": "INV/1"}),
    "without sub": lambda p: p.grant({"sub": None}),
    "without exp": lambda p: p.grant({"exp": None}),
    "exp 121 s ahead and more": lambda p: p.grant({"exp": int(time.time()) + 125}),
    "exp in the past": lambda p: p.grant({"exp": int(time.time()) - 1}),
    "without iat": lambda p: p.grant({"iat": None}),
    "iat 61 s ahead": lambda p: p.grant({"iat": int(time.time()) + 61}),
    "nbf 61 s ahead": lambda p: p.grant({"nbf": int(time.time()) + 61}),
    "without jti": lambda p: p.grant({"jti": None}),
    "without auth_time": lambda p: p.grant({"auth_time": None}),
    "signed in yesterday": lambda p: p.grant({"auth_time": int(time.time()) - 86_400}),
    "signed in tomorrow": lambda p: p.grant({"auth_time": int(time.time()) + 86_400}),
    "without acr": lambda p: p.grant({"acr": None}),
    "acr a list": lambda p: p.grant({"acr": ["urn:example:loa:high"]}),
    "acting for somebody": lambda p: p.grant({"act": {"sub": "ke-elsewhere"}}),
}


def with_grant(party: Party, grant: str, **more: str | None) -> dict[str, str]:
    return party.form(grant_type=JWT_BEARER, assertion=grant, **more)


@pytest.mark.parametrize("case", GRANTS)
def test_an_officer_s_grant_is_refused(party: Party, case: str) -> None:
    answer = party.ask(lambda: with_grant(party, GRANTS[case](party)))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "details",
    [None, [], {}, "text", [DETAILS, DETAILS], [{**DETAILS, "officer": "INV/0"}], [{**DETAILS, "purpose": "curiosity"}],
     [{**DETAILS, "more": 1}]],
    ids=["none", "empty", "bare", "text", "two", "not enrolled", "unknown purpose", "unknown member"],
)  # fmt: skip
def test_an_officer_s_grant_says_why(party: Party, details: object) -> None:
    officer = details[0]["officer"] if isinstance(details, list) and details else DETAILS["officer"]

    answer = party.ask(lambda: with_grant(party, party.grant({"authorization_details": details, "sub": officer})))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_authorization_details")


def test_an_officer_s_grant_becomes_a_token_that_names_the_officer(party: Party) -> None:
    answer = party.ask(lambda: with_grant(party, party.grant()))

    said = json.loads(_decoded(answer.json()["access_token"].split(".")[1]))
    assert answer.status_code == 200, answer.text
    assert (said["attribution"], said["sub"], said["client_id"]) == ("granted", "ke-invented INV/20417", party.id)
    assert said["authorization_details"] == answer.json()["authorization_details"] == [DETAILS]
    assert is_answered(party.query(answer.json()["access_token"]))


def test_a_client_may_repeat_what_the_grant_says_and_not_change_it(party: Party) -> None:
    same, other = json.dumps([DETAILS]), json.dumps([DETAILS | {"case_reference": "CR 13/2026"}])

    repeated = party.ask(lambda: with_grant(party, party.grant(), authorization_details=same))
    changed = party.ask(lambda: with_grant(party, party.grant(), authorization_details=other))

    assert (repeated.status_code, changed.status_code) == (200, 400)
    assert changed.json()["error"] == "invalid_authorization_details"


def test_an_officer_s_grant_is_good_once_whichever_worker_sees_it(party: Party) -> None:
    jti = new_jti()

    answers = [party.ask(lambda: with_grant(party, party.grant({"jti": jti}))) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 400, 400, 400]
    assert {answer.json()["error"] for answer in answers[1:]} == {"invalid_grant"}


def _decoded(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


def altered(token: str, header: dict[str, object] | None = None, claims: dict[str, object] | None = None,
            sign: Callable[[bytes], bytes] | None = None) -> str:  # fmt: skip
    """Return a token with members changed; it keeps its signature unless somebody signs anew."""
    parts = [json.loads(_decoded(each)) for each in token.split(".")[:2]]
    made = compact(parts[0] | (header or {}), parts[1] | (claims or {}), sign or (lambda _message: b"x" * 64))
    return made if sign else f"{made.rpartition('.')[0]}.{token.rpartition('.')[2]}"


ATTACKER = pair("ES256", 51)
TOKENS: dict[str, Callable[[Party, str], str]] = {
    "alg none": lambda _p, t: altered(t, {"alg": "none"}, sign=lambda _message: b""),
    "HS256 with our public key": lambda p, t: altered(
        t, {"alg": "HS256"}, sign=shared_secret(p.http.get("/oauth/jwks").content)
    ),
    "a key that the header brings": lambda _p, t: altered(
        t, {"jwk": dict(ATTACKER.jwk), "kid": None}, sign=signer(ATTACKER.private_pem)
    ),
    "another's key under our name": lambda _p, t: altered(t, sign=signer(ATTACKER.private_pem)),
    "a key by address": lambda _p, t: altered(
        t, {"jku": "https://other.example/jwks", "kid": ATTACKER.jwk["kid"]}, sign=signer(ATTACKER.private_pem)
    ),
    "kid a path": lambda _p, t: altered(t, {"kid": "/dev/null"}, sign=shared_secret(b"")),
    "typ JWT": lambda _p, t: altered(t, {"typ": "JWT"}),
    "another life": lambda _p, t: altered(t, claims={"exp": NOW + 86_400}),
    "another client": lambda _p, t: altered(t, claims={"client_id": "x", "sub": "x"}),
    "more in the payload": lambda _p, t: altered(t, claims={"attribution": "granted"}),
    "another signature": lambda _p, t: t[:-8] + "AAAAAAAA",
    "an assertion": lambda p, _t: p.assertion(),
    "a grant": lambda p, _t: p.grant(),
    "a proof": lambda p, _t: p.proof(),
    "nonsense": lambda _p, _t: "nonsense",
    "longer than 8 KiB": lambda _p, t: t + "x" * 9000,
}


@pytest.mark.parametrize("case", TOKENS)
def test_a_forged_token_is_refused(party: Party, case: str) -> None:
    text = TOKENS[case](party, party.token())

    answer = party.query(text)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("DPoP ")
    assert "data" not in answer.json()


def test_a_token_is_never_taken_from_the_address_or_the_body(party: Party) -> None:
    """FAPI 2.0, 5.3.4: only the header carries it."""
    token = party.token()
    proof = {"DPoP": party.proof(token=token)}

    answers = [
        party.http.post(f"/graphql?access_token={token}", json=QUESTION, headers=proof),
        party.http.post("/graphql", json=QUESTION | {"access_token": token}, headers=proof),
        party.http.post("/graphql", json=QUESTION, headers=proof | {"Cookie": f"access_token={token}"}),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_a_forged_host_changes_no_address(party: Party) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}

    found = party.http.get("/.well-known/oauth-authorization-server", headers=forged)
    refused = party.http.get("/.well-known/oauth-authorization-server", headers={"Host": "evil.example"})

    assert "evil" not in found.text
    assert refused.status_code == 400
