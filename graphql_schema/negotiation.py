"""GraphQL over HTTP: media types, statuses, and the parameters of a request, as pure functions.

    response_media("application/graphql-response+json, application/json;q=0.9")   the first
    status(Event.QUESTION_REFUSED, JSON)                                          200
    parse_parameters(b'{"query":"{search}","variables":{}}')                      Parameters(...)

The published audit of the specification and its draft contradict each other on many statuses, so there
are two profiles, ``audit`` and ``draft``, side by side in one table. In the audit profile a client that
accepts only application/json gets 200 for any well-formed request, as older clients expect.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from graphql_schema.limits import Limits, exceeded
from registry.core.errors import Forbidden, InputRefused, RegistryError, Unauthenticated, Unavailable
from registry.documents.approval import read_identifier

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
OFFERED = (RESPONSE, JSON)
EVENT_STREAM = "text/event-stream"
"""For who names it: no wildcard asks for a stream."""


class Event(StrEnum):
    """How a request can end, as far as its status is concerned."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    BODY_NOT_JSON = "body not json"
    PARAMETERS_REFUSED = "parameters refused"
    SYNTAX = "document syntax"
    QUESTION_REFUSED = "validation, limits, unknown operation, coercion"
    METHOD_NOT_ALLOWED = "method not allowed"
    UNSUPPORTED_MEDIA = "content type is not json in utf-8"
    NOT_ACCEPTABLE = "accept admits nothing we have"
    BODY_TOO_LARGE = "body too large"
    BODY_TOO_SLOW = "body too slow"
    URI_TOO_LONG = "uri too long"
    UNAUTHENTICATED = "no or bad token"
    FORBIDDEN = "no scope for the endpoint"
    BUDGET_SPENT = "rate or cost budget spent"
    INTERNAL = "a mistake of ours"
    UNAVAILABLE = "not now"
    TIMED_OUT = "time is up"


class Profile(StrEnum):
    """Which reading of the specification decides the statuses."""

    AUDIT = "audit"
    DRAFT = "draft"


class Statuses(NamedTuple):
    """The statuses of one event."""

    audit_response: int
    audit_json: int
    draft: int


def _same(code: int) -> Statuses:
    return Statuses(code, code, code)


STATUS: dict[Event, Statuses] = {
    Event.ANSWERED: _same(200),
    Event.PARTIAL: Statuses(200, 200, 294),
    Event.BODY_NOT_JSON: Statuses(400, 400, 400),
    Event.PARAMETERS_REFUSED: Statuses(400, 400, 422),
    Event.SYNTAX: Statuses(400, 200, 400),
    Event.QUESTION_REFUSED: Statuses(400, 200, 422),
    Event.METHOD_NOT_ALLOWED: _same(405),  # with Allow
    Event.UNSUPPORTED_MEDIA: _same(415),
    Event.NOT_ACCEPTABLE: _same(406),
    Event.BODY_TOO_LARGE: _same(413),
    Event.BODY_TOO_SLOW: _same(408),
    Event.URI_TOO_LONG: _same(414),
    Event.UNAUTHENTICATED: _same(401),  # with WWW-Authenticate
    Event.FORBIDDEN: _same(403),
    Event.BUDGET_SPENT: _same(429),  # with Retry-After
    Event.INTERNAL: _same(500),
    Event.UNAVAILABLE: _same(503),  # with Retry-After
    Event.TIMED_OUT: _same(504),
}

