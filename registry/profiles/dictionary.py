"""Pages that the code writes of itself: the data dictionary, and the tables of the life cycle.

    page(edition)     docs/dictionary.md, as ``registry schema dictionary`` prints it
    life()            a table of docs/life-cycle.md: what a change makes of a record of a standing

What is said here is what the program does; the suite compares the pages with it byte for byte.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from registry.disclosure import policy
from registry.disclosure.table import Rule
from registry.disclosure.vocabulary import FieldClass
from registry.editions.edition import Edition
from registry.profiles.forms import Group, Member, members
from registry.profiles.intake import MOST
from registry.profiles.kinds import Kind
from registry.profiles.markings import as_given
from registry.profiles.parts import NAME_PARTS, OWN, VERIFIED, NamePart
from registry.profiles.record import GROUPS
from registry.profiles.standing import (
    CARRIES_A_RECORD,
    LIFE,
    NEEDS_ORDER,
    NEEDS_OTHER,
    SUPERVISED,
    WITHDRAWS,
    Change,
    Standing,
)
from registry.profiles.vetting import DECISIONS, Decision, State
from registry.profiles.views import ALIAS_KINDS

NO = "-"
STORED = {"identity": "clear, `identity`", "details": "clear, `details`", "sealed": "sealed"}
"""Where a group is stored, by its column."""
CITED: Mapping[str, tuple[str, str]] = {
    "34 USC": ("Sex Offender Registration and Notification Act (SORNA), United States",
               "official text of 20914; the others on the SMART Office's pages. A model, no law of Kenya"),
    "SORNA Guidelines": ("National Guidelines of the SMART Office on the same Act", "its official list"),
    "SMART": ("The SMART Office on notice of travel abroad", "its official page"),
    "Regulation (EU) 2019/816": ("ECRIS-TCN", "a public copy of the text. A model"),
    "Regulation (EU) 2024/982": ("Prüm II", "a public copy of the text. A model"),
    "Australian Capital Territory": ("Crimes (Child Sex Offenders) Act 2005", "a public copy of the section. A model"),
    "NCIC validation": ("How owners of entries in the FBI's NCIC validate them", "a job aid, Department of Justice"),
    "UK ViSOR": ("The United Kingdom's register of dangerous persons", "second-hand; its list of fields was not read"),
    "INTERPOL": ("What its notices are for", "INTERPOL's words, partly second-hand"),
    "INTERPOL RPD": ("INTERPOL's Rules on the Processing of Data", "summaries; the articles were not read"),
    "TLP": ("Traffic Light Protocol 2.0 of FIRST, August 2022", "second-hand"),
    "SIENA": ("Handling codes of Europol's network", "the Council's manual 6261/18, as Statewatch quotes it"),
    "NCMEC": ("CyberTipline reporting API", "schema and documentation, in public copies"),
    "Sexual Offences Act 2006": ("Kenya, Cap. 63A",
                                 "s. 8 as the High Court quotes it; of s. 39 parts, (13) on the Judiciary's page"),
    "Data Protection Act 2019": ("Kenya, Cap. 411C", "the Act's text"),
    "LN 132/2008": ("Kenya, Sexual Offences Regulations", "fragments, second-hand"),
    "LN 133/2008": ("Kenya, regulations on the DNA data bank", "headings only"),
    "ISO 3166-1": ("Codes of countries", "through the library pycountry"),
    "ISO 15924": ("Codes of scripts", "the few that are used"),
    "RFC 5870": ("URIs of places on earth (geo:)", "the text"),
    "ITU-T E.164": ("Numbers of phones", "through the library phonenumbers"),
    OWN: ("Our own design", "no statute or standard that was read asks for it"),
}  # fmt: skip
"""Every law and standard that a source names, by how it begins: what it is, and how it was read."""


def page(edition: Edition) -> str:
    """Return docs/dictionary.md."""
    parts = dict.fromkeys(group.part for group in GROUPS.values() if group.part)
    permits = [rule for rule in policy.approved(edition.code).rules if rule.permits]
    sections = (
        _OPENING.format(edition=edition.code, most=MOST), "## Groups", _groups(),
        *(text for part in parts for text in _part(part)),
        "## Who may read a field class", _CLASSES, _rules(permits), _classes(permits),
        "## When a group is verified", _FRESHNESS, _tiers(edition),
        "## Codes of the country edition", *_codes(edition),
        "## Sources", _SOURCES, table(("cited as", "what it is", "how it was read"), (
            (name, *told) for name, told in CITED.items()
        )),
    )  # fmt: skip
    return "\n\n".join(sections) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = (heads, ("---",) * len(heads), *rows)
    return "\n".join(f"| {' | '.join(each.replace('|', '/') for each in line)} |" for line in lines)


# -- the record

_OPENING = """# Data dictionary

