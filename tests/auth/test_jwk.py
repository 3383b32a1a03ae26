"""Which public keys may be enrolled."""

from base64 import urlsafe_b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from auth.jwk import key_set, of_material, public_key, thumbprint
from registry.core.errors import InputRefused
from tests.auth.tokens import ALGORITHMS, encoded, pair

EC = dict(pair("ES256").jwk)
RSA = dict(pair("PS256").jwk)
OKP = dict(pair("EdDSA").jwk)


def rsa_jwk(bits: int) -> dict[str, str]:
    """Return a key of this length; nobody has its private half, so none need be found."""
    return {"kty": "RSA", "e": "AQAB", "n": encoded((2**bits - 1).to_bytes(bits // 8))}


def p384() -> dict[str, str]:
    point = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-384", "x": encoded(point.x.to_bytes(48)), "y": encoded(point.y.to_bytes(48))}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_keeps_its_public_members_and_its_name_only(algorithm: str) -> None:
    given = dict(pair(algorithm).jwk)

    kept = public_key(given | {"use": "sig", "alg": algorithm, "key_ops": ["verify"], "x5t": "…"}).jwk

    assert kept == given


def test_a_key_without_a_name_is_named_by_its_thumbprint() -> None:
    unnamed = {name: value for name, value in EC.items() if name != "kid"}

    assert public_key(unnamed).kid == EC["kid"]
    for name in ("1", "desk 1", "x" * 128):
        assert public_key(unnamed | {"kid": name}).kid == name


def test_the_thumbprint_is_that_of_the_specification() -> None:
    """The example of RFC 7638, section 3.1."""
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3okn"
        "jhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qM"
        "QvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJz"
        "KnqDKgw"
    )

    assert thumbprint({"kty": "RSA", "n": modulus, "e": "AQAB"}) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_key_of_4096_bits_is_accepted_and_its_jwk_is_its_own() -> None:
    jwk = rsa_jwk(4096)

    assert of_material(public_key(jwk).material).jwk == public_key(jwk).jwk


@pytest.mark.parametrize(
    "jwk",
    [
        pytest.param("text", id="no object"),
        pytest.param({}, id="empty"),
        pytest.param({"kty": "oct", "k": encoded(b"0" * 32)}, id="shared secret"),
        pytest.param({"kty": "oct"}, id="kind of a shared secret"),
        pytest.param({"kty": ["EC"]}, id="kind is a list"),
        *(pytest.param(RSA | {name: "AQAB"}, id=name) for name in ("d", "p", "q", "dp", "dq", "qi", "oth", "k")),
        pytest.param(EC | {"d": "AQAB"}, id="private point"),
        pytest.param(EC | {"use": "enc"}, id="for encryption"),
        pytest.param(EC | {"key_ops": ["sign"]}, id="for signing"),
        pytest.param(EC | {"key_ops": "verify"}, id="key_ops is a text"),
        pytest.param(EC | {"alg": "PS256"}, id="algorithm of another kind"),
        pytest.param(EC | {"alg": "HS256"}, id="HS256"),
        pytest.param(EC | {"alg": ["ES256"]}, id="algorithm is a list"),
        pytest.param(EC | {"kid": ""}, id="empty name"),
        pytest.param(EC | {"kid": "x" * 129}, id="long name"),
        pytest.param(EC | {"kid": "a\x00b"}, id="name with NUL"),
        pytest.param(EC | {"kid": 1}, id="name is a number"),
        pytest.param(EC | {"x": EC["y"]}, id="not on the curve"),
        pytest.param(EC | {"x": "AAAA"}, id="short coordinate"),
        pytest.param(
            EC | {"x": encoded(b"\x00" + urlsafe_b64decode(EC["x"] + "="))}, id="coordinate with a zero before"
        ),
        pytest.param(EC | {"x": "A"}, id="not base64url"),
        pytest.param(EC | {"x": EC["x"] + "="}, id="padded"),
        pytest.param(EC | {"x": 1}, id="coordinate is a number"),
        pytest.param(EC | {"crv": "P-384"}, id="another curve's name"),
        pytest.param(p384(), id="P-384"),
        pytest.param(OKP | {"crv": "Ed448"}, id="Ed448"),
        pytest.param(OKP | {"crv": "X25519"}, id="X25519"),
        pytest.param(OKP | {"x": "AAAA"}, id="short Edwards point"),
        pytest.param(rsa_jwk(1024), id="RSA-1024"),
        pytest.param(rsa_jwk(2040), id="RSA-2040"),
        pytest.param(rsa_jwk(4104), id="RSA-4104"),
        pytest.param(RSA | {"e": "AA"}, id="exponent 0"),
    ],
)
def test_a_key_that_is_weak_private_or_unclear_is_refused(jwk: object) -> None:
    with pytest.raises(InputRefused) as caught:
        public_key(jwk)

    assert caught.value.code == "KEY_REFUSED"


@pytest.mark.parametrize(
    "jwks",
    [None, [], {}, {"keys": {}}, {"keys": []}, {"keys": [EC] * 2}, {"keys": [EC | {"kid": str(n)} for n in range(5)]}],
    ids=["none", "list", "empty", "object", "no key", "two alike", "five"],
)
def test_a_key_set_holds_one_to_four_keys_with_different_names(jwks: object) -> None:
    with pytest.raises(InputRefused):
        key_set(jwks)


def test_a_client_may_have_four_keys() -> None:
    names = [str(number) for number in range(4)]

    assert [key["kid"] for key in key_set({"keys": [EC | {"kid": name} for name in names]})["keys"]] == names


def test_a_refused_key_is_named_by_its_place() -> None:
    with pytest.raises(InputRefused) as caught:
        key_set({"keys": [EC, {"kty": "oct"}]})

    assert caught.value.field == "keys[1].kty"


def test_thumbprints_are_the_length_of_a_digest() -> None:
    assert len(urlsafe_b64decode(EC["kid"] + "=")) == 32
