"""A record in which every group and every member is filled, made from the description, and how GraphQL says it.

    value = complete(photograph="ZgGX…")      the record format of an import
    given(value)                              the same as a RecordInput
    EVERYTHING                                the selection of every group and member of a profile
    answered(value)                           what GraphQL answers to it

A new member is filled, asked for and compared the day it is described. A new kind of value, or a new date, fails here
until somebody says what it may be.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from typing import Any

from registry.core.partial_dates import PartialDate
from registry.profiles import intake, kinds
from registry.profiles.forms import Group, Member, members
from registry.profiles.kinds import Code, Form, Kind, Line, Listed, Prose, Whole
from registry.profiles.parts import NAME_PARTS, VERIFIED, NamePart
from registry.profiles.points import POINT
from registry.profiles.record import GROUPS, Record
from registry.profiles.views import CALLED
from tests.factories import AGENCY, EDITION

Json = dict[str, Any]
LAWFUL = replace(EDITION, parents_names="An invented act, section 1")
"""An edition of a country whose law asks for the names of parents; Kenya's doesn't."""

DAYS = {
    "birth_date": "1971-05", "review_on": "2027-01-31", "Record.expires_on": "2039-03-09",
    "since": "2016-02", "until": "2024-05-01", "first_seen": "2019", "last_seen": "2026-01-02",
    "issued_on": "2015-06-30", "expires_on": "2029-06-30", "departs_on": "2026-01-05", "returns_on": "2026-01-20",
    "notified_on": "2025-12-10", "described_on": "2025-03", "seen_on": "2025", "taken_on": "2025-03-01",
    "committed_on": "2014-01/2014-06-30", "convicted_on": "2015-03-09", "made_on": "2015-04-01",
    "ends_on": "2027-04-01", "release_due_on": "2024-05", "assessed_on": "2024", "written_on": "2024-02-29",
    "dated_on": "2015-03-10", "verified_on": "2026-05-21", "due_on": "2027-05-21",
}  # fmt: skip
"""By the member's name, in an order that agrees with itself; of every precision."""
EXCEPT = {
    "Name.full": "Zawadi Pendo Chebet", "Name.transliterates": "ዘዋዲ ፔንዶ ቸበት", "Name.script": "Latn",
    "Risk.level": "I", "Record.category": "convicted", "Record.county": "Kwale",
}  # fmt: skip
"""Values that more than their kind decides."""


def _code(codes: Iterable[str], default: object) -> str:
    """Return the first code that isn't there anyway."""
    return next(code for code in codes if code != default)


_OF_KINDS: dict[type, Callable[[Any, str, Any], Any]] = {
    Line: lambda _, place, __: f"Demo {_words(place)}",
    Prose: lambda _, place, __: f"Demo {_words(place)},\nin two lines.",
    Code: lambda kind, _, default: _code(kind.codes, default),
    Listed: lambda kind, _, default: _code(kind.listed(EDITION), default),
    type(kinds.COUNTRY): lambda *_: "TZ",
    type(kinds.PHONE): lambda *_: "+254733000111",
    type(kinds.EMAIL): lambda *_: "zawadi@mail.example",
    type(POINT): lambda *_: "geo:-3.3945,38.5563",
    Whole: lambda kind, *_: kind.least + 1,
    type(kinds.FLAG): lambda *_: True,
}
_OF_FORMS: dict[Form, Callable[[str], str]] = {
    kinds.NUMBER: lambda place: f"DEMO/{len(place)}-{sha256(place.encode()).hexdigest()[:6].upper()}",
    kinds.PLATFORM: lambda _: "demo.example",
    kinds.DIGEST: lambda place: sha256(place.encode()).hexdigest(),
    kinds.ADDRESS: lambda _: "https://demo.example/zawadi?tab=1",
}


def _words(place: str) -> str:
    return place.replace(".", " ").replace("_", " ").lower()


def sample(kind: Kind, place: str, default: Any = None) -> Any:
    """Return a value for a member, ``Part.member`` or ``Record.group``."""
    name = place.partition(".")[2]
    if place in EXCEPT:
        return EXCEPT[place]
    if kind in (kinds.DATE, kinds.DAY):
        return DAYS.get(place) or DAYS[name]
    if isinstance(kind, Form):
        return _OF_FORMS[kind](place)
    return _OF_KINDS[type(kind)](kind, place, default)


def filled(part: type, **changes: Any) -> Json:
    """Return a part with every member."""
    return {each.name: _member(part, each) for each in members(part) if each.name not in changes} | changes


