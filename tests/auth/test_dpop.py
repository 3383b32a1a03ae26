"""The twelve checks of a proof (RFC 9449, 4.3), each by a proof in which that one thing is wrong."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, strategies as st

from auth import dpop
from auth.dpop import Proof, checked
from auth.jwk import public_key
from auth.keys import make_proof
from registry.core.errors import Unauthenticated
from tests.auth.household import MOMENT
from tests.auth.tokens import ALGORITHMS, compact, encoded, pair, shared_secret, signer

URL = "https://registry.example/graphql"
AT = int(MOMENT.timestamp())
TOKEN = "a.token.text"


def key(algorithm: str = "ES256") -> dict[str, str]:
    return {name: value for name, value in pair(algorithm).jwk.items() if name != "kid"}


def made(header: Mapping[str, object] | None = None, /, algorithm: str = "ES256", **claims: Any) -> str:  # Any: JSON
    """Return a proof with members changed; None leaves one out."""
    kind = "EdDSA" if algorithm == "Ed25519" else algorithm
    head = {"typ": "dpop+jwt", "alg": algorithm, "jwk": key(kind)} | dict(header or {})
    body = {"jti": "0123456789", "htm": "POST", "htu": URL, "iat": AT, "ath": dpop.digest(TOKEN)} | claims
    kept = [{name: value for name, value in part.items() if value is not None} for part in (head, body)]
    return compact(kept[0], kept[1], signer(pair(kind).private_pem))


def read(text: str, token: str | None = TOKEN) -> Proof:
    return checked(text, method="POST", url=URL, now=MOMENT, token=token)


def refusal(text: str) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        read(text)
    assert caught.value.code == "PROOF_REFUSED"
    return caught.value


@pytest.mark.parametrize("algorithm", [*ALGORITHMS, "Ed25519"])
def test_a_good_proof_names_the_thumbprint_of_its_key(algorithm: str) -> None:
    kind = "EdDSA" if algorithm == "Ed25519" else algorithm

    proof = read(made(algorithm=algorithm))

    assert proof.jkt == dpop.thumbprint(public_key(key(kind)))
    assert proof.token_id == "0123456789"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_we_sign_as_a_client_is_a_good_proof(algorithm: str) -> None:
    text = make_proof(pair(algorithm).private_pem, "POST", URL, MOMENT, token=TOKEN, nonce="n")

    assert read(text).nonce == "n"


def test_a_thumbprint_is_that_of_the_rfc() -> None:
    """RFC 7638, 3.1."""
    jwk = {
        "kty": "RSA", "e": "AQAB", "alg": "PS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"
             "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"
             "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"
             "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    }  # fmt: skip

    assert dpop.thumbprint(public_key(jwk)) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


HEADERS: list[tuple[dict[str, object], str]] = [
    ({"typ": None}, "typ"), ({"typ": "JWT"}, "typ"), ({"typ": "at+jwt"}, "typ"), ({"alg": "none"}, "alg"),
    ({"alg": "RS256"}, "alg"), ({"alg": "HS256"}, "alg"), ({"alg": "PS256"}, "alg"), ({"alg": None}, "alg"),
    ({"jwk": None}, "jwk"), ({"jwk": "text"}, "jwk"), ({"jwk": {"kty": "oct", "k": "AAAA"}}, "jwk"),
    ({"jwk": key() | {"d": "AAAA"}}, "jwk"), ({"jwk": key() | {"kty": "RSA"}}, "jwk.e"),
    ({"jwk": key() | {"use": "enc"}}, "jwk.use"), ({"jwk": key() | {"x": key()["y"]}}, "jwk"),
    ({"jwk": dict(pair("ES256", 5).jwk)}, "proof"), ({"crit": ["b64"]}, "crit"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "field"), HEADERS, ids=[f"{place} {field}" for place, (_, field) in enumerate(HEADERS)]
)
def test_a_header_of_which_one_thing_is_wrong(header: dict[str, object], field: str) -> None:
    assert refusal(made(header)).field == field


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ({"jti": None}, "jti"), ({"jti": ""}, "jti"), ({"jti": 12345678}, "jti"), ({"jti": "x" * 129}, "jti"),
        ({"htm": None}, "htm"), ({"htm": "GET"}, "htm"), ({"htm": "post"}, "htm"), ({"htm": ["POST"]}, "htm"),
        ({"htu": None}, "htu"), ({"htu": 7}, "htu"), ({"htu": "https://registry.example/"}, "htu"),
        ({"htu": "https://other.example/graphql"}, "htu"), ({"htu": "http://registry.example/graphql"}, "htu"),
        ({"htu": "https://registry.example:8443/graphql"}, "htu"), ({"htu": "https://[::1"}, "htu"),
        ({"htu": "https://registry.example@other.example/graphql"}, "htu"), ({"htu": "/graphql"}, "htu"),
        ({"iat": None}, "iat"), ({"iat": AT - 61}, "iat"), ({"iat": AT + 11}, "iat"), ({"iat": AT - 3600}, "iat"),
        ({"iat": AT + 3600}, "iat"), ({"iat": str(AT)}, "iat"), ({"iat": True}, "iat"),
        ({"ath": None}, "ath"), ({"ath": dpop.digest("another")}, "ath"), ({"ath": 1}, "ath"), ({"nonce": 7}, "nonce"),
    ],
    ids=str,
)  # fmt: skip
def test_a_claim_that_is_wrong(claims: dict[str, Any], field: str) -> None:
    assert refusal(made(**claims)).field == field


@pytest.mark.parametrize(
    "claims",
    [
        {"htu": "https://registry.example/graphql?a=b"}, {"htu": "https://registry.example/graphql#part"},
        {"htu": "HTTPS://REGISTRY.example/graphql"}, {"htu": "https://registry.example:443/graphql"},
        {"iat": AT - 60}, {"iat": AT + 10}, {"exp": AT - 1000, "nbf": AT + 1000}, {"extra": {"claims": True}},
    ],
    ids=str,
)  # fmt: skip
def test_what_the_rfc_lets_pass(claims: dict[str, Any]) -> None:
    assert read(made(**claims)).token_id == "0123456789"


def test_a_nonce_of_ours_tells_the_time_where_a_clock_is_off() -> None:
    def told(nonce: str) -> Proof:
        text = made(iat=AT - 3600, nonce=nonce)
        return checked(text, method="POST", url=URL, now=MOMENT, token=TOKEN, is_timely=lambda each: each in ("", "n"))

    assert told("n").nonce == "n"
    for nonce in ("another", ""):
        with pytest.raises(Unauthenticated, match="is not within"):
            told(nonce)


def test_without_a_token_there_is_no_digest_to_compare() -> None:
    assert read(made(ath=None), token=None).jkt


def test_a_short_rsa_key_proves_nothing() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  that it is weak is the point
    n = encoded(weak.public_key().public_numbers().n.to_bytes(128))
    assert refusal(made({"alg": "PS256", "jwk": {"kty": "RSA", "e": "AQAB", "n": n}})).field == "jwk"


def test_a_shared_secret_proves_nothing() -> None:
    text = compact(
        {"typ": "dpop+jwt", "alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}, {"jti": "0123456789"},
        shared_secret(b"\x00\x00\x00"),
    )  # fmt: skip

    assert refusal(text).field == "alg"


def test_a_member_that_stands_twice_is_refused() -> None:
    twice = json.dumps({"htm": "POST", "htu": URL, "iat": AT, "jti": "0123456789"})[:-1] + f', "iat": {AT}}}'
    text = compact(
        json.dumps({"typ": "dpop+jwt", "alg": "ES256", "jwk": key()}), twice, signer(pair("ES256").private_pem)
    )

    assert refusal(text).field == "claims"


def test_a_proof_is_remembered_by_its_key_and_its_name_for_as_long_as_it_could_be_good() -> None:
    one, other = read(made()).once, read(made(algorithm="PS256")).once

    assert one.digest == read(made(iat=AT - 5)).once.digest
    assert one.digest != other.digest
    assert one.digest != read(made(jti="9876543210")).once.digest
    assert one.expires_at >= MOMENT + timedelta(seconds=70)


@given(st.text(max_size=300))
def test_any_text_is_refused_calmly(text: str) -> None:
    assert refusal(text).field in ("token", "header", "claims", "typ", "alg")
