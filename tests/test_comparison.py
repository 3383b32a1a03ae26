"""docs/comparison.md: every row of every table names a test that shows it, and the test is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
HEADS = ["", "SORNA", "ViSOR", "ECRIS-TCN", "Prüm II", "ours", "shown by"]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
MARKS = re.compile(r"(Y|P|N|\?)(?![A-Za-z])(: | |$)|$")


def cells(line: str) -> list[str]:
    return [each.strip() for each in line.strip().strip("|").split("|")]


LINES = [cells(line) for line in PAGE.splitlines() if line.startswith("|")]
ROWS = [row for row in LINES if row not in (HEADS, ["---"] * len(HEADS))]


@cache
def defined_in(path: str) -> frozenset[str]:
    """Return the tests of a module, whoever runs them."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_table_compares_the_same_four() -> None:
    sections = PAGE.count("\n## ")

    assert sections == LINES.count(HEADS) == LINES.count(["---"] * len(HEADS))
    assert len(ROWS) > 50


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_every_row_names_a_test_that_exists(row: list[str]) -> None:
    named = TEST.findall(row[-1])

    assert len(row) == len(HEADS)
    assert named
    assert TEST.sub("", row[-1]).strip(", ") == ""
    for path, name in named:
        assert name in defined_in(path), f"{path} has no {name}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_every_cell_says_yes_partly_no_or_unknown(row: list[str]) -> None:
    for each in row[1:5]:
        assert MARKS.match(each), each
    assert row[5]


def test_no_thing_is_compared_twice() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS)
