"""What nobody should send: requests, tokens and records as data, each with the answer that it must get.

    Case("body truncated after 7 characters", body=b'{"query', status=400, code="BODY_NOT_JSON")

A table row is a sentence, the part that is changed, and status and code of the answer. Whatever is not said is as in
a good request. A reader adds a row, not a test.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from registry.disclosure.vocabulary import Role
from tests import factories

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
TYPENAME = "{ __typename }"
SEARCH = (
    "query Find($c: SearchCriteriaInput!, $first: Int!, $after: String) { search(criteria: $c, first: $first, "
    "after: $after) { edges { cursor node { score profile { id } } } } }"
)
SECRET = "SECRET-VALUE-123"
"""Stands for what was typed: no answer may repeat it."""


@dataclass(frozen=True)
class Case:
    """A malformed request to ``/graphql``."""

    name: str
    status: int
    code: str
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    """Changes of the headers of a good request; an empty one is left out."""
    body: bytes = b""
    by: Role | None = Role.INVESTIGATOR

    def __str__(self) -> str:
        return self.name


def asked(document: str, variables: object = None, **more: object) -> bytes:
    """Return the body of a well-formed request."""
    return json.dumps({"query": document, "variables": variables} | more).encode()


GOOD = asked(TYPENAME)


def methods() -> Iterator[Case]:
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
        yield Case(f"method {method}", 405, "METHOD_NOT_ALLOWED", method=method, body=GOOD)


def media_types() -> Iterator[Case]:
    for accept in (
        "text/html",
        "image/png",
        "application/xml",
        "application/json;q=0",
        "application/graphql-response+json;q=0.0",
        "text/*",
        "application/json;charset=latin-1",
        "*/*;q=0",
        "nonsense",
        ";;;",
        "application/json;q=abc",
    ):
        yield Case(f"Accept: {accept}", 406, "NOT_ACCEPTABLE", headers={"accept": accept}, body=GOOD)
    for kind in (
        "",
        "text/plain",
        "text/json",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/jsonx",
        "json",
        "application/ json",
        "application/graphql-response+json",
        "*/*",
    ):
        yield Case(f"Content-Type: {kind}", 415, "CONTENT_TYPE_UNSUPPORTED", headers={"content-type": kind}, body=GOOD)


def authorizations() -> Iterator[Case]:
    for value in ("", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "DPoP", "Token x", "bearer", "Digest x=1"):
        yield Case(f"Authorization: {value!r}", 401, "TOKEN_MISSING", headers={"authorization": value}, body=GOOD)
    for name, value in {
        "one part": "abc",
        "two parts": "abc.def",
        "four parts": "a.b.c.d",
        "empty parts": "..",
        "padding": "YQ==.YQ==.YQ==",
        "another alphabet": "ä.ö.ü".encode().decode("latin-1"),
        "no JSON": token("nonsense", "{}"),
        "a header that is a list": token("[]", "{}"),
        "a header twice": token('{"alg":"ES256","alg":"none"}', "{}"),
        "alg none": token('{"alg":"none","typ":"at+jwt"}', '{"sub":"x"}'),
        "alg HS256": token('{"alg":"HS256","typ":"at+jwt"}', '{"sub":"x"}'),
        "alg that is a list": token('{"alg":["ES256"],"typ":"at+jwt"}', "{}"),
        "another type": token('{"alg":"ES256","typ":"JWT"}', "{}"),
        "no type": token('{"alg":"ES256"}', "{}"),
        "critical extensions": token('{"alg":"ES256","typ":"at+jwt","crit":["x"]}', "{}"),
        "a kid that is a number": token('{"alg":"ES256","typ":"at+jwt","kid":1}', "{}"),
        "a kid that is a path": token('{"alg":"ES256","typ":"at+jwt","kid":"../../etc/passwd"}', "{}"),
        "an embedded key": token('{"alg":"ES256","typ":"at+jwt","jwk":{"kty":"EC"}}', "{}"),
        "nesting without end": token('{"alg":"ES256","typ":"at+jwt","x":' + "[" * 2000 + "]" * 2000 + "}", "{}"),
        "NaN": token('{"alg":"ES256","typ":"at+jwt"}', '{"exp":NaN}'),
        "9,000 characters": "a" * 9000,
        "spaces within": "a b.c.d",
    }.items():
        yield Case(f"a token with {name}", 401, "TOKEN_INVALID", headers={"authorization": f"DPoP {value}"}, body=GOOD)


def token(header: str, payload: str) -> str:
    """Return what has a token's form, signed by nobody."""
    parts = (header.encode(), payload.encode(), b"\0" * 64)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def bodies() -> Iterator[Case]:
    for length in range(0, len(GOOD), 2):
        yield Case(f"a body that ends after {length} bytes", 400, "BODY_NOT_JSON", body=GOOD[:length])
    for name, body in {
        "UTF-16": GOOD.decode().encode("utf-16"),
        "a byte that is no UTF-8": b'{"query":"\xff"}',
        "a BOM": b"\xef\xbb\xbf" + GOOD,
        "an overlong slash": b'{"query":"\xc0\xaf"}',
        "a lone surrogate": b'{"query":"\\ud800"}',
        "single quotes": b"{'query': 'x'}",
        "a comment": b'{"query":"{a}" /* x */}',
        "a comma too many": b'{"query":"{a}",}',
        "NaN": b'{"query":"{a}","variables":NaN}',
        "two objects": GOOD + GOOD,
        "a form": b"query={__typename}",
        "XML": b"<query/>",
        "a bare document": b"{ __typename }",
        "U+0000 bytes": b"\0\0\0",
        "nesting without end": b"[" * 50_000,
        "hexadecimal": b'{"query": 0x10}',
    }.items():
        yield Case(f"a body with {name}", 400, "BODY_NOT_JSON", body=body)
    for body in (b"[]", b"[" + GOOD + b"]", b"[" + GOOD + b"," + GOOD + b"]", b"[1]"):
        yield Case(f"a batch of {len(body)} bytes", 400, "BATCH_REFUSED", body=body)
    for size in (100_001, 300_000):
        yield Case(f"a body of {size} bytes", 413, "BODY_TOO_LARGE", body=asked("#" * size))


