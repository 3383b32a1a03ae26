import pytest

from registry.editions import load
from registry.synthetic.convictions import (
    CHARGES,
    LAST_YEAR,
    Charge,
    basis_of,
    complete,
    convictions_of,
    stands,
    tier_of,
    years_of,
)
from registry.synthetic.draws import stream
from registry.synthetic.record import Conviction
from registry.synthetic.register import BIRTH_YEARS

FIRST_YEARS = {"KE-SOA": 2007, "KE-CTIP": 2013, "KE-CMCA": 2019, "KE-CHA": 2023}
BY_CODE = {charge.offence: charge for charge in CHARGES}


def convictions(born: int) -> list[Conviction]:
    return [conviction for index in range(3000) for conviction in convictions_of(born, "Meru", stream(1, index))]


@pytest.mark.parametrize("charge", CHARGES, ids=lambda charge: charge.offence)
def test_a_charge_is_an_offence_that_can_involve_a_child(charge: Charge) -> None:
    assert load("ke").offences[charge.offence].involves_child in {"yes", "possible"}


@pytest.mark.parametrize("charge", CHARGES, ids=lambda charge: charge.offence)
def test_nobody_is_charged_before_the_first_full_year_of_the_law(charge: Charge) -> None:
    act = "-".join(charge.offence.split("-")[:2])

    assert FIRST_YEARS[act] == charge.since < charge.until <= LAST_YEAR


@pytest.mark.parametrize("born", BIRTH_YEARS)
def test_a_conviction_lies_in_a_year_of_its_law_and_of_an_adult(born: int) -> None:
    for conviction in convictions(born):
        charge, year = BY_CODE[conviction["offence"]], int(conviction["convicted_on"][:4])
        assert max(charge.since, born + 19) <= year <= charge.until
        assert conviction["victim_age_band"] in charge.bands


def test_an_offence_long_repealed_is_charged_to_the_old_only() -> None:
    assert "KE-SOA-13" in {conviction["offence"] for conviction in convictions(1950)}
    assert "KE-SOA-13" not in {conviction["offence"] for conviction in convictions(1999)}


def test_some_sentences_are_for_life_and_others_name_years() -> None:
    sentences = {conviction["sentence"] for conviction in convictions(1970)}

    assert "DEMO life imprisonment" in sentences
    assert "DEMO 15 years imprisonment" in sentences


def test_the_register_of_the_act_covers_offences_of_the_act_only() -> None:
    act, other = convictions(1970)[0].copy(), convictions(1970)[0].copy()
    act["offence"], other["offence"] = "KE-SOA-9", "KE-CMCA-24"

    assert basis_of([act])["code"] == "KE-SOA-39-13"
    assert basis_of([act, other])["code"] == "KE-DPA-30-1-B"


def completed(born: int) -> list[list[Conviction]]:
    found = [convictions_of(born, "Meru", stream(1, index)) for index in range(2000)]
    for index, each in enumerate(found):
        complete(each, index, born, stream(2, index))
    return found


@pytest.mark.parametrize("born", BIRTH_YEARS)
def test_an_offence_lies_before_its_judgment_in_a_year_of_its_law_and_of_an_adult(born: int) -> None:
    known = [each for convicted in completed(born) for each in convicted if "committed_on" in each]

    assert known
    for each in known:
        year = int(each["committed_on"][:4])
        assert max(BY_CODE[each["offence"]].since, born + 19) <= year <= int(each["convicted_on"][:4])


def test_the_last_conviction_always_stands() -> None:
    convicted = completed(1970)

    assert all(stands(each[-1]) for each in convicted)
    assert any(not stands(each[0]) for each in convicted)


def test_entries_of_the_courts_register_are_marked_and_single() -> None:
    entries = [
        each["register_entry"] for convicted in completed(1970) for each in convicted if "register_entry" in each
    ]

    assert len(set(entries)) == len(entries)
    assert all(entry.startswith("DEMO CSOER ") for entry in entries)


def test_what_the_court_declared_is_told_as_it_is() -> None:
    declared = {each.get("dangerous_offender") for convicted in completed(1970) for each in convicted}

    assert declared == {"yes", "no", None}


def test_a_scene_says_itself_where_an_appeal_stands() -> None:
    convicted = convictions(1970)[:50]
    for each in convicted:
        each["appeal"] = "quashed"

    complete(convicted, 1, 1970, stream(2, 1))

    assert {each["appeal"] for each in convicted} == {"quashed"}


@pytest.mark.parametrize(
    ("sentence", "years"),
    [("DEMO 5 years imprisonment", 5), ("DEMO 45 years imprisonment", 45), ("DEMO life imprisonment", None)],
)
def test_a_sentence_is_read_as_it_was_written(sentence: str, years: int | None) -> None:
    conviction = convictions(1970)[0]
    conviction["sentence"] = sentence

    assert years_of(conviction) == years


def test_the_strictest_class_of_what_stands_counts() -> None:
    lesser, greater = convictions(1970)[0].copy(), convictions(1970)[0].copy()
    lesser["offence"], greater["offence"] = "KE-SOA-11-1", "KE-SOA-8-2"

    assert tier_of([lesser]) == "one"
    assert tier_of([lesser, greater]) == "three"
    greater["appeal"] = "quashed"
    assert tier_of([lesser, greater]) == "one"
