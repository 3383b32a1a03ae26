"""A certificate is read strictly from what a proxy says of it, and known by its thumbprint."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import Request

from auth import certificates
from auth.enrolled_certificates import thumbprint
from registry.core.errors import Unauthenticated
from tests.auth.tokens import encoded
from tests.proxies import PrivateKey, certify

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
P256 = ec.generate_private_key(ec.SECP256R1())


def der(key: PrivateKey = P256, *, since: datetime = NOW - timedelta(days=1), days: int = 30) -> bytes:
    return certify(key, "desk", since=since, days=days).public_bytes(Encoding.DER)


def told(octets: bytes) -> str:
    return f":{b64encode(octets).decode()}:"


def refused(header: str, now: datetime = NOW) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        certificates.read(header, now)
    assert caught.value.code == "CERTIFICATE_REFUSED"
    return caught.value


@pytest.mark.parametrize("kind", ["P-256", "RSA-2048", "Ed25519"])
def test_a_certificate_is_known_by_the_sha_256_of_its_der(kind: str) -> None:
    keys: dict[str, PrivateKey] = {
        "P-256": P256, "RSA-2048": rsa.generate_private_key(65537, 2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    }  # fmt: skip
    octets = der(keys[kind])

    assert certificates.read(told(octets), NOW).thumbprint == encoded(hashlib.sha256(octets).digest())


@pytest.mark.parametrize(
    "header", ["", "::", ":AAAA", "AAAA", ":AA-A:", ":AAAA:;x=1", ":AAAA:, :AAAA:", " :AAAA:", ":A:"]
)
def test_what_is_no_byte_sequence_is_refused(header: str) -> None:
    refused(header)


def test_what_is_no_certificate_is_refused() -> None:
    refused(told(b"no certificate"))
    refused(told(der() + b"x"))


def test_a_header_beyond_the_longest_is_not_decoded() -> None:
    assert "is not one certificate" in str(refused(told(bytes(certificates.LONGEST))))


def test_a_certificate_is_good_from_its_first_to_its_last_moment() -> None:
    header = told(der(since=NOW, days=1))

    assert certificates.read(header, NOW).thumbprint
    assert certificates.read(header, NOW + timedelta(days=1)).thumbprint
    refused(header, NOW - timedelta(seconds=1))
    refused(header, NOW + timedelta(days=1, seconds=1))


@pytest.mark.parametrize("kind", ["RSA-1024", "P-521", "unknown"])
def test_a_key_that_is_not_accepted_as_a_clients_is_not_accepted_in_a_certificate(kind: str) -> None:
    octets = {
        "RSA-1024": lambda: der(rsa.generate_private_key(65537, 1024)),  # noqa: S505  it has to be refused
        "P-521": lambda: der(ec.generate_private_key(ec.SECP521R1())),
        "unknown": lambda: der().replace(bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d030100")),
    }[kind]()

    refused(told(octets))


def request(*headers: str) -> Request:
    return Request({"type": "http", "headers": [], "state": {certificates.STATE: list(headers)} if headers else {}})


def test_a_request_shows_the_certificate_that_the_proxy_told_of() -> None:
    octets = der()

    assert certificates.presented(request(told(octets)), lambda: NOW) == thumbprint(octets)
    assert certificates.presented(request(), lambda: NOW) is None


def test_two_certificates_are_none() -> None:
    with pytest.raises(Unauthenticated, match="more than once"):
        certificates.presented(request(told(der()), told(der())), lambda: NOW)


def test_a_header_of_the_request_itself_shows_nothing() -> None:
    own = Request({"type": "http", "headers": [(b"client-cert", told(der()).encode())], "state": {}})

    assert certificates.presented(own, lambda: NOW) is None


def test_a_certificate_made_for_these_tests_can_be_read_by_anybody() -> None:
    assert x509.load_der_x509_certificate(der()).subject.rfc4514_string() == "CN=DEMO desk"