def parameters() -> Iterator[Case]:
    for body in (
        b"null",
        b"true",
        b"0",
        b'"x"',
        b"{}",
        b'{"query":null}',
        b'{"query":5}',
        b'{"query":[]}',
        b'{"query":{}}',
        b'{"Query":"{a}"}',
        b'{"query":"{a}","query":"{b}"}',
        b'{"query":"{a}","variables":{"x":1,"x":2}}',
        asked(TYPENAME, []),
        asked(TYPENAME, "x"),
        asked(TYPENAME, 1),
        asked(TYPENAME, operationName=1),
        asked(TYPENAME, operationName=["x"]),
        asked(TYPENAME, extensions="x"),
        asked(TYPENAME, extensions=[1]),
        asked(TYPENAME, nested(40)),
        asked(TYPENAME, extensions=nested(40)),
        b'{"query":"{a}","variables":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    ):
        yield Case(f"parameters {body[:200]!r}", 400, "PARAMETERS_MALFORMED", body=body)


def nested(levels: int) -> dict[str, Any]:
    """Return an object in an object in an object …"""
    value: Any = {}
    for _ in range(levels):
        value = {"a": value}
    return dict(value)


def documents() -> Iterator[Case]:
    for length in range(1, len(SEARCH) - 1, 9):
        code = "GRAPHQL_PARSE_FAILED"
        yield Case(f"a document that ends after {length} characters", 400, code, body=asked(SEARCH[:length]))
    for document in (
        "",
        " ",
        "{",
        "}",
        "{}",
        "query",
        "{ a",
        "query Q( { a }",
        "{ a(b: ) }",
        "{ a(b: 1 }",
        "{ ...  }",
        "mutation {",
        '{ a(b: "unterminated) }',
        '{ a(b: """unterminated) }',
        "{ a } }",
        "é { a }",
        "{ a @ }",
        "{ $a }",
        "fragment on X { a }",
        "{ a(b: 01) }",
        "{ a(b: 1.) }",
        "{ a(b: .5) }",
        '{ a(b: "\\q") }',
        '{ a(b: "\\ud800") }',
        "{ a(b: '\u2028') }",
        "\0",
        f"{{ a(b: {SECRET!r}) }}",
    ):
        yield Case(f"a document {document!r}", 400, "GRAPHQL_PARSE_FAILED", body=asked(document))
    for document in (
        "{ nothing }",
        "{ search }",
        "{ search(first: 1) { edges { cursor } } }",
        "{ profile { sex } }",
        "{ profile(id: 1.5) { sex } }",
        '{ profile(id: "x") }',
        '{ profile(id: "x") { nothing } }',
        '{ profile(id: "x", more: 1) { sex } }',
        "{ __typename { a } }",
        "{ ...Missing }",
        "{ ...A } fragment A on Query { ...A }",
        "{ __typename } fragment F on Query { __typename }",
        "query ($x: Int) { __typename }",
        "query ($x: Nothing) { __typename }",
        "{ __typename @nothing }",
        "{ a: __typename a: __schema { queryType { name } } }",
        "query A { __typename } query A { __typename }",
        "{ __typename } { __typename }",
        "subscription { search }",
        "mutation { nothing }",
        "{ profile(id: $x) { sex } }",
        "{ proposals(state: NOTHING, first: 1) { edges { cursor } } }",
        '{ search(criteria: "x", first: 1) { edges { cursor } } }',
        '{ search(criteria: {name: "a", name: "b"}, first: 1) { edges { cursor } } }',
        '{ search(criteria: {name: "x"}, first: 99999999999) { edges { cursor } } }',
        '{ search(criteria: {name: "x"}, first: "5") { edges { cursor } } }',
        "type Query { a: Int }",
    ):
        yield Case(f"a document {document!r}", 400, "GRAPHQL_VALIDATION_FAILED", body=asked(document))
    for literal, code in (
        (f'nationality: "{SECRET}"', "COUNTRY_UNKNOWN"),
        ("nationality: KE", "COUNTRY_UNKNOWN"),
        (f'birthDate: "{SECRET}"', "DATE_MALFORMED"),
        ("birthDate: 1970", "DATE_MALFORMED"),
        ('birthDate: "1700"', "DATE_OUT_OF_RANGE"),
        ('sex: "MALE"', "GRAPHQL_VALIDATION_FAILED"),
        (f"sex: {SECRET.replace('-', '_')}", "GRAPHQL_VALIDATION_FAILED"),
        ("name: 5", "GRAPHQL_VALIDATION_FAILED"),
    ):
        document = f"{{ search(criteria: {{{literal}}}, first: 1) {{ edges {{ cursor }} }} }}"
        yield Case(f"a literal {literal}", 400, code, body=asked(document))
    yield Case(
        "an unknown operation", 400, "OPERATION_UNKNOWN", body=asked("query A { __typename }", operationName="B")
    )
    yield Case("an empty operation name", 400, "OPERATION_UNKNOWN", body=asked(TYPENAME, operationName=""))
    yield Case(
        "no operation chosen", 400, "OPERATION_AMBIGUOUS", body=asked("query A { __typename } query B { __typename }")
    )
    yield Case("U+0000 in a literal", 400, "NUL_CHARACTER_REFUSED", body=asked('{ profile(id: "a\\u0000") { sex } }'))


def complexity() -> Iterator[Case]:
    deep = "{ profile(id: 1) " + "{ versions " * 12 + "{ version }" + " }" * 12 + " }"
    fragments = "".join(f"fragment F{n} on Query {{ __typename }} " for n in range(21))
    for name, document in {
        "17,000 characters": "#" + "x" * 17_000,
        "1,100 tokens": "{ " + "a " * 1_100 + "}",
        "60 comments": "#\n" * 60 + TYPENAME,
        "6 operations": "".join(f"query Q{n} {{ __typename }} " for n in range(6)),
        "21 fragments": fragments + TYPENAME,
        "21 directives": "{ __typename " + "@skip(if: false) " * 21 + "}",
        "16 aliases": "{ " + "".join(f"a{n}: __typename " for n in range(16)) + "}",
        "101 selections": "{ " + "".join(f"f{n} " for n in range(101)) + "}",
        "one key 6 times": "{ " + "__typename " * 6 + "}",
        "11 root fields": "{ " + "".join(f"f{n} " for n in range(11)) + "}",
        "13 levels": deep,
        "two changes": "mutation { a { b } c { d } }",
        "a list in a list in a list": "{ a(b: " + "[" * 900 + "1" + "]" * 900 + ") }",
    }.items():
        yield Case(f"a document of {name}", 400, "DOCUMENT_TOO_COMPLEX", body=asked(document))


def variables() -> Iterator[Case]:
    good: dict[str, Any] = {"c": {"name": "Juma Mwakio"}, "first": 1}
    for name in ("c", "first"):
        rest = {key: value for key, value in good.items() if key != name}
        yield Case(f"no variable {name}", 400, "BAD_USER_INPUT", body=asked(SEARCH, rest))
        yield Case(f"variable {name} is null", 400, "BAD_USER_INPUT", body=asked(SEARCH, rest | {name: None}))
    wrong: list[Any] = [SECRET, True, 1.5, [SECRET], {SECRET: 1}, 2**40]
    for value in wrong:
        yield Case(f"first is {value!r}", 400, "BAD_USER_INPUT", body=asked(SEARCH, good | {"first": value}))
    for value in (
        SECRET,
        5,
        [1],
        {SECRET: 1},
        {"name": 5},
        {"name": [SECRET]},
        {"sex": SECRET},
        {"sex": "male"},
        {"handle": SECRET},
        {"identifiers": [SECRET]},
        {"identifiers": [{"type": "PASSPORT"}]},
        {"identifiers": [{"value": SECRET}]},
        {"identifiers": [None]},
        {"phone": 254},
        {"email": {}},
        {"county": []},
    ):
        yield Case(f"criteria are {value!r}", 400, "BAD_USER_INPUT", body=asked(SEARCH, good | {"c": value}))
    for value in (SECRET, "1970-13", "1970-02-30", "17.05.1970", 1970, "", " 1970", "1970-5-17", ["1970"], "19700517"):
        yield Case(
            f"birthDate is {value!r}", 400, "DATE_MALFORMED", body=asked(SEARCH, good | {"c": {"birthDate": value}})
        )
    for value in ("1849", "2200", "0000", "9999-12-31"):
        yield Case(
            f"birthDate is {value!r}", 400, "DATE_OUT_OF_RANGE", body=asked(SEARCH, good | {"c": {"birthDate": value}})
        )
    for value in ("ke", "KEN", "XX", "", 254, SECRET):
        yield Case(
            f"nationality is {value!r}",
            400,
            "COUNTRY_UNKNOWN",
            body=asked(SEARCH, good | {"c": {"nationality": value}}),
        )
    nul: list[dict[str, Any]] = [
        {"name": "a\0b"},
        {"phone": "\0"},
        {"handle": {"handle": "x\0"}},
        {"identifiers": [{"type": "PASSPORT", "value": "\0"}]},
    ]
    for criteria in nul:
        yield Case(f"U+0000 in {criteria!r}", 400, "NUL_CHARACTER_REFUSED", body=asked(SEARCH, good | {"c": criteria}))


def questions() -> Iterator[Case]:
    """Well-formed questions that break a rule of the register: a field error."""
    good: dict[str, Any] = {"c": {"name": "Juma Mwakio"}, "first": 1}
    for first in (0, -1, 101, 2**31 - 1, -(2**31)):
        yield Case(f"a page of {first}", 200, "PAGE_SIZE", body=asked(SEARCH, good | {"first": first}))
    for after in ("", "x", SECRET, "YXJyYXljb25uZWN0aW9uOjA=", "é", "A" * 1000, "\U0001f600", "-_-_"):
        yield Case(f"a cursor {after[:40]!r}", 200, "CURSOR_INVALID", body=asked(SEARCH, good | {"after": after}))
    nobody: list[dict[str, Any]] = [
        {},
        {"sex": "MALE"},
        {"county": "Nairobi"},
        {"nationality": "KE"},
        {"identifiers": []},
        {"name": None},
    ]
    for criteria in nobody:
        yield Case(f"criteria {criteria!r}", 200, "CRITERIA_TOO_FEW", body=asked(SEARCH, good | {"c": criteria}))
    number = {"type": "PASSPORT", "value": "X1"}
    malformed: list[dict[str, Any]] = [
        {"name": ""},
        {"name": " "},
        {"name": "x" * 201},
        {"name": "a\u0007"},
        {"phone": "1" * 41},
        {"email": ""},
        {"county": "x" * 61, "name": "x"},
        {"handle": {"handle": ""}},
        {"handle": {"handle": "\x7f"}},
        {"identifiers": [{"type": "PASSPORT", "value": ""}]},
        {"identifiers": [{"type": "PASSPORT", "value": "1" * 41}]},
        {"identifiers": [number] * 6},
    ]
    for criteria in malformed:
        yield Case(
            f"criteria {str(criteria)[:60]}", 200, "CRITERION_MALFORMED", body=asked(SEARCH, good | {"c": criteria})
        )
    opened = "query ($id: ID!) { profile(id: $id) { sex } }"
    for identifier in (
        "",
        "1",
        "x",
        SECRET,
        "../../etc/passwd",
        "' OR 1=1 --",
        "UHJvZmlsZTox",
        "cAGh_5r4dneKmLS3Toglzo",
        "cAGh_5r4dneKmLS3ToglzoY=",
        "cAGh_5r4dneKmLS3ToglzoZ",
        "é" * 23,
        "z" * 23,
        42,
    ):
        yield Case(f"an id {identifier!r}", 200, "ID_MALFORMED", body=asked(opened, {"id": identifier}))
    yield Case("an id of nobody", 200, "NOT_FOUND", body=asked(opened, {"id": "cAGh_5r4dneKmLS3ToglzoY"}))
    yield Case("an id of an officer", 200, "NOT_FOUND", body=asked(opened, {"id": "bwGh_5r4dneKmLS3ToglzoY"}))
    yield Case("no case", 200, "CASE_CONTEXT_REQUIRED", body=asked(SEARCH, good), by=None)
    log = "query ($f: LogFilterInput) { logEntries(first: 1, filter: $f) { edges { cursor } } }"
    yield Case("the log for an investigator", 200, "FORBIDDEN", body=asked(log))
    for name in ("officerId", "profileId"):
        yield Case(f"a filter by {name}", 200, "ID_MALFORMED", body=asked(log, {"f": {name: SECRET}}), by=Role.AUDITOR)
    for moment in ("2026-11-21", "yesterday", "2026-11-21T09:00:00", 0, "0001-01-01T00:00:00+14:00"):
        yield Case(
            f"since {moment!r}", 400, "MOMENT_MALFORMED", body=asked(log, {"f": {"since": moment}}), by=Role.AUDITOR
        )


PROPOSE = (
    "mutation ($input: ProfileProposeInput!) { profilePropose(input: $input) { proposal { id } "
    "userErrors { code field message } } }"
)


def proposal(reason: Any = "An invented reason", **changes: Any) -> dict[str, Any]:
    """Return the input of a good proposal with parts of its record changed."""
    record: dict[str, Any] = {
        "legalBasis": {"code": "KE-SOA-39-13", "article": "Section 39(13)"},
        "names": [{"full": "Invented Person"}],
        "convictions": [CONVICTION],
    }
    return {"input": {"reason": reason, "record": record | changes}}


CONVICTION = {
    "offence": next(iter(factories.EDITION.offences)),
    "court": "Court",
    "caseNumber": "SO 1/2020",
    "convictedOn": "2020-05-01",
    "sentence": "Ten years",
}


def changes() -> Iterator[Case]:
    """Proposals that break a rule: userErrors, and nothing is written."""
    rows: list[tuple[str, dict[str, Any]]] = [
        ("REASON_MALFORMED", proposal(reason="")),
        ("REASON_MALFORMED", proposal(reason="  x ")),
        ("REASON_MALFORMED", proposal(reason="x" * 501)),
        ("LIST_MALFORMED", proposal(names=[])),
        ("LIST_MALFORMED", proposal(convictions=[])),
        ("LIST_MALFORMED", proposal(phones=[{"number": "+254712345678"}] * 51)),
        ("TEXT_MALFORMED", proposal(names=[{"full": ""}])),
        ("TEXT_MALFORMED", proposal(names=[{"full": "x" * 201}])),
        ("TEXT_MALFORMED", proposal(names=[{"full": "a\u202eb"}])),
        ("TEXT_MALFORMED", proposal(names=[{"full": "a\x07b"}])),
        ("TEXT_MALFORMED", proposal(names=[{"full": "x", "parts": [{"kind": "GIVEN", "text": ""}]}])),
        (
            "LIST_MALFORMED",
            proposal(
                names=[{"full": "x y", "parts": [{"kind": "GIVEN", "text": "x"}, {"kind": "GIVEN", "text": "y"}]}]
            ),
        ),
        ("CODE_UNKNOWN", proposal(county="Atlantis")),
        ("CODE_UNKNOWN", proposal(legalBasis={"code": SECRET, "article": "x"})),
        ("CODE_UNKNOWN", proposal(convictions=[CONVICTION | {"offence": SECRET}])),
        ("TEXT_MALFORMED", proposal(convictions=[CONVICTION | {"court": ""}])),
        ("TEXT_MALFORMED", proposal(convictions=[CONVICTION | {"sentence": "x" * 501}])),
        ("PHONE_MALFORMED", proposal(phones=[{"number": "12"}])),
        ("PHONE_MALFORMED", proposal(phones=[{"number": "+254712345678" * 20}])),
        ("PHONE_MALFORMED", proposal(phones=[{"number": SECRET}])),
        ("FORM_MALFORMED", proposal(emails=[{"address": "nobody"}])),
        ("FORM_MALFORMED", proposal(emails=[{"address": "a@b"}])),
        ("FORM_MALFORMED", proposal(emails=[{"address": "a\x07@b.example"}])),
        ("FORM_MALFORMED", proposal(identifiers=[{"type": "PASSPORT", "value": "?"}])),
        ("FORM_MALFORMED", proposal(handles=[{"platform": "Not A Platform", "handle": "x"}])),
        ("TEXT_MALFORMED", proposal(handles=[{"handle": ""}])),
    ]
    for place, (code, given) in enumerate(rows):
        yield Case(f"a proposal {place} with {code}", 200, code, body=asked(PROPOSE, given), by=Role.REGISTRAR)
    for decision, extra in (("proposalApprove", ""), ("proposalReject", ', note: "not so"')):
        document = (
            f"mutation ($id: ID!) {{ {decision}(input: {{proposalId: $id{extra}}}) {{ userErrors {{ code }} }} }}"
        )
        for identifier, code in (
            ("x", "ID_MALFORMED"),
            ("YwGh_5r4dneKmLS3ToglzoY", "NOT_FOUND"),
            ("cAGh_5r4dneKmLS3ToglzoY", "NOT_FOUND"),
        ):
            yield Case(
                f"{decision} of {identifier}", 200, code, body=asked(document, {"id": identifier}), by=Role.SUPERVISOR
            )


def noise(count: int = 40) -> Iterator[Case]:
    """Draw bodies at random, always the same ones: bytes of a good request, some of them changed."""
    draw = Random(2026)
    for place in range(count):
        body = bytearray(asked(SEARCH, {"c": {"name": "Juma"}, "first": 1}))
        for _ in range(draw.randint(1, 6)):
            body[draw.randrange(len(body))] = draw.randrange(128, 256)
        yield Case(f"noise {place}", 400, "BODY_NOT_JSON", body=bytes(body))


REQUESTS = [
    case
    for rows in (
        methods,
        media_types,
        authorizations,
        bodies,
        parameters,
        documents,
        complexity,
        variables,
        questions,
        changes,
        noise,
    )
    for case in rows()
]


@dataclass(frozen=True)
class TokenCase:
    """A malformed token request: a change of a good form, or another body."""

    name: str
    code: str
    status: int = 400
    form: dict[str, str | None] = field(default_factory=dict)
    """None leaves a parameter out."""
    header: dict[str, object] = field(default_factory=dict)
    claims: dict[str, object] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/x-www-form-urlencoded"

    def __str__(self) -> str:
        return self.name


def details(**changed: object) -> str:
    item = {
        "type": "urn:registry:query:v1",
        "purpose": "criminal_investigation",
        "case_reference": "CR 12/2026",
        "legal_basis": "KE-SOA-39-13",
        "officer": "child-protection/investigator/1",
    }
    return json.dumps([{name: value for name, value in (item | changed).items() if value is not None}])


def token_forms() -> Iterator[TokenCase]:
    for kind in ("", "application/json", "multipart/form-data; boundary=x", "text/plain"):
        yield TokenCase(f"Content-Type {kind!r}", "FORM_MALFORMED", content_type=kind)
    for body in (b"\xff\xfe", b"%zz=%ff", b"a=1&a=2", b"&".join(b"p%d=x" % n for n in range(40)), b"grant_type=%ff"):
        yield TokenCase(f"form {body[:20]!r}", "FORM_MALFORMED", body=body)
    yield TokenCase("a form of 20 kB", "FORM_TOO_LONG", 413, body=b"x=" + b"a" * 20_000)
    for name in ("grant_type", "client_assertion", "client_assertion_type"):
        yield TokenCase(f"no {name}", "PARAMETER_REFUSED", form={name: None})
        yield TokenCase(f"an empty {name}", "PARAMETER_REFUSED", form={name: ""})
    for kind in ("password", "authorization_code", "refresh_token", "urn:saml", "client_credentials "):
        yield TokenCase(f"grant type {kind}", "GRANT_TYPE_UNSUPPORTED", form={"grant_type": kind})
    yield TokenCase("an empty body", "PARAMETER_REFUSED", body=b"")
    yield TokenCase("a client secret", "PARAMETER_REFUSED", form={"client_secret": SECRET})
    yield TokenCase("another assertion type", "PARAMETER_REFUSED", form={"client_assertion_type": "urn:saml"})
    yield TokenCase("a scope", "SCOPE_UNKNOWN", form={"scope": "everything"})
    yield TokenCase("another resource", "RESOURCE_UNKNOWN", form={"resource": "https://evil.example"})
    yield TokenCase("another client id", "ASSERTION_REFUSED", form={"client_id": "somebody-else"})


def token_assertions() -> Iterator[TokenCase]:
    for text in (
        "x",
        "a.b",
        "a.b.c.d",
        "..",
        token("[]", "{}"),
        token('{"alg":"none"}', '{"sub":"x"}'),
        token("nonsense", "{}"),
        "a" * 9000,
    ):
        yield TokenCase(f"an assertion {text[:20]!r}", "ASSERTION_REFUSED", form={"client_assertion": text})
    for header in (
        {"alg": "HS256"},
        {"alg": "none"},
        {"typ": "at+jwt"},
        {"crit": ["x"]},
        {"kid": 1},
        {"alg": ["ES256"]},
    ):
        yield TokenCase(f"a header {header!r}", "ASSERTION_REFUSED", header=dict(header))
    claims: tuple[dict[str, object], ...] = (
        {"iss": "somebody"},
        {"iss": None},
        {"sub": None},
        {"sub": 5},
        {"sub": "no client's name!"},
        {"aud": None},
        {"aud": ["https://registry.example"]},
        {"aud": "https://evil.example"},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 0},
        {"exp": 2**60},
        {"exp": -1},
        {"iat": 2**33},
        {"nbf": 2**33},
        {"iat": "now"},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 200},
        {"jti": 12345678},
    )
    for claim in claims:
        yield TokenCase(f"claims {claim!r}", "ASSERTION_REFUSED", claims=claim)
    yield TokenCase("an unknown client", "CLIENT_REFUSED", claims={"sub": "ke-unknown", "iss": "ke-unknown"})
    yield TokenCase("an unknown key", "CLIENT_REFUSED", header={"kid": "another"})


