"""All that one run looks at, grouped as the rules need it. Pure.

seen = Seen(accesses, subjects, facts, first_new=4711)
seen.by_officer[officer]            their accesses, oldest first
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self, TypeVar
from uuid import UUID

from registry.misuse.access import Access, Subject
from registry.misuse.facts import Facts

K = TypeVar("K", bound=Hashable)
NOBODY = Subject()


@dataclass(frozen=True)
class Seen:
    """Accesses in the order of the log, and what is known of whom they were about."""

    accesses: Sequence[Access]
    subjects: Mapping[UUID, Subject]
    facts: Facts
    first_new: int = 0
    """The first entry that no run has looked at."""
    decoys: frozenset[UUID] = frozenset()
    root: bytes = b""
    """Of the signed tree that holds all of them: nobody knew it when they asked."""

    def without(self, explained: frozenset[int]) -> Self:
        """Return the same without the accesses that something explains."""
        return replace(self, accesses=[each for each in self.accesses if each.index not in explained])

    @cached_property
    def of_persons(self) -> list[Access]:
        """Accesses of officers that were about persons of the register."""
        return [each for each in self.accesses if each.is_of_persons and each.officer is not None]

    @cached_property
    def by_officer(self) -> dict[UUID, list[Access]]:
        """Those of each officer."""
        return grouped((each.officer, each) for each in self.of_persons if each.officer is not None)

    @cached_property
    def by_subject(self) -> dict[UUID, list[Access]]:
        """Those about each person."""
        return grouped((subject, each) for each in self.of_persons for subject in each.subjects)

    @cached_property
    def shared(self) -> frozenset[int]:
        """Entries about persons whom somebody else, to whom that case is assigned, looked at in the same case.

        So an access is explained by the group that works on something, where the record of who belongs to it lacks
        somebody (Fabbri and LeFevre, Explanation-based auditing, PVLDB 5, 2011).
        """
        whose: dict[tuple[str, str, UUID], set[UUID | None]] = defaultdict(set)
        for each in self.of_persons:
            if each.subjects and self.facts.is_assigned(each):
                for subject in each.subjects:
                    whose[each.agency, each.case, subject].add(each.officer)
        return frozenset(
            each.index for each in self.of_persons
            if each.subjects and all(
                whose.get((each.agency, each.case, subject), set()) - {each.officer} for subject in each.subjects
            )
        )  # fmt: skip

    def subject(self, profile: UUID) -> Subject:
        """Return what is known of a person."""
        return self.subjects.get(profile, NOBODY)

    def is_new(self, accesses: Iterable[Access]) -> bool:
        """Say whether one of these is new."""
        return any(each.index >= self.first_new for each in accesses)


def grouped(pairs: Iterable[tuple[K, Access]]) -> dict[K, list[Access]]:
    """Return accesses by their keys, in their order."""
    found: dict[K, list[Access]] = defaultdict(list)
    for key, each in pairs:
        found[key].append(each)
    return dict(found)


def by(accesses: Iterable[Access], key: Callable[[Access], K]) -> dict[K, list[Access]]:
    """Return accesses by what they have in common."""
    return grouped((key(each), each) for each in accesses)


def day(access: Access) -> str:
    """Return the day of an access."""
    return access.at.date().isoformat()


def month(access: Access) -> str:
    """Return the month of an access."""
    return access.at.strftime("%Y-%m")


def windows(accesses: Sequence[Access], span: timedelta) -> Iterator[Sequence[Access]]:
    """Yield, for each access, those of the span that ends with it, oldest first. ``accesses`` are in order of time."""
    first = 0
    for last, each in enumerate(accesses):
        while accesses[first].at <= each.at - span:
            first += 1
        yield accesses[first : last + 1]


def occasions(accesses: Sequence[Access], apart: timedelta) -> list[Access]:
    """Return the first access of each occasion: a search and the record opened from it are one."""
    found: list[Access] = []
    before: datetime | None = None
    for each in accesses:
        if before is None or each.at - before > apart:
            found.append(each)
        before = each.at
    return found


def indexes(accesses: Iterable[Access]) -> tuple[int, ...]:
    """Return the places of accesses in the log."""
    return tuple(each.index for each in accesses)


def persons(accesses: Iterable[Access]) -> set[UUID]:
    """Return the different persons that accesses were about."""
    return {subject for each in accesses for subject in each.subjects}
