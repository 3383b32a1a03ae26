"""The addresses under /session/, where people sign in: a table, and what is the same for each of them.

    1 our own page asks             403: Origin, and a header of our own
    2 the body, bounded and strict  400, 413, 415
    3 the use case                  in one transaction with its entry
    4 the answer                    JSON, never kept by anybody; a refusal only once it stands in the log

Addresses come from the settings, never from the request. What each does: signing_in.py, being_signed_in.py.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth import being_signed_in as within, cookies, form, oidc, signing_in
from auth.ceremonies import LIFE
from auth.refusals import SignInRefused
from auth.visits import Answer, Entered, Visit, check_own, read_body
from registry.audit.log import log_unavailable
from registry.core.errors import (
    Conflict,
    Forbidden,
    InputRefused,
    LimitExceeded,
    NotFound,
    RegistryError,
    Unauthenticated,
    Unavailable,
)
from registry.core.telemetry import log, problem_of


@dataclass(frozen=True, slots=True)
class Door:
    """One address and method: what it is called in the log, who answers, what its body may hold."""

    method: str
    path: str
    operation: str
    use_case: Callable[[Visit], Awaitable[Answer]]
    members: tuple[str, ...] | None = None
    """None: it takes no body."""


DOORS = (
    Door("POST", "/session/identity", "identity:begin", signing_in.begin_identity, ("anew",)),
    Door("POST", "/session/passkey", "passkey:begin", signing_in.begin_passkey, ("anew",)),
    Door("POST", "/session/passkey/signed", "passkey:end", signing_in.end_passkey, ("response",)),
    Door("POST", "/session/registration", "registration:begin", signing_in.begin_registration, ("invitation",)),
    Door("POST", "/session/registration/made", "registration:end", signing_in.end_registration, ("response", "name")),
    Door("GET", "/session/passkeys", "passkey:list", signing_in.list_passkeys),
    Door("DELETE", "/session/passkeys/{id}", "passkey:revoke", signing_in.revoke_passkey),
    Door("GET", "/session", "read", within.current),
    Door("DELETE", "/session", "sign-out", within.sign_out),
    Door("GET", "/session/list", "list", within.list_sessions),
    Door("POST", "/session/list", "list", within.list_sessions, ("agency", "officer")),
    Door("DELETE", "/session/list/{id}", "end", within.end_session),
    Door("POST", "/session/case", "case:open", within.open_case,
         ("purpose", "case_reference", "legal_basis", "agreement")),
    Door("DELETE", "/session/case", "case:close", within.close_case),
)  # fmt: skip

_STATUSES: tuple[tuple[type[RegistryError], int], ...] = (
    (Unauthenticated, 401), (Forbidden, 403), (NotFound, 404), (Conflict, 409), (InputRefused, 400),
    (LimitExceeded, 413), (Unavailable, 503),
)  # fmt: skip
_SECURE = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
PAGES = Path(__file__).parent / "pages"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><p>{words}</p></html>"""


async def answered(door: Door, request: Request) -> Response:
    """Answer one request, or refuse it."""
    visit = Visit.of(request, door.operation)

    async def use_case() -> Response:
        check_own(request, visit.node.settings.public_url)
        if door.members is not None:
            visit.body = await read_body(request, door.members)
        return _json(visit, await door.use_case(visit))

    return await _guarded(visit, use_case, partial(_told, visit))


async def returned(request: Request) -> Response:
    """Take back whom the identity provider sends: a page of another site asks, so the proof's cookie has to do."""
    visit = Visit.of(request, "identity:end")

    async def use_case() -> Response:
        answer = await signing_in.end_identity(visit, _parameters(request))
        page = _page(visit, 200, "Signed in", "You are signed in.")
        _give(page, answer)
        return page

    def told(refusal: RegistryError) -> Response:
        return _page(visit, _status(refusal), "Not signed in", f"{refusal.message} {refusal.remedy or ''}")

    response = await _guarded(visit, use_case, told)
    cookies.forget(response, cookies.PROOF)
    return response


