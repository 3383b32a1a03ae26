"""Show with each request that you hold your token's key (RFC 9449): pip install 'pyjwt[crypto]' httpx.

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out proof.pem && chmod 600 proof.pem
export REGISTRY_URL=https://registry.example REGISTRY_PROOF_KEY=proof.pem
export REGISTRY_TOKEN=$(python get_token.py client.toml)

httpx.Client(auth=Holder())                             Python: signs a proof for each request
python proofs.py POST "$REGISTRY_URL/graphql"           anything else: prints the two headers of one request

A proof is good for one request and one minute. Of a client that is enrolled with nonces the register wants one in each
proof: it answers with the header DPoP-Nonce, and the request is sent once more with a proof that holds it.
"""

import hashlib
import os
import sys
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Generator
from pathlib import Path

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from jwt.algorithms import ECAlgorithm

ES256 = ECAlgorithm(ECAlgorithm.SHA256)


def proof(method: str, url: str, *, token: str | None = None, nonce: str | None = None) -> str:
    """Return a proof for one request; the token endpoint gets one without a token.

    The key need not be enrolled: the token is bound to whichever signed for it.
    """
    key = ES256.prepare_key(Path(os.environ["REGISTRY_PROOF_KEY"]).read_text(encoding="ascii"))
    claims: dict[str, object] = {"jti": str(uuid.uuid4()), "htm": method, "htu": url, "iat": int(time.time())}
    if token is not None:
        claims["ath"] = urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
    if nonce is not None:
        claims["nonce"] = nonce
    assert isinstance(key, EllipticCurvePrivateKey), "REGISTRY_PROOF_KEY names a private key"
    public = ES256.to_jwk(key.public_key(), as_dict=True)
    return jwt.encode(claims, key, algorithm="ES256", headers={"typ": "dpop+jwt", "jwk": public})


class Holder(httpx.Auth):
    """Shows a token and a proof with each request, and once more where the register wants a nonce in it."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token or os.environ["REGISTRY_TOKEN"]
        self.nonce: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign and send; at most twice."""
        answer = yield self._signed(request)
        if answer.status_code == 401 and "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", ""):
            self.nonce = answer.headers["DPoP-Nonce"]
            yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        url = str(request.url.copy_with(query=None, fragment=None))
        request.headers["Authorization"] = f"DPoP {self.token}"
        request.headers["DPoP"] = proof(request.method, url, token=self.token, nonce=self.nonce)
        return request


if __name__ == "__main__":
    print(f"Authorization: DPoP {os.environ['REGISTRY_TOKEN']}")
    print(f"DPoP: {proof(*sys.argv[1:3], token=os.environ['REGISTRY_TOKEN'], nonce=os.environ.get('REGISTRY_NONCE'))}")
