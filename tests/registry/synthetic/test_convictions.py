import pytest

from registry.editions import load
from registry.synthetic.convictions import CHARGES, LAST_YEAR, Charge, basis_of, convictions_of
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
