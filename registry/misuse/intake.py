"""Facts from other systems, read strictly from a file of commas. Pure.

    kind,officer,case,profile,since,until,area,name,birth_date,country
    case,DCI/20417,CR 12/2026,,2026-11-01T00:00:00Z,,,,,
    shift,DCI/20417,,,2026-11-21T06:00:00Z,2026-11-21T14:00:00Z,,,,
    self,DCI/20417,,,2020-01-01T00:00:00Z,,,"Mwakio, DEMO Juma",1971-05-17,

Officers are named by the agency's own marks, persons of the register by their ids. A name and a day of birth become
digests at once and stand nowhere. Nobody gives facts about themselves: they would explain what they did.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from registry.core.errors import Forbidden, InputRefused, NotFound
from registry.core.ids import read_public_id
from registry.core.partial_dates import PartialDate
from registry.editions.edition import Edition
from registry.misuse.facts import Fact, Kind
from registry.misuse.names import Digest

COLUMNS = ("kind", "officer", "case", "profile", "since", "until", "area", "name", "birth_date", "country")
MOST_ROWS, MOST_BYTES = 100_000, 20_000_000

NEEDED: Mapping[Kind, tuple[frozenset[str], frozenset[str]]] = {
    Kind.CASE: (frozenset({"case"}), frozenset({"officer", "profile", "until"})),
    Kind.DISPATCH: (frozenset({"officer", "until"}), frozenset({"case", "profile"})),
    Kind.COURT: (frozenset({"until"}), frozenset({"case", "profile"})),
    Kind.SHIFT: (frozenset({"officer", "until"}), frozenset()),
    Kind.LEFT: (frozenset({"officer"}), frozenset()),
    Kind.DISTRICT: (frozenset({"officer", "area"}), frozenset({"until"})),
    Kind.SELF: (frozenset({"officer", "name"}), frozenset({"birth_date", "until"})),
    Kind.HOUSEHOLD: (frozenset({"officer", "name"}), frozenset({"birth_date", "until"})),
    Kind.NEXUS: (frozenset({"profile", "country"}), frozenset({"until"})),
    Kind.NEWS: (frozenset({"profile"}), frozenset({"until"})),
}
"""What a row of each kind must say beside ``since``, and what it may."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, read."""

    line: int
    kind: Kind
    since: datetime
    until: datetime | None
    officer: str
    case: str
    profile: UUID | None
    area: str
    name: str
    birth_date: str
    country: str

    def fact(self, agency: str, officers: Mapping[str, UUID], digest: Digest, *, by: UUID) -> Fact:
        """Return the fact that a row tells. Raises NotFound, Forbidden (FACTS_OF_ONESELF)."""
        if self.officer and self.officer not in officers:
            raise NotFound("is no officer of your agency.", field=f"line {self.line}: officer")
        officer = officers.get(self.officer)
        if officer == by:
            raise Forbidden("Nobody tells what explains their own accesses.", code="FACTS_OF_ONESELF",
                            field=f"line {self.line}", remedy="Let another officer bring the file.")  # fmt: skip
        return Fact(
            kind=self.kind, agency=agency, since=self.since, until=self.until, officer=officer, case=self.case,
            profile=self.profile, area=self.area, country=self.country,
            words=digest.words(self.name) if self.name else frozenset(),
            surnames=digest.surnames(self.name) if self.name else frozenset(),
            birth=digest.birth(self.birth_date) if self.birth_date else "",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file, read."""

    digest: str
    rows: tuple[Row, ...]

    @property
    def kinds(self) -> dict[str, int]:
        """How many rows there are of each kind."""
        return dict(sorted(Counter(each.kind.value for each in self.rows).items()))


def rows(content: bytes, edition: Edition) -> File:
    """Read a file of facts. Raises InputRefused (FACTS_MALFORMED), which names the line and never what stands there."""
    if len(content) > MOST_BYTES:
        raise _refused("file", f"has more than {MOST_BYTES} bytes.")
    try:
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as problem:
        raise _refused("file", "is no file of commas in UTF-8.") from problem
    if not table or tuple(table[0]) != COLUMNS:
        raise _refused("line 1", f"is not the heading: {','.join(COLUMNS)}.")
    if len(table) > MOST_ROWS + 1:
        raise _refused("file", f"has more than {MOST_ROWS} rows.")
    read = tuple(_row(line, cells, edition) for line, cells in enumerate(table[1:], 2))
    return File(hashlib.sha256(content).hexdigest(), read)


def _row(line: int, cells: list[str], edition: Edition) -> Row:
    given = {name: " ".join(cell.split()) for name, cell in zip(COLUMNS, cells, strict=False)}
    if len(cells) != len(COLUMNS) or given["kind"] not in list(Kind):
        raise _refused(f"line {line}: kind", "is unknown, or the row has not as many cells as the heading.")
    kind = Kind(given.pop("kind"))
    must, may = NEEDED[kind]
    said = {name for name, cell in given.items() if cell} - {"since"}
    if missing := must - said:
        raise _refused(f"line {line}: {min(missing)}", f"is needed for {kind.value}.")
    if more := said - must - may:
        raise _refused(f"line {line}: {min(more)}", f"says nothing of {kind.value}.")
    if kind in (Kind.DISPATCH, Kind.COURT) and not said & {"case", "profile"}:
        raise _refused(f"line {line}", "names neither a case nor a person.")
    if given["area"] and given["area"] not in edition.counties:
        raise _refused(f"line {line}: area", "is no county of the edition.")
    since, until = _moment(given["since"], line), _moment(given["until"], line) if given["until"] else None
    if until is not None and until <= since:
        raise _refused(f"line {line}: until", "is not after since.")
    return Row(
        line, kind, since, until, given["officer"], given["case"], _profile(given["profile"], line), given["area"],
        given["name"], _day(given["birth_date"], line), given["country"],
    )  # fmt: skip


def _moment(text: str, line: int) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901  refused on the next line: it has no offset
    if moment.tzinfo is None:
        raise _refused(f"line {line}", "has a moment that is not RFC 3339 with an offset.")
    return moment.astimezone(UTC)


def _profile(text: str, line: int) -> UUID | None:
    return read_public_id("profile", text, field=f"line {line}: profile") if text else None


def _day(text: str, line: int) -> str:
    try:
        return str(PartialDate.parse(text)) if text else ""
    except InputRefused as problem:
        raise _refused(f"line {line}: birth_date", "is no date.") from problem


def _refused(field: str, rule: str) -> InputRefused:
    return InputRefused(rule, field=field, code="FACTS_MALFORMED", remedy="docs/misuse.md has the form.")
