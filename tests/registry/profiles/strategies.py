"""Any record that could stand in the register, made from its description: a strategy for each kind of value.

A new member of a part is drawn the day it is described; a new kind of value fails here until somebody says how.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from registry.core.ids import public_id
from registry.core.partial_dates import PartialDate
from registry.profiles import kinds
from registry.profiles.forms import Group, Member, members
from registry.profiles.kinds import Code, Form, Kind, Line, Listed, Prose, Refused, Whole
from registry.profiles.parts import NAME_PARTS, NamePart
from registry.profiles.points import POINT, spelt
from registry.profiles.record import GROUPS, Record
from tests.factories import EDITION

Values = SearchStrategy[Any]  # Any: each kind its own

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=20)
DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))


def _day(given: date) -> PartialDate:
    return PartialDate(given.year, given.month, given.day)


def _range(days: tuple[date, date]) -> PartialDate:
    first, last = sorted(days)
    return replace(_day(first), until=_day(last)) if first < last else _day(first)


WHOLE_DAYS = DAYS.map(_day)
DATES = st.one_of(
    DAYS.map(lambda day: PartialDate(day.year)),
    DAYS.map(lambda day: PartialDate(day.year, day.month)),
    WHOLE_DAYS,
    st.tuples(DAYS, DAYS).map(_range),
)


def canonical(kind: Kind, given: Values) -> Values:
    """Return what the kind makes of what is given, where it takes it."""

    def taken(value: object) -> Any:
        try:
            return kind.read(value, EDITION)
        except Refused:
            return None

    return given.map(taken).filter(lambda value: value is not None)


_OF_KINDS: dict[type, Callable[[Any], Values]] = {
    Line: lambda kind: canonical(kind, WORDS.map(lambda text: text[: kind.most])),
    Prose: lambda kind: canonical(kind, st.lists(WORDS, min_size=1, max_size=3).map("\n".join)),
    Code: lambda kind: st.sampled_from(kind.codes),
    Listed: lambda kind: st.sampled_from(tuple(kind.listed(EDITION))),
    Form: lambda kind: canonical(kind, st.from_regex(kind.pattern, fullmatch=True)),
    type(kinds.DATE): lambda kind: WHOLE_DAYS if kind.whole else DATES,
    type(kinds.COUNTRY): lambda _: st.sampled_from(sorted(kinds.COUNTRIES)),
    type(kinds.PHONE): lambda kind: canonical(kind, st.from_regex(r"\+2547[0-9]{8}", fullmatch=True)),
    type(kinds.EMAIL): lambda kind: canonical(kind, st.emails()),
    type(POINT): lambda _: st.builds(spelt, st.floats(-90, 90), st.floats(-180, 180)),
    Whole: lambda kind: st.integers(kind.least, kind.most),
    type(kinds.FLAG): lambda _: st.booleans(),
}


def values(kind: Kind) -> Values:
    """Return values of a kind, as they stand in a record."""
    if kind is kinds.PUBLIC_ID:
        return st.uuids().map(lambda each: public_id("photograph", each))
    return _OF_KINDS[type(kind)](kind)


NAME_PART_TUPLES = st.dictionaries(st.sampled_from(NAME_PARTS), values(Line(100)), max_size=3).map(
    lambda texts: tuple(NamePart(kind, texts[kind]) for kind in NAME_PARTS if kind in texts)
)


def _member(each: Member) -> Values:
    if each.part is NamePart:
        return NAME_PART_TUPLES
    assert each.kind is not None
    return _several(values(each.kind)) if each.many else values(each.kind)


def _several(each: Values, least: int = 0) -> Values:
    return st.lists(each, min_size=least, max_size=2, unique=True).map(tuple)


@cache
def parts(part: type) -> Values:
    """Return values of a part: what is required, and some of the rest."""
    described = members(part)
    return st.fixed_dictionaries(
        {each.name: _member(each) for each in described if each.required},
        optional={each.name: _member(each) for each in described if not each.required},
    ).map(lambda given: part(**given))


def _group(group: Group, least: int = 0) -> Values:
    each = parts(group.part) if group.part is not None else values(_kind(group))
    return _several(each, least) if group.many else each


def _kind(group: Group) -> Kind:
    assert group.kind is not None
    return group.kind


_LEAST = frozenset({"names", "owner", "legal_basis"})
"""Groups without which there is no record."""
_OTHERS = {name: _group(group) for name, group in GROUPS.items() if name not in _LEAST}
_REQUIRED = {
    "names": _group(GROUPS["names"], 1),
    "owner": values(Line(80)),
    "legal_basis": _group(GROUPS["legal_basis"]),
}


@st.composite
def _records(draw: st.DrawFn) -> Record:
    """Draw a few groups of a record: all thirty at once would be too much for one example."""
    chosen = draw(st.lists(st.sampled_from(sorted(_OTHERS)), max_size=6, unique=True))
    return Record(
        **{name: draw(each) for name, each in _REQUIRED.items()}, **{name: draw(_OTHERS[name]) for name in chosen}
    )


RECORDS = _records()
"""Records that keep the rules of each value; the rules between values (coherence.py) they may break."""


def group_values(name: str) -> Values:
    """Return values of one group of a record."""
    return (_OTHERS | _REQUIRED)[name]


@st.composite
def _changes(draw: st.DrawFn) -> tuple[Record, Record]:
    before = draw(RECORDS)
    changed = draw(st.lists(st.sampled_from(sorted(GROUPS)), max_size=4, unique=True))
    return before, replace(before, **{name: draw(group_values(name)) for name in changed})


CHANGES = _changes()
"""Two states of a record that differ in a few groups, or in none."""
