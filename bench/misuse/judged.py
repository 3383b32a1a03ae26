"""Findings beside what was planted: who was found, by which rule, and how many findings were right.

An *incident* is one officer's misuse of one kind. It is found when a finding about that officer names one of its
entries. A finding is right when it names an entry that is misuse of any kind. The sample is left out: it finds by
chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from registry.misuse.finding import SAMPLE
from registry.misuse.seen import Seen
from registry.misuse.weighing import Scored

Incident = tuple[UUID | None, str]
Labels = Mapping[int, set[str]]
Planted = Mapping[Incident, set[int]]


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many."""

    found: int = 0
    of: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Add counts."""
        return Tally(self.found + other.found, self.of + other.of)

    @property
    def text(self) -> str:
        """Return the share and the counts; a share of nothing is no share."""
        return f"{self.found / self.of:5.2f} ({self.found}/{self.of})" if self.of else "    - (0/0)"


def incidents(seen: Seen, labels: Labels) -> dict[Incident, set[int]]:
    """Return what was planted: the entries of each incident."""
    whose = {each.index: each.officer for each in seen.accesses}
    found: dict[Incident, set[int]] = defaultdict(set)
    for index, kinds in labels.items():
        for kind in kinds:
            found[whose[index], kind].add(index)
    return dict(found)


def counted(findings: Iterable[Scored]) -> list[Scored]:
    """Return the findings that count."""
    return [each for each in findings if each.hit.rule != SAMPLE]


def recall(planted: Planted, findings: Sequence[Scored], kind: str | None = None) -> Tally:
    """Return how many incidents, of one kind or of all, were found."""
    entries: dict[UUID | None, set[int]] = defaultdict(set)
    for each in findings:
        entries[each.hit.officer].update(each.hit.entries)
    asked = {incident: places for incident, places in planted.items() if kind in (None, incident[1])}
    return Tally(sum(not entries[officer].isdisjoint(places) for (officer, _), places in asked.items()), len(asked))


def precision(labels: Labels, findings: Sequence[Scored], rule: str | None = None) -> Tally:
    """Return how many findings, of one rule or of all, were right."""
    asked = [each for each in findings if rule in (None, each.hit.rule)]
    return Tally(sum(any(index in labels for index in each.hit.entries) for each in asked), len(asked))
