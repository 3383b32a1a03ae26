"""The printed matrix says what is decided, names every rule with its law, and is the page of the documentation."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from registry.disclosure import matrix
from registry.disclosure.decision import REASONS, REMEDIES, Reason, RemedyKind
from registry.disclosure.vocabulary import FieldClass, Purpose, Role, Use
from tests.approved import assert_approved
from tests.registry.disclosure.cases import KE, USUAL, case

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_of_the_documentation_is_made_of_the_rules() -> None:
    assert_approved(DOCS / "permissions.md", matrix.page(KE))


def test_every_rule_stands_on_the_page_with_its_law_and_who_approved_it() -> None:
    page = matrix.page(KE)
    for rule in KE.table.rules:
        (line,) = [each for each in page.splitlines() if each.startswith(f"| {rule.id} |")]
        assert rule.title in line
        assert rule.law in line
        assert all(name in line for name in rule.approved_by)


def test_the_page_names_every_obligation_reason_and_remedy() -> None:
    page = matrix.page(KE)
    assert set(REASONS) == set(Reason)
    assert set(REMEDIES) == set(RemedyKind)
    for word in (*Reason, *RemedyKind, *(each.obligation.code for each in KE.table.obligations)):
        assert f"| {word} |" in page


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR, Role.DESK_OFFICER])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_letters_are_what_may_be_done(role: Role, purpose: Purpose) -> None:
    column = _column(role, purpose)
    before = KE.decide(case(role, purpose)[0])
    after = KE.decide(case(role, purpose, USUAL, step_up="yes")[0])

    for place, kind in enumerate(FieldClass):
        cell = column.cells[place] if column else "."
        for use, letter in matrix.LETTERS.items():
            assert (letter in cell) == (kind in after.may(use))
            assert (f"{letter}*" in cell) == (kind in after.may(use) - before.may(use))


def _column(role: Role, purpose: Purpose) -> matrix.Column | None:
    for column in matrix.columns(KE):
        for askers in column.askers:
            roles, purposes = (part.split(", ") for part in askers.split(": "))
            if role.value in roles and purpose.value in purposes:
                return column
    return None


def test_each_letter_has_its_use() -> None:
    assert set(matrix.LETTERS) == set(Use)
    assert all(letter in matrix.KEY for letter in matrix.LETTERS.values())


def test_the_text_has_a_line_for_each_field_class() -> None:
    text = matrix.text(KE)

    for kind in FieldClass:
        assert len(re.findall(rf"^{kind.value} ", text, re.MULTILINE)) == 1
    assert KE.version[:12] in text


class _Paper(HTMLParser):
    """What stands in the cells of a page, and what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.loads: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in {"td", "th"}:
            self.cells[-1] += data


def test_the_paper_says_the_same_and_loads_nothing() -> None:
    paper = _Paper()
    paper.feed(matrix.html(KE))

    assert paper.loads == []
    for column in matrix.columns(KE):
        assert column.head in paper.cells
    for rule in KE.rules:
        assert rule.law in paper.cells
    assert "<script" not in matrix.html(KE)
