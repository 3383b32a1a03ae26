"""The authorization server's three addresses.

    POST /oauth/token                                 RFC 6749, 4.4
    GET  /oauth/jwks                                  RFC 7517
    GET  /.well-known/oauth-authorization-server      RFC 8414

Each attempt to get a token leaves its entry in the log before its answer; when the log can't take
it there is no answer but 503. Addresses come from the settings, never from the request.
"""

import re
from datetime import timedelta
from typing import Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth import assertion, details, directory, form, grants, tokens
from auth.attempts import Attempt
from auth.grants import Granted, Terms
from auth.jwk import ALGORITHMS
from auth.keys import SigningKey
from registry.audit.log import Writer
from registry.core.clock import Clock
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import RegistryError, Unavailable
from registry.core.telemetry import log, problem_of


class Node(Protocol):
    """What these routes need of the running node, found at ``app.state.node``."""

    @property
    def settings(self) -> Settings:
        """Public address and life of tokens."""

    @property
    def database(self) -> Database:
        """Clients, officers, proofs used."""

    @property
    def writer(self) -> Writer:
        """The way into the log for attempts that are refused."""

    @property
    def edition(self) -> details.Country:
        """Case references and legal bases of this country."""

    @property
    def clock(self) -> Clock:
        """The moment."""

    @property
    def signing_key(self) -> SigningKey:
        """What tokens are signed with."""


ERRORS = {
    "CLIENT_REFUSED": "invalid_client",
    "ASSERTION_REFUSED": "invalid_client",
    "ASSERTION_REPLAYED": "invalid_client",
    "GRANT_TYPE_UNSUPPORTED": "unsupported_grant_type",
    "SCOPE_UNKNOWN": "invalid_scope",
    "RESOURCE_UNKNOWN": "invalid_target",
    "DETAILS_REFUSED": "invalid_authorization_details",
    "OFFICER_REFUSED": "invalid_authorization_details",
    "PARAMETER_REFUSED": "invalid_request",
    "FORM_MALFORMED": "invalid_request",
    "FORM_TOO_LONG": "invalid_request",
    "INTERNAL": "server_error",
}
"""Our codes, and the errors of RFC 6749 (5.2), 8707 and 9396 that say the same more coarsely."""

_STATUSES = {"FORM_TOO_LONG": 413, "INTERNAL": 500}
"""All others are 400, ``invalid_client`` too, as in RFC 7523, 3.2: there is no scheme to challenge with."""

_NOT_DESCRIBED = re.compile(r'[^ -~]|["\\]')
"""What RFC 6749, 5.2, keeps out of a description."""


async def token(request: Request) -> Response:
    """Issue a token, or say why not."""
    node: Node = request.app.state.node
    attempt = Attempt.of(request, node.clock())
    response = await _answered(request, node, attempt)
    response.headers["X-Request-Id"] = attempt.request_id
    return response


async def _answered(request: Request, node: Node, attempt: Attempt) -> Response:
    if node.writer.is_full:
        return _unavailable()
    try:
        result = await _exchange(request, node, attempt)
    except Exception as problem:  # noqa: BLE001  whatever it is, the attempt leaves its entry
        return await _entered(problem, node, attempt)
    return _refusal(result) if isinstance(result, RegistryError) else _token(result)


async def _exchange(request: Request, node: Node, attempt: Attempt) -> Granted | RegistryError:
    """Return what has been decided and entered; whatever is raised is not entered yet."""
    terms = _terms(node)
    parameters = await form.read(request)
    attempt.learn(operation=form.grant_type(parameters))
    asked = form.token_request(
        parameters,
        has_authorization="authorization" in request.headers,
        resources=(terms.audience, terms.issuer),
    )
    compact = assertion.parse(asked.assertion)
    claimed = compact.claims["sub"]
    attempt.learn(client=claimed)
    client = await node.database.read(lambda connection: directory.client(connection, claimed))
    proven = grants.authenticate(compact, client, asked, terms, attempt)
    return await node.database.write(lambda connection: grants.grant(connection, asked, proven, terms, attempt))


def _terms(node: Node) -> Terms:
    settings = node.settings
    life = timedelta(seconds=settings.token_seconds)
    return Terms(settings.public_url, tokens.audience(settings), life, node.signing_key, node.edition)


async def _entered(problem: Exception, node: Node, attempt: Attempt) -> Response:
    """Enter a refusal, then answer it."""
    if not isinstance(problem, RegistryError):
        log.error("token_failed", problem=problem_of(problem), code=RegistryError.default_code)
    try:
        await node.writer.submit(attempt.refused(problem))
    except Unavailable:
        return _unavailable()
    if isinstance(problem, Unavailable):
        return _unavailable()
    return _refusal(problem if isinstance(problem, RegistryError) else RegistryError("An error of ours."))


def _token(granted: Granted) -> Response:
    claims = granted.claims
    body: dict[str, object] = {
        "access_token": granted.token,
        "token_type": "Bearer",
        "expires_in": int((claims.expires_at - claims.issued_at).total_seconds()),
    }
    if claims.details:
        body["authorization_details"] = claims.details.as_json()
    return _json(body)


def _refusal(error: RegistryError) -> Response:
    code = error.code if error.code in ERRORS else RegistryError.default_code
    description = _NOT_DESCRIBED.sub("?", str(error))
    body = {"error": ERRORS[code], "error_description": description, "code": code}
    return _json(body, _STATUSES.get(code, 400))


def _unavailable() -> Response:
    return _json({"error": "temporarily_unavailable", "code": Unavailable.default_code}, 503)


def _json(body: object, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


async def jwks(request: Request) -> Response:
    """Tell the public key that tokens can be checked with."""
    node: Node = request.app.state.node
    key = {**node.signing_key.public.jwk, "use": "sig", "alg": "ES256"}
    return _json({"keys": [key]})


async def metadata(request: Request) -> Response:
    """Tell clients what works here, and nothing that doesn't."""
    node: Node = request.app.state.node
    issuer = node.settings.public_url
    return _json({
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth/token",
        "jwks_uri": f"{issuer}/oauth/jwks",
        "response_types_supported": [],
        "grant_types_supported": list(form.GRANT_TYPES),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "authorization_details_types_supported": [details.TYPE],
    })  # fmt: skip


routes = [
    Route("/oauth/token", token, methods=["POST"]),
    Route("/oauth/jwks", jwks),
    Route("/.well-known/oauth-authorization-server", metadata),
]
