"""What the Kenyan edition promises, whoever edits its data next."""

import pytest

from registry.editions import load

KE = load("ke")


def test_there_are_forty_seven_counties() -> None:
    assert len(KE.counties) == 47
    assert (KE.counties[0], KE.counties[-1]) == ("Mombasa", "Nairobi")


def test_the_edition_names_its_country() -> None:
    assert (KE.code, KE.country, KE.phone_region, KE.jurisdiction) == ("ke", "KE", "KE", "KE")


def test_every_offence_of_the_reference_is_there() -> None:
    verified = [code for code, offence in KE.offences.items() if offence.verified]
    always_a_child = [code for code, offence in KE.offences.items() if offence.involves_child == "yes"]

    assert (len(KE.offences), len(verified), len(always_a_child)) == (38, 15, 13)
    assert (len(KE.misuse), len(KE.rules)) == (4, 5)


def test_codes_are_kept_with_their_rows() -> None:
    for table in (KE.offences, KE.misuse, KE.rules, KE.legal_bases):
        assert all(code == row.code and code.startswith("KE-") for code, row in table.items())


def test_a_penalty_that_nobody_has_read_stays_unknown() -> None:
    attempt = KE.offences["KE-SOA-9"]

    assert attempt.min_imprisonment is None
    assert attempt.max_penalty is None
    assert not attempt.verified


def test_a_verified_offence_says_where_it_was_read() -> None:
    defilement = KE.offences["KE-SOA-8-2"]

    assert defilement.min_imprisonment == "life"
    assert "KEHC 12795" in defilement.source


def test_the_reservation_about_minimum_terms_is_kept() -> None:
    assert KE.caveat.startswith("Whether the mandatory minimum terms")
    assert KE.caveat.endswith("confirm before use.")


def test_every_legal_basis_is_a_sentence_with_an_article() -> None:
    assert all("section" in basis.article and basis.sentence.endswith(".") for basis in KE.legal_bases.values())


@pytest.mark.parametrize(
    "text", ["OB 12/3/2026", "CR 123/2025", "CR. 123/2025", "HCCRA E045/2024", "2026-118842", "DEMO CR 123/2015", "A-1"]
)
def test_a_police_or_court_reference_is_recognised(text: str) -> None:
    assert KE.is_case_reference(text)


@pytest.mark.parametrize(
    "text",
    ["", "CR", "12", "CR 123/2025 ", " CR 1", "cr 123/2025", "CR  123", "CR 123//2025", "CR 123/", "-12/3", "CR 123\n",
     "CR 123; DROP", "CR १२३", "A1" * 21],
)  # fmt: skip
def test_anything_else_is_no_reference(text: str) -> None:
    assert not KE.is_case_reference(text)
