"""What a proxy in front of the node says of a request, and whether it is believed.

    trusted_proxy = "10.0.0.2"          X-Forwarded-For of this address tells where a request came from
    certificate_proxy = "10.0.0.2"      Client-Cert of this address tells the client's certificate (RFC 9440)

Anybody can write these headers. What comes from another address than these is not believed: X-Forwarded-For is passed
over, and a request with a Client-Cert is refused, because whoever sends that wants to be taken for somebody.
"""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from auth import certificates
from registry.doorstep import told

_HEADER = certificates.HEADER.encode()


class Proxies:
    """ASGI middleware around everything: it alone sees the address that a connection really comes from."""

    def __init__(self, app: ASGIApp, *, forwards: str = "", certifies: Collection[str] = ()):
        self.app: ASGIApp = ProxyHeadersMiddleware(app, forwards) if forwards else app  # type: ignore[arg-type,assignment]  # the same protocol, typed twice
        self.certifies = frozenset(certifies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take off what the proxy said of the certificate, or refuse."""
        if scope["type"] != "http" or certificates.HEADER not in Headers(scope=scope):
            await self.app(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else None
        if peer not in self.certifies:
            refusal = told(400, "CERTIFICATE_UNTRUSTED", "Client-Cert is not believed from this address.")
            await refusal(scope, receive, send)
            return
        said = Headers(scope=scope).getlist(certificates.HEADER)
        left = [(name, value) for name, value in scope["headers"] if name != _HEADER]
        state = {**scope.get("state", {}), certificates.STATE: said}
        await self.app({**scope, "headers": left, "state": state}, receive, send)
