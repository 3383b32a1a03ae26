"""The identity provider of the suite: npm's oidc-provider in a process of its own, and a person before its login page.

with provider(client_key) as issuer:
    address = await browser.post("/session/identity")        where the node sends the browser
    back = await arrive(address, login="subject-1")          what the provider sends it back with
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from auth import jwk
from auth.oidc import CALLBACK
from tests.auth.authenticator import encoded
from tests.auth.tokens import pair
from tests.nodes import URL

FOLDER = Path(__file__).parent.parent / "identity"
CLIENT, OTHER = "registry-ke", "another-client"
HIGH, LOW = "urn:example:loa:high", "urn:example:loa:low"
CALLBACK_URL = f"{URL}{CALLBACK}"


def private_jwk(place: int) -> dict[str, str]:
    """Return a private P-256 key as JWK, as the provider wants its own."""
    key = load_pem_private_key(pair("ES256", place).private_pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    private = encoded(key.private_numbers().private_value.to_bytes(32))
    return {**jwk.of_material(key.public_key()).jwk, "d": private, "use": "sig", "alg": "ES256"}


def _client(name: str, place: int) -> dict[str, Any]:
    return {
        "client_id": name,
        "redirect_uris": [CALLBACK_URL],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "ES256",
        "require_auth_time": True,
        "backchannel_logout_uri": "http://127.0.0.1:9/session/identity/ended",
        "backchannel_logout_session_required": True,
        "jwks": {"keys": [dict(pair("ES256", place).jwk)]},
    }


@contextmanager
def provider() -> Iterator[str]:
    """Run the provider and return its issuer."""
    settings = {"clients": [_client(CLIENT, 90), _client(OTHER, 91)], "keys": [private_jwk(92)]}
    process = subprocess.Popen(
        ["node", "--no-warnings", str(FOLDER / "provider.mjs")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "SETTINGS": json.dumps(settings)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer.startswith("http://127.0.0.1:"), process.stderr.read() if process.stderr else ""
        yield issuer
    finally:
        process.terminate()
        process.communicate()


async def set_ahead(issuer: str, seconds: int) -> None:
    """Set the provider's clock."""
    async with httpx.AsyncClient() as http:
        assert (await http.post(f"{issuer}/clock", json={"ahead": seconds})).status_code == 204


async def arrive(address: str, *, login: str | None, **said: Any) -> dict[str, str]:
    """Go where the node sends a browser, say who sits there, and return what the provider sends back."""
    async with httpx.AsyncClient() as http:
        answer = await http.get(address)
        for _ in range(6):
            if answer.status_code not in (302, 303):
                raise AssertionError(f"{answer.status_code} {answer.text}")
            onward = urljoin(str(answer.url), answer.headers["location"])
            if onward.startswith(CALLBACK_URL):
                return dict(parse_qsl(urlsplit(onward).query))
            if "/interaction/" in onward:
                answer = await http.post(onward, json={"login": login, **said})
            else:
                answer = await http.get(onward)
        raise AssertionError("the provider does not send back")
