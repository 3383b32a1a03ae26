"""Tables of a TOML file become frozen values; whatever is not expected is refused.

    [[legal_bases]]
    code = "KE-DPA-51"          every key is a field of the dataclass, with its type
    colour = "red"              refused: ke/edition.toml, legal_bases KE-DPA-51, colour: is not a known key.

A law is data that courts may look at: a misspelt key must not silently become "unknown".
"""

import copyreg
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, NoneType
from typing import Any, Literal, Protocol, TypeVar, get_args, get_origin, get_type_hints

from registry.core.errors import InputRefused

NEVER = "never"
"""What a file writes for "no number": TOML has no null, and a forgotten line must not mean "for life"."""


class Coded(Protocol):
    """A row that other records refer to by its code."""

    @property
    def code(self) -> str:
        """What other records write."""


Row = TypeVar("Row", bound=Coded)


def _frozen(table: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(table)


def _parts(table: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _frozen, (dict(table),)


# A read-only mapping has no pickled form of its own. With this one an edition can be copied, and sent to a process.
copyreg.pickle(MappingProxyType, _parts)


def refused(message: str, *where: str) -> InputRefused:
    """Return the error for one place in one file."""
    remedy = "Correct the edition's file."
    return InputRefused(message, field=", ".join(where), code="EDITION_MALFORMED", remedy=remedy)


def document(path: Path) -> dict[str, Any]:  # TOML: any value until it is read into a field
    """Read one TOML file of an edition."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise refused("is missing.", name_of(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refused(f"is not TOML ({error}).", name_of(path)) from error


def name_of(path: Path) -> str:
    """``ke/offences.toml``: the file as an error names it."""
    return f"{path.parent.name}/{path.name}"


def keys(table: Mapping[str, Any], required: Iterable[str], allowed: Iterable[str], *where: str) -> None:
    """Refuse a key that is not known and the absence of one that must be there."""
    known = frozenset(allowed)
    for key in table:
        if key not in known:
            raise refused("is not a known key.", *where, key)
    for key in sorted(set(required) - set(table)):
        raise refused("is missing.", *where, key)


def version(table: Mapping[str, Any], expected: int, place: str) -> None:
    """Refuse a file written for another version of the program."""
    if value(table["schema_version"], int, place, "schema_version") != expected:
        raise refused(f"is not {expected}, the version read here.", place, "schema_version")


# Any: a type form such as ``str | None`` has no type of its own
def value(found: object, expected: Any, *where: str) -> Any:
    """Return the value when it has the expected type.

    One of ``str``, ``int``, ``bool``, a Literal, each of them optional, or a tuple of one of them.
    """
    if get_origin(expected) is tuple:
        return array(found, get_args(expected)[0], *where)
    if found == NEVER and expected == int | None:
        return None
    options = [option for option in get_args(expected) or (expected,) if option is not NoneType]
    if get_origin(expected) is Literal:
        if found not in options:
            raise refused(f"is none of {', '.join(options)}.", *where)
    elif type(found) not in options:  # exactly: True is no number here
        raise refused(f"is not of type {options[0].__name__}.", *where)
    elif found == "":
        raise refused("is empty; leave out what is unknown.", *where)
    elif type(found) is int and found < 1:
        raise refused("is below 1.", *where)
    return found


def array(found: object, kind: Any, *where: str) -> tuple[Any, ...]:  # Any: the elements have the kind's type
    """Return an array as a tuple of values of one kind, each there once."""
    if not isinstance(found, list):
        raise refused("is not an array.", *where)
    numbered = [(*where[:-1], f"{where[-1]} number {number}") for number in range(1, len(found) + 1)]
    values = tuple(value(each, kind, *place) for each, place in zip(found, numbered, strict=True))
    if not values:
        raise refused("is empty; leave out what is unknown.", *where)
    if len(set(values)) != len(values):
        raise refused("says one thing twice.", *where)
    return values


@cache
def shape(kind: type) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the types of a dataclass's fields, and which of them must be given."""
    assert is_dataclass(kind)
    required = frozenset(field.name for field in fields(kind) if field.default is MISSING)
    return get_type_hints(kind), required


def row(kind: type[Row], table: Mapping[str, Any], *where: str) -> Row:
    """Read one table into its dataclass."""
    types, required = shape(kind)
    keys(table, required, types, *where)
    return kind(**{key: value(found, types[key], *where, key) for key, found in table.items()})


def rows(kind: type[Row], tables: object, *where: str) -> Mapping[str, Row]:
    """Read an array of tables into a mapping by code; the order of the file is kept."""
    if not isinstance(tables, list):
        raise refused("is not an array of tables.", *where)
    read: dict[str, Row] = {}
    for number, table in enumerate(tables, 1):
        place = (*where[:-1], f"{where[-1]} {_label(table, number)}")
        if not isinstance(table, dict):
            raise refused("is not a table.", *place)
        entry = row(kind, table, *place)
        if entry.code in read:
            raise refused("stands there twice.", *place, "code")
        read[entry.code] = entry
    return MappingProxyType(read)


def _label(table: object, number: int) -> str:
    """Name a row by its code, or by its position while it has none."""
    code = table.get("code") if isinstance(table, dict) else None
    return str(code) if code else f"number {number}"
