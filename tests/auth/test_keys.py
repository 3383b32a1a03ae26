"""The node's signing key and the keys made for clients."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519

from auth import dpop
from auth.assertion import checked, parse
from auth.jose import is_signed
from auth.keys import (
    generate_client_key,
    generate_signing_key,
    load_signing_key,
    make_assertion,
    make_proof,
    signing_key,
)
from registry.core.errors import InputRefused
from tests.auth.household import CLIENT, ISSUER, MOMENT
from tests.auth.tokens import ALGORITHMS, pair


def written(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | x25519.X25519PrivateKey, password: bytes = b"") -> str:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()


def test_a_node_reads_the_key_that_was_made_for_it(tmp_path: Path) -> None:
    made = generate_signing_key()

    read = load_signing_key(written(tmp_path / "key.pem", made.private_pem))

    assert read.kid == made.jwk["kid"]
    assert read.public.jwk == made.jwk


def test_keys_do_not_print_their_private_half() -> None:
    made = generate_signing_key()

    assert "PRIVATE" not in repr(made)
    assert "private" not in repr(signing_key(made.private_pem))


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "key.pem", generate_signing_key().private_pem)
    Path(path).chmod(0o644)

    with pytest.raises(InputRefused) as caught:
        load_signing_key(path)

    assert caught.value.code == "SECRET_EXPOSED"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("this is no key at all", id="no key"),
        pytest.param("kéy of other letters " * 4, id="not ASCII"),
        pytest.param(pem(ec.generate_private_key(ec.SECP384R1())), id="P-384"),
        pytest.param(pem(x25519.X25519PrivateKey.generate()), id="X25519"),
        pytest.param(pem(ec.generate_private_key(ec.SECP256R1()), b"secret"), id="encrypted"),
        pytest.param(pair("PS256").private_pem, id="RSA"),
        pytest.param(pair("EdDSA").private_pem, id="Ed25519"),
    ],
)
def test_a_node_signs_with_p256_only(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputRefused) as caught:
        load_signing_key(written(tmp_path / "key.pem", text))

    assert caught.value.field == "signing_key_file"
    assert caught.value.code == "KEY_REFUSED"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_assertion_is_signed_by_the_client_and_good_for_a_minute(algorithm: str) -> None:
    made = generate_client_key(algorithm)

    found = parse(make_assertion(CLIENT, ISSUER, made.private_pem, MOMENT))

    proof = checked(found, issuer=ISSUER, now=MOMENT)
    assert is_signed(found, made.jwk)
    assert proof.client == CLIENT
    assert (proof.expires_at - MOMENT).total_seconds() == 60


def test_a_proof_brings_a_key_and_no_name_of_it() -> None:
    text = make_proof(pair().private_pem, "POST", ISSUER, MOMENT)

    assert sorted(dpop.PROFILE.parse(text).header["jwk"]) == ["crv", "kty", "x", "y"]


def test_each_assertion_has_its_own_name() -> None:
    made = [parse(make_assertion(CLIENT, ISSUER, pair().private_pem, MOMENT)) for _ in range(2)]

    assert made[0].claims["jti"] != made[1].claims["jti"]


def test_a_client_does_not_sign_with_a_short_key() -> None:
    short = pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505  the point of it

    with pytest.raises(InputRefused):
        make_assertion(CLIENT, ISSUER, short, MOMENT)
