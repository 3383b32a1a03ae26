"""Whose request this is: ``Authorization: Bearer <access token>`` (RFC 6750).

bearer = Bearer(issuer, audience, {key.kid: key.public.jwk})
claims = bearer.claims(request.headers.get("authorization"))       no I/O
actor = directory.actor(connection, claims, now())                 live state, one statement
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from auth import jose
from auth.keys import SigningKey
from auth.tokens import PROFILE, Claims, audience, claims_of
from registry.core.clock import Clock, now
from registry.core.config import Settings
from registry.core.errors import Unauthenticated

_CLOCK_DIFFERENCE = timedelta(seconds=10)
"""Workers on two machines may issue and read a token within one second of different clocks."""
_KEPT = 1024
"""Tokens remembered; the oldest are forgotten, and read anew when they come again."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Reads the access tokens of one issuer."""

    issuer: str
    audience: str
    keys: Mapping[str, Mapping[str, str]]
    """Public keys (JWK) by name; during a change of keys there are two."""
    clock: Clock = now
    _read: OrderedDict[str, Claims] = field(default_factory=OrderedDict, init=False, repr=False, compare=False)
    """Tokens that were found to be ours, and what they say: a client sends one for minutes, and a signature takes as
    long to check as three statements. Whether a token is still good is asked each time."""

    @classmethod
    def of(cls, settings: Settings, key: SigningKey, clock: Clock = now) -> "Bearer":
        """Return the reader of this node's own tokens."""
        return cls(settings.public_url, audience(settings), {key.kid: key.public.jwk}, clock)

    def claims(self, authorization: str | None) -> Claims:
        """Return what the token says; raises Unauthenticated: TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED."""
        claims = self._claims(_token(authorization))
        moment = self.clock()
        if claims.expires_at <= moment:
            raise Unauthenticated("The token has expired.", code="TOKEN_EXPIRED", remedy="Get a new one.")
        if claims.issued_at > moment + _CLOCK_DIFFERENCE:
            raise PROFILE.refusal("iat", "lies in the future.")
        return claims

    def _claims(self, token: str) -> Claims:
        if known := self._read.get(token):
            return known
        compact = PROFILE.parse(token)
        if not jose.is_signed(compact, self.keys.get(compact.kid or "")):
            raise PROFILE.refusal("token", "is not signed by this node.")
        claims = claims_of(compact.claims, issuer=self.issuer, audience=self.audience)
        self._read[token] = claims
        if len(self._read) > _KEPT:
            self._read.popitem(last=False)
        return claims


def _token(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(
            "The request carries no token.", code="TOKEN_MISSING", remedy="Send Authorization: Bearer <token>."
        )
    return token.strip()


def www_authenticate(error: Unauthenticated) -> str:
    """Return the challenge of a 401 answer (RFC 6750, section 3); without a token there is no error to name."""
    if error.code == "TOKEN_MISSING":
        return 'Bearer realm="registry"'
    return f'Bearer realm="registry", error="invalid_token", error_description="{error.code}"'
