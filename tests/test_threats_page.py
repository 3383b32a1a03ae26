"""The page of threats names every threat once, and tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| ([STRIDE]) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
TESTS = re.compile(r"`(tests/[\w/.]+?)(?:::(\w+))?`")
LEVEL_3 = 92


def test_every_threat_stands_there_once() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 37))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_threat_names_tests_that_are_there_or_says_that_there_is_none(row: tuple[str, ...]) -> None:
    named = TESTS.findall(row[4])

    assert named or row[4].startswith("none: "), row
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or re.search(rf"def {test}\b", (ROOT / path).read_text(encoding="utf-8")), test


def test_every_requirement_of_level_3_stands_on_its_page() -> None:
    page = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8").partition("What grows on level 3")[0]
    rows = re.findall(r"^\| (\d[\d., -]+?) \| .+? \| (yes|partly|no|operator|none) \| .*\|$", page, re.MULTILINE)

    assert sum(_count(numbers) for numbers, _ in rows) == LEVEL_3


def _count(numbers: str) -> int:
    """Return how many requirements a cell names: one, several with commas, or a run."""
    total = 0
    for each in numbers.split(", "):
        first, _, last = each.partition("-")
        total += int(last) - int(first.rpartition(".")[2]) + 1 if last else 1
    return total


def test_what_does_not_hold_says_what_is_missing() -> None:
    page = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")

    for line in re.findall(r"^\| [\d., -]+ \| .+? \| (?:partly|no) \| .*\|$", page, re.MULTILINE):
        assert len(line.rsplit(" | ", 1)[1].strip(" |")) > 10, line
