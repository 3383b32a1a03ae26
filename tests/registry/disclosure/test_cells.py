"""Every cell of the policy as an approved text; its difference in a commit is what opened and what closed."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings, strategies as st

from registry.disclosure import cells
from registry.disclosure.policy import Policy
from registry.disclosure.table import read
from registry.disclosure.vocabulary import FieldClass, Purpose, Role, Use
from tests.approved import assert_approved
from tests.registry.disclosure.cases import KE, TODAY, case

CELLS = Path(__file__).parent / "cells.txt"
VALUES = st.fixed_dictionaries({axis: st.sampled_from(values) for axis, values in cells.ORDER.items()})


def test_every_cell_is_what_was_approved() -> None:
    """Read the difference like an amendment: each line of it opens or closes something for somebody."""
    opened, silent = cells.totals(KE)
    head = (
        f"{cells.count():,} cells: {opened:,} open. In {silent:,} cases nobody may learn that there is such a record.\n"
    )

    assert_approved(CELLS, f"{head}\n{cells.text(KE)}")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(Role), st.sampled_from(Purpose), VALUES)
def test_the_text_says_what_is_decided(role: Role, purpose: Purpose, values: dict[str, str]) -> None:
    """Looked up as a reader does: from line to line, by the values of the case."""
    access, facts = case(role, purpose, values)
    decision = KE.decide(access, facts)

    said = _looked_up(role, purpose, values)

    if decision.silent:
        assert said == "silent"
    elif not decision.is_open and not decision.may(Use.EXPORT):
        assert said == "nothing"
    else:
        assert said.endswith(f"  [{' '.join(decision.rules)}]")
        for use in Use:
            assert _opened(said, use) == decision.may(use)


def _looked_up(role: Role, purpose: Purpose, values: dict[str, str]) -> str:
    """Find the one line of the text that is about a case, as a reader does."""
    by_said = {said: values[axis] for axis, said in cells.SAID.items()}
    block = next(each for each in cells.text(KE).split("\n\n") if f"{role.value}, {purpose.value}\n" in each)
    depth = 1
    for line in block.splitlines():
        indent = (len(line) - len(line.lstrip())) // 2
        if indent == 0 or indent < depth:
            continue
        branch, _, leaf = line.strip().partition(" = ")
        said = next((each for each in by_said if branch.startswith(f"{each} ")), None)
        if indent == depth and said is None:
            return line.strip()
        if indent == depth and said is not None and by_said[said] in branch.removeprefix(f"{said} ").split("|"):
            if leaf:
                return leaf
            depth += 1
    raise AssertionError((role, purpose, values))


def _opened(said: str, use: Use) -> frozenset[FieldClass]:
    for part in said.split("  [", maxsplit=1)[0].split("; "):
        uses, _, classes = part.partition(": ")
        if use.value in uses.split():
            left_out = classes.removeprefix("all but ").split(", ") if classes.startswith("all but ") else []
            if classes == "all" or left_out:
                return frozenset(FieldClass) - set(map(FieldClass, left_out))
            return frozenset(map(FieldClass, classes.split(", ")))
    return frozenset()


def test_one_policy_does_not_differ_from_itself() -> None:
    assert cells.changes(KE, KE) == cells.Changes("", 0, 0, 0)


def test_what_a_new_rule_opens_is_shown_and_counted() -> None:
    """Notes for investigators, where a conviction is all there is: P1 with one field class more."""
    more = _with("P1", fields=KE.rules[0].fields | {FieldClass.NOTES})

    told = cells.changes(KE, more)

    assert told.closed == told.silenced == 0
    assert told.opened == cells.totals(more)[0] - cells.totals(KE)[0]
    assert told.text.startswith("investigator, criminal_investigation\ninvestigator, missing_child\n")
    assert "opened read match sort count: notes  [P1 -> P1]" in told.text
    assert "registrar" not in told.text


def test_what_a_rule_closes_is_shown_and_counted() -> None:
    less = Policy(replace(KE.table, rules=tuple(rule for rule in KE.table.rules if rule.id != "P9")), TODAY)

    told = cells.changes(KE, less)

    assert told.opened == 0
    assert told.closed == cells.totals(KE)[0] - cells.totals(less)[0]
    assert told.silenced == cells.totals(less)[1] - cells.totals(KE)[1]
    assert told.text.startswith("desk_officer, subject_request\n")
    assert "now silent" in told.text
    assert "no longer silent" in cells.changes(less, KE).text


def test_cells_are_counted_without_being_visited() -> None:
    """7 roles and purposes, 4 tiers and levels, 8 standings, 3 categories, 5 clearances …; 15 classes, 5 uses."""
    assert cells.count() == 7 * 7 * 4 * 4 * 8 * 3 * 2 * 5 * 2 * 2 * 4 * 2 * 15 * 5


def test_the_policy_of_another_version_reads_the_same_text() -> None:
    assert cells.text(Policy(read(KE.table.text), TODAY)) == cells.text(KE)


def _with(id_: str, **changed: object) -> Policy:
    rules = tuple(replace(rule, **changed) if rule.id == id_ else rule for rule in KE.table.rules)  # type: ignore[arg-type]
    return Policy(replace(KE.table, rules=rules), TODAY)
