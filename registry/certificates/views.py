"""Certificates as they may leave the room: the person only to those who keep certificates. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from registry.certificates import words
from registry.certificates.intake import Holder
from registry.certificates.issuing import Certificate
from registry.certificates.recognition import Held
from registry.core.ids import public_id
from registry.core.partial_dates import PartialDate

NOT_THIS_PERSON = "NOT_THIS_PERSON"
"""The warning's code; a promise, like the codes of errors."""


@dataclass(frozen=True, slots=True)
class HolderView:
    """Who holds a certificate. Document numbers can be met, and never read."""

    names: tuple[str, ...]
    birth_date: PartialDate


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate."""

    id: str
    number: str | None
    state: str
    office: str
    """The agency that proposed it."""
    proposed_by: str
    proposed_at: datetime
    months: int
    decided_by: str | None
    decided_at: datetime | None
    valid_until: PartialDate | None
    ended_at: datetime | None
    ended_why: str | None
    against: tuple[str, ...]
    """The profiles that the reader may know of."""
    holder: HolderView | None
    reason: str | None
    same_as_shown: bool | None
    """Whether the document that was shown is its holder's; None where none was."""


@dataclass(frozen=True, slots=True)
class WarningView:
    """Beside a hit: somebody who fits the question is certified not to be this person."""

    code: str
    certificate: str
    valid_until: PartialDate
    sentence: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed for the holder."""

    number: str
    names: tuple[str, ...]
    birth_date: PartialDate
    valid_until: PartialDate
    office: str


def certificate(
    found: Certificate, against: Collection[UUID], holder: Holder | None = None, *, same_as_shown: bool | None = None
) -> CertificateView:
    """Return the view of a certificate; ``holder`` for those who keep certificates."""
    return CertificateView(
        id=public_id("certificate", found.id), number=found.number, state=found.state.value,
        office=found.proposed_agency, proposed_by=public_id("officer", found.proposed_by),
        proposed_at=found.proposed_at, months=found.months,
        decided_by=public_id("officer", found.decided_by) if found.decided_by else None, decided_at=found.decided_at,
        valid_until=_day(found.valid_until) if found.valid_until else None, ended_at=found.ended_at,
        ended_why=found.ended_why.value if found.ended_why else None,
        against=tuple(public_id("profile", each) for each in sorted(against)),
        holder=HolderView(holder.names, holder.birth_date) if holder else None,
        reason=holder.reason if holder else None, same_as_shown=same_as_shown,
    )  # fmt: skip


def warning(held: Held, language: str) -> WarningView:
    """Return the warning beside a hit. It names nobody."""
    sentence = words.warning(held.number, held.valid_until, language)
    return WarningView(NOT_THIS_PERSON, held.number, _day(held.valid_until), sentence)


def paper(found: Certificate, holder: Holder) -> Paper:
    """Return what is printed."""
    assert found.number is not None
    assert found.valid_until is not None
    return Paper(found.number, holder.names, holder.birth_date, _day(found.valid_until), found.proposed_agency)


def _day(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)
