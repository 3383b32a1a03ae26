"""The policy as people print it: who may do what with which fields, and every rule with its law.

    | field class | investigator: criminal_investigation, missing_child | …
    | identity    | RMSC                                             | …

Three forms of one matrix: text for a terminal, a page of the documentation, and one page of HTML for paper. All are
made of the rules; the documentation is compared with them by the suite.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from registry.disclosure.access import Access
from registry.disclosure.cells import classes_said, party
from registry.disclosure.decision import REASONS, REMEDIES
from registry.disclosure.policy import Policy
from registry.disclosure.table import AXES, Rule, name_of
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier, Use

LETTERS = {Use.READ: "R", Use.MATCH: "M", Use.SORT: "S", Use.COUNT: "C", Use.EXPORT: "E"}
KEY = "R read, M search by, S sort by, C count, E export; * after a new proof of who asks; . never."


class Column(NamedTuple):
    """Some who ask, and what they may do with each field class of a record that is fully open to them."""

    askers: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def head(self) -> str:
        """Who they are."""
        return "; ".join(self.askers)


def columns(policy: Policy) -> tuple[Column, ...]:
    """Return the columns of the matrix; who may do the same stands together, who may do nothing is left out."""
    together: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for role in Role:
        for purpose in Purpose:
            for level, access in _asking(role, purpose):
                cells = tuple(_cell(policy, access, kind) for kind in FieldClass)
                if any(cell != "." for cell in cells):
                    together.setdefault(cells, []).append((f"{role.value}{level}", purpose.value))
    return tuple(Column(_askers(asking), cells) for cells, asking in together.items())


def _asking(role: Role, purpose: Purpose) -> Iterable[tuple[str, Access]]:
    if party(role) == "home":
        return [("", Access(frozenset({role}), purpose, "", "", attribution=Attribution.STATED))]
    return [
        (f" ({name_of(tier)}, {name_of(level)})",
         Access(frozenset({role}), purpose, "", "", is_partner=True, tier=tier, attribution=level))
        for tier in Tier for level in (Attribution.STATED, Attribution.GRANTED)
    ]  # fmt: skip


def _cell(policy: Policy, access: Access, kind: FieldClass) -> str:
    decision, proved = policy.decide(access), policy.decide(_proved(access))
    letters = (
        letter if kind in decision.may(use) else f"{letter}*"
        for use, letter in LETTERS.items() if kind in proved.may(use)
    )  # fmt: skip
    return "".join(letters) or "."


def _proved(access: Access) -> Access:
    return Access(
        access.roles, access.purpose, access.agency, access.country, access.is_partner, access.tier,
        access.attribution, access.clearance, stepped_up=True,
    )  # fmt: skip


def _askers(asking: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    by_role: dict[str, list[str]] = {}
    for role, purpose in asking:
        by_role.setdefault(role, []).append(purpose)
    by_purposes: dict[tuple[str, ...], list[str]] = {}
    for role, purposes in by_role.items():
        by_purposes.setdefault(tuple(purposes), []).append(role)
    return tuple(f"{', '.join(roles)}: {', '.join(purposes)}" for purposes, roles in by_purposes.items())


# -- rules in words

_WORDS = {
    "subjects": "officers", "parties": "from", "purposes": "for", "standings": "standing", "categories": "category",
    "owners": "owner", "releasable": "released to their country", "onward": "handling", "clearances": "clearance",
    "cleared": "cleared for it",
}  # fmt: skip


def conditions(rule: Rule) -> tuple[str, ...]:
    """Return what a rule asks for, in words."""
    sets = [
        f"{word}: {', '.join(value for value in AXES[axis] if value in rule.axes[axis])}"
        for axis, word in _WORDS.items() if rule.asks(axis)
    ]  # fmt: skip
    levels = [
        f"{word} at least {name_of(level)}"
        for word, level in (("agreement", rule.tier), ("attribution", rule.attribution)) if level
    ]  # fmt: skip
    return (*sets, *levels, *(["a new proof of who asks"] if rule.step_up else []))


def _rows(policy: Policy) -> Iterable[tuple[str, ...]]:
    for rule in policy.table.rules:
        days = f"{rule.since} to {rule.until}" if rule.until else f"from {rule.since}"
        silent = ", silently" if rule.silent else ""
        uses = " ".join(use.value for use in Use if use in rule.uses)
        duties = f"; {', '.join(rule.duties)}" if rule.duties else ""
        yield (
            rule.id, rule.title, f"{rule.effect.value}{silent}", "; ".join(conditions(rule)),
            classes_said(rule.fields), f"{uses}{duties}", rule.law, days, ", ".join(rule.approved_by),
        )  # fmt: skip


_HEADS = ("rule", "what it says", "effect", "where", "field classes", "uses; duties", "law", "in force", "approved by")


# -- text


def text(policy: Policy) -> str:
    """Return the matrix for a terminal."""
    told = columns(policy)
    heads = [f"{number:>2}  {column.head}" for number, column in enumerate(told, 1)]
    width = max(len(kind) for kind in FieldClass) + 2
    numbers = " " * width + "".join(f"{number:<10}" for number in range(1, len(told) + 1))
    lines = [
        f"{kind.value:<{width}}" + "".join(f"{column.cells[place]:<10}" for column in told)
        for place, kind in enumerate(FieldClass)
    ]
    return "\n".join([f"Policy {policy.table.edition} {policy.version[:12]}, on {policy.on}", KEY, "", *heads, "",
                      numbers.rstrip(), *(line.rstrip() for line in lines)])  # fmt: skip


# -- a page of the documentation


def page(policy: Policy) -> str:
    """Return docs/permissions.md."""
    told = columns(policy)
    matrix = _table(
        ("field class", *(column.head for column in told)),
        ((kind.value, *(column.cells[place] for column in told)) for place, kind in enumerate(FieldClass)),
    )
    obligations = _table(
        ("obligation", "goes with releases", "what the receiver keeps to"),
        ((each.obligation.code, _when(each.parties, each.onward), each.obligation.sentence)
         for each in policy.table.obligations),
    )  # fmt: skip
    clearances = _table(
        ("an officer cleared for", "may be shown records of clearance"),
        ((code, ", ".join(each for each in AXES["clearances"] if each in opens))
         for code, opens in policy.table.clearances.items()),
    )  # fmt: skip
    return "\n\n".join([
        _OPENING.format(edition=policy.table.edition, version=policy.version),
        "## Who may do what", f"Of a record that is fully open to them. {KEY}", matrix,
        "## The rules", _TABLE, _table(_HEADS, _rows(policy)),
        "## What goes with a release", obligations,
        "## Clearances", _CLEARANCES, clearances,
        "## What is told of what is withheld", _WITHHELD,
        _table(("reason", "meaning"), ((each.value, said) for each, said in REASONS.items())),
        _table(("remedy", "meaning"), ((each.value, said) for each, said in REMEDIES.items())),
    ]) + "\n"  # fmt: skip


_OPENING = """# Permissions

