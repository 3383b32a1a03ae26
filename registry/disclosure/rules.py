"""Who may do what, as two tables that an overseer can read: each action with its roles, and with its purposes.

Semantics: what no row permits is denied. Which fields of which records are opened then, the edition's policy decides
(policy.py).
"""

from collections.abc import Collection, Iterable

from registry.disclosure.vocabulary import Action, Purpose, Role

_KEEPERS = frozenset({Role.REGISTRAR, Role.SUPERVISOR})

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.PROFILE_SEARCH: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR, Role.PARTNER_OFFICER}),
    Action.PROFILE_READ: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR, Role.PARTNER_OFFICER}),
    Action.PROFILE_SCREEN: frozenset({Role.SUPERVISOR}),
    Action.PROFILE_CHANGE_PROPOSE: frozenset({Role.REGISTRAR}),
    Action.PROFILE_CHANGE_READ: _KEEPERS,
    Action.PROFILE_CHANGE_DECIDE: _KEEPERS,
    Action.PROFILE_LIFE_DECIDE: frozenset({Role.SUPERVISOR}),
    Action.PROFILE_PAIR_DECIDE: _KEEPERS,
    Action.DUTY_READ: _KEEPERS,
    Action.ALERT_READ: frozenset({Role.SUPERVISOR}),
    Action.REGISTER_EXPORT: frozenset({Role.SUPERVISOR}),
    Action.DESK_ANSWER: frozenset({Role.DESK_OFFICER}),
    Action.CERTIFICATE_READ: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR, Role.DESK_OFFICER}),
    Action.CERTIFICATE_PROPOSE: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR}),
    Action.CERTIFICATE_DECIDE: _KEEPERS,
    Action.CERTIFICATE_KEEP: _KEEPERS | {Role.DESK_OFFICER},
    Action.DOCUMENT_PROPOSE: _KEEPERS,
    Action.DOCUMENT_DECIDE: frozenset({Role.SUPERVISOR}),
    Action.DOCUMENT_READ: _KEEPERS | {Role.AUDITOR},
    Action.ENROLMENT_PROPOSE: frozenset({Role.ADMINISTRATOR}),
    Action.ENROLMENT_DECIDE: frozenset({Role.ADMINISTRATOR}),
    Action.ENROLMENT_READ: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.ACCESS_CLOSE: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    Action.DECOY_PROPOSE: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    Action.DECOY_DECIDE: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    Action.ALARM_READ: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.POLICY_READ: frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    Action.LOG_READ: frozenset({Role.AUDITOR}),
    Action.REASON_STATE: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR, Role.DESK_OFFICER}),
    Action.FINDING_READ: frozenset({Role.AUDITOR}),
    Action.FINDING_JUDGE: frozenset({Role.AUDITOR}),
    Action.MISUSE_RUN: frozenset({Role.AUDITOR}),
    Action.MISUSE_FACTS: frozenset({Role.ADMINISTRATOR}),
    Action.LOG_SEE: frozenset({Role.AUDITOR}),
    Action.LOG_EXPORT: frozenset({Role.AUDITOR}),
}

_OF_RECORDS = frozenset(Purpose) - {Purpose.OVERSIGHT, Purpose.SUBJECT_REQUEST, Purpose.ADMINISTRATION}
_MAINTENANCE = frozenset({Purpose.REGISTER_MAINTENANCE})
_ADMINISTRATION = frozenset({Purpose.ADMINISTRATION})
_SCREENS = frozenset({Purpose.CRIMINAL_INVESTIGATION, Purpose.MISSING_CHILD, Purpose.OFFENDER_SUPERVISION})

