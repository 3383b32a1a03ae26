"""The disclosure rules, exhausted: every role, purpose, action and field class, as a text that people approve."""

from collections.abc import Callable, Sequence
from itertools import combinations, product
from pathlib import Path

import pytest

from registry.disclosure import rules
from registry.disclosure.access import Access
from registry.disclosure.vocabulary import Action, Attribution, FieldClass, Purpose, Role, Tier, Use
from tests.approved import assert_approved
from tests.registry.disclosure.cases import KE

MATRIX = Path(__file__).parent / "matrix.txt"
ROLE_SETS = [frozenset(each) for size in range(len(Role) + 1) for each in combinations(Role, size)]


def read(roles: frozenset[Role], purpose: Purpose) -> frozenset[FieldClass]:
    """Return what officers of these roles may read of some record; from abroad under the widest agreement."""
    is_partner = roles == {Role.PARTNER_OFFICER}
    level = Attribution.GRANTED if is_partner else Attribution.STATED
    access = Access(roles, purpose, "invented", "NL" if is_partner else "KE", is_partner, Tier.FULL, level)
    return KE.decide(access).may(Use.READ)


def test_the_whole_matrix_is_what_was_approved() -> None:
    """Denied is a dot: read the text like a law's annex."""
    done = _table("Who may do what", [each.value for each in Action], _done)
    shown = _table("Who may read what", [each.value for each in FieldClass], _read)
    kept = _table("Who knows of records at rest", ["sealed, expired, retired, merged, removed"], _kept)

    assert_approved(MATRIX, "\n".join([*done, "", *shown, "", *kept, ""]))


def _done(role: Role, purpose: Purpose) -> list[bool]:
    return [rules.may(action, [role], purpose) for action in Action]


def _read(role: Role, purpose: Purpose) -> list[bool]:
    readable = read(frozenset({role}), purpose)
    return [each in readable for each in FieldClass]


def _kept(role: Role, purpose: Purpose) -> list[bool]:
    return [rules.keeps([role], purpose)]


def _table(title: str, columns: Sequence[str], row: Callable[[Role, Purpose], list[bool]]) -> list[str]:
    lines = [f"{title:<38}" + "  ".join(columns)]
    for role, purpose in product(Role, Purpose):
        marks = ["yes" if permitted else "." for permitted in row(role, purpose)]
        cells = "  ".join(f"{mark:<{len(name)}}" for mark, name in zip(marks, columns, strict=True))
        lines.append(f"{role.value:<14}{purpose.value:<24}{cells}".rstrip())
    return lines


# -- laws of the tables


def test_every_action_has_its_roles_and_purposes() -> None:
    assert set(rules.PERMISSIONS) == set(rules.PURPOSES) == set(Action)
    assert all(rules.PERMISSIONS.values())
    assert all(rules.PURPOSES.values())


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_without_a_role_nothing_may_be_done_or_read(action: Action, purpose: Purpose) -> None:
    assert not rules.may(action, [], purpose)
    assert read(frozenset(), purpose) == frozenset()


def test_several_roles_may_what_each_of_them_may_and_no_more() -> None:
    for roles, purpose in product(ROLE_SETS, Purpose):
        for action in Action:
            assert rules.may(action, roles, purpose) == any(rules.may(action, [role], purpose) for role in roles)
        if Role.PARTNER_OFFICER not in roles:
            each = [read(frozenset({role}), purpose) for role in roles]
            assert read(roles, purpose) == frozenset[FieldClass]().union(*each)


OVERSEEN = {
    Action.LOG_READ, Action.LOG_SEE, Action.LOG_EXPORT, Action.DOCUMENT_READ, Action.ENROLMENT_READ, Action.ALARM_READ,
    Action.POLICY_READ, Action.FINDING_READ, Action.FINDING_JUDGE, Action.MISUSE_RUN,
}  # fmt: skip
"""What auditors may do. One of them shows what others were shown, never a record: ``log:see``, which takes a reason."""


def test_an_auditor_reads_the_log_and_no_person() -> None:
    for purpose in Purpose:
        assert read(frozenset({Role.AUDITOR}), purpose) == frozenset()
    permitted = {action for action, purpose in product(Action, Purpose) if rules.may(action, [Role.AUDITOR], purpose)}
    assert permitted == OVERSEEN


def test_for_oversight_nobody_sees_a_person() -> None:
    for roles in ROLE_SETS:
        assert read(roles, Purpose.OVERSIGHT) == frozenset()
        of_persons = set(Action) - OVERSEEN
        assert not any(rules.may(action, roles, Purpose.OVERSIGHT) for action in of_persons)


def test_whoever_may_decide_may_read_what_is_decided() -> None:
    """A vetter who saw half a record would approve the other half unseen."""
    for role, purpose in product(Role, Purpose):
        if rules.may(Action.PROFILE_CHANGE_DECIDE, [role], purpose):
            assert read(frozenset({role}), purpose) == frozenset(FieldClass)
            assert rules.may(Action.PROFILE_CHANGE_READ, [role], purpose)


def test_aliases_are_opened_together_with_names() -> None:
    """A search by name meets aliases too, and its reasons quote them: who parts the two must part the search."""
    for roles, purpose in product(ROLE_SETS, Purpose):
        readable = read(roles, purpose)
        assert (FieldClass.IDENTITY in readable) == (FieldClass.ALIASES in readable)


def test_officers_are_appointed_for_what_the_policy_opens_to_them() -> None:
    for role, purpose in product(Role, Purpose):
        assert (purpose in rules.APPOINTED[role]) == bool(read(frozenset({role}), purpose)), (role, purpose)


def test_records_at_rest_are_kept_by_those_who_decide_on_the_life_of_records() -> None:
    for roles, purpose in product(ROLE_SETS, Purpose):
        assert rules.keeps(roles, purpose) == rules.may(Action.PROFILE_LIFE_DECIDE, roles, purpose)
        if rules.keeps(roles, purpose):
            assert read(roles, purpose) == frozenset(FieldClass)


def test_whoever_proposes_does_not_decide_on_the_life_of_records() -> None:
    for role, purpose in product(Role, Purpose):
        assert not (
            rules.may(Action.PROFILE_CHANGE_PROPOSE, [role], purpose)
            and rules.may(Action.PROFILE_LIFE_DECIDE, [role], purpose)
        )


def test_free_notes_are_for_those_who_keep_the_record() -> None:
    for role, purpose in product(Role, Purpose):
        if FieldClass.NOTES in read(frozenset({role}), purpose):
            assert rules.may(Action.PROFILE_CHANGE_READ, [role], purpose)


def test_the_desk_tells_a_person_what_is_held_but_not_how_they_are_assessed() -> None:
    told = read(frozenset({Role.DESK_OFFICER}), Purpose.SUBJECT_REQUEST)

    assert frozenset(FieldClass) - told == {FieldClass.NOTES, FieldClass.RISK}
    done = {action for action, purpose in product(Action, Purpose) if rules.may(action, [Role.DESK_OFFICER], purpose)}
    kept = {Action.CERTIFICATE_READ, Action.CERTIFICATE_KEEP}  # those of their own office
    assert done == {Action.DESK_ANSWER, Action.REASON_STATE} | kept  # who answers people searches for nobody


def test_everything_an_answer_carries_is_open_to_whoever_may_open_one() -> None:
    """Category, class, freshness, review, expiry and handling."""
    for role, purpose in product(Role, Purpose):
        if rules.may(Action.PROFILE_READ, [role], purpose):
            assert FieldClass.STANDING in read(frozenset({role}), purpose)