Who may see what of a record, for what, and by which law: country edition `{edition}`, policy
`{version}`.
This page is made of the rule table (`registry/editions/{edition}/disclosure.toml`) by
`registry policy matrix --markdown`; the suite compares. `registry policy explain` tells one case, with the rules that
decide it.

1. A value that is not known is an error when the table is read.
2. Any forbid that matches denies.
3. Otherwise a permit that matches allows.
4. Otherwise it is denied.

Criteria count as disclosure: nobody searches, sorts or counts by what they may not."""
_TABLE = """A list is a set; what a rule does not name makes no difference to it. Levels are "at least": agreement none,
hit, standard, full; attribution agency (no officer), stated, granted (a signed grant, or the officer's own session),
signed (and the request as well)."""
_CLEARANCES = """A record of clearance secret, covert or witness_protection does not exist for anybody but cleared
officers of the agency that owns it: the answer is that of no hit, and the owner is alerted. Its
supervisors read of it (`alerts`, for keeping the register), of records that they are cleared for."""
_WITHHELD = """A field that is withheld is `null`, with a redaction that names the reason, the rule that forbids it
(`default` where none permits it, `closed` where the field class is shut for everybody) and what can be done."""


def _when(parties: frozenset[str], onward: frozenset[str]) -> str:
    said = []
    if len(parties) < len(AXES["parties"]):
        said.append(f"to {', '.join(sorted(parties))}s")
    if len(onward) < len(AXES["onward"]):
        said.append(f"of handling {', '.join(sorted(onward))}")
    return " ".join(said) or "all"


# -- one page of paper

_STYLE = """@page { size: A4 landscape; margin: 10mm } body { font: 7pt sans-serif } h1 { font-size: 11pt; margin: 0 }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 } td, th { border: 0.2mm solid #888; padding: 0.5mm 1mm;
text-align: left; vertical-align: top } th { background: #eee }"""


def html(policy: Policy) -> str:
    """Return the matrix and its rules as one page for paper; it loads nothing."""
    told = columns(policy)
    title = f"Who may see what: {policy.table.edition}, {policy.on}"
    matrix = _html_table(
        ("field class", *(column.head for column in told)),
        ((kind.value, *(column.cells[place] for column in told)) for place, kind in enumerate(FieldClass)),
    )
    rules = _html_table(("rule", "what it says", "law"), ((each.id, each.title, each.law) for each in policy.rules))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n"
        f"<p>{escape(KEY)} Policy {policy.version}.</p>\n"
        f"{matrix}{rules}</body></html>\n"
    )


def _html_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in row)}</tr>\n" for row in rows)
    return f"<table><tr>{head}</tr>\n{lines}</table>\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (heads, ("---",) * len(heads), *rows)
    return "\n".join(f"| {' | '.join(each.replace('|', '/') for each in line)} |" for line in lines)
