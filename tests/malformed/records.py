"""Records that no register takes, made from the description of a record: each member of each part in every wrong way.

    RecordCase("phones[0].number too long", "PHONE_MALFORMED", "phones[0].number", value, question)

A row of a table below is a way to be wrong; a kind of value has its rows, and each member of that kind gets each of
them. So a new member is attacked the day it is described, and a new kind of value fails here until it has rows.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from registry.profiles import coherence, intake, kinds
from registry.profiles.coherence import MAY_LIE_AHEAD, PERIODS
from registry.profiles.forms import Group, Member, members
from registry.profiles.intake import MOST
from registry.profiles.kinds import Code, Form, Kind, Line, Listed, Prose, Whole
from registry.profiles.parts import NAME_PARTS, NamePart
from registry.profiles.points import POINT
from registry.profiles.record import GROUPS, Record
from tests.factories import AGENCY, EDITION, MOMENT
from tests.graphql_schema.profiles.complete import LAWFUL, camel, complete, graph
from tests.malformed.cases import SECRET

Json = dict[str, Any]
FULL = complete(photograph="A" * 23, parents=True)
BASE = {name: FULL[name] for name in ("names", "birth_date", "convictions", "legal_basis")}
"""What every record needs; a case adds the group that it breaks."""
VICTIM_TEXT = "Defiled Asha Wanjiru, aged 11"
VICTIM_NAMES = ("victim_name", "child_name", "complainant", "jinaLaMtoto", "minor_dob", "PW1")
"""Names of columns that tell of a victim."""
FUTURE = "2199-12-31"
"""By any clock: an import has the machine's own."""


@dataclass(frozen=True)
class RecordCase:
    """A record with one thing wrong, as an import brings it and as a client sends it."""

    name: str
    kind: str
    """In which way it is wrong, of what kind of value: of each kind one goes through GraphQL."""
    code: str
    field: str
    value: object
    question: Json | None = None
    """The RecordInput, where one can say it."""

    def __str__(self) -> str:
        return self.name


# -- ways to be wrong, by kind of value


Wrong = tuple[str, Any, str]
"""What is wrong, the value, the code of the answer."""

NO_TEXT: tuple[tuple[str, Any], ...] = (
    ("a number", 5), ("a fraction", 1.5), ("a flag", True), ("a list", [SECRET]), ("an object", {SECRET: 1}),
)  # fmt: skip
ODD_TEXT: tuple[tuple[str, str], ...] = (
    ("empty", ""), ("blank", " \t "), ("a control character", f"{SECRET}\x07"), ("U+0000", f"{SECRET}\0"),
    ("turned by U+202E", f"{SECRET} \u202e"), ("hidden U+200B", f"{SECRET}\u200b"),
    ("half a character", f"{SECRET}\ud800"), ("private use", f"{SECRET}\ue000"),
)  # fmt: skip
NOT_WRONG_IN_GRAPHQL = frozenset({"a whole fraction"})
"""An Int may be written as 170.0 (GraphQL specification, 3.5.1)."""
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3")
LONG = 5_000


def _text(kind: Line | Prose) -> Iterator[Wrong]:
    for label, value in (*NO_TEXT, *ODD_TEXT, ("too long", "x" * (kind.most + 1))):
        yield label, value, "TEXT_MALFORMED"
    if not is_name(kind):
        yield "a victim's data", VICTIM_TEXT, "VICTIM_DATA"


def is_name(kind: Kind | None) -> bool:
    """Say whether a text is a name, which may be any word: it is not looked through for a victim's."""
    return isinstance(kind, Line) and kind.is_name


def _codes(kind: Code | Listed) -> Iterator[Wrong]:
    known = kind.codes if isinstance(kind, Code) else tuple(kind.listed(LAWFUL))
    spaced = f" {known[0]}"
    for label, value in (*NO_TEXT, *ODD_TEXT, ("unknown", SECRET), ("spaced", spaced), ("too long", "x" * LONG)):
        yield label, value, "CODE_UNKNOWN"
    if known[0].swapcase() not in known:
        yield "in other letters", known[0].swapcase(), "CODE_UNKNOWN"


