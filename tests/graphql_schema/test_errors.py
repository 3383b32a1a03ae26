"""What is told of an error is decided by an allow-list."""

import re
from typing import Any

import pytest
import structlog
from graphql import GraphQLError, GraphQLSchema, build_schema, execute_sync, located_error, parse

from graphql_schema.documents import DocumentRefused, DocumentStore
from graphql_schema.errors import LONGEST_MESSAGE, format_error, format_errors, format_refusal, scrub
from graphql_schema.limits import Limits
from registry.core.errors import Conflict, InputRefused, LimitExceeded, NotFound

SECRET = "SECRET-VALUE-123"
SCHEMA: GraphQLSchema = build_schema("""
    enum Sex { MALE FEMALE }
    input Name { full: String! rank: Int }
    type Query {
        search(
            text: String, first: Int, sex: Sex, name: Name, listed: Boolean, height: Float, id: ID, need: Int! = 1
        ): String
    }
""")


def raised(error: Exception) -> GraphQLError:
    """Locate an error as the executor does for a field."""
    node = parse("{ search }").definitions[0].selection_set.selections[0]  # type: ignore[attr-defined]
    return located_error(error, [node], ["search", 0])


def refused(source: str) -> list[dict[str, Any]]:
    with pytest.raises(DocumentRefused) as caught:
        DocumentStore(SCHEMA, Limits()).get(source, introspection=False)
    return format_refusal(caught.value, "r1")


# What is told -------------------------------------------------------------------------------------------------


def test_an_error_of_the_register_is_told_with_its_place_and_remedy() -> None:
    error = InputRefused("is not a day.", code="DATE_MALFORMED", field="born", remedy="Write YYYY.")

    assert format_error(raised(error), "r1") == {
        "message": "born is not a day.",
        "locations": [{"line": 1, "column": 3}],
        "path": ["search", 0],
        "extensions": {"code": "DATE_MALFORMED", "requestId": "r1", "field": "born", "remedy": "Write YYYY."},
    }


@pytest.mark.parametrize("error", [NotFound("not found"), Conflict("has moved on")])
def test_details_that_are_not_there_are_not_told(error: Any) -> None:
    assert format_error(raised(error), "r1")["extensions"] == {"code": error.default_code, "requestId": "r1"}


def test_a_refused_request_tells_what_to_do() -> None:
    error = LimitExceeded("The document is too deep.", code="DOCUMENT_TOO_COMPLEX", remedy="Ask for less.")
    named = InputRefused("is an array.", code="BATCH_REFUSED", field="body")

    assert format_refusal(error, "r1") == [
        {
            "message": "The document is too deep.",
            "extensions": {"code": "DOCUMENT_TOO_COMPLEX", "requestId": "r1", "remedy": "Ask for less."},
        }
    ]
    assert format_refusal(named, "r1")[0]["message"] == "body is an array."


def test_errors_of_variables_keep_code_field_and_remedy() -> None:
    extensions = {"code": "BAD_USER_INPUT", "field": "s.born", "remedy": "Write YYYY.", "other": "x"}

    told = format_error(GraphQLError("Variable '$s' is wrong.", extensions=extensions), "r1")

    assert told == {
        "message": "Variable '$s' is wrong.",
        "extensions": {"code": "BAD_USER_INPUT", "requestId": "r1", "field": "s.born", "remedy": "Write YYYY."},
    }


def test_a_variable_that_is_null_where_none_may_be_is_the_callers_mistake() -> None:
    document = parse("query ($n: Int = 1) { search(need: $n) }")
    result = execute_sync(SCHEMA, document, variable_values={"n": None})

    told = format_errors(result.errors or [], "r1", most=20)

    assert [error["extensions"]["code"] for error in told] == ["BAD_USER_INPUT"]
    assert told[0]["message"] == "Argument 'need' of non-null type 'Int!' must not be null."


# What is masked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"password={SECRET}"),
        GraphQLError(SECRET),
        GraphQLError(SECRET, extensions={"code": "FORBIDDEN", "secret": SECRET}),
        GraphQLError("outer", original_error=KeyError(SECRET)),
    ],
)
def test_anything_else_is_masked_and_reported_under_the_request_id(error: Exception) -> None:
    reported: list[tuple[BaseException, str]] = []

    told = format_error(
        raised(error), "r1", report=lambda original, request_id: reported.append((original, request_id))
    )

    assert told["message"] == "Internal error."
    assert told["extensions"] == {"code": "INTERNAL", "requestId": "r1"}
    assert SECRET not in repr(told)
    assert [(SECRET in repr(original), request_id) for original, request_id in reported] == [(True, "r1")]


