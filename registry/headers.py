"""Headers that every answer carries, whoever gives it: for a browser that finds itself here, and for what lies between.

x-content-type-options: nosniff                        what is JSON is never taken for a page
content-security-policy: default-src 'none'; …         a page of ours runs and loads nothing, and nobody frames it
referrer-policy: no-referrer                           an address may hold a ticket
cross-origin-opener-policy, …-resource-policy          no other site looks in, or shows what is ours
cache-control: no-store                                no proxy and no disk keeps an answer
strict-transport-security                              where the node is reached by https: never in the clear again

An answer that says one of these itself, such as the page of a sandbox, means it. Sources: OWASP ASVS 5.0, 3.4; RFC
6797; RFC 9111, 5.2.2.5. Nothing says which server this is (uvicorn is told so in registry/cli/main.py).
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
EVERY = {
    "cache-control": "no-store",
    "content-security-policy": CLOSED,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
HTTPS_ALONE = {"strict-transport-security": "max-age=63072000"}
"""Two years, for this name: what else stands below it is not ours to decide."""


class Headers:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, *, public_url: str):
        self.app = app
        told = EVERY | (HTTPS_ALONE if public_url.startswith("https://") else {})
        self._told = {name.encode(): value.encode() for name, value in told.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add to the answer's head what it does not say itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                said = {name.lower() for name, _ in given}
                added = [pair for pair in self._told.items() if pair[0] not in said]
                message = {**message, "headers": [*given, *added]}
            await send(message)

        await self.app(scope, receive, sent)
