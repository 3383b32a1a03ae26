"""Errors as the caller sees them: told by an allow-list, everything else masked.

    {"message": "born is not a date known in part.",
     "locations": [{"line": 1, "column": 3}], "path": ["search"],
     "extensions": {"code": "DATE_MALFORMED", "requestId": "0198...", "field": "born", "remedy": "Write YYYY."}}

Three kinds are told: RegistryError, whose sentences are written for callers; what the library says about
a document; and what it says about an argument. The library quotes what it complains about, and that may
be a person's name, so quotations are cut. Any other exception becomes "Internal error." here, and goes to
the log under the same request id.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError

from auth.callers import NonceNeeded
from auth.resource import www_authenticate
from graphql_schema.documents import DocumentRefused
from registry.core.errors import BudgetSpent, InputRefused, RegistryError, Unauthenticated
from registry.core.telemetry import log, problem_of

Report = Callable[[BaseException, str], None]
"""Takes what was masked and the request id."""

MASKED = "Internal error."
INTERNAL = "INTERNAL"
LONGEST_MESSAGE = 300

# What the library quotes, and what is left of the sentence.
_QUOTATIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(Expected value of type '[^']*'), found .*", re.DOTALL), r"\1."),
    (re.compile(r"(cannot represent [a-z0-9 -]*value): .*", re.DOTALL), r"\1."),
    (re.compile(r"Value '.*' does not exist in '([^']*)' enum.*", re.DOTALL), r"Enum '\1' has no such value."),
    (re.compile(r"(Argument '[^']*') has invalid value .*", re.DOTALL), r"\1 has an invalid value."),
    (re.compile(r"(found (?:String|BlockString|Int|Float)) .*", re.DOTALL), r"\1."),
    (re.compile(r'"(?:[^"\\]|\\.){2,}"'), "(a string)"),
)


_UNREADABLE = re.compile(r"Expected value of type '")
"""What the library says of a literal that its type can't read, whatever was raised: Python's int has a longest text."""


def log_masked(original: BaseException, request_id: str) -> None:
    """Write what was masked to the log: its kind and its place, not its text, which may quote a record."""
    log.error("masked", request_id=request_id, problem=problem_of(original))


def format_error(error: GraphQLError, request_id: str, *, report: Report = log_masked) -> dict[str, Any]:
    """Turn one error of a document or of its execution into what is told of it."""
    message, code, more = _told(error) or (MASKED, INTERNAL, {})
    if code == INTERNAL:
        report(origin_of(error), request_id)
    told: dict[str, Any] = {"message": message}
    if error.locations:
        told["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        told["path"] = error.path
    return told | {"extensions": {"code": code, "requestId": request_id} | more}


def format_errors(
    errors: Sequence[GraphQLError], request_id: str, *, most: int, report: Report = log_masked
) -> list[dict[str, Any]]:
    """Tell the first errors of an execution, and how many more there are."""
    told = [format_error(error, request_id, report=report) for error in errors[:most]]
    if len(errors) > most:
        message = f"{len(errors) - most} more errors are not told."
        told.append({"message": message, "extensions": {"code": "ERRORS_NOT_TOLD", "requestId": request_id}})
    return told


def format_refusal(refused: RegistryError, request_id: str) -> list[dict[str, Any]]:
    """Tell why a whole request was refused; a document tells each of its mistakes."""
    if isinstance(refused, DocumentRefused):
        return [format_error(error, request_id) for error in refused.errors]
    extensions = {"code": refused.code, "requestId": request_id} | _more(refused)
    return [{"message": _sentence(refused), "extensions": extensions}]


def _told(error: GraphQLError) -> tuple[str, str, dict[str, str]] | None:
    """Find message, code and details that may be told, if any."""
    origin = origin_of(error)
    if isinstance(origin, RegistryError):
        return _sentence(origin), origin.code, _more(origin)
    if not isinstance(origin, GraphQLError) and not (error.path is None and _UNREADABLE.match(error.message)):
        return None
    extensions = error.extensions or {}
    code = extensions.get("code")
    if error.path is None and code:  # found in the document or its variables, before anything was executed
        return scrub(error.message), str(code), {name: extensions[name] for name in extensions if name in _DETAILS}
    if error.message.startswith("Argument '"):  # a variable was left out, or null where none may be
        return scrub(error.message), InputRefused.default_code, {}
    return None


_DETAILS = ("field", "remedy")


def _sentence(error: RegistryError) -> str:
    return f"{error.field} {error.message}" if error.field else error.message


def _more(error: RegistryError) -> dict[str, str]:
    return {name: value for name in _DETAILS if (value := getattr(error, name))}


def origin_of(error: BaseException) -> BaseException:
    """Find what was raised first."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def scrub(message: str) -> str:
    """Cut what the library quotes of the caller's text, and what is too long."""
    for pattern, left in _QUOTATIONS:
        message = pattern.sub(left, message)
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def headers(refusal: RegistryError) -> dict[str, str]:
    """Return what HTTP tells of a refusal beside its status."""
    if isinstance(refusal, Unauthenticated):
        nonce = {"dpop-nonce": refusal.nonce} if isinstance(refusal, NonceNeeded) else {}
        return {"www-authenticate": www_authenticate(refusal)} | nonce
    if isinstance(refusal, BudgetSpent):
        return {"retry-after": str(refusal.retry_after)}
    return {"allow": "POST"} if refusal.code == "METHOD_NOT_ALLOWED" else {}