def _form(_kind: Form) -> Iterator[Wrong]:
    for label, value in (*NO_TEXT, *ODD_TEXT, ("too long", "A" * LONG), ("another script", "ዘዋዲ")):
        yield label, value, "FORM_MALFORMED"
    for formula in FORMULAS:
        yield f"a formula {formula}", formula, "FORM_MALFORMED"


def _dates(kind: Any) -> Iterator[Wrong]:
    for label, value in (
        *NO_TEXT, *ODD_TEXT, ("of another country", "17/05/2016"), ("without dashes", "20160517"), ("a number", 2016),
        ("no month", "2016-13"), ("no day", "2016-02-30"), ("short", "2016-5-17"), ("with a time", "2016-05-17T09:00"),
        ("spaced", " 2016-05-17"), ("a formula", "=DATE(2016,5,17)"), ("too long", "2016" * 999), ("open", "2016/"),
        ("of other digits", "٢٠١٦"),
    ):  # fmt: skip
        yield label, value, "DATE_MALFORMED"
    yield "before anybody's time", "1700", "DATE_OUT_OF_RANGE"
    yield "after anybody's time", "2200-01-01", "DATE_OUT_OF_RANGE"
    yield "backwards", "2016/2015", "DATE_OUT_OF_ORDER"
    if kind.whole:
        yield "a month for a day", "2016-05", "DATE_MALFORMED"
        yield "a range for a day", "2016-05-01/2016-06-01", "DATE_MALFORMED"


def _country(_kind: Kind) -> Iterator[Wrong]:
    for label, value in (*NO_TEXT, *ODD_TEXT, ("small", "ke"), ("three letters", "KEN"), ("nowhere", "XX")):
        yield label, value, "COUNTRY_UNKNOWN"


def _phone(_kind: Kind) -> Iterator[Wrong]:
    for label, value in (
        *NO_TEXT, *ODD_TEXT, ("short", "12"), ("too long", "+254712345678" * 9), ("letters", "0712 FLOWER"),
        ("an extension", "+254712345678 ext. 5"), ("a formula", "=2547+12345678"),
    ):  # fmt: skip
        yield label, value, "PHONE_MALFORMED"


def _email(_kind: Kind) -> Iterator[Wrong]:
    for label, value in (
        *NO_TEXT, *ODD_TEXT, ("nobody's", "@mail.example"), ("nowhere", "zawadi@"), ("without a dot", "zawadi@mail"),
        ("two", "a@mail.example,b@mail.example"), ("named", "Zawadi <z@mail.example>"),
        ("too long", f"{'z' * 60}@{'m' * 250}.example"), ("a formula", "=1+1"),
        ("turned", "zawadi\u202e@mail.example"), ("of two alphabets", "zawadi@m\u0430il.example"),
    ):  # fmt: skip
        yield label, value, "FORM_MALFORMED"


def _whole(kind: Whole) -> Iterator[Wrong]:
    for label, value in (
        ("a text", "170"), ("a fraction", 170.5), ("a whole fraction", 170.0), ("a flag", True), ("a list", [170]),
        ("an object", {}), ("too little", kind.least - 1), ("too much", kind.most + 1), ("negative", -1),
        ("endless", 10**30), ("in no unit", "170 cm"),
    ):  # fmt: skip
        yield label, value, "NUMBER_MALFORMED"


def _flag(_kind: Kind) -> Iterator[Wrong]:
    for label, value in (("a text", "true"), ("a word", "yes"), ("a number", 1), ("zero", 0), ("a list", [True])):
        yield label, value, "FLAG_MALFORMED"


def _point(_kind: Kind) -> Iterator[Wrong]:
    for label, value in (
        *NO_TEXT, *ODD_TEXT, ("too long", "geo:1," + "1" * LONG), ("no scheme", "-3.39,38.55"), ("half", "geo:-3.39"),
        ("beyond the pole", "geo:90.5,38"), ("around the earth", "geo:0,180.1"), ("with a height", "geo:1,2,3"),
        ("with parameters", "geo:1,2;u=35"), ("no number", "geo:nan,2"), ("of other digits", "geo:٣,٤"),
    ):  # fmt: skip
        yield label, value, "FORM_MALFORMED"


