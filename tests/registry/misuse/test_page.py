"""docs/misuse.md says what the rules and their numbers are, and says no other; a wrong number stops the start."""

from dataclasses import fields
from pathlib import Path

import pytest

from registry.core.config import load
from registry.core.errors import InputRefused
from registry.misuse.chance import at_least, percentile
from registry.misuse.rules import RULES
from registry.misuse.thresholds import Thresholds

PAGE = (Path(__file__).parents[3] / "docs" / "misuse.md").read_text(encoding="utf-8").splitlines()


def test_the_page_has_each_rule_with_what_it_rests_on() -> None:
    told = [line for line in PAGE if line.startswith("| `") and line.count("|") == 6]

    assert told == [
        f"| `{rule.id}` | {rule.counts} | {rule.why} | {', '.join(sorted(rule.rests_on)) or '-'} "
        f"| {', '.join(sorted(rule.explained_by)) or '-'} |"
        for rule in RULES
    ]


def test_the_page_has_each_number_with_its_bounds() -> None:
    told = [line for line in PAGE if line.startswith("| `") and line.endswith(tuple("0123456789|")) and " to " in line]

    assert [line for line in told if line.count("|") == 5] == [
        f"| `{row.name}` | {row.default:,} | {row.metadata['unit']} "
        f"| {row.metadata['least']:,} to {row.metadata['most']:,} |"
        for row in fields(Thresholds)
    ]


@pytest.mark.parametrize("row", [each.name for each in fields(Thresholds)])
def test_a_number_out_of_its_bounds_is_refused(row: str) -> None:
    (found,) = (each.metadata for each in fields(Thresholds) if each.name == row)

    for value in (found["least"] - 1, found["most"] + 1):
        with pytest.raises(InputRefused) as refusal:
            Thresholds.of({row: value})
        assert (refusal.value.code, refusal.value.field) == ("SETTING_INVALID", f"misuse.{row}")
    assert getattr(Thresholds.of({row: found["most"]}), row) == found["most"]


def test_numbers_come_from_the_settings_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[misuse]\nhot_officers = 12\nbudget = 7\n")

    given = load({"REGISTRY_MISUSE_BUDGET": "9"}, file).misuse

    assert (Thresholds.of(given).hot_officers, Thresholds.of(given).budget) == (12, 9)
    with pytest.raises(InputRefused) as refusal:
        Thresholds.of({"hot_cakes": 1})
    assert refusal.value.code == "SETTING_UNKNOWN"


@pytest.mark.parametrize(
    ("count", "of", "share", "expected"),
    [
        (9, 10, 0.5, 11 / 1024),
        (0, 10, 0.5, 1.0),
        (11, 10, 0.5, 0.0),
        (1, 3, 1.0, 1.0),
        (1, 3, 0.0, 0.0),
        (3, 3, 0.1, 1e-3),
    ],
)
def test_the_tail_is_exact(count: int, of: int, share: float, expected: float) -> None:
    assert at_least(count, of=of, share=share) == pytest.approx(expected, rel=1e-12)


def test_a_percentile_is_the_nearest_rank() -> None:
    assert [percentile(range(1, 101), share) for share in (0.5, 0.95, 0.999)] == [50, 95, 100]
    assert percentile([], 0.95) == 0
