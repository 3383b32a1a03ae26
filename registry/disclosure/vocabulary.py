"""The closed lists that rules are written in. Each value has its sentence."""

from enum import IntEnum, StrEnum


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
    SUBJECT_REQUEST = "subject_request"
    """A person asked what is held of them, or that it be corrected."""
    OVERSIGHT = "oversight"
    """The use of the register is examined."""
    ADMINISTRATION = "administration"
    """Agencies, officers, clients, keys and agreements are let in, changed and shut out."""


class Role(StrEnum):
    """What an officer is appointed to do. An officer may hold several."""

    INVESTIGATOR = "investigator"
    """Searches and reads in a case."""
    REGISTRAR = "registrar"
    """Proposes and vets records."""
    SUPERVISOR = "supervisor"
    """Vets records and answers for the office's use of the register."""
    DESK_OFFICER = "desk_officer"
    """Answers the people whose data are held."""
    AUDITOR = "auditor"
    """Reads the log, never a person's record."""
    PARTNER_OFFICER = "partner_officer"
    """Asks from abroad, under an agreement."""
    ADMINISTRATOR = "administrator"
    """Lets agencies, officers, clients, keys and agreements in, and shuts them out; never a person's record."""


class Use(StrEnum):
    """What may be done with a field. Each discloses: a search by a hidden phone tells whose it is."""

    READ = "read"
    """It stands in an answer."""
    MATCH = "match"
    """Persons are searched for by it."""
    SORT = "sort"
    """Answers are ordered by it."""
    COUNT = "count"
    """It is counted."""
    EXPORT = "export"
    """It leaves in a file."""


class Tier(IntEnum):
    """How much an agreement with a partner opens; a higher one holds the lower ones."""

    NONE = 0
    """No agreement in force."""
    HIT = 1
    """Whether somebody is known, and nothing of the record."""
    STANDARD = 2
    """Who it is."""
    FULL = 3
    """What the investigation of a crime needs."""


class Attribution(IntEnum):
    """How surely it is known who asks; a higher level holds the lower ones."""

    AGENCY = 0
    """A client of an agency, and no officer."""
    STATED = 1
    """The client states an officer who is enrolled here."""
    GRANTED = 2
    """The officer's authority has signed for them, or they have signed in themselves."""
    SIGNED = 3
    """The same, and the request itself is signed (RFC 9421)."""


class Action(StrEnum):
    """What can be asked of the register. Every use case requires exactly one."""

    PROFILE_SEARCH = "profile:search"
    """Search the register by what is known of a person."""
    PROFILE_READ = "profile:read"
    """Open a person's profile."""
    PROFILE_SCREEN = "profile:screen"
    """Check a list of people, passengers or staff, against the register."""
    PROFILE_CHANGE_PROPOSE = "profile:change:propose"
    """Propose a new profile or a change of one."""
    PROFILE_CHANGE_READ = "profile:change:read"
    """Read proposals that wait for a decision."""
    PROFILE_CHANGE_DECIDE = "profile:change:decide"
    """Decide on what another officer proposed."""
    PROFILE_LIFE_DECIDE = "profile:life:decide"
    """Decide on release, withholding, sealing, removal and restoring."""
    PROFILE_PAIR_DECIDE = "profile:pair:decide"
    """Say whether two profiles are one person."""
    DUTY_READ = "duty:read"
    """Read what is overdue: verifications, reviews, recalls."""
    ALERT_READ = "alert:read"
    """Read who has met a record of the own agency that they must not know of."""
    REGISTER_EXPORT = "register:export"
    """Export the records that the own agency owns."""
    DESK_ANSWER = "desk:answer"
    """Take in and answer what data subjects ask."""
    CERTIFICATE_READ = "certificate:read"
    """Ask whether a certificate that somebody shows stands."""
    CERTIFICATE_PROPOSE = "certificate:propose"
    """Propose a certificate for somebody who is mistaken for a person on the register."""
    CERTIFICATE_DECIDE = "certificate:decide"
    """Issue or reject a certificate that another officer proposed."""
    CERTIFICATE_KEEP = "certificate:keep"
    """List, print and revoke certificates."""
    DOCUMENT_PROPOSE = "document:propose"
    """Propose what a machine client of the own agency may ask, and take it back."""
    DOCUMENT_DECIDE = "document:decide"
    """Approve or reject a document that another chain of command proposed."""
    DOCUMENT_READ = "document:read"
    """Read what machine clients may ask."""
    ENROLMENT_PROPOSE = "enrolment:propose"
    """Propose who may ask: an agency, an officer, a client, a key, an agreement, the opening of what is closed."""
    ENROLMENT_DECIDE = "enrolment:decide"
    """Approve or reject what another chain of command proposed."""
    ENROLMENT_READ = "enrolment:read"
    """Read who may ask, and what is proposed."""
    ACCESS_CLOSE = "access:close"
    """Shut out an agency, a client, an officer, an agreement or a field class. One person is enough."""
    DECOY_PROPOSE = "decoy:propose"
    """Propose, list and end profiles that stand for nobody."""
    DECOY_DECIDE = "decoy:decide"
    """Approve or reject a decoy that another chain of command proposed."""
    ALARM_READ = "alarm:read"
    """Read what alarms were raised, and by whose questions."""
    POLICY_READ = "policy:read"
    """Read the rules by which fields are released or withheld."""
    LOG_READ = "log:read"
    """Read the log of who asked what."""
    REASON_STATE = "reason:state"
    """Say afterwards why one has asked, where that was drawn."""
    FINDING_READ = "finding:read"
    """Read what the rules of misuse have found."""
    FINDING_JUDGE = "finding:judge"
    """Take a finding on, assess it, close what another has assessed."""
    MISUSE_RUN = "misuse:run"
    """Let the rules of misuse look at what is new."""
    MISUSE_FACTS = "misuse:facts"
    """Bring what other systems know of the own agency's officers: cases, shifts, who has left."""
    LOG_SEE = "log:see"
    """Make again what an officer was shown."""
    LOG_EXPORT = "log:export"
    """Take entries of the log out of the register, and let another auditor's large export go."""


class FieldClass(StrEnum):
    """Fields of a person that are released or withheld together."""

    IDENTITY = "identity"
    """Legal and previous names, sex, birth, nationalities."""
    ALIASES = "aliases"
    """Aliases and nicknames."""
    IDENTIFIERS = "identifiers"
    """Numbers of documents."""
    CONTACT = "contact"
    """Phones, e-mail addresses, county."""
    ONLINE = "online"
    """Handles on platforms."""
    WHEREABOUTS = "whereabouts"
    """Places, vehicles, professional licences."""
    TRAVEL = "travel"
    """Journeys, both directions."""
    PHYSICAL = "physical"
    """Description, marks, photographs."""
    BIOMETRIC = "biometric"
    """References to biometric data kept elsewhere."""
    CONVICTIONS = "convictions"
    """Convictions with court and sentence."""
    SUPERVISION = "supervision"
    """Orders, restrictions, warrants, custody."""
    RISK = "risk"
    """Assessments of risk, modus operandi."""
    NOTES = "notes"
    """Free notes."""
    STANDING = "standing"
    """Category, class, freshness, review, expiry, handling: what every answer carries."""
    PROVENANCE = "provenance"
    """Record owner, legal basis, sources, versions and who decided them."""
