"""What the log keeps of a decision is enough to make it again."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from registry.disclosure import decided, facts, policy
from registry.disclosure.access import Access, Facts
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier

RULES = policy.load("ke", date(2026, 11, 22))
WORDS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True)
FACTS = st.builds(Facts, WORDS, WORDS, WORDS, st.frozensets(st.sampled_from(["KE", "NL", "TZ", "UG"])), WORDS, WORDS)
ACCESSES = st.builds(
    Access, st.frozensets(st.sampled_from(Role), min_size=1), st.sampled_from(Purpose), WORDS,
    st.sampled_from(["KE", "UG"]), st.booleans(), st.sampled_from(Tier), st.sampled_from(Attribution), WORDS,
    st.booleans(), st.frozensets(st.sampled_from(FieldClass)),
)  # fmt: skip
INVESTIGATOR = Access(frozenset({Role.INVESTIGATOR}), Purpose.CRIMINAL_INVESTIGATION, "ke-dci", "KE")
VETTED = Facts("vetted", "convicted", "ke-dci")


@given(told=FACTS)
def test_facts_are_read_as_they_were_spelled(told: Facts) -> None:
    assert facts.read(facts.spelled(told)) == told


@pytest.mark.parametrize("text", ["", "vetted", "vetted convicted ke-dci H1"])
def test_what_spells_no_facts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not enough values"):
        facts.read(text)


@given(access=ACCESSES)
def test_who_asked_is_read_as_it_was_kept(access: Access) -> None:
    assert decided.access_of(decided.access_json(access)) == access


def test_of_who_asked_only_what_is_unusual_is_kept() -> None:
    usual = {
        "roles": ["investigator"], "purpose": "criminal_investigation", "agency": "ke-dci", "country": "KE",
        "attribution": 1, "clearance": "restricted",
    }  # fmt: skip

    assert decided.access_json(INVESTIGATOR) == usual
    assert decided.access_json(replace(INVESTIGATOR, stepped_up=True)) == usual | {"stepped_up": True}


@given(access=ACCESSES, records=st.lists(FACTS, max_size=4))
def test_what_was_decided_is_decided_again(access: Access, records: list[Facts]) -> None:
    told = decided.kept(access, records, lambda each: RULES.decide(access, each))

    assert decided.again(told, RULES.decide) == told["rules"]
    assert told["policy"] == RULES.version


def test_each_kind_of_record_stands_there_once() -> None:
    covert = replace(VETTED, clearance="covert")

    told = decided.kept(INVESTIGATOR, [VETTED, covert, VETTED], lambda each: RULES.decide(INVESTIGATOR, each))

    assert told["facts"] == ["vetted convicted ke-dci H1 restricted", "vetted convicted ke-dci H1 covert"]
    assert (told["rules"], told["of"]) == ([["P1"], ["P1", "F1"]], [0, 1, 0])


def test_without_a_record_what_was_decided_of_the_question_stands_there() -> None:
    told = decided.kept(INVESTIGATOR, [], lambda each: RULES.decide(INVESTIGATOR, each))

    assert (told["facts"], told["rules"]) == ([], [["P1"]])
    assert "of" not in told
