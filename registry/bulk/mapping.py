"""A mapping: which column of a file goes where in a record. Written in TOML, kept as JSON, printed as it was meant.

    dates = "DD/MM/YYYY"                                  # how this file writes dates

    [constants]                                           # what no column says; in a list, for entries that are there
    "legal_basis.code" = "KE-SOA-39-13"
    "identifiers[0].type" = "national_id"

    [columns]
    "Full name" = "names[0].full"
    "Phone 1" = "phones[]"
    "Sex" = {path = "sex", values = {M = "male", F = "female"}}
    "Convicted" = {path = "convictions[0].convicted_on", dates = "YYYY/MM/DD"}
    "Remarks" = ""                                        # not taken over

Each column of a file is named, so that none is dropped in silence.
"""

import hashlib
import tomllib
from collections.abc import Mapping as AbstractMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from registry.bulk.cells import Reading
from registry.bulk.dates import is_form
from registry.bulk.paths import Target, refused, target
from registry.core.errors import InputRefused
from registry.profiles import victims

_MEMBERS = {"dates", "constants", "columns"}
_COLUMN = {"path", "dates", "values", "split"}
MOST_COLUMNS = 200
OURS = ("status", "reason")
"""The columns that a dry run adds; a file that is brought again may still have them."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where one column goes. Without a path it is not taken over."""

    path: str = ""
    dates: str | None = None
    values: AbstractMapping[str, str] = field(default_factory=dict)
    split: str | None = None

    def to_json(self) -> str | dict[str, Any]:  # Any: JSON
        """Return it as a mapping file writes it."""
        more = {"dates": self.dates, "values": dict(self.values), "split": self.split}
        told = {name: value for name, value in more.items() if value}
        return {"path": self.path, **told} if told else self.path


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the rows of a table become records."""

    columns: AbstractMapping[str, Column]
    """By heading, in the order of the file."""
    constants: AbstractMapping[str, object] = field(default_factory=dict)
    dates: str | None = None

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Return it as values of JSON and TOML."""
        return {
            **({"dates": self.dates} if self.dates else {}),
            "constants": dict(self.constants),
            "columns": {heading: each.to_json() for heading, each in self.columns.items()},
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of what it says."""
        return hashlib.sha256(orjson.dumps(self.to_json(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def reading(self, heading: str) -> Reading | None:
        """Return how the cells below a heading are read; None for a column that is not taken over."""
        column = self.columns.get(heading)
        if column is None or not column.path:
            return None
        values = tuple((written.strip().casefold(), meant) for written, meant in column.values.items())
        place = f'columns."{heading}"'
        return Reading(target(column.path, field=place), column.dates or self.dates, values, column.split)

    def fixed(self) -> list[tuple[Target, object]]:
        """Return the constants and where they go."""
        return [(target(path, field=f'constants."{path}"'), value) for path, value in self.constants.items()]


def fingerprint(headings: Sequence[str]) -> str:
    """Return the digest by which files with the same headings know each other again."""
    plain = [" ".join(each.casefold().split()) for each in headings[: own(headings)]]
    return hashlib.sha256(orjson.dumps(plain)).hexdigest()


def own(headings: Sequence[str]) -> int:
    """Return how many headings are the file's own: those of a dry run stand at the end."""
    return len(headings) - (len(OURS) if tuple(headings[-len(OURS) :]) == OURS else 0)


def from_toml(text: str) -> Mapping:
    """Read a mapping file strictly. Raises InputRefused (MAPPING_MALFORMED, VICTIM_DATA)."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise refused("mapping", f"is not TOML ({problem}).", "See docs/imports.md for an example.") from None
    return from_json(content)


def from_json(content: AbstractMapping[str, Any]) -> Mapping:  # Any: JSON
    """Read what ``to_json`` returned, or what somebody wrote in its form. Raises InputRefused."""
    _known(content, _MEMBERS, "mapping")
    columns, constants = content.get("columns"), content.get("constants", {})
    if not isinstance(columns, dict) or not 1 <= len(columns) <= MOST_COLUMNS:
        raise refused("columns", f"is not a table of 1 to {MOST_COLUMNS} columns.", "Write [columns].")
    if not isinstance(constants, dict) or not all(isinstance(each, str | bool | int) for each in constants.values()):
        raise refused("constants", "is not a table of texts, numbers, true and false.", "Write [constants].")
    made = Mapping(
        {heading: _column(heading, given) for heading, given in columns.items()}, constants,
        _form(content.get("dates"), "dates"),
    )  # fmt: skip
    _check(made)
    return made


def _column(heading: str, given: object) -> Column:
    place = f'columns."{heading}"'
    if isinstance(given, str):
        return Column(given)
    if not isinstance(given, dict) or not isinstance(given.get("path"), str):
        raise refused(place, "is neither a path nor a table with one.", 'Write "Heading" = "names[0].full".')
    _known(given, _COLUMN, place)
    values, split = given.get("values", {}), given.get("split")
    if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
        raise refused(f"{place}.values", "is not a table of texts.", 'Write {M = "male"}.')
    if split is not None and (not isinstance(split, str) or not 1 <= len(split) <= 3):
        raise refused(f"{place}.split", "is not one to three characters.", 'Write ";".')
    return Column(given["path"], _form(given.get("dates"), place), values, split)


def _form(form: object, place: str) -> str | None:
    if form is None or (isinstance(form, str) and is_form(form)):
        return form
    raise refused(place, "is no form of a date.", "Write DD, MM or MMM, and YYYY in their order: DD/MM/YYYY.")


def _known(content: object, names: set[str], place: str) -> None:
    if not isinstance(content, dict):
        raise refused(place, "is not a table.", "See docs/imports.md for an example.")
    unknown = [each for each in content if each not in names]
    if unknown:
        raise refused(place, "has a member that nobody knows.", f"Write only {', '.join(sorted(names))}.")


def _check(made: Mapping) -> None:
    """See that each path is one of a record, none is given twice, and no heading is a victim's."""
    seen: set[str] = set()
    for heading, column in made.columns.items():
        if victims.is_about_victim(heading):
            raise about_victim(f'columns."{heading}"')
        reading = made.reading(heading)
        if reading is None:
            continue
        is_list = reading.target.one_more or reading.target.several
        if not is_list and column.path in seen:
            raise refused(f'columns."{heading}"', "leads where another column leads.", "Map one of the two.")
        if reading.split is not None and not is_list:
            raise refused(f'columns."{heading}".split', "is for lists that end in [].", "Leave it out.")
        seen.add(column.path)
    for constant, _ in made.fixed():
        if constant.path in seen:
            raise refused(f'constants."{constant.path}"', "is given by a column as well.", "Keep one of the two.")


def about_victim(place: str) -> InputRefused:
    """Return the refusal of a column that would hold a victim's data."""
    return InputRefused(
        "looks like a victim's data, which the register never holds.", field=place, code="VICTIM_DATA",
        remedy="Remove the column from the file; of a victim only victim_age_band and victim_sex are kept.",
    )  # fmt: skip


def to_toml(mapping: Mapping) -> str:
    """Print a mapping as the file that would say it."""
    told = mapping.to_json()
    lines = [f"dates = {_value(told['dates'])}\n"] if "dates" in told else []
    for name in ("constants", "columns"):
        if told[name]:
            lines.append(f"[{name}]")
            lines += [f"{_text(key)} = {_value(value)}" for key, value in told[name].items()]
            lines.append("")
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)} = {_value(each)}" for key, each in value.items()) + "}"
    return _text(value) if isinstance(value, str) else orjson.dumps(value).decode()


def _text(text: str) -> str:
    """Write a basic string of TOML: JSON's form is one, but for the delete character."""
    return orjson.dumps(text).decode().replace("\x7f", "\\u007f")
