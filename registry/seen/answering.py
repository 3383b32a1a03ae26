"""The use cases of an answer, answered again from what its entry kept: nothing of the present goes into it.

    again = Again(past)
    again("registry.search.operations.search", {"work": …, "sought": …, "limit": 5})      the same SearchPage

A use case that the table does not name, or of which something is gone, is noted in ``failed`` and refused: the answer
can't come out the same then, and whoever compares it says so.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any, Final

from registry.audit.events import REFUSED
from registry.core.errors import Conflict, Forbidden, RegistryError
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Action, FieldClass, Use
from registry.matching import discriminators, explain
from registry.matching.types import Match
from registry.profiles import queries as profile_queries, views as profile_views
from registry.profiles.standing import Standing
from registry.profiles.views import ProfileView, VersionView
from registry.search import explaining, views
from registry.search.operations import SearchPage
from registry.search.views import HitView
from registry.seen.kept import Gone, Kept, Past

Given = Mapping[str, Any]
"""The arguments of a use case, by name."""


class Again:
    """Answers the use cases of one entry, in the order in which they were asked."""

    def __init__(self, past: Past) -> None:
        self.past: Final = past
        self.failed: Final[list[str]] = []
        """Codes of what could not be answered again."""
        self._next = 0

    def __call__(self, use_case: str, given: Given) -> Any:
        """Answer one use case. Raises Forbidden where it was refused, and Conflict (PART_NOT_REBUILT)."""
        try:
            name, action, answer = ANSWERS[use_case]
            event = self._event(name, f"{action.value}{REFUSED}")
            if event.name != name:
                raise Forbidden("It was refused.")
            return answer(self.past, event, given)
        except (Gone, KeyError) as problem:
            self.failed.append(problem.code if isinstance(problem, Gone) else "PART_NOT_REBUILT")
        raise Conflict("This can't be made again.", code="PART_NOT_REBUILT")

    def _event(self, *names: str) -> Kept:
        while self._next < len(self.past.events):
            event = self.past.events[self._next]
            self._next += 1
            if event.name in names:
                return event
        raise Gone("PART_NOT_REBUILT")


def viewed(
    past: Past, event: Kept, place: int, wanted: Iterable[str] | None, *, as_of: PartialDate | None = None,
    known_at: datetime | None = None, merged: bool = False,
) -> ProfileView:  # fmt: skip
    """Return a record as it was shown. Raises Gone."""
    row = past.version(event, place)
    if row["standing_now"] == Standing.REMOVED.value:
        return profile_views.tombstone(row)
    fetched = profile_views.groups(wanted, past.readable(event).may(Use.READ))
    return profile_views.profile(
        past.reader(event), row, fetched, as_of=as_of.earliest if as_of else None, known_at=known_at or past.at,
        merged_from=event.records[1] if merged else None,
    )  # fmt: skip


def _search(past: Past, event: Kept, given: Given) -> SearchPage:
    details = event.details
    if not event.records:
        return SearchPage((), (), has_next=False)
    try:
        remade = explaining.Remade(past.work, details)
        chosen = list(zip(event.records, event.versions, strict=True))
        found = profile_queries.at_versions(past.work.connection, past.work.sealer, chosen)
        if len(found) < len(set(chosen)):
            raise Gone("RECORD_ERASED")
        matched = [remade.matched(found[each]) for each in chosen]
        hits = tuple(_hit(past, event, place, remade, match, given) for place, match in enumerate(matched))
    except RegistryError as problem:
        raise Gone("SEARCH_NOT_REPRODUCIBLE") from problem
    numbers = [past.version(event, place)["number"] for place in range(len(event.records))]
    places = accumulate(numbers, lambda place, number: (*place, number), initial=given.get("after") or ())
    return SearchPage(hits, tuple(places)[1:], has_next=bool(details.get("more")))


def _hit(
    past: Past, event: Kept, place: int, remade: explaining.Remade, match: Match, given: Given
) -> HitView:  # fmt: skip
    """Return one hit. A warning is not kept in full: whose answer told one can't come out the same."""
    mask = past.reader(event).mask(event.facts[place])
    return HitView(
        views.score(match, mask.readable), str(match.band),
        views.reasons(match, mask.readable, given.get("language") or explain.FALLBACK),
        viewed(past, event, place, given.get("wanted")),
        discriminators.has_one(match), discriminators.needed(remade.question.record, match),
    )  # fmt: skip


def moments(event: Kept) -> dict[str, Any]:
    """Return on which of the two time axes a profile was opened."""
    as_of, known_at = event.details.get("asOf"), event.details.get("knownAt")
    return {"as_of": PartialDate.parse(as_of) if as_of else None,
            "known_at": datetime.fromisoformat(known_at) if known_at else None}  # fmt: skip


def _profile(past: Past, event: Kept, given: Given) -> ProfileView:
    return viewed(past, event, 0, given.get("wanted"), **moments(event), merged=len(event.records) > 1)


def _versions(past: Past, event: Kept, _given: Given) -> tuple[VersionView, ...] | None:
    """Return the decisions that stood by then; what may be read of them a use case before this one has decided."""
    shown = [each for each in past.shown if each.records[0] == event.records[0] and "version" in each.details]
    if not shown:
        raise Gone("VERSION_NOT_KEPT")
    readable = past.reader(shown[0]).mask(shown[0].facts[0]).readable
    if FieldClass.PROVENANCE not in readable:
        return None
    rows = profile_queries.versions(past.work.connection, event.records[0])
    return tuple(profile_views.version(row) for row in rows if row["version"] <= shown[0].versions[0])


ANSWERS: Mapping[str, tuple[str, Action, Callable[[Past, Kept, Given], Any]]] = {
    "registry.search.operations.search": ("profile:searched", Action.PROFILE_SEARCH, _search),
    "registry.profiles.operations.reading.read_profile": ("profile:read", Action.PROFILE_READ, _profile),
    "registry.profiles.operations.reading.read_versions": ("profile:versions:read", Action.PROFILE_READ, _versions),
}
"""The use cases that can be answered again, by name: the event that each left, its permission, and how."""
