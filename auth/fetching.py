"""How the identity provider is asked: by the node's one outbound client, at the provider's own host and no other.

    fetch = fetching("https://login.example")
    reply = await fetch("https://login.example/jwks", None)                 GET
    reply = await fetch("https://login.example/par", {"scope": "openid"})   POST, as a form

A provider on this machine, as in the suite, may be asked in the clear; then nothing else can be.
"""

from collections.abc import Collection, Mapping
from urllib.parse import urlencode, urlsplit

from auth.provider import Fetch, Reply, unavailable
from registry.core.errors import Forbidden, Unavailable
from registry.core.outbound import Network, Outbound

MOST_BYTES = 64 * 1024
MOST_SECONDS = 5.0
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"accept": "application/json"}


def fetching(issuer: str, networks: Collection[Network] = ()) -> Fetch:
    """Return what asks this provider."""
    parts = urlsplit(issuer)
    outbound = Outbound(
        {parts.netloc}, loopback=parts.scheme == "http", most_bytes=MOST_BYTES, seconds=MOST_SECONDS,
        networks=networks,
    )  # fmt: skip

    async def fetch(url: str, form: Mapping[str, str] | None) -> Reply:
        try:
            if form is None:
                return await outbound.get(url, JSON)
            return await outbound.post(url, urlencode(form).encode(), JSON | FORM)
        except (Forbidden, Unavailable) as problem:
            raise unavailable(f"can't be asked ({problem.code}).") from problem

    return fetch
