"""Between a record and its row: what each column holds, and back. The two are inverse (tested)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from registry.core.partial_dates import PartialDate
from registry.profiles.parts import Conviction, Handle, Identifier, LegalBasis, Name, NamePart, Record

COLUMNS = (
    "owner", "legal_basis", "names", "birth_date", "sex", "nationalities", "identifiers", "phones", "emails",
    "handles", "county", "convictions",
)  # fmt: skip
"""The columns of ``revisions`` that hold the record, in the table's order."""

_LEGAL_BASIS, _IDENTIFIER, _HANDLE, _CONVICTION = (
    tuple(field.name for field in fields(part)) for part in (LegalBasis, Identifier, Handle, Conviction)
)


def columns(record: Record) -> dict[str, Any]:
    """Return the record's column values."""
    return {
        "owner": record.owner,
        "legal_basis": _plain(record.legal_basis, _LEGAL_BASIS),
        "names": [_name_row(each) for each in record.names],
        "birth_date": str(record.birth_date) if record.birth_date else None,
        "sex": record.sex,
        "nationalities": list(record.nationalities),
        "identifiers": [_plain(each, _IDENTIFIER) for each in record.identifiers],
        "phones": list(record.phones),
        "emails": list(record.emails),
        "handles": [_plain(each, _HANDLE) for each in record.handles],
        "county": record.county,
        "convictions": [
            _plain(each, _CONVICTION) | {"convicted_on": str(each.convicted_on)} for each in record.convictions
        ],
    }


def _plain(part: object, names: Iterable[str]) -> dict[str, Any]:
    """Return a flat part as JSON; ``dataclasses.asdict`` copies each value deeply and takes ten times as long."""
    return {name: getattr(part, name) for name in names}


def _name_row(name: Name) -> dict[str, Any]:
    return {
        "full": name.full,
        "parts": {part.kind: part.text for part in name.parts},
        "script": name.script,
        "kind": name.kind,
    }


def names(value: list[dict[str, Any]]) -> tuple[Name, ...]:
    """Read the names column."""
    return tuple(
        Name(each["full"], tuple(NamePart(*part) for part in each["parts"].items()), each["script"], each["kind"])
        for each in value
    )


def birth_date(value: str | None) -> PartialDate | None:
    """Read the birth date column."""
    return PartialDate.parse(value) if value else None


def convictions(value: list[dict[str, Any]]) -> tuple[Conviction, ...]:
    """Read the convictions column."""
    return tuple(Conviction(**each | {"convicted_on": PartialDate.parse(each["convicted_on"])}) for each in value)


READERS: dict[str, Callable[[Any], Any]] = {
    "legal_basis": lambda value: LegalBasis(**value),
    "names": names,
    "birth_date": birth_date,
    "nationalities": tuple,
    "identifiers": lambda value: tuple(Identifier(**each) for each in value),
    "phones": tuple,
    "emails": tuple,
    "handles": lambda value: tuple(Handle(**each) for each in value),
    "convictions": convictions,
}
"""How to read a column; those not named are read as they are."""


def read(row: Mapping[Any, Any], wanted: tuple[str, ...] = COLUMNS) -> dict[str, Any]:
    """Read the wanted columns of a row into the values of a Record."""
    return {
        name: READERS[name](row[name]) if name in READERS and row[name] is not None else row[name] for name in wanted
    }


def record(row: Mapping[Any, Any]) -> Record:
    """Return the record that a row holds; inverse of ``columns``."""
    return Record(**read(row))