WAYS: dict[type, Callable[[Any], Iterator[Wrong]]] = {
    Line: _text, Prose: _text, Code: _codes, Listed: _codes, Form: _form, type(kinds.DATE): _dates,
    type(kinds.COUNTRY): _country, type(kinds.PHONE): _phone, type(kinds.EMAIL): _email, Whole: _whole,
    type(kinds.FLAG): _flag, type(POINT): _point,
}  # fmt: skip
OBJECTS = {"Name": "NAME_MALFORMED", "Identifier": "IDENTIFIER_MALFORMED", "Handle": "HANDLE_MALFORMED",
           "Conviction": "CONVICTION_MALFORMED", "LegalBasis": "LEGAL_BASIS_MISSING"}  # fmt: skip
"""Codes of a part that is no object; of all others PART_MALFORMED."""
SHORTHAND = frozenset({"phones", "emails"})
"""Lists that may hold plain texts."""


# -- where it is wrong


def with_group(name: str) -> tuple[Json, Json]:
    """Return a record that holds this group, as an import brings it and as a client sends it."""
    return deepcopy(_with_group(name))


@cache
def _with_group(name: str) -> tuple[Json, Json]:
    value = BASE | ({name: FULL[name]} if name in FULL else {})
    return value, question(value)


def question(value: Json) -> Json:
    """Return a record as a RecordInput; of values between which a rule is broken, too."""
    record = intake._Reader(LAWFUL).record(value, AGENCY)
    assert record is not None
    graphed = graph(record)
    del graphed["recordOwner"]
    return {name: each for name, each in graphed.items() if each not in (None, [])}


def _at(name: str, group: Group) -> str:
    return f"{name}[0]" if group.many else name


def _part_of(value: Json, name: str, group: Group) -> Any:
    return value[name][0] if group.many else value[name]


def wrong_members() -> Iterator[RecordCase]:
    """Every member of every part, in every way that its kind can be wrong."""
    for name, group, each in every_member():
        if each.kind is None or each.many:
            continue
        field = f"{_at(name, group)}.{each.name}"
        for label, bad, code in WAYS[type(each.kind)](each.kind):
            value, asked = with_group(name)
            _part_of(value, name, group)[each.name] = bad
            _part_of(asked, camel(name), group)[camel(each.name)] = bad
            sent = None if label in NOT_WRONG_IN_GRAPHQL else asked
            yield RecordCase(f"{field} {label}", f"{type(each.kind).__name__} {label}", code, field, value, sent)
        yield from _not_given(name, group, each, field)


def every_member() -> Iterator[tuple[str, Group, Member]]:
    """Yield each member of each part, with its group."""
    for name, group in GROUPS.items():
        if group.part is not None:
            for each in members(group.part):
                yield name, group, each


def _not_given(name: str, group: Group, each: Member, field: str) -> Iterator[RecordCase]:
    if not each.required:
        return
    for label, change in (("null", {each.name: None}), ("missing", None)):
        value, asked = with_group(name)
        one, other = _part_of(value, name, group), _part_of(asked, camel(name), group)
        if change is None:
            del one[each.name], other[camel(each.name)]
        else:
            one[each.name] = other[camel(each.name)] = None
        yield RecordCase(f"{field} {label}", f"required {label}", "FIELD_MISSING", field, value, asked)


def wrong_days() -> Iterator[RecordCase]:
    """What has happened did not happen tomorrow; an offence that had, would come after its conviction."""
    for name, group, each in every_member():
        if each.kind in (kinds.DATE, kinds.DAY) and each.name not in (*MAY_LIE_AHEAD, "committed_on"):
            value, asked = with_group(name)
            _part_of(value, name, group)[each.name] = FUTURE
            _part_of(asked, camel(name), group)[camel(each.name)] = FUTURE
            for later in ("until", "ends_on", "expires_on", "release_due_on", "last_seen", "due_on", "returns_on"):
                if later in _part_of(value, name, group) and later != each.name:
                    del _part_of(value, name, group)[later], _part_of(asked, camel(name), group)[camel(later)]
            field = f"{_at(name, group)}.{each.name}"
            yield RecordCase(f"{field} in the future", "a day in the future", "DATE_IN_FUTURE", field, value, asked)


