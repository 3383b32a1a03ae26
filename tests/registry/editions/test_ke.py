"""What the Kenyan edition promises, whoever edits its data next."""

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from registry.disclosure.vocabulary import Role
from registry.editions import edition, load, penalty_shown

KE = load("ke")
FOLDER = Path(edition.__file__).parent / "ke"
ROOT = FOLDER.parents[2]

CATALOGUES = {"ke-2026-11": "d6b502c6fb5624a8401f0596c8ebe7c7f9418237b4b80356531abdb9d8dd2d5f"}
"""SHA-256 of the offences of each version. A changed row needs a new line here, and a new version in the file."""


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


def test_a_changed_catalogue_has_a_new_version() -> None:
    """A conviction names the version that its code was chosen from: what the code meant must not change under it."""
    rows = tomllib.loads((FOLDER / "offences.toml").read_text(encoding="utf-8"))["offences"]

    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()

    assert CATALOGUES[KE.offence_catalogue_version] == digest


def test_a_penalty_is_shown_with_its_reservation() -> None:
    assert penalty_shown(KE.offences["KE-SOA-4"]) == (
        "Minimum term: 5 years. Maximum penalty: may be enhanced to life imprisonment."
    )
    assert penalty_shown(KE.offences["KE-SOA-5"]) == (
        "Minimum term: 10 years. Maximum penalty: may be enhanced to life imprisonment. Not verified."
    )
    assert penalty_shown(KE.offences["KE-SOA-9"]) == "Penalty not read."


@pytest.mark.parametrize("code", KE.offences)
def test_no_unverified_penalty_passes_for_a_verified_one(code: str) -> None:
    offence = KE.offences[code]

    shown = penalty_shown(offence)

    assert offence.penalty.verified == offence.verified
    assert offence.penalty.source == offence.source
    assert shown == "Penalty not read." or shown.endswith("Not verified.") != offence.verified
    assert penalty_shown(replace(offence, verified=False, max_penalty="5 years")).endswith("Not verified.")


def test_no_code_computes_with_a_penalty() -> None:
    """Outside the edition nobody reads the terms of an offence: a penalty is shown through ``penalty_shown`` only."""
    reading = re.compile(r"\bmin_imprisonment\b|\bpenalty\.(minimum|maximum)\b|offence\w*\.max_penalty\b")
    sources = [path for room in ("registry", "auth", "graphql_schema") for path in (ROOT / room).rglob("*.py")]

    assert [
        path.name
        for path in sources
        if FOLDER.parent not in path.parents and reading.search(path.read_text(encoding="utf-8"))
    ] == []


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


# -- the rules of a record's life


LIFE = tomllib.loads((FOLDER / "life.toml").read_text(encoding="utf-8"))
RULES = {f"{table} {row['code']}": row for table in LIFE if table != "schema_version" for row in LIFE[table]}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_where_it_comes_from(name: str) -> None:
    """What is a choice of ours, or was read nowhere, must not look like law."""
    unread = re.search(
        r"choice of this edition|not read\b|asks for the names .* was found|heading only|read in part",
        RULES[name]["source"],
        re.IGNORECASE,
    )

    assert bool(unread) != RULES[name]["verified"]


def test_every_sentence_ends() -> None:
    sentences = [row["sentence"] for row in RULES.values() if "sentence" in row]

    assert len(sentences) == 20
    assert all(sentence.endswith(".") for sentence in sentences)


def test_every_refusal_and_every_appeal_names_its_article() -> None:
    articles = {row.code: row.article for row in KE.refusal_grounds.values()}
    articles |= {row.code: row.article for row in KE.appeals.values()}

    assert len(articles) == 8
    assert all("section" in article and code.startswith("KE-") for code, article in articles.items())


def test_nobody_is_on_the_register_without_a_court() -> None:
    assert [(row.code, row.needs_conviction, row.needs_order) for row in KE.categories.values()] == [
        ("convicted", True, False),
        ("ordered", False, True),
        ("juvenile", False, True),
    ]


@pytest.mark.parametrize("code", ["ordered", "juvenile"])
def test_without_conviction_expiry_is_shorter_and_access_stricter(code: str) -> None:
    category, convicted = KE.categories[code], KE.categories["convicted"]

    assert category.expires_after_years is not None
    assert all(category.expires_after_years < (tier.expires_after_years or 100) for tier in KE.tiers.values())
    assert category.review_every_years < convicted.review_every_years
    assert set(category.roles) < set(convicted.roles)


def test_roles_of_a_category_are_roles_that_read_records() -> None:
    held = {role for category in KE.categories.values() for role in category.roles}

    assert held == {role.value for role in Role} - {"auditor", "desk_officer", "administrator"}


def test_every_category_is_kept_by_somebody_who_proposes_and_somebody_who_decides() -> None:
    assert all({"registrar", "supervisor"} <= set(category.roles) for category in KE.categories.values())


def test_the_schedule_is_that_of_sorna() -> None:
    """34 USC 20918 and 20915: 12, 6 and 3 months; 15 years, 25 years, life."""
    assert [(row.code, row.verification_months, row.expires_after_years) for row in KE.tiers.values()] == [
        ("one", 12, 15),
        ("two", 6, 25),
        ("three", 3, None),
    ]


def test_the_desk_has_its_clocks_and_none_is_called_verified() -> None:
    assert {code: clock.days for code, clock in KE.desk.items()} == {"access": 7, "correction": 14, "objection": 7}
    assert not any(clock.verified for clock in KE.desk.values())


def test_single_numbers_are_those_of_the_file() -> None:
    assert (KE.adult_age, KE.removal_grace_days, KE.correction_notice_months) == (18, 30, 12)
    assert all(getattr(KE, code) == figure.value for code, figure in KE.figures.items())


def test_no_kenyan_law_asks_for_parents_names() -> None:
    assert KE.parents_names is None


def test_no_sub_county_is_guessed() -> None:
    assert KE.subcounties == {}


def test_handling_codes_and_clearances_stand_in_order() -> None:
    assert list(KE.handling.onward) == ["H0", "H1", "H2", "H3"]
    assert list(KE.handling.clearances) == ["open", "restricted", "secret", "covert", "witness_protection"]


def test_instruments_give_their_own_levels() -> None:
    assert {code: instrument.levels for code, instrument in KE.risk_instruments.items()} == {
        "static_99r": ("I", "II", "III", "IVa", "IVb"),
        "static_99r_before_2016": ("low", "moderate_low", "moderate_high", "high"),
        "stable_2007": ("low", "moderate", "high"),
        "rm2000_s": ("low", "medium", "high", "very_high"),
        "professional_judgement": ("low", "moderate", "high"),
    }


def test_modus_operandi_holds_nothing_of_a_victim() -> None:
    words = " ".join(f"{term.code} {term.title}" for term in KE.modus_operandi.values()).lower()

    assert len(KE.modus_operandi) == 16
    assert not re.search(r"victim|complainant|\bboy|\bgirl|\bage\b|daughter|\bson\b", words)


def test_every_county_lies_in_or_near_kenya_and_has_an_extent() -> None:
    centres = KE.centres.values()

    assert {each.code for each in centres} == set(KE.counties)
    assert all(-4.8 < each.latitude < 5.1 and 33.9 < each.longitude < 42.0 for each in centres)
    assert 560_000 < sum(each.area_km2 for each in centres) < 600_000
    assert all(8 < each.reach_km < 150 for each in centres)
