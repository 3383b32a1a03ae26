"""Who stands in a row of a list: read strictly, told exactly what is wrong. Pure.

    reader = RowReader(layout, readable)
    reader.read(row)            Person("PNR 4711", SearchQuery(name="Juma Mwakio", …)), [Problem, …], None if empty

Tables have headings (columns.py); lines of JSON have members:

    {"reference": "PNR 4711", "name": "Juma Mwakio", "birthDate": "1971-05-17", "sex": "M", "nationality": "KEN",
     "identifiers": [{"type": "passport", "value": "AK0000001", "country": "KE"}], "phone": "+254700000000"}

An upload keeps its rows as JSON until they are checked: ``stored`` and ``row`` are inverse.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pycountry

from auth import strict
from registry.bulk import dates
from registry.bulk.cells import ERRORS, EXECUTED, Cell, text_of
from registry.bulk.files import Row
from registry.bulk.headings import SEX
from registry.bulk.json_rows import LONGEST
from registry.bulk.verdicts import Problem
from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import FieldClass
from registry.matching.types import Handle, Identifier
from registry.profiles import victims
from registry.profiles.kinds import COUNTRIES, Refused, is_plain
from registry.screening.columns import MEMBERS, NAME_PARTS, Target
from registry.search.query import SearchQuery

MOST_NUMBERS = 5
_LONGEST_REFERENCE = 100
_BEGINS = {"phone": "+", "handle": "@"}
"""Members whose values begin with such a character by their nature; elsewhere it begins a formula."""
_SEXES = {written.casefold(): meant for written, meant in SEX.items()} | {
    "other": "other", "unknown": "unknown", "x": "unknown", "<": "unknown", "u": "unknown",
}  # fmt: skip
"""ICAO Doc 9303 writes F, M, and X or < where it is not told."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a list: who is meant, and the list's own mark for the row."""

    reference: str
    query: SearchQuery = field(repr=False)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of one list are read. A value that travels."""

    kind: str
    """``csv``, ``xlsx`` or ``jsonl``."""
    width: int
    columns: tuple[tuple[int, Target], ...]
    """Of a table: which column holds what."""
    dates: str | None = None

    @property
    def before(self) -> int:
        """How many rows stand before the first person."""
        return 0 if self.kind == "jsonl" else 1

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Return it as it is kept beside rows."""
        return {
            "kind": self.kind,
            "width": self.width,
            "columns": [(at, [*each]) for at, each in self.columns],
            "dates": self.dates,
        }


def layout(value: Mapping[str, Any]) -> Layout:
    """Inverse of ``to_json``."""
    columns = tuple((at, Target(*target)) for at, target in value["columns"])
    return Layout(value["kind"], value["width"], columns, value["dates"])


def stored(row: Row) -> str | list[str | None]:
    """Return a row as JSON. What a spreadsheet has as a date or a number is kept as text."""
    if isinstance(row, bytes):
        return row.decode(errors="replace")
    return [_kept(each) for each in row]


def _kept(cell: Cell) -> str | None:
    try:
        return text_of(cell) if cell is not None else None
    except Refused:
        return "#NUM!"  # a number that the spreadsheet has rounded, told as its other errors are