def wrong_groups() -> Iterator[RecordCase]:
    """Every group as a whole: what it must not be, and lists too long, too short, or of what they must not hold."""
    for name, group in GROUPS.items():
        if name == "owner":
            continue
        if group.many:
            yield from _wrong_lists(name, group)
        elif group.part is not None:
            yield from _wrong_parts(name, group, name)
        else:
            assert group.kind is not None
            for label, bad, code in WAYS[type(group.kind)](group.kind):
                value, asked = with_group(name)
                yield RecordCase(f"{name} {label}", f"{type(group.kind).__name__} {label}", code, name,
                                 value | {name: bad}, asked | {camel(name): bad})  # fmt: skip


def _wrong_lists(name: str, group: Group) -> Iterator[RecordCase]:
    each = FULL[name][0]
    bads: list[tuple[str, Any]] = [
        ("a number for a list", 5), ("an object for a list", {}), ("a text for a list", SECRET),
        (f"{MOST + 1} entries", [each] * (MOST + 1)), ("a huge list", [each] * 3_000),
    ]  # fmt: skip
    if group.required:
        bads.append(("an empty list", []))
    for label, bad in bads:
        value, asked = with_group(name)
        many = isinstance(bad, list) and len(bad) > 0
        given = [asked[camel(name)][0]] * len(bad) if many else bad
        sent = None if label == "a huge list" else asked | {camel(name): given}  # it is longer than a request
        yield RecordCase(f"{name} {label}", label, "LIST_MALFORMED", name, value | {name: bad}, sent)
    if group.part is not None:
        yield from _wrong_parts(name, group, f"{name}[0]")
    else:
        assert group.kind is not None
        for label, bad, code in WAYS[type(group.kind)](group.kind):
            value, asked = with_group(name)
            yield RecordCase(f"{name}[0] {label}", f"{type(group.kind).__name__} {label}", code, f"{name}[0]",
                             value | {name: [bad]}, asked | {camel(name): [bad]})  # fmt: skip


def _wrong_parts(name: str, group: Group, field: str) -> Iterator[RecordCase]:
    """What stands in the place of a part, and members that no part has."""
    assert group.part is not None
    code = OBJECTS.get(group.part.__name__, "PART_MALFORMED")
    bads: list[tuple[str, Any]] = [("a number", 5), ("a flag", True), ("a list", [])]
    if name not in SHORTHAND:
        bads.append(("a text", SECRET))
    if group.many:
        bads.append(("null", None))
    for label, bad in bads:
        value, asked = with_group(name)
        given = [bad] if group.many else bad
        yield RecordCase(f"{field} {label} for a part", f"{label} for a part", code, field, value | {name: given},
                         asked | {camel(name): given})  # fmt: skip
    for unknown, told in (
        *((each, "VICTIM_DATA") for each in VICTIM_NAMES), ("surname", "FIELD_UNKNOWN"), (SECRET, "FIELD_UNKNOWN"),
        ("__class__", "FIELD_UNKNOWN"),
    ):  # fmt: skip
        value, asked = with_group(name)
        _part_of(value, name, group)[unknown] = SECRET
        _part_of(asked, camel(name), group)[unknown] = SECRET
        place = f"{field}.{unknown}"
        yield RecordCase(f"{place} unknown", f"an unknown member {unknown}", told, place, value, asked)


