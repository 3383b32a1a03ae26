"""The disclosure rules of the register, as two tables that an overseer can read.

Semantics: what no row permits is denied. A row that names a purpose applies to that purpose only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from registry.disclosure.vocabulary import Action, FieldClass, Purpose, Role

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.PROFILE_SEARCH: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR}),
    Action.PROFILE_READ: frozenset({Role.INVESTIGATOR, Role.REGISTRAR, Role.SUPERVISOR}),
    Action.PROFILE_CHANGE_PROPOSE: frozenset({Role.REGISTRAR}),
    Action.PROFILE_CHANGE_READ: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Action.PROFILE_CHANGE_DECIDE: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Action.LOG_READ: frozenset({Role.AUDITOR}),
}

PURPOSES: dict[Action, frozenset[Purpose]] = {
    Action.PROFILE_SEARCH: frozenset(Purpose) - {Purpose.OVERSIGHT},
    Action.PROFILE_READ: frozenset(Purpose) - {Purpose.OVERSIGHT},
    Action.PROFILE_CHANGE_PROPOSE: frozenset({Purpose.REGISTER_MAINTENANCE}),
    Action.PROFILE_CHANGE_READ: frozenset({Purpose.REGISTER_MAINTENANCE}),
    Action.PROFILE_CHANGE_DECIDE: frozenset({Purpose.REGISTER_MAINTENANCE}),
    Action.LOG_READ: frozenset({Purpose.OVERSIGHT}),
}
"""An auditor's token opens the log only; an investigator's never opens it."""


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
    Rule("R1", frozenset({Role.INVESTIGATOR, Role.SUPERVISOR}), _INVESTIGATE, _EVERYTHING - {FieldClass.PROVENANCE},
         "Data Protection Act 2019 s. 30(1)(b); Sexual Offences Act s. 39(13)"),
    Rule("R2", frozenset({Role.INVESTIGATOR, Role.SUPERVISOR}), frozenset({Purpose.OFFENDER_SUPERVISION}),
         frozenset({FieldClass.IDENTITY, FieldClass.ALIASES, FieldClass.CONTACT, FieldClass.CONVICTIONS}),
         "Sexual Offences Act s. 39(2)-(5)"),
    Rule("R3", frozenset({Role.REGISTRAR, Role.SUPERVISOR}), frozenset({Purpose.REGISTER_MAINTENANCE}), _EVERYTHING,
         "Data Protection Act 2019 s. 25(f); Sexual Offences Act s. 39(13)"),
)  # fmt: skip


_OF_PERSONS = frozenset({Action.PROFILE_SEARCH, Action.PROFILE_READ})


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
