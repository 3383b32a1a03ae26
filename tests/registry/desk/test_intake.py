"""What the desk takes in: who asks, for whom, and the proof of it, read strictly."""

from datetime import date
from typing import Any

import pytest

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.desk import intake
from registry.desk.intake import Proof
from registry.desk.requests import Capacity
from tests.factories import EDITION
from tests.registry.desk.scenes import AUTHORITY, DOCUMENTS, ONE, THREE, TWO, asking, for_minor

TODAY = date(2026, 11, 21)
BIRTH, ID_CARD = {"kind": "birth_certificate", "digest": THREE}, DOCUMENTS[0]


def refused(use: Any) -> tuple[str, str | None]:  # Any: what is called
    with pytest.raises(InputRefused) as caught:
        use()
    assert caught.value.remedy
    return caught.value.code, caught.value.field


# -- who asks


def test_somebody_who_asks_for_themselves_is_the_person() -> None:
    people = intake.people(asking(applicant="  DEMO   Juma ", birth_date=PartialDate(1971)), EDITION, TODAY)

    assert (people.applicant, people.subject, people.birth_date) == ("DEMO Juma", "DEMO Juma", PartialDate(1971))
    assert people.contact == "desk-demo@example.org"


def test_a_parent_asks_for_a_minor() -> None:
    people = intake.people(asking(**for_minor()), EDITION, TODAY)

    assert (people.applicant, people.subject) == ("DEMO Amina Hamisi", "DEMO Hamisi Juma")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"applicant": ""}, "TEXT_MALFORMED", "applicant.name"),
        ({"applicant": "DEMO \u202eJuma"}, "TEXT_MALFORMED", "applicant.name"),
        ({"applicant": "D" * 201}, "TEXT_MALFORMED", "applicant.name"),
        ({"contact": "  "}, "TEXT_MALFORMED", "applicant.contact"),
        ({"subject": "DEMO Somebody"}, "SUBJECT_MISSING", "subject.name"),
        ({"capacity": Capacity.REPRESENTATIVE}, "SUBJECT_MISSING", "subject.name"),
        ({"capacity": Capacity.GUARDIAN}, "SUBJECT_MISSING", "subject.name"),
        (for_minor() | {"subject": ""}, "TEXT_MALFORMED", "subject.name"),
        ({"birth_date": PartialDate(2027)}, "DATE_IN_FUTURE", "subject.birthDate"),
    ],
    ids=lambda each: str(sorted(each)) if isinstance(each, dict) else each,
)
def test_people_that_break_a_rule_are_refused(changes: dict[str, object], code: str, field: str) -> None:
    assert refused(lambda: intake.people(asking(**changes), EDITION, TODAY)) == (code, field)


@pytest.mark.parametrize(
    ("given", "read"), [("dpo/112/2026", "DPO/112/2026"), ("DP 4-2026.1", "DP 4-2026.1")]
)  # fmt: skip
def test_a_file_mark_is_a_mark(given: str, read: str) -> None:
    assert intake.reference(asking(reference=given), EDITION) == read


@pytest.mark.parametrize("given", ["", "ab", "A" * 41, "I never did it, and you know that.", "DPO\n1", "Ä/1/2026"])
def test_a_file_mark_holds_none_of_the_persons_own_words(given: str) -> None:
    assert refused(lambda: intake.reference(asking(reference=given), EDITION)) == ("FORM_MALFORMED", "reference")


def test_a_letter_may_have_come_before_it_is_entered() -> None:
    assert intake.received_on(asking(), TODAY) == TODAY
    assert intake.received_on(asking(received_on=PartialDate(2026, 11, 2)), TODAY) == date(2026, 11, 2)
    assert refused(lambda: intake.received_on(asking(received_on=PartialDate(2026, 11)), TODAY)) == (
        "DATE_MALFORMED", "receivedOn",
    )  # fmt: skip
    assert refused(lambda: intake.received_on(asking(received_on=PartialDate(2026, 11, 22)), TODAY)) == (
        "DATE_IN_FUTURE", "receivedOn",
    )  # fmt: skip


# -- proof of identity


def test_two_documents_prove_who_asks() -> None:
    assert intake.proof(EDITION, Capacity.SELF, DOCUMENTS) == Proof((("national_id", ONE), ("passport", TWO)), None)


def test_a_courts_seal_proves_it_too() -> None:
    assert intake.proof(EDITION, Capacity.SELF, [], "MISC 7/2026") == Proof((), "MISC 7/2026")


@pytest.mark.parametrize(
    "given",
    [
        [],
        [ID_CARD],
        [ID_CARD, {"kind": "national_id", "digest": TWO}],
        [ID_CARD, AUTHORITY],
        [AUTHORITY],
    ],
    ids=["none", "one", "two of one kind", "one and an authority", "an authority"],
)
def test_less_proves_nothing(given: list[dict[str, object]]) -> None:
    assert refused(lambda: intake.proof(EDITION, Capacity.SELF, given)) == ("IDENTITY_NOT_PROVEN", "documents")


@pytest.mark.parametrize("capacity", [Capacity.REPRESENTATIVE, Capacity.GUARDIAN])
def test_who_asks_for_another_shows_that_they_may(capacity: Capacity) -> None:
    proven = intake.proof(EDITION, capacity, [*DOCUMENTS, AUTHORITY])

    assert len(proven.documents) == 3
    assert refused(lambda: intake.proof(EDITION, capacity, DOCUMENTS)) == ("AUTHORITY_NOT_PROVEN", "documents")


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ([{"kind": "library_card", "digest": ONE}, BIRTH], "CODE_UNKNOWN", "documents[0].kind"),
        ([BIRTH, {"kind": "passport", "digest": "x"}], "FORM_MALFORMED", "documents[1].digest"),
        ([BIRTH, {"kind": "passport"}], "FORM_MALFORMED", "documents[1].digest"),
        ([{}], "CODE_UNKNOWN", "documents[0].kind"),
        ([ID_CARD, {"kind": "passport", "digest": ONE}], "LIST_MALFORMED", "documents"),
        ([{"kind": "passport", "digest": f"{place:064x}"} for place in range(11)], "LIST_MALFORMED", "documents"),
    ],
    ids=["no such document", "no digest", "digest left out", "empty", "one copy twice", "too many"],
)
def test_documents_that_break_a_rule_are_refused(given: list[dict[str, object]], code: str, field: str) -> None:
    assert refused(lambda: intake.proof(EDITION, Capacity.SELF, given)) == (code, field)


def test_a_seal_is_a_line() -> None:
    assert refused(lambda: intake.proof(EDITION, Capacity.SELF, [], " ")) == ("TEXT_MALFORMED", "courtSeal")
