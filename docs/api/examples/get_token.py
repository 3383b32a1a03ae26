"""Get a token for one officer, one purpose and one case: pip install 'pyjwt[crypto]' httpx.

export REGISTRY_PROOF_KEY=proof.pem                     proofs.py says what that is for, and how to make it
export REGISTRY_TOKEN=$(python get_token.py client.toml)

# client.toml
url = "https://registry.example"
client = "demo-desk"
key_file = "desk.pem"                   an ES256 key, beside this file
officer = "DEMO-1001"
purpose = "criminal_investigation"
case_reference = "CR 12/2026"
legal_basis = "KE-SOA-39-13"
"""

import json
import sys
import time
import tomllib
import uuid
from pathlib import Path
from typing import Any

import httpx
import jwt
from proofs import proof

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CASE = ("officer", "purpose", "case_reference", "legal_basis")


def assertion(client: dict[str, Any], key: str) -> str:
    """Return what proves who asks (RFC 7523): it lives a minute and is good once."""
    at = int(time.time())
    claims = {
        "iss": client["client"],
        "sub": client["client"],
        "aud": client["url"],
        "iat": at,
        "exp": at + 60,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode(claims, key, algorithm="ES256")


def asked(client: dict[str, Any], key: str, nonce: str | None = None) -> httpx.Response:
    """Return the token endpoint's answer. The proof's key is the one that each question has to be signed with."""
    details = {"type": "urn:registry:query:v1"} | {name: client[name] for name in CASE}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion(client, key),
        "authorization_details": json.dumps([details]),
    }
    url = f"{client['url']}/oauth/token"
    return httpx.post(url, data=form, headers={"DPoP": proof("POST", url, nonce=nonce)}, timeout=30)


def main() -> int:
    """Print a token, good for 300 seconds."""
    file = Path(sys.argv[1])
    client = tomllib.loads(file.read_text(encoding="utf-8"))
    key = (file.parent / client["key_file"]).read_text(encoding="utf-8")
    response = asked(client, key)
    if response.json().get("error") == "use_dpop_nonce":
        response = asked(client, key, response.headers["DPoP-Nonce"])
    answer = response.json()
    if "access_token" not in answer:
        print(answer.get("code"), answer.get("error_description"), file=sys.stderr)
        return 1
    print(answer["access_token"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
