"""What a decision of disclosure looks at: who asks under what, and what kind of record it is about. Pure values.

    access = Access(frozenset({Role.INVESTIGATOR}), Purpose.CRIMINAL_INVESTIGATION, "ke-dci", "KE")
    facts = Facts("vetted", "convicted", "ke-dci")

Both are small and equal by value, so that a decision is made once for each pair.
"""

from dataclasses import dataclass

from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, and under what."""

    roles: frozenset[Role]
    purpose: Purpose
    agency: str
    country: str
    """The agency's country, ISO 3166-1."""
    is_partner: bool = False
    """Whether that is another country than the register's."""
    tier: Tier = Tier.NONE
    """Of the partner's agreement."""
    attribution: Attribution = Attribution.STATED
    clearance: str = "restricted"
    """The officer's, by the edition's codes."""
    stepped_up: bool = False
    """Whether the officer has proved within the last minutes that it is they who sit there."""
    closed: frozenset[FieldClass] = frozenset()
    """Field classes that are shut for everybody."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is to be known of a record."""

    standing: str
    category: str
    owner: str
    """The agency that keeps it."""
    releasable_to: frozenset[str] = frozenset()
    """Countries it may go to."""
    onward: str = "H1"
    """Handling code."""
    clearance: str = "restricted"
    """Whom it may be shown to."""
