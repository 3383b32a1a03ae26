"""A request's signature covers what was asked, by whom and with which proof; it is good once, and for a minute."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures import ContentDigest, HTTPMessageSigner, HTTPMessageVerifier, InvalidSignature, algorithms
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from auth import signatures
from auth.keys import SigningKey, read_private, signing_key
from auth.signatures import Signed, Signer, sign_request
from registry.core.errors import Unauthenticated
from tests.auth.tokens import ALGORITHMS, pair

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
URL = "https://registry.example/graphql"
BODY = b'{"query": "{ __typename }"}'
KEY = pair("ES256", 5)
JWKS = {"keys": [KEY.jwk]}


def head(*, algorithm: str = "ES256", proof: str | None = "eyJ.proof.x", nonce: str | None = None, at: datetime = NOW,
         url: str = URL, body: bytes = BODY) -> dict[str, str]:  # fmt: skip
    """Return the head of a request that the client has signed."""
    held = pair(algorithm, 5)
    made = {"authorization": "DPoP eyJ.token.x"} | ({"dpop": proof} if proof else {})
    sign_request("POST", url, made, body, read_private(held.private_pem, "key"), held.jwk["kid"], at, nonce=nonce)
    return {name.lower(): value for name, value in made.items()}


def request(headers: dict[str, str], method: str = "POST") -> Request:
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": method, "path": "/graphql", "headers": lines})


def signed(headers: dict[str, str], url: str = URL, method: str = "POST") -> Signed:
    found = Signed.of(request(headers, method), url)
    assert found is not None
    return found


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Unauthenticated) as caught:
        act()
    assert caught.value.code == "SIGNATURE_REFUSED"
    return str(caught.value)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_request_signed_with_an_enrolled_key_is_the_clients_own(algorithm: str) -> None:
    found = signed(head(algorithm=algorithm))

    found.check_body(BODY)
    found.check({"keys": [pair(algorithm, 5).jwk]}, NOW)
    assert found.key == pair(algorithm, 5).jwk["kid"]


def test_a_request_without_a_signature_is_not_signed() -> None:
    assert Signed.of(request({"authorization": "DPoP x"}), URL) is None


def test_another_body_is_not_what_was_signed() -> None:
    refused(lambda: signed(head()).check_body(BODY + b" "))


@pytest.mark.parametrize("name", ["content-digest", "authorization", "dpop"])
def test_whatever_is_covered_and_changed_breaks_the_signature(name: str) -> None:
    changed = {**head(), name: head(body=b"x")["content-digest"] if name == "content-digest" else "DPoP other"}

    refused(lambda: signed(changed).check(JWKS, NOW))


def test_it_is_signed_for_our_address_and_method_only() -> None:
    refused(lambda: signed(head(url="https://evil.example/graphql")).check(JWKS, NOW))
    refused(lambda: signed(head(), method="PUT").check(JWKS, NOW))


@pytest.mark.parametrize("left_out", ["dpop", "authorization", "@target-uri", "@method", "content-digest"])
def test_a_signature_that_covers_less_is_none(left_out: str) -> None:
    made = {"authorization": "DPoP x", "dpop": "eyJ.proof.x"}
    covered = [each for each in (*signatures.COVERED, "dpop") if each != left_out]
    message = signatures._Message("POST", URL, made)
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ECDSA_P256_SHA256,
        key_resolver=signatures._Keys(read_private(KEY.private_pem, "key")),
    )
    ContentDigest.add(made, BODY)
    signer.sign(
        message,
        key_id=KEY.jwk["kid"],
        created=NOW,
        tag="registry",
        covered_component_ids=covered,
        use_existing_digest=True,
    )

    refused(lambda: signed({name.lower(): value for name, value in made.items()}).check(JWKS, NOW))


@pytest.mark.parametrize(("later", "is_good"), [(-10, True), (-11, False), (60, True), (61, False)])
def test_a_signature_is_good_for_a_minute_and_clocks_may_differ_by_ten_seconds(later: int, is_good: bool) -> None:
    found, moment = signed(head()), NOW + timedelta(seconds=later)

    if is_good:
        found.check(JWKS, moment)
    else:
        refused(lambda: found.check(JWKS, moment))


def test_a_key_that_is_not_enrolled_for_the_client_signs_nothing() -> None:
    refused(lambda: signed(head()).check({"keys": []}, NOW))
    other = {"keys": [{**pair("ES256", 6).jwk, "kid": KEY.jwk["kid"]}]}
    refused(lambda: signed(head()).check(other, NOW))


def test_over_a_certificate_the_nonce_is_what_is_used_up() -> None:
    found = signed(head(proof=None, nonce="invented-nonce-1"))

    found.check(JWKS, NOW)
    once = found.once("desk", NOW)
    assert once is not None
    assert once.digest != getattr(signed(head(proof=None, nonce="invented-nonce-2")).once("desk", NOW), "digest", None)


@pytest.mark.parametrize("nonce", [None, "short", "x" * 129])
def test_without_a_proof_and_a_nonce_a_signature_could_be_sent_twice(nonce: str | None) -> None:
    found = signed(head(proof=None, nonce=nonce))

    assert "nonce" in refused(lambda: found.check(JWKS, NOW))
    assert found.once("desk", NOW) is None


def changed_input(text: str) -> dict[str, str]:
    return {**head(), "signature-input": text}


@pytest.mark.parametrize(
    "headers",
    [
        changed_input("x"),
        changed_input('registry=("@method");tag="other"'),
        changed_input('a=("@method");tag="registry", b=("@method");tag="registry"'),
        changed_input("registry=5"),
        changed_input("é"),
        {**head(), "signature": "x" * signatures.LONGEST},
        {name: value for name, value in head().items() if name != "signature-input"},
        {name: value for name, value in head().items() if name != "content-digest"},
    ],
    ids=["no-dictionary", "another-tag", "twice", "no-list", "not-ascii", "too-long", "no-input", "no-digest"],
)
def test_what_can_not_be_read_is_refused_before_a_body_is_waited_for(headers: dict[str, str]) -> None:
    lines = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    sent = Request({"type": "http", "method": "POST", "path": "/graphql", "headers": lines})

    refused(lambda: Signed.of(sent, URL))


def test_a_signature_that_is_missing_or_undated_is_refused() -> None:
    made = head()
    without = {name: value for name, value in made.items() if name != "signature"}
    refused(lambda: signed(without).check(JWKS, NOW))
    undated = re.sub(r";created=\d+", "", made["signature-input"])
    refused(lambda: signed({**made, "signature-input": undated}).check(JWKS, NOW))


def test_a_signature_that_says_when_it_expires_is_good_until_then() -> None:
    made = {"authorization": "DPoP x", "dpop": "eyJ.proof.x"}
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ECDSA_P256_SHA256,
        key_resolver=signatures._Keys(read_private(KEY.private_pem, "key")),
    )
    signer.sign(
        signatures._Message("POST", URL, made), key_id=KEY.jwk["kid"], created=NOW, tag="registry", body=BODY,
        expires=NOW + timedelta(seconds=30), covered_component_ids=(*signatures.COVERED[:2], "authorization", "dpop"),
    )  # fmt: skip
    found = signed({name.lower(): value for name, value in made.items()})

    found.check(JWKS, NOW + timedelta(seconds=29))
    refused(lambda: found.check(JWKS, NOW + timedelta(seconds=30)))


class Ring:
    def current(self, _now: datetime) -> SigningKey:
        return signing_key(KEY.private_pem)


def answered(headers: dict[str, str], response: Response) -> Response:
    Signer(Ring(), URL, lambda: NOW).sign(request(headers), response)
    return response


def answer(body: bytes = b'{"data": null}') -> Response:
    return Response(body, headers={"content-type": "application/json", "x-request-id": "0197f3"})


@pytest.mark.parametrize("headers", [{"accept-signature": "registry=()"}, head()], ids=["asked", "signed"])
def test_an_answer_is_signed_for_who_asks_for_that_and_for_who_has_signed_the_question(headers: dict[str, str]) -> None:
    response = answered(headers, answer())

    message = signatures._Answer(200, response.headers, signatures._Message("POST", URL, request(headers).headers))
    public = signing_key(KEY.private_pem).private.public_key()
    verifier = signatures._Verifier(algorithms.ECDSA_P256_SHA256, public, NOW)
    (proved,) = verifier.verify(message, expect_tag="registry-answer", body=b'{"data": null}')
    assert {'"@status"', '"@method";req', '"@target-uri";req', '"x-request-id"'} <= set(proved.covered_components)
    with pytest.raises(InvalidSignature):
        verifier.verify(message, expect_tag="registry-answer", body=b'{"data": 1}')
    assert isinstance(verifier, HTTPMessageVerifier)


def test_a_signed_answer_is_the_answer_to_no_other_question() -> None:
    response = answered(head(), answer())

    other = signatures._Message("POST", URL, request(head(body=b"other")).headers)
    verifier = signatures._Verifier(
        algorithms.ECDSA_P256_SHA256, signing_key(KEY.private_pem).private.public_key(), NOW
    )  # fmt: skip
    with pytest.raises(InvalidSignature):
        verifier.verify(signatures._Answer(200, response.headers, other), expect_tag="registry-answer")


def test_nobody_elses_answer_and_no_stream_is_signed() -> None:
    assert "signature" not in answered({}, answer()).headers
    assert "signature" not in answered({"accept-signature": "x=()"}, StreamingResponse(iter(()))).headers
