"""Clients with certificates behind nginx: a token is bound to one, and good over no other connection (RFC 8705)."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from auth import enrolled_certificates
from auth.models import clients
from registry.cli import asking
from registry.cli.asking import Client
from registry.core.clock import now
from registry.core.errors import Forbidden
from registry.demo.cast import BY_NAME
from tests import proxies
from tests.journeys.served import Served, changed, free_port, prepare, serving
from tests.proxies import Proxy

PLAYER = BY_NAME["investigator"]
SEARCH = '{ search(criteria: {name: "Jumaa Khamis Mwakyo"}, first: 1) { edges { node { band } } } }'


@dataclass
class Behind:
    """A node behind a proxy."""

    served: Served
    proxy: Proxy

    def client(self, certificate: str | None) -> Client:
        """Return the investigator's client, with one of the certificates that are there or with its proof key."""
        described = asking.read(self.served.folder / "investigator.toml")
        shown = {"certificate_file": f"{certificate}.crt", "certificate_key_file": f"{certificate}.key"}
        own = {"url": self.proxy.url, "ca_file": str(self.proxy.authority)}
        return replace(described, values={**described.values, **own, **(shown if certificate else {})})

    def ask(self, token: str, scheme: str, certificate: str | None, **headers: str) -> httpx.Response:
        """Ask with a token over a connection of one's own choice."""
        files = [self.served.folder / f"{certificate}.{kind}" for kind in ("crt", "key")] if certificate else []
        shown = {"authorization": f"{scheme} {token}"} | headers
        return httpx.post(
            f"{self.proxy.url}/graphql", json={"query": SEARCH}, headers=shown, verify=self.proxy.context(*files)
        )


def enrolled(folder: Path) -> None:
    """Make certificates, and enrol for the investigator's client those that are to be known."""
    keys: dict[str, proxies.PrivateKey] = {
        "desk": ec.generate_private_key(ec.SECP256R1()), "rsa": rsa.generate_private_key(65537, 2048),
        "edwards": ed25519.Ed25519PrivateKey.generate(), "long": ec.generate_private_key(ec.SECP256R1()),
        "stranger": ec.generate_private_key(ec.SECP256R1()), "expired": ec.generate_private_key(ec.SECP256R1()),
    }  # fmt: skip
    kept = []
    for name, key in keys.items():
        since = now() - timedelta(days=40 if name == "expired" else 1)
        certificate = proxies.certify(key, name, since=since, padding=150 if name == "long" else 0)
        proxies.keep(folder, name, certificate, key)
        if name != "stranger":
            kept.append(enrolled_certificates.read(certificate.public_bytes(Encoding.PEM).decode()))
    changed(folder, lambda db: db.execute(sa.update(clients).where(clients.c.id == PLAYER.client).values(
        certificates=kept)).rowcount)  # fmt: skip


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """A node that believes nginx, and nginx before it."""
    folder, port, outside = tmp_path_factory.mktemp("behind"), free_port(), free_port()
    prepare(folder, port, profiles=20)
    enrolled(folder)
    believed = {"certificate_proxy": proxies.ADDRESS, "trusted_proxy": proxies.ADDRESS}
    with ExitStack() as stack:
        proxy = stack.enter_context(
            proxies.ending_tls(tmp_path_factory.mktemp("nginx"), port=outside, node_port=port)
        )  # fmt: skip
        yield Behind(stack.enter_context(serving(folder, port, public_url=proxy.url, **believed)), proxy)


def code(answer: Any) -> str:
    told: str = answer.json()["errors"][0]["extensions"]["code"]
    return told


@pytest.mark.parametrize("certificate", ["desk", "rsa", "edwards"])
def test_a_certificate_takes_the_place_of_proofs(behind: Behind, certificate: str) -> None:
    client = behind.client(certificate)

    granted = client.token()

    assert granted["token_type"] == "Bearer"
    answer = client.post("/graphql", granted["access_token"], json={"query": SEARCH})
    assert answer["data"]["search"]["edges"]


@pytest.mark.parametrize("certificate", ["rsa", "stranger", None])
def test_a_token_is_good_over_its_own_certificate_only(behind: Behind, certificate: str | None) -> None:
    token = behind.client("desk").token()["access_token"]

    answer = behind.ask(token, "Bearer", certificate)

    assert (answer.status_code, code(answer)) == (401, "TOKEN_INVALID")


