"""The national identity provider as this node knows it: its addresses and its keys, read over the network and kept.

    provider = Provider(issuer, fetch, clock)
    metadata = await provider.metadata()             OpenID Connect Discovery 1.0, kept for an hour
    key = await provider.key(compact)                from its JWK Set; a name not known is looked up at most every 30 s

Nothing here is believed beyond its use: keys that are not for signatures, or too weak, are left out (RFC 8725, 3.1).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from auth import jose, strict
from auth.jwk import ALGORITHMS, public_key
from registry.core.addresses import is_private_channel
from registry.core.clock import Clock
from registry.core.errors import InputRefused, Unavailable

KEPT = timedelta(hours=1)
REFETCHED_EVERY = timedelta(seconds=30)
"""How often an unknown name of a key makes us ask again: a stranger's tokens must not become a flood."""
MOST_KEYS = 32


class Reply(Protocol):
    """What came back."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def content(self) -> bytes:
        """The body, within bounds."""


Fetch = Callable[[str, Mapping[str, str] | None], Awaitable[Reply]]
"""Gets an address, or posts a form to it. Raises Unavailable."""


def unavailable(rule: str) -> Unavailable:
    """Return the refusal of whoever can't sign in, because the provider is not there or not what we need."""
    return Unavailable(f"The identity provider {rule}", code="IDENTITY_UNAVAILABLE", remedy="Try again later.")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The provider's addresses."""

    authorization_endpoint: str
    pushed_authorization_request_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass(slots=True)
class Provider:
    """One identity provider."""

    issuer: str
    fetch: Fetch = field(repr=False)
    clock: Clock
    _metadata: tuple[datetime, Metadata] | None = None
    _keys: tuple[datetime, Mapping[str, Mapping[str, str]]] | None = None

    async def metadata(self) -> Metadata:
        """Return its addresses. Raises Unavailable when they can't be had, or it does not offer what is needed."""
        now = self.clock()
        if self._metadata is None or now - self._metadata[0] >= KEPT:
            said = await self._object(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            self._metadata = (now, _metadata(said, self.issuer))
        return self._metadata[1]

    async def key(self, compact: jose.Compact) -> Mapping[str, str] | None:
        """Return the key that is said to have signed; None when the provider has none of this name for this use."""
        found = jose.chosen({"keys": list((await self._known()).values())}, compact)
        if found is None and await self._look_again():
            found = jose.chosen({"keys": list((await self._known()).values())}, compact)
        return found

    async def _known(self) -> Mapping[str, Mapping[str, str]]:
        if self._keys is None or self.clock() - self._keys[0] >= KEPT:
            await self._read_keys()
        assert self._keys is not None
        return self._keys[1]

    async def _look_again(self) -> bool:
        if self._keys is not None and self.clock() - self._keys[0] < REFETCHED_EVERY:
            return False
        await self._read_keys()
        return True

    async def _read_keys(self) -> None:
        said = await self._object((await self.metadata()).jwks_uri)
        listed = said.get("keys")
        if not isinstance(listed, list) or len(listed) > MOST_KEYS:
            raise unavailable("publishes no keys.")
        self._keys = (self.clock(), _usable(listed))

    async def _object(self, url: str) -> Mapping[str, Any]:  # Any: JSON
        return object_of(await self.fetch(url, None))


def object_of(reply: Reply, *, status: int = 200) -> Mapping[str, Any]:  # Any: JSON
    """Return the JSON object that a reply holds. Raises Unavailable for another one."""
    if reply.status != status:
        raise unavailable(f"answered {reply.status}.")
    try:
        value = strict.parse(reply.content.decode("utf-8"))
    except ValueError:
        raise unavailable("answered something that is not JSON.") from None
    if not isinstance(value, dict):
        raise unavailable("answered something that is no JSON object.")
    return value


_OFFERS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("authorization_response_iss_parameter_supported", lambda value: value is True),
    ("code_challenge_methods_supported", lambda value: isinstance(value, list) and "S256" in value),
    ("token_endpoint_auth_methods_supported", lambda value: isinstance(value, list) and "private_key_jwt" in value),
)
"""What a provider has to say that it does (RFC 9207, RFC 7636, RFC 7523): what FAPI 2.0 asks of it anyway."""


def _metadata(said: Mapping[str, Any], issuer: str) -> Metadata:
    if said.get("issuer") != issuer:
        raise unavailable("is another than the one that is configured.")
    for name, holds in _OFFERS:
        if not holds(said.get(name)):
            raise unavailable(f"does not offer what is needed: {name}.")
    return Metadata(**{name: _address(said, name) for name in Metadata.__dataclass_fields__})


def _address(said: Mapping[str, Any], name: str) -> str:
    url = said.get(name)
    if not isinstance(url, str) or not is_private_channel(url):
        raise unavailable(f"has no good address: {name}.")
    return url


def _usable(listed: list[Any]) -> dict[str, Mapping[str, str]]:
    keys: dict[str, Mapping[str, str]] = {}
    for each in listed:
        try:
            key = public_key(each)
        except InputRefused:  # for encryption, of another kind, too weak: none that would be used
            continue
        if key.jwk["kty"] in ALGORITHMS.values():
            keys.setdefault(key.kid, key.jwk)
    return keys
