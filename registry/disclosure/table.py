"""The rules of disclosure as a country writes them: ``disclosure.toml``, read strictly.

    [[rules]]
    id = "P1"
    title = "An investigator reads in a case."
    effect = "permit"
    subjects = ["investigator"]                  # axes: a list is a set, what is left out does not matter
    purposes = ["criminal_investigation"]
    attribution = "stated"                       # levels: this one or more
    fields = ["identity", "aliases"]
    uses = ["read", "match"]
    law = "Sexual Offences Act 2006 s. 39(13)"
    …

Semantics, in four lines:

1. a value that is not known is an error when the table is read;
2. any forbid that matches denies;
3. otherwise a permit that matches allows;
4. otherwise it is denied.

There is no code in the table, nothing but membership in a set and "at least". A forbid has no "at least", so that more
of an agreement, of attribution or of proof never closes what less of it opens.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product
from types import MappingProxyType
from typing import Any, Literal

from registry.disclosure.decision import Obligation, Reason
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier, Use
from registry.editions import strict, terms

SCHEMA_VERSION = 1
APPROVERS = 2
STANDINGS = ("entered", "vetted", "shareable", "sealed", "expired", "retired", "merged", "removed")
"""What a record may stand as (registry/profiles/standing.py, which is above us)."""
DUTIES = ("alert_owner", "notify_owner")
"""What a rule may ask of the register itself: to tell the owner at once that somebody met a record that is hidden, or
that its fields went abroad."""

AXES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "subjects": tuple(role.value for role in Role),
    "parties": ("home", "partner"),
    "purposes": tuple(purpose.value for purpose in Purpose),
    "standings": STANDINGS,
    "categories": terms.KNOWN["categories"],
    "owners": ("own", "other"),
    "releasable": ("yes", "no"),
    "onward": terms.KNOWN["onward"],
    "clearances": terms.KNOWN["clearances"],
    "cleared": ("yes", "no"),
})  # fmt: skip
"""Each axis with its values. ``owners``: whether the record is the asker's agency's own; ``releasable``: whether it may
go to the asker's country; ``cleared``: whether the officer's clearance opens the record's."""
OF_RECORDS = ("standings", "categories", "owners", "releasable", "onward", "clearances", "cleared")
"""Axes of the record; the others are of the one who asks."""
LEVELS = ("tier", "attribution", "step_up")
"""What a permit may ask for at least."""


class Effect(StrEnum):
    """What a rule does."""

    PERMIT = "permit"
    FORBID = "forbid"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A rule as it stands in the file."""

    id: str
    title: str
    effect: Literal["permit", "forbid"]
    subjects: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    tier: str | None = None
    attribution: str | None = None
    step_up: bool = False
    standings: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    releasable: tuple[str, ...] = ()
    onward: tuple[str, ...] = ()
    clearances: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    silent: bool = False
    reason: str | None = None
    law: str
    since: date
    until: date | None = None
    approved_by: tuple[str, ...]

    @property
    def code(self) -> str:
        """What the log and redactions write."""
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may do what with which fields of which records, or may not, and by which law."""

    id: str
    title: str
    effect: Effect
    axes: Mapping[str, frozenset[str]]
    """For each axis the values that it matches: all of them, where the rule is silent on it."""
    tier: Tier
    attribution: Attribution
    step_up: bool
    fields: frozenset[FieldClass]
    uses: frozenset[Use]
    duties: tuple[str, ...]
    silent: bool
    """A forbid of which nobody may learn: the answer is as if there were no such record."""
    reason: Reason | None
    """Of a forbid: what the one who asks is told."""
    law: str
    since: date
    until: date | None
    """The first day on which it does not hold any more."""
    approved_by: tuple[str, ...]

    @property
    def permits(self) -> bool:
        """Whether it opens."""
        return self.effect is Effect.PERMIT

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= on and (self.until is None or on < self.until)

    def asks(self, axis: str) -> bool:
        """Whether it looks at an axis at all."""
        return len(self.axes[axis]) < len(AXES[axis])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clearance:
    code: str
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Obligation:
    code: str
    sentence: str
    parties: tuple[str, ...] = ()
    onward: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An obligation, and with which releases it goes."""

    obligation: Obligation
    parties: frozenset[str]
    onward: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A policy as it was written."""

    edition: str
    version: str
    """SHA-256 of its text."""
    text: str
    clearances: Mapping[str, frozenset[str]]
    """Which records an officer of a clearance may be shown."""
    obligations: tuple[Condition, ...]
    rules: tuple[Rule, ...]