def test_a_token_of_a_certificate_is_no_dpop_token(behind: Behind) -> None:
    token = behind.client("desk").token()["access_token"]

    answer = behind.ask(token, "DPoP", "desk")

    assert (answer.status_code, code(answer)) == (401, "TOKEN_INVALID")


def test_a_token_of_a_key_is_not_good_over_a_certificate_without_a_proof(behind: Behind) -> None:
    token = behind.client(None).token()["access_token"]

    answer = behind.ask(token, "Bearer", "desk")

    assert (answer.status_code, code(answer)) == (401, "TOKEN_INVALID")


def test_who_shows_a_proof_as_well_gets_a_token_that_is_bound_to_its_key(behind: Behind) -> None:
    granted = behind.client(None).token()

    assert granted["token_type"] == "DPoP"
    assert behind.client(None).post("/graphql", granted["access_token"], json={"query": SEARCH})["data"]


def test_nginx_turns_away_who_comes_with_a_certificate_that_has_expired(behind: Behind) -> None:
    assert behind.ask("x", "Bearer", "expired").status_code == 400


@pytest.mark.parametrize("certificate", ["stranger", "long"])
def test_no_token_over_a_certificate_that_is_not_the_clients_or_is_not_told(behind: Behind, certificate: str) -> None:
    with pytest.raises(Forbidden) as caught:
        behind.client(certificate).token()

    assert caught.value.code == ("PROOF_REFUSED" if certificate == "long" else "CERTIFICATE_REFUSED")


def test_a_clients_own_header_does_not_get_past_the_proxy(behind: Behind) -> None:
    token = behind.client("desk").token()["access_token"]
    octets = (behind.served.folder / "desk.crt").read_text().split("-----")[2].replace("\n", "")

    answer = behind.ask(token, "Bearer", None, **{"client-cert": f":{octets}:"})

    assert (answer.status_code, code(answer)) == (401, "TOKEN_INVALID")


def test_the_header_is_refused_from_any_other_address_than_the_proxys(behind: Behind) -> None:
    token = behind.client("desk").token()["access_token"]
    octets = (behind.served.folder / "desk.crt").read_text().split("-----")[2].replace("\n", "")

    answer = httpx.post(
        f"{behind.served.url}/graphql", json={"query": SEARCH},
        headers={"authorization": f"Bearer {token}", "client-cert": f":{octets}:"},
    )  # fmt: skip

    assert (answer.status_code, code(answer)) == (400, "CERTIFICATE_UNTRUSTED")


def test_a_certificate_that_is_taken_back_ends_its_tokens_at_once(behind: Behind) -> None:
    token = behind.client("rsa").token()["access_token"]
    held = changed(behind.served.folder, lambda db: db.execute(
        sa.select(clients.c.certificates).where(clients.c.id == PLAYER.client)).scalar_one())  # fmt: skip
    gone = enrolled_certificates.read((behind.served.folder / "rsa.crt").read_text())

    def keep(those: list[dict[str, Any]]) -> None:
        changed(behind.served.folder, lambda db: db.execute(
            sa.update(clients).where(clients.c.id == PLAYER.client).values(certificates=those)).rowcount)  # fmt: skip

    keep([each for each in held if each != gone])
    refused = behind.ask(token, "Bearer", "rsa")
    keep(held)

    assert (refused.status_code, code(refused)) == (401, "TOKEN_REVOKED")
    assert behind.ask(token, "Bearer", "rsa").status_code == 200


def test_the_numbers_of_a_node_are_not_to_be_had_through_the_proxy(behind: Behind) -> None:
    answer = httpx.get(f"{behind.proxy.url}/metrics", verify=behind.proxy.context())

    assert answer.status_code == 404


@pytest.mark.parametrize("place", ["oauth-authorization-server", "oauth-protected-resource/graphql"])
def test_clients_are_told_that_tokens_may_be_bound_to_certificates(behind: Behind, place: str) -> None:
    told = httpx.get(f"{behind.proxy.url}/.well-known/{place}", verify=behind.proxy.context()).json()

    assert told["tls_client_certificate_bound_access_tokens"] is True
    assert told.get("dpop_bound_access_tokens_required", False) is False
