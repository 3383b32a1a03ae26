"""The two cookies of a browser, and what is kept of the secrets they carry: a SHA-256, nothing else.

    Set-Cookie: __Host-registry=<256 bits>; Path=/; Secure; HttpOnly; SameSite=Strict           a session
    Set-Cookie: __Host-registry-proof=<256 bits>; Path=/; Secure; HttpOnly; SameSite=Lax; …     a proof that has begun

``__Host-`` lets no other host set one (RFC 6265bis, 4.1.3.2). The second is Lax, because the identity provider sends
the browser back from another site, where a Strict one would stay behind; it lives minutes and opens nothing by itself.
What a proof needs besides (state, nonce, code verifier, challenge) is derived from its secret, so that the database
holds nothing with which somebody could end what another has begun.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

SESSION = "__Host-registry"
PROOF = "__Host-registry-proof"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def secret() -> str:
    """Return 256 new bits."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(text.encode()).digest()


def derived(text: str, use: str) -> str:
    """Return the 256 bits that belong to a secret for one use; who knows them knows neither it nor another."""
    return urlsafe_b64encode(hmac.digest(text.encode(), use.encode(), "sha256")).rstrip(b"=").decode()


def read(request: Request, name: str) -> str | None:
    """Return the secret that a cookie carries. None where there is none, two of them, or something else."""
    pairs = [each.strip().partition("=") for header in request.headers.getlist("cookie") for each in header.split(";")]
    values = [value for key, _, value in pairs if key == name]
    return values[0] if len(values) == 1 and _SECRET.fullmatch(values[0]) else None


def keep(response: Response, text: str) -> None:
    """Give the browser its session; it ends with the browser, at the latest."""
    response.set_cookie(SESSION, text, path="/", secure=True, httponly=True, samesite="strict")


def keep_proof(response: Response, text: str, life: timedelta) -> None:
    """Give the browser what its proof will be known by."""
    response.set_cookie(
        PROOF, text, max_age=int(life.total_seconds()), path="/", secure=True, httponly=True, samesite="lax"
    )


def forget(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.set_cookie(name, "", max_age=0, path="/", secure=True, httponly=True,
                        samesite="strict" if name == SESSION else "lax")  # fmt: skip