def name_of(level: Tier | Attribution) -> str:
    """Return a level as the table writes it."""
    return level.name.lower()


def version_of(text: str) -> str:
    """Return the version of a policy: what ``sha256sum`` says of its file."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Table:
    """Read a policy. Raises InputRefused (EDITION_MALFORMED) with rule and key for what is not expected."""
    place = "disclosure.toml"
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise strict.refused(f"is not TOML ({error}).", place) from error
    known = ("schema_version", "edition", "clearances", "obligations", "rules")
    strict.keys(table, known, known, place)
    strict.version(table, SCHEMA_VERSION, place)
    rules = tuple(_rule(each, place, number) for number, each in enumerate(tables(table["rules"], place, "rules"), 1))
    _check_rules(rules, place)
    return Table(
        edition=strict.value(table["edition"], str, place, "edition"), version=version_of(text), text=text,
        clearances=_clearances(table["clearances"], place), obligations=_obligations(table["obligations"], place),
        rules=rules,
    )  # fmt: skip


def tables(found: object, *where: str) -> Sequence[Mapping[str, Any]]:
    """Return an array of tables, or refuse what is none."""
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise strict.refused("is not an array of tables.", *where)
    return found


def _chosen(values: Iterable[str], known: Iterable[str], *where: str) -> frozenset[str]:
    """Return a set of known values; nothing written means all."""
    chosen, all_ = frozenset(values), frozenset(known)
    for value in sorted(chosen - all_):
        raise strict.refused(f"{value} is none of {', '.join(known)}.", *where)
    return chosen or all_


def _one(value: str | None, known: Iterable[str], default: str, *where: str) -> str:
    (chosen,) = _chosen([value or default], tuple(known), *where)
    return chosen


def _rule(table: Mapping[str, Any], place: str, number: int) -> Rule:
    label = f"rules {table.get('id', f'number {number}')}"
    written = strict.row(_Written, table, place, label)
    effect = Effect(written.effect)
    (_check_permit if effect is Effect.PERMIT else _check_forbid)(written, place, label)
    if len(set(written.approved_by)) < APPROVERS:
        raise strict.refused("names fewer than two persons.", place, label, "approved_by")
    if written.until is not None and written.until <= written.since:
        raise strict.refused("is not after since.", place, label, "until")
    tier = _one(written.tier, [*map(name_of, Tier)], "none", place, label, "tier")
    attribution = _one(written.attribution, [*map(name_of, Attribution)], "agency", place, label, "attribution")
    _chosen(written.duties, DUTIES, place, label, "duties")
    return Rule(
        id=written.id, title=written.title, effect=effect,
        axes=MappingProxyType({
            axis: _chosen(getattr(written, axis), values, place, label, axis) for axis, values in AXES.items()
        }),
        tier=Tier[tier.upper()], attribution=Attribution[attribution.upper()], step_up=written.step_up,
        fields=frozenset(map(FieldClass, _chosen(written.fields, list(FieldClass), place, label, "fields"))),
        uses=frozenset(map(Use, _chosen(written.uses, list(Use), place, label, "uses"))),
        duties=written.duties, silent=written.silent,
        reason=None if written.reason is None
        else Reason(_one(written.reason, list(Reason), "", place, label, "reason")),
        law=written.law, since=written.since, until=written.until, approved_by=written.approved_by,
    )  # fmt: skip


_SPELT_OUT = ("subjects", "parties", "purposes", "standings", "attribution", "fields", "uses")


def _check_permit(written: _Written, place: str, label: str) -> None:
    """What opens says all of it: a new role, purpose, standing or field class is open to nobody by omission."""
    for key in _SPELT_OUT:
        if not getattr(written, key):
            raise strict.refused("is missing; a permit says to whom, for what and which fields.", place, label, key)
    if written.reason is not None or written.silent:
        raise strict.refused("is of forbids only.", place, label, "reason" if written.reason else "silent")


def _check_forbid(written: _Written, place: str, label: str) -> None:
    for key in LEVELS:
        if getattr(written, key):
            raise strict.refused("is of permits only: more proof must not close what less opens.", place, label, key)
    if written.reason is None:
        raise strict.refused("is missing; a forbid says why.", place, label, "reason")
    if written.silent and (written.fields or written.uses):
        raise strict.refused("forbids everything where it is silent.", place, label, "silent")


def _clearances(tables: object, place: str) -> Mapping[str, frozenset[str]]:
    rows = strict.rows(_Clearance, tables, place, "clearances")
    known = terms.KNOWN["clearances"]
    strict.keys(rows, known, known, place, "clearances")
    return MappingProxyType(
        {code: _chosen(row.opens, known, place, f"clearances {code}", "opens") for code, row in rows.items()}
    )


def _obligations(tables: object, place: str) -> tuple[Condition, ...]:
    rows = strict.rows(_Obligation, tables, place, "obligations")
    return tuple(
        Condition(
            obligation=Obligation(row.code, row.sentence),
            parties=_chosen(row.parties, AXES["parties"], place, f"obligations {row.code}", "parties"),
            onward=_chosen(row.onward, AXES["onward"], place, f"obligations {row.code}", "onward"),
        )
        for row in rows.values()
    )


# -- what no table may be


def _check_rules(rules: Sequence[Rule], place: str) -> None:
    """Refuse two rules of one name, a rule that never decides anything, and a field class that nobody is shown."""
    ids = [rule.id for rule in rules]
    for id_ in ids:
        if ids.count(id_) > 1:
            raise strict.refused("stands there twice.", place, f"rules {id_}", "id")
    for rule in rules:
        if not is_reachable(rule, rules):
            raise strict.refused("never decides anything: others forbid or open all of it.", place, f"rules {rule.id}")
    covered = frozenset[FieldClass]().union(*(rule.fields for rule in rules if rule.permits))
    for kind in FieldClass:
        if kind not in covered:
            raise strict.refused(f"{kind.value} is opened to nobody.", place, "rules", "fields")


def is_reachable(rule: Rule, rules: Iterable[Rule]) -> bool:
    """Whether there is a case in which a rule decides: a permit that opens, a forbid that closes what is open."""
    if not _is_possible(rule):
        return False
    others = [each for each in rules if each is not rule]
    if rule.permits:
        return not any(_covers(each, rule) for each in others)
    permits = [each for each in others if each.permits]
    return any(_meets(rule, each) for each in permits) and not any(
        not each.permits and each.silent >= rule.silent and _covers(each, rule) for each in others
    )


def _is_possible(rule: Rule) -> bool:
    """Officers of partners hold the partner's role and no other; nobody at home holds it. Nobody proves a level."""
    partner = frozenset({Role.PARTNER_OFFICER.value})
    pairs = product(rule.axes["subjects"], rule.axes["parties"])
    return any((subject in partner) == (party == "partner") for subject, party in pairs)


def _covers(wide: Rule, narrow: Rule) -> bool:
    """Whether wherever one matches the other does, with all its fields and uses, for at least as long."""
    return (
        all(wide.axes[axis] >= narrow.axes[axis] for axis in AXES)
        and wide.tier <= narrow.tier
        and wide.attribution <= narrow.attribution
        and wide.step_up <= narrow.step_up
        and wide.fields >= narrow.fields
        and wide.uses >= narrow.uses
        and wide.since <= narrow.since
        and (wide.until is None or (narrow.until is not None and narrow.until <= wide.until))
        and set(wide.duties) >= set(narrow.duties)
    )


def _meets(one: Rule, other: Rule) -> bool:
    """Whether there is a case in which both match."""
    return (
        all(one.axes[axis] & other.axes[axis] for axis in AXES)
        and bool(one.fields & other.fields)
        and bool(one.uses & other.uses)
    )
