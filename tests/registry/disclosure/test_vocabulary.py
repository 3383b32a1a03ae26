"""The closed lists: stable codes, each with its sentence."""

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from registry.disclosure import vocabulary
from registry.disclosure.vocabulary import Action, FieldClass, Purpose, Role

SOURCE = ast.parse(Path(vocabulary.__file__).read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", [Purpose, Role, Action, FieldClass])
def test_each_value_is_followed_by_its_sentence(kind: type[StrEnum]) -> None:
    (body,) = [each.body for each in SOURCE.body if isinstance(each, ast.ClassDef) and each.name == kind.__name__]
    values = [place for place, each in enumerate(body) if isinstance(each, ast.Assign)]

    sentences = [body[place + 1] for place in values]

    assert len(values) == len(kind)
    for sentence in sentences:
        assert isinstance(sentence, ast.Expr)
        assert isinstance(sentence.value, ast.Constant)
        assert str(sentence.value.value).endswith(".")


@pytest.mark.parametrize("kind", [Purpose, Role, FieldClass])
def test_codes_are_small_letters(kind: type[StrEnum]) -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", each.value) for each in kind)


def test_actions_are_subject_and_verb() -> None:
    assert all(re.fullmatch(r"[a-z]+(:[a-z]+){1,2}", each.value) for each in Action)
