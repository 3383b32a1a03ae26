"""Whoever holds a token's key, and shows it with each request.

headers(token, at=node.clock())          for one request to a node in this process
httpx.Client(auth=Holder(token, pem))    a proof of its own for each request, by the real clock
"""

from collections.abc import Callable, Generator
from datetime import datetime

import httpx

from auth.dpop import thumbprint
from auth.jwk import public_key
from auth.keys import make_proof
from registry.core.clock import now
from tests.auth.tokens import pair

URL = "https://registry.example/graphql"
KEY = pair("ES256", 98)
"""The key that tokens made by hand are bound to."""
JKT = thumbprint(public_key(dict(KEY.jwk)))


def headers(token: str, *, at: datetime, url: str = URL, method: str = "POST") -> dict[str, str]:
    """Return what one request shows: a token and a proof that is good once."""
    return {"authorization": f"DPoP {token}", "dpop": make_proof(KEY.private_pem, method, url, at, token=token)}


class Holder(httpx.Auth):
    """Signs a proof for each request."""

    def __init__(self, token: str, private_pem: str = KEY.private_pem, clock: Callable[[], datetime] = now):
        self._token, self._pem, self._clock = token, private_pem, clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Show token and proof."""
        url = str(request.url.copy_with(query=None, fragment=None))
        request.headers["authorization"] = f"DPoP {self._token}"
        request.headers["dpop"] = make_proof(self._pem, request.method, url, self._clock(), token=self._token)
        yield request