def token_details() -> Iterator[TokenCase]:
    for text in (
        "",
        "x",
        "{}",
        "[]",
        "[1]",
        "null",
        "[{}]",
        "[{},{}]",
        "[" * 3000,
        f'[{{"{SECRET}":1}}]',
        '[{"type":"x","type":"y"}]',
        "x" * 5000,
    ):
        if text:
            yield TokenCase(f"details {text[:20]!r}", "DETAILS_REFUSED", form={"authorization_details": text})
    changed: tuple[dict[str, object], ...] = (
        {"type": "other"},
        {"type": None},
        {"purpose": None},
        {"purpose": "curiosity"},
        {"purpose": 5},
        {"purpose": ["oversight"]},
        {"case_reference": None},
        {"case_reference": ""},
        {"case_reference": "lower case"},
        {"case_reference": "x" * 200},
        {"case_reference": "'; DROP TABLE log_entries --"},
        {"legal_basis": None},
        {"legal_basis": SECRET},
        {"officer": None},
        {"officer": ""},
        {"officer": "x" * 200},
        {"officer": {"a": 1}},
        {"officer": "\u202eevil"},
        {"more": 1},
    )
    for change in changed:
        yield TokenCase(
            f"details with {change!r}", "DETAILS_REFUSED", form={"authorization_details": details(**change)}
        )
    yield TokenCase(
        "an unknown officer", "OFFICER_REFUSED", form={"authorization_details": details(officer="NOBODY-1")}
    )


TOKENS = [*token_forms(), *token_assertions(), *token_details()]
