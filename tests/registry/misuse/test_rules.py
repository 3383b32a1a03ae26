"""Each rule: a case that hits, one just under the threshold, one that is explained."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from registry.misuse.access import Subject
from registry.misuse.facts import Fact, Facts, Kind
from registry.misuse.rules import BY_ID, RULES
from registry.misuse.seen import Seen
from registry.misuse.thresholds import Thresholds
from registry.misuse.weighing import weigh
from tests.registry.misuse.invented import (
    AGENCY,
    CASE,
    JUMA,
    MOMENT,
    OFFICER,
    OTHER,
    THIRD,
    UNIT,
    access,
    fact,
    person,
    seen,
)

MINE = frozenset({"juma", "mwakio"})
SELF = fact(Kind.SELF, officer=OFFICER, words=MINE, surnames=frozenset({"mwakio"}), birth="1971")
ASSIGNED = fact(Kind.CASE, officer=OFFICER, case=CASE)
SENT = fact(Kind.DISPATCH, officer=OFFICER, profile=JUMA)
ON_LIST = fact(Kind.COURT, profile=JUMA, case="")
ABROAD: dict[str, Any] = {"country": "TZ", "agency": "tz-invented"}


@dataclass(frozen=True)
class Case:
    """Two situations that differ by little, and what explains the first."""

    rule: str
    over: Callable[..., Seen]
    """A hit, given facts beside its own."""
    under: Callable[[], Seen]
    explained: Fact | None = None


def _of(times: int) -> Callable[..., Seen]:
    """Many accesses to one person, an hour and more apart."""
    return lambda *facts: seen([access(n, JUMA, days=n) for n in range(times)], *facts)


def _people(count: int) -> Callable[..., Seen]:
    return lambda *facts: seen([access(n, person(n), minutes=n) for n in range(count)], *facts)


def _crowd(count: int) -> Callable[..., Seen]:
    officers = [OFFICER, *(person(1000 + n) for n in range(1, count))]
    return lambda *facts: seen([access(n, JUMA, minutes=n, officer=each) for n, each in enumerate(officers)], *facts)


def _named(own: int, others: int = 200) -> Callable[..., Seen]:
    """An officer's persons, of whom some carry the officer's surname."""
    mine = [access(n, person(n)) for n in range(10)]
    rest = [access(100 + n, person(100 + n), officer=OTHER) for n in range(others)]
    people = {person(n): Subject(surnames=frozenset({"mwakio"})) for n in range(own)}
    return lambda *facts: seen([*mine, *rest], SELF, *facts, subjects=people)


def _women(of: int, count: int) -> Callable[[], Seen]:
    mine = [access(n, person(n)) for n in range(of)]
    rest = [access(1000 + n, person(1000 + n), officer=person(9000 + n % 10)) for n in range(2000)]
    people = {person(n): Subject(sex="female" if n < count else "male") for n in range(of)}
    people |= {person(1000 + n): Subject(sex="female" if n // 10 % 2 else "male") for n in range(2000)}
    return lambda *_facts: seen([*mine, *rest], subjects=people)


def _day(count: int, usual: int = 2, days: int = 12) -> Callable[[], Seen]:
    """Quiet days, and one with more; others of the role are quieter still."""
    before = [access(d * 10 + n, person(d), days=d) for d in range(days) for n in range(usual)]
    others = [access(5000 + n, person(n), days=n / 10, officer=person(2000 + n)) for n in range(300)]
    last = [access(9000 + n, person(n), days=days, minutes=n) for n in range(count)]
    return lambda *_facts: seen([*before, *others, *last])


def _denied(count: int, apart: float) -> Callable[[], Seen]:
    return lambda *_facts: seen([
        access(n, minutes=n * apart, outcome="denied", is_of_persons=False) for n in range(count)
    ])  # fmt: skip


def _stated(text: str, times: int) -> Callable[[], Seen]:
    return lambda *_facts: seen([access(n, days=n / 24, reason=text, is_of_persons=False) for n in range(times)])


SHIFT = fact(Kind.SHIFT, officer=OFFICER, since=MOMENT - timedelta(days=9), until=MOMENT - timedelta(days=8))
GONE = fact(Kind.LEFT, officer=OFFICER, since=MOMENT)
WORKS_IN = fact(Kind.DISTRICT, officer=OFFICER, area="Kwale")
FAR = {person(n): Subject(area="Turkana") for n in range(9)} | {JUMA: Subject(area="Turkana")}
NEXUS, NEWS = fact(Kind.NEXUS, profile=JUMA, country="TZ"), fact(Kind.NEWS, profile=JUMA, since=MOMENT)
RECORD = {JUMA: Subject(names=(MINE,), birth="1971")}
CASES = {
    "decoy": Case("decoy", lambda *_: seen([access(0, JUMA)], decoys=frozenset({JUMA})),
                  lambda: seen([access(0, JUMA)], decoys=frozenset({person(1)}))),
    "own record": Case("close", lambda *facts: seen([access(0, JUMA)], SELF, *facts, subjects=RECORD),
                       lambda: seen([access(0, JUMA)], SELF, subjects={JUMA: Subject(names=(MINE,), birth="1972")}),
                       SENT),
    "own name": Case("close", lambda *facts: seen([access(0, sought=MINE | {"hamisi"})], SELF, *facts),
                     lambda: seen([access(0, sought=frozenset({"juma"}))], SELF),
                     fact(Kind.DISPATCH, officer=OFFICER, case=CASE)),
    "colleague": Case("close", lambda *facts: seen([access(0, JUMA, officer=OTHER), access(1, person(1))], SELF, *facts,
                                                   subjects=RECORD),
                      lambda: seen([access(0, JUMA, officer=OTHER, agency="ke-elsewhere"), access(1, person(1))], SELF,
                                   subjects=RECORD),
                      fact(Kind.DISPATCH, officer=OTHER, profile=JUMA)),
    "household": Case("close", lambda *facts: seen([access(0, JUMA)], fact(Kind.HOUSEHOLD, officer=OFFICER, words=MINE,
                                                                          birth="1971"), *facts, subjects=RECORD),
                      lambda: seen([access(0, JUMA)], fact(Kind.HOUSEHOLD, officer=OTHER, words=MINE, birth="1971"),
                                   subjects=RECORD), SENT),
    "surname": Case("surname", _named(3), _named(2), ASSIGNED),
    "hot, by officers": Case("hot", _crowd(10), _crowd(9), ASSIGNED),
    "hot, by accesses": Case("hot", lambda *facts: seen([access(n, JUMA, minutes=n) for n in range(20)], *facts),
                             lambda: seen([access(n, JUMA, minutes=n) for n in range(19)]), ON_LIST),
    "unknown case": Case("no_case", lambda *facts: seen([access(0, JUMA, case="CR 99/2026")], ASSIGNED, *facts),
                         lambda: seen([access(0, JUMA)], ASSIGNED), SENT),
    "closed case": Case("no_case", lambda *facts: seen([access(0, JUMA)], fact(Kind.CASE, officer=OFFICER, case=CASE,
                                                                             until=MOMENT), *facts),
                        lambda: seen([access(0, JUMA)], fact(Kind.CASE, officer=OFFICER, case=CASE,
                                                            until=MOMENT + timedelta(seconds=1))), SENT),
    "others' case": Case("no_case", lambda *facts: seen([access(0, JUMA)], fact(Kind.CASE, officer=OTHER, case=CASE),
                                                        *facts),
                         lambda: seen([access(0, JUMA)], fact(Kind.CASE, case=CASE)), SENT),
    "many people": Case("many_people", _people(21), _people(20), fact(Kind.COURT, case=CASE)),
    "repeat": Case("repeat", _of(3), _of(2), ASSIGNED),
    "skew of sex": Case("skew", _women(100, 94), _women(99, 94)),
    "no skew": Case("skew", _women(100, 94), _women(100, 60)),
    "volume": Case("volume", _day(7), _day(6)),
    "few own days": Case("volume", _day(7), _day(7, days=9)),
    "left": Case("off_duty", lambda *facts: seen([access(0, JUMA)], GONE, *facts),
                 lambda: seen([access(0, JUMA, minutes=-1)], GONE), SENT),
    "off shift": Case("off_duty", lambda *facts: seen([access(n, JUMA, minutes=n) for n in range(6)], SHIFT, *facts),
                      lambda: seen([access(n, JUMA, minutes=n) for n in range(5)], SHIFT), SENT),
    "elsewhere": Case("off_duty", lambda *facts: seen([access(n, JUMA, minutes=n) for n in range(6)], WORKS_IN, *facts,
                                                      subjects=FAR),
                      lambda: seen([access(n, JUMA, minutes=n) for n in range(5)], WORKS_IN, subjects=FAR), ON_LIST),
    "break glass": Case("break_glass", lambda *facts: seen([access(0, JUMA, is_break_glass=True)], *facts),
                        lambda: seen([access(0, JUMA)]), ASSIGNED),
    "denials": Case("probing", _denied(5, 2), _denied(4, 2)),
    "slow denials": Case("probing", _denied(5, 2), _denied(5, 2.5)),
    "hidden records": Case("probing", lambda *_: seen([access(n, refused=frozenset({str(n)})) for n in range(3)]),
                           lambda: seen([access(n, refused=frozenset({"one", "two"})) for n in range(3)])),
    "sample": Case("sample", lambda *_: seen([access(n, person(n), days=n) for n in range(300)], root=b"root"),
                   lambda: seen([access(n, days=n) for n in range(300)], root=b"root")),
    "few words": Case("reasons", _stated("Mickey Mouse", 1), _stated("a named case", 1)),
    "the same words": Case("reasons", _stated("because of the case", 11), _stated("because of the case", 10)),
    "reader of themselves": Case(
        "audit_reader", lambda *_: seen([access(0, reads_by="officer", reads_officers=frozenset({OFFICER}))]),
        lambda: seen([access(0, reads_by="officer", reads_officers=frozenset({OTHER}))])),
    "reader of their unit": Case(
        "audit_reader",
        lambda *_: seen([access(0, JUMA, officer=OTHER),
                         access(1, reads_by="officer", reads_officers=frozenset({OTHER}))]),
        lambda: seen([access(0, JUMA, officer=OTHER, unit="elsewhere"),
                      access(1, reads_by="officer", reads_officers=frozenset({OTHER}))])),
    "unusual filter": Case(
        "audit_reader",
        lambda *_: seen([*(access(n, reads_by="purpose", officer=OTHER) for n in range(100)),
                         access(200, reads_by="profile")]),
        lambda: seen([*(access(n, reads_by="purpose", officer=OTHER) for n in range(98)),
                      access(200, reads_by="profile")])),
    "no nexus": Case("partner", lambda *_: seen([access(0, person(1), **ABROAD)], NEXUS),
                     lambda: seen([access(0, JUMA, **ABROAD)], NEXUS)),
    "news": Case("partner", lambda *_: seen([access(n, JUMA, days=n, **ABROAD) for n in range(3)], NEWS),
                 lambda: seen([access(n, JUMA, days=n, **ABROAD) for n in range(2)], NEWS)),
}  # fmt: skip


def keys(rule: str, found: Seen) -> list[str]:
    return [each.key for each in BY_ID[rule].hits(found, Thresholds())]


@pytest.mark.parametrize("name", CASES)
def test_a_rule_hits_what_it_counts(name: str) -> None:
    case = CASES[name]

    assert keys(case.rule, case.over())
    told = weigh(case.over(), Thresholds()).counts[case.rule]
    assert told.findings + told.left == told.hits > 0


@pytest.mark.parametrize("name", CASES)
def test_a_rule_says_nothing_just_under_its_threshold(name: str) -> None:
    case = CASES[name]

    assert keys(case.rule, case.under()) == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.explained])
def test_a_hit_that_is_explained_makes_no_finding_and_is_counted(name: str) -> None:
    case = CASES[name]
    explained = case.over(case.explained)

    weighed = weigh(explained, Thresholds())

    assert case.explained is not None
    assert case.explained.kind in BY_ID[case.rule].explained_by
    counts = weighed.counts[case.rule]
    assert counts.explained > 0
    assert (
        OFFICER not in {each.hit.officer for each in weighed.ranked if each.hit.rule == case.rule}
        or name == "colleague"
    )


def test_every_rule_has_its_cases() -> None:
    assert {case.rule for case in CASES.values()} == {rule.id for rule in RULES} == set(BY_ID)
    assert {case.rule for case in CASES.values() if case.explained} == {rule.id for rule in RULES if rule.explained_by}


def test_in_a_hot_record_those_without_a_reason_stay_when_others_had_one() -> None:
    weighed = weigh(_crowd(10)(ASSIGNED, fact(Kind.CASE, officer=person(1001), case=CASE)), Thresholds())

    told = {each.hit.officer for each in weighed.ranked if each.hit.rule == "hot"}
    assert told == {person(1000 + n) for n in range(2, 10)}
    assert weighed.counts["hot"].explained == 2


def test_age_and_area_are_skewed_likewise() -> None:
    mine = [access(n, person(n)) for n in range(100)]
    rest = [access(1000 + n, person(1000 + n), officer=OTHER) for n in range(100)]
    people = {person(n): Subject(born=2000, area="Kwale") for n in range(100)}
    people |= {person(1000 + n): Subject(born=1950, area="Nyeri") for n in range(100)}

    found = BY_ID["skew"].hits(seen([*mine, *rest], subjects=people), Thresholds())

    assert {(each.officer, each.numbers["trait"]) for each in found} == {
        (officer, trait) for officer in (OFFICER, OTHER) for trait in ("age", "area")
    }


def test_someone_who_uses_urgent_access_often_weighs_more() -> None:
    often = [access(n, person(n), days=n, is_break_glass=True) for n in range(4)]

    strengths = [each.strength for each in BY_ID["break_glass"].hits(seen(often), Thresholds())]
    once = [each.strength for each in BY_ID["break_glass"].hits(seen(often[:3]), Thresholds())]

    assert min(strengths) > max(once)


def test_a_hit_names_the_unit_of_whoever_asked_and_no_person_of_the_register() -> None:
    (found,) = BY_ID["repeat"].hits(_of(3)(), Thresholds())

    assert (found.officer, found.agency, found.unit, found.entries) == (OFFICER, AGENCY, UNIT, (0, 1, 2))
    assert str(JUMA) not in found.key
    assert set(found.numbers) == {"times"}
    assert found.officer != THIRD


@pytest.mark.parametrize(("by", "agency", "is_explained"), [
    (OTHER, AGENCY, True), (OFFICER, AGENCY, False), (OTHER, "ke-another", False),
], ids=["colleague", "oneself", "another agency"])  # fmt: skip
def test_a_court_list_explains_accesses_of_its_agency_and_never_those_of_whoever_brought_it(
    by: UUID, agency: str, is_explained: bool
) -> None:
    listed = fact(Kind.COURT, profile=JUMA, by=by, agency=agency)

    assert Facts([listed]).explains(access(1, JUMA), {Kind.COURT}) is is_explained
