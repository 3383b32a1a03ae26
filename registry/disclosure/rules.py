"""The disclosure rules of the register, as two tables that an overseer can read.

Semantics: what no row permits is denied. A row that names a purpose applies to that purpose only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from registry.disclosure.vocabulary import Action, FieldClass, Purpose, Role

_KEEPERS = frozenset({Role.REGISTRAR, Role.SUPERVISOR})

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.PROFILE_SEARCH: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR}),
    Action.PROFILE_READ: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR}),
    Action.PROFILE_SCREEN: frozenset({Role.SUPERVISOR}),
    Action.PROFILE_CHANGE_PROPOSE: frozenset({Role.REGISTRAR}),
    Action.PROFILE_CHANGE_READ: _KEEPERS,
    Action.PROFILE_CHANGE_DECIDE: _KEEPERS,
    Action.PROFILE_LIFE_DECIDE: frozenset({Role.SUPERVISOR}),
    Action.PROFILE_PAIR_DECIDE: _KEEPERS,
    Action.DUTY_READ: _KEEPERS,
    Action.REGISTER_EXPORT: frozenset({Role.SUPERVISOR}),
    Action.DESK_ANSWER: frozenset({Role.DESK_OFFICER}),
    Action.CERTIFICATE_READ: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR, Role.DESK_OFFICER}),
    Action.CERTIFICATE_PROPOSE: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR}),
    Action.CERTIFICATE_DECIDE: _KEEPERS,
    Action.CERTIFICATE_KEEP: _KEEPERS | {Role.DESK_OFFICER},
    Action.DOCUMENT_PROPOSE: _KEEPERS,
    Action.DOCUMENT_DECIDE: frozenset({Role.SUPERVISOR}),
    Action.DOCUMENT_READ: _KEEPERS | {Role.AUDITOR},
    Action.LOG_READ: frozenset({Role.AUDITOR}),
}

_OF_RECORDS = frozenset(Purpose) - {Purpose.OVERSIGHT, Purpose.SUBJECT_REQUEST}
_MAINTENANCE = frozenset({Purpose.REGISTER_MAINTENANCE})
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
    Action.REGISTER_EXPORT: _MAINTENANCE,
    Action.DESK_ANSWER: frozenset({Purpose.SUBJECT_REQUEST}),
    Action.CERTIFICATE_READ: _OF_RECORDS | {Purpose.SUBJECT_REQUEST},
    Action.CERTIFICATE_PROPOSE: _OF_RECORDS,
    Action.CERTIFICATE_DECIDE: _MAINTENANCE,
    Action.CERTIFICATE_KEEP: _MAINTENANCE | {Purpose.SUBJECT_REQUEST},
    Action.DOCUMENT_PROPOSE: _MAINTENANCE,
    Action.DOCUMENT_DECIDE: _MAINTENANCE,
    Action.DOCUMENT_READ: _MAINTENANCE | {Purpose.OVERSIGHT},
    Action.LOG_READ: frozenset({Purpose.OVERSIGHT}),
}
"""An auditor's token opens the log, and the documents that it names by digest; an investigator's never opens it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may read, and search by, which fields for which purpose, and by which law."""

    id: str
    roles: frozenset[Role]
    purposes: frozenset[Purpose]
    fields: frozenset[FieldClass]
    law: str


_INVESTIGATE = frozenset({Purpose.CRIMINAL_INVESTIGATION, Purpose.MISSING_CHILD})
_EVERYTHING = frozenset(FieldClass)

RULES: tuple[Rule, ...] = (
    Rule("R1", frozenset({Role.INVESTIGATOR, Role.SUPERVISOR}), _INVESTIGATE,
         _EVERYTHING - {FieldClass.PROVENANCE, FieldClass.NOTES},
         "Data Protection Act 2019 s. 30(1)(b); Sexual Offences Act s. 39(13)"),
    Rule("R2", frozenset({Role.INVESTIGATOR, Role.SUPERVISOR}), frozenset({Purpose.OFFENDER_SUPERVISION}),
         frozenset({FieldClass.IDENTITY, FieldClass.ALIASES, FieldClass.CONTACT, FieldClass.CONVICTIONS,
                    FieldClass.WHEREABOUTS, FieldClass.SUPERVISION, FieldClass.STANDING}),
         "Sexual Offences Act s. 39(2)-(5)"),
    Rule("R3", frozenset({Role.REGISTRAR, Role.SUPERVISOR}), frozenset({Purpose.REGISTER_MAINTENANCE}), _EVERYTHING,
         "Data Protection Act 2019 s. 25(f); Sexual Offences Act s. 39(13)"),
    Rule("R4", frozenset({Role.DESK_OFFICER}), frozenset({Purpose.SUBJECT_REQUEST}),
         _EVERYTHING - {FieldClass.NOTES, FieldClass.RISK}, "Data Protection Act 2019 s. 26, 40"),
)  # fmt: skip
"""Free notes are for those who keep the record; a person is told what is held of them, not how they are assessed."""


def keeps(roles: Iterable[Role], purpose: Purpose) -> bool:
    """Say whether an officer keeps the records at rest: sealed, expired, retired, merged, removed."""
    return Role.SUPERVISOR in frozenset(roles) and purpose is Purpose.REGISTER_MAINTENANCE


_OF_PERSONS = frozenset({
    Action.PROFILE_SEARCH, Action.PROFILE_READ, Action.PROFILE_SCREEN, Action.CERTIFICATE_READ,
    Action.CERTIFICATE_PROPOSE, Action.CERTIFICATE_KEEP,
})  # fmt: skip


def may(action: Action, roles: Iterable[Role], purpose: Purpose) -> bool:
    """Say whether an officer with these roles may do this for this purpose."""
    held = frozenset(roles)
    if action in _OF_PERSONS and not readable(held, purpose):
        return False  # whoever may read nothing of a person must not learn that there is one
    return purpose in PURPOSES[action] and not PERMISSIONS[action].isdisjoint(held)


@lru_cache(maxsize=512)
def readable(roles: frozenset[Role], purpose: Purpose) -> frozenset[FieldClass]:
    """Return the field classes that some rule opens to these roles for this purpose."""
    return frozenset[FieldClass]().union(
        *(rule.fields for rule in RULES if purpose in rule.purposes and not rule.roles.isdisjoint(roles))
    )
