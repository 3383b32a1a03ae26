"""What the desk takes in, read strictly: who asks, for whom, on which file; and by what identity is proven.

    people(Asked(kind=Kind.ACCESS, applicant="DEMO Juma", …), edition, today)     who asks, and of whom
    proof(edition, Capacity.SELF, [{"kind": "passport", "digest": "…"}, …])       two documents, or a court's seal

What the person said or wrote is not taken in at all: it stays on the desk's own file, of which the mark is kept here.
Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.desk.requests import Capacity, Channel, Kind
from registry.editions.edition import Edition
from registry.profiles import kinds
from registry.profiles.kinds import DIGEST, Form, Line

IDENTITY_DOCUMENTS = ("national_id", "passport", "alien_id", "driving_licence", "birth_certificate", "travel_document")
"""Documents that show who somebody is."""
AUTHORITY = "authority"
"""A document that lets somebody ask for another: a power of attorney, a court's order, a birth certificate that names
the parent."""
DOCUMENTS = (*IDENTITY_DOCUMENTS, AUTHORITY)
LEAST_DOCUMENTS = 2
MOST_DOCUMENTS = 10

REFERENCE = Form(
    "file mark: 3 to 40 capitals, digits, spaces or / . -", kinds.NUMBER.pattern,
    "Write the desk's own file mark, such as DPO/112/2026; what the person wrote stays on that file.", capitals=True,
)  # fmt: skip
_NAME, _CONTACT, _SEAL = Line(200), Line(300), Line(80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it comes to the desk, not read yet."""

    kind: Kind
    channel: Channel
    capacity: Capacity = Capacity.SELF
    reference: str
    applicant: str
    contact: str
    subject: str | None = None
    birth_date: PartialDate | None = None
    received_on: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who asks, and of whom. It is kept sealed."""

    applicant: str
    contact: str
    """Where the answer goes: an address, a phone, an e-mail address."""
    subject: str
    """The person of whom is asked: the applicant, or whom they ask for."""
    birth_date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """By what identity was proven. No copy is kept: a digest tells later whether it was this one."""

    documents: tuple[tuple[str, str], ...] = ()
    court_seal: str | None = None


def people(asked: Asked, edition: Edition, today: date) -> People:
    """Return who asks, and of whom.

    Raises InputRefused (TEXT_MALFORMED, VICTIM_DATA, SUBJECT_MISSING, DATE_IN_FUTURE).
    """
    applicant = _read(_NAME, asked.applicant, edition, "applicant.name")
    contact = _read(_CONTACT, asked.contact, edition, "applicant.contact")
    if (asked.subject is None) != (asked.capacity is Capacity.SELF):
        raise InputRefused("is given for whoever asks for another, and only then.", field="subject.name",
                           code="SUBJECT_MISSING", remedy="Say for whom the applicant asks.")  # fmt: skip
    subject = applicant if asked.subject is None else _read(_NAME, asked.subject, edition, "subject.name")
    if asked.birth_date is not None and asked.birth_date.earliest > today:
        raise _ahead("subject.birthDate")
    return People(applicant=applicant, contact=contact, subject=subject, birth_date=asked.birth_date)


def reference(asked: Asked, edition: Edition) -> str:
    """Return the file mark. Raises InputRefused (FORM_MALFORMED)."""
    mark: str = _read(REFERENCE, asked.reference, edition, "reference")
    return mark


def received_on(asked: Asked, today: date) -> date:
    """Return the day on which a request came. Raises InputRefused (DATE_MALFORMED, DATE_IN_FUTURE)."""
    given = asked.received_on
    if given is None:
        return today
    if given.precision != "day":
        raise InputRefused("is not a whole day.", field="receivedOn", code="DATE_MALFORMED", remedy="Write YYYY-MM-DD.")
    if given.earliest > today:
        raise _ahead("receivedOn")
    return given.earliest


def _ahead(field: str) -> InputRefused:
    return InputRefused("lies in the future.", field=field, code="DATE_IN_FUTURE", remedy="Correct it.")


def proof(
    edition: Edition, capacity: Capacity, documents: Iterable[Mapping[str, object]], court_seal: object = None
) -> Proof:
    """Return the proof of an applicant's identity, and of their authority where they ask for another.

    Two different documents, or the seal of a court; never that a search found somebody of this name.
    Raises InputRefused (IDENTITY_NOT_PROVEN, AUTHORITY_NOT_PROVEN, CODE_UNKNOWN, FORM_MALFORMED, LIST_MALFORMED).
    """
    given = tuple(_document(edition, each, place) for place, each in enumerate(documents))
    if len(given) > MOST_DOCUMENTS or len({digest for _, digest in given}) < len(given):
        raise InputRefused(f"is not a list of at most {MOST_DOCUMENTS} different documents.", field="documents",
                           code="LIST_MALFORMED", remedy="Name each once.")  # fmt: skip
    seal = None if court_seal is None else _read(_SEAL, court_seal, edition, "courtSeal")
    shown = {kind for kind, _ in given if kind != AUTHORITY}
    if seal is None and len(shown) < LEAST_DOCUMENTS:
        raise InputRefused("do not prove who asks.", field="documents", code="IDENTITY_NOT_PROVEN",
                           remedy="Ask for two documents of different kinds, or a court's seal.")  # fmt: skip
    if capacity is not Capacity.SELF and AUTHORITY not in {kind for kind, _ in given}:
        raise InputRefused("do not let the applicant ask for another.", field="documents", code="AUTHORITY_NOT_PROVEN",
                           remedy="Ask for the power of attorney, order or certificate.")  # fmt: skip
    return Proof(given, seal)


def _document(edition: Edition, given: Mapping[str, object], place: int) -> tuple[str, str]:
    kind = _read(kinds.Code(*DOCUMENTS), given.get("kind"), edition, f"documents[{place}].kind")
    return kind, _read(DIGEST, given.get("digest"), edition, f"documents[{place}].digest")


def _read(kind: kinds.Kind, value: object, edition: Edition, field: str) -> Any:  # Any: what the kind reads
    try:
        return kind.read(value, edition)
    except kinds.Refused as refused:
        raise InputRefused(refused.rule, field=field, code=refused.code, remedy=refused.remedy) from None