EVENTS: dict[str, Event] = {
    "BODY_NOT_JSON": Event.BODY_NOT_JSON,
    "PARAMETERS_MALFORMED": Event.PARAMETERS_REFUSED,
    "BATCH_REFUSED": Event.PARAMETERS_REFUSED,
    "GRAPHQL_PARSE_FAILED": Event.SYNTAX,
    "GRAPHQL_VALIDATION_FAILED": Event.QUESTION_REFUSED,
    "DOCUMENT_TOO_COMPLEX": Event.QUESTION_REFUSED,
    "COST_EXCEEDED": Event.QUESTION_REFUSED,
    "DOCUMENT_UNKNOWN": Event.QUESTION_REFUSED,
    "DOCUMENT_NOT_TRUSTED": Event.FORBIDDEN,
    "OPERATION_UNKNOWN": Event.QUESTION_REFUSED,
    "OPERATION_AMBIGUOUS": Event.QUESTION_REFUSED,
    "BAD_USER_INPUT": Event.QUESTION_REFUSED,
    "METHOD_NOT_ALLOWED": Event.METHOD_NOT_ALLOWED,
    "CONTENT_TYPE_UNSUPPORTED": Event.UNSUPPORTED_MEDIA,
    "NOT_ACCEPTABLE": Event.NOT_ACCEPTABLE,
    "EVENT_STREAM_REQUIRED": Event.NOT_ACCEPTABLE,
    "BODY_TOO_LARGE": Event.BODY_TOO_LARGE,
    "BODY_TOO_SLOW": Event.BODY_TOO_SLOW,
    "HEADER_REPEATED": Event.PARAMETERS_REFUSED,
    "URI_TOO_LONG": Event.URI_TOO_LONG,
    "UNAUTHENTICATED": Event.UNAUTHENTICATED,
    "FORBIDDEN": Event.FORBIDDEN,
    "RATE_LIMITED": Event.BUDGET_SPENT,
    "TOO_MANY_STREAMS": Event.BUDGET_SPENT,
    "RECORDS_SPENT": Event.BUDGET_SPENT,
    "OPERATIONS_SPENT": Event.BUDGET_SPENT,
    "SUBJECTS_SPENT": Event.BUDGET_SPENT,
    "INTERNAL": Event.INTERNAL,
    "UNAVAILABLE": Event.UNAVAILABLE,
    "TIMEOUT": Event.TIMED_OUT,
}
"""The event behind the code of an error that ends a whole request; field errors are PARTIAL instead."""

KINDS: tuple[tuple[type[RegistryError], Event], ...] = (
    (Unauthenticated, Event.UNAUTHENTICATED),
    (Forbidden, Event.FORBIDDEN),
    (Unavailable, Event.UNAVAILABLE),
    (RegistryError, Event.QUESTION_REFUSED),
)
"""The event behind a code that stands in no row above, by the branch of the tree."""


def event_of(refused: RegistryError) -> Event:
    """Tell which event an error is that ended the whole request."""
    by_kind = next(event for kind, event in KINDS if isinstance(refused, kind))
    return EVENTS.get(refused.code, by_kind)


def status(event: Event, media: str, profile: Profile = Profile.AUDIT) -> int:
    """Look up the HTTP status of an event for the media type of the answer."""
    row = STATUS[event]
    if media == EVENT_STREAM:
        return row.audit_json  # what is wrong with a question is told by an event of the stream
    if profile is Profile.DRAFT:
        # 294 is defined for the new media type alone
        return row.audit_json if event is Event.PARTIAL and media == JSON else row.draft
    return row.audit_response if media == RESPONSE else row.audit_json


@lru_cache(maxsize=256)  # clients send one header for as long as they live
def response_media(accept: str | None) -> str:
    """Choose the media type of the answer; refuse when the client admits none that we have."""
    if accept is None or not accept.strip():
        return JSON
    admitted = [(quality, media) for media in OFFERED if (quality := _quality(accept, media)) > 0]
    if not admitted and admits_stream(accept):
        return EVENT_STREAM
    if not admitted:
        raise InputRefused(
            "admits no media type of this endpoint.",
            code="NOT_ACCEPTABLE",
            field="Accept",
            remedy=f"Accept {RESPONSE} or {JSON}.",
        )
    best = max(quality for quality, _ in admitted)
    first, *others = [media for quality, media in admitted if quality == best]
    named = RESPONSE in accept.lower()
    return first if named or not others else JSON  # wildcards alone come from clients that know only JSON


@lru_cache(maxsize=256)
def admits_stream(accept: str) -> bool:
    """Say whether the client reads streams of events, and says so by name."""
    named = [dict(parameters) for media, parameters in map(_media, accept.split(",")) if media == EVENT_STREAM]
    return any(_weight(parameters.get("q", "1")) > 0 for parameters in named)


