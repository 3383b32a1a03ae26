"""docs/desk.md says what the code says: its tables are made from the constants, its words explain each of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from registry.desk.requests import (
    CHANGES,
    DRAFTS,
    OUTCOMES,
    STATES,
    Capacity,
    Channel,
    Draft,
    DraftStep,
    Kind,
    Outcome,
    State,
    Step,
)
from registry.profiles.dictionary import table
from tests.approved import assert_approved
from tests.factories import EDITION

PAGE = Path(__file__).parents[3] / "docs" / "desk.md"


def cells(made: Mapping[Any, StrEnum], states: Iterable[StrEnum], steps: Iterable[StrEnum]) -> str:
    """Return what each step makes of each state. Any: pairs of the two."""
    held = list(states)
    return table(
        ["step", *(f"of {state.value}" for state in held)],
        [
            [step.value, *(made[state, step].value if (state, step) in made else "-" for state in held)]
            for step in steps
        ],
    )


def words(values: Iterable[StrEnum]) -> str:
    return ", ".join(sorted(each.value for each in values)) or "-"


TABLES: dict[str, Callable[[], str]] = {
    "states": lambda: cells(STATES, State, Step),
    "drafts": lambda: cells(DRAFTS, Draft, DraftStep),
    "outcomes": lambda: table(
        ["request", "on the register", "not on the register"],
        [[kind.value, words(OUTCOMES[kind, True]), words(OUTCOMES[kind, False])] for kind in Kind],
    ),
    "changes": lambda: table(["request", "may propose"], [[kind.value, words(CHANGES[kind])] for kind in Kind]),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_the_page_are_what_the_code_says(name: str) -> None:
    said = PAGE.read_text(encoding="utf-8")
    before, found, after = re.split(rf"(?s)(?<=<!-- {name} -->\n)(.*?)(?=\n<!-- end -->)", said)

    assert found
    assert_approved(PAGE, before + TABLES[name]() + after)


@pytest.mark.parametrize("word", [*Kind, *Channel, *Capacity, *State, *Draft, *Outcome], ids=repr)
def test_the_page_explains_each_word(word: StrEnum) -> None:
    explained = re.sub(r"(?s)<!-- \w+ -->.*?<!-- end -->", "", PAGE.read_text(encoding="utf-8"))

    assert f"**{word.value}**" in explained


def test_the_page_names_the_clocks_of_the_edition() -> None:
    said = ", ".join(f"{each.days} for {each.code}" for each in EDITION.desk.values())

    assert said in PAGE.read_text(encoding="utf-8")
