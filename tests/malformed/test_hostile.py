"""Hostile names through the API: refused with a code or answered within limits, never our fault, always an entry."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.malformed.asking import check_nothing_shows, sent
from tests.malformed.cases import SEARCH, Case, asked
from tests.nodes import Node
from tests.registry.matching.hostile import DISGUISES, HOSTILE
from tests.registry.test_errors_page import codes_told

LONGEST_ANSWER = 20_000
"""Characters of one page of five hits; the names asked for are repeated in reasons, and cut there."""

FIELDS = ("phone", "email", "county", "plate")


def criteria(field: str, text: str) -> dict[str, Any]:
    """Ask by this text in this field; a county alone names nobody."""
    return {"name": "Juma Mwakio", "county": text} if field == "county" else {field: text}


async def check_answered(node: Node, sought: dict[str, Any]) -> list[str]:
    """Require an answer that a stranger may see, and one entry; give the codes it holds."""
    length = await node.length()

    answer = await sent(node, Case("hostile", 200, "", body=asked(SEARCH, {"c": sought, "first": 5})))

    body = answer.json()
    codes = [error["extensions"]["code"] for error in body.get("errors", [])]
    assert answer.status_code in (200, 400), answer.text
    assert codes or body["data"]["search"]["edges"] is not None
    assert set(codes) <= codes_told() - {"INTERNAL"}
    assert len(answer.text) <= LONGEST_ANSWER
    assert await node.length() == length + 1
    check_nothing_shows(answer.text)
    return codes


@pytest.mark.anyio
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_is_refused_or_answered(node: Node, name: str) -> None:
    codes = await check_answered(node, {"name": HOSTILE[name]})

    assert len(codes) <= 1


@pytest.mark.anyio
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", ["10,000 letters", "wildcards", "a lone surrogate", "a direction override", "emoji"])
async def test_the_same_in_other_fields(node: Node, field: str, name: str) -> None:
    codes = await check_answered(node, criteria(field, HOSTILE[name]))

    assert len(codes) <= 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("10,000 letters", "CRITERION_MALFORMED"),
        ("10,000 marks on one letter", "CRITERION_MALFORMED"),
        ("1,000 words", "CRITERION_MALFORMED"),
        ("nothing", "CRITERION_MALFORMED"),
        ("blanks", "CRITERION_MALFORMED"),
        ("line breaks", "CRITERION_MALFORMED"),
        ("wildcards", "CRITERION_MALFORMED"),
        ("only particles", "CRITERION_MALFORMED"),
        ("digits", "CRITERION_MALFORMED"),
        ("one letter", "CRITERIA_TOO_FEW"),
        ("only initials", "CRITERIA_TOO_FEW"),
        ("U+0000", "NUL_CHARACTER_REFUSED"),
        ("a lone surrogate", "BODY_NOT_JSON"),
    ],
)
async def test_what_can_name_nobody_is_refused(node: Node, name: str, code: str) -> None:
    assert await check_answered(node, {"name": HOSTILE[name]}) == [code]


@pytest.mark.anyio
@pytest.mark.parametrize("disguised", [text for text in DISGUISES if text.isprintable()], ids=ascii)
async def test_a_disguised_name_is_answered(node: Node, disguised: str) -> None:
    assert await check_answered(node, {"name": disguised}) == []


@pytest.mark.anyio
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=300), year=st.none() | st.integers(1930, 2010).map(str))
async def test_no_name_brings_the_node_down(node: Node, name: str, year: str | None) -> None:
    codes = await check_answered(node, {"name": name, "birthDate": year})

    assert len(codes) <= 1
