"""The closed lists that rules are written in. Each value has its sentence."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody asks. One token, one purpose, one case."""

    CRIMINAL_INVESTIGATION = "criminal_investigation"
    """A named case is being investigated."""
    MISSING_CHILD = "missing_child"
    """A child is missing or in immediate danger."""
    OFFENDER_SUPERVISION = "offender_supervision"
    """A registered person is supervised under a court's order."""
    REGISTER_MAINTENANCE = "register_maintenance"
    """Records are entered, checked and corrected."""
    OVERSIGHT = "oversight"
    """The use of the register is examined."""


class Role(StrEnum):
    """What an officer is appointed to do. An officer may hold several."""

    INVESTIGATOR = "investigator"
    """Searches and reads in a case."""
    REGISTRAR = "registrar"
    """Proposes and vets records."""
    SUPERVISOR = "supervisor"
    """Vets records and answers for the office's use of the register."""
    AUDITOR = "auditor"
    """Reads the log, never a person's record."""


class Action(StrEnum):
    """What can be asked of the register. Every use case requires exactly one."""

    PROFILE_SEARCH = "profile:search"
    """Search the register by what is known of a person."""
    PROFILE_READ = "profile:read"
    """Open a person's profile."""
    PROFILE_CHANGE_PROPOSE = "profile:change:propose"
    """Propose a new profile or a change of one."""
    PROFILE_CHANGE_READ = "profile:change:read"
    """Read proposals that wait for a decision."""
    PROFILE_CHANGE_DECIDE = "profile:change:decide"
    """Approve or reject what another officer proposed."""
    LOG_READ = "log:read"
    """Read the log of who asked what."""


class FieldClass(StrEnum):
    """Fields of a person that are released or withheld together."""

    IDENTITY = "identity"
    """Legal and previous names, sex, birth date, nationalities."""
    ALIASES = "aliases"
    """Aliases and nicknames."""
    IDENTIFIERS = "identifiers"
    """Numbers of documents."""
    CONTACT = "contact"
    """Phones, e-mail addresses, county."""
    ONLINE = "online"
    """Handles on platforms."""
    CONVICTIONS = "convictions"
    """Convictions with court and sentence."""
    PROVENANCE = "provenance"
    """Record owner, legal basis, versions and who decided them."""
