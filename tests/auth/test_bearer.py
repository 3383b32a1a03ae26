"""A token is believed when it is ours, for here, and still good: nothing else in it is looked at before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from auth.bearer import Bearer, www_authenticate
from auth.details import Details
from auth.keys import signing_key
from auth.tokens import Claims, audience, issue
from registry.core.config import Settings
from registry.core.errors import Unauthenticated
from registry.disclosure.vocabulary import Purpose
from tests.auth.household import AUDIENCE, CLIENT, ISSUER, MOMENT, Watch
from tests.auth.tokens import compact, encoded, pair, shared_secret, signer

KEY = signing_key(pair("ES256", 99).private_pem)
OTHER = signing_key(pair("ES256", 98).private_pem)
DETAILS = Details(Purpose.OVERSIGHT, "OB 1/2/2026", "KE-DPA-30-1-B", "INV/1")
CLAIMS = Claims(CLIENT, "0123456789", MOMENT, MOMENT + timedelta(seconds=300), DETAILS)
AT = int(MOMENT.timestamp())
HEADER: dict[str, object] = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid}
PAYLOAD: dict[str, object] = {
    "iss": ISSUER, "aud": AUDIENCE, "sub": CLIENT, "client_id": CLIENT, "iat": AT, "exp": AT + 300,
    "jti": "0123456789", "authorization_details": DETAILS.as_json(),
}  # fmt: skip


def bearer(watch: Watch | None = None) -> Bearer:
    return Bearer.of(Settings(public_url=ISSUER), KEY, watch or Watch())


def token(claims: Claims = CLAIMS) -> str:
    return issue(claims, KEY, issuer=ISSUER, audience=AUDIENCE)


def made(header: dict[str, object] | None = None, payload: dict[str, object] | None = None) -> str:
    """Return a token signed with our key, with members changed; None leaves one out."""
    parts = (HEADER | (header or {}), PAYLOAD | (payload or {}))
    kept = [{name: value for name, value in part.items() if value is not None} for part in parts]
    return compact(kept[0], kept[1], signer(pair("ES256", 99).private_pem))


def refusal(authorization: str | None, watch: Watch | None = None) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        bearer(watch).claims(authorization)
    return caught.value


@pytest.mark.parametrize("claims", [CLAIMS, replace(CLAIMS, details=None)], ids=["with details", "without"])
def test_a_token_says_what_was_signed(claims: Claims) -> None:
    assert bearer().claims(f"Bearer {token(claims)}") == claims


@pytest.mark.parametrize("form", ["bearer {}", "BEARER {}", "  Bearer {}  ", "Bearer   {}"])
def test_the_scheme_is_read_in_any_case(form: str) -> None:
    assert bearer().claims(form.format(token())) == CLAIMS


def test_a_handmade_token_of_our_key_is_believed() -> None:
    assert bearer().claims(f"Bearer {made()}") == CLAIMS
    assert bearer().claims(f"Bearer {made({'typ': 'application/AT+JWT'})}") == CLAIMS


def test_a_worker_whose_clock_is_ten_seconds_behind_believes_a_new_token() -> None:
    assert bearer().claims(f"Bearer {made(payload={'iat': AT + 10})}").client == CLIENT


@pytest.mark.parametrize("authorization", [None, "", "   ", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "DPoP x", "x"])
def test_without_a_bearer_token_it_is_missing(authorization: str | None) -> None:
    assert refusal(authorization).code == "TOKEN_MISSING"


def test_a_token_is_good_until_its_last_moment_and_no_longer() -> None:
    watch = Watch()
    text = token()

    watch.wait(299.9)
    assert bearer(watch).claims(f"Bearer {text}") == CLAIMS
    watch.wait(0.1)
    assert refusal(f"Bearer {text}", watch).code == "TOKEN_EXPIRED"


def test_a_forged_token_is_invalid_even_if_it_says_it_has_expired() -> None:
    forged = issue(CLAIMS, OTHER, issuer=ISSUER, audience=AUDIENCE)
    watch = Watch()
    watch.wait(1000)

    assert refusal(f"Bearer {forged}", watch).code == "TOKEN_INVALID"


@pytest.mark.parametrize(
    "header",
    [{"typ": None}, {"typ": "JWT"}, {"typ": "dpop+jwt"}, {"alg": "none"}, {"alg": "HS256"}, {"alg": "PS256"},
     {"alg": "EdDSA"}, {"kid": None}, {"kid": OTHER.kid}, {"kid": "x" * 129}, {"crit": ["exp"]}],
    ids=lambda header: next(iter(header)),
)  # fmt: skip
def test_a_header_of_another_token_is_refused(header: dict[str, object]) -> None:
    assert refusal(f"Bearer {made(header)}").code == "TOKEN_INVALID"


@pytest.mark.parametrize(
    "payload",
    [
        {"iss": None}, {"iss": "https://other.example"}, {"iss": [ISSUER]}, {"aud": None}, {"aud": ISSUER},
        {"aud": [AUDIENCE]}, {"aud": [AUDIENCE, "https://other.example"]}, {"exp": None}, {"exp": str(AT + 300)},
        {"exp": True}, {"iat": None}, {"iat": AT + 11}, {"iat": "now"}, {"jti": None}, {"jti": ""}, {"jti": 12345678},
        {"client_id": None}, {"client_id": "another"}, {"client_id": 1, "sub": 1}, {"sub": None},
        {"authorization_details": []}, {"authorization_details": "text"}, {"authorization_details": [{}]},
        {"authorization_details": [{**DETAILS.as_json()[0], "purpose": "curiosity"}]}, {"authorization_details": 7},
        {"authorization_details": DETAILS.as_json() * 2}, {"authorization_details": [1]},
    ],
    ids=str,
)  # fmt: skip
def test_a_claim_that_is_missing_or_of_another_type_is_refused(payload: dict[str, object]) -> None:
    assert refusal(f"Bearer {made(payload=payload)}").code == "TOKEN_INVALID"


def test_an_altered_token_is_refused() -> None:
    header, payload, signature = token().split(".")
    nothing = encoded(b"\x00" * 64)

    for parts in [(header, payload, nothing), (header, payload[:-2] + "xx", signature), (header, payload, "x")]:
        assert refusal(f"Bearer {'.'.join(parts)}").code == "TOKEN_INVALID"


def test_the_public_key_is_no_shared_secret() -> None:
    secret = KEY.public.jwk["x"].encode()

    assert (
        refusal(f"Bearer {compact(HEADER | {'alg': 'HS256'}, PAYLOAD, shared_secret(secret))}").code == "TOKEN_INVALID"
    )


def test_a_client_assertion_is_no_access_token() -> None:
    assert refusal(f"Bearer {made({'typ': 'client-authentication+jwt'})}").field == "typ"


@given(st.text(max_size=200))
def test_any_header_is_refused_calmly(text: str) -> None:
    assert refusal(f"Bearer {text}").code in ("TOKEN_INVALID", "TOKEN_MISSING")


def test_tokens_are_for_the_api_of_this_node() -> None:
    assert audience(Settings(public_url=ISSUER)) == AUDIENCE


def test_the_challenge_names_an_error_only_when_there_was_a_token() -> None:
    watch = Watch()
    watch.wait(1000)

    assert www_authenticate(refusal(None)) == 'Bearer realm="registry"'
    assert 'error="invalid_token"' in www_authenticate(refusal("Bearer x"))
    assert 'error_description="TOKEN_EXPIRED"' in www_authenticate(refusal(f"Bearer {token()}", watch))
