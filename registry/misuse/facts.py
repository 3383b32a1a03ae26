"""What is known from outside of the register: who works on which case, when, and who is close to whom. Pure.

    facts = Facts([Fact(kind=Kind.CASE, agency="ke-dci", officer=…, case="CR 12/2026", since=…), …])
    facts.explains(access, {Kind.CASE})        the officer is assigned to the case that they named

An explanation is what other systems know already: most accesses that look odd have one (Fabbri and LeFevre,
Explanation-Based Auditing, VLDB 2011). A rule that rests on facts says nothing of an agency that gave none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from registry.misuse.access import Access


class Kind(StrEnum):
    """What a fact says."""

    CASE = "case"
    """A case there is, and an officer who is assigned to it; ``until`` is when it was closed."""
    DISPATCH = "dispatch"
    """An officer was sent to an incident: about a person, or under a case reference."""
    COURT = "court"
    """A person or a case stands on a court's list."""
    SHIFT = "shift"
    """An officer is on duty."""
    LEFT = "left"
    """An officer's service has ended: from ``since`` on."""
    DISTRICT = "district"
    """The area in which an officer works, by the edition's counties."""
    SELF = "self"
    """Who an officer is: name and day of birth, kept as blind digests."""
    HOUSEHOLD = "household"
    """Somebody who lives with an officer, kept likewise."""
    NEXUS = "nexus"
    """A person has to do with another country."""
    NEWS = "news"
    """A person was in the news."""


CLOSE = frozenset({Kind.SELF, Kind.HOUSEHOLD})
"""Facts that name somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that somebody else's system knows."""

    kind: Kind
    agency: str
    since: datetime
    until: datetime | None = None
    officer: UUID | None = None
    case: str = ""
    profile: UUID | None = None
    area: str = ""
    country: str = ""
    words: frozenset[str] = frozenset()
    """Digests of a name's words."""
    surnames: frozenset[str] = frozenset()
    birth: str = ""
    by: UUID | None = None
    """Who brought it."""

    def holds(self, at: datetime) -> bool:
        """Say whether it is so at a moment."""
        return self.since <= at and (self.until is None or at < self.until)

    def speaks_of(self, access: Access) -> bool:
        """Say whether it may explain an access: one of its own agency, and never of whoever brought it."""
        is_own = self.by is not None and self.by == access.officer
        return self.holds(access.at) and self.agency == access.agency and not is_own


class Facts:
    """Everything known, by what it is asked for."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._by: dict[tuple[Kind, object], list[Fact]] = defaultdict(list)
        self._told: set[tuple[Kind, str]] = set()
        for each in facts:
            self._told.add((each.kind, each.agency))
            for key in (each.officer, (each.agency, each.case), each.profile):
                if key is not None and key != (each.agency, ""):
                    self._by[each.kind, key].append(each)

    def tells(self, kind: Kind, agency: str) -> bool:
        """Say whether an agency has given such facts at all."""
        return (kind, agency) in self._told

    @property
    def kinds(self) -> frozenset[Kind]:
        """Which kinds anybody has given."""
        return frozenset(kind for kind, _ in self._told)

    def of(self, kind: Kind, key: object) -> list[Fact]:
        """Return the facts about an officer, about a person, or about a case (agency and reference)."""
        return self._by.get((kind, key), [])

    def is_assigned(self, access: Access) -> bool:
        """Say whether whoever asked is assigned to the case that they named, and it is open."""
        return bool(access.case) and any(
            each.officer == access.officer and each.speaks_of(access)
            and (each.profile is None or each.profile in access.subjects)
            for each in self.of(Kind.CASE, (access.agency, access.case))
        )  # fmt: skip

    def _is_sent(self, access: Access) -> bool:
        return any(
            each.speaks_of(access)
            and (each.profile in access.subjects or (bool(each.case) and each.case == access.case))
            for each in self.of(Kind.DISPATCH, access.officer)
        )

    def _is_heard(self, access: Access) -> bool:
        keys: list[object] = [*access.subjects, (access.agency, access.case)]
        return any(each.speaks_of(access) for key in keys for each in self.of(Kind.COURT, key))

    def explains(self, access: Access, kinds: Collection[Kind]) -> bool:
        """Say whether a fact of one of these kinds explains an access."""
        return any(
            (kind is Kind.CASE and self.is_assigned(access)) or (kind is Kind.DISPATCH and self._is_sent(access))
            or (kind is Kind.COURT and self._is_heard(access))
            for kind in kinds
        )  # fmt: skip
