"""Certificates as they are enrolled: read strictly, four at most, and good for their time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from auth import enrolled_certificates, names
from auth.enrolled_certificates import State
from auth.jwk import MOST_KEYS
from registry.core.errors import RegistryError
from tests.proxies import certify

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
P256, P521 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP521R1())
KEY = P256.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def kept(name: str = "desk", *, since: datetime = NOW, days: int = 30) -> dict[str, Any]:
    return enrolled_certificates.read(pem(certify(P256, name, since=since, days=days)))


GOOD = pem(certify(P256, "desk", since=NOW))
LONG = certify(P256, "desk", since=NOW, units=5)
"""Its subject has more than 240 characters."""


def refused(run: Any) -> str:
    with pytest.raises(RegistryError) as caught:
        run()
    return caught.value.code


def test_a_certificate_tells_its_thumbprint_its_subject_and_its_time() -> None:
    certificate = certify(P256, "desk", since=NOW, days=30)

    found = enrolled_certificates.read(pem(certificate))

    octets = certificate.public_bytes(Encoding.DER)
    assert found == {
        "thumbprint": enrolled_certificates.thumbprint(octets), "subject": "CN=DEMO desk",
        "not_before": int(NOW.timestamp()), "not_after": int((NOW + timedelta(days=30)).timestamp()),
    }  # fmt: skip
    assert names.THUMBPRINT.fullmatch(found["thumbprint"])


@pytest.mark.parametrize(
    "text",
    ["", "a thumbprint", GOOD + GOOD, GOOD + KEY, KEY, GOOD.replace("MII", "AAA", 1), GOOD + " " * 12_000,
     pem(certify(P521, "desk", since=NOW)), pem(certify(P256, "desk\u200b", since=NOW)), pem(LONG)],
    ids=["empty", "thumbprint", "two", "with-its-key", "key", "broken", "long", "P-521", "subject", "long-subject"],
)  # fmt: skip
def test_what_is_not_one_strong_certificate_alone_is_refused(text: str) -> None:
    assert refused(lambda: enrolled_certificates.read(text)) == "KEY_REFUSED"


def test_a_client_has_four_at_most_and_one_that_has_ended_makes_room() -> None:
    four = enrolled_certificates.collected([kept(str(n), days=n) for n in range(1, MOST_KEYS + 1)], NOW)
    fifth = kept("fifth")

    assert refused(lambda: enrolled_certificates.added(four, fifth, NOW)) == "KEYS_TOO_MANY"
    assert refused(lambda: enrolled_certificates.added(four[:1], four[0], NOW)) == "KEY_KNOWN"
    later = enrolled_certificates.added(four, fifth, NOW + timedelta(days=1))
    assert later == [*four[1:], fifth]


def test_one_that_has_ended_is_not_enrolled_and_one_that_will_begin_is() -> None:
    ended, coming = kept(since=NOW - timedelta(days=2), days=1), kept(since=NOW + timedelta(days=1))

    assert refused(lambda: enrolled_certificates.added([], ended, NOW)) == "KEY_TIME"
    assert enrolled_certificates.added([], coming, NOW) == [coming]


def test_what_is_not_there_is_not_withdrawn() -> None:
    one, other = kept("one"), kept("other")

    assert enrolled_certificates.without([one, other], one["thumbprint"]) == [other]
    assert refused(lambda: enrolled_certificates.without([one], other["thumbprint"])) == "NOT_FOUND"


def test_a_certificate_is_good_within_its_time_and_one_of_which_only_the_thumbprint_is_known_always() -> None:
    certificate, bare = kept(days=1), {"thumbprint": "x"}
    moments = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(days=1)]

    told = [enrolled_certificates.state(certificate, each) for each in moments]
    good = [enrolled_certificates.good([certificate, bare], each) for each in moments]

    assert told == [State.WAITING, State.GOOD, State.ENDED]
    assert good == [{"x"}, {"x", certificate["thumbprint"]}, {"x"}]
