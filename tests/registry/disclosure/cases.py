"""Cases that a policy decides on: every value of every axis, as those who ask and records that are asked of.

access, facts = case(role=Role.INVESTIGATOR, purpose=Purpose.MISSING_CHILD, standings="vetted", clearances="open")
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

from registry.disclosure import cells, policy
from registry.disclosure.access import Access, Facts
from registry.disclosure.policy import Policy
from registry.disclosure.table import AXES
from registry.disclosure.vocabulary import Attribution, Purpose, Role, Tier

TODAY = date(2026, 11, 22)
KE: Policy = policy.load("ke", TODAY)
OWN, OTHER = "invented-own", "invented-other"
COUNTRY = {"home": "KE", "partner": "NL"}
USUAL: Mapping[str, str] = {
    "tier": "none", "attribution": "stated", "standings": "vetted", "categories": "convicted", "releasable": "no",
    "clearances": "restricted", "cleared": "yes", "owners": "own", "onward": "H1", "step_up": "no",
}  # fmt: skip
ABROAD: Mapping[str, str] = {
    **USUAL, "tier": "full", "attribution": "granted", "standings": "shareable", "releasable": "yes",
    "owners": "other", "onward": "H0",
}  # fmt: skip


def case(role: Role, purpose: Purpose, values: Mapping[str, str] = USUAL, **others: str) -> tuple[Access, Facts]:
    """Return one who asks, and the kind of record they ask of."""
    chosen = {**values, **others}
    party = cells.party(role)
    officers = KE.table.clearances
    clearance = chosen["clearances"]
    officer = next(
        (code for code in officers if (clearance in officers[code]) == (chosen["cleared"] == "yes")), "none of them"
    )
    access = Access(
        frozenset({role}), purpose, OWN, COUNTRY[party], party == "partner", Tier[chosen["tier"].upper()],
        Attribution[chosen["attribution"].upper()], officer, chosen["step_up"] == "yes",
    )  # fmt: skip
    facts = Facts(
        chosen["standings"], chosen["categories"], OWN if chosen["owners"] == "own" else OTHER,
        frozenset({"UG", COUNTRY[party]} if chosen["releasable"] == "yes" else {"UG"}), chosen["onward"], clearance,
    )  # fmt: skip
    return access, facts


def unlike(rules: Policy) -> dict[str, tuple[str, ...]]:
    """Return for each axis one value of each kind that the rules tell apart; the rest would say the same again."""
    told: dict[str, tuple[str, ...]] = {}
    for axis, values in cells.ORDER.items():
        kinds: dict[object, str] = {}
        for value in values:
            seen = tuple(value in rule.axes[axis] for rule in rules.rules) if axis in AXES else value
            kinds.setdefault(seen, value)
        told[axis] = tuple(kinds.values())
    return told


def chosen(rules: Policy, seed: int, *, anywhere: int, by_rule: int) -> Iterator[tuple[Role, Purpose, dict[str, str]]]:
    """Yield cases chosen evenly from all there are, and for each rule some that it matches."""
    dice = random.Random(seed)
    for _ in range(anywhere):
        values = {axis: dice.choice(known) for axis, known in cells.ORDER.items()}
        yield dice.choice(list(Role)), dice.choice(list(Purpose)), values
    for rule in rules.rules:
        for _ in range(by_rule):
            within = {
                axis: dice.choice(sorted(rule.axes[axis]) if axis in AXES else known)
                for axis, known in cells.ORDER.items()
            }
            yield (
                Role(dice.choice(sorted(rule.axes["subjects"]))),
                Purpose(dice.choice(sorted(rule.axes["purposes"]))),
                within,
            )


def all_unlike(rules: Policy) -> Iterator[tuple[Role, Purpose, dict[str, str]]]:
    """Yield every combination of unlike values: millions of cells, each once."""
    axes = unlike(rules)
    for role, purpose in product(Role, Purpose):
        for values in product(*axes.values()):
            yield role, purpose, dict(zip(axes, values, strict=True))
