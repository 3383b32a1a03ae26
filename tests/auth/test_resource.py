"""A token is believed when it is ours, for here, still good, and shown by whoever holds its key."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from auth.details import Details
from auth.keys import make_proof, signing_key
from auth.resource import Caller, Presented, Resource, www_authenticate
from auth.tokens import Claims, audience, issue
from registry.core.config import Settings
from registry.core.errors import Unauthenticated
from registry.disclosure.vocabulary import Attribution, Purpose
from tests.auth.household import AUDIENCE, CLIENT, ISSUER, MOMENT, Watch
from tests.auth.tokens import compact, encoded, pair, shared_secret, signer
from tests.holder import JKT, KEY as HELD

KEY = signing_key(pair("ES256", 99).private_pem)
OTHER = signing_key(pair("ES256", 98).private_pem)
DETAILS = Details(Purpose.OVERSIGHT, "OB 1/2/2026", "KE-DPA-30-1-B", "INV/1")
CLAIMS = Claims(
    CLIENT, "0123456789", MOMENT, MOMENT + timedelta(seconds=300), DETAILS, JKT, attribution=Attribution.GRANTED,
    authenticated_at=MOMENT - timedelta(seconds=60),
)  # fmt: skip
AT = int(MOMENT.timestamp())
HEADER: dict[str, object] = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid}
PAYLOAD: dict[str, object] = {
    "iss": ISSUER, "aud": AUDIENCE, "sub": CLIENT, "client_id": CLIENT, "iat": AT, "exp": AT + 300,
    "jti": "0123456789", "authorization_details": DETAILS.as_json(), "attribution": "granted", "cnf": {"jkt": JKT},
    "auth_time": AT - 60,
}  # fmt: skip


URL = f"{ISSUER}/graphql"


def resource(watch: Watch | None = None) -> Resource:
    return Resource.of(Settings(public_url=ISSUER), {KEY.kid: KEY.public.jwk}, watch or Watch())


def presented(text: str, *proofs: str, scheme: str = "DPoP", watch: Watch | None = None, **more: str) -> Presented:
    """Return what a request shows: a token, and a good proof if no other is given."""
    good = make_proof(HELD.private_pem, "POST", URL, (watch or Watch())(), token=text or "none")
    return Presented("POST", URL, (f"{scheme} {text}",), proofs or (good,), **more)


def claims_of(text: str, watch: Watch | None = None) -> Claims:
    return resource(watch).caller(presented(text, watch=watch)).claims


def token(claims: Claims = CLAIMS) -> str:
    return issue(claims, KEY, issuer=ISSUER, audience=AUDIENCE)


def made(header: dict[str, object] | None = None, payload: dict[str, object] | None = None) -> str:
    """Return a token signed with our key, with members changed; None leaves one out."""
    parts = (HEADER | (header or {}), PAYLOAD | (payload or {}))
    kept = [{name: value for name, value in part.items() if value is not None} for part in parts]
    return compact(kept[0], kept[1], signer(pair("ES256", 99).private_pem))


def refused(shown: Presented, watch: Watch | None = None) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        resource(watch).caller(shown)
    return caught.value


def refusal(text: str, watch: Watch | None = None) -> Unauthenticated:
    """Return why a token is refused that comes with a good proof."""
    return refused(presented(text, watch=watch), watch)


def without_token(*authorization: str) -> Presented:
    return Presented("POST", URL, authorization, ())


@pytest.mark.parametrize(
    "claims", [CLAIMS, replace(CLAIMS, details=None, attribution=Attribution.AGENCY, authenticated_at=None),
               replace(CLAIMS, subject="ke-invented INV/1")],
    ids=["with details", "without", "of an officer"],
)  # fmt: skip
def test_a_token_says_what_was_signed(claims: Claims) -> None:
    assert claims_of(token(claims)) == claims


@pytest.mark.parametrize("form", ["dpop {}", "DPOP {}", "  DPoP {}  ", "DPoP   {}"])
def test_the_scheme_is_read_in_any_case(form: str) -> None:
    text = token()
    shown = replace(presented(text), authorization=(form.format(text),))

    assert resource().caller(shown).claims == CLAIMS


def test_a_handmade_token_of_our_key_is_believed() -> None:
    assert claims_of(made()) == CLAIMS
    assert claims_of(made({"typ": "application/AT+JWT"})) == CLAIMS


def test_a_worker_whose_clock_is_ten_seconds_behind_believes_a_new_token() -> None:
    assert claims_of(made(payload={"iat": AT + 10})).client == CLIENT


@pytest.mark.parametrize(
    "authorization", [(), ("",), ("   ",), ("DPoP",), ("DPoP ",), ("Basic dXNlcjpwYXNz",), ("x",), ("DPoP a", "DPoP a")]
)
def test_without_one_token_it_is_missing(authorization: tuple[str, ...]) -> None:
    assert refused(without_token(*authorization)).code == "TOKEN_MISSING"


# -- what a token is bound to


def test_a_proof_that_is_good_names_its_key_and_is_to_be_used_up() -> None:
    caller = resource().caller(presented(token()))

    assert caller.proof is not None
    assert caller.proof.jkt == JKT
    assert caller.proof.expires_at > MOMENT + timedelta(seconds=60)


def test_a_stolen_token_is_worth_nothing_without_its_key() -> None:
    text = token()
    other = make_proof(pair("ES256", 97).private_pem, "POST", URL, MOMENT, token=text)

    for shown, field in (
        (replace(presented(text), proofs=()), "DPoP"),
        (presented(text, "nonsense"), "token"),
        (presented(text, other), "jwk"),
        (replace(presented(text), proofs=presented(text).proofs * 2), "DPoP"),
    ):
        refusal = refused(shown)
        assert (refusal.code, refusal.field) == ("PROOF_REFUSED", field)


def test_a_proof_speaks_for_one_token() -> None:
    other = issue(replace(CLAIMS, token_id="another-token"), KEY, issuer=ISSUER, audience=AUDIENCE)

    assert refused(presented(token(), *presented(other).proofs)).field == "ath"


def test_a_token_that_is_bound_to_a_key_is_no_bearer_token() -> None:
    assert refused(presented(token(), scheme="Bearer")).field == "cnf"


@pytest.mark.parametrize("bound", [None, {}, {"jkt": None}, {"jkt": 7}, "jkt", []], ids=str)
def test_a_token_that_is_bound_to_nothing_is_none_of_ours(bound: object) -> None:
    assert refusal(made(payload={"cnf": bound})).field == "cnf"


OVER_TLS = replace(CLAIMS, jkt=None, certificate="thumbprint")


def test_a_token_that_is_bound_to_a_certificate_comes_over_it() -> None:
    text = token(OVER_TLS)
    shown = Presented("POST", URL, (f"Bearer {text}",), (), certificate="thumbprint")

    assert resource().caller(shown) == Caller(OVER_TLS)
    for other in (
        replace(shown, certificate=None),
        replace(shown, certificate="another"),
        replace(shown, authorization=(f"DPoP {text}",)),
        replace(shown, proofs=("a proof",)),
    ):
        assert refused(other).field == "cnf"


def test_a_token_that_is_bound_to_a_key_may_come_over_any_certificate() -> None:
    assert resource().caller(presented(token(), certificate="thumbprint")).claims == CLAIMS


def test_a_token_that_is_bound_to_both_needs_both() -> None:
    text = token(replace(CLAIMS, certificate="thumbprint"))

    assert resource().caller(presented(text, certificate="thumbprint")).proof is not None
    assert refused(presented(text)).field == "cnf"


# -- when, and by whom it was signed


def test_a_token_is_good_until_its_last_moment_and_no_longer() -> None:
    watch = Watch()
    text = token()

    watch.wait(299.9)
    assert claims_of(text, watch) == CLAIMS
    watch.wait(0.1)
    assert refusal(text, watch).code == "TOKEN_EXPIRED"


def test_a_forged_token_is_invalid_even_if_it_says_it_has_expired() -> None:
    forged = issue(CLAIMS, OTHER, issuer=ISSUER, audience=AUDIENCE)
    watch = Watch()
    watch.wait(1000)

    assert refusal(forged, watch).code == "TOKEN_INVALID"


@pytest.mark.parametrize(
    "header",
    [{"typ": None}, {"typ": "JWT"}, {"typ": "dpop+jwt"}, {"alg": "none"}, {"alg": "HS256"}, {"alg": "PS256"},
     {"alg": "EdDSA"}, {"kid": None}, {"kid": OTHER.kid}, {"kid": "x" * 129}, {"crit": ["exp"]}],
    ids=lambda header: next(iter(header)),
)  # fmt: skip
def test_a_header_of_another_token_is_refused(header: dict[str, object]) -> None:
    assert refusal(made(header)).code == "TOKEN_INVALID"


@pytest.mark.parametrize(
    "payload",
    [
        {"iss": None}, {"iss": "https://other.example"}, {"iss": [ISSUER]}, {"aud": None}, {"aud": ISSUER},
        {"aud": [AUDIENCE]}, {"aud": [AUDIENCE, "https://other.example"]}, {"exp": None}, {"exp": str(AT + 300)},
        {"exp": True}, {"iat": None}, {"iat": AT + 11}, {"iat": "now"}, {"jti": None}, {"jti": ""}, {"jti": 12345678},
        {"client_id": None}, {"client_id": "another"}, {"client_id": 1, "sub": 1}, {"sub": None},
        {"client_id": 1, "sub": "ke-invented INV/1"}, {"sub": "ke-invented INV/1", "attribution": "stated"},
        {"authorization_details": []}, {"authorization_details": "text"}, {"authorization_details": [{}]},
        {"authorization_details": [{**DETAILS.as_json()[0], "purpose": "curiosity"}]}, {"authorization_details": 7},
        {"authorization_details": DETAILS.as_json() * 2}, {"authorization_details": [1]},
        {"attribution": None}, {"attribution": "certain"}, {"auth_time": "now"}, {"auth_time": -1},
    ],
    ids=str,
)  # fmt: skip
def test_a_claim_that_is_missing_or_of_another_type_is_refused(payload: dict[str, object]) -> None:
    assert refusal(made(payload=payload)).code == "TOKEN_INVALID"


def test_an_altered_token_is_refused() -> None:
    header, payload, signature = token().split(".")
    nothing = encoded(b"\x00" * 64)

    for parts in [(header, payload, nothing), (header, payload[:-2] + "xx", signature), (header, payload, "x")]:
        assert refusal(".".join(parts)).code == "TOKEN_INVALID"


def test_the_public_key_is_no_shared_secret() -> None:
    secret = KEY.public.jwk["x"].encode()

    assert refusal(compact(HEADER | {"alg": "HS256"}, PAYLOAD, shared_secret(secret))).code == "TOKEN_INVALID"


def test_a_client_assertion_is_no_access_token() -> None:
    assert refusal(made({"typ": "client-authentication+jwt"})).field == "typ"


@given(st.text(max_size=200))
def test_any_header_is_refused_calmly(text: str) -> None:
    assert refused(without_token(text)).code in ("TOKEN_INVALID", "TOKEN_MISSING")
    assert refused(without_token(f"DPoP {text}")).code in ("TOKEN_INVALID", "TOKEN_MISSING")


@given(st.text(max_size=200))
def test_any_proof_is_refused_calmly(text: str) -> None:
    assert refused(presented(token(), text)).code == "PROOF_REFUSED"


def test_tokens_are_for_the_api_of_this_node() -> None:
    assert audience(Settings(public_url=ISSUER)) == AUDIENCE


def test_the_challenge_names_an_error_only_when_there_was_a_token() -> None:
    watch = Watch()
    text = token()
    watch.wait(1000)

    assert www_authenticate(refused(without_token())).startswith('DPoP realm="registry", algs=')
    assert 'error="invalid_token"' in www_authenticate(refusal("x"))
    assert 'error_description="TOKEN_EXPIRED"' in www_authenticate(refusal(text, watch))
    assert 'error="invalid_dpop_proof"' in www_authenticate(refused(presented(text, "x")))
