"""The body of what a client posts: a form (RFC 6749, appendix B), read with limits before anything is looked up.

    grant_type=client_credentials&client_assertion_type=urn%3Aietf%3A…&client_assertion=eyJ…&authorization_details=%5B…

Starlette's own form reader needs python-multipart and hides a parameter that is sent twice, so it isn't used.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from auth import names
from registry.core.errors import InputRefused, LimitExceeded

MOST_BYTES = 16 * 1024
MOST_SECONDS = 10
MOST_PARAMETERS = 32
CONTENT_TYPE = "application/x-www-form-urlencoded"
CLIENT_CREDENTIALS = "client_credentials"
OFFICER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GRANT_TYPES = (CLIENT_CREDENTIALS, OFFICER_GRANT)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a client says who it is."""

    assertion: str
    client: str | None
    """The client that the request names besides its proof; RFC 7521 lets it."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a client asks of the token endpoint."""

    credentials: Credentials
    authorization_details: str | None = None
    officer_grant: str | None = None
    """The word of the officer's authority."""


@dataclass(frozen=True, slots=True)
class TokenNamed:
    """A token that a client gives back, or asks after."""

    credentials: Credentials
    token: str


async def read(request: Request) -> dict[str, str]:
    """Return the parameters of a form; raises InputRefused or LimitExceeded."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != CONTENT_TYPE:
        raise _refused("Content-Type", "is not that of a form.", f"Send {CONTENT_TYPE}.", code="FORM_MALFORMED")
    return parse(await _body(request))


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise LimitExceeded(f"is longer than {MOST_BYTES} bytes.", field="body", code="FORM_TOO_LONG")
    except (ClientDisconnect, TimeoutError):
        raise _refused("body", "is not complete.", "Send it again.", code="FORM_MALFORMED") from None
    return bytes(body)


def parse(body: bytes) -> dict[str, str]:
    """Read a form in which each parameter stands once; one without a value counts as absent (RFC 6749, 3.1)."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
    except ValueError:
        remedy = f"Send at most {MOST_PARAMETERS} parameters, UTF-8 in percent-encoding."
        raise _refused("body", "is not a form.", remedy, code="FORM_MALFORMED") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _refused("body", "repeats a parameter.", "Send each once.", code="FORM_MALFORMED")
    return {name: value for name, value in form.items() if value}


def grant_type(form: Mapping[str, str]) -> str:
    """Return the grant type for the log: as it was asked when it has the form of one."""
    asked = form.get("grant_type", "")
    return asked if names.GRANT_TYPE.fullmatch(asked) else "unknown"


def token_request(form: Mapping[str, str], *, has_authorization: bool, resources: tuple[str, ...]) -> TokenRequest:
    """Check what is asked; ``resources`` are the addresses a token may be for (RFC 8707)."""
    kind = _required(form, "grant_type")
    if kind not in GRANT_TYPES:
        raise _refused("grant_type", "is not offered.", f"Use {GRANT_TYPES[0]}.", code="GRANT_TYPE_UNSUPPORTED")
    credentials = _credentials(form, has_authorization=has_authorization)
    if "scope" in form:
        raise _refused("scope", "is not used here.", "Send authorization_details instead.", code="SCOPE_UNKNOWN")
    if form.get("resource", resources[0]) not in resources:
        raise _refused("resource", "is not served here.", f"Use {resources[0]}", code="RESOURCE_UNKNOWN")
    grant = _required(form, "assertion") if kind == OFFICER_GRANT else None
    return TokenRequest(credentials, form.get("authorization_details"), grant)


def token_named(form: Mapping[str, str], *, has_authorization: bool) -> TokenNamed:
    """Check what is sent to revoke a token, or to ask after one; a hint at its kind is not needed (RFC 7009, 2.1)."""
    credentials = _credentials(form, has_authorization=has_authorization)
    return TokenNamed(credentials, _required(form, "token"))


def _credentials(form: Mapping[str, str], *, has_authorization: bool) -> Credentials:
    if has_authorization or "client_secret" in form:
        raise _refused("client_assertion", "must be the only proof.", "Send no Authorization and no client_secret.")
    if _required(form, "client_assertion_type") != ASSERTION_TYPE:
        raise _refused("client_assertion_type", "is not offered.", f"Use {ASSERTION_TYPE}")
    return Credentials(_required(form, "client_assertion"), form.get("client_id"))


def _required(form: Mapping[str, str], name: str) -> str:
    if name not in form:
        raise _refused(name, "is missing.", f"Send {name}.")
    return form[name]


def _refused(field: str, rule: str, remedy: str, code: str = "PARAMETER_REFUSED") -> InputRefused:
    return InputRefused(rule, field=field, code=code, remedy=remedy)
