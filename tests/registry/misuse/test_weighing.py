"""What reaches people: the budget of thirty days holds whatever must be looked at, and shared work weighs less."""

from datetime import timedelta

import pytest

from registry.misuse.access import Hit
from registry.misuse.facts import Kind
from registry.misuse.finding import SAMPLE
from registry.misuse.seen import Seen
from registry.misuse.thresholds import Thresholds
from registry.misuse.weighing import Weighed, scored, weigh
from tests.registry.misuse.invented import AGENCY, CASE, JUMA, OFFICER, OTHER, UNIT, access, fact, person, seen

CASES_ARE_TOLD = fact(Kind.CASE, officer=OTHER, case="CR 99/2026")


def force(urgent: int, wrong: int, accesses: int = 1000) -> Seen:
    """Urgent accesses, accesses without a case, and those that are in order."""
    told = [access(n, person(n), officer=person(5000 + n), is_break_glass=True) for n in range(urgent)]
    told += [access(urgent + n, person(n), officer=person(6000 + n), case=f"CR {n}/2025") for n in range(wrong)]
    in_order = [
        access(n, person(n), days=n / 50, officer=OTHER, case="CR 99/2026") for n in range(len(told), accesses)
    ]  # fmt: skip
    return seen([*told, *in_order], CASES_ARE_TOLD, root=b"root")


@pytest.mark.parametrize(
    ("urgent", "recent", "spent", "paid"),
    [
        (0, 0, 0, 5),
        (3, 0, 0, 5),
        (5, 0, 0, 5),
        (9, 0, 0, 9),
        (0, 1000, 8, 2),
        (2, 1000, 8, 2),
        (0, 1000, 40, 0),
    ],
)
def test_what_must_be_looked_at_takes_from_the_same_budget(urgent: int, recent: int, spent: int, paid: int) -> None:
    weighed = weigh(force(urgent, 50), Thresholds(), recent=recent, spent=spent)

    assert weighed.counts["break_glass"].findings == urgent
    assert (weighed.paid, weighed.recent, weighed.spent) == (paid, recent, spent)
    assert weighed.sampled == weighed.counts[SAMPLE].hits > 0


def test_what_a_small_run_leaves_is_carried_over_and_pays_for_a_finding_once_it_is_one() -> None:
    recent, spent, made = 0, 0, []
    for _ in range(10):
        weighed = weigh(force(0, 5, accesses=60), Thresholds(), recent=recent, spent=spent)
        made.append(weighed.paid)
        recent, spent = recent + weighed.accesses, spent + weighed.paid

    assert made == [1, 0, 0, 0, 0, 0, 1, 0, 0, 1]
    assert spent / recent <= 0.005


def test_what_others_on_the_case_looked_at_as_well_stays_and_weighs_less() -> None:
    assigned = fact(Kind.CASE, officer=OTHER, case=CASE)
    mine = [access(0, JUMA), access(1, person(1))]
    alone = weigh(seen([*mine, access(2, person(2), officer=OTHER)], assigned), Thresholds())
    shared = weigh(seen([*mine, access(2, JUMA, officer=OTHER)], assigned), Thresholds())

    def score(of: Weighed) -> int:
        (found,) = (each for each in of.ranked if each.hit.rule == "no_case")
        return found.score

    assert 0 < score(shared) < score(alone)
    assert shared.counts["no_case"].explained == 0


def test_neither_oneself_nor_who_is_not_assigned_lends_a_reason() -> None:
    told = [access(0, JUMA), access(1, JUMA, officer=OTHER), access(2, JUMA, officer=person(9), case="CR 1/2026")]

    assert seen(told, fact(Kind.CASE, officer=OFFICER, case=CASE)).shared == {1}
    assert seen(told, fact(Kind.CASE, officer=OTHER, case=CASE)).shared == {0}
    assert seen(told).shared == frozenset()


def test_no_case_makes_it_less_plain_that_somebody_looked_at_themselves() -> None:
    own = frozenset({"juma"})
    facts = fact(Kind.SELF, officer=OFFICER, words=own), fact(Kind.CASE, officer=OTHER, case=CASE)
    told = [access(0, JUMA, sought=own), access(1, JUMA, officer=OTHER, minutes=timedelta(days=1).seconds)]

    (found,) = (each for each in weigh(seen(told, *facts), Thresholds()).ranked if each.hit.rule == "close")

    assert found.hit.strength == 1.0


def test_another_rule_counts_as_far_as_it_speaks_of_the_same_accesses() -> None:
    def hit(rule: str, *entries: int) -> Hit:
        return Hit(rule=rule, about=entries, officer=OFFICER, agency=AGENCY, unit=UNIT, entries=entries, strength=0.5)

    def score(*others: Hit) -> int:
        (found,) = (each for each in scored([hit("repeat", 1, 2), *others]) if each.hit.rule == "repeat")
        return found.score

    assert score() == score(hit("hot", 3)) == 350
    assert score(hit("hot", 1, 2)) == 545
    assert 350 < score(hit("hot", 2, *range(10, 20))) < score(hit("hot", 2)) < 545
