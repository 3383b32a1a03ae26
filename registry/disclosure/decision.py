"""What a decision of disclosure says: what is open for which use, what is withheld and why, and what goes with it.

    decision.may(Use.READ)        frozenset({FieldClass.IDENTITY, …})
    decision.withheld[0]          Withheld(FieldClass.NOTES, Reason.ROLE, "default", Remedy(RemedyKind.NONE))
    decision.obligations          what the receiver has to keep to

Pure values. How a decision is come to stands in policy.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.disclosure.vocabulary import FieldClass, Use

DEFAULT = "default"
"""Names the last line of the semantics, where no rule has spoken: what nobody permits is denied."""
KILL_SWITCH = "closed"
"""Names the kill switch as that which withholds."""


class Reason(StrEnum):
    """Why a field class is withheld."""

    ROLE = "ROLE"
    """No rule opens it to such officers."""
    PURPOSE = "PURPOSE"
    """Not for this purpose."""
    AGREEMENT = "AGREEMENT"
    """The agreement does not reach so far."""
    ATTRIBUTION = "ATTRIBUTION"
    """It is not known surely enough who asks."""
    STATUS = "STATUS"
    """Not while the record stands as it does, or in its category."""
    HANDLING = "HANDLING"
    """The record's handling does not let it go there."""
    CLEARANCE = "CLEARANCE"
    """The officer is not cleared for it."""
    CLOSED = "CLOSED"
    """The field class is shut for everybody."""
    STEP_UP = "STEP_UP"
    """The officer has to prove anew who they are."""


class RemedyKind(StrEnum):
    """What the one who asks can do about it."""

    STEP_UP = "STEP_UP"
    """Prove anew who you are, then ask again."""
    REQUEST_OWNER = "REQUEST_OWNER"
    """Ask the agency that keeps the record."""
    OFFICER_GRANT = "OFFICER_GRANT"
    """Come with a grant that your authority has signed for the officer."""
    NONE = "NONE"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What can be done, and with whom."""

    kind: RemedyKind
    contact: str | None = None
    """The agency to be asked."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field class that may not be read, and why."""

    field_class: FieldClass
    reason: Reason
    rule_id: str
    """The rule that forbids it; ``default`` where none permits it, ``closed`` where the kill switch does."""
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Obligation:
    """What goes with a release: kept by the receiver, or done by the register."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What one who asks so may do with a record of this kind."""

    policy: str
    """Version of the policy it was made by."""
    rules: tuple[str, ...]
    """Ids of the rules that decided, in the order of the policy."""
    opened: tuple[frozenset[FieldClass], ...]
    """For each use, in their order."""
    withheld: tuple[Withheld, ...]
    """Field classes that may not be read."""
    obligations: tuple[Obligation, ...]
    """What the receiver has to keep to."""
    duties: tuple[str, ...]
    """What the register itself has to do: ``alert_owner``, ``notify_owner``."""
    silent: bool
    """Whether the answer must be as if there were no such record."""

    def may(self, use: Use) -> frozenset[FieldClass]:
        """Return the field classes that are open for this use."""
        return self.opened[_PLACE[use]]

    @property
    def is_open(self) -> bool:
        """Whether anything may be read or searched by."""
        return bool(self.may(Use.READ) or self.may(Use.MATCH))


REASONS: Mapping[Reason, str] = {
    Reason.ROLE: "No rule opens it to such officers.",
    Reason.PURPOSE: "Not for this purpose.",
    Reason.AGREEMENT: "The agreement does not reach so far.",
    Reason.ATTRIBUTION: "It is not known surely enough who asks.",
    Reason.STATUS: "Not while the record stands as it does, or in its category.",
    Reason.HANDLING: "The record's handling does not let it go there.",
    Reason.CLEARANCE: "The officer is not cleared for it.",
    Reason.CLOSED: "The field class is shut for everybody.",
    Reason.STEP_UP: "The officer has to prove anew who they are.",
}
"""What each reason says to people."""
REMEDIES: Mapping[RemedyKind, str] = {
    RemedyKind.STEP_UP: "Prove anew who you are, then ask again.",
    RemedyKind.REQUEST_OWNER: "Ask the agency that keeps the record.",
    RemedyKind.OFFICER_GRANT: "Come with a grant that your authority has signed for the officer.",
    RemedyKind.NONE: "Nothing can be done.",
}
"""What each remedy says to people."""
_PLACE = {use: place for place, use in enumerate(Use)}
NOTHING = Decision("", (), tuple(frozenset[FieldClass]() for _ in Use), (), (), (), silent=True)
"""What is decided for whoever names no officer or no purpose: nothing is open, and nothing is known of."""
