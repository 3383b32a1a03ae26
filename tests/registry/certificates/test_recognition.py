"""Whose question it is: cases that can be read aloud."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from registry.certificates.recognition import Held, is_holder, warning
from registry.core.partial_dates import PartialDate
from registry.matching import record as match_record, score as scoring, weights
from registry.matching.query import PreparedQuery, prepare
from registry.matching.types import Handle, Identifier, Identity, Match, Reason
from tests.factories import SEALER
from tests.registry.certificates.scenes import INNOCENT, NATIONAL_ID

BORN = PartialDate(1971, 5, 17)
OTHER_ID, PASSPORT = Identifier("national_id", "INV1234567", "KE"), Identifier("passport", "DEMO88888", "KE")
OFFENDER = Identity(
    names=("Juma Hamisi Mwakio", "Mwalimu Jay"), birth_date=BORN, sex="male", identifiers=(OTHER_ID,),
    phones=("+254712345678",), emails=("juma@mail.example",), handles=(Handle("invented", "mwakio_71"),),
)  # fmt: skip


def question(**known: object) -> PreparedQuery:
    return prepare(Identity(**known), blind=SEALER.blind)  # type: ignore[arg-type]  # each its own type


def held(identity: Identity, until: date = date(2028, 11, 21), number: str = "CERT") -> Held:
    return Held(number, until, match_record.describe(identity, blind=SEALER.blind).record)


HOLDER = held(INNOCENT.identity())
PROFILE = match_record.describe(OFFENDER, blind=SEALER.blind).record


def found(asked: PreparedQuery) -> Match:
    return scoring.score(asked, PROFILE, {}, 20_000)


@dataclass(frozen=True)
class Case:
    """A question, whether it is the holder's, and whether the hit on the offender is warned of."""

    why: str
    asked: dict[str, object]
    is_theirs: bool
    is_warned: bool = field(default=False)


NAME = "Juma Hamisi Mwakio"
ALIKE: dict[str, object] = {"names": (NAME,), "birth_date": BORN}
CASES = [
    Case("the whole name and the day", ALIKE, True, True),
    Case("another order", {"names": ("Mwakio Juma Hamisi",), "birth_date": BORN}, True, True),
    Case("another spelling", {"names": ("Jumaa Khamis Mwakyo",), "birth_date": BORN}, True, True),
    Case("a name left out", {"names": ("Juma Mwakio",), "birth_date": BORN}, True, True),
    Case("an initial beside two names", {"names": ("Juma H Mwakio",), "birth_date": BORN}, True, True),
    Case("one name is too little", {"names": ("Mwakio",), "birth_date": BORN}, False),
    Case("a name that the holder has not", {"names": ("Juma Hamisi Otieno",), "birth_date": BORN}, False),
    Case("a name more", {"names": (f"{NAME} Otieno",), "birth_date": BORN}, False),
    Case("an alias of the offender", {"names": ("Mwalimu Jay",), "birth_date": BORN}, False),
    Case("the year alone", {"names": (NAME,), "birth_date": PartialDate(1971)}, False),
    Case("another day", {"names": (NAME,), "birth_date": PartialDate(1971, 5, 18)}, False),
    Case("the name alone", {"names": (NAME,)}, False),
    Case("the day alone", {"birth_date": BORN}, False),
    Case("the document", {"identifiers": (NATIONAL_ID,)}, True, True),
    Case("the document and the name", {"names": ("Juma Mwakio",), "identifiers": (NATIONAL_ID,)}, True, True),
    Case("the document and the year", {"birth_date": PartialDate(1971), "identifiers": (NATIONAL_ID,)}, True, True),
    Case("the document with another name", {"names": ("Peter Otieno",), "identifiers": (NATIONAL_ID,)}, False),
    Case("a stolen document, half his own name", {"names": ("Juma Otieno",), "identifiers": (NATIONAL_ID,)}, False),
    Case("the document and a name more", {"names": (f"{NAME} Otieno",), "identifiers": (NATIONAL_ID,)}, True, True),
    Case(
        "the document with another birth", {"birth_date": PartialDate(1950, 1, 2), "identifiers": (NATIONAL_ID,)}, False
    ),
    Case("the document as well", ALIKE | {"identifiers": (NATIONAL_ID,)}, True, True),
    Case("a passport that nobody knows", ALIKE | {"identifiers": (PASSPORT,)}, True, True),
    Case("the offender's document", ALIKE | {"identifiers": (OTHER_ID,)}, False),
    Case("both documents", ALIKE | {"identifiers": (NATIONAL_ID, OTHER_ID)}, True, False),
    Case("a stolen certificate, his phone", ALIKE | {"phones": ("0712345678",)}, True, False),
    Case("a stolen document, his phone", {"identifiers": (NATIONAL_ID,), "phones": ("0712345678",)}, True, False),
    Case("the offender's address", ALIKE | {"emails": ("juma@mail.example",)}, True, False),
    Case("the offender's account", ALIKE | {"handles": (Handle(None, "mwakio_71"),)}, True, False),
    Case("a phone that nobody has", ALIKE | {"phones": ("0799000001",)}, True, True),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_a_hit_is_warned_of_when_the_question_is_the_holders_and_met_by_nothing_else(case: Case) -> None:
    asked = question(**case.asked)

    assert is_holder(asked, HOLDER.record) == case.is_theirs
    assert (warning(asked, found(asked), [HOLDER]) is not None) == case.is_warned


OWN = [each for each in weights.BITS if each.partition(".")[0] not in ("name", "born", "sex", "nationality", "county")]


@pytest.mark.parametrize("feature", [each for each in OWN if weights.BITS[each] > 0])
def test_whatever_agrees_and_is_one_persons_own_keeps_the_warning_away(feature: str) -> None:
    """Also what the matcher learns to compare later: only what people have in common is listed."""
    asked = question(names=(NAME,), birth_date=BORN, identifiers=(PASSPORT,))

    assert warning(asked, Match(0.9, "strong", (Reason(feature, 1.0),)), [HOLDER]) is None
    assert warning(asked, Match(0.9, "strong", (Reason(feature, -1.0),)), [HOLDER]) == HOLDER


def test_the_holders_own_number_on_the_profile_is_no_other_way() -> None:
    """Somebody wrote an innocent person's number into the record: the officer is warned all the same."""
    asked = question(names=(NAME,), birth_date=BORN, identifiers=(NATIONAL_ID,))

    assert warning(asked, Match(0.9, "strong", (Reason("document.same", 33.0),)), [HOLDER]) == HOLDER


def test_of_several_certificates_the_longest_valid_is_named() -> None:
    asked = question(names=(NAME,), birth_date=BORN)
    longer = held(INNOCENT.identity(), date(2029, 1, 1), "LONGER")
    stranger = held(Identity(names=("Peter Otieno",), birth_date=BORN), date(2031, 1, 1), "STRANGER")

    assert warning(asked, found(asked), [HOLDER, stranger, longer]) == longer
    assert warning(asked, found(asked), []) is None
