"""A client's certificates and whether it signs, by the word of two: over HTTP, effective with the next request."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from auth import tokens
from auth.enrolled_certificates import read
from auth.tokens import Claims
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role
from tests.graphql_schema.test_enrolment import ACTS, APPROVE, approved, proposed, second
from tests.nodes import URL, Node, code_of, running
from tests.registry.enrolment.scenes import certificate

pytestmark = pytest.mark.anyio
DESK = "ke-invented-desk-2"
PEM, OTHER = certificate("first", days=3), certificate("second")
LISTED = """{ clients(first: 9) { edges { node { id signs
    certificates { thumbprint subject notBefore notAfter state } } } } }"""
EXPIRING = "{ keysExpiring { holder name kid isCertificate } }"


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    """A node behind a proxy that ends TLS, which checks signatures, and a client without a certificate."""
    changes: dict[str, Any] = {"certificate_proxy": "127.0.0.1", "http_signatures": True}
    async with running(database_url, tmp_path / "keys", **changes) as started:
        assert (await approved(started, client=ACTS["client"] | {"nonces": False}))["userErrors"] == []
        yield started


async def desk(node: Node) -> dict[str, Any]:
    """Return the client as administrators see it."""
    found = (await node.data(LISTED, by=Role.ADMINISTRATOR))["clients"]["edges"]
    return next(edge["node"] for edge in found if edge["node"]["id"] == DESK)


async def asked(node: Node, pem: str) -> httpx.Response:
    """Ask over a connection with this certificate, with a token that is bound to it."""
    at, running_node = node.clock(), node.app.state.node
    claims = Claims(DESK, str(new_id()), at, at + timedelta(seconds=300), certificate=read(pem)["thumbprint"])
    token = tokens.issue(claims, running_node.signing_key, issuer=URL, audience=tokens.audience(running_node.settings))
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    headers = {"authorization": f"Bearer {token}", "client-cert": f":{b64encode(der).decode()}:"}
    return await node.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)


async def test_a_certificate_counts_with_the_second_word_and_is_refused_once_it_is_withdrawn(node: Node) -> None:
    thumbprint = read(PEM)["thumbprint"]
    act = str((await proposed(node, clientCertificate={"client": DESK, "certificate": PEM}))["enrolment"]["id"])
    alone = await node.data(APPROVE, {"input": {"enrolmentId": act}}, by=Role.ADMINISTRATOR)
    before = await asked(node, PEM)
    await node.data(APPROVE, {"input": {"enrolmentId": act}}, token=second(node))
    during, another = await asked(node, PEM), await asked(node, OTHER)
    shown = (await desk(node))["certificates"]
    ended = await approved(node, clientCertificateEnd={"client": DESK, "thumbprint": thumbprint})
    after = await asked(node, PEM)

    assert [each["code"] for each in alone["enrolmentApprove"]["userErrors"]] == ["OWN_PROPOSAL"]
    assert (during.status_code, ended["userErrors"]) == (200, [])
    for refused in (before, another, after):
        assert (refused.status_code, code_of(refused)) == (401, "TOKEN_REVOKED")
    assert shown == [{
        "thumbprint": thumbprint, "subject": "CN=DEMO first", "notBefore": "2026-11-21T09:00:00Z",
        "notAfter": "2026-11-24T09:00:00Z", "state": "GOOD",
    }]  # fmt: skip
    assert (await desk(node))["certificates"] == []


async def test_a_certificate_that_ends_is_warned_of_and_opens_nothing_any_more(node: Node) -> None:
    await approved(node, clientCertificate={"client": DESK, "certificate": PEM})
    (warned,) = (await node.data(EXPIRING, by=Role.ADMINISTRATOR))["keysExpiring"]
    node.clock.wait(timedelta(days=3).total_seconds() - 1)
    last = await asked(node, PEM)
    node.clock.wait(1)
    late = await asked(node, PEM)

    thumbprint = read(PEM)["thumbprint"]
    assert warned == {"holder": "client", "name": DESK, "kid": thumbprint, "isCertificate": True}
    assert last.status_code == 200
    assert (late.status_code, code_of(late)) == (401, "TOKEN_REVOKED")
    assert [each["state"] for each in (await desk(node))["certificates"]] == ["ENDED"]


@pytest.mark.parametrize("text", ["no certificate", PEM + OTHER], ids=["none", "two"])
async def test_what_is_not_one_certificate_is_not_proposed(node: Node, text: str) -> None:
    (error,) = (await proposed(node, clientCertificate={"client": DESK, "certificate": text}))["userErrors"]
    (within,) = (await proposed(node, client=ACTS["client"] | {"id": "new", "certificates": [text]}))["userErrors"]

    assert (error["code"], error["field"]) == ("KEY_REFUSED", "certificate")
    assert (within["code"], within["field"]) == ("KEY_REFUSED", "certificates[0]")


async def test_a_client_that_is_to_sign_is_refused_unsigned_from_the_next_request_on(node: Node) -> None:
    token = node.token(client=DESK)
    before = await node.ask("{ __typename }", token=token)
    await approved(node, clientSigns={"client": DESK, "signs": True})
    shown, during = (await desk(node))["signs"], await node.ask("{ __typename }", token=token)
    await approved(node, clientSigns={"client": DESK, "signs": False})
    after = await node.ask("{ __typename }", token=token)

    assert [each.status_code for each in (before, during, after)] == [200, 401, 200]
    assert code_of(during) == "SIGNATURE_NEEDED"
    assert shown
    assert not (await desk(node))["signs"]