def _member(part: type, each: Member) -> Any:
    place = f"{part.__name__}.{each.name}"
    if each.part is NamePart:
        return {kind: f"Demo {kind}" for kind in NAME_PARTS}
    assert each.kind is not None
    value = sample(each.kind, place, each.default)
    return [value, "UG"] if each.many else value


def complete(*, photograph: str | None = None, parents: bool = False) -> Json:
    """Return the record; photographs where one was uploaded, parents where a law asks for them."""
    value = {name: _group(group) for name, group in GROUPS.items() if name not in ("photographs", "owner")}
    value["names"] += [{"full": "ዘዋዲ ፔንዶ", "kind": "alias", "script": "Ethi"}]
    value["freshness"] = [each | {"group": name} for name in VERIFIED for each in value["freshness"]]
    if photograph is not None:
        value["photographs"] = [filled(_part("photographs"), id=photograph)]
    if not parents:
        del value["parents"]
    return value


_NUMBERED: dict[Any, Callable[[Any, int], Any]] = {
    Line: lambda text, number: f"{text} {number}",
    Prose: lambda text, number: f"{text} {number}",
    Whole: lambda value, number: value + number,
    kinds.NUMBER: lambda _, number: f"DEMO/{number:03d}",
    kinds.PHONE: lambda _, number: f"+2547330001{number:02d}",
    kinds.EMAIL: lambda _, number: f"zawadi{number}@mail.example",
}


def crowded(count: int) -> Json:
    """Return the record with so many different entries in every list of parts."""
    value = complete()
    for name, group in GROUPS.items():
        if group.many and group.part is not None and name in value and name != "freshness":
            value[name] = [_numbered(group.part, value[name][0], number) for number in range(count)]
    return value


def _numbered(part: type, value: Json, number: int) -> Json:
    changes = {}
    for each in members(part):
        change = _NUMBERED.get(each.kind) or _NUMBERED.get(type(each.kind))
        if change is not None and f"{part.__name__}.{each.name}" != "Risk.level":
            changes[each.name] = change(value[each.name], number)
    return value | changes


def _group(group: Group) -> Any:
    if group.part is not None:
        each: Any = filled(group.part)
    else:
        assert group.kind is not None
        each = sample(group.kind, f"Record.{group.name}", group.default)
    return [each] if group.many else each


def _part(name: str) -> type:
    part = GROUPS[name].part
    assert part is not None
    return part


# -- as GraphQL says it


def camel(name: str) -> str:
    """Return a name as GraphQL writes it."""
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)


def constant(code: str) -> str:
    """Return a code as a GraphQL enum writes it."""
    name = code.upper().replace("-", "_")
    return f"AGE_{name}" if name[0].isdigit() else name


def told(value: Any, kind: Kind | None = None) -> Any:
    """Return a value of a record as GraphQL writes it, in an input or an answer."""
    if isinstance(value, PartialDate):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        kinds_of = {each.name: each.kind for each in members(type(value))}
        return {camel(each.name): told(getattr(value, each.name), kinds_of[each.name]) for each in fields(value)}
    if isinstance(value, tuple):
        return [told(each, kind) for each in value]
    return constant(value) if isinstance(kind, Code) and value is not None else value


def graph(record: Record) -> Json:
    """Return every group of a record by its name in GraphQL."""
    return {camel(CALLED.get(name, name)): told(getattr(record, name), group.kind) for name, group in GROUPS.items()}


def read(value: object) -> Record:
    """Return the record that a value describes, where the law asks for parents."""
    return intake.record(value, LAWFUL, owner=AGENCY)


def given(value: object) -> Json:
    """Return a record of the import format as a RecordInput; what is not known is left out."""
    graphed = graph(read(value))
    del graphed["recordOwner"]
    return {name: each for name, each in graphed.items() if each not in (None, [])}


def answered(value: object) -> Json:
    """Return what GraphQL answers to EVERYTHING, but for freshness, of which it tells the age as well."""
    graphed = graph(read(value))
    del graphed["freshness"]
    return graphed


def _selection(part: type) -> str:
    return " ".join(
        camel(each.name) + (f" {{ {_selection(NamePart)} }}" if each.part is NamePart else "") for each in members(part)
    )


FRESHNESS = "freshness { group verifiedOn verifiedBy sourceDigest dueOn ageDays overdue }"
GROUPS_SELECTED = " ".join(
    camel(CALLED.get(group.name, group.name)) + (f" {{ {_selection(group.part)} }}" if group.part else "")
    for group in GROUPS.values()
    if group.name != "freshness"
)
"""Every group but freshness, with every member."""
EVERYTHING = f"{GROUPS_SELECTED} {FRESHNESS} standing contested redactions {{ path reason }}"
"""All that a profile and a proposed record have in common."""
