"""What may leave the room: how far a screening has come, and its hits, masked like those of a search."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from registry.certificates.views import WarningView
from registry.core.ids import public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import FieldClass
from registry.matching.types import Match, Reason
from registry.profiles.views import ProfileView
from registry.screening.queries import Screening
from registry.search import views as search_views
from registry.search.views import ReasonView

PREFIX = "/screenings/"


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """A screening, and how far it has come."""

    id: str
    state: str
    purpose: str
    case_reference: str
    officer: str
    """The agency's own mark of the officer who began it."""
    least: str
    matcher: str
    people: int | None
    """Rows of the list, once it is there."""
    done: int
    refused: int
    """Rows that could not be read."""
    hits: int
    disclosed: int
    """Profiles that the hits name."""
    failure: str | None
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListTicketView:
    """A one-time address on this node where the list can be put."""

    path: str = field(repr=False)
    """It holds the secret, so it does not print."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ScreeningHitView:
    """Somebody on the list who may be somebody on the register."""

    row: int
    """As whoever opens the list counts: from 1, headings included."""
    reference: str
    score: float
    band: str
    discriminator: bool
    reasons: tuple[ReasonView, ...]
    profile: ProfileView
    warning: WarningView | None = None
    """Who stands in the row was certified not to be this person when the list was checked, and is today."""


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A row that could not be read, and why."""

    row: int
    field: str
    code: str
    rule: str
    remedy: str


def screening(found: Screening) -> ScreeningView:
    """Return the view of a screening."""
    return ScreeningView(
        id=public_id("screening", found.id), state=found.state.value, purpose=found.purpose,
        case_reference=found.case_reference, officer=found.officer_reference, least=found.least,
        matcher=found.matcher, people=found.people, done=found.rows_done, refused=found.refused, hits=found.hits,
        disclosed=found.disclosed, failure=found.failure, begun_at=found.begun_at, ended_at=found.ended_at,
    )  # fmt: skip


class Opened(NamedTuple):
    """What is sealed of a hit; row and profile stand in it, so that two hits can't change places."""

    row: int
    number: int
    reference: str
    reasons: tuple[Reason, ...]
    warning: WarningView | None


def content(hit: Opened) -> bytes:
    """Return what is sealed of a hit as bytes."""
    reasons = [[each.feature, each.weight, each.query, each.record] for each in hit.reasons]
    warning = hit.warning and [
        hit.warning.code, hit.warning.certificate, str(hit.warning.valid_until), hit.warning.sentence
    ]  # fmt: skip
    return orjson.dumps([hit.row, hit.number, hit.reference, reasons, warning])


def opened(content: bytes) -> Opened:
    """Inverse of ``content``."""
    told: Any = orjson.loads(content)  # Any: our own JSON
    row, number, reference, reasons, warned = told
    warning = WarningView(warned[0], warned[1], PartialDate.parse(warned[2]), warned[3]) if warned else None
    return Opened(row, number, reference, tuple(Reason(*each) for each in reasons), warning)


def reasons(score: float, band: str, found: tuple[Reason, ...], readable: frozenset[FieldClass]) -> Any:
    """Return the reasons whose fields this actor may read, as a search tells them."""
    return search_views.reasons(Match(score, band, found), readable)