PURPOSES: dict[Action, frozenset[Purpose]] = {
    Action.PROFILE_SEARCH: _OF_RECORDS,
    Action.PROFILE_READ: _OF_RECORDS,
    Action.PROFILE_SCREEN: _SCREENS,
    Action.PROFILE_CHANGE_PROPOSE: _MAINTENANCE,
    Action.PROFILE_CHANGE_READ: _MAINTENANCE,
    Action.PROFILE_CHANGE_DECIDE: _MAINTENANCE,
    Action.PROFILE_LIFE_DECIDE: _MAINTENANCE,
    Action.PROFILE_PAIR_DECIDE: _MAINTENANCE,
    Action.DUTY_READ: _MAINTENANCE,
    Action.ALERT_READ: _MAINTENANCE,
    Action.REGISTER_EXPORT: _MAINTENANCE,
    Action.DESK_ANSWER: frozenset({Purpose.SUBJECT_REQUEST}),
    Action.CERTIFICATE_READ: _OF_RECORDS | {Purpose.SUBJECT_REQUEST},
    Action.CERTIFICATE_PROPOSE: _OF_RECORDS,
    Action.CERTIFICATE_DECIDE: _MAINTENANCE,
    Action.CERTIFICATE_KEEP: _MAINTENANCE | {Purpose.SUBJECT_REQUEST},
    Action.DOCUMENT_PROPOSE: _MAINTENANCE,
    Action.DOCUMENT_DECIDE: _MAINTENANCE,
    Action.DOCUMENT_READ: _MAINTENANCE | {Purpose.OVERSIGHT},
    Action.ENROLMENT_PROPOSE: _ADMINISTRATION,
    Action.ENROLMENT_DECIDE: _ADMINISTRATION,
    Action.ENROLMENT_READ: _ADMINISTRATION | {Purpose.OVERSIGHT},
    Action.ACCESS_CLOSE: _ADMINISTRATION | _MAINTENANCE,
    Action.DECOY_PROPOSE: _ADMINISTRATION | _MAINTENANCE,
    Action.DECOY_DECIDE: _ADMINISTRATION | _MAINTENANCE,
    Action.ALARM_READ: _ADMINISTRATION | {Purpose.OVERSIGHT},
    Action.POLICY_READ: _ADMINISTRATION | {Purpose.OVERSIGHT},
    Action.LOG_READ: frozenset({Purpose.OVERSIGHT}),
    Action.REASON_STATE: _OF_RECORDS | {Purpose.SUBJECT_REQUEST},
    Action.FINDING_READ: frozenset({Purpose.OVERSIGHT}),
    Action.FINDING_JUDGE: frozenset({Purpose.OVERSIGHT}),
    Action.MISUSE_RUN: frozenset({Purpose.OVERSIGHT}),
    Action.MISUSE_FACTS: _ADMINISTRATION,
    Action.LOG_SEE: frozenset({Purpose.OVERSIGHT}),
    Action.LOG_EXPORT: frozenset({Purpose.OVERSIGHT}),
}
"""An auditor's token opens the log, and the documents that it names by digest; an investigator's never opens it."""


def keeps(roles: Iterable[Role], purpose: Purpose) -> bool:
    """Say whether an officer keeps the records at rest: sealed, expired, retired, merged, removed."""
    return Role.SUPERVISOR in frozenset(roles) and purpose is Purpose.REGISTER_MAINTENANCE


OF_PERSONS = frozenset({
    Action.PROFILE_SEARCH, Action.PROFILE_READ, Action.PROFILE_SCREEN, Action.CERTIFICATE_READ,
    Action.CERTIFICATE_PROPOSE, Action.CERTIFICATE_KEEP,
})  # fmt: skip
"""Actions whose answer tells whether there is such a person."""


APPOINTED: dict[Role, frozenset[Purpose]] = {
    Role.INVESTIGATOR: _SCREENS,
    Role.REGISTRAR: _MAINTENANCE,
    Role.SUPERVISOR: _SCREENS | _MAINTENANCE,
    Role.DESK_OFFICER: frozenset({Purpose.SUBJECT_REQUEST}),
    Role.AUDITOR: frozenset(),
    Role.PARTNER_OFFICER: _SCREENS,
    Role.ADMINISTRATOR: frozenset(),
}
"""For which purposes an officer is ever shown, or searches, a person. The policy of each edition opens no other."""


GRANTED: dict[Action, str] = {
    Action.PROFILE_SEARCH: "search",
    Action.PROFILE_SCREEN: "search",
    Action.PROFILE_READ: "read",
    Action.CERTIFICATE_READ: "read",
    Action.REGISTER_EXPORT: "export",
}
"""What a token that names actions is good for; for none of the others."""


def is_covered(action: Action, actions: Collection[str]) -> bool:
    """Say whether a token that names these actions (auth/details.py) is good for this one."""
    return GRANTED.get(action) in actions


def may(action: Action, roles: Iterable[Role], purpose: Purpose) -> bool:
    """Say whether an officer with these roles may do this for this purpose."""
    held = PERMISSIONS[action].intersection(roles)
    if action in OF_PERSONS:  # whoever may read nothing of a person must not learn that there is one
        held = frozenset(role for role in held if purpose in APPOINTED[role])
    return purpose in PURPOSES[action] and bool(held)