Everything that the register holds of a person, country edition `{edition}`. This page is made from the one description
of a record (`registry/profiles/parts.py`, `record.py`) by `registry schema dictionary`; whoever changes the description
prints it anew, and the suite compares. The same as JSON Schema: [schemas/record.json](schemas/record.json) for import,
[schemas/export.json](schemas/export.json) for export.

- **Form**: `[ ]` stands for a list of at most {most} values. **Required**: without it the record is refused; a value in
  brackets stands for what is left out.
- **Stored**: *clear* columns rely on the encryption of disk and database; *sealed* groups are encrypted with a key of
  the record's own ([decisions/0009](decisions/0009-a-key-for-each-record.md)). Exact search on sealed values goes by
  keyed hashes.
- **Class**: who may read it stands below. **Verified**: the group says of itself when and by whom it was verified.
- There is no field for a victim's data but age band and sex, and none may be added."""


def _groups() -> str:
    heads = ("group", "form", "required", "meaning", "source", "stored", "class", "verified")
    return table(heads, (
        (f"`{name}`", _form(group), _required(group), group.meaning, group.source, STORED[group.column], _class(group),
         _yes(name in VERIFIED))
        for name, group in GROUPS.items()
    ))  # fmt: skip


def _part(part: type) -> Iterable[str]:
    """Yield the section of a part, and of the parts of names behind that of names."""
    held = [name for name, group in GROUPS.items() if group.part is part]
    yield f"### {part.__name__}"
    yield f"{part.__doc__} In " + ", ".join(f"`{name}`" for name in held) + "."
    yield table(("field", "form", "required", "meaning", "source"), (
        (f"`{each.name}`", _form(each), _required(each), each.meaning, each.source) for each in members(part)
    ))  # fmt: skip
    more = members(as_given(part))[len(members(part)) :]
    if more:
        yield _GIVEN
        yield table(("field", "form", "meaning", "source"), (
            (f"`{each.name}`", _form(each), each.meaning, each.source) for each in more
        ))  # fmt: skip


_GIVEN = """Handed in beside these, and not kept: what they mean is in the others then
([imports.md](imports.md))."""


def _form(each: Group | Member) -> str:
    if each.part is NamePart:
        text = members(NamePart)[1].kind
        return f"object of {', '.join(f'`{name}`' for name in NAME_PARTS)}: {text.words() if text else ''} each"
    words = f"[{each.part.__name__}](#{each.part.__name__.lower()})" if each.part else _words(each.kind)
    return f"[ {words} ]" if each.many else words


def _words(kind: Kind | None) -> str:
    assert kind is not None
    return kind.words()


def _required(each: Group | Member) -> str:
    if each.name == "owner":
        return "(who hands it in)"
    if each.required:
        return "yes"
    if isinstance(each.default, bool):
        return f"(`{str(each.default).lower()}`)"
    return f"(`{each.default}`)" if isinstance(each.default, str) else NO


def _class(group: Group) -> str:
    if group.name == "names":
        kinds = " and ".join(sorted(ALIAS_KINDS))
        return f"{group.field_class.value}; of kind {kinds}: {FieldClass.ALIASES.value}"
    return group.field_class.value


def _yes(told: bool) -> str:
    return "yes" if told else NO


# -- who may read, and how old it may be

_CLASSES = """A rule opens field classes to roles for a purpose; what no rule opens is withheld, and named in
`redactions`. What else a rule asks for, and what is forbidden whatever is opened here, stands in
[permissions.md](permissions.md). Who may know that there is such a record depends on its category and its standing as
well ([life-cycle.md](life-cycle.md))."""


def _rules(permits: Sequence[Rule]) -> str:
    return table(("rule", "what it says", "roles", "purposes", "law"), (
        (rule.id, rule.title, ", ".join(sorted(rule.axes["subjects"])), ", ".join(sorted(rule.axes["purposes"])),
         rule.law)
        for rule in permits
    ))  # fmt: skip


