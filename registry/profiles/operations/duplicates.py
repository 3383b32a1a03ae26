"""Duplicates: whether somebody is in the register already, side by side, and decided once.

A new record is search-first: whoever proposes one has looked at the likeliest five and says why they are others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from registry.core.errors import InputRefused, NotFound
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Action, Use
from registry.matching import explain
from registry.matching.types import Band, Match
from registry.profiles import finding, pairs, queries, views
from registry.profiles.disclosed import Known, of_row
from registry.profiles.indexing import identity
from registry.profiles.intake import Problems
from registry.profiles.operations.reading import held
from registry.profiles.operations.text import sentence
from registry.profiles.reasons import reasons
from registry.profiles.record import Record
from registry.profiles.rows import needed
from registry.profiles.views import Mask, ProfileView
from registry.work import Work, operation

SHOWN = 5
"""Likeliest others that are shown side by side."""
MOST_DIFFERENT = 50
"""Others that one proposal accounts for."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A profile that may be the same person."""

    profile: UUID
    score: float
    band: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A likely duplicate, to be looked at side by side."""

    score: float
    band: str
    reasons: tuple[str, ...]
    profile: ProfileView


@dataclass(frozen=True, slots=True)
class Different:
    """What an officer found of a likely duplicate: somebody else, and why."""

    profile: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair of profiles as it was decided."""

    profile_id: str
    other_profile_id: str
    same: bool
    reason: str


def likely(work: Work, record: Record, *, but: Iterable[UUID] = ()) -> list[Likely]:
    """Return who the record may be, likeliest first: those of band possible or better."""
    question = finding.prepared(work, identity(record))
    if not question.keys:
        return []
    excepted, known = set(but), Known(work)
    ranking = finding.ranking(known, question, SHOWN + len(excepted), how="duplicates")
    matches = {number: match for number, match in ranking.hits if match.band in (Band.STRONG, Band.POSSIBLE)}
    rows = queries.by_number(work.connection, list(matches), ()) if matches else {}
    found = [
        Likely(rows[number]["id"], match.score, str(match.band), _reasons(match, known.mask(ranking.facts[number])))
        for number, match in matches.items()
        if number in rows and rows[number]["id"] not in excepted
    ]
    return found[:SHOWN]


def _reasons(match: Match, mask: Mask) -> tuple[str, ...]:
    return tuple(map(explain.sentence, reasons(match, mask.readable)))


def check_new(work: Work, profile: UUID, record: Record, different: Iterable[Different] = ()) -> None:
    """Refuse a new record while a likely duplicate is not accounted for; keep what is said of those that are.

    Raises Problems (DUPLICATE_POSSIBLE), one for each.
    """
    assert work.actor.officer is not None
    said = {each.profile: each.reason for each in different}
    if len(said) > MOST_DIFFERENT:
        raise InputRefused(f"names more than {MOST_DIFFERENT}.", field="differentFrom", code="LIST_MALFORMED",
                           remedy="Name those that are asked about.")  # fmt: skip
    settled = [other for other, same in pairs.decided_of(work.connection, profile).items() if not same]
    left = likely(work, record, but=(*said, *settled))
    if left:
        work.record("profile:duplicates:found", tuple(each.profile for each in left),
                    scores=[each.score for each in left])  # fmt: skip
        work.concerned.extend(each.profile for each in left)
        raise Problems([_possible(each) for each in left])
    for other, reason in said.items():
        held(work, other)
        pairs.decide(work.connection, profile, other, same=False, reason=sentence(reason, "differentFrom.reason"),
                     by=work.actor.officer.id, at=work.now)  # fmt: skip


def _possible(each: Likely) -> InputRefused:
    return InputRefused(
        f"may be the person of profile {public_id('profile', each.profile)} ({each.band}, {each.score:.2f}).",
        field="record", code="DUPLICATE_POSSIBLE",
        remedy="Open it. The same person: amend that profile. Somebody else: say why in differentFrom.",
    )  # fmt: skip


@operation(Action.PROFILE_CHANGE_READ)
def list_duplicates(work: Work, profile: UUID, wanted: Iterable[str] | None = None) -> tuple[Duplicate, ...]:
    """Return the five likeliest others of a profile that nobody has decided on yet."""
    work.require(Action.PROFILE_CHANGE_READ)
    row = held(work, profile, ("identity", "details", "sealed"))
    known = Known(work)
    settled = pairs.decided_of(work.connection, row["id"])
    is_told = known.is_told(of_row(work, row))  # or those who are alike would tell who it is
    found = likely(work, views.whole(known.reader, row), but=(row["id"], *settled)) if is_told else []
    left = {each.profile: each for each in found}
    fetched = views.groups(wanted, known.may(Use.READ))
    shown = queries.by_ids(work.connection, list(left), needed(fetched)) if left else {}
    work.record("profile:duplicates:listed", (row["id"], *left),
                **known.told([of_row(work, each) for each in (row, *(shown[other] for other in left))]))  # fmt: skip
    return tuple(
        Duplicate(each.score, each.band, each.reasons, views.profile(known.reader, shown[other], fetched))
        for other, each in left.items()
    )


@operation(Action.PROFILE_PAIR_DECIDE)
def decide_pair(work: Work, profile: UUID, other: UUID, *, same: bool, reason: str) -> PairView:
    """Keep what an officer found of a pair, so that it is not asked about again. Raises NotFound, InputRefused."""
    officer = work.require(Action.PROFILE_PAIR_DECIDE)
    line = sentence(reason)
    for each in (profile, other):
        held(work, each)
    if profile == other:
        raise NotFound("No such pair.", field="otherProfileId")
    pairs.decide(work.connection, profile, other, same=same, reason=line, by=officer.id, at=work.now)
    work.record("profile:pair:decided", (profile, other), same=same)
    return PairView(public_id("profile", profile), public_id("profile", other), same, line)