def test_null_where_the_schema_promised_none_is_a_mistake_of_ours() -> None:
    told = format_error(raised(TypeError("Cannot return null for non-nullable field Profile.id.")), "r1")

    assert told["extensions"]["code"] == "INTERNAL"


def test_an_error_without_a_code_or_a_path_is_masked() -> None:
    assert format_error(GraphQLError("Selections are nested too deeply."), "r1")["message"] == "Internal error."


def test_the_log_gets_kind_and_place_of_what_was_masked_but_not_its_text() -> None:
    def resolver() -> None:
        raise LookupError(SECRET)

    with structlog.testing.capture_logs() as entries:
        with pytest.raises(LookupError) as caught:
            resolver()
        format_error(raised(caught.value), "r1")
        format_error(raised(LookupError("never raised")), "r2")

    assert [entry["request_id"] for entry in entries] == ["r1", "r2"]
    assert re.fullmatch(r"LookupError at [\w.]*test_errors:\d+", entries[0]["problem"])
    assert entries[1]["problem"] == "LookupError at ?"
    assert SECRET not in repr(entries)


def test_only_the_first_errors_are_told_and_the_others_counted() -> None:
    errors = [raised(NotFound("not found")) for _ in range(25)]

    told = format_errors(errors, "r1", most=20)

    assert len(told) == 21
    assert told[-1] == {
        "message": "5 more errors are not told.",
        "extensions": {"code": "ERRORS_NOT_TOLD", "requestId": "r1"},
    }


# What the library quotes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        f'{{ search(first: "{SECRET}") }}',
        f'{{ search(first: """{SECRET}""") }}',
        f'{{ search(text: ["{SECRET}"]) }}',
        f'{{ search(text: {{a: "{SECRET}"}}) }}',
        f'{{ search(sex: "{SECRET}") }}',
        "{ search(sex: SECRET_VALUE_123) }",
        f'{{ search(listed: "{SECRET}") }}',
        f'{{ search(height: "{SECRET}") }}',
        f'{{ search(id: ["{SECRET}"]) }}',
        f'{{ search(name: {{full: "x", rank: "{SECRET}"}}) }}',
        f'{{ search(name: "{SECRET}") }}',
        f'{{ search(name: {{rank: 1, full: "a \\" {SECRET} \\" b"}}) x(a: "{SECRET}") }}',
        "{ search(text: 123123123) }",
        "{ search(first: 123123123.5) }",
        f'{{ search "{SECRET}" }}',
        f'{{ search """{SECRET}""" }}',
        "{ search 123123123 }",
        "{ search 123123123.5 }",
        f'{{ search(text: "{SECRET}',
        f'query ($v: Int = "{SECRET}") {{ search(first: $v) }}',
        f'query ($v: Sex = "{SECRET}") {{ search(sex: $v) }}',
        f'{{ search @skip(if: "{SECRET}") }}',
    ],
)
def test_literals_of_the_document_are_not_repeated(source: str) -> None:
    told = repr(refused(source))

    assert not any(part in told for part in ("SECRET", "123123123"))
    assert "GRAPHQL_" in told


@pytest.mark.parametrize("source", ["{{ search(first: {}) }}", "query ($n: Int = {}) {{ search(first: $n) }}"])
def test_a_number_that_python_will_not_read_is_the_callers_mistake(source: str) -> None:
    """Beyond 4,300 digits Python raises ValueError, and the library hands it on as what is behind its own error."""
    (told,) = refused(source.format("9" * 5_000))

    assert told["message"] == "Expected value of type 'Int'."
    assert told["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED", "requestId": "r1"}


def test_names_of_the_document_are_told_so_that_the_mistake_can_be_found() -> None:
    assert [error["message"] for error in refused("{ serch }")] == ["Cannot query field 'serch' on type 'Query'."]
    assert refused("{ search(a b) }")[0]["message"] == "Syntax Error: Expected ':', found Name 'b'."


def test_a_long_message_is_cut() -> None:
    assert len(refused("{ " + "x" * 5_000 + " }")[0]["message"]) == LONGEST_MESSAGE


def test_a_short_message_without_quotations_stays() -> None:
    assert scrub("Variable '$x' is never used.") == "Variable '$x' is never used."
