"""Evidence beside the name."""

import pytest
from hypothesis import given

from registry.core.partial_dates import PartialDate
from registry.matching import weights
from registry.matching.compare import (
    COMPARISONS,
    Comparison,
    asked_for,
    birth_dates,
    counties,
    documents,
    emails,
    handles,
    nationalities,
    phones,
    sexes,
)
from registry.matching.data.sentences import SENTENCES
from registry.matching.fits import FITS
from registry.matching.types import Handle, Identifier, Identity
from tests.registry.matching.strategies import full_names, identities
from tests.registry.matching.tokens import held, prepare

DATES = [
    ("born.same", "1984-05-13", "1984-05-13"),
    ("born.swapped", "1984-05-03", "1984-03-05"),
    ("born.digit", "1984-05-13", "1984-05-18"),
    ("born.digit", "1984-05-13", "1974-05-13"),
    ("born.digit", "1994-05-13", "2004-05-13"),
    ("born.year_near", "1984-05-13", "1985-05-13"),
    ("born.same_year", "1984-05-13", "1984-11-28"),
    ("born.placeholder", "1984-01-01", "1984-11-28"),
    ("born.placeholder", "1984-01-01", "1984-01-01"),
    ("born.off_by_one", "1984-01-01", "1985-11-28"),
    ("born.month", "1984-05", "1984-05-13"),
    ("born.other_month", "1984-05", "1984-06-13"),
    ("born.next_year", "1984-05-13", "1985-11-28"),
    ("born.year", "1984", "1984-06-13"),
    ("born.off_by_one", "1984", "1985"),
    ("born.off_by_two", "1984", "1986-07-09"),
    ("born.differs", "1984-05-13", "1990-11-28"),
]


@pytest.mark.parametrize(("feature", "one", "other"), DATES)
def test_birth_dates_agree_by_degrees(feature: str, one: str, other: str) -> None:
    a, b = (Identity(birth_date=PartialDate.parse(text)) for text in (one, other))

    assert birth_dates(prepare(a), held(b)) == (feature, one, other)
    assert birth_dates(prepare(b), held(a)) == (feature, other, one)


def test_the_closer_two_dates_are_the_more_they_weigh() -> None:
    ladder = ["born.same", "born.swapped", "born.digit", "born.same_year", "born.off_by_two", "born.differs"]

    bits = [weights.BITS[feature] for feature in ladder]

    assert bits == sorted(bits, reverse=True)


def person(**fields: object) -> Identity:
    return Identity(**fields)  # type: ignore[arg-type] # each test names the fields it needs


OTHERS = [
    (sexes, "sex.same", person(sex="male"), person(sex="male")),
    (sexes, "sex.female", person(sex="female"), person(sex="female")),
    (sexes, "sex.differs", person(sex="female"), person(sex="male")),
    (nationalities, "nationality.home", person(nationalities=("KE",)), person(nationalities=("KE", "SO"))),
    (nationalities, "nationality.same", person(nationalities=("KE", "so")), person(nationalities=("SO", "KE"))),
    (nationalities, "nationality.differs", person(nationalities=("UG",)), person(nationalities=("KE",))),
    (counties, "county.same", person(county="Elgeyo-Marakwet"), person(county="elgeyo marakwet county")),
    (counties, "county.differs", person(county="Kilifi"), person(county="Kwale")),
    (phones, "phone.same", person(phones=("0712345678",)), person(phones=("+254 712 345 678",))),
    (emails, "email.same", person(emails=("A@example.org",)), person(emails=("a@example.org",))),
]


@pytest.mark.parametrize(("comparison", "feature", "one", "other"), OTHERS)
def test_other_evidence_is_named(comparison: Comparison, feature: str, one: Identity, other: Identity) -> None:
    found = comparison(prepare(one), held(other))

    assert found is not None
    assert found[0] == feature


DOCUMENTS = [
    ("document.same", ("passport", "AK123456", "KE"), ("passport", "AK123456", None)),
    ("document.number", ("passport", "AK123456", "KE"), ("passport", "AK123456", "UG")),
    ("document.number", ("alien_id", "12345678", "KE"), ("national_id", "12345678", "KE")),
    ("document.near", ("national_id", "12345678", "KE"), ("national_id", "12345687", "KE")),
    ("document.near", ("national_id", "12345678", "KE"), ("national_id", "1234567", "KE")),
    ("document.differs", ("national_id", "12345678", "KE"), ("national_id", "99345611", "KE")),
    (None, ("national_id", "12345678", "KE"), ("passport", "A0000001", "UG")),
]


