"""A decision as an event of the log keeps it, and the same decision made again from that. Pure.

    {"policy": "9f86…", "access": {"roles": ["investigator"], "purpose": "missing_child", …},
     "facts": ["vetted convicted ke-dci H1 restricted"], "rules": [["KE-P-01"]]}
    {…, "facts": ["vetted …", "shareable …"], "rules": [["KE-P-01"], ["KE-P-01", "KE-F-03"]], "of": [0, 1, 0]}

``facts`` holds each kind of record once (facts.py), ``rules`` what decided on it, in the same order; ``of`` says of
which kind each of the event's records is, in their order, and is left out where they are all of one. Without a record
stands what was decided of the question itself: ``facts`` is empty, and ``rules`` holds one list.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from registry.disclosure import facts as spelling
from registry.disclosure.access import Access, Facts
from registry.disclosure.decision import Decision
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier

Json = dict[str, Any]
Decide = Callable[[Facts | None], Decision]


def kept(access: Access, records: Sequence[Facts], decide: Decide) -> Json:
    """Return the decisions on these records; each kind of record stands there once."""
    kinds = list(dict.fromkeys(records))
    asked: Sequence[Facts | None] = kinds or [None]
    decisions = [decide(each) for each in asked]
    told: Json = {
        "policy": decisions[0].policy, "access": access_json(access), "facts": [*map(spelling.spelled, kinds)],
        "rules": [list(each.rules) for each in decisions],
    }  # fmt: skip
    if len(kinds) > 1:
        place = {each: at for at, each in enumerate(kinds)}
        told["of"] = [place[each] for each in records]
    return told


def again(told: Mapping[str, Any], decide: Callable[[Access, Facts | None], Decision]) -> list[list[str]]:
    """Return the rules that decide now on what the log says was decided: those it names, if nothing differs."""
    access = access_of(told["access"])
    asked: Sequence[Facts | None] = [spelling.read(each) for each in told["facts"]] or [None]
    return [list(decide(access, each).rules) for each in asked]


def access_json(access: Access) -> Json:
    """Return who asked under what; what is usual is left out."""
    told: Json = {
        "roles": sorted(each.value for each in access.roles), "purpose": access.purpose.value, "agency": access.agency,
        "country": access.country, "attribution": int(access.attribution), "clearance": access.clearance,
    }  # fmt: skip
    more: Json = {
        "is_partner": access.is_partner, "tier": int(access.tier), "stepped_up": access.stepped_up,
        "closed": sorted(each.value for each in access.closed),
    }  # fmt: skip
    return told | {name: value for name, value in more.items() if value}


def access_of(told: Mapping[str, Any]) -> Access:
    """Inverse of ``access_json``."""
    return Access(
        frozenset(map(Role, told["roles"])), Purpose(told["purpose"]), told["agency"], told["country"],
        told.get("is_partner", False), Tier(told.get("tier", 0)), Attribution(told["attribution"]), told["clearance"],
        told.get("stepped_up", False), frozenset(map(FieldClass, told.get("closed", ()))),
    )  # fmt: skip
