"""Use cases that make the reasons of a search again, from what the log kept of it and the versions of that moment.

    explain_own(work, request_id)      for the officer who asked: reasons masked by what they may read today
    explain_entry(work, index)         for an auditor: whether the reasons are the same; never a person's record,
                                       nor whose it is: they have given no reason to know (docs/auditing.md)

Each hit is scored anew: the question from the entry, the profile's version as it was, the rarity of names and the size
of the register as they were, the table of weights of that version. Then the digest that was kept says whether these
are the same reasons.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from registry.audit import erasing, erasures, sealed
from registry.core.errors import NotFound
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Action, FieldClass
from registry.matching import explain, record as match_record, score as scoring, tables
from registry.matching.types import Match
from registry.profiles import disclosed, finding, queries as profile_queries
from registry.profiles.disclosed import Known
from registry.profiles.indexing import indexed
from registry.search import queries, replay, views
from registry.search.views import ReasonView
from registry.work import Work, operation

EVENT = "profile:searched"


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """A hit of the past, made again."""

    profile_id: str
    """For an auditor ``~1``, ``~2``: the hit's place in the answer."""
    version: int
    score_then: float
    score: float | None
    """None where the version is erased: nothing can be made again of it."""
    band: str | None
    same: bool
    """Whether score and reasons are those of the answer."""
    differs: tuple[str, ...]
    """What is not: ``score``, ``reasons``, or ``record`` where it is erased."""
    reasons: tuple[ReasonView, ...]
    withheld: int
    """Reasons that the reader may not read."""


@dataclass(frozen=True, slots=True)
class ExplainedSearch:
    """A search of the past."""

    matcher: str
    register_size: int | None
    """None where nobody was found."""
    hits: tuple[ExplainedHit, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The searches of one entry."""

    entry: int
    at: datetime
    same: bool
    """Whether all that could be made again is as it was answered."""
    searches: tuple[ExplainedSearch, ...]


@operation(Action.PROFILE_SEARCH)
def explain_own(work: Work, request_id: str, *, language: str = explain.FALLBACK) -> Explanation:
    """Make the reasons of an own search again. Profiles that the officer may not know of any more are left out.

    Raises NotFound, Conflict (NOT_REPRODUCIBLE, MATCHER_UNKNOWN).
    """
    officer = work.require(Action.PROFILE_SEARCH)
    row = queries.own_entry(work.connection, officer.id, request_id)

    def visible(profiles: list[UUID]) -> dict[UUID, frozenset[FieldClass]]:
        known = Known(work)
        facts = {
            profile: disclosed.of_row(work, each)
            for profile, each in profile_queries.by_ids(work.connection, profiles, ()).items()
        }
        return {
            profile: known.mask(each).readable
            for profile, each in facts.items() if known.exists(each) and known.is_told(each)
        }  # fmt: skip

    return _explained(work, row, visible, lambda profile, _place: public_id("profile", profile), language)


@operation(Action.LOG_READ)
def explain_entry(work: Work, index: int, *, language: str = explain.FALLBACK) -> Explanation:
    """Make the reasons of an entry's searches again, and say whether they are the same.

    Raises NotFound, Conflict (NOT_REPRODUCIBLE, MATCHER_UNKNOWN).
    """
    work.require(Action.LOG_READ)
    row = queries.entry(work.connection, index)
    erasures.check_there(work.connection, index, row)
    return _explained(work, row, _nothing_read, lambda _profile, place: f"~{place}", language)


Named = Callable[[UUID, int], str]
"""How a reader is told a hit, by its profile or by its place."""
Readable = Mapping[UUID, frozenset[FieldClass]]
"""Profiles that a reader may know of, and what of each they may read."""


def _nothing_read(profiles: list[UUID]) -> Readable:
    """Let an auditor know of all: which they were stands in the entry, and nothing of them is read."""
    return dict.fromkeys(profiles, frozenset[FieldClass]())


def _explained(
    work: Work, row: Any, visible_of: Callable[[list[UUID]], Readable], named: Named, language: str
) -> Explanation:  # fmt: skip
    """Make again what one entry says; ``visible_of`` chooses the profiles that this reader may know of."""
    if row is not None:
        erasing.check(row, "records", "details")
    events = [each for each in row["body"]["events"] if each["name"] == EVENT] if row is not None else []
    if not events:
        raise NotFound("No such search.", field="entry")
    listed = [UUID(each) for event in events for each in event["records"]]
    visible: Readable = visible_of(listed) if listed else {}
    searches = tuple(
        _search(work, [UUID(each) for each in event["records"]], event["details"], visible, named, language)
        for event in events
    )
    same = all(hit.same for search in searches for hit in search.hits)
    shown = tuple(dict.fromkeys(profile for profile in listed if profile in visible))
    work.record("search:explained", shown, entry=row["index"], same=same)
    return Explanation(row["index"], row["at"], same, searches)


def _search(
    work: Work, profiles: list[UUID], details: Mapping[str, Any], visible: Readable, named: Named, language: str
) -> ExplainedSearch:
    if not profiles:
        return ExplainedSearch(details["matcher"], None, ())
    if "reasons" not in details:
        raise replay.not_reproducible("it is older than what is kept for that")
    remade = Remade(work, details)
    names = [named(profile, place) for place, profile in enumerate(profiles, 1)]
    kept = zip(profiles, names, details["versions"], details["scores"], details["reasons"], strict=True)
    seen = [each for each in kept if each[0] in visible]
    chosen = [(profile, version) for profile, _, version, _, _ in seen]
    versions = profile_queries.at_versions(work.connection, work.sealer, chosen) if chosen else {}
    hits = tuple(
        remade.hit(name, version, score, digest, versions.get((profile, version)), visible[profile], language)
        for profile, name, version, score, digest in seen
    )
    return ExplainedSearch(details["matcher"], details["size"], hits)


class Remade:
    """A question of the past, ready to be compared as it was then."""

    def __init__(self, work: Work, details: Mapping[str, Any]) -> None:
        self._work = work
        self._table = tables.load(details["matcher"])
        criteria = sealed.opened(details, work.sealer)["criteria"]
        self.question = finding.prepared(work, replay.question(criteria).identity())
        self._rarity = replay.rarity(self.question, details["rarity"], details["form"])
        self._size = details["size"]

    def matched(self, found: Any) -> Match:  # Any: a version, as a proposal
        """Compare the question with one version. Raises Conflict (NOT_REPRODUCIBLE)."""
        work = self._work
        record = match_record.read(indexed(found.record, work.edition, work.sealer.blind).record)
        try:
            return scoring.score(self.question, record, self._rarity, self._size, self._table)
        except KeyError:
            raise replay.not_reproducible("its table does not know what is compared by now") from None

    def hit(
        self, named: str, version: int, score_then: float, digest: str, found: Any, readable: frozenset[FieldClass],
        language: str,
    ) -> ExplainedHit:  # fmt: skip
        """Compare the question with one version, and what comes out with what was answered."""
        if found is None:
            return ExplainedHit(named, version, score_then, None, None, same=False, differs=("record",), reasons=(),
                                withheld=0)  # fmt: skip
        match = self.matched(found)
        again = {"score": match.score == score_then, "reasons": replay.digest(match, self._work.sealer.blind) == digest}
        reasons = views.reasons(match, readable, language)
        return ExplainedHit(
            named, version, score_then, match.score, str(match.band), all(again.values()),
            tuple(name for name, is_same in again.items() if not is_same), reasons, len(match.reasons) - len(reasons),
        )  # fmt: skip
