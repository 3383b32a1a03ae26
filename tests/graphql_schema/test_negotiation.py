"""The rules of GraphQL over HTTP, row by row."""

from contextlib import nullcontext, suppress
from typing import Any

import orjson
import pytest
from hypothesis import given, strategies as st

from graphql_schema.limits import Limits
from graphql_schema.negotiation import (
    EVENT_STREAM,
    EVENTS,
    JSON,
    RESPONSE,
    STATUS,
    Event,
    Parameters,
    Profile,
    admits_stream,
    event_of,
    parse_parameters,
    require_json,
    response_media,
    status,
)
from registry.core.errors import (
    Conflict,
    Forbidden,
    InputRefused,
    LimitExceeded,
    RegistryError,
    Unauthenticated,
    Unavailable,
)

# Statuses -----------------------------------------------------------------------------------------------------

TABLE = """
    event               audit+response  audit+json  draft+response  draft+json
    ANSWERED            200             200         200             200
    PARTIAL             200             200         294             200
    BODY_NOT_JSON       400             400         400             400
    PARAMETERS_REFUSED  400             400         422             422
    SYNTAX              400             200         400             400
    QUESTION_REFUSED    400             200         422             422
    METHOD_NOT_ALLOWED  405             405         405             405
    UNSUPPORTED_MEDIA   415             415         415             415
    NOT_ACCEPTABLE      406             406         406             406
    BODY_TOO_LARGE      413             413         413             413
    BODY_TOO_SLOW       408             408         408             408
    URI_TOO_LONG        414             414         414             414
    UNAUTHENTICATED     401             401         401             401
    FORBIDDEN           403             403         403             403
    BUDGET_SPENT        429             429         429             429
    INTERNAL            500             500         500             500
    UNAVAILABLE         503             503         503             503
    TIMED_OUT           504             504         504             504
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_event_has_its_status_for_each_media_type_and_profile(row: list[str]) -> None:
    event = Event[row[0]]

    found = [status(event, media, profile) for profile in Profile for media in (RESPONSE, JSON)]

    assert found == [int(code) for code in row[1:]]


def test_the_table_has_a_row_for_every_event() -> None:
    assert set(STATUS) == set(Event)
    assert {row[0] for row in ROWS} == set(Event.__members__)


def test_the_audit_profile_is_the_default() -> None:
    assert status(Event.QUESTION_REFUSED, RESPONSE) == 400


@pytest.mark.parametrize(
    ("refused", "event"),
    [
        (InputRefused("x", code="BODY_NOT_JSON"), Event.BODY_NOT_JSON),
        (InputRefused("x", code="DATE_MALFORMED"), Event.QUESTION_REFUSED),
        (LimitExceeded("x", code="DOCUMENT_TOO_COMPLEX"), Event.QUESTION_REFUSED),
        (LimitExceeded("x", code="RATE_LIMITED"), Event.BUDGET_SPENT),
        (Unauthenticated("x", code="TOKEN_EXPIRED"), Event.UNAUTHENTICATED),
        (Forbidden("x", code="SCOPE_MISSING"), Event.FORBIDDEN),
        (Unavailable("x", code="LOG_STOPPED"), Event.UNAVAILABLE),
        (Conflict("x"), Event.QUESTION_REFUSED),
        (RegistryError("x"), Event.INTERNAL),
    ],
)
def test_a_refusal_is_an_event_by_its_code_or_else_its_kind(refused: RegistryError, event: Event) -> None:
    assert event_of(refused) is event


def test_codes_of_requests_lead_to_rows_of_the_table() -> None:
    assert set(EVENTS.values()) <= set(STATUS)


# Media types --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/html, */*;q=0.1", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        ("Application/GraphQL-Response+JSON; Charset=UTF-8", RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{JSON}, {RESPONSE};q=0.5", JSON),
        (f"{RESPONSE};q=0, */*", JSON),
        (f"{JSON};q=0, */*;q=0.2", RESPONSE),
        (f"{RESPONSE};charset=latin1, {JSON};charset=utf-8", JSON),
        (f'{JSON}; charset="utf-8"', JSON),
    ],
)
def test_the_answer_has_the_media_type_the_client_prefers(accept: str | None, media: str) -> None:
    assert response_media(accept) == media


@pytest.mark.parametrize(("accept", "media", "streams"), [
    ("text/event-stream", "text/event-stream", True),
    ("text/event-stream;q=0.1, text/html", "text/event-stream", True),
    (f"{RESPONSE}, {JSON}, text/event-stream, multipart/mixed", RESPONSE, True),
    ("text/event-stream, */*;q=0.1", JSON, True),
    ("*/*", JSON, False),
    (f"text/*, {JSON}", JSON, False),
    (f"{JSON}, text/event-stream;q=0", JSON, False),
])  # fmt: skip
def test_a_stream_is_for_who_names_it_and_answers_a_query_only_where_nothing_else_will(
    accept: str, media: str, streams: bool
) -> None:
    assert response_media(accept) == media
    assert admits_stream(accept) is streams


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("profile", list(Profile))
def test_a_stream_has_one_reading_of_statuses(event: Event, profile: Profile) -> None:
    """What is wrong with a question is told by an event: a reader of streams learns nothing from a status."""
    assert status(event, EVENT_STREAM, profile) == STATUS[event].audit_json


@pytest.mark.parametrize(
    "accept",
    ["text/html", "nonsense", ";", f"{JSON};q=0", f"{JSON};q=x", f"{JSON};q=2", f"{JSON};charset=utf-16",
     "text/event-stream;q=0", "text/*"],
)  # fmt: skip
def test_a_client_that_admits_nothing_we_have_is_told_so(accept: str) -> None:
    with pytest.raises(InputRefused) as caught:
        response_media(accept)

    assert (caught.value.code, caught.value.field) == ("NOT_ACCEPTABLE", "Accept")


@pytest.mark.parametrize(
    "content_type",
    [JSON, f"{JSON}; charset=utf-8", 'Application/JSON;charset="UTF-8";', f"{JSON}; v=1"],
)
def test_json_in_utf_8_is_taken(content_type: str) -> None:
    require_json(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        RESPONSE,
        f"{JSON}; charset=latin1",
        f"{JSON}; charset=utf-8; charset=utf-16",
        f"text/plain, {JSON}",
    ],
)
def test_any_other_body_is_refused(content_type: str | None) -> None:
    with pytest.raises(InputRefused) as caught:
        require_json(content_type)

    assert (caught.value.code, caught.value.field) == ("CONTENT_TYPE_UNSUPPORTED", "Content-Type")


@given(st.text(max_size=60))
def test_no_header_is_a_crash(text: str) -> None:
    for reader in (response_media, require_json):
        with suppress(InputRefused):
            reader(text)


# Parameters ---------------------------------------------------------------------------------------------------


def test_the_parameters_are_read_as_the_specification_names_them() -> None:
    body = b'{"query":"{a}","variables":{"v":[1,null]},"operationName":"Q","extensions":{"e":1},"other":[[]]}'

    assert parse_parameters(body) == Parameters("{a}", {"v": [1, None]}, "Q", {"e": 1})


@pytest.mark.parametrize(
    "body", [b'{"query":"{a}"}', b'{"query":"{a}","variables":null,"operationName":null,"extensions":null}']
)
def test_all_but_the_query_may_be_left_out_or_null(body: bytes) -> None:
    assert parse_parameters(body) == Parameters("{a}")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"query={a}", b'{"query":"\xff"}', b'\xef\xbb\xbf{"query":"{a}"}', b'{"query":NaN}', b"[" * 5_000,
     b'{"query":"\\ud800"}', b'{"query":"{a}"} {}',
     b'{"query":' + b"9" * 5_000 + b"}", '{"query":"{a}"}'.encode("utf-16")],
)  # fmt: skip
def test_a_body_that_is_not_json_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_parameters(body)

    assert (caught.value.code, caught.value.field) == ("BODY_NOT_JSON", "body")


@pytest.mark.parametrize("body", [b"[]", b'[{"query":"{a}"}]', b'[{"query":"{a}"},{"query":"{b}"}]'])
def test_not_even_a_batch_of_one_is_taken(body: bytes) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_parameters(body)

    assert caught.value.code == "BATCH_REFUSED"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"null", "body"),
        (b"5", "body"),
        (b'"{a}"', "body"),
        (b"{}", "query"),
        (b'{"query":5}', "query"),
        (b'{"query":null}', "query"),
        (b'{"query":["{a}"]}', "query"),
        (b'{"query":"{a}","operationName":7}', "operationName"),
        (b'{"query":"{a}","variables":[1]}', "variables"),
        (b'{"query":"{a}","variables":"x"}', "variables"),
        (b'{"query":"{a}","variables":0}', "variables"),
        (b'{"query":"{a}","extensions":[]}', "extensions"),
        (b'{"query":"{a}","query":"{b}"}', "body"),
        (b'{"query":"{a}","variables":{"v":{"x":1,"x":2}}}', "body"),
        (b'{"query":"{a}","other":' + b"[" * 1_015 + b"]" * 1_015 + b"}", "body"),
    ],
)
def test_malformed_parameters_are_refused_and_named(body: bytes, field: str) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_parameters(body)

    assert (caught.value.code, caught.value.field) == ("PARAMETERS_MALFORMED", field)
    assert caught.value.remedy


def test_a_document_may_be_named_by_its_id_instead_of_sent() -> None:
    body = b'{"documentId":"sha256:%s","query":null,"variables":{"v":1}}' % (b"0" * 64)

    assert parse_parameters(body) == Parameters("", {"v": 1}, document="0" * 64)
    assert parse_parameters(b'{"query":"{a}","documentId":null}') == Parameters("{a}")


@pytest.mark.parametrize(
    "named",
    [b'"sha256:%s","query":"{a}"' % (b"0" * 64), b'"sha256:%s","query":""' % (b"0" * 64),
     b'"sha256:%s","query":5' % (b"0" * 64), b'"%s"' % (b"0" * 64), b'"sha256:%s"' % (b"F" * 64), b'""', b"7", b"[]"],
)  # fmt: skip
def test_two_documents_and_what_is_no_id_are_malformed(named: bytes) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_parameters(b'{"documentId":' + named + b"}")

    assert (caught.value.code, caught.value.field) == ("PARAMETERS_MALFORMED", "documentId")


@pytest.mark.parametrize("value", [{}, [], None, 1, "x", {"a": 1}])
@pytest.mark.parametrize("name", ["variables", "extensions"])
def test_variables_hold_no_more_values_than_the_limit(name: str, value: object) -> None:
    limits = Limits(variable_values=100)
    size = 49 if isinstance(value, dict) and value else 99

    for over, refused in ((0, False), (1, True)):
        body = orjson.dumps({"query": "{a}", name: {"list": [value] * (size + over)}})
        if refused:
            with pytest.raises(LimitExceeded, match="variable_values: 100") as caught:
                parse_parameters(body, limits)
            assert caught.value.code == "TOO_MUCH_AT_ONCE"
        else:
            assert getattr(parse_parameters(body, limits), name)["list"]


@pytest.mark.parametrize(("depth", "refused"), [(3, False), (4, True), (900, True)])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
def test_variables_are_nested_no_deeper_than_the_limit(depth: int, refused: bool, brackets: tuple[str, str]) -> None:
    opening, closing = brackets
    inner = opening * (depth - 1) + "0" + closing * (depth - 1)
    body = f'{{"query":"{{a}}","variables":{{"v":{inner}}}}}'.encode()

    with pytest.raises(InputRefused, match="nested too deeply") if refused else nullcontext():
        parse_parameters(body, Limits(variable_depth=3))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions", "x"]), json_values))
def test_any_json_object_is_parameters_or_refused(members: dict[str, Any]) -> None:
    with suppress(InputRefused):
        parameters = parse_parameters(orjson.dumps(members))

        assert parameters.query == members["query"]
        assert parameters.variables == (members.get("variables") or {})


@given(st.binary(max_size=80))
def test_no_bytes_are_a_crash(body: bytes) -> None:
    with pytest.raises(InputRefused):
        parse_parameters(body)