class RowReader:
    """Reads the rows of one list for somebody who may search by some fields."""

    def __init__(self, layout: Layout, readable: Collection[FieldClass]):
        self._layout = layout
        self._readable = frozenset(readable)

    def read(self, row: Row | str | list[str | None]) -> tuple[Person | None, list[Problem]] | None:
        """Return the person, or what is wrong; None for an empty row."""
        if not (any(each not in (None, "") for each in row) if isinstance(row, list) else row.strip()):
            return None
        problems: list[Problem] = []
        try:
            told = self._cells(row, problems) if isinstance(row, list) else _members(row, problems)
            person = None if problems else self._person(told, problems)
        except InputRefused as refused:
            return None, [*problems, Problem.of(refused)]
        return (None if problems else person), problems

    def _cells(self, row: list[Any], problems: list[Problem]) -> dict[str, Any]:  # Any: cells, JSON
        if len(row) > self._layout.width and any(each not in (None, "") for each in row[self._layout.width :]):
            raise InputRefused(f"has {len(row)} cells below {self._layout.width} headings.", field="row",
                               code="ROW_RAGGED", remedy="See whether a quote or a delimiter is missing.")  # fmt: skip
        told: dict[str, Any] = {}
        for at, target in self._layout.columns:
            cell = row[at] if at < len(row) else None
            try:
                text = _text(cell, target.member)
            except Refused as refused:
                problems.append(Problem(target.member, refused.code, refused.rule, refused.remedy, at))
                continue
            if not text:
                continue
            if target.member == "identifiers":
                numbers = told.setdefault("identifiers", [])
                numbers.append({"type": target.type or "passport", "value": text, "country": target.country})
            elif target.member in ("documentType", "documentCountry") or target.member not in told:
                told[target.member] = text
        return told

    def _person(self, told: dict[str, Any], problems: list[Problem]) -> Person | None:
        query: dict[str, Any] = {}
        for name, read in _READ.items():
            try:
                value = read(told, self._layout.dates)
            except InputRefused as refused:
                problems.append(Problem.of(refused))
                continue
            if value:
                query[name] = value
        reference = _reference(told, problems)
        if problems:
            return None
        made = SearchQuery(**query)
        hidden = [name for name, kind in made.classes().items() if kind not in self._readable]
        problems += [Problem(name, "CRITERION_NOT_PERMITTED", "may not be searched by for this purpose.",
                             "Leave it out.") for name in hidden]  # fmt: skip
        return Person(reference, made)


def _text(cell: Cell, member: str) -> str:
    text = text_of(cell)
    if isinstance(cell, str):
        if text in ERRORS:
            raise Refused("CELL_MALFORMED", "holds an error of the spreadsheet.", "Write the value, or nothing.")
        if text.startswith(EXECUTED) and not text.startswith(_BEGINS.get(member, "\0")):
            raise Refused("FORMULA_REFUSED", "begins like a formula.", "Write the value itself, or nothing.")
    return text


def _members(line: bytes | str, problems: list[Problem]) -> dict[str, Any]:
    """Read an object that holds none but the members above. Raises InputRefused (RECORD_TOO_LONG, RECORD_MALFORMED)."""
    if len(line) > LONGEST:
        raise InputRefused(f"is longer than {LONGEST} bytes.", field="row", code="RECORD_TOO_LONG",
                           remedy="Write one person a line.")  # fmt: skip
    try:
        value = strict.parse((line if isinstance(line, str) else line.decode()).removeprefix("\ufeff"))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InputRefused("is not a JSON object in which each member stands once.", field="row",
                           code="RECORD_MALFORMED", remedy="Write one object a line, in UTF-8.")  # fmt: skip
    for name in value:
        if victims.is_about_victim(name):
            problems.append(Problem("row", "VICTIM_DATA", "looks like a victim's data.", "Remove it."))
        elif name not in MEMBERS:
            problems.append(Problem(name[:40] if name.isprintable() else "row", "FIELD_UNKNOWN", "is no member.",
                                    "docs/screening.md lists them."))  # fmt: skip
    return {name: each for name, each in value.items() if each is not None}


def _line(told: Mapping[str, Any], name: str) -> str | None:
    value = told.get(name)
    if value is not None and not isinstance(value, str):
        raise _malformed(name, "is no text.", "Write it in quotes.")
    return value.strip() or None if value else None


def _name(told: Mapping[str, Any], _dates: str | None) -> str | None:
    whole = _line(told, "name")
    return whole or " ".join(each for part in NAME_PARTS if (each := _line(told, part))) or None


def _birth_date(told: Mapping[str, Any], form: str | None) -> PartialDate | None:
    text = _line(told, "birthDate")
    if text is None:
        return None
    read = dates.iso(text, form)
    if read is None:
        raise InputRefused(f"is not written as {form or 'YYYY-MM-DD'}.", field="birthDate", code="DATE_MALFORMED",
                           remedy="Correct it, or say how the list writes dates.")  # fmt: skip
    return PartialDate.parse(read, field="birthDate")


def _sex(told: Mapping[str, Any], _dates: str | None) -> str | None:
    text = _line(told, "sex")
    if text is None:
        return None
    meant = _SEXES.get(text.casefold())
    if meant is None:
        raise _malformed("sex", "is none of M, F, X.", "Write one of them, or nothing.")
    return None if meant == "unknown" else meant