def wrong_name_parts() -> Iterator[RecordCase]:
    """The parts of a name, which stand in an object of their own."""
    text = members(NamePart)[1].kind
    assert text is not None
    for kind in NAME_PARTS:
        for label, bad, code in WAYS[type(text)](text):
            value, _ = with_group("names")
            value["names"][0]["parts"] = {kind: bad}
            field = f"names[0].parts.{kind}"
            yield RecordCase(f"{field} {label}", f"part of a name {label}", code, field, value)
    for label, bad in (("a list", [{"given": "x"}]), ("a text", SECRET), ("a number", 5)):
        value, _ = with_group("names")
        value["names"][0]["parts"] = bad
        yield RecordCase(f"names[0].parts {label}", f"parts of a name as {label}", "NAME_MALFORMED", "names[0].parts",
                         value)  # fmt: skip
    for unknown, code in (("surname", "FIELD_UNKNOWN"), ("child", "VICTIM_DATA")):
        value, _ = with_group("names")
        value["names"][0]["parts"] = {unknown: SECRET}
        field = f"names[0].parts.{unknown}"
        yield RecordCase(f"{field} unknown", f"an unknown part {unknown}", code, field, value)
    value, _ = with_group("handling")
    value["handling"]["releasable_to"] = "KE"
    yield RecordCase("countries that are no list", "no list within a part", "LIST_MALFORMED",
                     "handling.releasable_to", value)  # fmt: skip
    value, asked = with_group("handling")
    value["handling"]["releasable_to"] = asked["handling"]["releasableTo"] = ["KE", "XX"]
    yield RecordCase("a country that is none in a list", "a value of a list within a part", "COUNTRY_UNKNOWN",
                     "handling.releasable_to[1]", value, asked)  # fmt: skip


def wrong_records() -> Iterator[RecordCase]:
    """The record as a whole."""
    for label, bad in (("null", None), ("a list", []), ("a text", SECRET), ("a number", 5), ("a flag", False)):
        yield RecordCase(f"{label} for a record", "no record", "RECORD_MALFORMED", "record", bad)
    for unknown, code in (
        *((each, "VICTIM_DATA") for each in VICTIM_NAMES), ("surname", "FIELD_UNKNOWN"), (SECRET, "FIELD_UNKNOWN"),
        ("names ", "FIELD_UNKNOWN"), ("Names", "FIELD_UNKNOWN"), ("__proto__", "FIELD_UNKNOWN"),
    ):  # fmt: skip
        yield RecordCase(f"a group {unknown!r}", f"an unknown group {unknown}", code, unknown, BASE | {unknown: SECRET},
                         question(BASE) | {unknown: SECRET})  # fmt: skip
    for name, code in (("names", "LIST_MALFORMED"), ("legal_basis", "LEGAL_BASIS_MISSING")):
        for label, value in (("null", BASE | {name: None}), ("missing", {k: v for k, v in BASE.items() if k != name})):
            asked = {key: each for key, each in question(BASE).items() if key != camel(name)}
            asked |= {camel(name): None} if label == "null" else {}
            yield RecordCase(f"{name} {label}", f"a required group {label}", code, name, value, asked)
    for label, bad in (*NO_TEXT, *ODD_TEXT):
        yield RecordCase(f"owner {label}", "an owner", "TEXT_MALFORMED", "owner", BASE | {"owner": bad})
    for label, dob in (("a text", "1971"), ("no precision", {"value": "1971"}), ("another precision",
                       {"value": "1971", "precision": "day"})):  # fmt: skip
        field = "dob.precision" if label == "another precision" else "dob"
        value = {key: each for key, each in BASE.items() if key != "birth_date"}
        yield RecordCase(f"dob {label}", "an older birth date", "DATE_MALFORMED", field, value | {"dob": dob})
    nameless = BASE | {"names": [{"full": "12 34"}]}
    yield RecordCase("a name without letters", "a name without letters", "NAME_MALFORMED", "names[0].full", nameless,
                     question(BASE) | {"names": [{"full": "12 34"}]})  # fmt: skip


# -- rules between values


def broken_rules() -> Iterator[RecordCase]:
    """Values each of which is good, and that can't be true together."""
    yield from _backwards()
    for label, code, field, changes in _BETWEEN:
        value = deepcopy(FULL) | deepcopy(changes)
        for name in ("photographs", *(() if code == "PARENTS_NAMES" else ("parents",))):
            value.pop(name, None)
        yield RecordCase(label, label, code, field, value, question(value))


def _backwards() -> Iterator[RecordCase]:
    """Each pair of days of which the second lies before the first."""
    for name, group in GROUPS.items():
        dated = {each.name for each in members(group.part)} if group.part is not None else set()
        for first, last in PERIODS:
            if {first, last} <= dated:
                value, _ = with_group(name)
                part = _part_of(value, name, group)
                part |= {first: "2016-02-01", last: "2015-12-31"}
                field = f"{_at(name, group)}.{last}"
                yield RecordCase(f"{field} before {first}", f"{last} before {first}", "DATE_OUT_OF_ORDER", field, value,
                                 question(value))  # fmt: skip