def require_json(content_type: str | None) -> None:
    """Refuse a body that is not declared as JSON in UTF-8; so no HTML form can send one either."""
    media, parameters = _media(content_type or "")
    charsets = [value for name, value in parameters if name == "charset"]
    if media != JSON or any(charset != "utf-8" for charset in charsets):
        raise InputRefused(
            "is not JSON in UTF-8.",
            code="CONTENT_TYPE_UNSUPPORTED",
            field="Content-Type",
            remedy=f"Send {JSON}; charset=utf-8.",
        )


def _quality(accept: str, offered: str) -> float:
    """Weigh one of our media types by the most specific range that covers it."""
    ranges = {offered: 3, f"{offered.split('/', maxsplit=1)[0]}/*": 2, "*/*": 1}
    best = (0, 0.0)
    for part in accept.split(","):
        media, parameters = _media(part)
        values = dict(parameters)
        if media in ranges and values.get("charset", "utf-8") == "utf-8":
            best = max(best, (ranges[media], _weight(values.get("q", "1"))))
    return best[1]


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _media(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a media type from its parameters, in lower case and without quotes."""
    media, *parts = (part.strip().lower() for part in text.split(";"))
    pairs = [part.partition("=") for part in parts if part]
    return media, [(name.strip(), value.strip().strip('"')) for name, _, value in pairs]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a request asks, as the specification names it."""

    query: str
    """The text of the document; empty where it is named by its id."""
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    extensions: dict[str, Any] = field(default_factory=dict)
    document: str | None = None
    """SHA-256 of a trusted document that is named instead of sent."""


def parse_parameters(body: bytes, limits: Limits | None = None) -> Parameters:
    """Read the body strictly: one JSON object in UTF-8, no member twice; members nobody knows are ignored.

    Parsers differ on which of two equal members they keep, so a gateway could check one question and
    we answer another. orjson is the parser; the second reading looks for duplicates only.
    """
    members = _object(body)
    query, document = members.get("query"), _document(members)
    if document is None and not isinstance(query, str):
        raise _malformed("query", "is required and is a string.")
    operation_name = members.get("operationName")
    if not isinstance(operation_name, str | None):
        raise _malformed("operationName", "is a string or null.")
    for name in ("variables", "extensions"):
        if not isinstance(members.get(name), dict | None):
            raise _malformed(name, "is an object or null.")
        _check_size(name, members.get(name), limits or Limits())
    given = (members.get("variables") or {}, operation_name, members.get("extensions") or {})
    return Parameters(query or "", *given, document)


def _document(members: dict[str, Any]) -> str | None:
    """Return the digest that ``documentId`` names, if it does (GraphQL over HTTP, appendix on persisted documents).

    Beside a query it is refused even when it is the same: a gateway could check one, and we answer the other.
    """
    named = members.get("documentId")
    if named is None:
        return None
    if members.get("query") is not None:
        raise _malformed("documentId", "stands beside a query.")
    digest = read_identifier(named) if isinstance(named, str) else None
    if digest is None:
        raise _malformed("documentId", "is not sha256: and 64 hex digits.")
    return digest


def _object(body: bytes) -> dict[str, Any]:
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InputRefused(
            "is not JSON in UTF-8.", code="BODY_NOT_JSON", field="body", remedy="Send one JSON object."
        ) from None
    if isinstance(members, list):
        raise InputRefused(
            "is an array.", code="BATCH_REFUSED", field="body", remedy="Send each question in a request of its own."
        )
    if not isinstance(members, dict):
        raise _malformed("body", "is not an object.")
    try:
        json.loads(body, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise _malformed("body", "names a member twice, or is nested too deeply.") from None
    return members


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def _check_size(name: str, value: Any, limits: Limits) -> None:
    """Refuse a value of too many levels, or of too many values: what reads it takes a step for each."""
    level, levels, values = [value], 0, 0
    while level := [child for node in level for child in _children(node)]:
        levels, values = levels + 1, values + len(level)
        if levels > limits.variable_depth:
            raise _malformed(name, "is nested too deeply.")
        if values > limits.variable_values:
            raise exceeded("variable_values", limits, code="TOO_MUCH_AT_ONCE")


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _malformed(name: str, message: str) -> InputRefused:
    return InputRefused(
        message,
        code="PARAMETERS_MALFORMED",
        field=name,
        remedy='Send {"query": "...", "variables": {...}, "operationName": "..."}, or "documentId" for "query".',
    )