@pytest.mark.parametrize(("feature", "one", "other"), DOCUMENTS)
def test_documents_agree_by_degrees(
    feature: str | None, one: tuple[str, str, str | None], other: tuple[str, str, str | None]
) -> None:
    a, b = (person(identifiers=(Identifier(*document),)) for document in (one, other))

    for asked, known in ((a, b), (b, a)):
        found = documents(prepare(asked), held(known))

        assert (found and found[0]) == feature


def test_of_several_documents_the_closest_counts() -> None:
    asked = person(identifiers=(Identifier("passport", "B7777777"), Identifier("national_id", "12345678")))
    known = person(identifiers=(Identifier("passport", "A1111111"), Identifier("national_id", "12345678")))

    assert documents(prepare(asked), held(known)) == ("document.same", "12345678", "12345678")


HANDLES = [
    ("handle.same", Handle("x", "king_kev254"), Handle(None, "kingkev254")),
    ("handle.elsewhere", Handle("x", "kingkev254"), Handle("tiktok", "king.kev254")),
    ("handle.short", Handle("x", "kev1"), Handle("x", "kev1")),
    ("handle.letters", Handle("x", "kingkev254"), Handle("x", "kingkev1")),
    (None, Handle("x", "kingkev254"), Handle("x", "simba")),
]


@pytest.mark.parametrize(("feature", "one", "other"), HANDLES)
def test_handles_agree_by_degrees(feature: str | None, one: Handle, other: Handle) -> None:
    found = handles(prepare(person(handles=(one,))), held(person(handles=(other,))))

    assert (found and found[0]) == feature


def test_of_several_handles_the_closest_counts() -> None:
    asked = person(handles=(Handle("x", "kingkev254"), Handle("x", "simbamkali")))
    known = person(handles=(Handle("x", "kingkev1"), Handle("x", "simbamkali")))

    assert handles(prepare(asked), held(known)) == ("handle.same", "simbamkali", "simbamkali")


VALUES_SHOWN = [
    (documents, "document.number", "12345678", "12345678", person(identifiers=(Identifier("a", "12345678"),))),
    (documents, "document.near", "12345678", None, person(identifiers=(Identifier("a", "12345687"),))),
    (documents, "document.differs", "12345678", None, person(identifiers=(Identifier("b", "99345611"),))),
    (phones, "phone.same", "+254712345678", "+254712345678", person(phones=("254 712 345678",))),
    (emails, "email.same", "a@example.org", "a@example.org", person(emails=("a+x@example.org",))),
    (handles, "handle.same", "kingkev254", "kingkev254", person(handles=(Handle(None, "KING.kev254"),))),
    (handles, "handle.letters", "kingkev254", None, person(handles=(Handle(None, "kingkev1"),))),
]


@pytest.mark.parametrize(("comparison", "feature", "asked_value", "known_value", "known"), VALUES_SHOWN)
def test_the_profile_s_value_is_told_only_where_it_is_the_asker_s_own(
    comparison: Comparison, feature: str, asked_value: str, known_value: str | None, known: Identity
) -> None:
    asked = person(
        identifiers=(Identifier("b", "12345678"),), phones=("0712345678",), emails=("A@example.org",),
        handles=(Handle("x", "king_kev254"),),
    )  # fmt: skip

    assert comparison(prepare(asked), held(known)) == (feature, asked_value, known_value)


@pytest.mark.parametrize("comparison", [*COMPARISONS, *FITS])
def test_silence_is_neither_for_nor_against(comparison: Comparison) -> None:
    full = person(
        birth_date=PartialDate(1984), sex="male", nationalities=("KE",), county="Kwale", phones=("0712345678",),
        emails=("a@example.org",), handles=(Handle("x", "simba"),), identifiers=(Identifier("passport", "AK12345"),),
    )  # fmt: skip

    assert comparison(prepare(full), held(Identity())) is None
    assert comparison(prepare(Identity()), held(full)) is None


def test_every_row_of_the_weights_has_a_sentence_and_the_other_way_round() -> None:
    assert SENTENCES.keys() == weights.BITS.keys() | weights.NAME_SHARE.keys()
    assert weights.BITS.keys() >= weights.DISCRIMINATORS


@given(identities(full_names), identities(full_names))
def test_a_comparison_that_is_not_asked_for_is_silent_with_everybody(asked: Identity, known: Identity) -> None:
    question, record = prepare(asked), held(known)

    for comparison in {*COMPARISONS, *FITS} - set(asked_for(question)):
        assert comparison(question, record) is None