def _classes(permits: Sequence[Rule]) -> str:
    heads = ("class", "groups", *(rule.id for rule in permits))
    return table(heads, (
        (each.value, _held(each), *(_yes(each in rule.fields) for rule in permits)) for each in FieldClass
    ))  # fmt: skip


def _held(kind: FieldClass) -> str:
    if kind is FieldClass.ALIASES:
        return "`names` of kind " + ", ".join(sorted(ALIAS_KINDS))
    return ", ".join(f"`{name}`" for name, group in GROUPS.items() if group.field_class is kind)


_FRESHNESS = """Verified groups are verified at the interval of the record's `tier`, counted from the latest
verification of any of them, or earlier where `freshness` says so. Every answer tells how old each group is."""


def _tiers(edition: Edition) -> str:
    return table(("tier", "verified every", "expires after", "source"), (
        (f"`{each.code}`", f"{each.verification_months} months", _years(each.expires_after_years), each.source)
        for each in edition.tiers.values()
    ))  # fmt: skip


def _years(years: int | None) -> str:
    if years is None:
        return "never"
    return "1 year" if years == 1 else f"{years} years"


# -- codes


def _codes(edition: Edition) -> Iterable[str]:
    """Yield the lists of the edition, but for the long ones."""
    yield (f"Offences, counties and the source of each row stand in `registry/editions/{edition.code}/`. What is not "
           "verified, nobody has read in a law or an official text.")  # fmt: skip
    yield "### Categories"
    yield table(("code", "meaning", "needs", "expires after", "reviewed every", "who may know of it", "verified"), (
        (f"`{each.code}`", each.sentence, "a conviction" if each.needs_conviction else "a court's order",
         _years(each.expires_after_years), _years(each.review_every_years), ", ".join(each.roles), _yes(each.verified))
        for each in edition.categories.values()
    ))  # fmt: skip
    yield "Category and tier may each set an end; the earlier one counts."
    yield "### Legal bases"
    yield table(("code", "article", "meaning"), (
        (f"`{each.code}`", each.article, each.sentence) for each in edition.legal_bases.values()
    ))  # fmt: skip
    yield "### Instruments of risk assessment"
    yield table(("code", "instrument", "levels, lowest first", "verified"), (
        (f"`{each.code}`", each.title, ", ".join(f"`{level}`" for level in each.levels), _yes(each.verified))
        for each in edition.risk_instruments.values()
    ))  # fmt: skip
    yield "### Modus operandi"
    yield table(("code", "meaning", "verified"), (
        (f"`{each.code}`", each.title, _yes(each.verified)) for each in edition.modus_operandi.values()
    ))  # fmt: skip
    yield "### Handling"
    codes = (*edition.handling.onward.values(), *edition.handling.clearances.values())
    yield table(("code", "meaning", "verified"), ((f"`{each.code}`", each.sentence, _yes(each.verified))
                                                  for each in codes))  # fmt: skip


_SOURCES = "Each field names the law or standard that asks for it. How sure we are of what these say:"


# -- the life cycle


def life() -> str:
    """Return what each change makes of a record of each standing, as a table."""
    heads = ("change", *(f"of {each.value}" for each in Standing))
    return table(heads, (
        (change.value, *(made.value if (made := LIFE.get((each, change))) else NO for each in Standing))
        for change in Change
    ))  # fmt: skip


_ASKS: Mapping[str, Callable[[Change], bool]] = {
    "brings a record": lambda change: change in CARRIES_A_RECORD,
    "names a second record": lambda change: change in NEEDS_OTHER,
    "names a court's order": lambda change: change in NEEDS_ORDER,
    "a supervisor decides": lambda change: change in SUPERVISED,
    "recalls what was disclosed": lambda change: change in WITHDRAWS,
}


def changes() -> str:
    """Return what each change asks for, as a table."""
    return table(("change", *_ASKS), ((change.value, *(_yes(asks(change)) for asks in _ASKS.values()))
                                      for change in Change))  # fmt: skip


def decisions() -> str:
    """Return what a decision makes of a proposal, as a table."""
    heads = ("decision", *(f"of {each.value}" for each in State))
    return table(heads, (
        (decision.value, *(made.value if (made := DECISIONS.get((each, decision))) else NO for each in State))
        for decision in Decision
    ))  # fmt: skip
