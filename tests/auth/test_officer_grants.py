"""What the word of an officer's authority must say, claim by claim."""

from datetime import UTC, datetime
from typing import Any

import pytest

from auth.keys import make_grant
from auth.officer_grants import OfficerGrant, checked, parse
from registry.core.errors import InputRefused, Unauthenticated
from tests.auth.household import AGENCY, DETAILS, ISSUER, MOMENT, OFFICER, InventedCountry
from tests.auth.tokens import compact, pair, signer

AT = int(MOMENT.timestamp())
HEADER = {"alg": "ES256", "typ": "authorization-grant+jwt"}
HOURS = 3600


def made(header: dict[str, object] | None = None, /, **claims: object) -> str:
    said: dict[str, Any] = {
        "iss": AGENCY, "sub": OFFICER, "aud": ISSUER, "iat": AT, "exp": AT + 60, "jti": "0123456789",
        "auth_time": AT - 60, "acr": "urn:example:loa:high", "authorization_details": [DETAILS],
    } | claims  # fmt: skip
    kept = {name: value for name, value in said.items() if value is not None}
    return compact(HEADER | (header or {}), kept, signer(pair().private_pem))


def check(header: dict[str, object] | None = None, /, **claims: object) -> OfficerGrant:
    return checked(
        parse(made(header, **claims)), agency=AGENCY, issuer=ISSUER, country=InventedCountry(), now=MOMENT
    )  # fmt: skip


def test_a_grant_says_who_asks_why_and_how_they_signed_in() -> None:
    text = made()

    grant = checked(parse(text), agency=AGENCY, issuer=ISSUER, country=InventedCountry(), now=MOMENT)

    assert (grant.agency, grant.token_id, grant.acr) == (AGENCY, "0123456789", "urn:example:loa:high")
    assert grant.details.as_json() == [DETAILS]
    assert grant.authenticated_at == datetime.fromtimestamp(AT - 60, UTC)
    assert grant.expires_at == datetime.fromtimestamp(AT + 60, UTC)
    assert grant.text == text
    assert text not in repr(grant)


def test_what_our_own_client_side_signs_is_a_grant() -> None:
    text = make_grant(AGENCY, ISSUER, pair().private_pem, MOMENT, acr="high", details=DETAILS)

    assert checked(parse(text), agency=AGENCY, issuer=ISSUER, country=InventedCountry(), now=MOMENT).acr == "high"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("iss", None), ("iss", "ke-elsewhere"), ("iss", [AGENCY]), ("iss", AGENCY.upper()),
        ("sub", None), ("sub", "INV/1"), ("sub", [OFFICER]),
        ("aud", None), ("aud", [ISSUER]), ("aud", f"{ISSUER}/"), ("aud", f"{ISSUER}/oauth/token"),
        ("exp", None), ("exp", AT), ("exp", AT - 1), ("exp", AT + 121), ("exp", str(AT + 60)), ("exp", True),
        ("iat", None), ("iat", AT + 11), ("iat", str(AT)),
        ("jti", None), ("jti", ""), ("jti", "1234567"), ("jti", "x" * 129), ("jti", 12345678),
        ("auth_time", None), ("auth_time", AT - 8 * HOURS - 1), ("auth_time", AT + 11), ("auth_time", "now"),
        ("acr", None), ("acr", ""), ("acr", 7), ("acr", ["high"]), ("acr", "x" * 201), ("acr", "naïve"),
        ("acr", "a\x00b"),
        ("act", {"sub": "ke-elsewhere"}), ("act", {}),
    ],
)  # fmt: skip
def test_a_claim_that_is_missing_or_wrong_is_named(member: str, value: object) -> None:
    with pytest.raises(Unauthenticated) as caught:
        check(**{member: value})

    assert (caught.value.code, caught.value.field) == ("GRANT_REFUSED", member)


@pytest.mark.parametrize("value", [AT + 11, str(AT), -1])
def test_a_grant_that_is_not_good_yet_is_refused(value: object) -> None:
    with pytest.raises(Unauthenticated) as caught:
        check(nbf=value)

    assert caught.value.code == "GRANT_REFUSED"


@pytest.mark.parametrize(
    ("member", "value"),
    [("exp", AT + 120), ("iat", AT + 10), ("iat", AT - HOURS), ("nbf", AT + 10), ("auth_time", AT - 8 * HOURS),
     ("auth_time", AT + 10), ("acr", "x" * 200), ("acr", "0"), ("unknown", {"a": 1})],
)  # fmt: skip
def test_a_claim_may_go_to_its_bound(member: str, value: object) -> None:
    assert check(**{member: value}).agency == AGENCY


@pytest.mark.parametrize(
    "details",
    [None, [], {}, DETAILS, "text", [DETAILS, DETAILS], [DETAILS | {"purpose": "curiosity"}], [DETAILS | {"x": 1}]],
)
def test_a_grant_without_one_reason_that_is_understood_is_refused(details: object) -> None:
    with pytest.raises(InputRefused) as caught:
        check(authorization_details=details)

    assert caught.value.code == "DETAILS_REFUSED"


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "dpop+jwt", "client-authentication+jwt", "", 7])
def test_a_token_of_another_kind_is_no_grant(typ: object) -> None:
    with pytest.raises(Unauthenticated) as caught:
        check({"typ": typ})

    assert caught.value.field == "typ"


@pytest.mark.parametrize("alg", ["none", "HS256", "RS256", "ES384", None])
def test_an_algorithm_that_is_not_allowed_makes_no_grant(alg: object) -> None:
    with pytest.raises(Unauthenticated) as caught:
        check({"alg": alg})

    assert caught.value.field == "alg"