def _convicted(**changes: Any) -> Json:
    return {"convictions": [FULL["convictions"][0] | changes]}


_BETWEEN: tuple[tuple[str, str, str, Json], ...] = (
    ("born after the conviction", "DATE_OUT_OF_ORDER", "convictions[0].convicted_on",
     {"birth_date": "2016", "category": "juvenile", "expires_on": None}),
    ("born in the year of the conviction", "DATE_OUT_OF_ORDER", "convictions[0].convicted_on",
     {"birth_date": "2015-01", "category": "juvenile", "expires_on": None}),
    ("convicted, of nothing", "LIST_MALFORMED", "convictions", {"convictions": []}),
    ("convicted, and quashed", "CONVICTION_WITHDRAWN", "convictions", _convicted(appeal="quashed")),
    ("convicted, and expunged", "CONVICTION_WITHDRAWN", "convictions", _convicted(appeal="expunged")),
    ("ordered, without the order", "ORDER_MISSING", "orders",
     {"category": "ordered", "orders": [], "expires_on": None}),
    ("juvenile, without the order", "ORDER_MISSING", "orders",
     {"category": "juvenile", "orders": [], "expires_on": None}),
    ("ordered, for longer than the category lasts", "EXPIRY_TOO_LATE", "expires_on",
     {"category": "ordered", "convictions": [], "expires_on": "2029-06-01"}),
    ("reviewed later than the category asks for", "REVIEW_TOO_LATE", "review_on", {"review_on": FUTURE}),
    ("ordered, perhaps under age", "JUVENILE_CLASS", "orders[0]",
     {"category": "ordered", "convictions": [], "birth_date": "1997-04-02", "expires_on": None}),
    ("surely under age", "JUVENILE_CLASS", "convictions[0]", {"birth_date": "2000"}),
    ("perhaps under age", "JUVENILE_CLASS", "convictions[0]", {"birth_date": "1996"}),
    ("perhaps under age by a wide range", "JUVENILE_CLASS", "convictions[0]", {"birth_date": "1980/1999"}),
    ("a level of another instrument", "CODE_UNKNOWN", "risks[0].level",
     {"risks": [FULL["risks"][0] | {"level": "very_high"}]}),
    ("a level that is none", "CODE_UNKNOWN", "risks[0].level", {"risks": [FULL["risks"][0] | {"level": SECRET}]}),
    ("verified twice", "LIST_MALFORMED", "freshness[1].group", {
        "freshness": [FULL["freshness"][0], FULL["freshness"][0] | {"verified_by": "DEMO other"}]
    }),
    ("parents where no law asks", "PARENTS_NAMES", "parents", {}),
)  # fmt: skip


def all_of(*sources: Callable[[], Iterator[RecordCase]]) -> list[RecordCase]:
    """Return every case once."""
    return list({case.name: case for source in sources for case in source()}.values())


RECORDS = all_of(wrong_members, wrong_days, wrong_groups, wrong_name_parts, wrong_records, broken_rules)


def by_field() -> dict[str, list[RecordCase]]:
    """Return the cases of each field."""
    kept: dict[str, list[RecordCase]] = {}
    for case in RECORDS:
        kept.setdefault(case.field, []).append(case)
    return kept


def first_of_each_kind() -> list[RecordCase]:
    """Return a case of each kind that a client can send."""
    kept: dict[str, RecordCase] = {}
    for case in RECORDS:
        if case.question is not None and not case.field.startswith(("photographs", "parents")):
            kept.setdefault(case.kind, case)
    return list(kept.values())


def read(value: object, *, lawful: bool) -> Record:
    """Read a record as the register does before it takes anything."""
    record = intake.record(value, LAWFUL if lawful else EDITION, owner=AGENCY)
    today = MOMENT.date()
    if ahead := [*coherence.not_yet(record, today), *coherence.too_long(record, EDITION, today)]:
        raise intake.Problems(ahead)
    return record
