"""The authorization server's addresses.

    POST /oauth/token            RFC 6749, 4.4; RFC 7523, 2.1       a token
    POST /oauth/revoke           RFC 7009                           a token is given back
    POST /oauth/introspect       RFC 7662                           what a token says, and whether it is still good
    GET  /oauth/jwks, /.well-known/…                                auth/metadata.py

Each attempt leaves its entry in the log before its answer; when the log can't take it there is no
answer but 503. Addresses come from the settings, never from the request.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

import orjson
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth import (
    assertion,
    certificates,
    clients,
    directory,
    form,
    grants,
    introspection,
    metadata,
    nodes,
    replay,
    revocation,
    tokens,
)
from auth.attempts import Attempt
from auth.callers import NonceNeeded
from auth.clients import Proven
from auth.form import Credentials, TokenNamed
from auth.grants import Granted, Terms
from auth.nonces import Nonces
from auth.resource import Resource
from auth.signing import Ring
from auth.tokens import Claims
from registry.audit.log import append
from registry.core.errors import Forbidden, RegistryError, Unauthenticated, Unavailable
from registry.core.telemetry import log, problem_of


class Node(nodes.Node, Protocol):
    """What these routes need of the running node: what tokens are made with, besides."""

    @property
    def signing(self) -> Ring:
        """What tokens are signed with."""

    @property
    def nonces(self) -> Nonces:
        """What proofs of some clients have to carry."""


ERRORS = {
    "CLIENT_REFUSED": "invalid_client",
    "ASSERTION_REFUSED": "invalid_client",
    "ASSERTION_REPLAYED": "invalid_client",
    "PROOF_REFUSED": "invalid_dpop_proof",
    "PROOF_REPLAYED": "invalid_dpop_proof",
    "PROOF_NONCE": "use_dpop_nonce",
    "CERTIFICATE_REFUSED": "invalid_client",
    "GRANT_REFUSED": "invalid_grant",
    "GRANT_REPLAYED": "invalid_grant",
    "GRANT_TYPE_UNSUPPORTED": "unsupported_grant_type",
    "SCOPE_UNKNOWN": "invalid_scope",
    "RESOURCE_UNKNOWN": "invalid_target",
    "DETAILS_REFUSED": "invalid_authorization_details",
    "OFFICER_REFUSED": "invalid_authorization_details",
    "TOKEN_FOREIGN": "invalid_request",
    "INTROSPECTION_REFUSED": "access_denied",
    "PARAMETER_REFUSED": "invalid_request",
    "FORM_MALFORMED": "invalid_request",
    "FORM_TOO_LONG": "invalid_request",
    "INTERNAL": "server_error",
}
"""Our codes, and the errors of RFC 6749 (4.1.2.1, 5.2), 8707, 9396 and 9449 that say the same more coarsely."""

_STATUSES = {"FORM_TOO_LONG": 413, "INTROSPECTION_REFUSED": 403, "INTERNAL": 500}
"""All others are 400, ``invalid_client`` too, as in RFC 7523, 3.2: there is no scheme to challenge with."""

_NOT_DESCRIBED = re.compile(r'[^ -~]|["\\]')
"""What RFC 6749, 5.2, keeps out of a description."""

Step = Callable[[Request, Node, Attempt], Awaitable[Response]]


async def token(request: Request) -> Response:
    """Issue a token, or say why not."""
    return await _attempted(request, _token)


async def revoke(request: Request) -> Response:
    """Take a token back, or say why not."""
    return await _attempted(request, _revoke)


async def introspect(request: Request) -> Response:
    """Tell what a token says, or that it is not good."""
    return await _attempted(request, _introspect)


async def _attempted(request: Request, step: Step) -> Response:
    node: Node = request.app.state.node
    attempt = Attempt.of(request, node.clock())
    response = await _answered(request, step, node, attempt)
    response.headers["X-Request-Id"] = attempt.request_id
    response.headers.update(node.promises.headers(attempt.placed))
    return response


async def _answered(request: Request, step: Step, node: Node, attempt: Attempt) -> Response:
    """Take the step, which answers what it has entered; whatever it raises is not entered yet."""
    if node.writer.is_full:
        return _unavailable()
    try:
        return await step(request, node, attempt)
    except Exception as problem:  # noqa: BLE001  whatever it is, the attempt leaves its entry
        return await _entered(problem, node, attempt)


async def _entered(problem: Exception, node: Node, attempt: Attempt) -> Response:
    """Enter a refusal, then answer it."""
    if not isinstance(problem, RegistryError):
        log.error("token_failed", problem=problem_of(problem), code=RegistryError.default_code)
    attempt.placed = None
    is_stranger = not attempt.is_proven and not isinstance(problem, Unavailable)
    if isinstance(problem, RegistryError) and is_stranger and not node.strangers.admits(attempt.source, problem.code):
        return _refusal(problem)
    try:
        attempt.placed = await node.writer.submit(attempt.refused(problem))
    except Unavailable:
        return _unavailable()
    if isinstance(problem, Unavailable):
        return _unavailable()
    return _refusal(problem if isinstance(problem, RegistryError) else RegistryError("An error of ours."))


# -- a token


async def _token(request: Request, node: Node, attempt: Attempt) -> Response:
    terms = _terms(node, attempt)
    parameters = await form.read(request)
    attempt.learn(operation=form.grant_type(parameters))
    asked = form.token_request(
        parameters, has_authorization=_has_authorization(request), resources=(terms.audience, terms.issuer)
    )
    certificate = certificates.presented(request, node.clock)
    proof = grants.only_proof(tuple(request.headers.getlist("dpop")), certificate)
    proven = await _proven(asked.credentials, node, attempt)
    wanted = grants.wanted(proven, asked, proof, terms, attempt, certificate=certificate)
    result = await node.database.write(lambda connection: grants.grant(connection, wanted, terms, attempt))
    if isinstance(result, RegistryError):
        return _refusal(result)
    return _granted(result, terms.nonces.fresh(proven.client.id, attempt.at) if proven.client.nonces else None)


def _terms(node: Node, attempt: Attempt) -> Terms:
    settings = node.settings
    return Terms(
        settings.public_url, tokens.audience(settings), settings.public_url + metadata.TOKEN,
        timedelta(seconds=settings.token_seconds), node.signing.current(attempt.at), node.edition,
        node.edition.country, node.nonces,
    )  # fmt: skip


def _has_authorization(request: Request) -> bool:
    return "authorization" in request.headers


async def _proven(credentials: Credentials, node: Node, attempt: Attempt) -> Proven:
    """Return the client that asks, once it has proved that it is that."""
    compact = assertion.parse(credentials.assertion)
    claimed = compact.claims["sub"]
    attempt.learn(client=claimed)
    client = await node.database.read(lambda connection: directory.client(connection, claimed))
    proven = clients.prove(compact, client, credentials, attempt, issuer=node.settings.public_url)
    attempt.is_proven = True
    return proven


def _granted(granted: Granted, nonce: str | None) -> Response:
    claims = granted.claims
    body: dict[str, object] = {
        "access_token": granted.token,
        "token_type": "DPoP" if granted.claims.jkt else "Bearer",  # RFC 8705, 3: over a certificate
        "expires_in": int((claims.expires_at - claims.issued_at).total_seconds()),
    }
    if claims.details:
        body["authorization_details"] = claims.details.as_json()
    return _json(body, headers={"DPoP-Nonce": nonce} if nonce else {})


# -- what becomes of it


async def _revoke(request: Request, node: Node, attempt: Attempt) -> Response:
    named, proven = await _named(request, node, attempt, "revoke")
    claims = _claims(named, node)
    if claims is not None:
        attempt.learn(token_id=claims.token_id)

    def change(connection: Connection) -> RegistryError | None:
        _use_up(connection, proven)
        if claims is not None and claims.client != proven.client.id:
            refusal = Forbidden("is not a token of this client.", field="token", code="TOKEN_FOREIGN")
            (attempt.placed,) = append(connection, [attempt.refused(refusal)])
            return refusal
        known = claims is not None and revocation.revoke(connection, claims, attempt.at)
        (attempt.placed,) = append(connection, [attempt.allowed("token:revoked", known=known)])
        return None

    refusal = await node.database.write(change)
    return _refusal(refusal) if refusal else _json({})


async def _introspect(request: Request, node: Node, attempt: Attempt) -> Response:
    named, proven = await _named(request, node, attempt, "introspect")
    introspection.check_scope(proven.client)
    claims, settings = _claims(named, node), node.settings
    if claims is not None:
        attempt.learn(token_id=claims.token_id)

    def look(connection: Connection) -> dict[str, Any]:
        _use_up(connection, proven)
        told = introspection.told(
            connection, claims, attempt.at, issuer=settings.public_url, audience=tokens.audience(settings)
        )
        (attempt.placed,) = append(connection, [attempt.allowed("token:introspected", active=told["active"])])
        return told

    return _json(await node.database.write(look))


async def _named(request: Request, node: Node, attempt: Attempt, operation: str) -> tuple[TokenNamed, Proven]:
    attempt.learn(operation=operation)
    parameters = await form.read(request)
    named = form.token_named(parameters, has_authorization=_has_authorization(request))
    return named, await _proven(named.credentials, node, attempt)


def _claims(named: TokenNamed, node: Node) -> Claims | None:
    """Return what a token says, if it is one of ours that has not ended."""
    try:
        return Resource.of(node.settings, node.signing, node.clock).claims(named.token)
    except Unauthenticated:
        return None


def _use_up(connection: Connection, proven: Proven) -> None:
    proof = proven.assertion
    replay.use(connection, "assertion", proof.client, proof.token_id, expires_at=proof.expires_at)


# -- answers


def _refusal(error: RegistryError) -> Response:
    code = error.code if error.code in ERRORS else RegistryError.default_code
    description = _NOT_DESCRIBED.sub("?", str(error))
    body = {"error": ERRORS[code], "error_description": description, "code": code}
    headers = {"DPoP-Nonce": error.nonce} if isinstance(error, NonceNeeded) else {}
    return _json(body, _STATUSES.get(code, 400), headers=headers)


def _unavailable() -> Response:
    return _json({"error": "temporarily_unavailable", "code": Unavailable.default_code}, 503)


def _json(body: object, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(body), status, kept, media_type="application/json")


async def jwks(request: Request) -> Response:
    """Tell the public keys that tokens can be checked with."""
    node: Node = request.app.state.node
    return _json(metadata.key_set(node.signing.published(node.clock())))


async def server(request: Request) -> Response:
    """Tell clients what works here."""
    node: Node = request.app.state.node
    return _json(metadata.server(node.settings.public_url, certificates=bool(node.settings.certificate_proxy)))


async def resource(request: Request) -> Response:
    """Tell clients what the API asks of them."""
    node: Node = request.app.state.node
    return _json(metadata.resource(node.settings.public_url, certificates=bool(node.settings.certificate_proxy)))


routes = [
    Route(metadata.TOKEN, token, methods=["POST"]),
    Route(metadata.REVOKE, revoke, methods=["POST"]),
    Route(metadata.INTROSPECT, introspect, methods=["POST"]),
    Route(metadata.JWKS, jwks),
    Route(metadata.SERVER, server),
    Route(metadata.RESOURCE, resource),
    Route(metadata.RESOURCE + metadata.PROTECTED, resource),
]
