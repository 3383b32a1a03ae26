"""Cedar as an independent oracle: another engine, written by others, reads the same rules and must say the same.

A whole enumeration would be 50 million questions, at 0.1 ms each. So it is taken apart, and nothing is left out:

1. which rules match a case: Cedar is asked once for each case, with every rule made a permit of everything, and names
   all that match. Here for thousands of cases chosen evenly; ``python -m bench.oracle`` asks for each of them.
2. what follows where these rules match: for each set of rules that ever match together, Cedar is asked the rules as
   they are, for each field class and each use.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import cedarpy
import pytest

from registry.disclosure import cedar
from registry.disclosure.access import Access, Facts
from registry.disclosure.table import Effect
from registry.disclosure.vocabulary import FieldClass, Purpose, Role, Use
from tests.registry.disclosure.cases import KE, case, chosen

ALL = {"effect": Effect.PERMIT, "fields": frozenset(FieldClass), "uses": frozenset(Use)}
NOBODY = cedarpy.Entities.from_json_str("[]")


@cache
def rules() -> cedarpy.PolicySet:
    """The rules as they are."""
    return cedarpy.PolicySet.from_str(cedar.policies(KE.rules, KE.table.clearances))


@cache
def matches() -> cedarpy.PolicySet:
    """The rules, each a permit of everything wherever it matches."""
    return cedarpy.PolicySet.from_str(
        cedar.policies([replace(rule, **ALL) for rule in KE.rules], KE.table.clearances)  # type: ignore[arg-type]
    )


def matching(access: Access, facts: Facts) -> frozenset[str]:
    """Return the rules that match, as Cedar sees it."""
    asked = cedar.request(access, facts, Use.READ, FieldClass.IDENTITY)
    answer = cedarpy.is_authorized(asked, matches(), NOBODY)
    assert not answer.diagnostics.errors
    return frozenset(KE.rules[int(each.removeprefix("policy"))].id for each in answer.diagnostics.reasons)


def opened(access: Access, facts: Facts) -> Mapping[Use, frozenset[FieldClass]]:
    """Return what is open, as Cedar sees it: each field class and each use is asked for."""
    asked = [cedar.request(access, facts, use, kind) for use in Use for kind in FieldClass]
    answers = iter(cedarpy.is_authorized_batch(asked, rules(), NOBODY))
    return {use: frozenset(kind for kind in FieldClass if next(answers).allowed) for use in Use}


def test_cedar_matches_the_same_rules_and_opens_the_same_cells() -> None:
    """Agreement in each case, and for each set of rules that decide together in each of 75 cells."""
    together: dict[tuple[str, ...], int] = {}

    for role, purpose, values in chosen(KE, 6, anywhere=1_500, by_rule=120):
        access, facts = case(role, purpose, values)
        decision = KE.decide(access, facts)

        assert matching(access, facts) == set(decision.rules), (role, purpose, values)
        if decision.rules not in together:
            assert {use: decision.may(use) for use in Use} == opened(access, facts), (role, purpose, values)
        together[decision.rules] = together.get(decision.rules, 0) + 1

    assert len(together) > 40
    assert {rule.id for rule in KE.rules} == {id_ for ids in together for id_ in ids}


@pytest.mark.parametrize("roles", [frozenset(Role) - {Role.PARTNER_OFFICER}, frozenset[Role]()])
def test_cedar_agrees_for_officers_of_many_roles_and_of_none(roles: frozenset[Role]) -> None:
    for _, purpose, values in chosen(KE, 7, anywhere=300, by_rule=10):
        access, facts = case(Role.SUPERVISOR, purpose, values)
        access = replace(access, roles=roles)

        assert matching(access, facts) == set(KE.decide(access, facts).rules)


def test_a_policy_says_nothing_of_what_its_rule_does_not_ask() -> None:
    """So a forbid holds for a value that nobody knows, too, and people read no more than the rule says."""
    found = cedar.policies([rule for rule in KE.rules if rule.id == "F4"], KE.table.clearances)

    head, uses, classes, *conditions = found.splitlines()[1:]
    assert head == "forbid (principal, action, resource) when {"
    assert uses == '  [Action::"read", Action::"sort", Action::"count", Action::"export"].contains(action) &&'
    assert classes.count("FieldClass::") == len(FieldClass)
    assert conditions == ['  ["partner"].contains(context.party) &&', '  ["H3"].contains(context.onward)', "};"]


def test_the_oracle_would_notice_a_rule_that_is_read_otherwise() -> None:
    """An oracle that agrees with everything proves nothing."""
    wider = replace(KE.rules[0], fields=frozenset(FieldClass))
    other = cedarpy.PolicySet.from_str(cedar.policies([wider, *KE.rules[1:]], KE.table.clearances))
    access, facts = case(Role.INVESTIGATOR, Purpose.MISSING_CHILD)

    asked = cedar.request(access, facts, Use.READ, FieldClass.NOTES)

    assert not cedarpy.is_authorized(asked, rules(), NOBODY).allowed
    assert cedarpy.is_authorized(asked, other, NOBODY).allowed
    assert FieldClass.NOTES not in KE.decide(access, facts).may(Use.READ)
