"""A document is refused for what it would cost, before that cost arises."""

from dataclasses import replace

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from graphql_schema.limits import Limits, check, exceeded, rows
from registry.core.errors import InputRefused, LimitExceeded

LIMITS = Limits()


def refusal(source: str, limits: Limits = LIMITS) -> str | None:
    """Name the limit that a document exceeds."""
    try:
        check(parse(source), None, limits)
    except LimitExceeded as refused:
        return refused.message.removeprefix("The document exceeds the limit ").split(":", maxsplit=1)[0]
    return None


def nested(depth: int) -> str:
    return "{ a " * depth + "{ b }" + " }" * depth


def bomb(fragments: int) -> str:
    """Each fragment names the next one twice: 2^n fields in a few hundred characters."""
    parts = [f"fragment F{n} on T {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(fragments)]
    return "{ ...F0 } " + " ".join(parts) + f" fragment F{fragments} on T {{ c }}"


@pytest.mark.parametrize("row", rows(LIMITS), ids=lambda row: row.name)
def test_every_limit_has_a_unit_and_a_reason_to_print(row: object) -> None:
    assert all(str(getattr(row, part)) for part in ("name", "value", "unit", "reason"))


def test_a_limit_may_be_set_otherwise_but_not_off() -> None:
    assert Limits.of({"depth": 8}) == Limits(depth=8)
    for given, code in (({"debth": 8}, "SETTING_UNKNOWN"), ({"depth": 0}, "SETTING_INVALID")):
        with pytest.raises(InputRefused) as caught:
            Limits.of(given)
        assert caught.value.code == code


def test_a_refusal_names_the_limit_and_its_value() -> None:
    refused = exceeded("aliases", replace(LIMITS, aliases=7))

    assert refused.message == "The document exceeds the limit aliases: 7 aliases per document."
    assert refused.code == "DOCUMENT_TOO_COMPLEX"
    assert refused.remedy


def test_an_ordinary_search_is_far_from_every_limit() -> None:
    source = """query Find($q: String!) { search(query: $q, first: 20) { totalCount edges { cursor node {
        id names { parts { kind value } } aliases { full } ... on Profile { born sex ...More } } } } }
        fragment More on Profile { convictions { offence { code title } } }"""

    assert refusal(source) is None


def test_full_introspection_is_exempt_from_depth() -> None:
    assert refusal(get_introspection_query(directive_is_repeatable=True, input_value_deprecation=True)) is None


@pytest.mark.parametrize(
    ("allowed", "refused", "limit"),
    [
        ("{ a { " + "".join(f" b{n}" for n in range(100)) + "} }", "{ a { " + "b " * 101 + "} }", "selections_per_set"),
        ("{ a { b b b b b } }", "{ a { b b b b b b } }", "same_response_key"),
        ("{ a { b b b ... { b b } } }", "{ a { b b b ... { b ... { b b } } } }", "same_response_key"),
        (
            "{ a { " + " ".join(f"... on T{n} {{ b }}" for n in range(9)) + " } }",
            "{ a { " + "... on T { b } " * 6 + " } }",
            "same_response_key",
        ),
        (
            "{ a { " + " ".join(f"x{n}: __typename" for n in range(15)) + " } }",
            "{ a { " + " ".join(f"x{n}: __typename" for n in range(16)) + " } }",
            "aliases",
        ),
        ("{ a" + " @x" * 20 + " }", "{ a" + " @x" * 21 + " }", "directives"),
        ("query @x { a }", "query ($v: T" + " @x" * 11 + ")" + " @x" * 10 + " { a }", "directives"),
        ("{ a ... @x { a } }", "{ ..." + " @x" * 10 + " { a } ...F" + " @x" * 11 + " }", "directives"),
        ("{ a b c d e f g h i j }", "{ a b c d e f g h i j k }", "root_fields"),
        (
            "{ ...F } fragment F on T { a b c d e f g h i j }",
            "{ k ...F } fragment F on T { a b c d e f g h i j }",
            "root_fields",
        ),
        ("mutation { a __typename }", "mutation { a ...F } fragment F on T { b }", "mutation_root_fields"),
        (nested(9), nested(10), "depth"),
        (
            " ".join(f"query Q{n} {{ a }}" for n in range(5)),
            " ".join(f"query Q{n} {{ a }}" for n in range(6)),
            "operations",
        ),
        (
            "{ a }" + " ".join(f"fragment F{n} on T {{ a }}" for n in range(20)),
            "{ a }" + " ".join(f"fragment F{n} on T {{ a }}" for n in range(21)),
            "fragments",
        ),
        (bomb(8), bomb(18), "depth"),
    ],
)  # fmt: skip
def test_a_limit_admits_its_value_and_nothing_beyond(allowed: str, refused: str, limit: str) -> None:
    assert refusal(allowed) is None
    assert refusal(refused) == limit


def test_repetition_that_multiplies_from_level_to_level_is_refused() -> None:
    four_levels = "{ a { " + "b { " + "c { d d d d d } " * 5 + "} " + "} }"
    five_each = "{ " + ("a { " + ("b { " + "c { d d d d d } " * 5 + "} ") * 5 + "} ") * 3 + "}"

    assert refusal(four_levels) is None
    assert refusal(five_each) == "merged_fields"


def test_repetition_hidden_in_fragments_is_refused() -> None:
    parts = " ".join(f"fragment F{n} on T {{ a {{ b b b b b }} a {{ b b b b b }} }}" for n in range(20))

    assert refusal("{ x { " + " ".join(f"...F{n}" for n in range(20)) + " } } " + parts) == "merged_fields"


def test_a_bomb_costs_no_more_than_its_text() -> None:
    roomy = replace(LIMITS, fragments=100, depth=100)

    assert refusal(bomb(60), roomy) is None


@pytest.mark.parametrize(
    "source",
    [
        "{ ...F } fragment F on T { ...F }",
        "{ ...F } fragment F on T { a ...G } fragment G on T { b ...F }",
        "{ ...Unknown }",
        "{ ... { ... { a } } }",
        "type T { a: Int } { a }",
    ],
)
def test_what_validation_will_refuse_does_not_stop_the_check(source: str) -> None:
    assert refusal(source) is None


def test_a_cycle_through_fields_is_endless_depth() -> None:
    assert refusal("{ ...F } fragment F on T { a { ...F } }") == "depth"


def test_one_operation_may_be_checked_alone() -> None:
    document = parse("query Deep " + nested(12) + " query Flat { a }")
    deep, flat = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]

    check(document, flat, LIMITS)
    with pytest.raises(LimitExceeded, match="depth"):
        check(document, deep, LIMITS)
