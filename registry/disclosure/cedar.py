"""The rules in Cedar's language, for an overseer's own engine, and for the oracle of our tests.

    @id("P1")
    permit (principal, action, resource) when {
      [Use::"read", Use::"match"].contains(action) && [FieldClass::"identity"].contains(resource) &&
      context.roles.containsAny(["investigator"]) && ["home"].contains(context.party) && context.attribution >= 1 && …
    };

Cedar's own semantics are ours: any forbid denies, else a permit allows, else it is denied. What our masks derive before
they look (whose record it is, whether it may go there, whether the officer is cleared) Cedar derives itself from
the plain facts of ``context``. https://docs.cedarpolicy.com/policies/syntax-policy.html
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Any

from registry.disclosure.access import Access, Facts
from registry.disclosure.table import Rule
from registry.disclosure.vocabulary import FieldClass, Use

_OF_CONTEXT = {
    "parties": "party", "purposes": "purpose", "standings": "standing", "categories": "category", "onward": "onward",
    "clearances": "clearance",
}  # fmt: skip
_OWN = "context.owner == context.agency"
_RELEASABLE = "context.releasable_to.contains(context.country)"


def policies(rules: Iterable[Rule], clearances: Mapping[str, frozenset[str]]) -> str:
    """Return the rules as Cedar policies, each under its own id."""
    return "\n".join(_policy(rule, clearances) for rule in rules)


def request(access: Access, facts: Facts, use: Use, kind: FieldClass) -> dict[str, Any]:  # Any: JSON values
    """Return the question that Cedar is asked for one cell."""
    return {
        "principal": {"type": "Officer", "id": "asker"},
        "action": {"type": "Action", "id": use.value},
        "resource": {"type": "FieldClass", "id": kind.value},
        "context": context(access, facts),
    }


def context(access: Access, facts: Facts) -> dict[str, Any]:  # Any: JSON values
    """Return who asks under what, and what kind of record it is, as plain facts."""
    return {
        "roles": sorted(access.roles), "party": "partner" if access.is_partner else "home", "purpose": access.purpose,
        "agency": access.agency, "country": access.country, "tier": int(access.tier),
        "attribution": int(access.attribution), "officer_clearance": access.clearance, "proved": access.stepped_up,
        "standing": facts.standing, "category": facts.category, "owner": facts.owner,
        "releasable_to": sorted(facts.releasable_to), "onward": facts.onward, "clearance": facts.clearance,
    }  # fmt: skip


def _policy(rule: Rule, clearances: Mapping[str, frozenset[str]]) -> str:
    conditions = " &&\n  ".join(_conditions(rule, clearances))
    return f'@id("{rule.id}")\n{rule.effect.value} (principal, action, resource) when {{\n  {conditions}\n}};\n'


def _conditions(rule: Rule, clearances: Mapping[str, frozenset[str]]) -> Iterator[str]:
    uses = ", ".join(f'Action::"{use.value}"' for use in Use if use in rule.uses)
    classes = ", ".join(f'FieldClass::"{kind.value}"' for kind in FieldClass if kind in rule.fields)
    yield f"[{uses}].contains(action)"
    yield f"[{classes}].contains(resource)"
    if rule.asks("subjects"):
        yield f"context.roles.containsAny({_set(rule.axes['subjects'])})"
    yield from (
        f"{_set(rule.axes[axis])}.contains(context.{name})" for axis, name in _OF_CONTEXT.items() if rule.asks(axis)
    )
    yield from (f"context.{name} >= {level:d}" for name, level in _levels(rule).items() if level)
    if rule.step_up:
        yield "context.proved"
    if rule.asks("owners"):
        yield _truth(_OWN, is_so="own" in rule.axes["owners"])
    if rule.asks("releasable"):
        yield _truth(_RELEASABLE, is_so="yes" in rule.axes["releasable"])
    if rule.asks("cleared"):
        yield _truth(_cleared(clearances), is_so="yes" in rule.axes["cleared"])


def _levels(rule: Rule) -> dict[str, IntEnum]:
    return {"tier": rule.tier, "attribution": rule.attribution}


def _cleared(clearances: Mapping[str, frozenset[str]]) -> str:
    return " || ".join(
        f'(context.officer_clearance == "{code}" && {_set(opens)}.contains(context.clearance))'
        for code, opens in clearances.items()
    )


def _truth(expression: str, *, is_so: bool) -> str:
    return f"({expression})" if is_so else f"!({expression})"


def _set(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in sorted(values)) + "]"