def _nationality(told: Mapping[str, Any], _dates: str | None) -> str | None:
    text = _line(told, "nationality")
    return None if text is None else _country(text, "nationality")


def _country(text: str, member: str) -> str:
    code = text if text in COUNTRIES else _alpha_2(text)
    if code is None:
        raise _malformed(member, "is no country of ISO 3166-1.", "Write two letters or three: KE, KEN.")
    return code


@lru_cache(maxsize=1024)
def _alpha_2(text: str) -> str | None:
    found = pycountry.countries.get(alpha_3=text.upper()) or pycountry.countries.get(alpha_2=text.upper())
    return found.alpha_2 if found else None


def _identifiers(told: Mapping[str, Any], _dates: str | None) -> tuple[Identifier, ...]:
    given = told.get("identifiers", [])
    if not isinstance(given, list) or len(given) > MOST_NUMBERS:
        raise _malformed("identifiers", f"is no list of up to {MOST_NUMBERS} numbers.", "Write them so.")
    return tuple(_identifier(each, told) for each in given)


def _identifier(each: object, told: Mapping[str, Any]) -> Identifier:
    if not isinstance(each, dict) or not each.keys() <= {"type", "value", "country"}:
        raise _malformed("identifiers", "holds what is no number.", "Write type, value and country.")
    kind, value = _line(each, "type"), _line(each, "value")
    if value is None:
        raise _malformed("identifiers", "holds a number without its value.", "Write it, or leave the number out.")
    country = _line(each, "country") or _line(told, "documentCountry")
    kind = _line(told, "documentType") or kind or "passport"
    return Identifier(_kind(kind), value, _country(country, "identifiers") if country else None)


_KINDS = {"p": "passport", "i": "national_id", "id": "national_id", "a": "national_id", "c": "national_id"}
"""ICAO Doc 9303 begins a passport's zone with P, an identity card's with I, A or C."""


def _kind(written: str) -> str:
    plain = written.casefold().replace(" ", "_")
    return _KINDS.get(plain, plain)


def _handle(told: Mapping[str, Any], _dates: str | None) -> Handle | None:
    given = told.get("handle")
    if given is None or isinstance(given, str):
        text = _line(told, "handle")
        return Handle(None, text) if text else None
    if not isinstance(given, dict) or not given.keys() <= {"platform", "handle"}:
        raise _malformed("handle", "is no name on a platform.", "Write platform and handle.")
    name = _line(given, "handle")
    return Handle(_line(given, "platform"), name) if name else None


def _reference(told: Mapping[str, Any], problems: list[Problem]) -> str:
    value = told.get("reference", "")
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or len(text) > _LONGEST_REFERENCE or (text and not is_plain(text)):
        problems.append(Problem("reference", "CRITERION_MALFORMED",
                                f"is not a line of up to {_LONGEST_REFERENCE} printable characters.",
                                "Shorten it, or leave it out: the row's number is told anyway."))  # fmt: skip
        return ""
    return text


def _malformed(member: str, rule: str, remedy: str) -> InputRefused:
    return InputRefused(rule, field=member, code="CRITERION_MALFORMED", remedy=remedy)


def _plain(name: str) -> Callable[[Mapping[str, Any], str | None], str | None]:
    return lambda told, _dates: _line(told, name)


_READ: dict[str, Callable[[Mapping[str, Any], str | None], Any]] = {  # Any: a criterion
    "name": _name, "birth_date": _birth_date, "sex": _sex, "nationality": _nationality, "county": _plain("county"),
    "identifiers": _identifiers, "phone": _plain("phone"), "email": _plain("email"), "handle": _handle,
}  # fmt: skip
"""From what a row says to each criterion of a search."""


def counted(rows: Iterator[Row], most: int) -> int:
    """Count the rows of a list. Raises InputRefused (FILE_REFUSED) beyond ``most``."""
    count = 0
    for count, _ in enumerate(rows, 1):
        if count > most:
            raise InputRefused(f"has more than {most:,} rows.", field="file", code="FILE_REFUSED",
                               remedy="Split it into several lists.")  # fmt: skip
    return count
