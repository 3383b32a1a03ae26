"""The invented force is the same every time and knows no rule; what is found is counted as the page says."""

import ast
from pathlib import Path
from uuid import UUID

from bench.misuse import crooked, judged, world
from bench.misuse.judged import Tally
from registry.misuse.access import Access, Hit
from registry.misuse.facts import Facts
from registry.misuse.rules import RULES
from registry.misuse.seen import Seen
from registry.misuse.weighing import Scored
from tests.factories import MOMENT

ONE, OTHER = UUID(int=1), UUID(int=2)
SEEN = Seen([Access(index=n, at=MOMENT, officer=ONE if n < 3 else OTHER) for n in range(5)], {}, Facts())
LABELS = {0: {"repeat"}, 1: {"repeat"}, 3: {"hot"}}


def finding(rule: str, officer: UUID, *entries: int) -> Scored:
    return Scored(Hit(rule=rule, about=(), officer=officer, agency="", unit="", entries=entries, strength=1.0), 500)


def test_an_incident_is_found_by_a_finding_about_its_officer_that_names_one_of_its_entries() -> None:
    planted = judged.incidents(SEEN, LABELS)
    found = [finding("volume", ONE, 1, 2), finding("hot", ONE, 3), finding("sample", OTHER, 3)]

    assert planted == {(ONE, "repeat"): {0, 1}, (OTHER, "hot"): {3}}
    assert judged.recall(planted, judged.counted(found)) == Tally(1, 2)
    assert judged.recall(planted, judged.counted(found), "hot") == Tally(0, 1)
    assert judged.precision(LABELS, judged.counted(found)) == Tally(2, 2)
    assert judged.precision(LABELS, [finding("volume", ONE, 2)]) == Tally(0, 1)
    assert (Tally(1, 2) + Tally(0, 2)).text == " 0.25 (1/4)"


def test_every_kind_that_a_rule_looks_for_is_planted_and_the_generator_knows_no_rule() -> None:
    assert set(crooked.KINDS) == {rule.id for rule in RULES} - {"sample"}
    for module in (world, crooked):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        imported = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
        assert imported.isdisjoint({"registry.misuse.rules", "registry.misuse.thresholds", "registry.misuse.weighing"})


def test_a_force_is_the_same_every_time() -> None:
    (first, labels), (again, same) = world.made(5), world.made(5)

    assert first.accesses == again.accesses
    assert labels == same
    assert {kind for kinds in labels.values() for kind in kinds} >= set(crooked.KINDS) - {"surname"}
