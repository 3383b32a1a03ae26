"""What a client's proof must say, claim by claim."""

import pytest

from auth.assertion import Assertion, checked, parse
from registry.core.errors import Unauthenticated
from tests.auth.household import CLIENT, ISSUER, MOMENT, desk
from tests.auth.tokens import compact, signer

AT = int(MOMENT.timestamp())


def check(**claims: object) -> Assertion:
    return checked(parse(desk().assertion(**claims)), issuer=ISSUER, now=MOMENT)


def test_a_good_proof_names_its_client() -> None:
    assert check().client == CLIENT


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("sub", None), ("sub", ""), ("sub", "a\x00b"), ("sub", "x" * 101), ("sub", 7), ("sub", [CLIENT]),
        ("sub", "naïve"), ("sub", CLIENT + "\n"),
        ("iss", None), ("iss", "another-desk"), ("iss", [CLIENT]),
        ("aud", None), ("aud", [ISSUER]), ("aud", [ISSUER, "https://other.example"]), ("aud", f"{ISSUER}/"),
        ("aud", f"{ISSUER}/oauth/token"), ("aud", ISSUER.upper()), ("aud", ISSUER[:-1]),
        ("exp", None), ("exp", AT), ("exp", AT - 300), ("exp", AT + 301), ("exp", AT + 86400), ("exp", str(AT + 60)),
        ("exp", 10**4000), ("exp", True), ("exp", -1), ("exp", [AT + 60]), ("exp", 10**12),
        ("iat", AT + 11), ("iat", AT + 61), ("iat", str(AT)), ("iat", -1), ("iat", False),
        ("nbf", AT + 11), ("nbf", AT + 61), ("nbf", str(AT)), ("nbf", {}),
        ("jti", None), ("jti", ""), ("jti", "1234567"), ("jti", "x" * 129), ("jti", 12345678), ("jti", "1234567\x00"),
        ("jti", "1234567\ud800"), ("jti", "naïve-name"),
    ],
)  # fmt: skip
def test_a_claim_that_is_missing_or_wrong_is_named(member: str, value: object) -> None:
    with pytest.raises(Unauthenticated) as caught:
        check(**{member: value})

    assert caught.value.code == "ASSERTION_REFUSED"
    assert caught.value.field == member


@pytest.mark.parametrize("text", ["1e400", "-1e400", "1e15"])
def test_a_number_beyond_all_dates_is_no_date(text: str) -> None:
    claims = f'{{"iss":"{CLIENT}","sub":"{CLIENT}","aud":"{ISSUER}","jti":"0123456789","exp":{text}}}'
    found = parse(compact(desk().header(), claims, signer(desk().keys.private_pem)))

    with pytest.raises(Unauthenticated) as caught:
        checked(found, issuer=ISSUER, now=MOMENT)

    assert caught.value.field == "exp"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("iat", None), ("iat", AT + 8), ("iat", AT + 10), ("iat", AT + 0.5), ("iat", AT - 3600), ("iat", 0),
        ("nbf", AT + 10), ("exp", AT + 300),
        ("exp", AT + 1), ("exp", AT + 59.5), ("jti", "12345678"), ("jti", "x" * 128),
    ],
)  # fmt: skip
def test_clocks_may_differ_and_bounds_are_inside(member: str, value: object) -> None:
    assert check(**{member: value}).client == CLIENT
