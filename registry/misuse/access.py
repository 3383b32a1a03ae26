"""What the rules look at: accesses, the persons they were about, and hits. Pure values.

    Access(index=4711, at=…, officer=…, case="CR 12/2026", subjects=(juma,), …)      one entry of the log
    Hit("repeat", …, entries=(4711, 4790, 4802), strength=0.4, numbers={"times": 3})

Nothing here is written down but hits, and they name no person of the register.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One entry of the log as the rules see it."""

    index: int
    at: datetime
    officer: UUID | None = None
    agency: str = ""
    unit: str = ""
    """The officer's chain of command: whoever shares it is their unit."""
    role: str = ""
    purpose: str = ""
    case: str = ""
    outcome: str = "allowed"
    attribution: int = 0
    source: str = ""
    country: str = ""
    """The agency's, where that is another country than the register's; else empty."""
    is_of_persons: bool = False
    """Whether it asked about persons of the register."""
    subjects: tuple[UUID, ...] = ()
    """Whom it was about: who was opened, and the first of those that a search found."""
    shown: tuple[UUID, ...] = ()
    """Everybody in the answer, or in what was asked for."""
    sought: frozenset[str] = frozenset()
    """Digests of the words of names that were searched for (registry/audit/sought.py)."""
    questions: frozenset[str] = frozenset()
    """Digests of the whole questions."""
    refused: frozenset[str] = frozenset()
    """Records that were kept from whoever asked."""
    reads_officers: frozenset[UUID] = frozenset()
    """Officers whose entries an auditor read."""
    reads_by: str = ""
    """By which members an auditor filtered the log; empty for what is no reading of it."""
    reason: str | None = None
    """What an officer stated when they were asked for their reason."""
    is_break_glass: bool = False
    """Whether it was opened by urgency: purpose ``missing_child`` opens at once, and is looked at afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person of the register as far as the rules compare them; names as blind digests only."""

    sex: str = ""
    born: int | None = None
    """Year of birth."""
    area: str = ""
    birth: str = ""
    """Digest of the day of birth."""
    names: tuple[frozenset[str], ...] = ()
    """Digests of the words of each name."""
    surnames: frozenset[str] = frozenset()
    """Digests of the family names."""
    is_hidden: bool = False
    """Whether others than its owner must not know of the record, or it is sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that was met, by whom, and which entries say so."""

    rule: str
    about: tuple[object, ...]
    """What makes it this hit and no other; two runs that see the same say the same."""
    officer: UUID | None
    agency: str
    unit: str
    entries: tuple[int, ...]
    strength: float
    """How plainly, 0 to 1."""
    numbers: Mapping[str, int | str] = field(default_factory=dict)
    """What was counted, for whoever judges; nothing of a person."""

    @property
    def key(self) -> str:
        """The digest by which a finding is made once."""
        return sha256("\n".join((self.rule, *map(str, self.about))).encode()).hexdigest()


def hit(rule: str, by: Access, *about: object, entries: tuple[int, ...], strength: float, **numbers: int | str) -> Hit:
    """Return a hit of whoever made an access."""
    return Hit(
        rule=rule, about=about, officer=by.officer, agency=by.agency, unit=by.unit, entries=tuple(sorted(set(entries))),
        strength=min(1.0, max(0.0, strength)), numbers=numbers,
    )  # fmt: skip