async def ended(request: Request) -> Response:
    """Hear from the identity provider that somebody has signed out there (Back-Channel Logout 1.0, 2.5)."""
    visit = Visit.of(request, "identity:logout")

    async def use_case() -> Response:
        parameters = await form.read(request)
        return _json(visit, await signing_in.end_at_provider(visit, parameters.get("logout_token", "")))

    def told(refusal: RegistryError) -> Response:
        response = _told(visit, refusal)
        response.status_code = 503 if isinstance(refusal, Unavailable) else 400
        return response

    return await _guarded(visit, use_case, told)


async def _guarded(
    visit: Visit, use_case: Callable[[], Awaitable[Response]], told: Callable[[RegistryError], Response]
) -> Response:
    """Do it; whatever is refused or breaks is entered in the log before it is told."""
    if visit.node.writer.is_full:
        return told(log_unavailable())
    try:
        return await use_case()
    except Entered as entered:
        return told(entered.refusal)
    except Exception as problem:  # noqa: BLE001  whatever it is, the visit leaves its entry
        refusal = problem if isinstance(problem, RegistryError) else RegistryError("Internal error.")
        if refusal is not problem:
            log.error("session_failed", request_id=visit.request_id, problem=problem_of(problem))
        visit.placed = None
        is_stranger = visit.entry.officer is None and not isinstance(refusal, Unavailable)
        if is_stranger and not visit.node.strangers.admits(visit.entry.source, refusal.code):
            return told(refusal)
        try:
            visit.placed = await visit.node.writer.submit(visit.refused(refusal))
        except Unavailable as unavailable:
            refusal = unavailable
        return told(refusal)


def _parameters(request: Request) -> dict[str, str]:
    """Return what the provider has to say, each once."""
    try:
        pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=16, errors="strict")
    except ValueError:
        raise SignInRefused("answer_malformed") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SignInRefused("answer_malformed")
    return found


def _status(refusal: RegistryError) -> int:
    return next((status for kind, status in _STATUSES if isinstance(refusal, kind)), 500)


def _json(visit: Visit, answer: Answer) -> Response:
    response = Response(orjson.dumps(answer.body), 200, _headers(visit), media_type="application/json")
    _give(response, answer)
    return response


def _told(visit: Visit, refusal: RegistryError) -> Response:
    extensions: dict[str, object] = {"code": refusal.code, "requestId": visit.request_id}
    extensions |= {name: value for name in ("field", "remedy") if (value := getattr(refusal, name))}
    body = {"errors": [{"message": refusal.message, "extensions": extensions}]}
    response = Response(orjson.dumps(body), _status(refusal), _headers(visit), media_type="application/json")
    if refusal.code == "SESSION_ENDED":
        cookies.forget(response, cookies.SESSION)
    return response


def _page(visit: Visit, status: int, title: str, words: str) -> Response:
    return Response(_PAGE.format(title=title, words=words), status, _headers(visit), media_type="text/html")


def _headers(visit: Visit) -> dict[str, str]:
    return {**_SECURE, "x-request-id": visit.request_id, **visit.node.promises.headers(visit.placed)}


def _give(response: Response, answer: Answer) -> None:
    if answer.session is not None:
        cookies.keep(response, answer.session)
        cookies.forget(response, cookies.PROOF)
    if answer.proof is not None:
        cookies.keep_proof(response, answer.proof, LIFE)
    if answer.is_over:
        cookies.forget(response, cookies.SESSION)
        response.headers["clear-site-data"] = '"cache", "cookies", "storage"'


_FILES = {"enter": "text/html", "enter.js": "text/javascript"}
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers with a page of this folder; it asks for no session, and nothing in it is anybody's."""
    content = (PAGES / (name if "." in name else f"{name}.html")).read_bytes()
    headers = {**_SECURE, "content-security-policy": _POLICY}

    async def show(_request: Request) -> Response:
        return Response(content, 200, headers, media_type=_FILES[name])

    return show


def routes() -> list[Route]:
    """Return the addresses, with the methods each answers."""
    return [
        *(Route(door.path, partial(answered, door), methods=[door.method]) for door in DOORS),
        *(Route(f"/session/{name}", _file(name), methods=["GET"]) for name in _FILES),
        Route(oidc.CALLBACK, returned, methods=["GET"]),
        Route("/session/identity/ended", ended, methods=["POST"]),
    ]
