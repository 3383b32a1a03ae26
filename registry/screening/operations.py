"""Use cases of screenings. Every one is a transaction with an entry in the log; the chunks between are in chunks.py.

    begin_command ─▶ chunks ─▶ finished         a command reads the list itself
    begin ─▶ take_in ─▶ chunks ─▶ finished      a list comes by a one-time address, and waits sealed
                                                cancel, at any time

A screening is seen in its own case only: what was found for one is not to be read in another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Connection

from auth.actor import Officer
from registry.bulk.dates import is_form
from registry.certificates import queries as certificates
from registry.core.errors import InputRefused, LimitExceeded, NotFound
from registry.core.ids import new_id, public_id
from registry.core.sealing import DataKey, Tampered
from registry.disclosure.vocabulary import Action, FieldClass, Use
from registry.matching import weights
from registry.matching.types import Band
from registry.notices import queries as notices
from registry.notices.notice import Told, Topic
from registry.notices.views import ProgressView
from registry.photographs import tickets
from registry.profiles import queries as profile_queries, views as profile_views
from registry.profiles.disclosed import Known, of_row
from registry.profiles.rows import needed
from registry.screening import hit_queries, limits, progress, queries, states, views
from registry.screening.hit_queries import Hit, Place
from registry.screening.queries import Screening, Whose
from registry.screening.states import OPEN, State
from registry.screening.views import ListTicketView, ProblemView, ScreeningHitView, ScreeningView
from registry.work import Work, operation

SEALED = {"table": "screening_hits", "field": "content"}
"""What a sealed hit is bound to, besides the screening."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list is to be checked."""

    least: Band = Band.POSSIBLE
    """The lowest band that is told."""
    dates: str | None = None
    """How the list writes dates: ``DD/MM/YYYY``."""

    def __post_init__(self) -> None:
        if self.dates is not None and not is_form(self.dates):
            raise InputRefused("is no form of dates.", field="dates", code="DATE_FORM_UNKNOWN",
                               remedy="Write it as DD/MM/YYYY, MM/DD/YYYY, YYYY-MM-DD or DD MMM YYYY.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that a command reads: what it is known by, and how long it is."""

    digest: str
    people: int


@operation(Action.PROFILE_SCREEN)
def begin_command(work: Work, listed: Listed, asked: Asked, *, again: bool = False) -> Screening:
    """Begin to check a list, or go on where an earlier run stopped; one that has just finished is returned.

    Raises LimitExceeded (SCREENING_QUOTA_EXCEEDED) before anything is looked up.
    """
    officer = work.require(Action.PROFILE_SCREEN)
    since = work.now if again else work.now - limits.RECENT
    known = _of_file(work, listed.digest, asked, since)
    if known is not None and known.matcher == weights.VERSION:
        work.record("screening:recalled", screening=str(known.id), file=listed.digest, done=known.rows_done)
        return known
    check_quota(work.connection, work.actor.agency, work.now, listed.people)
    made = _made(work, officer, "command", State.RUNNING, asked, file_digest=listed.digest, people=listed.people)
    work.record("screening:begun", screening=str(made.id), file=listed.digest, people=listed.people,
                least=made.least, matcher=made.matcher)  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Begun:
    """A screening, and where its list can be put once."""

    screening: ScreeningView
    upload: ListTicketView


@operation(Action.PROFILE_SCREEN)
def begin(work: Work, asked: Asked) -> Begun:
    """Begin a screening whose list comes by a one-time address.

    Raises LimitExceeded (SCREENING_QUOTA_EXCEEDED) when the day's people are screened already.
    """
    officer = work.require(Action.PROFILE_SCREEN)
    check_quota(work.connection, work.actor.agency, work.now, 1)
    secret, until = tickets.new_secret(), work.now + limits.TICKET_LIFE
    made = _made(work, officer, "upload", State.AWAITING, asked, ticket=tickets.digest_of(secret), ticket_until=until)
    work.record("screening:begun", screening=str(made.id), least=made.least, matcher=made.matcher)
    return Begun(views.screening(made), ListTicketView(views.PREFIX + secret, until))


def _made(
    work: Work, officer: Officer, source: str, state: State, asked: Asked, *, file_digest: str | None = None,
    people: int | None = None, **more: object,
) -> Screening:  # fmt: skip
    actor = work.actor
    assert actor.purpose
    assert actor.case_reference
    assert actor.legal_basis
    made = Screening(
        id=new_id(), source=source, state=state, agency=actor.agency, client=actor.client, officer=officer.id,
        officer_reference=officer.reference, token_id=actor.token_id, purpose=actor.purpose.value,
        case_reference=actor.case_reference, legal_basis=actor.legal_basis, least=asked.least.value,
        matcher=weights.VERSION, dates=asked.dates, file_digest=file_digest, people=people, begun_at=work.now,
    )  # fmt: skip
    queries.add(work.connection, made, work.sealer.new_key(made.id)[1], **more)
    return made


def check_quota(connection: Connection, agency: str, now: datetime, people: int) -> None:
    """Raise LimitExceeded (SCREENING_QUOTA_EXCEEDED) when so many more are too many for an agency's day.

    A list counts on the day on which it was begun: addresses kept over midnight are no second day.
    """
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    screened = queries.people_since(connection, agency, midnight)
    if screened + people > limits.PEOPLE_A_DAY:
        raise LimitExceeded(
            f"With this list your agency would screen more than {limits.PEOPLE_A_DAY:,} people today (UTC).",
            code="SCREENING_QUOTA_EXCEEDED", field="file",
            remedy="Screen it tomorrow, or leave out who need not be screened.",
        )  # fmt: skip


def whose(work: Work) -> Whose:
    """Return the case in which the actor sees screenings."""
    actor = work.actor
    assert actor.purpose
    assert actor.case_reference
    return Whose(actor.agency, actor.purpose.value, actor.case_reference)


def _of_file(work: Work, digest: str, asked: Asked, since: datetime) -> Screening | None:
    least, dates = asked.least.value, asked.dates
    return queries.of_file(work.connection, whose(work), digest, least=least, dates=dates, since=since)


def _visible(work: Work, identifier: UUID) -> Screening:
    """Return a screening of the actor's case. Raises NotFound, whether it is absent or somebody else's."""
    found = queries.by_id(work.connection, identifier)
    if found is None or Whose(found.agency, found.purpose, found.case_reference) != whose(work):
        raise NotFound("No such screening.", field="id")
    return found


@operation(Action.PROFILE_SCREEN)
def read_screening(work: Work, identifier: UUID) -> ScreeningView:
    """Return how far a screening has come. Raises NotFound."""
    work.require(Action.PROFILE_SCREEN)
    found = _visible(work, identifier)
    work.record("screening:read", screening=str(identifier))
    return views.screening(found)


@operation(Action.PROFILE_SCREEN)
def next_progress(work: Work, identifier: UUID, *, after: int | None) -> Told[ProgressView]:
    """Tell how far a screening has come: first as it stands, then each step. Raises NotFound.

    The number is read before the state, so that nothing between the two is missed.
    """
    work.require(Action.PROFILE_SCREEN)
    number = notices.newest(work.connection) if after is None else after
    found = _visible(work, identifier)
    if after is None:
        shown = progress.view(progress.news(found), work.now)
    else:
        notice = notices.following(work.connection, Topic.SCREENING, str(identifier), number)
        if notice is None:
            work.record("screening:followed", screening=str(identifier), number=number)
            return Told(number, is_over=found.state not in OPEN)
        number, shown = notice.number, progress.view(notice.news, notice.at)
    work.record("screening:told", screening=str(identifier), number=number, done=shown.done)
    return Told(number, shown, is_over=shown.state not in OPEN)


@operation(Action.PROFILE_SCREEN)
def list_screenings(
    work: Work, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> tuple[tuple[ScreeningView, tuple[datetime, UUID]], ...]:
    """Return the screenings of the case, newest first, each with its place."""
    work.require(Action.PROFILE_SCREEN)
    found = queries.newest(work.connection, whose(work), limit=limit, after=after)
    work.record("screenings:listed", count=len(found))
    return tuple((views.screening(each), (each.begun_at, each.id)) for each in found)


@operation(Action.PROFILE_SCREEN)
def cancel(work: Work, identifier: UUID) -> ScreeningView:
    """End a screening; what of its list still waits is forgotten, what was found stays.

    Raises NotFound, Conflict (SCREENING_OVER).
    """
    work.require(Action.PROFILE_SCREEN)
    found = _visible(work, identifier)
    work.record("screening:cancelled", screening=str(identifier), done=found.rows_done)
    if not queries.end(work.connection, identifier, State.CANCELLED, work.now):
        states.check_open(found.state)
        states.check_open(State.FINISHED)  # it ended since it was read
    ended = _visible(work, identifier)
    work.tell(progress.news(ended))
    return views.screening(ended)


@operation(Action.PROFILE_SCREEN)
def cancel_command(work: Work, listed_digest: str, asked: Asked) -> ScreeningView:
    """End the screening of a file that a command began. Raises NotFound."""
    work.require(Action.PROFILE_SCREEN)
    found = _of_file(work, listed_digest, asked, work.now)
    if found is None or found.state is not State.RUNNING:
        raise NotFound("No screening of this file is running in this case.", field="file")
    work.record("screening:cancelled", screening=str(found.id), done=found.rows_done)
    queries.end(work.connection, found.id, State.CANCELLED, work.now)
    ended = _visible(work, found.id)
    work.tell(progress.news(ended))
    return views.screening(ended)


@dataclass(frozen=True, slots=True)
class HitPage:
    """Some hits, best first, each with its place."""

    hits: tuple[ScreeningHitView, ...]
    places: tuple[Place, ...]
    has_next: bool


@operation(Action.PROFILE_SCREEN)
def read_hits(
    work: Work, identifier: UUID, *, limit: int, after: Place | None = None, wanted: Iterable[str] | None = None
) -> HitPage:
    """Return hits, best first, with the profiles they name, as the actor may see them today.

    ``wanted`` names the record columns that the caller will read of each. Raises NotFound.
    """
    work.require(Action.PROFILE_SCREEN)
    _visible(work, identifier)
    connection, known = work.connection, Known(work)
    page = _page(known, identifier, limit, after)
    fetched = profile_views.groups(wanted, known.may(Use.READ))
    numbers = list({each.number for each in page[:limit]})
    rows = profile_queries.by_number(connection, numbers, needed(fetched)) if numbers else {}
    key = queries.data_key(connection, work.sealer, identifier) if rows else None
    told: list[tuple[ScreeningHitView, Place]] = []
    for each in page[:limit]:
        if each.number in rows and key is not None:
            row = rows[each.number]
            profile = profile_views.profile(known.reader, row, fetched)
            mask = known.mask(of_row(work, row))
            told.append((_hit(key, each, profile, mask.readable), (each.score, each.row, each.number)))
    records = {rows[number]["id"]: of_row(work, rows[number]) for _, (_, _, number) in told}
    hits, warned = _standing(work, [hit for hit, _ in told])
    work.record("screening:hits:read", tuple(records), screening=str(identifier), hits=len(told),
                **known.told(list(records.values())), **({"warned": warned} if warned else {}))  # fmt: skip
    return HitPage(hits, tuple(place for _, place in told), len(page) > limit)


def _page(known: Known, identifier: UUID, limit: int, after: Place | None) -> list[Hit]:
    """Return so many hits and one more, as if those that must not be known of by now were not there."""
    work, page = known.work, list[Hit]()
    while True:
        some = hit_queries.hits(work.connection, identifier, work.now.date(), limit=limit + 1, after=after)
        page += [each for each, told in some if known.exists(told)]
        if len(page) > limit or len(some) <= limit:
            return page[: limit + 1]
        last, _ = some[-1]
        after = (last.score, last.row, last.number)


def _standing(work: Work, hits: Iterable[ScreeningHitView]) -> tuple[tuple[ScreeningHitView, ...], list[str]]:
    """Return hits without the warnings of certificates that have ended since, and the certificates that are shown."""
    found = tuple(hits)
    named = {each.warning.certificate for each in found if each.warning}
    standing = certificates.still_standing(work.connection, named, work.now.date())
    shown = tuple(
        each if each.warning is None or each.warning.certificate in standing else replace(each, warning=None)
        for each in found
    )
    return shown, sorted(standing)


def _hit(
    key: DataKey, hit: Hit, profile: profile_views.ProfileView, readable: frozenset[FieldClass]
) -> ScreeningHitView:
    opened = views.opened(key.open(hit.content, **SEALED))
    if (opened.row, opened.number) != (hit.row, hit.number):
        raise Tampered("a hit stands in the place of another")
    score = hit.score / 10_000
    reasons = views.reasons(score, hit.band, opened.reasons, readable)
    return ScreeningHitView(
        hit.row, opened.reference, score, hit.band, hit.has_discriminator, reasons, profile, opened.warning
    )


@operation(Action.PROFILE_SCREEN)
def read_problems(work: Work, identifier: UUID) -> tuple[ProblemView, ...]:
    """Return the rows that could not be read; the first thousand. Raises NotFound."""
    work.require(Action.PROFILE_SCREEN)
    _visible(work, identifier)
    work.record("screening:problems:read", screening=str(identifier))
    return tuple(
        ProblemView(row, each.field, each.code, each.rule, each.remedy)
        for row, each in hit_queries.problems(work.connection, identifier)
    )


def public(identifier: UUID) -> str:
    """Return what the world calls a screening."""
    return public_id("screening", identifier)


def purge(connection: Connection, now: datetime) -> None:
    """Forget what is not kept any longer: old hits, lists that never came, hits on who has left the register."""
    failed = queries.purge(connection, now - limits.KEPT, now)
    queries.purge_departed(connection)
    notices.keep(connection, now, [progress.news(each) for each in failed])
